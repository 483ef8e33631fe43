#include "base/decimal.h"

#include <bid_conf.h>
#undef DECIMAL_CALL_BY_REFERENCE
#undef DECIMAL_GLOBAL_ROUNDING
#undef DECIMAL_GLOBAL_EXCEPTION_FLAGS
#define DECIMAL_CALL_BY_REFERENCE 0
#define DECIMAL_GLOBAL_ROUNDING 0
#define DECIMAL_GLOBAL_EXCEPTION_FLAGS 0
#include <bid_functions.h>

#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/decimal_bits.h"

// Every operation has a fast path for coefficients that fit 64 bits (all money does); the rest goes to Intel's library, which gives
// the same bits. Results are kept at the exponents that IEEE 754 prefers, so that both ways agree.

namespace kiepe {

using namespace decimal_bits;

namespace {

bool is_small(Decimal d) { return (d.high_bits() & kHighCoefficient) == 0; }
int exponent_of(Decimal d) { return static_cast<int>((d.high_bits() & ~kSign) >> 49) - kBias; }
bool sign_of(Decimal d) { return (d.high_bits() & kSign) != 0; }

BID_UINT128 to_bid(Decimal d) {
    BID_UINT128 bid;
    bid.w[0] = d.low_bits();
    bid.w[1] = d.high_bits();
    return bid;
}

std::optional<Decimal> from_bid(BID_UINT128 bid) {
    constexpr std::uint64_t special = 0x7800000000000000u;  // infinity or NaN
    if ((bid.w[1] & special) == special) return std::nullopt;
    return Decimal::from_bits(bid.w[0], bid.w[1]);
}

constexpr unsigned kHalfEven = 0;  // BID_ROUNDING_TO_NEAREST

std::optional<Decimal> add_small(Decimal a, Decimal b) {
    int ea = exponent_of(a);
    int eb = exponent_of(b);
    Wide ca = a.low_bits();
    Wide cb = b.low_bits();
    if (ea > eb) {
        if (ea - eb > 14) return std::nullopt;
        ca *= kPowers.of[ea - eb];
        ea = eb;
    } else if (eb > ea) {
        if (eb - ea > 14) return std::nullopt;
        cb *= kPowers.of[eb - ea];
    }
    const bool na = sign_of(a);
    const bool nb = sign_of(b);
    if (na == nb) return put_together(na, ca + cb, ea);
    if (ca == cb) return put_together(false, 0, ea);
    return ca > cb ? put_together(na, ca - cb, ea) : put_together(nb, cb - ca, ea);
}

}  // namespace

std::optional<Decimal> add(Decimal a, Decimal b) {
    // 2^64 * 10^14 + 2^64 * 10^14 < 10^34: no rounding can be needed
    if (is_small(a) && is_small(b)) {
        if (const auto sum = add_small(a, b)) return sum;
    }
    unsigned flags = 0;
    return from_bid(bid128_add(to_bid(a), to_bid(b), kHalfEven, &flags));
}

Decimal negate(Decimal a) {
    if (a.is_zero()) return a;
    return Decimal::from_bits(a.low_, a.high_ ^ kSign);
}

std::optional<Decimal> subtract(Decimal a, Decimal b) { return add(a, negate(b)); }

std::optional<Decimal> multiply(Decimal a, Decimal b) {
    if (is_small(a) && is_small(b)) {
        const Wide product = Wide{a.low_} * b.low_;
        const int exponent = exponent_of(a) + exponent_of(b);
        if (product < kPowers.of[kDigits] && exponent_fits(exponent)) {
            return put_together(product != 0 && sign_of(a) != sign_of(b), product, exponent);
        }
    }
    unsigned flags = 0;
    const auto result = from_bid(bid128_mul(to_bid(a), to_bid(b), kHalfEven, &flags));
    return result && result->is_zero() ? std::optional{put_together(false, 0, exponent_of(*result))} : result;
}

std::optional<Decimal> divide(Decimal a, Decimal b) {
    if (b.is_zero()) return std::nullopt;
    if (is_small(a) && is_small(b)) {
        const int exponent = exponent_of(a) - exponent_of(b);
        for (int shift = 0; shift <= 4 && exponent_fits(exponent - shift); ++shift) {
            const Wide dividend = Wide{a.low_} * kPowers.of[shift];
            if (dividend >> 64 != 0) break;
            if (static_cast<std::uint64_t>(dividend) % b.low_ == 0) {
                const auto quotient = static_cast<std::uint64_t>(dividend) / b.low_;
                return put_together(quotient != 0 && sign_of(a) != sign_of(b), quotient, exponent - shift);
            }
        }
    }
    unsigned flags = 0;
    const auto result = from_bid(bid128_div(to_bid(a), to_bid(b), kHalfEven, &flags));
    return result && result->is_zero() ? std::optional{put_together(false, 0, exponent_of(*result))} : result;
}

std::optional<Decimal> modulo(Decimal a, Decimal b) {
    const auto quotient = divide(a, b);
    if (!quotient) return std::nullopt;
    // The remainder of IEEE 754 truncation is exact; FEEL's modulo takes the sign of the divisor (10.3.4.5).
    unsigned flags = 0;
    const auto rest = from_bid(bid128_fmod(to_bid(a), to_bid(b), &flags));
    if (!rest || rest->is_zero()) return rest ? std::optional{put_together(false, 0, exponent_of(*rest))} : rest;
    return sign_of(*rest) == sign_of(b) ? rest : add(*rest, b);
}

int compare(Decimal a, Decimal b) {
    if (is_small(a) && is_small(b)) {
        const bool na = sign_of(a) && a.low_ != 0;
        const bool nb = sign_of(b) && b.low_ != 0;
        if (na != nb) return na ? -1 : 1;
        const int difference = exponent_of(a) - exponent_of(b);
        if (difference >= -14 && difference <= 14) {
            const Wide ca = Wide{a.low_} * kPowers.of[difference > 0 ? difference : 0];
            const Wide cb = Wide{b.low_} * kPowers.of[difference < 0 ? -difference : 0];
            if (ca == cb) return 0;
            return (ca < cb) != na ? -1 : 1;
        }
    }
    unsigned flags = 0;
    if (bid128_quiet_equal(to_bid(a), to_bid(b), &flags) != 0) return 0;
    return bid128_quiet_less(to_bid(a), to_bid(b), &flags) != 0 ? -1 : 1;
}

namespace {

/// True where `rest` of a division by `unit` lets the size of the quotient grow by one.
bool rounds_away(Decimal::Rounding mode, bool negative, bool odd, Wide rest, int against_half) {
    if (rest == 0) return false;
    using R = Decimal::Rounding;
    switch (mode) {
        case R::half_even: return against_half > 0 || (against_half == 0 && odd);
        case R::half_up: return against_half >= 0;
        case R::half_down: return against_half > 0;
        case R::up: return true;
        case R::down: return false;
        case R::floor: return negative;
        case R::ceiling: return !negative;
    }
    return false;
}

}  // namespace

std::optional<Decimal> round(Decimal a, int scale, Decimal::Rounding mode) {
    if (scale < kMinExponent || scale > -kMinExponent) return std::nullopt;
    const Parts p = take_apart(a);
    const int drop = -scale - p.exponent;  // digits to drop
    if (drop <= 0) {
        const int spare = kDigits - digits_of(p.coefficient);
        const int pad = p.coefficient == 0 ? -drop : (-drop < spare ? -drop : spare);
        const Wide padded = p.coefficient == 0 ? 0 : p.coefficient * kPowers.of[pad];
        return put_together(p.negative, padded, p.exponent - pad);
    }
    if (!exponent_fits(-scale)) return std::nullopt;
    Wide quotient = 0;
    Wide rest = p.coefficient;
    int against_half = -1;
    if (drop <= 38) {
        const Wide unit = kPowers.of[drop];
        if (drop < 20 && p.coefficient >> 64 == 0) {
            quotient = static_cast<std::uint64_t>(p.coefficient) / static_cast<std::uint64_t>(unit);
        } else {
            quotient = p.coefficient / unit;
        }
        rest = p.coefficient - quotient * unit;
        const Wide half = unit / 2;
        against_half = rest < half ? -1 : (rest == half ? 0 : 1);
    }
    if (rounds_away(mode, p.negative, (quotient & 1) != 0, rest, against_half)) ++quotient;
    if (quotient == kPowers.of[kDigits]) return put_together(p.negative, quotient / 10, -scale + 1);
    return put_together(p.negative && quotient != 0, quotient, -scale);
}

bool Decimal::is_whole() const {
    const Parts p = take_apart(*this);
    if (p.exponent >= 0 || p.coefficient == 0) return true;
    return -p.exponent <= 38 && p.coefficient % kPowers.of[-p.exponent] == 0;
}

std::optional<std::int64_t> Decimal::to_int() const {
    Parts p = take_apart(*this);
    if (p.coefficient == 0) return 0;
    if (p.exponent < 0) {
        if (!is_whole()) return std::nullopt;
        p.coefficient /= kPowers.of[-p.exponent];
    } else if (p.exponent > 0) {
        if (p.exponent > 18 || p.coefficient > kPowers.of[19]) return std::nullopt;
        p.coefficient *= kPowers.of[p.exponent];
    }
    const Wide limit = Wide{1} << 63;
    if (p.coefficient > limit || (p.coefficient == limit && !p.negative)) return std::nullopt;
    const auto size = static_cast<std::uint64_t>(p.coefficient);
    return static_cast<std::int64_t>(p.negative ? ~size + 1 : size);
}

double Decimal::to_double() const { return std::strtod(text().c_str(), nullptr); }

namespace {

struct Scan {
    Wide coefficient = 0;
    int digits = 0;        // significant ones that were taken
    long exponent = 0;
    bool any = false;      // a digit was seen
    bool overlong = false; // more digits than fit: the library rounds
};

void take_digit(Scan& scan, char c, bool behind_point) {
    scan.any = true;
    if (scan.digits < kDigits) {
        scan.coefficient = scan.coefficient * 10 + static_cast<unsigned>(c - '0');
        if (scan.coefficient != 0) ++scan.digits;
        if (behind_point) --scan.exponent;
        return;
    }
    scan.overlong = true;
}

std::optional<Decimal> parse_long(std::string_view text) {
    std::string copy(text);
    unsigned flags = 0;
    return from_bid(bid128_from_string(copy.data(), kHalfEven, &flags));
}

}  // namespace

std::optional<Decimal> Decimal::parse(std::string_view text) {
    std::size_t i = 0;
    bool negative = false;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) negative = text[i++] == '-';
    Scan scan;
    const auto is_digit = [&](std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
    while (is_digit(i)) take_digit(scan, text[i++], false);
    if (i < text.size() && text[i] == '.') {
        ++i;
        if (!is_digit(i)) return std::nullopt;
        while (is_digit(i)) take_digit(scan, text[i++], true);
    }
    if (!scan.any) return std::nullopt;
    if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
        ++i;
        if (i < text.size() && text[i] == '+') ++i;
        long power = 0;
        const auto [end, error] = std::from_chars(text.data() + i, text.data() + text.size(), power);
        if (error != std::errc{} || power > 100000 || power < -100000) return std::nullopt;
        i = static_cast<std::size_t>(end - text.data());
        scan.exponent += power;
    }
    if (i != text.size()) return std::nullopt;
    if (scan.overlong || scan.exponent > kMaxExponent || scan.exponent < kMinExponent) return parse_long(text);
    return put_together(negative && scan.coefficient != 0, scan.coefficient, static_cast<int>(scan.exponent));
}

std::string Decimal::text() const {
    const Parts p = take_apart(*this);
    char buffer[40];
    char* begin = buffer + sizeof buffer;
    Wide rest = p.coefficient;
    do {
        *--begin = static_cast<char>('0' + static_cast<int>(rest % 10));
        rest /= 10;
    } while (rest != 0);
    std::string digits(begin, buffer + sizeof buffer);
    const int count = static_cast<int>(digits.size());
    const std::string sign = p.negative && p.coefficient != 0 ? "-" : "";
    if (p.coefficient == 0 && p.exponent > 0) return "0";
    if (p.exponent >= 0 && count + p.exponent <= kDigits) {
        return sign + digits + std::string(static_cast<std::size_t>(p.exponent), '0');
    }
    const int point = count + p.exponent;  // digits in front of the point
    if (p.exponent < 0 && point > -kDigits) {
        if (point > 0) return sign + digits.insert(static_cast<std::size_t>(point), 1, '.');
        return sign + "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
    }
    if (p.coefficient == 0) return "0";
    const int power = point - 1;
    if (count > 1) digits.insert(1, 1, '.');
    return sign + digits + (power < 0 ? "e-" : "e+") + std::to_string(std::abs(power));
}

}  // namespace kiepe
