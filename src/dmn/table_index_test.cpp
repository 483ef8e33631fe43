// Tables that are looked up must say what tables that are walked through say: of random tables, of every kind of value, errors included.
#include "dmn/table_index.h"

#include <gtest/gtest.h>

#include <random>

#include "base/text.h"
#include "dmn/dmn.h"

namespace kiepe::dmn {
namespace {

using feel::Value;

std::string xml_text(std::string text) { return replace_all(replace_all(std::move(text), "&", "&amp;"), "<", "&lt;"); }

class RandomTable {
public:
    explicit RandomTable(unsigned seed) : random_(seed) {}

    std::string xml(const std::string& policy) {
        std::string xml = "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" name=\"t\" namespace=\"urn:t\">";
        for (const char* input : {"a", "b", "limit"}) xml += std::string("<inputData id=\"i_") + input + "\" name=\"" + input + "\"><variable name=\"" + input + "\"/></inputData>";
        xml += "<decision id=\"d\" name=\"d\"><variable name=\"d\"/>";
        for (const char* input : {"a", "b", "limit"}) xml += std::string("<informationRequirement><requiredInput href=\"#i_") + input + "\"/></informationRequirement>";
        xml += "<decisionTable id=\"t\" " + policy + "><input id=\"c1\" label=\"a\"><inputExpression><text>a</text></inputExpression></input>"
               "<input id=\"c2\" label=\"b\"><inputExpression><text>b</text></inputExpression></input>"
               "<output id=\"o\"><outputValues><text>4, 3, 2, 1</text></outputValues></output>";
        const int rules = pick(3) == 0 ? 60 + pick(90) : 1 + pick(8);
        for (int i = 0; i < rules; ++i) {
            const std::string output = pick(6) == 0 ? "limit + " + std::to_string(pick(3)) : std::to_string(1 + pick(pick(8) == 0 ? 6 : 4));
            xml += "<rule id=\"r" + std::to_string(i) + "\"><inputEntry id=\"x" + std::to_string(i) + "\"><text>" + xml_text(cell()) + "</text></inputEntry><inputEntry id=\"y" +
                   std::to_string(i) + "\"><text>" + xml_text(cell()) + "</text></inputEntry><outputEntry><text>" + output + "</text></outputEntry></rule>";
        }
        return xml + "</decisionTable></decision></definitions>";
    }

    Value value() {
        switch (pick(12)) {
            case 0: return {};
            case 1: return Value::boolean(pick(2) == 0);
            case 2: return Value::string(text());
            case 3: return Value::string(text() + "x");
            case 4: return Value::date(Day{std::chrono::year{2025} / 1 / (1 + static_cast<unsigned>(pick(9)))});
            case 5: return Value::list({Value::number(pick(5)), Value::string("a")});
            case 6: return Value::duration("P" + std::to_string(pick(4)) + "M");
            case 7: return Value::number(*Decimal::parse(std::to_string(pick(9) - 4) + ".5"));
            case 8: return Value::number(*Decimal::parse(std::to_string(pick(9) - 4) + ".500000000000000000000000001"));
            case 9: return Value::number(*Decimal::parse(pick(2) == 0 ? "1e30" : "-1e-30"));
            default: return Value::number(std::int64_t{pick(11) - 5});
        }
    }

private:
    int pick(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }
    std::string text() { return std::array{"a", "b", "ab", "longer than eight", "longer than ei", ""}[static_cast<std::size_t>(pick(6))]; }
    std::string number() {
        const int n = pick(11) - 5;
        return std::to_string(n) + (pick(4) == 0 ? ".5" : pick(6) == 0 ? ".00" : "");
    }
    std::string test() {
        switch (pick(14)) {
            case 0: return number();
            case 1: return "< " + number();
            case 2: return ">= " + number();
            case 3: return "[" + number() + ".." + number() + ")";
            case 4: return "(" + number() + ".." + number() + "]";
            case 5: return "\"" + text() + "\"";
            case 6: return "> \"" + text() + "\"";
            case 7: return pick(2) == 0 ? "true" : "false";
            case 8: return "null";
            case 9: return "[date(\"2025-01-02\")..date(\"2025-01-0" + std::to_string(3 + pick(5)) + "\")]";
            case 10: return "!= " + number();
            case 11: return "> limit";
            case 12: return "limit * 2, 3";
            default: return "\"a\", \"longer than eight\", 2";
        }
    }
    std::string cell() {
        switch (pick(8)) {
            case 0: return "-";
            case 1: return "not(" + test() + ")";
            case 2: return test() + ", " + test();
            case 3: return "not(" + test() + ", " + test() + ")";
            default: return test();
        }
    }

