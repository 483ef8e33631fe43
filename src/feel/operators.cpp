#include "feel/operators.h"

#include <algorithm>

#include "base/decimal_bits.h"
#include "feel/session.h"

namespace kiepe::feel {

using namespace detail;

namespace {

__extension__ using Wide = __int128;

constexpr std::int64_t kMillisecond = 1'000'000;

Value duration_from_nanos(Wide nanos) {
    Wide seconds = nanos / kNanosPerSecond;
    Wide rest = nanos % kNanosPerSecond;
    if (rest < 0) {
        rest += kNanosPerSecond;
        seconds -= 1;
    }
    if (seconds > Wide{INT64_MAX} / 2 || seconds < Wide{INT64_MIN} / 2) return {};
    return Value::seconds_duration(static_cast<std::int64_t>(seconds), static_cast<std::int32_t>(rest));
}

Wide nanos_of(const Value& duration) { return Wide{duration.as_seconds()} * kNanosPerSecond + duration.as_nanos(); }

/// Nanoseconds since 1970, in UTC where the place is known.
Wide instant(const Clocked& c) { return Wide{c.utc_seconds()} * kNanosPerSecond + c.nanos % kNanosPerSecond; }

bool day_in_range(std::int64_t day) {
    static const std::int64_t first = days_from_civil(-kMaxYear, 1, 1);
    static const std::int64_t last = days_from_civil(kMaxYear, 12, 31);
    return day >= first && day <= last;
}

Value day_or_null(std::int64_t day) { return day_in_range(day) ? Value::days(day) : Value{}; }

Value moved_by_months(const Value& v, std::int64_t months) {
    if (months > kMaxYear * 24 || months < -kMaxYear * 24) return {};
    if (v.kind() == Kind::date) return day_or_null(add_months_to_days(v.as_days(), months));
    Clocked c = clocked(v);
    c.day = add_months_to_days(c.day, months);
    if (!day_in_range(c.day)) return {};
    if (c.zone != nullptr) c.offset = c.zone->offset_at_local(c.local_seconds());
    return date_time_value(c);
}

Wide floor_div(Wide a, Wide b) { return a / b - (a % b != 0 && (a % b < 0) != (b < 0) ? 1 : 0); }

Value moved_by_nanos(const Value& v, Wide nanos) {
    constexpr Wide day_nanos = Wide{kSecondsPerDay} * kNanosPerSecond;
    if (v.kind() == Kind::date) {
        // 10.3.2.3.8: a date is a date and time at midnight in UTC for arithmetic; the result is a date again.
        const Wide days = floor_div(nanos, day_nanos);
        if (days > Wide{kMaxYear} * 1000 || days < -Wide{kMaxYear} * 1000) return {};
        return day_or_null(v.as_days() + static_cast<std::int64_t>(days));
    }
    Clocked c = clocked(v);
    // In a zone an hour is an hour on the clock of the world, also in the night in which summer time ends.
    const bool by_instant = c.zone != nullptr && v.kind() == Kind::date_time;
    const Wide sum = Wide{c.nanos} + nanos - (by_instant ? Wide{c.offset} * kNanosPerSecond : 0);
    const Wide days = floor_div(sum, day_nanos);
    c.nanos = static_cast<std::int64_t>(sum - days * day_nanos);
    if (v.kind() == Kind::time) return time_value(c);
    if (days > Wide{kMaxYear} * 1000 || days < -Wide{kMaxYear} * 1000) return {};
    c.day += static_cast<std::int64_t>(days);
    if (by_instant) {
        c.offset = c.zone->offset_at_utc(c.local_seconds());
        const std::int64_t seconds = c.local_seconds() + c.offset;
        c.nanos = c.nanos % kNanosPerSecond;
        c.day = static_cast<std::int64_t>(floor_div(seconds, kSecondsPerDay));
        c.nanos += (seconds - c.day * kSecondsPerDay) * kNanosPerSecond;
    }
    return day_in_range(c.day) ? date_time_value(c) : Value{};
}

bool is_moment(Kind k) { return k == Kind::date || k == Kind::date_time; }
bool is_temporal(Kind k) { return is_moment(k) || k == Kind::time; }

Clocked as_moment(const Value& v) {
    if (v.kind() != Kind::date) return clocked(v);
    Clocked c;
    c.day = v.as_days();
    c.has_offset = true;  // midnight in UTC
    return c;
}

Value moved(const Value& v, const Value& duration, int sign) {
    if (duration.kind() == Kind::years_months_duration) {
        return is_moment(v.kind()) ? moved_by_months(v, sign * duration.as_months()) : Value{};
    }
    return moved_by_nanos(v, sign * nanos_of(duration));
}

bool is_duration(Kind k) { return k == Kind::days_time_duration || k == Kind::years_months_duration; }

Value months_or_null(Wide months) {
    if (months > Wide{INT64_MAX} / 4 || months < Wide{INT64_MIN} / 4) return {};
    return Value::months_duration(static_cast<std::int64_t>(months));
}

Decimal decimal_of(Wide n) {
    const auto billion = Wide{1'000'000'000'000'000};
    const auto high = kiepe::multiply(Decimal{static_cast<std::int64_t>(n / billion)}, Decimal{static_cast<std::int64_t>(billion)});
    return *kiepe::add(*high, Decimal{static_cast<std::int64_t>(n % billion)});
}

Value scaled(const Value& duration, std::optional<Decimal> factor, bool divides) {
    if (!factor) return {};
    const bool months = duration.kind() == Kind::years_months_duration;
    const Decimal size = decimal_of(months ? Wide{duration.as_months()} : nanos_of(duration));
    const auto result = divides ? kiepe::divide(size, *factor) : kiepe::multiply(size, *factor);
    const auto whole = result ? kiepe::round(*result, 0, Decimal::Rounding::down) : std::nullopt;
    if (!whole) return {};
    if (months) {
        const auto n = whole->to_int();
        return n ? months_or_null(*n) : Value{};
    }
    const auto seconds = kiepe::round(*kiepe::divide(*whole, Decimal{kNanosPerSecond}), 0, Decimal::Rounding::floor);
    const auto rest = kiepe::subtract(*whole, *kiepe::multiply(*seconds, Decimal{kNanosPerSecond}));
    if (!seconds->to_int() || !rest->to_int()) return {};
    return Value::seconds_duration(*seconds->to_int(), static_cast<std::int32_t>(*rest->to_int()));
}

}  // namespace

Value add(const Value& a, const Value& b) {
    if (a.is_number() && b.is_number()) return from_optional(kiepe::add(a.number_bits(), b.number_bits()));
    const Kind ka = a.kind();
    const Kind kb = b.kind();
    if (ka == Kind::string && kb == Kind::string) return Value::string(detail::text(a) + detail::text(b));
    if (is_temporal(ka) && is_duration(kb)) return moved(a, b, 1);
    if (is_duration(ka) && is_temporal(kb)) return moved(b, a, 1);
    if (ka == kb && ka == Kind::days_time_duration) return duration_from_nanos(nanos_of(a) + nanos_of(b));
    if (ka == kb && ka == Kind::years_months_duration) return months_or_null(Wide{a.as_months()} + b.as_months());
    return {};
}

Value subtract(const Value& a, const Value& b) {
    if (a.is_number() && b.is_number()) return from_optional(kiepe::subtract(a.number_bits(), b.number_bits()));
    const Kind ka = a.kind();
    const Kind kb = b.kind();
    if (is_temporal(ka) && is_duration(kb)) return moved(a, b, -1);
    if (ka == Kind::time && kb == Kind::time) {
        if (clocked(a).has_offset != clocked(b).has_offset) return {};
        return duration_from_nanos(instant(clocked(a)) - instant(clocked(b)));
    }
    if (is_moment(ka) && is_moment(kb)) {
        const Clocked ma = as_moment(a);
        const Clocked mb = as_moment(b);
        // 10.3.2.3.8: without a place on one side only the distance is not known
        if (ma.has_offset != mb.has_offset) return {};
        return duration_from_nanos(instant(ma) - instant(mb));
    }
    if (ka == kb && ka == Kind::days_time_duration) return duration_from_nanos(nanos_of(a) - nanos_of(b));
    if (ka == kb && ka == Kind::years_months_duration) return months_or_null(Wide{a.as_months()} - b.as_months());
    return {};
}

Value multiply(const Value& a, const Value& b) {
    if (a.is_number() && b.is_number()) return from_optional(kiepe::multiply(a.number_bits(), b.number_bits()));
    if (is_duration(a.kind()) && b.is_number()) return scaled(a, b.number_bits(), false);
    if (a.is_number() && is_duration(b.kind())) return scaled(b, a.number_bits(), false);
    return {};
}

Value divide(const Value& a, const Value& b) {
    if (a.is_number() && b.is_number()) return from_optional(kiepe::divide(a.number_bits(), b.number_bits()));
    if (is_duration(a.kind()) && b.is_number()) return b.number_bits().is_zero() ? Value{} : scaled(a, b.number_bits(), true);
    if (a.kind() == b.kind() && a.kind() == Kind::years_months_duration) {
        return from_optional(kiepe::divide(Decimal{a.as_months()}, Decimal{b.as_months()}));
    }
    if (a.kind() == b.kind() && a.kind() == Kind::days_time_duration) {
        return from_optional(kiepe::divide(decimal_of(nanos_of(a)), decimal_of(nanos_of(b))));
    }
    return {};
}

Value power(const Value& a, const Value& b) {
    if (!a.is_number() || !b.is_number()) return {};
    return from_optional(kiepe::power(a.number_bits(), b.number_bits()));
}

Value negate(const Value& a) {
    switch (a.kind()) {
        case Kind::number: return Value::number(kiepe::negate(a.number_bits()));
        case Kind::days_time_duration: return duration_from_nanos(-nanos_of(a));
        case Kind::years_months_duration: return Value::months_duration(-a.as_months());
        default: return {};
    }
}

namespace {

template <class T>
int sign_of(const T& a, const T& b) {
    return a < b ? -1 : (b < a ? 1 : 0);
}

std::optional<int> order_clocked(const Clocked& a, const Clocked& b) {
    if (a.has_offset != b.has_offset) return std::nullopt;
    return sign_of(instant(a), instant(b));
}

/// Lists that hold the same list twice, and that one the next, are small and yet have more items than there is time to compare.
bool may_compare(std::size_t items) {
    Run* const run = current_run();
    return run == nullptr || run->spend(static_cast<std::int64_t>(items / 4 + 1));
}

std::optional<bool> equal_lists(const List& a, const List& b) {
    if (a.size() != b.size()) return false;
    if (!may_compare(a.size())) return std::nullopt;
    bool unknown = false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const auto same = equal(a[i], b[i]);
        if (same && !*same) return false;
        unknown = unknown || !same;
    }
    return unknown ? std::nullopt : std::optional{true};
}

std::optional<bool> equal_contexts(const Context& a, const Context& b) {
    if (a.size() != b.size()) return false;
    if (!may_compare(a.size())) return std::nullopt;
    bool unknown = false;
    for (const auto& [name, value] : a) {
        const auto other = std::find_if(b.begin(), b.end(), [&key = name](const auto& e) { return e.first == key; });
        if (other == b.end()) return false;
        const auto same = equal(value, other->second);
        if (same && !*same) return false;
        unknown = unknown || !same;
    }
    return unknown ? std::nullopt : std::optional{true};
}

/// 10.3.2.13: times are equal by their properties, and seconds count down to the millisecond there.
bool equal_clocked(const Clocked& a, const Clocked& b) {
    if (a.has_offset != b.has_offset) return false;
    return floor_div(instant(a), kMillisecond) == floor_div(instant(b), kMillisecond);
}

bool same_end(const Value& a, const Value& b) {
    const auto same = equal(a, b);
    return same && *same;
}

}  // namespace

std::optional<bool> equal(const Value& a, const Value& b) {
    const Kind k = a.kind();
    if (k == Kind::null || b.is_null()) return k == b.kind();
    if (k != b.kind()) return std::nullopt;
    switch (k) {
        case Kind::number: return a.number_bits() == b.number_bits();
        case Kind::boolean: return a.is_true() == b.is_true();
        case Kind::string: return detail::text(a) == detail::text(b);
        case Kind::date: return a.as_days() == b.as_days();
        case Kind::time:
        case Kind::date_time: return equal_clocked(clocked(a), clocked(b));
        case Kind::days_time_duration: return nanos_of(a) == nanos_of(b);
        case Kind::years_months_duration: return a.as_months() == b.as_months();
        case Kind::list: return a.object() == b.object() ? std::optional{true} : equal_lists(items(a), items(b));
        case Kind::context: return equal_contexts(entries(a), entries(b));
        case Kind::range: {
            const Range& ra = range(a);
            const Range& rb = range(b);
            const bool plain_a = ra.form == Range::Form::equals || ra.form == Range::Form::differs;
            const bool plain_b = rb.form == Range::Form::equals || rb.form == Range::Form::differs;
            if (ra.form != rb.form && (plain_a || plain_b)) return false;
            if ((ra.form == Range::Form::interval) != (rb.form == Range::Form::interval)) return false;
            return ra.low_included == rb.low_included && ra.high_included == rb.high_included && same_end(ra.low, rb.low) &&
                   same_end(ra.high, rb.high);
        }
        case Kind::function: return a.object() == b.object();
        case Kind::null: break;
    }
    return std::nullopt;
}

std::optional<int> order(const Value& a, const Value& b) {
    if (a.is_number() && b.is_number()) return kiepe::compare(a.number_bits(), b.number_bits());
    if (a.kind() != b.kind()) return std::nullopt;
    switch (a.kind()) {
        case Kind::string: return sign_of(detail::text(a).compare(detail::text(b)), 0);
        case Kind::date: return sign_of(a.as_days(), b.as_days());
        case Kind::time:
        case Kind::date_time: return order_clocked(clocked(a), clocked(b));
        case Kind::days_time_duration: return sign_of(nanos_of(a), nanos_of(b));
        case Kind::years_months_duration: return sign_of(a.as_months(), b.as_months());
        default: return std::nullopt;
    }
}

std::optional<bool> less(const Value& a, const Value& b) {
    const auto o = order(a, b);
    return o ? std::optional{*o < 0} : std::nullopt;
}

Value compare(Compare op, const Value& a, const Value& b) {
    if (op == Compare::equal) return from_optional(equal(a, b));
    if (op == Compare::not_equal) {
        const auto same = equal(a, b);
        return same ? Value::boolean(!*same) : Value{};
    }
    const auto o = order(a, b);
    if (!o) return {};
    switch (op) {
        case Compare::less: return Value::boolean(*o < 0);
        case Compare::less_equal: return Value::boolean(*o <= 0);
        case Compare::greater: return Value::boolean(*o > 0);
        default: return Value::boolean(*o >= 0);
    }
}

std::optional<bool> contains(const Range& r, const Value& value) {
    using Form = Range::Form;
    if (r.form == Form::interval && value.is_number() && r.low.is_number() && r.high.is_number()) [[likely]] {
        const int low = decimal_bits::quick_compare(value.number_bits(), r.low.number_bits());
        const int high = decimal_bits::quick_compare(value.number_bits(), r.high.number_bits());
        return (low > 0 || (low == 0 && r.low_included)) && (high < 0 || (high == 0 && r.high_included));
    }
    if (r.form == Form::equals) return equal(value, r.low);
    if (r.form == Form::differs) {
        const auto same = equal(value, r.low);
        return same ? std::optional{!*same} : std::nullopt;
    }
    const bool has_low = r.form != Form::less && r.form != Form::less_equal;
    const bool has_high = r.form != Form::greater && r.form != Form::greater_equal;
    if (has_low) {
        const auto o = order(value, r.low);
        if (!o) return std::nullopt;
        if (*o < 0 || (*o == 0 && !r.low_included)) return false;
    }
    if (has_high) {
        const auto o = order(value, r.high);
        if (!o) return std::nullopt;
        if (*o > 0 || (*o == 0 && !r.high_included)) return false;
    }
    return true;
}

std::optional<bool> satisfies(const Value& input, const Value& test) {
    if (test.kind() == Kind::range) {
        if (input.kind() == Kind::range) return equal(input, test);
        return contains(range(test), input);
    }
    if (test.kind() == Kind::list) {
        if (input.kind() == Kind::list && equal(input, test).value_or(false)) return true;
        for (const auto& item : items(test)) {
            if (item.kind() == Kind::list ? equal(input, item).value_or(false) : satisfies(input, item).value_or(false)) return true;
        }
        return false;
    }
    return equal(input, test);
}

namespace {

Value clock_property(const Clocked& c, std::string_view name) {
    const std::int64_t seconds = c.nanos / kNanosPerSecond;
    if (name == "hour") return Value::number(seconds / 3600);
    if (name == "minute") return Value::number(seconds / 60 % 60);
    if (name == "second") {
        const std::int64_t rest = c.nanos % kNanosPerSecond;
        if (rest == 0) return Value::number(seconds % 60);
        return from_optional(kiepe::divide(Decimal{seconds % 60 * kNanosPerSecond + rest}, Decimal{kNanosPerSecond}));
    }
    if (name == "time offset") return c.has_offset ? Value::seconds_duration(c.offset) : Value{};
    if (name == "timezone") return c.zone != nullptr ? Value::string(c.zone->name) : Value{};
    return {};
}

Value day_property(std::int64_t days, std::string_view name) {
    if (name == "weekday") return Value::number(std::int64_t{weekday(days)});
    const CivilDay civil = civil_from_days(days);
    if (name == "year") return Value::number(civil.year);
    if (name == "month") return Value::number(std::int64_t{civil.month});
    if (name == "day") return Value::number(std::int64_t{civil.day});
    return {};
}

Value length_property(const Value& v, std::string_view name) {
    const Wide nanos = nanos_of(v);
    const bool negative = nanos < 0;
    const Wide size = negative ? -nanos : nanos;
    const auto seconds = static_cast<std::int64_t>(size / kNanosPerSecond);
    const auto signed_number = [&](std::int64_t n) { return Value::number(negative ? -n : n); };
    if (name == "days") return signed_number(seconds / kSecondsPerDay);
    if (name == "hours") return signed_number(seconds / 3600 % 24);
    if (name == "minutes") return signed_number(seconds / 60 % 60);
    if (name == "seconds") {
        const auto rest = static_cast<std::int64_t>(size % kNanosPerSecond);
        if (rest == 0) return signed_number(seconds % 60);
        const std::int64_t all = seconds % 60 * kNanosPerSecond + rest;
        return from_optional(kiepe::divide(Decimal{negative ? -all : all}, Decimal{kNanosPerSecond}));
    }
    return {};
}

Value range_property(const Range& r, std::string_view name) {
    if (name == "start") return r.low;
    if (name == "end") return r.form == Range::Form::equals ? r.low : r.high;
    if (name == "start included") return Value::boolean(r.low_included);
    if (name == "end included") return Value::boolean(r.high_included);
    return {};
}

}  // namespace

Value property(const Value& value, std::string_view name) {
    switch (value.kind()) {
        case Kind::date: return day_property(value.as_days(), name);
        case Kind::time: return clock_property(clocked(value), name);
        case Kind::date_time: {
            Value found = clock_property(clocked(value), name);
            return found.is_null() ? day_property(clocked(value).day, name) : found;
        }
        case Kind::years_months_duration:
            if (name == "years") return Value::number(value.as_months() / 12);
            return name == "months" ? Value::number(value.as_months() % 12) : Value{};
        case Kind::days_time_duration: return length_property(value, name);
        case Kind::range: return range_property(range(value), name);
        default: return {};
    }
}

Value path(const Value& value, const std::string& name) {
    if (value.kind() == Kind::context) return value.get(name);
    if (value.kind() == Kind::list) {
        List all;
        all.reserve(items(value).size());
        for (const auto& item : items(value)) all.push_back(path(item, name));
        return Value::list(std::move(all));
    }
    return property(value, name);
}

const char* kind_name(Kind kind) {
    constexpr const char* names[] = {"null", "boolean", "number", "string", "date", "time", "date and time",
                                     "days and time duration", "years and months duration", "list", "context", "range", "function"};
    return names[static_cast<int>(kind)];
}

Value make_range(Value low, bool low_included, Value high, bool high_included) {
    if (!low.is_null() && !high.is_null() && !order(low, high)) return {};
    return range_value({Range::Form::interval, std::move(low), std::move(high), low_included, high_included});
}

}  // namespace kiepe::feel
