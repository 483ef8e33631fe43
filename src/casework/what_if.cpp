// The search: each answer by itself, then one change for each reason together. A trial is a whole preparation, so that the form's checks,
// completeness and the rules judge a changed answer exactly as they would judge it sent.
#include "casework/what_if.h"

#include <algorithm>
#include <functional>
#include <set>
#include <tuple>

#include "casework/surroundings.h"
#include "casework/what_if_axes.h"
#include "catalogue/letter_template.h"

namespace kiepe::casework {

using feel::Value;
using Direction = ChangedAnswer::Direction;
using Effect = catalogue::OutcomeRule::Effect;

namespace {

/// How far a trial gets. `refused`: the form would not accept it, or somebody would have to be asked more.
enum Level : int { refused = -1, against = 0, look = 1, favourable = 2 };

struct Trial {
    Level level = refused;
    Preparation preparation;
};

using Goal = std::function<Level(const Trial&)>;

Level whole_outcome(const Trial& trial) { return trial.level; }

/// What one answer alone can do.
struct Found {
    const Axis* axis = nullptr;
    Level level = against;
    ChangedAnswer change;
    double distance = 0;                   ///< in parts of the answer given: to compare euros with metres
};

bool contains(const std::vector<std::string>& list, const std::string& item) { return std::find(list.begin(), list.end(), item) != list.end(); }

class Search {
public:
    Search(const catalogue::Package& package, const catalogue::Law& law, const catalogue::City& city, const Application& application,
           const Preparation& base, const WhatIfLimits& limits)
        : package_(package), law_(law), city_(city), application_(application), base_(base), limits_(limits) {
        const auto rule = package.service.outcomes.find(base.outcome);
        decided_ = rule != package.service.outcomes.end() && rule->second.effect == Effect::unfavourable;
        open_ = base.outcome.empty() && !base.reasons.empty();
        for (const auto& failed : base.failed) known_failures_.insert({failed.path, failed.code, failed.check});
    }

    WhatIf run() {
        if (!decided_ && !open_) return {};
        axes_ = axes_of(package_, law_, base_);
        std::stable_sort(axes_.begin(), axes_.end(), [](const auto& a, const auto& b) { return a.closeness < b.closeness; });
        std::vector<Found> found;
        for (const auto& axis : axes_)
            if (auto one = along(axis, application_, whole_outcome)) found.push_back(std::move(*one));
        const bool any = std::any_of(found.begin(), found.end(), [](const auto& one) { return one.level == favourable; });
        if (any) std::erase_if(found, [](const auto& one) { return one.level != favourable; });
        std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
            return std::make_tuple(-a.level, a.axis->closeness, a.distance) < std::make_tuple(-b.level, b.axis->closeness, b.distance);
        });
        for (const auto& one : found)
            if (result_.ways.size() < limits_.ways) add({one.change}, one.axis->closeness != Axis::Closeness::other);
        if (!any) together();
        return std::move(result_);
    }

private:
    bool may_go_on() {
        if (result_.evaluations < limits_.evaluations) return true;
        result_.whole = false;
        return false;
    }

    Preparation prepared(const Application& application) {
        ++result_.evaluations;
        return open_ ? pre_check(package_, law_, city_, application) : prepare(package_, law_, city_, application);
    }

    /// Newly asked questions are answered by their defaults; false where one has none.
    bool fill_new_questions(Application& application, Preparation& preparation) {
        const auto is_new = [&](const std::string& path) { return !contains(base_.missing_answers, path); };
        if (std::none_of(preparation.missing_answers.begin(), preparation.missing_answers.end(), is_new)) return true;
        const auto around = surround(package_, law_, city_, application, preparation.law_day);
        const Value filled = package_.form.completed(application.answers, around, nullptr, true);
        for (const auto& path : preparation.missing_answers) {
            if (!is_new(path)) continue;
            const Value value = filled.at(path);
            if (value.is_null() || value.kind() == feel::Kind::list) return false;
            application.answers = application.answers.with(path, value);
        }
        preparation = prepared(application);
        return std::none_of(preparation.missing_answers.begin(), preparation.missing_answers.end(), is_new);
    }

    /// The changed answers hold in the form, and the law of their day is known.
    bool holds(const Preparation& preparation) const {
        const auto until = known_until(package_, law_);
        if (until && preparation.law_day > *until && base_.law_day <= *until) return false;
        return preparation.problem.empty() && std::all_of(preparation.failed.begin(), preparation.failed.end(), [&](const auto& failed) {
            return known_failures_.contains({failed.path, failed.code, failed.check});
        });
    }

