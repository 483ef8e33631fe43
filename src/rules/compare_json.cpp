// A comparison as JSON: for machines, and for the row that keeps it.
#include <nlohmann/json.hpp>

#include "rules/compare.h"

namespace kiepe::rules {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const std::optional<Decimal>& amount) { return amount ? Json(amount->text()) : Json(nullptr); }

std::optional<Decimal> decimal_in(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found == json.end() || !found->is_string() ? std::nullopt : Decimal::parse(found->get<std::string>());
}

Json json_of(const Side& side) {
    return {{"outcome", side.outcome}, {"automatic", side.automatic}, {"reasons", side.reasons},
            {"looks", side.looks},     {"missing", side.missing},     {"amount", json_of(side.amount)}};
}

Side side_in(const Json& json) {
    return {json.at("outcome"), json.at("automatic"), json.at("reasons"), json.at("looks"), json.at("missing"), decimal_in(json, "amount")};
}

Json json_of(const std::vector<Line>& lines) {
    Json list = Json::array();
    for (const auto& line : lines) list.push_back({{"text", line.text}, {"value", line.value}, {"norm", line.norm}, {"depth", line.depth}});
    return list;
}

std::vector<Line> lines_in(const Json& json) {
    std::vector<Line> lines;
    for (const auto& line : json) lines.push_back({line.at("text"), line.at("value"), line.at("norm"), line.at("depth")});
    return lines;
}

Json json_of(const std::map<std::string, Told>& told) {
    Json by_language = Json::object();
    for (const auto& [language, sides] : told) by_language[language] = {{"before", json_of(sides.before)}, {"after", json_of(sides.after)}};
    return by_language;
}

std::map<std::string, Told> told_in(const Json& json) {
    std::map<std::string, Told> told;
    for (const auto& [language, sides] : json.items()) told[language] = {lines_in(sides.at("before")), lines_in(sides.at("after"))};
    return told;
}

Effect effect_in(const Json& json) {
    const auto name = json.at("effect").get<std::string>();
    return name == "gain" ? Effect::gain : name == "lose" ? Effect::lose : Effect::differ;
}

Json json_of(const Group& group) {
    Json titles = Json::object();
    for (const auto& [language, pair] : group.titles) titles[language] = {pair.first, pair.second};
    return {{"effect", name_of(group.effect)}, {"count", group.count}, {"before", json_of(group.before)}, {"after", json_of(group.after)},
            {"results", group.results}, {"sum_before", group.sum_before.text()}, {"sum_after", group.sum_after.text()},
            {"shows_amounts", group.shows_amounts}, {"example", group.example}, {"example_before", json_of(group.example_before)},
            {"example_after", json_of(group.example_after)}, {"told", json_of(group.told)}, {"titles", std::move(titles)}};
}

Group group_in(const Json& json) {
    Group group;
    group.effect = effect_in(json);
    group.count = json.at("count");
    group.before = side_in(json.at("before"));
    group.after = side_in(json.at("after"));
    group.results = json.at("results");
    group.sum_before = decimal_in(json, "sum_before").value_or(Decimal{});
    group.sum_after = decimal_in(json, "sum_after").value_or(Decimal{});
    group.shows_amounts = json.at("shows_amounts");
    group.example = json.at("example");
    group.example_before = decimal_in(json, "example_before");
    group.example_after = decimal_in(json, "example_after");
    group.told = told_in(json.at("told"));
    for (const auto& [language, pair] : json.at("titles").items()) group.titles[language] = {pair.at(0), pair.at(1)};
    return group;
}

Json json_of(const Change& change) {
    Json json{{"name", change.name}, {"effect", name_of(change.effect)}, {"group", change.group}, {"subject", change.subject},
              {"before", json_of(change.before)}, {"after", json_of(change.after)}};
    if (!change.told.empty()) json["told"] = json_of(change.told);
    return json;
}

Change change_in(const Json& json) {
    Change change{json.at("name"), effect_in(json), side_in(json.at("before")), side_in(json.at("after")), json.at("group"), json.at("subject")};
    if (json.contains("told")) change.told = told_in(json.at("told"));
    return change;
}

Comparison read(const Json& json) {
    Comparison comparison;
    comparison.compared = json.at("compared");
    comparison.changed = json.at("changed");
    comparison.gain = json.at("gain");
    comparison.lose = json.at("lose");
    comparison.differ = json.at("differ");
    comparison.failing = json.at("failing");
    comparison.hidden = json.at("hidden");
    comparison.amount = json.at("amount");
    comparison.labels = json.at("labels");
    comparison.reason_texts = json.at("reason_texts");
    comparison.paid = json.at("paid");
    comparison.total_before = decimal_in(json, "total_before").value_or(Decimal{});
    comparison.total_after = decimal_in(json, "total_after").value_or(Decimal{});
    for (const auto& band : json.at("bands")) comparison.bands.push_back({band.at("more"), band.at("least"), band.at("below"), band.at("count")});
    for (const auto& group : json.at("groups")) comparison.groups.push_back(group_in(group));
    for (const auto& change : json.at("changes")) comparison.changes.push_back(change_in(change));
    return comparison;
}

}  // namespace

std::string to_json(const Comparison& comparison) {
    Json bands = Json::array(), groups = Json::array(), changes = Json::array();
    for (const auto& band : comparison.bands) bands.push_back({{"more", band.more}, {"least", band.least}, {"below", band.below}, {"count", band.count}});
    for (const auto& group : comparison.groups) groups.push_back(json_of(group));
    for (const auto& change : comparison.changes) changes.push_back(json_of(change));
    return Json{{"compared", comparison.compared},
                {"changed", comparison.changed},
                {"gain", comparison.gain},
                {"lose", comparison.lose},
                {"differ", comparison.differ},
                {"failing", comparison.failing},
                {"hidden", comparison.hidden},
                {"amount", comparison.amount},
                {"labels", comparison.labels},
                {"reason_texts", comparison.reason_texts},
                {"paid", comparison.paid},
                {"total_before", comparison.total_before.text()},
                {"total_after", comparison.total_after.text()},
                {"bands", std::move(bands)},
                {"groups", std::move(groups)},
                {"changes", std::move(changes)}}
        .dump();
}

Result<Comparison> comparison_from_json(std::string_view json) {
    try {
        return read(Json::parse(json));
    } catch (const nlohmann::json::exception& broken) {
        return Error{"comparison_broken", {}, {}, broken.what()};
    }
}

}  // namespace kiepe::rules
