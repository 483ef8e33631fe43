#include "feel/external.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/text.h"
#include "feel/feel.h"

namespace kiepe::feel {
namespace {

using Body = Value (*)(const List&);

bool numbers(const List& a) {
    return std::all_of(a.begin(), a.end(), [](const Value& v) { return v.kind() == Kind::number; });
}

Value from(std::optional<Decimal> number) { return number ? Value::number(*number) : Value(); }

Value from(double number) { return std::isfinite(number) ? from(Decimal::parse(fmt::format("{}", number))) : Value(); }

template <double (*Function)(double)>
Value real(const List& a) {
    return numbers(a) ? from(Function(a[0].as_number().to_double())) : Value();
}

template <bool Greater>
Value extreme(const List& a) {
    if (!numbers(a)) return {};
    const bool first = Greater == (compare(a[0].as_number(), a[1].as_number()) > 0);
    return first ? a[0] : a[1];
}

Value absolute(const List& a) {
    if (!numbers(a)) return {};
    return compare(a[0].as_number(), Decimal(0)) < 0 ? Value::number(negate(a[0].as_number())) : a[0];
}

Value raised(const List& a) { return numbers(a) ? from(power(a[0].as_number(), a[1].as_number())) : Value(); }

template <Decimal::Rounding Mode>
Value rounded(const List& a) {
    return numbers(a) ? from(round(a[0].as_number(), 0, Mode)) : Value();
}

/// A whole number within the limits of a Java type.
template <class Integer>
Value whole(const List& a) {
    const Value number = a[0].kind() == Kind::string ? from(Decimal::parse(a[0].as_string())) : a[0];
    if (number.kind() != Kind::number) return {};
    const auto n = number.as_number().to_int();
    const bool fits = n && *n >= std::numeric_limits<Integer>::min() && *n <= std::numeric_limits<Integer>::max();
    return fits ? Value::number(*n) : Value();
}

Value number_of(const List& a) {
    if (a[0].kind() == Kind::number) return a[0];
    return a[0].kind() == Kind::string ? from(Decimal::parse(a[0].as_string())) : Value();
}

Value character(const List& a) {
    return a[0].kind() == Kind::string && length_utf8(a[0].as_string()) == 1 ? a[0] : Value();
}

Value text_of(const List& a) { return Value::string(a[0].text()); }

/// java.lang.String.format with %s, %d and %%.
Value formatted(const List& a) {
    if (a[0].kind() != Kind::string) return {};
    List arguments(a.begin() + 1, a.end());
    if (arguments.size() == 1 && arguments[0].kind() == Kind::list) arguments = List(arguments[0].as_list());
    std::string text;
    std::size_t next = 0;
    const std::string& pattern = a[0].as_string();
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] != '%') {
            text += pattern[i];
            continue;
        }
        const char kind = i + 1 < pattern.size() ? pattern[++i] : '\0';
        if (kind == '%') {
            text += '%';
            continue;
        }
        if ((kind != 's' && kind != 'd') || next >= arguments.size()) return {};
        if (kind == 'd' && (arguments[next].kind() != Kind::number || !arguments[next].as_number().to_int())) return {};
        text += arguments[next++].text();
    }
    return Value::string(std::move(text));
}

struct External {
    std::string_view java_class, method;
    std::size_t least, most;
    Body body;
};

using Rounding = Decimal::Rounding;
constexpr std::size_t kMany = 20;

constexpr External kExternals[] = {
    {"java.lang.Math", "abs(double)", 1, 1, absolute},
    {"java.lang.Math", "abs(long)", 1, 1, absolute},
    {"java.lang.Math", "abs(int)", 1, 1, absolute},
    {"java.lang.Math", "max(double,double)", 2, 2, extreme<true>},
    {"java.lang.Math", "max(float,float)", 2, 2, extreme<true>},
    {"java.lang.Math", "max(long,long)", 2, 2, extreme<true>},
    {"java.lang.Math", "max(int,int)", 2, 2, extreme<true>},
    {"java.lang.Math", "min(double,double)", 2, 2, extreme<false>},
    {"java.lang.Math", "min(float,float)", 2, 2, extreme<false>},
    {"java.lang.Math", "min(long,long)", 2, 2, extreme<false>},
    {"java.lang.Math", "min(int,int)", 2, 2, extreme<false>},
    {"java.lang.Math", "cos(double)", 1, 1, real<std::cos>},
    {"java.lang.Math", "sin(double)", 1, 1, real<std::sin>},
    {"java.lang.Math", "tan(double)", 1, 1, real<std::tan>},
    {"java.lang.Math", "exp(double)", 1, 1, real<std::exp>},
    {"java.lang.Math", "log(double)", 1, 1, real<std::log>},
    {"java.lang.Math", "sqrt(double)", 1, 1, real<std::sqrt>},
    {"java.lang.Math", "pow(double,double)", 2, 2, raised},
    {"java.lang.Math", "floor(double)", 1, 1, rounded<Rounding::floor>},
    {"java.lang.Math", "ceil(double)", 1, 1, rounded<Rounding::ceiling>},
    {"java.lang.Byte", "valueOf(byte)", 1, 1, whole<std::int8_t>},
    {"java.lang.Byte", "valueOf(java.lang.String)", 1, 1, whole<std::int8_t>},
    {"java.lang.Short", "valueOf(short)", 1, 1, whole<std::int16_t>},
    {"java.lang.Short", "valueOf(java.lang.String)", 1, 1, whole<std::int16_t>},
    {"java.lang.Integer", "valueOf(int)", 1, 1, whole<std::int32_t>},
    {"java.lang.Integer", "valueOf(java.lang.String)", 1, 1, whole<std::int32_t>},
    {"java.lang.Long", "valueOf(long)", 1, 1, whole<std::int64_t>},
    {"java.lang.Long", "valueOf(java.lang.String)", 1, 1, whole<std::int64_t>},
    {"java.lang.Float", "valueOf(float)", 1, 1, number_of},
    {"java.lang.Float", "valueOf(java.lang.String)", 1, 1, number_of},
    {"java.lang.Double", "valueOf(double)", 1, 1, number_of},
    {"java.lang.Double", "valueOf(java.lang.String)", 1, 1, number_of},
    {"java.lang.String", "valueOf(char)", 1, 1, character},
    {"java.lang.String", "valueOf(java.lang.Object)", 1, 1, text_of},
    {"java.lang.String", "format(java.lang.String,[Ljava.lang.Object;)", 1, kMany, formatted},
};

}  // namespace

std::optional<Value> external_function(std::string_view java_class, std::string_view method, std::vector<std::string> parameters) {
    const std::string bare = replace_all(std::string(method), " ", "");
    for (const auto& each : kExternals) {
        if (each.java_class != java_class || each.method != bare) continue;
        if (parameters.size() < each.least || parameters.size() > each.most) return std::nullopt;
        return make_function(std::move(parameters), each.body);
    }
    return std::nullopt;
}

}  // namespace kiepe::feel
