#pragma once
// The answers that may be tried, and the values worth trying first. Only inside this room.
#include <cstdint>
#include <string>
#include <vector>

#include "casework/decider.h"

namespace kiepe::casework {

/// One answer as a line of steps (its grid: cents, days, months) or as a few other values.
struct Axis {
    enum class Closeness { named, fact, other } closeness = Closeness::other;   ///< `nearest`, `facts` of a reason, neither
    std::string path;
    const catalogue::Question* question = nullptr;
    feel::Value now;
    std::vector<feel::Value> options;              ///< choices: every other value; empty: ordered
    std::int64_t scale = 1;                        ///< steps in one unit
    std::int64_t at = 0;
    std::vector<std::int64_t> below, above;        ///< samples, nearest first, within the form's bounds

    bool ordered() const { return options.empty(); }
    feel::Value value(std::int64_t step) const;
};

/// Visible questions that a person could change or correct, in the order of the form.
std::vector<Axis> axes_of(const catalogue::Package& package, const catalogue::Law& law, const Preparation& base);
/// "persons[2].incomes[1].amount" is one of "persons.incomes".
bool is_below(const std::string& pattern, const std::string& path);

}  // namespace kiepe::casework
