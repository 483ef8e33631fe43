#pragma once
// YAML as packages use it: every scalar is text, the schema gives it a type; duplicate and unknown keys are errors with a line.
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalogue/report.h"
#include "catalogue/text.h"

namespace kiepe::catalogue {

struct Node {
    enum class Kind { null, scalar, list, map } kind = Kind::null;
    std::string text;
    bool quoted = false;                                ///< or a block: surely text
    int line = 0;
    std::vector<std::pair<std::string, Node>> entries;  ///< of a map, in file order
    std::vector<Node> items;                            ///< of a list

    const Node* find(std::string_view key) const;
    bool is_map() const { return kind == Kind::map; }
    bool is_list() const { return kind == Kind::list; }
};

/// nullopt after a syntax error, which is reported.
std::optional<Node> parse_yaml(std::string_view content, Report& report);

/// The typed view of a map. Unknown keys are reported with the nearest known one.
class Fields {
public:
    Fields(const Node& node, Report& report, const std::vector<std::string>& known);

    const Node* node(std::string_view key) const;       ///< null values count as absent
    bool has(std::string_view key) const { return node(key) != nullptr; }
    int line() const { return node_.line; }
    int line_of(std::string_view key) const;
    std::string text(std::string_view key, std::string fallback = "") const;
    /// Reports where the key is absent.
    std::string need(std::string_view key) const;
    bool flag(std::string_view key) const;
    int whole(std::string_view key, int fallback) const;
    std::vector<std::string> texts(std::string_view key) const;
    Text say(std::string_view key, const std::string& place) const;
    /// Reports a value that is not one of `allowed`.
    std::string one_of(std::string_view key, std::string fallback, const std::vector<std::string>& allowed) const;
    Report& report() const { return report_; }

private:
    const Node& node_;
    Report& report_;
};

}  // namespace kiepe::catalogue
