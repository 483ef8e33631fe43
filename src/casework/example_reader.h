#pragma once
// Cases as examples and machines write them (docs/package-format.md, section 8), typed by the form's questions. For this room, and for
// rules, which makes cases like them.
#include <optional>
#include <string>
#include <vector>

#include "casework/decider.h"
#include "catalogue/yaml.h"

namespace kiepe::casework {

/// A scalar, list or map as the value that the answer at `path` would be: "2025-03" at a month is its first day.
feel::Value typed_node(const catalogue::Package& package, const std::string& path, const catalogue::Node& node);
/// The same for values read from JSON.
feel::Value typed_value(const catalogue::Package& package, const std::string& path, const feel::Value& value);

struct Example {
    std::string name, file;
    int line = 0;
    bool based_on_another = false;
    bool pre_check = false;
    Application application;
    catalogue::Node expect;
};

/// A rule over all examples: `sweep` moves one answer, `flip` changes one that must not matter.
struct Always {
    std::string file;
    int line = 0;
    bool sweep = false;
    std::string path;                    ///< below answers
    std::optional<Decimal> from, to, step;
    catalogue::Node flipped;
    std::string that;                    ///< "benefit falls", "benefit rises", "nothing changes"
};

struct Examples {
    std::vector<Example> examples;
    std::vector<Always> always;
};

/// All examples/*.yaml of the package. What cannot be read becomes a finding.
Examples read_examples(const catalogue::Package& package, std::vector<catalogue::Finding>& findings);
/// One line of JSON: received, answers, papers, sure, previous, renewal, channel.
Result<Application> read_case_line(const catalogue::Package& package, std::string_view json);

}  // namespace kiepe::casework
