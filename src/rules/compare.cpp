#include "rules/compare.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "rules/compare_told.h"
#include "rules/parallel.h"

namespace kiepe::rules {
namespace {

using casework::Preparation;
using catalogue::OutcomeRule;
using catalogue::Service;

using Favour = OutcomeRule::Effect;

Favour favour_of(const Service& service, const std::string& outcome) {
    const auto rule = service.outcomes.find(outcome);
    return rule == service.outcomes.end() ? Favour::none : rule->second.effect;
}

/// The amount by which people gain or lose: the fee or tax where there is one, else the money that is granted.
std::string amount_of(const Service& service) {
    if (!service.fee.decision.empty()) return service.fee.decision;
    for (auto step = service.decision_steps.rbegin(); step != service.decision_steps.rend(); ++step)
        if (const auto type = service.decision_results.find(*step); type != service.decision_results.end() && type->second == "money") return *step;
    for (const auto& [name, type] : service.decision_results)
        if (type == "money") return name;
    return {};
}

int months_in(const casework::PeriodResult& period) {
    const std::chrono::year_month_day from{period.from}, to{period.to};
    return (int(to.year()) - int(from.year())) * 12 + int(unsigned(to.month())) - int(unsigned(from.month())) + 1;
}

std::optional<Decimal> number_in(const std::map<std::string, feel::Value>& values, const std::string& name) {
    const auto found = values.find(name);
    return found == values.end() || !found->second.is_number() ? std::nullopt : std::optional(found->second.as_number());
}

/// Where the model runs by month, what all months come to.
std::optional<Decimal> whole_amount(const Preparation& preparation, const std::string& name) {
    if (preparation.periods.empty()) return number_in(preparation.values, name);
    std::optional<Decimal> sum;
    for (const auto& period : preparation.periods) {
        const auto value = number_in(period.values, name);
        const auto part = value ? multiply(*value, months_in(period)) : std::nullopt;
        if (part) sum = add(sum.value_or(Decimal{}), *part);
    }
    return sum;
}

/// Every figure that a notice could state: result, first day, value.
using Figures = std::map<std::string, std::vector<std::pair<Day, std::optional<Decimal>>>>;

Figures figures_of(const Service& service, const Preparation& preparation) {
    Figures figures;
    for (const auto& [name, type] : service.decision_results) {
        if (type != "money" && type != "number") continue;
        auto& rows = figures[name];
        if (preparation.periods.empty()) rows.emplace_back(Day{}, number_in(preparation.values, name));
        for (const auto& period : preparation.periods)
            if (const auto value = number_in(period.values, name); rows.empty() || rows.back().second != value) rows.emplace_back(period.from, value);
    }
    return figures;
}

/// Nobody gets or pays what was computed on the way to a refusal.
bool states_figures(const Service& service, const Preparation& preparation) {
    return !preparation.outcome.empty() && favour_of(service, preparation.outcome) != Favour::unfavourable;
}

Side side_of(const Service& service, const Preparation& preparation, const std::string& amount) {
    Side side{preparation.outcome, preparation.automatic, preparation.reasons, preparation.looks, preparation.missing};
    if (states_figures(service, preparation)) side.amount = whole_amount(preparation, amount);
    return side;
}

int rank(Favour favour) { return favour == Favour::favourable ? 2 : favour == Favour::burden ? 1 : 0; }

/// What an application is under both rules. Kept for all of them, so it holds no values of the model.
struct Pair {
    Side before, after;
    std::vector<std::string> results;
    Effect effect = Effect::differ;
    bool changed = false, failing = false, counts_before = false, counts_after = false;
};

struct Comparer {
    const RuleSet& before;
    const RuleSet& after;
    std::string amount_before = amount_of(before.package.service);
    std::string amount_after = amount_of(after.package.service);
    bool paid = !after.package.service.fee.decision.empty();

