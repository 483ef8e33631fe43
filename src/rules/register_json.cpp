// The register for machines: fields as in docs/algorithms-register.md, stable.
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/date.h"
#include "rules/register.h"

namespace kiepe::rules {
namespace {

using Json = nlohmann::ordered_json;

Json of(const CitedNorm& norm) {
    Json json{{"norm", norm.text}};
    if (!norm.link.empty()) json["text"] = norm.link;
    return json;
}

Json per_cent(int tenths) { return Json::parse(fmt::format("{}.{}", tenths / 10, tenths % 10)); }

Json of(const casework::DecisionCounts::Side& side) {
    Json json{{"decided", side.made}, {"contested", side.contested}};
    if (side.made < kFewestDecisions) {
        json["contested"] = json["corrected"] = nullptr;  // so few decisions would speak about single people
        json["error_rate_percent"] = nullptr;
        return json;
    }
    Json corrected = Json::object();
    for (const auto kind : casework::kCorrectionKinds) {
        const auto found = side.corrected.find(std::string(kind));
        corrected[std::string(kind)] = found == side.corrected.end() ? 0 : found->second;
    }
    const Share rate = share_of(errors_of(side), side.made);
    json["corrected"] = std::move(corrected);
    json["error_rate_percent"] = {{"value", per_cent(rate.value)}, {"low", per_cent(rate.low)}, {"high", per_cent(rate.high)}, {"interval", "Wilson 95 %"}};
    return json;
}

Json inputs_of(const RegisterEntry& entry) {
    Json groups = Json::array();
    for (const auto& group : entry.groups) {
        Json inputs = Json::array();
        for (const auto& input : group.inputs) {
            Json json{{"name", input.name}, {"label", input.label}, {"needed_for", of(input.norm)}};
            json["protected_attribute"] = input.protected_as.empty() ? Json(nullptr) : Json(input.protected_as);
            inputs.push_back(std::move(json));
        }
        groups.push_back({{"group", group.title}, {"inputs", std::move(inputs)}});
    }
    return groups;
}

Json of(const RegisterEntry& entry) {
    Json norms = Json::array();
    for (const auto& norm : entry.norms) norms.push_back(of(norm));
    Json json{{"service", entry.service}, {"name", entry.name}, {"purpose", entry.purpose}, {"data_purpose", entry.data_purpose}, {"legal_basis", std::move(norms)}};
    json["automation"] = {{"mode", entry.mode},         {"what", entry.machine},
                          {"automatic", entry.automatic}, {"by_a_person", entry.never},
                          {"norm", of(entry.automation_norm)}, {"provision", entry.provision.empty() ? Json(nullptr) : Json(entry.provision)},
                          {"spot_check_percent", entry.spot_check_percent}};
    if (entry.office) json["office"] = {{"name", entry.office->name}, {"phone", entry.office->phone}, {"email", entry.office->email}};
    json["inputs"] = inputs_of(entry);
    json["model"] = {{"version", entry.version}, {"package_sha256", entry.package_hash}, {"law_sha256", entry.law_hash},
                     {"in_use_since", entry.since ? Json(to_iso(local_day(*entry.since))) : Json(nullptr)}};
    json["tests"] = entry.tests ? Json{{"examples", entry.tests->passed + entry.tests->failed}, {"passed", entry.tests->passed}, {"at", to_iso(entry.tests->at)}} : Json(nullptr);
    json["fairness"] = entry.fairness ? Json{{"tried", entry.fairness->tried}, {"decisions_changed", entry.fairness->decisions}, {"wording_changed", entry.fairness->wordings},
                                                   {"promise_changed", entry.fairness->promises}, {"at", to_iso(entry.fairness->at)}} : Json(nullptr);
    json["last_twelve_months"] = {{"automatic", of(entry.counts.automatic)}, {"by_hand", of(entry.counts.by_hand)}};
    json["contest"] = {{"kind", entry.remedy_kind.empty() ? Json(nullptr) : Json(entry.remedy_kind)}, {"norm", entry.remedy_norm}};
    return json;
}

}  // namespace

std::string to_json(const std::vector<RegisterEntry>& entries, std::string_view language, Moment now, std::string_view city) {
    Json all = Json::array();
    for (const auto& entry : entries) all.push_back(of(entry));
    const Json json{{"format", "kiepe-algorithms/1"}, {"city", city}, {"language", language}, {"as_of", to_iso(now)}, {"algorithms", std::move(all)}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace kiepe::rules
