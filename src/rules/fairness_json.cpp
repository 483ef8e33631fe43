// A fairness report as JSON: for the register of algorithms, for machines, and for the row that keeps it.
#include <array>
#include <nlohmann/json.hpp>

#include "base/date.h"
#include "rules/fairness.h"

namespace kiepe::rules {
namespace {

using Json = nlohmann::ordered_json;
using Kind = FairnessLine::Kind;

constexpr std::array kKinds{Kind::identity, Kind::contact,  Kind::protected_attribute, Kind::age_band, Kind::street, Kind::district,
                            Kind::not_read, Kind::language, Kind::channel,             Kind::delivery, Kind::cited};

Json json_of(const FairnessLine& line) {
    Json json{{"attribute", line.attribute},
              {"kind", name_of(line.kind)},
              {"must_not_matter", line.must_not_matter()},
              {"cases", line.tried},
              {"decisions_changed", line.decisions},
              {"wording_changed", line.wordings},
              {"promise_changed", line.promises}};
    if (!line.norm.empty()) json["norm"] = line.norm;
    if (line.first) json["first"] = {{"case", line.first->name}, {"from", line.first->from}, {"to", line.first->to}, {"difference", line.first->difference}};
    return json;
}

FairnessLine line_in(const Json& json) {
    FairnessLine line;
    line.attribute = json.at("attribute");
    const std::string kind = json.at("kind");
    for (const auto known : kKinds)
        if (name_of(known) == kind) line.kind = known;
    line.norm = json.value("norm", "");
    line.tried = json.at("cases");
    line.decisions = json.at("decisions_changed");
    line.wordings = json.at("wording_changed");
    line.promises = json.at("promise_changed");
    if (const auto first = json.find("first"); first != json.end())
        line.first = FairnessExample{first->at("case"), first->at("from"), first->at("to"), first->at("difference")};
    return line;
}

}  // namespace

std::string to_json(const FairnessReport& report) {
    Json lines = Json::array();
    for (const auto& line : report.lines) lines.push_back(json_of(line));
    const Json json{{"service", report.service},
                    {"version", report.version},
                    {"package_hash", report.package_hash},
                    {"law_hash", report.law_hash},
                    {"received", to_iso(report.received)},
                    {"seed", report.seed},
                    {"examples", report.examples},
                    {"made", report.made},
                    {"flips", report.flips()},
                    {"changed", report.changed()},
                    {"not_asked", report.not_asked},
                    {"attributes", std::move(lines)}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

Result<FairnessReport> fairness_from_json(std::string_view text) {
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) return Error{"fairness_not_json"};
    try {
        FairnessReport report;
        report.service = json.at("service");
        report.version = json.at("version");
        report.package_hash = json.at("package_hash");
        report.law_hash = json.at("law_hash");
        report.received = parse_day(json.at("received").get<std::string>()).value_or(Day{});
        report.seed = json.at("seed");
        report.examples = json.at("examples");
        report.made = json.at("made");
        for (const auto& kind : json.at("not_asked")) report.not_asked.push_back(kind);
        for (const auto& line : json.at("attributes")) report.lines.push_back(line_in(line));
        return report;
    } catch (const Json::exception& broken) {
        return Error{"fairness_not_json", "", {}, broken.what()};
    }
}

}  // namespace kiepe::rules