    Effect effect_of(const Pair& pair) const {
        const Favour was = favour_of(before.package.service, pair.before.outcome), is = favour_of(after.package.service, pair.after.outcome);
        if (was != is) {
            // A person who has to look, or a paper that is missing, decides nothing yet.
            if (was == Favour::none || is == Favour::none) return Effect::differ;
            return rank(is) > rank(was) ? Effect::gain : rank(is) < rank(was) ? Effect::lose : Effect::differ;
        }
        if (!pair.before.amount || !pair.after.amount) return Effect::differ;
        const int order = kiepe::compare(*pair.after.amount, *pair.before.amount);
        if (order == 0) return Effect::differ;
        return (order > 0) != paid ? Effect::gain : Effect::lose;
    }

    Pair one(const casework::Application& application) const {
        const auto was = casework::prepare(before.package, before.law, before.city, application);
        const auto is = casework::prepare(after.package, after.law, after.city, application);
        Pair pair{side_of(before.package.service, was, amount_before), side_of(after.package.service, is, amount_after), {}};
        const Favour old_favour = favour_of(before.package.service, was.outcome), new_favour = favour_of(after.package.service, is.outcome);
        if (states_figures(before.package.service, was) || states_figures(after.package.service, is)) {
            const auto old_figures = figures_of(before.package.service, was), new_figures = figures_of(after.package.service, is);
            for (const auto& [name, rows] : new_figures)
                if (const auto known = old_figures.find(name); known == old_figures.end() || known->second != rows) pair.results.push_back(name);
        }
        pair.failing = !is.problem.empty() && was.problem.empty();
        pair.changed = !pair.results.empty() || pair.before != pair.after;
        pair.counts_before = old_favour == Favour::favourable || old_favour == Favour::burden;
        pair.counts_after = new_favour == Favour::favourable || new_favour == Favour::burden;
        if (pair.changed) pair.effect = effect_of(pair);
        return pair;
    }
};

void add_to(Decimal& sum, const std::optional<Decimal>& amount) {
    if (amount) sum = add(sum, *amount).value_or(sum);
}

void drop_common(std::vector<std::string>& one, std::vector<std::string>& other) {
    const auto in = [](const std::vector<std::string>& list, const std::string& code) { return std::find(list.begin(), list.end(), code) != list.end(); };
    const auto both = one;
    std::erase_if(one, [&](const auto& code) { return in(other, code); });
    std::erase_if(other, [&](const auto& code) { return in(both, code); });
}

/// What a change consists of: the outcomes, and else only what one side says and the other does not. A reason that stays is no part of it.
std::pair<Side, Side> difference_of(Side before, Side after) {
    before.amount.reset();
    after.amount.reset();
    drop_common(before.reasons, after.reasons);
    drop_common(before.looks, after.looks);
    drop_common(before.missing, after.missing);
    if (before.automatic == after.automatic) before.automatic = after.automatic = false;
    return {std::move(before), std::move(after)};
}

/// Changes are few beside the applications, kinds of change fewer: a plain search keeps them in the order of their first example.
std::size_t group_of(std::vector<Group>& groups, const Pair& pair) {
    const auto [before, after] = difference_of(pair.before, pair.after);
    for (std::size_t i = 0; i < groups.size(); ++i)
        if (groups[i].effect == pair.effect && groups[i].before == before && groups[i].after == after && groups[i].results == pair.results) return i;
    Group group;
    group.effect = pair.effect;
    group.before = before;
    group.after = after;
    group.results = pair.results;
    groups.push_back(std::move(group));
    return groups.size() - 1;
}

constexpr std::array<int, 6> kEdges{0, 10, 50, 100, 500, 1000};

std::vector<Band> bands_of(const std::vector<Change>& changes, const std::vector<Group>& groups) {
    std::vector<Band> bands;
    const int edges = int(kEdges.size());
    for (int i = -edges; i < edges; ++i) {
        const int at = i < 0 ? -i - 1 : i;
        bands.push_back({i >= 0, kEdges[std::size_t(at)], at + 1 < edges ? kEdges[std::size_t(at) + 1] : 0, 0});
    }
    for (const auto& change : changes) {
        if (!groups[change.group].shows_amounts || !change.before.amount || !change.after.amount) continue;
        const auto difference = subtract(*change.after.amount, *change.before.amount);
        if (!difference || difference->is_zero()) continue;
        const Decimal size = difference->is_negative() ? negate(*difference) : *difference;
        for (auto& band : bands)
            if (band.more != difference->is_negative() && kiepe::compare(size, band.least) >= 0 && (band.below == 0 || kiepe::compare(size, band.below) < 0))
                ++band.count;
    }
    auto filled = [](const Band& band) { return band.count > 0; };
    bands.erase(bands.begin(), std::find_if(bands.begin(), bands.end(), filled));
    bands.erase(std::find_if(bands.rbegin(), bands.rend(), filled).base(), bands.end());
    return bands;
}

/// Largest first; the order of first examples decides between equals, so that every machine gives the same list.
void sort_groups(Comparison& comparison) {
    std::vector<std::size_t> order(comparison.groups.size()), place(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return comparison.groups[a].count > comparison.groups[b].count; });
    std::vector<Group> sorted;
    for (std::size_t i = 0; i < order.size(); ++i) {
        place[order[i]] = i;
        sorted.push_back(std::move(comparison.groups[order[i]]));
    }
    comparison.groups = std::move(sorted);
    for (auto& change : comparison.changes) change.group = place[change.group];
}

void take(Comparison& comparison, const std::vector<Subject>& subjects, std::size_t subject, const Pair& pair) {
    const std::string& name = subjects[subject].name;
    if (pair.counts_before) add_to(comparison.total_before, pair.before.amount);
    if (pair.counts_after) add_to(comparison.total_after, pair.after.amount);
    comparison.failing += pair.failing;
    if (!pair.changed) return;
    ++comparison.changed;
    ++(pair.effect == Effect::gain ? comparison.gain : pair.effect == Effect::lose ? comparison.lose : comparison.differ);
    const std::size_t index = group_of(comparison.groups, pair);
    auto& group = comparison.groups[index];
    if (group.count++ == 0) {
        group.example = name;
        group.example_before = pair.before.amount;
        group.example_after = pair.after.amount;
    }
    if (pair.counts_before) add_to(group.sum_before, pair.before.amount);
    if (pair.counts_after) add_to(group.sum_after, pair.after.amount);
    comparison.changes.push_back({name, pair.effect, pair.before, pair.after, index, subject});
}

}  // namespace

