#pragma once
// The inside of a Decimal: sign, coefficient and exponent in the encoding of IEEE 754-2019 section 3.5.2 (BID, 128 bits).
// Only decimal.cpp and decimal_math.cpp include this.
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

}  // namespace kiepe::decimal_bits
