#include "catalogue/yaml.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "base/text.h"

namespace kiepe::catalogue {
namespace {

// A package is written by hand; a file beyond these limits (or a bomb of aliases) is none.
constexpr int kDeepest = 40;
constexpr int kMostNodes = 200'000;

struct Converter {
    Report& report;
    int nodes = 0;

    int line_of(const YAML::Node& node) const { return node.Mark().line + 1; }

    Node convert(const YAML::Node& from, int depth) {
        Node to;
        to.line = line_of(from);
        if (depth > kDeepest || ++nodes > kMostNodes) {
            if (nodes <= kMostNodes || nodes == kMostNodes + 1) report.error(to.line, "package_yaml_too_big");
            return to;
        }
        if (from.IsScalar()) {
            to.text = from.Scalar();
            to.quoted = from.Tag() == "!";
            to.kind = to.quoted || !is_null(to.text) ? Node::Kind::scalar : Node::Kind::null;
        } else if (from.IsSequence()) {
            to.kind = Node::Kind::list;
            for (const auto& item : from) to.items.push_back(convert(item, depth + 1));
        } else if (from.IsMap()) {
            convert_map(from, to, depth);
        }
        return to;
    }

    void convert_map(const YAML::Node& from, Node& to, int depth) {
        to.kind = Node::Kind::map;
        std::set<std::string> seen;
        for (const auto& entry : from) {
            if (!entry.first.IsScalar()) {
                report.error(line_of(entry.first), "package_key_not_text");
                continue;
            }
            const std::string& key = entry.first.Scalar();
            if (!seen.insert(key).second) {
                report.error(line_of(entry.first), "package_duplicate_key", {{"key", key}});
                continue;
            }
            Node value = convert(entry.second, depth + 1);
            if (value.kind != Node::Kind::scalar || value.line <= 0) value.line = line_of(entry.first);
            to.entries.emplace_back(key, std::move(value));
        }
    }

    static bool is_null(std::string_view text) { return text.empty() || text == "null" || text == "~"; }
};

}  // namespace

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
    std::string best;
    std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
    for (const auto& candidate : known) {
        const std::size_t distance = edit_distance(word, candidate);
        if (distance < least) {
            least = distance;
            best = candidate;
        }
    }
    return best;
}

const Node* Node::find(std::string_view key) const {
    for (const auto& [name, value] : entries)
        if (name == key) return &value;
    return nullptr;
}

std::optional<Node> parse_yaml(std::string_view content, Report& report) {
    if (!valid_utf8(content)) {
        report.error(1, "package_not_utf8");
        return std::nullopt;
    }
    try {
        const YAML::Node root = YAML::Load(std::string(content));
        Converter converter{report};
        Node node = converter.convert(root, 0);
        if (node.line <= 0) node.line = 1;
        return node;
    } catch (const YAML::Exception& e) {
        report.error(e.mark.line + 1, "package_yaml", {{"message", e.msg}});
        return std::nullopt;
    }
}

Fields::Fields(const Node& node, Report& report, const std::vector<std::string>& known) : node_(node), report_(report) {
    if (!node.is_map()) {
        report.error(node.line, "package_not_a_map", {{"known", join(known, ", ")}});
        return;
    }
    for (const auto& [key, value] : node.entries) {
        if (std::find(known.begin(), known.end(), key) != known.end()) continue;
        report.error(value.line, "package_unknown_key", {{"key", key}, {"hint", did_you_mean(key, known)}, {"known", join(known, ", ")}});
    }
}

const Node* Fields::node(std::string_view key) const {
    const Node* found = node_.find(key);
    return found && found->kind != Node::Kind::null ? found : nullptr;
}

int Fields::line_of(std::string_view key) const {
    const Node* found = node_.find(key);
    return found ? found->line : node_.line;
}

std::string Fields::text(std::string_view key, std::string fallback) const {
    const Node* found = node(key);
    if (!found) return fallback;
    if (found->kind != Node::Kind::scalar) {
        report_.error(found->line, "package_not_text", {{"key", std::string(key)}});
        return fallback;
    }
    return std::string(trim(found->text));
}

std::string Fields::need(std::string_view key) const {
    std::string value = text(key);
    if (value.empty()) report_.error(node_.line, "package_missing_key", {{"key", std::string(key)}});
    return value;
}

bool Fields::flag(std::string_view key) const {
    const std::string value = text(key, "false");
    if (value == "true") return true;
    if (value != "false") report_.error(line_of(key), "package_not_true_or_false", {{"key", std::string(key)}, {"value", value}});
    return false;
}

int Fields::whole(std::string_view key, int fallback) const {
    const std::string value = text(key);
    if (value.empty()) return fallback;
    int number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error == std::errc{} && end == value.data() + value.size()) return number;
    report_.error(line_of(key), "package_not_a_number", {{"key", std::string(key)}, {"value", value}});
    return fallback;
}

std::vector<std::string> Fields::texts(std::string_view key) const {
    const Node* found = node(key);
    std::vector<std::string> result;
    if (!found) return result;
    if (!found->is_list()) {
        report_.error(found->line, "package_not_a_list", {{"key", std::string(key)}});
        return result;
    }
    for (const auto& item : found->items) {
        if (item.kind == Node::Kind::scalar)
            result.emplace_back(trim(item.text));
        else
            report_.error(item.line, "package_not_text", {{"key", std::string(key)}});
    }
    return result;
}

Text Fields::say(std::string_view key, const std::string& place) const {
    std::string german = text(key);
    return german.empty() ? Text{} : Text{std::move(german), place};
}

std::string Fields::one_of(std::string_view key, std::string fallback, const std::vector<std::string>& allowed) const {
    std::string value = text(key, fallback);
    if (value.empty() || std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return value;
    report_.error(line_of(key), "package_not_one_of",
                  {{"key", std::string(key)}, {"value", value}, {"hint", did_you_mean(value, allowed)}, {"known", join(allowed, ", ")}});
    return fallback;
}

}  // namespace kiepe::catalogue
