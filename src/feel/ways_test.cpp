// An expression is evaluated in two ways: quickly, with numbers in registers, and step by step where somebody wants the explanation.
#include <gtest/gtest.h>

#include "feel/feel.h"

namespace kiepe::feel {
namespace {

std::vector<Value> samples() {
    std::vector<Value> values = {Value{}, Value::boolean(true), Value::string("a"), Value::days(20000), Value::duration("P1M"),
                                 Value::list({Value::number(1), Value::number(2)}), Value::context({{"n", Value::number(7)}})};
    for (const char* n : {"0", "-1", "3", "10", "10.0", "18", "65.00", "100", "-2.50", "9223372036854775807", "-9223372036854775808",
                          "18446744073709551615", "9999999999999999999999999999999999", "1e6000", "-9e6144", "1e-6000", "0.1"}) {
        values.push_back(Value::number(*Decimal::parse(n)));
    }
    return values;
}

/// Both ways, each from a context and from an array of places.
void expect_same(const Expression& expression, const Value& a, const Value& b) {
    const Value context = Value::context({{"a", a}, {"b", b}, {"?", a}});
    const Value places[] = {a, b, a};
    std::vector<Diagnostic> errors, others;
    const Value quick = expression.evaluate(context, &errors);
    const Value slow = expression.explain(context).value;
    const auto where = expression.text() + " with " + a.text() + ", " + b.text();
    EXPECT_EQ(quick.text(), slow.text()) << where;
    EXPECT_EQ(quick.text(), expression.evaluate_at(places, &others).text()) << where;
    ASSERT_EQ(errors.size(), others.size()) << where;
    for (std::size_t i = 0; i < errors.size(); ++i) EXPECT_EQ(errors[i].message, others[i].message) << where;
}

Names known() {
    Names names;
    for (const char* name : {"a", "b", "?"}) names.names[name] = {};
    names.places = std::make_shared<const std::map<std::string, std::uint32_t>>(std::map<std::string, std::uint32_t>{{"a", 0}, {"b", 1}, {"?", 2}});
    return names;
}

}  // namespace

TEST(Ways, agree_for_every_operator_and_kind) {
    for (const char* text : {"a + b", "a - b", "a * b", "a / b", "-a", "a ** 2", "a + b * 2 - 1", "a < b", "a <= b", "a > b", "a >= b", "a = b",
                             "a != b", "a > 1 and b > 1", "a > 1 or b > 1", "a and b", "a or b", "if a then b else 1", "if a > b then a else b",
                             "(if a > b then a else b) + 1", "if (if a > 1 then a else b > 3) then 1 else 2", "a between 1 and b",
                             "a in [1..10]", "a in (1, > 18, b)", "a in (!= 10)", "a.n + 1", "sum(for i in 1..40 return i * a + b)",
                             "sum(for i in 40..1 return i - a * i * i)", "sum(for i in 1..3 return if i > 1 then a else b)",
                             "sum(for i in 0..100 return 9223372036854775 * i * i)", "sum(for i in a return i)"}) {
        const auto expression = compile(text, known());
        ASSERT_TRUE(expression) << text;
        for (const auto& a : samples()) {
            for (const auto& b : samples()) expect_same(*expression, a, b);
        }
    }
}

TEST(Ways, agree_for_unary_tests) {
    for (const char* text : {"10", "1, 10, 100", "[18..65], > 100", "(3..10), [10..18)", "not(10, > 64)", "not(< 3)", "< 0, >= 100", "(= 10)", "(!= 10)",
                             "!= 10, 10", "[1..b]", "? > b", "-", "\"a\", 10", "null", "[1..null]", "not(null)"}) {
        const auto tests = compile_unary_tests(text, known());
        ASSERT_TRUE(tests) << text;
        for (const auto& a : samples()) expect_same(*tests, a, Value::number(20));
    }
}

TEST(Ways, sum_whole_numbers_beyond_64_bits_exactly) {
    const auto sum = compile("sum(for i in 1..100 return i * i * 1000000000000000)", {});
    EXPECT_EQ(sum->evaluate({}).text(), "338350000000000000000");
    const auto power = compile("sum(for i in 99..100 return i * i * i * i * i * i * i * i * i * i)", {});
    EXPECT_EQ(power->evaluate({}).text(), "190438207500880449001");
}

TEST(Ways, count_the_turns_of_a_sum) {
    std::vector<Diagnostic> errors;
    const auto sum = compile("sum(for i in 1..15000000 return i) + sum(for i in 1..15000000 return i)", {});
    EXPECT_TRUE(sum->evaluate({}, &errors).is_null());
    ASSERT_FALSE(errors.empty());
}

}  // namespace kiepe::feel
