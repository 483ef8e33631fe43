#include "rules/fairness.h"

#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "base/date.h"
#include "casework/promise.h"
#include "casework/surroundings.h"
#include "casework/what_if.h"
#include "rules/fairness_attributes.h"
#include "rules/made_cases.h"

namespace kiepe::rules {

using casework::Application;
using casework::Preparation;
using Kind = FairnessLine::Kind;

namespace {

const std::set<Day>& holidays_of(const catalogue::Catalogue& catalogue) { return catalogue.law().holidays(catalogue.city().state); }

/// A case with everything that is compared, as it is before a flip or after one.
struct Decided {
    Preparation preparation;
    casework::Promise promise;
    casework::Rendered letter;
};

class Trial {
public:
    Trial(const catalogue::Package& package, const catalogue::Catalogue& catalogue, const FairnessOptions& options)
        : package_(package),
          catalogue_(catalogue),
          filler_(package, catalogue.law(), catalogue.city(), options.received),
          flipper_(package, catalogue.city(), filler_),
          attributes_(attributes_of(package, filler_.constants())),
          seed_(options.seed) {
        for (const auto& attribute : attributes_) lines_.push_back({attribute.name, attribute.kind, attribute.norm});
    }

    void one(const std::string& name, const Application& application) {
        const Circumstances circumstances;
        Dice dice = dice_of(seed_, ++number_ + 1'000'000);
        const Decided before = decided(application, circumstances);
        for (std::size_t i = 0; i < attributes_.size(); ++i) {
            const auto& attribute = attributes_[i];
            // What the law makes count is information: every fourth case will do.
            if (attribute.kind == Kind::cited && number_ % 4 != 0) continue;
            auto flip = flipper_.flip(attribute, application, circumstances, before.preparation, dice);
            if (flip && attribute.kind == Kind::cited) count_cited(name, before, *flip, dice, lines_[i]);
            else if (flip) compare(name, before, *flip, lines_[i]);
        }
    }

    std::vector<FairnessLine> lines() {
        std::stable_partition(lines_.begin(), lines_.end(), [](const auto& line) { return line.must_not_matter(); });
        return std::move(lines_);
    }

private:
    Preparation prepared(const Application& application) const {
        return casework::prepare(package_, catalogue_.law(), catalogue_.city(), application);
    }

    /// The events that a new case begins with.
    casework::Promise promise(const Application& application, const Circumstances& circumstances, const Preparation& preparation) const {
        using feel::Value;
        const Moment at = start_of(application.received) + std::chrono::hours(10);
        store::Event submitted;
        submitted.number = 1;
        submitted.kind = "submitted";
        submitted.at = at;
        submitted.role = application.channel == "online" ? "applicant" : "clerk";
        submitted.payload = feel::to_json(Value::context({{"channel", Value::string(application.channel)},
                                                          {"language", Value::string(circumstances.language)},
                                                          {"delivery", Value::string(circumstances.delivery)},
                                                          {"email", Value::string(circumstances.email)}}));
        std::vector<store::Event> events{submitted};
        if (!preparation.missing.empty()) {
            store::Event request;
            request.number = 2;
            request.kind = "request_sent";
            request.at = at;
            request.role = "system";
            events.push_back(std::move(request));
        }
        return casework::promise_of(package_.service, events, application.received, holidays_of(catalogue_));
    }

    /// The notice of this outcome; while something is missing, the letter that asks for it.
    casework::Rendered letter(const Application& application, const Preparation& preparation, const std::string& language) const {
        const auto rule = package_.service.outcomes.find(preparation.outcome);
        std::string name = rule == package_.service.outcomes.end() ? "" : rule->second.letter;
        casework::LetterFacts facts;
        if (preparation.outcome.empty() && !preparation.missing.empty()) name = package_.service.missing.request;
        if (name.empty()) return {};
        const casework::WhatIf not_searched;  // suggestions are another promise; to search them for each flip takes too long
        facts.what_if = &not_searched;
        facts.date = application.received;
        facts.office = &catalogue_.city().office_of(package_.service.office_duty);
        facts.automatic = preparation.automatic;
        facts.request_sent = to_iso(application.received);
        facts.request_until = to_iso(catalogue::add(application.received, package_.service.missing.within, holidays_of(catalogue_)));
        facts.missing = preparation.missing;
        return casework::render_letter(package_, catalogue_.city(), catalogue_.law(), name, language, application, preparation, facts);
    }

    Decided decided(const Application& application, const Circumstances& circumstances) const {
        Decided result;
        result.preparation = prepared(application);
        result.promise = promise(application, circumstances, result.preparation);
        result.letter = letter(application, result.preparation, circumstances.language);
        return result;
    }

