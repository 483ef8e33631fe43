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
struct Zone;        // zone.h
struct Type;        // feel.h
namespace detail {
struct Object;      // objects.h: what is shared and counted behind a value
void release(Object* object);
void retain(Object* object);
}
using List = std::vector<Value>;
/// Keeps the order of its entries; names are unique.
using Context = std::vector<std::pair<std::string, Value>>;

/// An immutable FEEL value; copying is cheap (scalars inline, the rest shared). Thread-safe as any const object.
/// Text is UTF-8. `==` is structural equality for tests and containers, not FEEL's `=` (that is feel::equal, three-valued).
///
/// 16 bytes: a number is its own decimal128; every other kind lives in decimal128's NaN space.
class Value {
public:
    Value() = default;  // null
    Value(const Value& other) : low_(other.low_), high_(other.high_) {
        if (is_shared()) detail::retain(object());
    }
    Value(Value&& other) noexcept : low_(other.low_), high_(other.high_) { other.forget(); }
    Value& operator=(const Value& other) {
        Value copy(other);
        swap(copy);
        return *this;
    }
    Value& operator=(Value&& other) noexcept {
        swap(other);
        return *this;
    }
    ~Value() {
        if (is_shared()) detail::release(object());
    }
    void swap(Value& other) noexcept {
        std::swap(low_, other.low_);
        std::swap(high_, other.high_);
    }

    static Value boolean(bool b) { return Value(b ? 1 : 0, tag(Kind::boolean)); }
    static Value number(Decimal n) { return Value(n.low_bits(), n.high_bits()); }
    static Value number(std::int64_t n) { return number(Decimal{n}); }
    static Value string(std::string s);
    static Value date(Day day);                       ///< a date in the years that std::chrono knows
    static Value list(List items);
    static Value context(Context entries);
    /// Times, date-times and durations from their ISO text; null where the text is none. E.g. duration("P1M").
    static Value time(std::string_view iso);
    static Value date_time(std::string_view iso);
    static Value duration(std::string_view iso);

    Kind kind() const {
        return (high_ & kNan) == kNan ? static_cast<Kind>((high_ >> 48) & 0xf) : Kind::number;
    }
    bool is_null() const { return kind() == Kind::null; }
    bool is_number() const { return (high_ & kNan) != kNan; }
    bool is_true() const {                            ///< boolean true, nothing else
        return high_ == tag(Kind::boolean) && low_ == 1;
    }
    bool is_false() const {                           ///< boolean false, nothing else (null is not false)
        return high_ == tag(Kind::boolean) && low_ == 0;
    }

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

    /// A date by its number of days since 1970-01-01; FEEL knows the years -999,999,999 to 999,999,999.
    static Value days(std::int64_t days_since_epoch);
    std::int64_t as_days() const;                     ///< precondition: a date
    static Value months_duration(std::int64_t months);
    std::int64_t as_months() const;                   ///< precondition: a years and months duration
    /// Seconds (may be negative) plus 0 to 999,999,999 nanoseconds.
    static Value seconds_duration(std::int64_t seconds, std::int32_t nanos = 0);
    std::int64_t as_seconds() const;                  ///< precondition: a days and time duration
    std::int32_t as_nanos() const;

    /// What somebody found out about a list or context and left on it, 0 at first: it stays true, for neither ever changes.
    std::uint32_t note() const;
    void leave_note(std::uint32_t note) const;

    /// For the room's own code: values of a shared object and back.
    static Value of(Kind kind, detail::Object* adopted);
    detail::Object* object() const { return reinterpret_cast<detail::Object*>(low_); }
    /// The number without a check. Precondition: is_number().
    Decimal number_bits() const { return Decimal::from_bits(low_, high_); }

private:
    Value(std::uint64_t low, std::uint64_t high) : low_(low), high_(high) {}
    static constexpr std::uint64_t kNan = 0x7c00000000000000u;
    static constexpr std::uint64_t kShared = 0x0200000000000000u;
    /// Kinds in the order of the enumeration, beside the NaN mark.
    static constexpr std::uint64_t tag(Kind kind) { return kNan | (static_cast<std::uint64_t>(kind) << 48); }
    bool is_shared() const { return (high_ & (kNan | kShared)) == (kNan | kShared); }
    /// Becomes null without giving back what it shared: somebody else has it now.
    void forget() {
        low_ = 0;
        high_ = tag(Kind::null);
    }
    void must_be(Kind kind) const;

    std::uint64_t low_ = 0;
    std::uint64_t high_ = tag(Kind::null);
};

/// A range as the literal `[low..high)` makes it; null where the ends cannot be compared with each other.
Value make_range(Value low, bool low_included, Value high, bool high_included);

/// Lossless JSON. Numbers are JSON numbers (decimal digits kept exactly), text is text; other kinds are at-literals as text with a
/// leading '@' ("@2026-03-02", "@P1M", "@12:00:00"); a text that itself begins with '@' gets a second one. Not kept: a function, and what
/// lies deeper than 200 levels or behind 64 MB, is written as null, so that the rest of a trace can be stored; nothing reads as a function.
std::string to_json(const Value& value);
Result<Value> from_json(std::string_view json);

}  // namespace kiepe::feel
