#include "rules/law_change.h"

#include <algorithm>
#include <set>

namespace kiepe::rules {
namespace {

using catalogue::Act;
using catalogue::Law;
using catalogue::LawValue;
using catalogue::Parameter;

const LawValue* row_on(const Parameter& parameter, Day day) {
    const LawValue* found = nullptr;
    for (const auto& row : parameter.values)
        if (row.from <= day) found = &row;
    return found;
}

const Parameter* parameter_of(const Act* act, const std::string& name) {
    if (!act) return nullptr;
    const auto found = std::find_if(act->parameters.begin(), act->parameters.end(), [&](const Parameter& each) { return each.name == name; });
    return found == act->parameters.end() ? nullptr : &*found;
}

ParameterChange change_of(const Act& act, const Parameter& named, const LawValue* before, const LawValue* after) {
    ParameterChange change{act.code, named.name, named.norm, named.about, {}, {}, {}, {}};
    if (before) change.before = before->is;
    if (after) {
        change.after = after->is;
        change.from = after->from;
        change.source = after->source;
    }
    return change;
}

}  // namespace

std::vector<ParameterChange> changed_parameters(const Law& before, const Law& after, const std::vector<std::string>& acts, Day day) {
    std::vector<ParameterChange> changes;
    for (const auto& code : acts) {
        const Act* old_act = before.act(code);
        const Act* new_act = after.act(code);
        std::set<std::string> seen;
        for (const Act* act : {new_act, old_act}) {
            if (!act) continue;
            for (const auto& parameter : act->parameters) {
                if (!seen.insert(parameter.name).second) continue;
                const Parameter* old_one = parameter_of(old_act, parameter.name);
                const Parameter* new_one = parameter_of(new_act, parameter.name);
                const LawValue* was = old_one ? row_on(*old_one, day) : nullptr;
                const LawValue* is = new_one ? row_on(*new_one, day) : nullptr;
                if ((was ? was->is : feel::Value()) == (is ? is->is : feel::Value())) continue;
                changes.push_back(change_of(*act, parameter, was, is));
            }
        }
    }
    return changes;
}

Law law_as_on(const Law& law, Day day) {
    Law fixed = law;
    for (auto& [name, act] : fixed.acts_) {
        act.known_until.reset();
        for (auto& parameter : act.parameters) {
            const LawValue* row = row_on(parameter, day);
            std::vector<LawValue> always;
            if (row) {
                always.push_back(*row);
                always.front().from = Day{std::chrono::year(1) / 1 / 1};
            }
            parameter.values = std::move(always);
        }
    }
    return fixed;
}

std::optional<Day> day_of_change(const Law& before, const Law& after, const std::vector<std::string>& acts, Day today) {
    std::set<Day> days{today};
    for (const Law* law : {&before, &after})
        for (const auto& code : acts)
            if (const Act* act = law->act(code))
                for (const auto& parameter : act->parameters)
                    for (const auto& row : parameter.values)
                        if (row.from > today) days.insert(row.from);
    for (const Day day : days)
        if (!changed_parameters(before, after, acts, day).empty()) return day;
    return std::nullopt;
}

Law with_parameter(Law before, const Law& after, const std::string& act, const std::string& parameter) {
    const auto found = before.acts_.find(Law::feel_name(act));
    if (found == before.acts_.end()) return before;
    auto& parameters = found->second.parameters;
    std::erase_if(parameters, [&](const Parameter& each) { return each.name == parameter; });
    if (const Parameter* now = parameter_of(after.act(act), parameter)) parameters.push_back(*now);
    return before;
}

}  // namespace kiepe::rules