    /// Rules and letters are not told of e-mail and delivery, and rules not of the language: only what may differ is made anew.
    Decided decided_again(const Decided& before, const Flip& flip, Kind kind) const {
        if (kind != Kind::language && kind != Kind::delivery) return decided(flip.application, flip.circumstances);
        Decided after = before;
        after.promise = promise(flip.application, flip.circumstances, after.preparation);
        if (kind == Kind::language) after.letter = letter(flip.application, after.preparation, flip.circumstances.language);
        return after;
    }

    void compare(const std::string& name, const Decided& before, const Flip& flip, FairnessLine& line) const {
        const Decided after = decided_again(before, flip, line.kind);
        if (flip.may_be_refused && after.preparation.failed.size() > before.preparation.failed.size()) return;
        ++line.tried;
        const auto spellings = spellings_of(flip.swaps, package_);
        const auto decision = decision_difference(before.preparation, after.preparation, flip.swaps, spellings);
        const auto promise = promise_difference(before.promise, after.promise);
        // Another decision has another letter: that is no finding of its own.
        const auto wording = !decision.empty()                 ? std::string()
                             : line.kind == Kind::language ? structure_difference(before.letter, after.letter)
                                                           : wording_difference(before.letter, after.letter, spellings);
        line.decisions += !decision.empty();
        line.promises += !promise.empty();
        line.wordings += !wording.empty();
        const auto& what = !decision.empty() ? decision : !promise.empty() ? promise : wording;
        if (!what.empty() && !line.first) line.first = FairnessExample{name, flip.from, flip.to, what};
    }

    /// After another answer the form may ask on: it is filled in again before it is decided.
    void count_cited(const std::string& name, const Decided& before, Flip& flip, Dice& dice, FairnessLine& line) {
        const auto& failed = before.preparation.failed;
        const bool refused = std::any_of(failed.begin(), failed.end(), [](const auto& one) { return !one.warn; });
        if (before.preparation.outcome.empty() || refused || !filler_.complete(flip.application, dice)) return;
        ++line.tried;
        const auto after = prepared(flip.application);
        if (after.outcome == before.preparation.outcome && amounts(after) == amounts(before.preparation)) return;
        ++line.decisions;
        if (line.first) return;
        std::string what = fmt::format("outcome: {} -> {}", before.preparation.outcome, after.outcome);
        if (after.outcome == before.preparation.outcome) what = decision_difference(before.preparation, after, flip.swaps, {});
        line.first = FairnessExample{name, flip.from, flip.to, what};
    }

    std::vector<std::string> amounts(const Preparation& preparation) const {
        std::vector<std::string> texts;
        for (const auto& [result, type] : package_.service.decision_results)
            if (const auto found = preparation.values.find(result); found != preparation.values.end()) texts.push_back(found->second.text());
        return texts;
    }

    const catalogue::Package& package_;
    const catalogue::Catalogue& catalogue_;
    FormFiller filler_;
    Flipper flipper_;
    std::vector<Attribute> attributes_;
    std::vector<FairnessLine> lines_;
    std::uint64_t seed_;
    std::uint64_t number_ = 0;
};

}  // namespace

std::string_view name_of(Kind kind) {
    switch (kind) {
        case Kind::identity: return "identity";
        case Kind::contact: return "contact";
        case Kind::protected_attribute: return "protected";
        case Kind::age_band: return "age_band";
        case Kind::street: return "street";
        case Kind::district: return "district";
        case Kind::not_read: return "not_read";
        case Kind::language: return "language";
        case Kind::channel: return "channel";
        case Kind::delivery: return "delivery";
        case Kind::cited: break;
    }
    return "cited";
}

int FairnessReport::flips() const {
    int sum = 0;
    for (const auto& line : lines)
        if (line.must_not_matter()) sum += line.tried;
    return sum;
}

int FairnessReport::changed() const {
    int sum = 0;
    for (const auto& line : lines)
        if (line.must_not_matter()) sum += line.decisions + line.wordings + line.promises;
    return sum;
}

Day fairness_day(const catalogue::Package& package, const catalogue::Law& law, Day today) {
    const auto known = casework::known_until(package, law);
    return known ? std::min(*known, today) : today;
}

FairnessReport fairness_of(const catalogue::Package& package, const catalogue::Catalogue& catalogue, const FairnessOptions& options) {
    FairnessReport report;
    report.service = package.service.id;
    report.version = package.service.version;
    report.package_hash = package.hash;
    report.law_hash = catalogue.law().hash(package.service.acts);
    report.received = options.received;
    report.seed = options.seed;
    report.not_asked = not_asked_by(package);
    Trial trial(package, catalogue, options);
    for (const auto& [name, application] : example_cases(package, catalogue)) {
        trial.one(name, application);
        ++report.examples;
    }
    for (const auto& application : made_cases(package, catalogue.law(), catalogue.city(), {options.seed, options.cases, options.received}))
        trial.one("made " + std::to_string(++report.made), application);
    report.lines = trial.lines();
    return report;
}

}  // namespace kiepe::rules
