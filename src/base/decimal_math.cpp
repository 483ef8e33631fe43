// Powers, roots, exponential and logarithm of decimals through MPFR: Intel's own are off by up to two units in the last digit.
#include <mpfr.h>

#include <algorithm>
#include <string>

#include "base/decimal.h"
#include "base/decimal_bits.h"

namespace kiepe {

using namespace decimal_bits;

namespace {

/// Enough for 34 digits after the worst cancellation (a logarithm next to 1 loses 113 bits).
constexpr mpfr_prec_t kBits = 384;
/// An integer power whose exact value needs no more bits is computed exactly and rounded once.
constexpr long kExactBits = 16384;

class Float {
public:
    explicit Float(mpfr_prec_t bits = kBits) { mpfr_init2(value_, bits); }
    ~Float() { mpfr_clear(value_); }
    Float(const Float&) = delete;
    Float& operator=(const Float&) = delete;
    mpfr_ptr get() { return value_; }

private:
    mpfr_t value_;
};

std::string digits_text(Wide coefficient) {
    std::string text;
    do {
        text.insert(text.begin(), static_cast<char>('0' + static_cast<int>(coefficient % 10)));
        coefficient /= 10;
    } while (coefficient != 0);
    return text;
}

void set(Float& target, const Parts& p) {
    const std::string text = (p.negative ? "-" : "") + digits_text(p.coefficient) + "e" + std::to_string(p.exponent);
    mpfr_set_str(target.get(), text.c_str(), 10, MPFR_RNDN);
}

/// The coefficient without trailing zeros: they would make exact values inexact in binary.
Parts strip(Parts p) {
    while (p.coefficient != 0 && p.coefficient % 10 == 0) {
        p.coefficient /= 10;
        ++p.exponent;
    }
    return p;
}

/// The 34 digits next to the binary value (times 10^scale); trailing zeros are dropped.
std::optional<Decimal> get(Float& source, long scale) {
    if (mpfr_zero_p(source.get()) != 0) return Decimal{};
    if (mpfr_number_p(source.get()) == 0) return std::nullopt;
    mpfr_exp_t point = 0;
    char* raw = mpfr_get_str(nullptr, &point, 10, kDigits, source.get(), MPFR_RNDN);
    std::string digits(raw);
    mpfr_free_str(raw);
    const bool negative = digits.front() == '-';
    if (negative) digits.erase(0, 1);
    const auto last = digits.find_last_not_of('0');
    const long exponent = static_cast<long>(point) - static_cast<long>(last + 1) + scale;
    digits.resize(last + 1);
    if (exponent > 20000) return std::nullopt;
    if (exponent < -20000) return Decimal{};
    return Decimal::parse((negative ? "-" : "") + digits + "e" + std::to_string(exponent));
}

/// Whole numbers are better off without an exponent: 2 ** 10 is 1024, 10 ** 2 is 100 and not 1E+2.
std::optional<Decimal> plain(std::optional<Decimal> d) {
    if (!d) return d;
    const Parts p = take_apart(*d);
    if (p.exponent <= 0 || digits_of(p.coefficient) + p.exponent > kDigits) return d;
    return put_together(p.negative, p.coefficient * kPowers.of[p.exponent], 0);
}

int bits_of(Wide n) {
    int bits = 0;
    for (; n != 0; n >>= 1) ++bits;
    return bits;
}

std::optional<Decimal> whole_power(const Parts& base, std::int64_t n) {
    const std::uint64_t size = n < 0 ? ~static_cast<std::uint64_t>(n) + 1 : static_cast<std::uint64_t>(n);
    if (size > 1'000'000'000) return std::nullopt;
    const long wanted = std::min<long>(kExactBits, static_cast<long>(size) * bits_of(base.coefficient) + 64);
    Float value(std::max<mpfr_prec_t>(wanted, kBits));
    Parts coefficient = base;
    coefficient.exponent = 0;
    set(value, coefficient);
    mpfr_pow_ui(value.get(), value.get(), size, MPFR_RNDN);
    if (n < 0) mpfr_ui_div(value.get(), 1, value.get(), MPFR_RNDN);
    return get(value, static_cast<long>(base.exponent) * static_cast<long>(n));
}

}  // namespace

std::optional<Decimal> power(Decimal a, Decimal b) {
    if (b.is_zero()) return Decimal{1};
    const Parts base = strip(take_apart(a));
    if (base.coefficient == 0) return b.is_negative() ? std::nullopt : std::optional{Decimal{}};
    if (const auto n = b.to_int()) {
        if (base.coefficient == 1 && base.exponent == 0) return base.negative && *n % 2 != 0 ? Decimal{-1} : Decimal{1};
        return plain(whole_power(base, *n));
    }
    if (base.negative) return std::nullopt;
    Float x;
    Float y;
    set(x, base);
    set(y, take_apart(b));
    mpfr_pow(x.get(), x.get(), y.get(), MPFR_RNDN);
    return plain(get(x, 0));
}

std::optional<Decimal> square_root(Decimal a) {
    Parts p = strip(take_apart(a));
    if (p.coefficient == 0) return Decimal{};
    if (p.negative) return std::nullopt;
    if (p.exponent % 2 != 0) {
        p.coefficient *= 10;
        --p.exponent;
    }
    const int half = p.exponent / 2;
    p.exponent = 0;
    Float x;
    set(x, p);
    mpfr_sqrt(x.get(), x.get(), MPFR_RNDN);
    return plain(get(x, half));
}

std::optional<Decimal> exponential(Decimal a) {
    Float x;
    set(x, take_apart(a));
    mpfr_exp(x.get(), x.get(), MPFR_RNDN);
    return plain(get(x, 0));
}

std::optional<Decimal> logarithm(Decimal a) {
    const Parts p = take_apart(a);
    if (p.coefficient == 0 || p.negative) return std::nullopt;
    Float x;
    set(x, p);
    mpfr_log(x.get(), x.get(), MPFR_RNDN);
    return plain(get(x, 0));
}

}  // namespace kiepe
