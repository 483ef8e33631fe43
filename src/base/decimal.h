#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kiepe {

/// A decimal number of 34 digits (IEEE 754-2019 decimal128), correctly rounded, half to even: FEEL's numbers and money.
/// 16 bytes, no allocation. Not finite results do not exist: an operation that has none gives nullopt (FEEL: null).
class Decimal {
public:
    constexpr Decimal() = default;  // 0
    Decimal(std::int64_t n)         // NOLINT(google-explicit-constructor): whole numbers are decimals
        : low_(n < 0 ? ~static_cast<std::uint64_t>(n) + 1 : static_cast<std::uint64_t>(n)),
          high_(n < 0 ? 0xb040000000000000u : 0x3040000000000000u) {}
    Decimal(int n) : Decimal(std::int64_t{n}) {}
    /// "-12.50", "1e3", ".5"; nothing else around it.
    static std::optional<Decimal> parse(std::string_view text);

    /// Plain digits without exponent where that is short ("0.0004991", "260.00" keeps its zeros), else scientific.
    std::string text() const;
    double to_double() const;
    /// The whole number, where it is one and fits.
    std::optional<std::int64_t> to_int() const;

    friend std::optional<Decimal> add(Decimal a, Decimal b);
    friend std::optional<Decimal> subtract(Decimal a, Decimal b);
    friend std::optional<Decimal> multiply(Decimal a, Decimal b);
    friend std::optional<Decimal> divide(Decimal a, Decimal b);      ///< nullopt by 0
    friend std::optional<Decimal> power(Decimal a, Decimal b);
    friend int compare(Decimal a, Decimal b);                        ///< -1, 0, 1; 1.0 equals 1.00
    friend std::optional<Decimal> modulo(Decimal a, Decimal b);      ///< FEEL: a - b * floor(a / b); nullopt by 0
    friend std::optional<Decimal> square_root(Decimal a);            ///< correctly rounded; nullopt below 0
    friend std::optional<Decimal> exponential(Decimal a);            ///< e to the a, correctly rounded
    friend std::optional<Decimal> logarithm(Decimal a);              ///< natural, correctly rounded; nullopt up to 0
    enum class Rounding { half_even, half_up, half_down, up, down, floor, ceiling };
    friend std::optional<Decimal> round(Decimal a, int scale, Rounding mode);  ///< scale: digits behind the point, may be negative
    friend Decimal negate(Decimal a);

    bool is_zero() const { return low_ == 0 && (high_ & 0x1ffffffffffffu) == 0; }
    bool is_negative() const { return (high_ >> 63) != 0 && !is_zero(); }
    bool is_whole() const;

    /// The value as bits of IEEE 754 BID128 and back, for containers that keep other kinds in the NaN space.
    std::uint64_t low_bits() const { return low_; }
    std::uint64_t high_bits() const { return high_; }
    static Decimal from_bits(std::uint64_t low, std::uint64_t high) {
        Decimal d;
        d.low_ = low;
        d.high_ = high;
        return d;
    }

    bool operator==(Decimal other) const { return compare(*this, other) == 0; }

private:
    std::uint64_t low_ = 0;
    std::uint64_t high_ = 0x3040000000000000u;  // BID128 of 0 with exponent 0
};

std::optional<Decimal> add(Decimal a, Decimal b);
std::optional<Decimal> subtract(Decimal a, Decimal b);
std::optional<Decimal> multiply(Decimal a, Decimal b);
std::optional<Decimal> divide(Decimal a, Decimal b);
std::optional<Decimal> power(Decimal a, Decimal b);
std::optional<Decimal> modulo(Decimal a, Decimal b);
std::optional<Decimal> square_root(Decimal a);
std::optional<Decimal> exponential(Decimal a);
std::optional<Decimal> logarithm(Decimal a);
int compare(Decimal a, Decimal b);
std::optional<Decimal> round(Decimal a, int scale, Decimal::Rounding mode);
Decimal negate(Decimal a);

}  // namespace kiepe
