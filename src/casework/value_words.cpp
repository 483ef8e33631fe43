#include "casework/value_words.h"

#include <algorithm>

#include "base/text.h"
#include "casework/why.h"
#include "language/language.h"

namespace kiepe::casework {
namespace {

using feel::Value;

constexpr std::size_t kMostItems = 12, kMostFields = 5;   // a person has more: she is counted, not told

/// The parts of a list of tests: commas inside of texts, brackets and calls do not part.
std::vector<std::string> parts_of(std::string_view feel) {
    std::vector<std::string> parts(1);
    int depth = 0;
    bool quoted = false;
    for (const char c : feel) {
        if (c == '"') quoted = !quoted;
        if (!quoted && (c == '(' || c == '[')) ++depth;
        if (!quoted && (c == ')' || c == ']')) --depth;
        if (c == ',' && depth == 0 && !quoted) parts.emplace_back();
        else parts.back() += c;
    }
    for (auto& part : parts) part = std::string(trim(part));
    return parts;
}

}  // namespace

std::string without_values(std::string text) {
    for (auto open = text.find("{{"); open != std::string::npos; open = text.find("{{")) {
        const auto close = text.find("}}", open);
        if (close == std::string::npos) break;
        text.replace(open, close + 2 - open, "…");
    }
    return text;
}

ValueWords::ValueWords(const catalogue::Package& package, const catalogue::Law& law, Day day, std::string_view language)
    : package_(package), law_(law), day_(day), language_(language), printer_(package, language) {}

std::string ValueWords::say(std::string_view key, const language::Arguments& arguments) const {
    return language::fill(package_.program_text(language_, key), arguments);
}

const catalogue::Question* ValueWords::question(const std::string& path) const {
    if (const auto* known = package_.form.question_at(path)) return known;
    return package_.form.question(path);
}

std::string ValueWords::text(const std::string& path, const Value& value) const {
    switch (value.kind()) {
        case feel::Kind::null: return say("rules_empty");
        case feel::Kind::function: return "";
        case feel::Kind::string: return code(path, value.as_string());
        case feel::Kind::list: {
            if (value.as_list().empty()) return say("rules_none");
            const auto& first = value.as_list().front();
            if (first.kind() == feel::Kind::context && first.as_context().size() > kMostFields)
                return say("rules_entries", {{"count", std::to_string(value.as_list().size())}});
            std::vector<std::string> items;
            for (const auto& item : value.as_list()) {
                if (items.size() == kMostItems) {
                    items.emplace_back("…");
                    break;
                }
                items.push_back(item.kind() == feel::Kind::list ? "[" + text(path, item) + "]" : text(path, item));
            }
            return join(items, "; ");
        }
        case feel::Kind::context: {
            if (const auto* asked = question(path)) return catalogue::answer_text(*asked, value, language_, package_);
            std::vector<std::string> entries;
            for (const auto& [name, entry] : value.as_context())
                if (!entry.is_null() && entry.kind() != feel::Kind::context && entry.kind() != feel::Kind::list) entries.push_back(name + ": " + text(path + "." + name, entry));
            return join(entries, ", ");
        }
        default: return printer_.value_text(path, value);
    }
}

std::string ValueWords::code(const std::string& path, const std::string& code) const {
    if (const auto* asked = question(path)) return catalogue::answer_text(*asked, Value::string(code), language_, package_);
    if (const auto outcome = package_.service.outcomes.find(code); outcome != package_.service.outcomes.end()) {
        const auto& words = outcome->second.title.empty() ? outcome->second.task : outcome->second.title;
        return words.empty() ? code : package_.say(language_, words).text;
    }
    if (const auto reason = package_.reasons.find(code); reason != package_.reasons.end()) return without_values(package_.say(language_, reason->second.say).text);
    return code;
}

/// "parking_order.longest_vehicle" -> "5,25 Meter (größte Länge des Fahrzeugs)".
std::optional<std::string> ValueWords::amount(std::string_view feel) const {
    const auto dot = feel.find('.');
    const auto* act = dot == std::string_view::npos ? nullptr : law_.act(feel.substr(0, dot));
    if (!act) return std::nullopt;
    for (const auto& parameter : act->parameters) {
        if (parameter.name != feel.substr(dot + 1)) continue;
        const auto value = law_.on(act->code, day_).get(parameter.name);
        return amount_text(package_, parameter, value, language_) + (parameter.about.empty() ? "" : " (" + parameter.about + ")");
    }
    return std::nullopt;
}

std::string ValueWords::one(const std::string& path, std::string_view feel) const {
    if (feel == "-") return say("rules_any");
    if (feel == "true" || feel == "false") return package_.program_text(language_, feel == "true" ? "yes" : "no");
    if (feel == "null") return say("rules_empty");
    for (const auto& [sign, key] : {std::pair{">=", "rules_at_least"}, {"<=", "rules_at_most"}, {">", "rules_more_than"}, {"<", "rules_less_than"}})
        if (feel.starts_with(sign)) return say(key, {{"value", one(path, trim(feel.substr(std::string_view(sign).size())))}});
    if (feel.size() > 1 && feel.front() == '"' && feel.back() == '"' && std::count(feel.begin(), feel.end(), '"') == 2)
        return code(path, std::string(feel.substr(1, feel.size() - 2)));
    if (feel.starts_with("not(") && feel.ends_with(")")) return say("rules_not", {{"value", test(path, std::string(feel.substr(4, feel.size() - 5)))}});
    if (auto law = amount(feel)) return *law;
    if (const auto number = Decimal::parse(feel)) return text(path, Value::number(*number));
    if (const auto dots = feel.find(".."); dots != std::string_view::npos && (feel.front() == '[' || feel.front() == '(') && (feel.back() == ']' || feel.back() == ')'))
        return say("rules_between", {{"from", one(path, trim(feel.substr(1, dots - 1)))}, {"to", one(path, trim(feel.substr(dots + 2, feel.size() - dots - 3)))}});
    return std::string(feel);
}

std::string ValueWords::test(const std::string& path, const std::string& feel) const {
    std::vector<std::string> words;
    for (const auto& part : parts_of(feel)) words.push_back(one(path, part));
    return join(words, say("rules_or"));
}

bool sees_all(Cases& cases, const Case& c, const catalogue::Package& package, const identity::Staff& who) {
    const auto facts = cases.facts(c);
    return std::all_of(facts.begin(), facts.end(), [&](const auto& fact) { return !fact.question || may_see(package.service, fact.question->category, who); });
}

}  // namespace kiepe::casework