    Level level_of(const Preparation& preparation) const {
        if (open_) return preparation.reasons.empty() ? favourable : against;
        const auto rule = package_.service.outcomes.find(preparation.outcome);
        if (rule == package_.service.outcomes.end()) return refused;
        const bool differ = std::any_of(preparation.held_by.begin(), preparation.held_by.end(), [](const auto& held) { return held.code == "months_differ"; });
        if (rule->second.effect == Effect::favourable) return differ ? look : favourable;
        return rule->second.effect == Effect::none ? look : against;
    }

    Trial attempt(Application application) {
        Trial trial;
        trial.preparation = prepared(application);
        if (!holds(trial.preparation) || !fill_new_questions(application, trial.preparation) || !holds(trial.preparation)) return trial;
        trial.level = level_of(trial.preparation);
        return trial;
    }

    static Application changed(const Application& from, const std::string& path, const Value& value) {
        Application application = from;
        application.answers = application.answers.with(path, value);
        return application;
    }

    // -- one answer ------------------------------------------------------------------------------------------------------------

    /// Levels along one ordered answer, each value tried once.
    struct Line {
        Search& search;
        const Axis& axis;
        const Application& from;
        const Goal& goal;
        std::map<std::int64_t, Level> known = {};
        bool cut = false;

        Level at(std::int64_t step) {
            const auto before = known.find(step);
            if (before != known.end()) return before->second;
            if (cut || !search.may_go_on()) {
                cut = true;
                return against;
            }
            return known[step] = goal(search.attempt(changed(from, axis.path, axis.value(step))));
        }

        /// The step nearest to `no` that still holds, where `yes` does and all between is one change.
        std::int64_t border(std::int64_t no, std::int64_t yes, const std::function<bool(Level)>& holds) {
            while (std::abs(yes - no) > 1) {
                const std::int64_t middle = no + (yes - no) / 2;
                (holds(at(middle)) ? yes : no) = middle;
            }
            return yes;
        }
    };

    struct Range {
        std::int64_t nearest = 0;
        std::optional<std::int64_t> furthest;
        Level level = against;
    };

    /// From the answer outwards over the samples: where it changes first, where it becomes favourable, and how far that goes.
    static std::optional<Range> outwards(Line& line, const std::vector<std::int64_t>& samples) {
        const auto before = [&](std::size_t i) { return i == 0 ? line.axis.at : samples[i - 1]; };
        std::vector<Level> levels;
        for (const auto step : samples) levels.push_back(line.at(step));
        const auto first = [&](Level least) {
            return std::size_t(std::find_if(levels.begin(), levels.end(), [&](Level level) { return level >= least; }) - levels.begin());
        };
        std::size_t i = first(look);
        if (i == samples.size()) return std::nullopt;
        Range range;
        range.nearest = line.border(before(i), samples[i], [](Level level) { return level >= look; });
        range.level = line.at(range.nearest);  // may be better than the sample: a narrow strip lies between two samples
        if (const auto better = first(favourable); range.level < favourable && better < samples.size()) {
            i = better;
            range.nearest = line.border(before(i), samples[i], [](Level level) { return level == favourable; });
            range.level = favourable;
        }
        std::int64_t last = range.nearest;
        for (; i < samples.size() && levels[i] != refused; ++i) {
            if (levels[i] == range.level) {
                last = samples[i];
                continue;
            }
            range.furthest = line.border(samples[i], last, [&](Level level) { return level == range.level; });
            break;
        }
        return range;
    }

    std::optional<Found> along(const Axis& axis, const Application& from, const Goal& goal) {
        return axis.ordered() ? along_line(axis, from, goal) : among_options(axis, from, goal);
    }

    std::optional<Found> along_line(const Axis& axis, const Application& from, const Goal& goal) {
        Line line{*this, axis, from, goal};
        std::optional<Found> best;
        for (const bool down : {true, false}) {
            const auto range = outwards(line, down ? axis.below : axis.above);
            if (line.cut) return std::nullopt;  // half a search proves no border
            if (!range || range->level < look) continue;
            const double size = std::max(1.0, double(std::abs(axis.at)));
            const double distance = double(std::abs(range->nearest - axis.at)) / size;
            if (best && std::make_tuple(-best->level, best->distance) <= std::make_tuple(-range->level, distance)) continue;
            ChangedAnswer change;
            change.path = axis.path;
            change.now = axis.now;
            change.nearest = axis.value(range->nearest);
            change.direction = range->furthest ? Direction::between : down ? Direction::at_most : Direction::at_least;
            if (range->furthest) change.furthest = axis.value(*range->furthest);
            best = Found{&axis, range->level, std::move(change), distance};
        }
        return best;
    }

