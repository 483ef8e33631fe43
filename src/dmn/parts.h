#pragma once
// Cuts what one column of a decision table can hold into parts within which every cell gives the same answer. Internal to this room.
#include <optional>
#include <string_view>
#include <vector>

#include "dmn/analysis.h"

namespace kiepe::dmn {

/// The values that unary tests compare their input with.
struct Compared {
    std::vector<feel::Value> values;
    bool ordered = false;              ///< by < or in a range, not only by =
};
/// nullopt: the tests depend on more than their input and the `fixed` names, or in a way that is not a comparison.
std::optional<Compared> compared(std::string_view tests, const feel::Value& fixed);

/// One value or an open interval between two values that cells mention.
struct Part {
    feel::Value value;                 ///< one that lies in it: for an interval of numbers with few digits the first
    std::vector<feel::Value> others;   ///< further ones, to be sure that the answer is the same
    bool maybe = false;                ///< whether the input can be this is not known
};

/// All parts of a column, in order. nullopt: its values cannot be put in order.
std::optional<std::vector<Part>> parts_of(const Domain& domain, std::vector<feel::Value> mentioned, bool ordered);

}  // namespace kiepe::dmn
