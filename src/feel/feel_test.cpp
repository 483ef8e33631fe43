#include "feel/feel.h"

#include <gtest/gtest.h>

namespace kiepe::feel {
namespace {

/// The text of the result; "error: ..." where the expression does not compile.
std::string result(std::string_view text, const Value& context = Value::context({}), bool open = true) {
    Names names;
    names.open = open;
    if (context.kind() == Kind::context) {
        for (const auto& [name, value] : context.as_context()) names.names[name] = Type{};
    }
    const auto expression = compile(text, names);
    if (!expression) return "error: " + expression.error().code + " " + expression.error().where;
    return expression->evaluate(context).text();
}

std::string cell(std::string_view text, Value input) {
    const auto tests = compile_unary_tests(text, Names{});
    if (!tests) return "error: " + tests.error().code;
    return tests->evaluate(Value::context({{"?", std::move(input)}})).text();
}

TEST(Feel, computes_with_34_digits) {
    EXPECT_EQ(result("0.1 + 0.2"), "0.3");
    EXPECT_EQ(result("1 / 3"), "0.3333333333333333333333333333333333");
    EXPECT_EQ(result("-3 ** 2"), "9");
    EXPECT_EQ(result("2 ** 3 ** 2"), "64");
    EXPECT_EQ(result("(1 + 2) * 3 - 4 / 2"), "7");
}

TEST(Feel, gives_null_for_types_that_do_not_fit) {
    for (const char* text : {"1 + \"1\"", "true + 1", "null + 1", "1 < \"2\"", "[1] * 2", "1 / 0", "not(0)", "-\"1\""}) {
        EXPECT_EQ(result(text), "null") << text;
    }
}

TEST(Feel, knows_three_truths) {
    EXPECT_EQ(result("true and null"), "null");
    EXPECT_EQ(result("false and null"), "false");
    EXPECT_EQ(result("true or null"), "true");
    EXPECT_EQ(result("false or null"), "null");
    EXPECT_EQ(result("null = null"), "true");
    EXPECT_EQ(result("1 = null"), "false");
    EXPECT_EQ(result("1 = \"1\""), "null");
}

TEST(Feel, filters_lists_by_place_and_by_condition) {
    EXPECT_EQ(result("[1, 2, 3][2]"), "2");
    EXPECT_EQ(result("[1, 2, 3][-1]"), "3");
    EXPECT_EQ(result("[1, 2, 3][item > 1]"), "[2, 3]");
    EXPECT_EQ(result("[{a: 1, b: 2}, {a: 3, b: 4}][a > 1].b"), "[4]");
    EXPECT_EQ(result("persons[age >= 18].name", from_json(R"({"persons":[{"name":"A","age":17},{"name":"B","age":18}]})").value()),
              "[\"B\"]");
}

TEST(Feel, goes_through_lists_and_ranges) {
    EXPECT_EQ(result("for i in 1..3 return i * i"), "[1, 4, 9]");
    EXPECT_EQ(result("for i in 3..1, j in [10, 20] return i + j"), "[13, 23, 12, 22, 11, 21]");
    EXPECT_EQ(result("for i in 1..5 return if i < 3 then 1 else partial[-1] + partial[-2]"), "[1, 1, 2, 3, 5]");
    EXPECT_EQ(result("some x in [1, 2] satisfies x > 1"), "true");
    EXPECT_EQ(result("every x in [] satisfies x > 1"), "true");
    EXPECT_EQ(result("sum(for i in 1..100 return i * i)"), "338350");
}

TEST(Feel, sees_earlier_entries_of_a_context) {
    EXPECT_EQ(result("{a: 1 + 2, b: a + 3}"), "{a: 3, b: 6}");
    EXPECT_EQ(result("{f: function(x: number) x * 2, r: f(21)}.r"), "42");
    EXPECT_EQ(result("{foo bar: 1, baz: foo bar + 1}.baz"), "2");
}

TEST(Feel, reads_names_with_blanks_and_operators) {
    const Value context = Value::context({{"Full Name", Value::string("Ada")}, {"a+b", Value::number(7)}, {"a", Value::number(1)},
                                          {"b", Value::number(2)}, {"date and time zone", Value::number(3)}});
    EXPECT_EQ(result("Full  Name", context, false), "Ada");
    EXPECT_EQ(result("a + b", context, false), "7");
    EXPECT_EQ(result("b + a", context, false), "3");
    EXPECT_EQ(result("date and time zone + 1", context, false), "4");
}

TEST(Feel, refuses_unknown_names_with_a_place_and_a_hint) {
    Names names;
    names.names["vehicle"] = Type{.simple = "context", .fields = {{"length", std::make_shared<Type>(Type{.simple = "number"})}}};
    const auto wrong = compile("1 +\n vehicle.lenght", names);
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code, "feel.unknown_name");
    EXPECT_EQ(wrong.error().where, "2:10");
    EXPECT_EQ(wrong.error().args.at(0).second, "did you mean \"length\"?");
    EXPECT_FALSE(compile("vehicel.length", names));
    EXPECT_EQ(compile("vehicle.length > 5", names)->uses(), std::set<std::string>{"vehicle.length"});
}

TEST(Feel, refuses_the_clock_unless_told_otherwise) {
    EXPECT_EQ(result("today()"), "error: feel.now 1:1");
    EXPECT_TRUE(compile("today()", Names{}, {.refuse_now = false}));
}

TEST(Feel, knows_days_times_and_durations) {
    EXPECT_EQ(result("date(\"2026-11-24\").weekday"), "2");
    EXPECT_EQ(result("@\"2026-01-31\" + duration(\"P1M\")"), "2026-02-28");
    EXPECT_EQ(result("@\"2026-03-01\" - @\"2026-02-01\""), "P28D");
    EXPECT_EQ(result("years and months duration(@\"2011-12-22\", @\"2013-08-24\").months"), "8");
    EXPECT_EQ(result("(@\"2026-03-01\" - @\"2026-02-01\").days"), "28");
    EXPECT_EQ(result("date(\"2026-02-30\")"), "null");
    EXPECT_EQ(result("@\"2018-10-08T00:00:00+02:00\" = @\"2018-10-08T00:00:00@Europe/Paris\""), "true");
}

TEST(Feel, is_right_about_summer_time_after_2037) {
    EXPECT_EQ(result("@\"2060-07-01T12:00:00@Europe/Berlin\" = @\"2060-07-01T12:00:00+02:00\""), "true");
    EXPECT_EQ(result("@\"2060-12-01T12:00:00@Europe/Berlin\" = @\"2060-12-01T12:00:00+01:00\""), "true");
    EXPECT_EQ(result("@\"2060-01-01T12:00:00@Australia/Sydney\".time offset"), "PT11H");
}

TEST(Feel, counts_hours_through_the_night_in_which_summer_time_ends) {
    EXPECT_EQ(result("@\"2026-10-24T12:00:00@Europe/Berlin\" + @\"PT24H\""), "2026-10-25T11:00:00@Europe/Berlin");
    EXPECT_EQ(result("@\"2026-10-24T12:00:00@Europe/Berlin\" + @\"P1M\""), "2026-11-24T12:00:00@Europe/Berlin");
}

TEST(Feel, knows_years_far_away) {
    EXPECT_EQ(result("date(\"999999999-12-31\")"), "999999999-12-31");
    EXPECT_EQ(result("date(\"-999999999-01-01\") - @\"P1D\""), "null");
}

TEST(Feel, reads_ranges_from_text) {
    EXPECT_EQ(result("5 in range(\"[1..10)\")"), "true");
    EXPECT_EQ(result("range(\"(..2]\") = (<= 2)"), "true");
    EXPECT_EQ(result("range(\"[..2]\")"), "null");
    EXPECT_EQ(result("range(\"[3..1]\")"), "null");
}

TEST(Feel, asks_values_for_their_type) {
    EXPECT_EQ(result("[1, 2] instance of list<number>"), "true");
    EXPECT_EQ(result("{a: 1} instance of context<a: number>"), "true");
    EXPECT_EQ(result("(function(a: string) a) instance of function<string> -> string"), "true");
    EXPECT_EQ(result("null instance of Any"), "false");
}

TEST(Feel, converts_lists_of_one_and_days_where_a_type_asks_for_it) {
    EXPECT_EQ(coerce(Value::list({Value::number(1)}), Type{.simple = "number"}).text(), "1");
    const Type numbers{.simple = "list", .item = std::make_shared<Type>(Type{.simple = "number"})};
    EXPECT_EQ(coerce(Value::number(1), numbers).text(), "[1]");
    EXPECT_TRUE(coerce(Value::string("x"), numbers).is_null());
}

TEST(Feel, replaces_and_matches_like_xpath) {
    EXPECT_EQ(result("replace(\"abcd\", \"(ab)|(a)\", \"[1=$1][2=$2]\")"), "[1=ab][2=]cd");
    EXPECT_EQ(result("matches(\"a\\nb\", \"a.b\")"), "false");
    EXPECT_EQ(result("matches(\"x\", \"[a-z-[aeiou]]\")"), "true");
    EXPECT_EQ(result("matches(\"x\", \"(?=x)\")"), "null");
}

TEST(Feel, decides_the_cells_of_a_table) {
    EXPECT_EQ(cell("-", Value{}), "true");
    EXPECT_EQ(cell("> 10", Value::number(11)), "true");
    EXPECT_EQ(cell("[18..65], > 100", Value::number(70)), "false");
    EXPECT_EQ(cell("[18..65], > 100", Value::number(18)), "true");
    EXPECT_EQ(cell("not(\"a\", \"b\")", Value::string("a")), "false");
    EXPECT_EQ(cell("not(\"a\", \"b\")", Value::string("c")), "true");
    EXPECT_EQ(cell("contains(?, \"x\")", Value::string("axe")), "true");
    EXPECT_EQ(cell("? > 3 and ? < 5", Value::number(4)), "true");
    EXPECT_EQ(cell("true", Value::boolean(false)), "false");
    EXPECT_EQ(cell("null", Value{}), "true");
}

TEST(Feel, tests_with_in) {
    EXPECT_EQ(result("5 in (1, >= 5)"), "true");
    EXPECT_EQ(result("5 in [1..10)"), "true");
    EXPECT_EQ(result("5 in (1..5)"), "false");
    EXPECT_EQ(result("1 in [[2..4], [1..3]]"), "true");
    EXPECT_EQ(result("[1..10[ = [1..10)"), "true");
    EXPECT_EQ(result("5 between 1 and 10 and true"), "true");
}

TEST(Feel, calls_functions_by_place_and_by_name) {
    EXPECT_EQ(result("substring(string: \"foobar\", start position: 3)"), "obar");
    EXPECT_EQ(result("date(year: 2026, month: 11, day: 24)"), "2026-11-24");
    EXPECT_EQ(result("sort([3, 1, 2], function(x, y) x > y)"), "[3, 2, 1]");
    EXPECT_EQ(result("sqrt(n: 4)"), "error: feel.arguments 1:1");
    Names names;
    names.names["double"] = Type{};
    const Value twice = make_function({"of what"}, [](const List& a) { return Value::number(*multiply(a[0].as_number(), 2)); });
    const Value context = Value::context({{"double", twice}});
    EXPECT_EQ(compile("double(21)", names)->evaluate(context).text(), "42");
    EXPECT_EQ(compile("double(of what: 4)", names)->evaluate(context).text(), "8");
    EXPECT_EQ(compile("double()", names)->evaluate(context).text(), "null");
}

TEST(Feel, explains_every_part_of_a_result) {
    Names names;
    names.names["a"] = Type{.simple = "number"};
    const Step step = compile("if a > 10 then a * 2 else 0", names)->explain(Value::context({{"a", Value::number(12)}}));
    EXPECT_EQ(step.value.text(), "24");
    ASSERT_EQ(step.parts.size(), 2u);
    EXPECT_EQ(step.parts[0].text, "a > 10");
    EXPECT_EQ(step.parts[0].value.text(), "true");
    EXPECT_EQ(step.parts[1].text, "a * 2");
    EXPECT_EQ(step.parts[1].parts[0].text, "a");
}

TEST(Feel, ends_hostile_expressions_within_its_limits) {
    EXPECT_EQ(result("count(for i in 1..1000000000000 return i)"), "null");
    EXPECT_EQ(result("{f: function(g, n) g(g, n), r: f(f, 1)}.r"), "null");
    EXPECT_EQ(result(std::string(100'000, '(')), "error: feel.syntax 1:201");
    EXPECT_EQ(result(std::string(100'000, '[')).substr(0, 18), "error: feel.syntax");
    EXPECT_EQ(result(std::string(100'000, '-') + "1").substr(0, 18), "error: feel.syntax");
    for (const char* link : {" + 1", " * 1", " ** 1", " = 1", " in 1", ".a", "[1]"}) {
        std::string chain = "1";
        for (int i = 0; i < 100'000; ++i) chain += link;
        EXPECT_EQ(result(chain).substr(0, 12), "error: feel.") << link;
    }
    std::string sum = "1";
    for (int i = 1; i < 2500; ++i) sum += " + 1";
    EXPECT_EQ(result(sum), "2500");
    EXPECT_EQ(result("matches(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\", \"^(a+)+$\")"), "null");
}

TEST(Feel, ends_work_on_lists_that_share_their_items) {
    const std::string doubling = "(for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]])[-1]";  // 2 ** 59 items
    EXPECT_EQ(result("count(flatten(" + doubling + "))"), "null");
    EXPECT_EQ(result("if " + doubling + " = " + doubling + " then 1 else 2"), "null");
    EXPECT_EQ(result("list contains([" + doubling + "], " + doubling + ")"), "null");
    std::string deep = "1", other = "2";
    for (int i = 0; i < 60; ++i) {
        deep = "[" + deep + "]";
        other = "[" + other + "]";
    }
    EXPECT_EQ(result(deep + " = " + other), "false");  // in one walk, not in 2 ** 60
}

TEST(Feel, does_not_take_the_other_branch_when_it_ran_out) {
    EXPECT_EQ(result("if count(for i in 1..1000000000000 return i) > 5 then \"refused\" else \"granted\""), "null");
}

TEST(Feel, reports_why_a_value_is_null) {
    std::vector<Diagnostic> errors;
    compile("1 + (2 + \"x\")", Names{})->evaluate(Value::context({}), &errors);
    ASSERT_FALSE(errors.empty());
    EXPECT_EQ(errors[0].position, 5u);
    EXPECT_EQ(errors[0].message, "no result for number + string");
}

TEST(Json, brings_every_kind_of_value_back) {
    for (const char* json : {R"({"a":[1,2.50,"x",null,true],"b":"@2026-11-24","c":"@@home","d":"@P1M","e":"@12:00:00Z","f":"@2026-11-24T10:00:00"})",
                             "[]", "{}", "0.1", "\"\\u0001\\\"\""}) {
        const auto value = from_json(json);
        ASSERT_TRUE(value) << json;
        EXPECT_EQ(to_json(*value), json);
    }
    EXPECT_EQ(from_json("\"@2026-11-24\"")->kind(), Kind::date);
    EXPECT_EQ(from_json("\"@@home\"")->as_string(), "@home");
    for (const char* wrong : {"", "{", "[1,]", "\"@nonsense\"", "nul", "1 2", "\"\\ud800\"", "+1"}) EXPECT_FALSE(from_json(wrong)) << wrong;
}

TEST(Json, writes_a_function_as_null_wherever_it_stands) {
    const Value function = make_function({"x"}, [](const List& arguments) { return arguments.front(); });
    EXPECT_EQ(to_json(Value::context({{"f", function}, {"n", Value::list({function, Value::number(1)})}})), R"({"f":null,"n":[null,1]})");
}

TEST(ValuePaths, read_and_write_nested_entries) {
    const Value v = Value{}.with("persons[1].incomes[1].amount", Value::number(5)).with("persons[2].name", Value::string("B"));
    EXPECT_EQ(v.text(), "{persons: [{incomes: [{amount: 5}]}, {name: \"B\"}]}");
    EXPECT_EQ(v.at("persons[1].incomes[1].amount").text(), "5");
    EXPECT_TRUE(v.at("persons[3].name").is_null());
    EXPECT_EQ(v.without("persons[1]").text(), "{persons: [{name: \"B\"}]}");
}

}  // namespace
}  // namespace kiepe::feel
