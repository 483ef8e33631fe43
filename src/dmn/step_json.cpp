// Step trees as JSON: what the journal keeps of a decision.
#include <nlohmann/json.hpp>

#include "dmn/dmn.h"

namespace kiepe::dmn {
namespace {

using Json = nlohmann::ordered_json;
constexpr int kDeepest = 2000;

// Values keep their own lossless text (feel::to_json), so they stand as text inside of the tree.
Json written(const Step& step) {
    Json json{{"kind", step.kind}};
    const auto put = [&](const char* key, const std::string& text) {
        if (!text.empty()) json[key] = text;
    };
    put("id", step.id);
    put("name", step.name);
    put("label", step.label);
    put("text", step.text);
    if (step.value.kind() != feel::Kind::function) json["value"] = feel::to_json(step.value);
    if (step.rule != 0) json["rule"] = step.rule;
    for (const auto& part : step.parts) json["parts"].push_back(written(part));
    return json;
}

bool read(const Json& json, Step& step, int depth) {
    if (!json.is_object() || depth > kDeepest) return false;
    const auto get = [&](const char* key) {
        const auto found = json.find(key);
        return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    step.kind = get("kind");
    step.id = get("id");
    step.name = get("name");
    step.label = get("label");
    step.text = get("text");
    if (const std::string text = get("value"); !text.empty()) {
        auto value = feel::from_json(text);
        if (!value) return false;
        step.value = std::move(*value);
    }
    if (const auto rule = json.find("rule"); rule != json.end()) {
        if (!rule->is_number_integer()) return false;
        step.rule = rule->get<int>();
    }
    const auto parts = json.find("parts");
    if (parts == json.end()) return true;
    if (!parts->is_array()) return false;
    for (const auto& part : *parts) {
        step.parts.emplace_back();
        if (!read(part, step.parts.back(), depth + 1)) return false;
    }
    return true;
}

}  // namespace

std::string to_json(const Step& step) { return written(step).dump(-1, ' ', false, Json::error_handler_t::replace); }

Result<Step> step_from_json(std::string_view json) {
    const Json parsed = Json::parse(json, nullptr, false);
    Step step;
    if (parsed.is_discarded() || !read(parsed, step, 0)) return Error{"dmn.step", "", {}, "no explanation tree"};
    return step;
}

}  // namespace kiepe::dmn
