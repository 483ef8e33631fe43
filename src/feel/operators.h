#pragma once
// FEEL's operators on values (DMN 1.5 tables 50 to 55). A combination of types that a table does not name gives null.
#include <optional>

#include "feel/feel.h"
#include "feel/objects.h"

namespace kiepe::feel {

Value add(const Value& a, const Value& b);
Value subtract(const Value& a, const Value& b);
Value multiply(const Value& a, const Value& b);
Value divide(const Value& a, const Value& b);
Value power(const Value& a, const Value& b);
Value negate(const Value& a);

enum class Compare { equal, not_equal, less, less_equal, greater, greater_equal };
Value compare(Compare op, const Value& a, const Value& b);
/// -1, 0, 1 for values of one ordered kind; nullopt otherwise.
std::optional<int> order(const Value& a, const Value& b);

/// True, false or unknown whether the range holds the value.
std::optional<bool> contains(const detail::Range& range, const Value& value);

inline Value from_optional(std::optional<bool> b) { return b ? Value::boolean(*b) : Value{}; }
inline Value from_optional(std::optional<Decimal> d) { return d ? Value::number(*d) : Value{}; }

/// Property of a date, time, duration or range (table 65); null where there is none.
Value property(const Value& value, std::string_view name);
/// `value.name`: an entry of a context, the same of each item of a list, or a property.
Value path(const Value& value, const std::string& name);

const char* kind_name(Kind kind);

}  // namespace kiepe::feel
