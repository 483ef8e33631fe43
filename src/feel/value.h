#pragma once
// FEEL values (DMN 1.5 section 10.3.2). Read feel.h first.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/decimal.h"
#include "base/result.h"

namespace kiepe::feel {

enum class Kind : std::uint8_t {
    null, boolean, number, string, date, time, date_time, days_time_duration, years_months_duration, list, context, range, function
};

class Value;
using List = std::vector<Value>;
/// Keeps the order of its entries; names are unique.
using Context = std::vector<std::pair<std::string, Value>>;

/// An immutable FEEL value; copying is cheap (scalars inline, the rest shared). Thread-safe as any const object.
/// Text is UTF-8. `==` is structural equality for tests and containers, not FEEL's `=` (that is feel::equal, three-valued).
class Value {
public:
    Value() = default;  // null
    static Value boolean(bool b);
    static Value number(Decimal n);
    static Value number(std::int64_t n);
    static Value string(std::string s);
    static Value date(Day day);                       ///< a date in the years that std::chrono knows
    static Value list(List items);
    static Value context(Context entries);
    /// Times, date-times and durations from their ISO text; null where the text is none. E.g. duration("P1M").
    static Value time(std::string_view iso);
    static Value date_time(std::string_view iso);
    static Value duration(std::string_view iso);

    Kind kind() const;
    bool is_null() const { return kind() == Kind::null; }
    bool is_true() const;                             ///< boolean true, nothing else
    bool is_false() const;                            ///< boolean false, nothing else (null is not false)

    bool as_boolean() const;                          ///< precondition: kind() matches, else std::logic_error
    Decimal as_number() const;
    const std::string& as_string() const;
    Day as_date() const;
    const List& as_list() const;
    const Context& as_context() const;

    /// Entry of a context by name; null where there is none or this is no context.
    Value get(std::string_view name) const;
    /// Nested entry by dotted path with 1-based indexes: "persons[1].incomes[2].amount"; null where there is none.
    Value at(std::string_view path) const;
    /// A copy with the entry at `path` set (contexts and lists are made as needed; index count+1 appends).
    Value with(std::string_view path, Value value) const;
    /// A copy without the entry at `path`.
    Value without(std::string_view path) const;

    /// FEEL's string() of the value: `2026-03-02`, `260`, `[1, 2]`, `{a: 1}`; null gives "null".
    std::string text() const;

    bool operator==(const Value& other) const;
};

/// Lossless JSON. Numbers are JSON numbers (decimal digits kept exactly), text is text; other kinds are at-literals as text with a
/// leading '@' ("@2026-03-02", "@P1M", "@12:00:00"); a text that itself begins with '@' gets a second one. Functions are refused.
std::string to_json(const Value& value);
Result<Value> from_json(std::string_view json);

}  // namespace kiepe::feel
