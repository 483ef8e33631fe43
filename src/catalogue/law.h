#pragma once
// Law parameters (docs/package-format.md, section 6): each with its history, norm and source. law/<act>/*.yaml of all cities,
// cities/<city>/law/<act>/*.yaml of one.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "feel/feel.h"
#include "feel/value.h"

namespace kiepe::catalogue {

struct Finding;

struct LawValue {
    Day from{};
    feel::Value is;
    std::string source;
    bool to_check = false;
};

struct Parameter {
    std::string name, norm, about, unit;
    std::vector<LawValue> values;      ///< by `from`, ascending
    feel::Type type;
};

struct Act {
    std::string code;                  ///< "WoGG"; FEEL name is its lower case with "_" ("wogg", "parking_order")
    std::string name, link;
    std::string section_link;          ///< address of a section's text, "{}" for its number; empty where not known
    std::vector<std::string> cited;    ///< further names under which norms cite it ("Hundesteuersatzung")
    std::optional<Day> known_until;
    std::vector<Parameter> parameters;
    std::vector<std::string> files;
};

class Law {
public:
    const Act* act(std::string_view code) const;
    /// The act's parameters on a day as a FEEL context; a parameter without a value yet is null.
    feel::Value on(std::string_view code, Day day) const;
    static std::string feel_name(std::string_view code);
    feel::Type type_of(std::string_view code) const;
    /// Holidays of a state (law/holidays/<state>.yaml: dates by year with norm), e.g. "NW".
    const std::set<Day>& holidays(std::string_view state) const;
    std::vector<const Act*> all() const;
    /// SHA-256 over the files of the given acts, sorted.
    std::string hash(const std::vector<std::string>& acts) const;
    const std::map<std::string, std::string>& files() const;   ///< path -> content

    std::map<std::string, Act> acts_;
    std::map<std::string, std::set<Day>> holidays_;
    std::map<std::string, std::string> files_;
};

}  // namespace kiepe::catalogue
