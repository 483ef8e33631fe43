#include <gtest/gtest.h>

#include "dmn/dmn.h"

namespace kiepe::dmn {
namespace {

using feel::Value;

constexpr const char* kHead = R"(<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="m" namespace="urn:m">
<itemDefinition name="tKind"><typeRef>string</typeRef><allowedValues><text>"car","bus"</text></allowedValues></itemDefinition>
<inputData id="i_age" name="age"><variable name="age" typeRef="number"/></inputData>
<inputData id="i_kind" name="kind"><variable name="kind" typeRef="tKind"/></inputData>
<inputData id="i_day" name="day"><variable name="day"/></inputData>)";

std::string rule(const char* age, const char* kind, const char* day, const char* fee, const char* reason) {
    std::string xml = "<rule>";
    for (const char* test : {age, kind, day}) xml += std::string("<inputEntry><text>") + test + "</text></inputEntry>";
    for (const char* output : {fee, reason}) xml += std::string("<outputEntry><text>") + output + "</text></outputEntry>";
    return xml + "</rule>";
}

std::string model_of(const std::string& policy, const std::string& further = {}, const std::string& fallback = {}) {
    std::string xml = std::string(kHead) + R"(<decision id="d" name="fee"><variable name="fee"/>)";
    for (const char* input : {"age", "kind", "day"}) xml += std::string("<informationRequirement><requiredInput href=\"#i_") + input + "\"/></informationRequirement>";
    xml += "<decisionTable id=\"t\" hitPolicy=\"" + policy + "\">";
    xml += R"(<input><inputExpression typeRef="number"><text>age</text></inputExpression></input>)"
           R"(<input><inputExpression typeRef="string"><text>kind</text></inputExpression></input>)"
           R"(<input><inputExpression><text>day</text></inputExpression></input>)"
           R"(<output name="amount" typeRef="number">)" + fallback + R"(</output><output name="reason"/>)";
    xml += rule("[0..18[", "-", "-", "0", "\"young\"") + rule("&gt;= 18", "\"bus\"", "-", "5", "\"bus\"") + rule("[18..65]", "\"car\"", "@\"2026-03-01\"", "7.5", "\"car\"") +
           rule("[60..70]", "-", "-", "4", "\"old\"") + further;
    return xml + "</decisionTable></decision></definitions>";
}

std::vector<Value> some(std::initializer_list<const char*> numbers) {
    std::vector<Value> values = {Value(), Value::string("?"), Value::list({Value::number(20)})};
    for (const char* each : numbers) values.push_back(Value::number(*Decimal::parse(each)));
    return values;
}

void must_agree(const std::string& xml) {
    const auto model = Model::load(xml);
    ASSERT_TRUE(model.ok() && model->diagnostics().empty()) << xml;
    const auto prepared = model->prepare("fee", {"kind", "unknown", "age", "day"});
    ASSERT_TRUE(prepared.ok());
    const std::vector<Value> kinds = {Value::string("bus"), Value::string("car"), Value::string("tram"), Value::number(1), Value()};
    const std::vector<Value> days = {Value::date(Day{std::chrono::year{2026} / 3 / 1}), Value::date(Day{std::chrono::year{2026} / 3 / 2}), Value::context({}), Value()};
    for (const Value& age : some({"-1", "0", "17.9", "18", "61", "65", "65.5", "90"})) {
        for (const Value& kind : kinds) {
            for (const Value& day : days) {
                const Value inputs[] = {kind, Value::number(1), age, day};
                const Outcome found = prepared->evaluate(inputs);
                const Outcome wanted = model->evaluate("fee", Value::context({{"age", age}, {"kind", kind}, {"day", day}}));
                const std::string where = age.text() + " " + kind.text() + " " + day.text();
                EXPECT_EQ(found.value, wanted.value) << where << ": " << found.value.text() << " instead of " << wanted.value.text();
                ASSERT_EQ(found.errors.size(), wanted.errors.size()) << where;
                for (std::size_t i = 0; i < found.errors.size(); ++i) EXPECT_EQ(found.errors[i].message, wanted.errors[i].message) << where;
            }
        }
    }
}

TEST(Prepared, gives_what_the_model_gives_for_every_hit_policy) {
    for (const char* policy : {"FIRST", "UNIQUE", "ANY", "RULE ORDER", "COLLECT"}) must_agree(model_of(policy));
}

TEST(Prepared, gives_what_the_model_gives_where_a_cell_or_an_output_depends_on_something) {
    must_agree(model_of("FIRST", rule("&gt; number(\"65\")", "-", "-", "1", "\"x\"")));
    must_agree(model_of("FIRST", rule("-", "-", "-", "age * 2", "kind")));
    must_agree(model_of("FIRST", rule("-", "-", "-", "if age &gt; 65 then null else 1", "day")));
}

TEST(Prepared, gives_defaults_where_no_rule_matches) {
    must_agree(model_of("FIRST", "", "<defaultOutputEntry><text>3</text></defaultOutputEntry>"));
}

TEST(Prepared, counts_more_rules_than_one_word_of_bits_holds) {
    std::string more;
    for (int i = 100; i < 250; ++i) more += rule(std::to_string(i).c_str(), "-", "-", std::to_string(i).c_str(), "\"n\"");
    more += rule("249", "-", "-", "249", "\"n\"");
    const auto model = Model::load(model_of("UNIQUE", more));
    const auto prepared = model->prepare("fee", {"age"});
    ASSERT_TRUE(prepared.ok());
    const auto fee = [&](std::int64_t age) { return prepared->evaluate(std::vector<Value>{Value::number(age)}); };
    EXPECT_EQ(fee(160).value.get("amount"), Value::number(160));
    EXPECT_EQ(fee(248).value.get("amount"), Value::number(248));
    ASSERT_EQ(fee(249).errors.size(), 1u);
    EXPECT_EQ(fee(249).errors[0].code, "dmn.hit_policy");
    EXPECT_TRUE(prepared->evaluate({}).value.is_null());
}

TEST(Prepared, decides_over_other_decisions) {
    const auto model = Model::load(std::string(kHead) + R"(<decision id="a" name="twice"><variable name="twice"/><informationRequirement><requiredInput href="#i_age"/></informationRequirement>
<literalExpression><text>age * 2</text></literalExpression></decision><decision id="b" name="sum"><variable name="sum"/>
<informationRequirement><requiredDecision href="#a"/></informationRequirement><literalExpression><text>twice + 1</text></literalExpression></decision></definitions>)");
    ASSERT_TRUE(model.ok());
    const auto prepared = model->prepare("sum", {"age"});
    ASSERT_TRUE(prepared.ok());
    EXPECT_EQ(prepared->evaluate(std::vector<Value>{Value::number(20)}).value, Value::number(41));
    const Outcome failed = prepared->evaluate(std::vector<Value>{Value::string("x")});
    EXPECT_TRUE(failed.value.is_null());
    EXPECT_EQ(failed.errors.size(), model->evaluate("sum", Value::context({{"age", Value::string("x")}})).errors.size());
    EXPECT_EQ(failed.errors.front().code, "dmn.input_type");
}

TEST(Prepared, refuses_what_it_cannot_resolve) {
    const auto model = Model::load(model_of("FIRST"));
    EXPECT_EQ(model->prepare("fees", {"age"}).error().code, "dmn.unknown_decision");
    EXPECT_EQ(model->prepare("fee", {"age", "age"}).error().code, "dmn.input_twice");
}

}  // namespace
}  // namespace kiepe::dmn