    std::optional<Found> among_options(const Axis& axis, const Application& from, const Goal& goal) {
        std::map<Level, std::vector<Value>> by_level;
        for (const auto& option : axis.options) {
            if (!may_go_on()) return std::nullopt;
            by_level[goal(attempt(changed(from, axis.path, option)))].push_back(option);
        }
        const auto best = std::prev(by_level.end());
        if (best->first < look) return std::nullopt;
        ChangedAnswer change;
        change.path = axis.path;
        change.now = axis.now;
        change.options = best->second;
        change.nearest = change.options.front();
        return Found{&axis, best->first, std::move(change), 0};
    }

    // -- several answers -------------------------------------------------------------------------------------------------------

    /// Whether one reason is gone: by the package's own `until`, else by its code.
    Goal gone(const std::string& code) const {
        const auto& until = package_.reasons.at(code).nearest_until;
        std::optional<feel::Expression> test;
        if (!until.empty())
            if (auto compiled = feel::compile(until, catalogue::sentence_names(package_))) test = std::move(compiled).value();
        return [code, test](const Trial& trial) {
            if (trial.level == refused) return refused;
            const bool done = test ? test->evaluate(with_values(trial.preparation.context, trial.preparation.values)).is_true()
                                   : !contains(trial.preparation.reasons, code);
            return done ? favourable : against;
        };
    }

    std::optional<Found> nearest_for(const std::string& code, const Application& from) {
        const auto& reason = package_.reasons.at(code);
        const Goal goal = gone(code);
        std::optional<Found> best;
        const auto try_all = [&](const std::vector<std::string>& patterns) {
            for (const auto& axis : axes_) {
                if (std::none_of(patterns.begin(), patterns.end(), [&](const auto& pattern) { return is_below(pattern, axis.path); })) continue;
                auto found = along(axis, from, goal);
                if (found && (!best || found->distance < best->distance)) best = std::move(found);
            }
        };
        if (!reason.nearest_change.empty()) try_all({reason.nearest_change});
        if (!best) try_all(reason.facts);
        return best;
    }

    /// Several reasons at once: the nearest change for each, one after the other; what one change brings along is not asked again.
    void together() {
        std::vector<ChangedAnswer> changes;
        Application application = application_;
        std::vector<std::string> left = base_.reasons;
        for (std::size_t round = 0; round < base_.reasons.size() && !left.empty(); ++round) {
            const auto code = left.front();
            if (!package_.reasons.contains(code)) return;
            auto found = nearest_for(code, application);
            if (!found) return;
            if (!found->change.options.empty()) found->change.options.resize(1);  // only this one is proved together with the others
            if (std::any_of(changes.begin(), changes.end(), [&](const auto& change) { return change.path == found->change.path; })) return;
            application = changed(application, found->change.path, found->change.nearest);
            left = attempt(application).preparation.reasons;
            changes.push_back(std::move(found->change));
        }
        if (changes.size() < 2 || !may_go_on() || attempt(application).level != favourable) return;
        result_.ways.clear();
        add(std::move(changes), true);
    }

    void add(std::vector<ChangedAnswer> changes, bool rests_on) {
        Application application = application_;
        for (const auto& change : changes) application = changed(application, change.path, change.nearest);
        const Trial trial = attempt(application);
        Way way;
        way.effect = open_ ? Way::Effect::nothing_against : trial.level == favourable ? Way::Effect::favourable : Way::Effect::look;
        way.changes = std::move(changes);
        way.outcome = trial.preparation.outcome;
        way.rests_on = rests_on;
        result_.ways.push_back(std::move(way));
    }

    const catalogue::Package& package_;
    const catalogue::Law& law_;
    const catalogue::City& city_;
    const Application& application_;
    const Preparation& base_;
    WhatIfLimits limits_;
    bool decided_ = false, open_ = false;
    std::set<std::tuple<std::string, std::string, const catalogue::Check*>> known_failures_;
    std::vector<Axis> axes_;
    WhatIf result_;
};

}  // namespace

WhatIf what_if(const catalogue::Package& package, const catalogue::Law& law, const catalogue::City& city, const Application& application,
               const Preparation& preparation, const WhatIfLimits& limits) {
    if (!package.model) return {};
    return Search(package, law, city, application, preparation, limits).run();
}

Application with_all_papers(const catalogue::Package& package, const catalogue::Law& law, const catalogue::City& city, Application application) {
    const Day day = law_day_of(package, law, city, application);
    const auto evaluation = package.form.evaluate(application.answers, surround(package, law, city, application, day));
    for (const auto& paper : package.form.missing_papers(evaluation, application.papers))
        if (!paper.need->any_of.empty()) application.papers[paper.name] = paper.need->any_of.front();
    return application;
}

}  // namespace kiepe::casework
