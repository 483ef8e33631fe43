#include "rules/late_law.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "base/date.h"
#include "feel/value.h"

namespace kiepe::rules {
namespace {

using casework::Decided;
using catalogue::Law;
using catalogue::Package;
using Json = nlohmann::ordered_json;

/// Decisions made by the same rules and the same law.
using Batches = std::map<std::pair<std::string, std::string>, std::vector<const Decided*>>;
using Key = std::tuple<std::string, std::string, Day>;   ///< act, parameter, first day of the row

/// The days whose law decided: the day of the application, and each month of a decision by months.
std::vector<Day> days_of(const RuleSet& then, const Decided& decided) {
    std::vector<Day> days{decided.law_day};
    if (!then.package.service.months_count) return days;
    const auto preparation = casework::prepare(then.package, then.law, then.city, decided.application);
    for (const auto& period : preparation.periods)
        for (Day month = period.from; month <= period.to; month = add_months(month, 1)) days.push_back(month);
    return days;
}

struct Finder {
    const Law& now;
    const catalogue::City& city;
    LateLaw& result;

    /// What changed for this decision, each row of the law once.
    std::map<Key, ParameterChange> changes_for(const RuleSet& then, const Decided& decided) const {
        std::map<Key, ParameterChange> changes;
        for (const Day day : days_of(then, decided))
            for (auto& change : changed_parameters(then.law, now, then.package.service.acts, day))
                changes.try_emplace({change.act, change.parameter, change.from}, change);
        return changes;
    }

    LateChange& row(const std::string& service, const ParameterChange& change) {
        for (auto& each : result.changes)
            if (each.service == service && each.parameter.act == change.act && each.parameter.parameter == change.parameter &&
                each.parameter.from == change.from && each.parameter.before == change.before)
                return each;
        result.changes.push_back({service, change, 0, {}});
        return result.changes.back();
    }

    void look_at(const std::vector<const Decided*>& batch, const Package& package, const Law& law) {
        const RuleSet then{package, law, city};
        std::map<std::pair<std::string, std::string>, std::vector<std::pair<const Decided*, ParameterChange>>> by_parameter;
        for (const Decided* decided : batch)
            for (const auto& [key, change] : changes_for(then, *decided)) by_parameter[{change.act, change.parameter}].emplace_back(decided, change);
        for (const auto& [name, reached] : by_parameter) {
            const Law other = with_parameter(law, now, name.first, name.second);
            std::vector<Subject> subjects;
            for (const auto& [decided, change] : reached) {
                if (!subjects.empty() && subjects.back().name == std::to_string(decided->case_id) + "/" + std::to_string(decided->notice)) continue;
                subjects.push_back({std::to_string(decided->case_id) + "/" + std::to_string(decided->notice), decided->application});
            }
            CompareOptions options;
            options.languages.clear();
            std::map<std::string, Effect> effects;
            for (const auto& change : compare(then, {package, other, city}, subjects, options).changes) effects[change.name] = change.effect;
            std::set<std::string> listed;
            for (const auto& [decided, change] : reached) {
                auto& line = row(package.service.id, change);
                ++line.used;
                const auto id = std::to_string(decided->case_id) + "/" + std::to_string(decided->notice);
                // A decision over several rows of one parameter stands with the first of them.
                if (const auto effect = effects.find(id); effect != effects.end() && listed.insert(id).second)
                    line.cases.push_back({decided->number, decided->notice, decided->law_day, effect->second});
            }
        }
    }
};

Json json_of(const LateChange& change) {
    Json cases = Json::array();
    for (const auto& each : change.cases)
        cases.push_back({{"number", each.number}, {"notice", each.notice}, {"law_day", to_iso(each.law_day)}, {"effect", name_of(each.effect)}});
    const auto& parameter = change.parameter;
    return {{"service", change.service}, {"act", parameter.act}, {"parameter", parameter.parameter}, {"norm", parameter.norm}, {"about", parameter.about},
            {"before", feel::to_json(parameter.before)}, {"after", feel::to_json(parameter.after)}, {"from", to_iso(parameter.from)},
            {"source", parameter.source}, {"used", change.used}, {"cases", std::move(cases)}};
}

LateChange change_in(const Json& json) {
    LateChange change;
    change.service = json.at("service");
    auto& parameter = change.parameter;
    parameter.act = json.at("act");
    parameter.parameter = json.at("parameter");
    parameter.norm = json.at("norm");
    parameter.about = json.at("about");
    parameter.before = feel::from_json(json.at("before").get<std::string>()).value_or({});
    parameter.after = feel::from_json(json.at("after").get<std::string>()).value_or({});
    parameter.from = parse_day(json.at("from").get<std::string>()).value_or(Day{});
    parameter.source = json.at("source");
    change.used = json.at("used");
    for (const auto& each : json.at("cases")) {
        const auto effect = each.at("effect").get<std::string>();
        change.cases.push_back({each.at("number"), each.at("notice"), parse_day(each.at("law_day").get<std::string>()).value_or(Day{}),
                                effect == "gain" ? Effect::gain : effect == "lose" ? Effect::lose : Effect::differ});
    }
    return change;
}

}  // namespace

LateLaw late_law(const std::vector<Decided>& decisions, const RulesThen& then, const Law& now, const catalogue::City& city) {
    LateLaw result;
    Finder finder{now, city, result};
    Batches batches;
    for (const auto& decided : decisions) batches[{decided.package_hash, decided.law_hash}].push_back(&decided);
    for (const auto& [hashes, batch] : batches) {
        const auto law = then.law(hashes.second);
        const auto package = law ? then.package(hashes.first, *law) : nullptr;
        if (!package) {
            result.gone += std::int64_t(batch.size());
            continue;
        }
        if (now.hash(package->service.acts) == hashes.second) continue;
        result.looked_at += std::int64_t(batch.size());
        finder.look_at(batch, *package, *law);
    }
    for (auto& change : result.changes)
        std::stable_sort(change.cases.begin(), change.cases.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
    std::stable_sort(result.changes.begin(), result.changes.end(), [](const LateChange& a, const LateChange& b) {
        return std::tie(a.parameter.act, a.parameter.parameter, a.parameter.from) < std::tie(b.parameter.act, b.parameter.parameter, b.parameter.from);
    });
    return result;
}

std::string to_json(const LateLaw& late) {
    Json changes = Json::array();
    for (const auto& change : late.changes) changes.push_back(json_of(change));
    return Json{{"looked_at", late.looked_at}, {"gone", late.gone}, {"changes", std::move(changes)}}.dump();
}

Result<LateLaw> late_law_from_json(std::string_view json) {
    try {
        const auto read = Json::parse(json);
        LateLaw late;
        late.looked_at = read.at("looked_at");
        late.gone = read.at("gone");
        for (const auto& change : read.at("changes")) late.changes.push_back(change_in(change));
        return late;
    } catch (const nlohmann::json::exception& broken) {
        return Error{"late_law_broken", {}, {}, broken.what()};
    }
}

}  // namespace kiepe::rules
