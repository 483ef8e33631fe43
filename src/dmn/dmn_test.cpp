#include "dmn/dmn.h"

#include <filesystem>
#include <gtest/gtest.h>

#include "base/text.h"

namespace kiepe::dmn {
namespace {

using feel::Value;

std::string xml_text(std::string text) {
    text = replace_all(std::move(text), "&", "&amp;");
    text = replace_all(std::move(text), "<", "&lt;");
    return text;
}

/// Builds the XML of a small model.
class ModelText {
public:
    ModelText& raw(const std::string& xml) { body_ += xml; return *this; }
    ModelText& type(const std::string& name, const std::string& base, const std::string& allowed = {}) {
        body_ += "<itemDefinition name=\"" + name + "\"><typeRef>" + base + "</typeRef>";
        if (!allowed.empty()) body_ += "<allowedValues><text>" + xml_text(allowed) + "</text></allowedValues>";
        return raw("</itemDefinition>");
    }
    ModelText& input(const std::string& name, const std::string& type = "Any") {
        return raw("<inputData id=\"in_" + name + "\" name=\"" + name + "\"><variable name=\"" + name + "\" typeRef=\"" + type + "\"/></inputData>");
    }
    /// A decision with a literal expression; `needs`: "in_age", "d_fee" (decision fee), "k_f" (knowledge model f).
    ModelText& literal(const std::string& name, const std::string& feel, const std::vector<std::string>& needs = {}, const std::string& type = "Any") {
        return logic(name, "<literalExpression id=\"expr_" + name + "\"><text>" + xml_text(feel) + "</text></literalExpression>", needs, type);
    }
    ModelText& logic(const std::string& name, const std::string& xml, const std::vector<std::string>& needs = {}, const std::string& type = "Any") {
        body_ += "<decision id=\"d_" + name + "\" name=\"" + name + "\" label=\"L " + name + "\"><variable name=\"" + name + "\" typeRef=\"" + type + "\"/>";
        for (const auto& each : needs) body_ += requirement(each);
        return raw(xml + "</decision>");
    }
    ModelText& knowledge(const std::string& name, const std::string& parameter, const std::string& feel, const std::vector<std::string>& needs = {}) {
        body_ += "<businessKnowledgeModel id=\"k_" + name + "\" name=\"" + name + "\"><variable name=\"" + name + "\"/><encapsulatedLogic>" +
                 "<formalParameter name=\"" + parameter + "\" typeRef=\"number\"/><literalExpression><text>" + xml_text(feel) +
                 "</text></literalExpression></encapsulatedLogic>";
        for (const auto& each : needs) body_ += requirement(each);
        return raw("</businessKnowledgeModel>");
    }
    std::string text(const std::string& name_space = "https://www.omg.org/spec/DMN/20191111/MODEL/") const {
        return "<definitions xmlns=\"" + name_space + "\" name=\"test\" namespace=\"urn:test\">" + body_ + "</definitions>";
    }
    Model load() const {
        auto model = Model::load(text());
        EXPECT_TRUE(model.ok()) << (model.ok() ? "" : model.error().code + " " + model.error().detail);
        return *model;
    }

private:
    static std::string requirement(const std::string& id) {
        if (id.starts_with("k_")) return "<knowledgeRequirement><requiredKnowledge href=\"#" + id + "\"/></knowledgeRequirement>";
        const std::string end = id.starts_with("in_") ? "requiredInput" : "requiredDecision";
        return "<informationRequirement><" + end + " href=\"#" + id + "\"/></informationRequirement>";
    }
    std::string body_;
};

/// A table with one input `n` and one output; rows are {test, output}.
std::string table(const std::string& policy, const std::vector<std::pair<std::string, std::string>>& rows, const std::string& values = {}) {
    std::string xml = "<decisionTable id=\"t\" " + policy + "><input id=\"c1\" label=\"Zahl\"><inputExpression typeRef=\"number\"><text>n</text></inputExpression></input>";
    xml += "<output id=\"o1\" label=\"Ergebnis\">" + (values.empty() ? "" : "<outputValues><text>" + values + "</text></outputValues>") + "</output>";
    int id = 0;
    for (const auto& [test, output] : rows) {
        xml += "<rule id=\"r" + std::to_string(++id) + "\"><inputEntry><text>" + xml_text(test) + "</text></inputEntry><outputEntry><text>" +
               xml_text(output) + "</text></outputEntry></rule>";
    }
    return xml + "</decisionTable>";
}

Value n(std::int64_t number) { return Value::context({{"n", Value::number(number)}}); }

std::string table_result(const std::string& policy, const std::vector<std::pair<std::string, std::string>>& rows, std::int64_t number,
                         const std::string& values = {}) {
    const Model model = ModelText().input("n", "number").logic("d", table(policy, rows, values), {"in_n"}).load();
    return model.evaluate("d", n(number)).value.text();
}

std::string code_of_load(const std::string& xml) {
    const auto model = Model::load(xml);
    return model ? "loaded" : model.error().code;
}

TEST(Model, computes_a_decision_from_what_it_requires) {
    const Model model = ModelText().input("n", "number").literal("twice", "n * 2", {"in_n"}, "number").literal("sum", "twice + n", {"d_twice", "in_n"}).load();
    EXPECT_TRUE(model.diagnostics().empty());
    EXPECT_EQ(model.evaluate("sum", n(4)).value.text(), "12");
    EXPECT_EQ(model.evaluate("d_sum", n(4)).value.text(), "12");
    EXPECT_EQ(model.evaluate_all(n(1)).value.get("sum").text(), "3");
    EXPECT_EQ(model.decisions().at(1).requires_decisions, std::vector<std::string>{"twice"});
}

TEST(Model, reads_the_namespaces_of_1_1_to_1_5_and_no_other) {
    for (const char* known : {"http://www.omg.org/spec/DMN/20151101/dmn.xsd", "http://www.omg.org/spec/DMN/20180521/MODEL/",
                              "https://www.omg.org/spec/DMN/20191111/MODEL/", "https://www.omg.org/spec/DMN/20211108/MODEL/",
                              "https://www.omg.org/spec/DMN/20230324/MODEL/"}) {
        EXPECT_EQ(code_of_load(ModelText().literal("d", "1").text(known)), "loaded") << known;
    }
    EXPECT_EQ(code_of_load(ModelText().literal("d", "1").text("https://example.org/other")), "dmn.version");
}

TEST(Model, says_where_a_name_is_unknown_and_what_was_meant) {
    const Model model = ModelText()
        .raw("<itemDefinition name=\"t_vehicle\"><itemComponent name=\"length\"><typeRef>number</typeRef></itemComponent></itemDefinition>")
        .input("vehicle", "t_vehicle").literal("long", "vehicel.length > 5", {"in_vehicle"}).load();
    ASSERT_FALSE(model.diagnostics().empty());
    EXPECT_EQ(model.diagnostics()[0].element, "expr_long");
    EXPECT_FALSE(model.diagnostics()[0].position.empty());
    EXPECT_NE(model.diagnostics()[0].hint.find("vehicle"), std::string::npos) << model.diagnostics()[0].message;
}

TEST(Model, lets_an_expression_see_only_what_its_element_requires) {
    const Model model = ModelText().input("n", "number").literal("d", "n + 1").load();
    ASSERT_EQ(model.diagnostics().size(), 1u);
    EXPECT_TRUE(model.evaluate("d", n(1)).value.is_null());
}

TEST(Model, refuses_the_clock) {
    EXPECT_FALSE(ModelText().literal("d", "today()").load().diagnostics().empty());
}

TEST(Model, reports_what_can_never_be_of_its_type) {
    const Model model = ModelText().literal("d", "1 + 1", {}, "string").load();
    ASSERT_EQ(model.diagnostics().size(), 1u);
    EXPECT_EQ(model.diagnostics()[0].code, "dmn.type");
}

TEST(Model, reports_unknown_references_types_and_cycles) {
    const auto codes = [](const ModelText& text) {
        std::string all;
        const Model model = text.load();
        for (const auto& each : model.diagnostics()) all += each.code + " ";
        return all;
    };
    EXPECT_EQ(codes(ModelText().literal("d", "1", {"in_nothing"})), "dmn.unknown_reference ");
    EXPECT_EQ(codes(ModelText().literal("d", "1", {}, "nubmer")), "dmn.unknown_type ");
    EXPECT_EQ(codes(ModelText().literal("a", "b", {"d_b"}).literal("b", "a", {"d_a"})), "dmn.cycle dmn.cycle ");
}

TEST(Model, ends_a_cycle_with_an_error) {
    const Outcome outcome = ModelText().literal("a", "b", {"d_b"}).literal("b", "a", {"d_a"}).load().evaluate("a", Value::context({}));
    EXPECT_TRUE(outcome.value.is_null());
    ASSERT_FALSE(outcome.errors.empty());
    EXPECT_EQ(outcome.errors[0].code, "dmn.cycle");
}

TEST(Xml, is_refused_where_it_is_hostile) {
    EXPECT_EQ(code_of_load("<!DOCTYPE x [<!ENTITY a \"b\">]><definitions/>"), "dmn.document_type");
    EXPECT_EQ(code_of_load("no xml"), "dmn.xml");
    EXPECT_EQ(code_of_load("<other/>"), "dmn.no_model");
    EXPECT_EQ(code_of_load("<definitions"), "dmn.xml");
    EXPECT_EQ(code_of_load("<definitions>\xff</definitions>"), "dmn.xml");
    EXPECT_EQ(code_of_load(""), "dmn.xml");
    std::string deep;
    for (int i = 0; i < 100'000; ++i) deep += "<a>";
    for (int i = 0; i < 100'000; ++i) deep += "</a>";
    EXPECT_EQ(code_of_load(deep), "dmn.too_deep");
    EXPECT_EQ(code_of_load(std::string(9 << 20, ' ')), "dmn.too_large");
}

TEST(Types, non_conforming_results_are_null_with_an_error) {
    const Outcome outcome = ModelText().literal("d", "\"text\"", {}, "number").load().evaluate("d", Value::context({}));
    EXPECT_TRUE(outcome.value.is_null());
    ASSERT_EQ(outcome.errors.size(), 1u);
    EXPECT_EQ(outcome.errors[0].code, "dmn.result_type");
}

TEST(Types, convert_singletons_both_ways) {
    const Model model = ModelText().raw("<itemDefinition name=\"t_list\" isCollection=\"true\"><typeRef>string</typeRef></itemDefinition>")
        .literal("list", "\"a\"", {}, "t_list").literal("single", "[\"a\"]", {}, "string").load();
    EXPECT_EQ(model.evaluate("list", Value::context({})).value, Value::list({Value::string("a")}));
    EXPECT_EQ(model.evaluate("single", Value::context({})).value, Value::string("a"));
}

TEST(Types, inputs_keep_to_their_allowed_values) {
    const Model model = ModelText().type("t_kind", "string", "\"car\",\"van\"").input("kind", "t_kind").literal("d", "kind", {"in_kind"}).load();
    EXPECT_EQ(model.evaluate("d", Value::context({{"kind", Value::string("car")}})).value, Value::string("car"));
    const Outcome outcome = model.evaluate("d", Value::context({{"kind", Value::string("tank")}}));
    EXPECT_TRUE(outcome.value.is_null());
    ASSERT_FALSE(outcome.errors.empty());
    EXPECT_EQ(outcome.errors[0].code, "dmn.input_type");
}

TEST(Types, half_filled_inputs_are_completed_with_null) {
    const Model model = ModelText()
        .raw("<itemDefinition name=\"t\"><itemComponent name=\"a\"><typeRef>number</typeRef></itemComponent><itemComponent name=\"b\"><typeRef>number</typeRef></itemComponent></itemDefinition>")
        .input("x", "t").literal("d", "if x.b = null then x.a else 0", {"in_x"}).load();
    EXPECT_EQ(model.evaluate("d", Value::context({{"x", Value::context({{"a", Value::number(7)}})}})).value.text(), "7");
    EXPECT_EQ(model.input_type("x").fields.at("a")->simple, "number");
}

TEST(Table, follows_each_hit_policy) {
    const std::vector<std::pair<std::string, std::string>> rows = {{"> 0", "\"low\""}, {"> 10", "\"high\""}, {"> 5", "\"mid\""}, {"> 7", "\"mid\""}};
    const std::string order = "\"high\",\"mid\",\"low\"";
    EXPECT_EQ(table_result("", rows, 3), "low");
    EXPECT_EQ(table_result("hitPolicy=\"UNIQUE\"", rows, 11), "null");
    EXPECT_EQ(table_result("hitPolicy=\"ANY\"", {{"> 0", "1"}, {"> 5", "1"}}, 9), "1");
    EXPECT_EQ(table_result("hitPolicy=\"ANY\"", rows, 9), "null");
    EXPECT_EQ(table_result("hitPolicy=\"FIRST\"", rows, 11), "low");
    EXPECT_EQ(table_result("hitPolicy=\"PRIORITY\"", rows, 11, order), "high");
    EXPECT_EQ(table_result("hitPolicy=\"RULE ORDER\"", rows, 11), "[\"low\", \"high\", \"mid\", \"mid\"]");
    EXPECT_EQ(table_result("hitPolicy=\"OUTPUT ORDER\"", rows, 11, order), "[\"high\", \"mid\", \"mid\", \"low\"]");
    EXPECT_EQ(table_result("hitPolicy=\"COLLECT\"", rows, 6), "[\"low\", \"mid\"]");
    EXPECT_EQ(table_result("hitPolicy=\"COLLECT\"", rows, 0), "[]");
}

TEST(Table, aggregates) {
    const std::vector<std::pair<std::string, std::string>> rows = {{"> 0", "3"}, {"> 1", "4"}, {"> 2", "4"}};
    EXPECT_EQ(table_result("hitPolicy=\"COLLECT\" aggregation=\"SUM\"", rows, 9), "11");
    EXPECT_EQ(table_result("hitPolicy=\"COLLECT\" aggregation=\"MIN\"", rows, 9), "3");
    EXPECT_EQ(table_result("hitPolicy=\"COLLECT\" aggregation=\"MAX\"", rows, 9), "4");
    EXPECT_EQ(table_result("hitPolicy=\"COLLECT\" aggregation=\"COUNT\"", rows, 9), "3");
    EXPECT_EQ(table_result("hitPolicy=\"COLLECT\" aggregation=\"COUNT\"", rows, 0), "0");
    EXPECT_EQ(table_result("hitPolicy=\"COLLECT\" aggregation=\"SUM\"", rows, 0), "null");
}

TEST(Table, names_the_rules_that_clash) {
    const Model model = ModelText().input("n", "number").logic("d", table("hitPolicy=\"UNIQUE\"", {{"> 0", "1"}, {"< 9", "2"}}), {"in_n"}).load();
    const Outcome outcome = model.evaluate("d", n(5));
    ASSERT_FALSE(outcome.errors.empty());
    EXPECT_NE(outcome.errors[0].message.find("rules 1, 2"), std::string::npos);
}

TEST(Table, tells_what_it_can_give) {
    const Model model = ModelText().input("n", "number").logic("d", table("hitPolicy=\"COLLECT\"", {{"1", "\"a\""}, {"2", "\"b\""}, {"3", "\"a\""}}), {"in_n"}).load();
    EXPECT_EQ(model.possible_outputs("d"), (std::vector<std::string>{"a", "b"}));
}

TEST(Knowledge, is_called_and_may_recurse_up_to_the_limit) {
    const Model model = ModelText().knowledge("fact", "k", "if k <= 1 then 1 else k * fact(k - 1)", {"k_fact"})
        .input("n", "number").literal("d", "fact(n)", {"in_n", "k_fact"}).load();
    EXPECT_TRUE(model.diagnostics().empty());
    EXPECT_EQ(model.evaluate("d", n(5)).value.text(), "120");
    const Outcome endless = model.evaluate("d", n(1'000'000));
    EXPECT_TRUE(endless.value.is_null());
    ASSERT_FALSE(endless.errors.empty());
}

TEST(Boxed, expressions_of_every_kind) {
    const auto literal = [](const std::string& text) { return "<literalExpression><text>" + xml_text(text) + "</text></literalExpression>"; };
    const auto value = [&](const std::string& xml) { return ModelText().logic("d", xml).load().evaluate("d", Value::context({})).value.text(); };
    EXPECT_EQ(value("<list>" + literal("1") + literal("\"a\"") + "</list>"), "[1, \"a\"]");
    EXPECT_EQ(value("<relation><column name=\"a\"/><column name=\"b\"/><row>" + literal("1") + literal("2") + "</row></relation>"), "[{a: 1, b: 2}]");
    EXPECT_EQ(value("<conditional><if>" + literal("1 > 2") + "</if><then>" + literal("1") + "</then><else>" + literal("2") + "</else></conditional>"), "2");
    EXPECT_EQ(value("<for iteratorVariable=\"i\"><in>" + literal("[1..3]") + "</in><return>" + literal("i * i") + "</return></for>"), "[1, 4, 9]");
    EXPECT_EQ(value("<every iteratorVariable=\"i\"><in>" + literal("[1, 2]") + "</in><satisfies>" + literal("i > 1") + "</satisfies></every>"), "false");
    EXPECT_EQ(value("<some iteratorVariable=\"i\"><in>" + literal("[1, 2]") + "</in><satisfies>" + literal("i > 1") + "</satisfies></some>"), "true");
    EXPECT_EQ(value("<filter><in>" + literal("[{a: 1}, {a: 2}]") + "</in><match>" + literal("a > 1") + "</match></filter>"), "[{a: 2}]");
    EXPECT_EQ(value("<context><contextEntry><variable name=\"a\"/>" + literal("2") + "</contextEntry><contextEntry>" + literal("a + 1") + "</contextEntry></context>"), "3");
    EXPECT_EQ(value("<context><contextEntry><variable name=\"f\"/><functionDefinition><formalParameter name=\"x\"/>" + literal("if x = 0 then 0 else x + f(x - 1)") +
                    "</functionDefinition></contextEntry><contextEntry><invocation>" + literal("f") + "<binding><parameter name=\"x\"/>" + literal("3") +
                    "</binding></invocation></contextEntry></context>"), "6");
}

TEST(Service, encapsulates_decisions) {
    const Model model = ModelText().input("n", "number").literal("inner", "0").literal("outer", "inner + n", {"d_inner", "in_n"})
        .raw("<decisionService id=\"s\" name=\"s\"><variable name=\"s\"/><outputDecision href=\"#d_outer\"/><inputDecision href=\"#d_inner\"/><inputData href=\"#in_n\"/></decisionService>")
        .literal("use", "s(1, 2)", {"k_none"}).load();
    EXPECT_EQ(model.evaluate("s", Value::context({{"n", Value::number(1)}, {"inner", Value::number(10)}})).value.text(), "11");
}

TEST(Import, gives_elements_and_types_under_its_name) {
    const std::string other = "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" name=\"o\" namespace=\"urn:other\">"
        "<itemDefinition name=\"t\"><typeRef>number</typeRef></itemDefinition>"
        "<decision id=\"seven\" name=\"seven\"><variable name=\"seven\"/><literalExpression><text>7</text></literalExpression></decision></definitions>";
    const std::string xml = ModelText().raw("<import name=\"o\" namespace=\"urn:other\" importType=\"https://www.omg.org/spec/DMN/20191111/MODEL/\"/>")
        .raw("<decision id=\"d\" name=\"d\"><variable name=\"d\" typeRef=\"o.t\"/><informationRequirement><requiredDecision href=\"urn:other#seven\"/></informationRequirement>"
             "<literalExpression><text>o.seven + 1</text></literalExpression></decision>").text();
    const auto model = Model::load(xml, [&](std::string_view) { return other; });
    ASSERT_TRUE(model.ok());
    EXPECT_TRUE(model->diagnostics().empty());
    EXPECT_EQ(model->evaluate("d", Value::context({})).value.text(), "8");
    const auto alone = Model::load(xml);
    ASSERT_TRUE(alone.ok());
    EXPECT_FALSE(alone->diagnostics().empty());
}

TEST(Limits, end_a_loop_with_an_error) {
    Limits limits;
    limits.operations = 1000;
    const std::string inner = "<in><literalExpression><text>[1..100]</text></literalExpression></in><return>";
    const std::string xml = ModelText().logic("d", "<for iteratorVariable=\"i\">" + inner + "<for iteratorVariable=\"j\">" + inner +
                                              "<literalExpression><text>i * j</text></literalExpression></return></for></return></for>").text();
    const auto model = Model::load(xml, {}, limits);
    ASSERT_TRUE(model.ok());
    const Outcome outcome = model->evaluate("d", Value::context({}));
    EXPECT_TRUE(outcome.value.is_null());
    ASSERT_FALSE(outcome.errors.empty());
    EXPECT_EQ(outcome.errors.back().code, "dmn.limit");
}

TEST(Explain, tells_inputs_matched_rows_and_outputs) {
    const Model model = ModelText().input("n", "number").logic("level", table("hitPolicy=\"FIRST\"", {{"> 10", "\"high\""}, {"> 0", "\"low\""}}), {"in_n"})
        .literal("text", "\"it is \" + level", {"d_level"}).load();
    const Step step = model.explain("text", n(3));
    EXPECT_EQ(step.kind, "decision");
    EXPECT_EQ(step.label, "L text");
    EXPECT_EQ(step.value, Value::string("it is low"));
    ASSERT_EQ(step.parts.size(), 2u);
    const Step& level = step.parts[0];
    EXPECT_EQ(level.name, "level");
    ASSERT_EQ(level.parts.size(), 2u);
    EXPECT_EQ(level.parts[0].kind, "input");
    const Step& rows = level.parts[1];
    EXPECT_EQ(rows.kind, "table");
    ASSERT_EQ(rows.parts.size(), 2u);
    EXPECT_EQ(rows.parts[0].label, "Zahl");
    EXPECT_EQ(rows.parts[0].value, Value::number(3));
    EXPECT_EQ(rows.parts[1].kind, "rule");
    EXPECT_EQ(rows.parts[1].rule, 2);
    EXPECT_EQ(rows.parts[1].parts.at(0).text, "> 0");
    EXPECT_EQ(rows.parts[1].parts.at(1).text, "\"low\"");
    EXPECT_EQ(step.parts[1].kind, "literal");
}

TEST(Explain, survives_the_journal) {
    const Step step = ModelText().input("n", "number").literal("d", "n * 2", {"in_n"}).load().explain("d", n(3));
    const auto back = step_from_json(to_json(step));
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(to_json(*back), to_json(step));
    EXPECT_EQ(back->value, Value::number(6));
    EXPECT_FALSE(step_from_json("[1]").ok());
}

TEST(Packages, have_models_without_a_finding) {
    const std::filesystem::path packages = std::filesystem::path(KIEPE_SOURCE_DIR) / "packages";
    if (!std::filesystem::is_directory(packages)) GTEST_SKIP() << "packages not present";
    for (const auto& entry : std::filesystem::directory_iterator(packages)) {
        const auto file = entry.path() / "decision.dmn";
        if (!std::filesystem::is_regular_file(file)) continue;
        const auto model = Model::load(read_file(file.string()));
        ASSERT_TRUE(model.ok()) << file << model.error().code;
        for (const auto& each : model->diagnostics()) ADD_FAILURE() << file << ' ' << each.element << ' ' << each.message << ' ' << each.hint;
    }
}

}  // namespace
}  // namespace kiepe::dmn