    std::mt19937 random_;
};

std::string told(const Outcome& outcome) {
    std::string all = outcome.value.text();
    for (const auto& error : outcome.errors) all += " | " + error.code + ' ' + error.element + ' ' + error.position + ' ' + error.message;
    return all;
}

TEST(TableIndex, says_what_a_walk_through_the_rules_says) {
    const std::string policies[] = {"hitPolicy=\"UNIQUE\"", "hitPolicy=\"ANY\"", "hitPolicy=\"PRIORITY\"", "hitPolicy=\"FIRST\"", "hitPolicy=\"RULE ORDER\"",
                                    "hitPolicy=\"OUTPUT ORDER\"", "hitPolicy=\"COLLECT\"", "hitPolicy=\"COLLECT\" aggregation=\"SUM\"",
                                    "hitPolicy=\"COLLECT\" aggregation=\"MAX\"", "hitPolicy=\"COLLECT\" aggregation=\"COUNT\""};
    Limits walked;
    walked.compiled = false;
    int results = 0;
    for (unsigned seed = 0; seed < 150; ++seed) {
        RandomTable random(seed);
        const std::string xml = random.xml(policies[seed % std::size(policies)]);
        const auto fast = Model::load(xml);
        const auto slow = Model::load(xml, {}, walked);
        ASSERT_TRUE(fast.ok() && slow.ok());
        for (int i = 0; i < 40; ++i) {
            const Value limit = i % 5 == 0 ? random.value() : Value::number(std::int64_t{i % 4});
            const Value inputs = Value::context({{"a", random.value()}, {"b", random.value()}, {"limit", limit}});
            const Outcome looked_up = fast->evaluate("d", inputs);
            ASSERT_EQ(told(looked_up), told(slow->evaluate("d", inputs))) << "seed " << seed << ' ' << inputs.text() << '\n' << xml;
            results += looked_up.value.is_null() ? 0 : 1;
        }
    }
    EXPECT_GT(results, 500);   // else the tables say nothing
}

TEST(TableIndex, knows_numbers_that_are_written_with_more_digits_than_the_limits) {
    Boundaries limits;
    for (const char* each : {"10", "0.25", "-3.5"}) limits.add(Value::number(*Decimal::parse(each)));
    limits.sort();
    const auto place = [&](const char* number) { return limits.find(Value::number(*Decimal::parse(number))); };
    EXPECT_EQ(place("-3.500"), 1u);
    EXPECT_EQ(place("-3.50000001"), 0u);
    EXPECT_EQ(place("-3.49999999"), 2u);
    EXPECT_EQ(place("0.25"), 3u);
    EXPECT_EQ(place("0.2500000000000000000000001"), 4u);
    EXPECT_EQ(place("10.000"), 5u);
    EXPECT_EQ(place("1e40"), 6u);
    EXPECT_EQ(place("-1e40"), 0u);
    EXPECT_EQ(place("1e-6000"), 2u);
}

TEST(TableIndex, keeps_a_table_that_is_too_large_for_it_walkable) {
    Limits limits;
    limits.xml_bytes = 64 << 20;
    std::string xml = "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" name=\"t\" namespace=\"urn:t\"><inputData id=\"i\" name=\"a\"><variable name=\"a\"/></inputData>"
                      "<decision id=\"d\" name=\"d\"><variable name=\"d\"/><informationRequirement><requiredInput href=\"#i\"/></informationRequirement><decisionTable hitPolicy=\"UNIQUE\">"
                      "<input><inputExpression><text>a</text></inputExpression></input><output/>";
    for (int i = 0; i < 10'000; ++i) xml += "<rule><inputEntry><text>" + std::to_string(i) + "</text></inputEntry><outputEntry><text>" + std::to_string(2 * i) + "</text></outputEntry></rule>";
    const auto model = Model::load(xml + "</decisionTable></decision></definitions>", {}, limits);
    ASSERT_TRUE(model.ok());
    EXPECT_EQ(model->evaluate("d", Value::context({{"a", Value::number(9'876)}})).value, Value::number(19'752));
}

}  // namespace
}  // namespace kiepe::dmn
