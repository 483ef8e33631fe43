#include "casework/gate.h"

#include <algorithm>

#include "base/date.h"
#include "base/id.h"
#include "casework/surroundings.h"

namespace kiepe::casework {
namespace {

using feel::Value;

/// VwVfG section 35a: "sofern dies durch Rechtsvorschrift zugelassen ist" (a provision must allow it). SGB X section 31a and
/// AO section 155(4) need none. Whatever else a package names counts as section 35a.
bool needs_provision(const std::string& norm) {
    const auto has = [&](const char* part) { return norm.find(part) != std::string::npos; };
    const bool social = has("SGB X") && has("31a");
    const bool tax = has("AO") && has("155");
    return !social && !tax;
}

bool allowed(const catalogue::Automation& automation, const Value& context) {
    if (automation.norm.empty()) return false;
    if (!needs_provision(automation.norm)) return true;
    if (automation.allowed_by.empty()) return false;
    const Value provision = context.at(automation.allowed_by);
    return provision.kind() == feel::Kind::string && !provision.as_string().empty();
}

bool covers(const std::string& pattern, const std::string& plain) {
    return plain == pattern || (plain.starts_with(pattern) && plain[pattern.size()] == '.');
}

/// The weakest fact below each pattern that is really used: asked here, and answered.
void hold_weak_facts(const catalogue::Automation& automation, const Application& application, const Preparation& preparation,
                     std::vector<Held>& held) {
    for (const auto& [pattern, name] : automation.facts) {
        const Level least = parse_level(name).value_or(Level::registered);
        std::optional<Level> weakest;
        for (const auto& asked : preparation.evaluation.visible) {
            if (!covers(pattern, without_indexes(asked.path)) || preparation.context.at(asked.path).is_null()) continue;
            const Level level = level_at(application.sure, asked.path);
            if (!weakest || level < *weakest) weakest = level;
        }
        if (weakest && *weakest < least) held.push_back({"fact", {{"path", pattern}, {"level", std::string(name_of(*weakest))}}});
    }
}

bool listed(const catalogue::Automation& automation, const std::string& outcome) {
    return std::find(automation.outcomes.begin(), automation.outcomes.end(), outcome) != automation.outcomes.end();
}

bool favourable(const catalogue::Service& service, const std::string& outcome) {
    const auto rule = service.outcomes.find(outcome);
    return rule != service.outcomes.end() && rule->second.effect == catalogue::OutcomeRule::Effect::favourable && !rule->second.by_person;
}

/// The outcome itself: listed, favourable, the same in all months, without a reason against it, from a model that ran.
void hold_outcome(const catalogue::Package& package, const Preparation& preparation, const GateFacts& facts, std::vector<Held>& held) {
    if (!preparation.problem.empty()) held.push_back({"error", {{"problem", preparation.problem}}});
    if (!package.service.automation) {
        held.push_back({"no_automation", {}});
        return;
    }
    if (preparation.outcome.empty()) return;  // held by what is missing, or by the problem
    const std::map<std::string, std::string> args = {{"outcome", preparation.outcome}};
    if (!listed(*package.service.automation, preparation.outcome) || !preparation.reasons.empty()) held.push_back({"outcome", args});
    else if (!favourable(package.service, preparation.outcome)) held.push_back({"effect", args});
    if (facts.months_differ) held.push_back({"months_differ", {}});
}

}  // namespace

bool in_spot_check(std::string_view case_number, int percent) {
    if (case_number.empty() || percent <= 0) return false;
    const Sha256 hash = sha256(case_number);
    const unsigned pick = (static_cast<unsigned>(hash[0]) << 16 | static_cast<unsigned>(hash[1]) << 8 | hash[2]) % 100;
    return pick < static_cast<unsigned>(percent);
}

std::vector<Held> walk_gate(const catalogue::Package& package, const Application& application, const Preparation& preparation,
                            const GateFacts& facts) {
    std::vector<Held> held;
    hold_outcome(package, preparation, facts, held);
    if (!preparation.missing.empty() || (preparation.outcome.empty() && preparation.problem.empty())) held.push_back({"missing", {}});
    if (std::any_of(preparation.failed.begin(), preparation.failed.end(), [](const auto& failed) { return !failed.warn; }))
        held.push_back({"failed", {}});
    for (const auto& look : preparation.looks) held.push_back({"look", {{"reason", look}}});
    // VwVfG section 24(1) sentence 3: what a person says beyond the form must be looked at.
    if (preparation.evaluation.has_remark) held.push_back({"remark", {}});
    if (package.service.automation) {
        hold_weak_facts(*package.service.automation, application, preparation, held);
        if (!allowed(*package.service.automation, preparation.context)) held.push_back({"no_provision", {}});
        if (package.service.automation->discretion != "none") held.push_back({"discretion", {}});
    }
    if (facts.law_unknown_after) held.push_back({"law_unknown", {{"until", to_iso(*facts.law_unknown_after)}}});
    for (const auto& duty : preparation.consult) held.push_back({"consultation", {{"duty", duty}}});
    if (preparation.consult.empty() && application.consultation_open) held.push_back({"consultation", {{"duty", ""}}});
    if (package.service.automation && in_spot_check(application.case_number, package.service.automation->spot_check_percent))
        held.push_back({"spot_check", {}});
    if (application.corrected) held.push_back({"corrected", {}});
    return held;
}

}  // namespace kiepe::casework
