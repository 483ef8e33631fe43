// DMN 1.5 section 10.3.4.5, numeric functions, and 10.3.4.3, boolean function.
#include "feel/builtin.h"

namespace kiepe::feel {

namespace {

Value round_to(Arguments& a, Decimal::Rounding mode) {
    if (a.kind(0) != Kind::number) return a.fail("the argument is no number");
    std::int64_t scale = 0;
    if (a.has(1)) {
        if (a.kind(1) != Kind::number) return a.fail("the scale is no number");
        const auto whole = round(a[1].number_bits(), 0, Decimal::Rounding::down);
        const auto n = whole ? whole->to_int() : std::nullopt;
        if (!n || *n < -6111 || *n > 6176) return a.fail("the scale is not between -6111 and 6176");
        scale = *n;
    }
    return from_optional(round(a[0].number_bits(), static_cast<int>(scale), mode));
}

template <Decimal::Rounding mode>
Value rounding(Arguments& a) {
    return round_to(a, mode);
}

Value absolute(Arguments& a) {
    switch (a.kind(0)) {
        case Kind::number: return a[0].number_bits().is_negative() ? negate(a[0]) : a[0];
        case Kind::days_time_duration: return a[0].as_seconds() < 0 ? negate(a[0]) : a[0];
        case Kind::years_months_duration: return a[0].as_months() < 0 ? negate(a[0]) : a[0];
        default: return a.fail("the argument is no number and no duration");
    }
}

Value modulo_of(Arguments& a) {
    if (a.kind(0) != Kind::number || a.kind(1) != Kind::number) return a.fail("an argument is no number");
    const auto result = modulo(a[0].number_bits(), a[1].number_bits());
    return result ? Value::number(*result) : a.fail("division by zero");
}

template <std::optional<Decimal> (*operation)(Decimal)>
Value of_number(Arguments& a) {
    if (a.kind(0) != Kind::number) return a.fail("the argument is no number");
    const auto result = operation(a[0].number_bits());
    return result ? Value::number(*result) : a.fail("there is no such number");
}

Value is_odd(Arguments& a, bool odd) {
    if (a.kind(0) != Kind::number) return a.fail("the argument is no number");
    const auto rest = modulo(a[0].number_bits(), 2);
    if (!a[0].number_bits().is_whole() || !rest) return Value::boolean(false);
    return Value::boolean(rest->is_zero() != odd);
}
Value odd(Arguments& a) { return is_odd(a, true); }
Value even(Arguments& a) { return is_odd(a, false); }

Value not_of(Arguments& a) {
    if (a.kind(0) == Kind::boolean) return Value::boolean(!a[0].is_true());
    return a.kind(0) == Kind::null ? Value{} : a.fail("the argument is no boolean");
}

}  // namespace

std::vector<Builtin> number_builtins() {
    using R = Decimal::Rounding;
    return {
        {"decimal", "n,scale", 2, 2, rounding<R::half_even>, "number"},
        {"floor", "n,scale", 1, 2, rounding<R::floor>, "number"},
        {"ceiling", "n,scale", 1, 2, rounding<R::ceiling>, "number"},
        {"round up", "n,scale", 2, 2, rounding<R::up>, "number"},
        {"round down", "n,scale", 2, 2, rounding<R::down>, "number"},
        {"round half up", "n,scale", 2, 2, rounding<R::half_up>, "number"},
        {"round half down", "n,scale", 2, 2, rounding<R::half_down>, "number"},
        {"abs", "n", 1, 1, absolute, "same"},
        {"modulo", "dividend,divisor", 2, 2, modulo_of, "number"},
        {"sqrt", "number", 1, 1, of_number<square_root>, "number"},
        {"log", "number", 1, 1, of_number<logarithm>, "number"},
        {"exp", "number", 1, 1, of_number<exponential>, "number"},
        {"odd", "number", 1, 1, odd, "boolean"},
        {"even", "number", 1, 1, even, "boolean"},
        {"not", "negand", 1, 1, not_of, "boolean"},
    };
}

}  // namespace kiepe::feel
