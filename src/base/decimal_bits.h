#pragma once
// The inside of a Decimal: sign, coefficient and exponent in the encoding of IEEE 754-2019 section 3.5.2 (BID, 128 bits).
// For decimal.cpp, decimal_math.cpp, and the inner loops of FEEL that cannot afford a call for each addition.
#include <cstdint>

#include "base/decimal.h"

namespace kiepe::decimal_bits {

__extension__ using Wide = unsigned __int128;

constexpr int kBias = 6176;
constexpr int kMaxExponent = 6111;   // of the least digit
constexpr int kMinExponent = -6176;
constexpr int kDigits = 34;
constexpr std::uint64_t kSign = 0x8000000000000000u;
constexpr std::uint64_t kHighCoefficient = 0x0001ffffffffffffu;

/// Powers of ten that fit 128 bits: 10^0 to 10^38.
struct Powers {
    Wide of[39];
    constexpr Powers() : of{} {
        of[0] = 1;
        for (int i = 1; i < 39; ++i) of[i] = of[i - 1] * 10;
    }
};
inline constexpr Powers kPowers{};

struct Parts {
    bool negative = false;
    Wide coefficient = 0;
    int exponent = 0;
};

inline Parts take_apart(Decimal d) {
    return {(d.high_bits() & kSign) != 0, (Wide{d.high_bits() & kHighCoefficient} << 64) | d.low_bits(),
            static_cast<int>((d.high_bits() & ~kSign) >> 49) - kBias};
}

/// Precondition: coefficient < 10^34 and the exponent is in range.
inline Decimal put_together(bool negative, Wide coefficient, int exponent) {
    const auto high = static_cast<std::uint64_t>(coefficient >> 64) |
                      (static_cast<std::uint64_t>(exponent + kBias) << 49) | (negative ? kSign : 0);
    return Decimal::from_bits(static_cast<std::uint64_t>(coefficient), high);
}

inline bool exponent_fits(int exponent) { return exponent >= kMinExponent && exponent <= kMaxExponent; }

inline int digits_of(Wide coefficient) {
    int n = 1;
    while (n < 39 && coefficient >= kPowers.of[n]) ++n;
    return n;
}

/// The most frequent cases in line: coefficients of 64 bits with the same exponent. False: use the function of decimal.h.
inline bool quick_add(Decimal a, Decimal b, Decimal& sum) {
    if (((a.high_bits() ^ b.high_bits()) | (a.high_bits() & kHighCoefficient)) != 0) return false;
    const std::uint64_t low = a.low_bits() + b.low_bits();
    sum = Decimal::from_bits(low, a.high_bits() | (low < a.low_bits() ? 1u : 0u));
    return true;
}

/// Of numbers that are not negative, where the difference is not either.
inline bool quick_subtract(Decimal a, Decimal b, Decimal& difference) {
    if (a.high_bits() != b.high_bits() || (a.high_bits() & (kHighCoefficient | kSign)) != 0 || a.low_bits() < b.low_bits()) return false;
    difference = Decimal::from_bits(a.low_bits() - b.low_bits(), a.high_bits());
    return true;
}

inline bool quick_multiply(Decimal a, Decimal b, Decimal& product) {
    if (((a.high_bits() | b.high_bits()) & (kHighCoefficient | kSign)) != 0) return false;
    const Wide exact = Wide{a.low_bits()} * b.low_bits();
    const std::uint64_t exponent = (a.high_bits() >> 49) + (b.high_bits() >> 49);  // both with bias
    constexpr auto bias = static_cast<std::uint64_t>(kBias);
    if (exponent < bias || exponent > 2 * bias + kMaxExponent || exact >= kPowers.of[kDigits]) return false;
    product = Decimal::from_bits(static_cast<std::uint64_t>(exact), static_cast<std::uint64_t>(exact >> 64) | ((exponent - bias) << 49));
    return true;
}

inline int quick_compare(Decimal a, Decimal b) {
    if (a.high_bits() == b.high_bits() && (a.high_bits() & kSign) == 0) {
        return a.low_bits() < b.low_bits() ? -1 : (a.low_bits() > b.low_bits() ? 1 : 0);
    }
    return compare(a, b);
}

}  // namespace kiepe::decimal_bits