std::string_view name_of(Effect effect) { return effect == Effect::gain ? "gain" : effect == Effect::lose ? "lose" : "differ"; }

Comparison compare(const RuleSet& before, const RuleSet& after, const std::vector<Subject>& subjects, const CompareOptions& options) {
    const Comparer comparer{before, after};
    std::vector<Pair> pairs(subjects.size());
    Comparison comparison;
    comparison.stopped = !run_all(subjects.size(), options.threads, [&](std::size_t i) { pairs[i] = comparer.one(subjects[i].application); }, options.progress);
    if (comparison.stopped) return comparison;
    comparison.compared = std::int64_t(subjects.size());
    comparison.amount = comparer.amount_after;
    comparison.paid = comparer.paid;
    for (std::size_t i = 0; i < subjects.size(); ++i) take(comparison, subjects, i, pairs[i]);
    sort_groups(comparison);
    comparison.bands = bands_of(comparison.changes, comparison.groups);
    tell(before, after, subjects, options, comparison);
    return comparison;
}

void protect(Comparison& comparison, std::int64_t least) {
    for (auto& group : comparison.groups) {
        group.example.clear();
        if (group.count >= least) continue;
        comparison.hidden += group.count;
        comparison.total_before = subtract(comparison.total_before, group.sum_before).value_or(Decimal{});
        comparison.total_after = subtract(comparison.total_after, group.sum_after).value_or(Decimal{});
        group.shows_amounts = false;
        group.sum_before = group.sum_after = Decimal{};
        group.example_before.reset();
        group.example_after.reset();
        group.told.clear();
    }
    for (auto& change : comparison.changes) {
        if (comparison.groups[change.group].shows_amounts) continue;
        change.before.amount.reset();
        change.after.amount.reset();
        change.told.clear();
    }
    comparison.bands = bands_of(comparison.changes, comparison.groups);
}

}  // namespace kiepe::rules
