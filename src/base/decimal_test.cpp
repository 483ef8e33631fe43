#include "base/decimal.h"

#include <gtest/gtest.h>

namespace kiepe {
namespace {

Decimal d(const char* text) { return Decimal::parse(text).value(); }
std::string shown(std::optional<Decimal> value) { return value ? value->text() : "none"; }

TEST(Decimal, keeps_the_cents_that_a_binary_double_loses) {
    EXPECT_EQ(shown(add(d("0.1"), d("0.2"))), "0.3");
    EXPECT_EQ(shown(multiply(d("19.99"), d("1.19"))), "23.7881");
    EXPECT_EQ(shown(subtract(d("1000000.00"), d("0.01"))), "999999.99");
}

TEST(Decimal, divides_to_34_digits) {
    EXPECT_EQ(shown(divide(1, 3)), "0.3333333333333333333333333333333333");
    EXPECT_EQ(shown(divide(2, 3)), "0.6666666666666666666666666666666667");
    EXPECT_EQ(shown(divide(10, 4)), "2.5");
    EXPECT_EQ(shown(divide(1, 0)), "none");
}

TEST(Decimal, reads_and_prints_digits_as_written) {
    for (const char* text : {"0", "260.00", "0.0004991", "-12.5", "9999999999999999999999999999999999"}) {
        EXPECT_EQ(d(text).text(), text);
    }
    EXPECT_EQ(d("1e3").text(), "1000");
    EXPECT_EQ(d(".5").text(), "0.5");
    EXPECT_EQ(d("1.5e40").text(), "1.5e+40");
    for (const char* text : {"", "-", "1.", "1e", "1 ", "0x1", "inf", "1e9999999"}) EXPECT_FALSE(Decimal::parse(text)) << text;
}

TEST(Decimal, compares_by_value_not_by_digits) {
    EXPECT_EQ(d("1.0"), d("1.00"));
    EXPECT_EQ(compare(d("-2"), d("1")), -1);
    EXPECT_EQ(compare(d("1e30"), d("1")), 1);
    EXPECT_EQ(compare(d("-0"), 0), 0);
}

TEST(Decimal, rounds_in_every_mode_of_the_standard) {
    using R = Decimal::Rounding;
    EXPECT_EQ(shown(round(d("2.5"), 0, R::half_even)), "2");
    EXPECT_EQ(shown(round(d("2.5"), 0, R::half_up)), "3");
    EXPECT_EQ(shown(round(d("-2.5"), 0, R::half_up)), "-3");
    EXPECT_EQ(shown(round(d("2.5"), 0, R::half_down)), "2");
    EXPECT_EQ(shown(round(d("2.1"), 0, R::up)), "3");
    EXPECT_EQ(shown(round(d("-2.1"), 0, R::down)), "-2");
    EXPECT_EQ(shown(round(d("-2.1"), 0, R::floor)), "-3");
    EXPECT_EQ(shown(round(d("-2.9"), 0, R::ceiling)), "-2");
    EXPECT_EQ(shown(round(d("1234"), -2, R::half_even)), "1200");
    EXPECT_EQ(shown(round(d("260"), 2, R::half_even)), "260.00");
    EXPECT_EQ(shown(round(d("1e-50"), 2, R::half_even)), "0.00");
}

TEST(Decimal, computes_powers_and_roots_correctly_rounded) {
    EXPECT_EQ(shown(power(2, 10)), "1024");
    EXPECT_EQ(shown(power(5, -3)), "0.008");
    EXPECT_EQ(shown(power(10, 2)), "100");
    EXPECT_EQ(shown(power(d("1.05"), 10)), "1.62889462677744140625");
    EXPECT_EQ(shown(square_root(16)), "4");
    EXPECT_EQ(shown(square_root(2)), "1.414213562373095048801688724209698");
    EXPECT_EQ(shown(exponential(1)), "2.718281828459045235360287471352662");
    EXPECT_EQ(shown(logarithm(10)), "2.302585092994045684017991454684364");
    EXPECT_EQ(shown(square_root(-1)), "none");
    EXPECT_EQ(shown(logarithm(0)), "none");
    EXPECT_EQ(shown(power(10, 7000)), "none");
}

TEST(Decimal, takes_the_sign_of_the_divisor_in_modulo) {
    EXPECT_EQ(shown(modulo(12, 5)), "2");
    EXPECT_EQ(shown(modulo(-12, 5)), "3");
    EXPECT_EQ(shown(modulo(12, -5)), "-3");
    EXPECT_EQ(shown(modulo(d("10.1"), d("4.5"))), "1.1");
}

TEST(Decimal, is_a_whole_number_where_it_is_one) {
    EXPECT_EQ(d("5.00").to_int(), 5);
    EXPECT_EQ(d("1e3").to_int(), 1000);
    EXPECT_EQ(d("-9223372036854775808").to_int(), INT64_MIN);
    EXPECT_FALSE(d("9223372036854775808").to_int());
    EXPECT_FALSE(d("5.5").to_int());
}

}  // namespace
}  // namespace kiepe
