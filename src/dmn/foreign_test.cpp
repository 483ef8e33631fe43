// Models that others write: as dmn-js and its relatives save them, in each version of the standard, and models that mean harm.
#include <string>

#include <gtest/gtest.h>

#include "base/text.h"
#include "dmn/dmn.h"

namespace kiepe::dmn {
namespace {

using feel::Value;

/// What dmn-js saves: prefixes, extensions of its platform, widths of columns, a drawing, decisions without a variable, empty cells.
std::string drawn_model(const std::string& version, const std::string& language) {
    const std::string text = R"xml(<?xml version="1.0" encoding="UTF-8"?>
<dmn:definitions xmlns:dmn="VERSION" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:di="http://www.omg.org/spec/DMN/20180521/DI/"
    xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" xmlns:biodi="http://bpmn.io/schema/dmn/biodi/2.0" xmlns:vendor="http://example.org/vendor"
    id="model" name="DRD" namespace="http://example.org/fees" exporter="dmn-js (https://demo.bpmn.io/dmn)" exporterVersion="16.0.0">
  <dmn:decision id="fee" name="Gebühr (€)" vendor:historyTimeToLive="30">
    <dmn:extensionElements><vendor:properties><vendor:property name="a" value="b"/></vendor:properties><biodi:bounds x="1" y="2"/></dmn:extensionElements>
    <dmn:informationRequirement id="needs_length"><dmn:requiredInput href="#length"/></dmn:informationRequirement>
    <dmn:authorityRequirement id="needs_statute"><dmn:requiredAuthority href="#statute"/></dmn:authorityRequirement>
    <dmn:decisionTable id="table" hitPolicy="FIRST" biodi:annotationsWidth="400">
      <dmn:input id="in" label="Länge" biodi:width="192" vendor:inputVariable="x">
        <dmn:inputExpression id="in_expression" typeRef="number" expressionLanguage="LANGUAGE"><dmn:text>Länge</dmn:text></dmn:inputExpression>
      </dmn:input>
      <dmn:output id="out" label="Gebühr" name="fee" typeRef="number" biodi:width="192"/>
      <dmn:annotation name="Norm"/>
      <dmn:rule id="short"><dmn:description>kurz</dmn:description>
        <dmn:inputEntry id="c1"><dmn:text><![CDATA[< 5]]></dmn:text></dmn:inputEntry>
        <dmn:outputEntry id="c2"><dmn:text>10</dmn:text></dmn:outputEntry>
        <dmn:annotationEntry><dmn:text>Paragraf 1</dmn:text></dmn:annotationEntry></dmn:rule>
      <dmn:rule id="long"><dmn:inputEntry id="c3"><dmn:text></dmn:text></dmn:inputEntry>
        <dmn:outputEntry id="c4"><dmn:text>20</dmn:text></dmn:outputEntry></dmn:rule>
    </dmn:decisionTable>
  </dmn:decision>
  <dmn:decision id="words" name="Text"><dmn:variable id="v" name="Text" typeRef="string"/>
    <dmn:informationRequirement id="needs_fee"><dmn:requiredDecision href="#fee"/></dmn:informationRequirement>
    <dmn:literalExpression id="l"><dmn:text>string(Gebühr (€)) + " Euro"</dmn:text></dmn:literalExpression></dmn:decision>
  <dmn:inputData id="length" name="Länge"><dmn:variable id="w" name="Länge" typeRef="number"/></dmn:inputData>
  <dmn:knowledgeSource id="statute" name="Satzung"/>
  <dmn:textAnnotation id="note"><dmn:text>Notiz</dmn:text></dmn:textAnnotation>
  <dmn:association id="a"><dmn:sourceRef href="#fee"/><dmn:targetRef href="#note"/></dmn:association>
  <dmndi:DMNDI><dmndi:DMNDiagram id="d"><dmndi:DMNShape id="s" dmnElementRef="fee"><dc:Bounds height="80" width="180" x="150" y="80"/></dmndi:DMNShape>
    <dmndi:DMNEdge id="e" dmnElementRef="needs_length"><di:waypoint x="1" y="2"/><di:waypoint x="3" y="4"/></dmndi:DMNEdge></dmndi:DMNDiagram></dmndi:DMNDI>
</dmn:definitions>)xml";
    return replace_all(replace_all(text, "VERSION", version), "LANGUAGE", language);
}

/// A model of one decision `d` and what else it needs.
std::string model_of(const std::string& expression, const std::string& more = {}) {
    const std::string calls = more.find("id=\"f\"") == std::string::npos ? "" : "<knowledgeRequirement><requiredKnowledge href=\"#f\"/></knowledgeRequirement>";
    return "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" name=\"m\" namespace=\"urn:m\">" + more +
           "<decision id=\"d\" name=\"d\"><variable name=\"d\"/>" + calls +
           "<literalExpression id=\"l\"><text>" + replace_all(expression, "<", "&lt;") + "</text></literalExpression></decision></definitions>";
}

std::string function(const std::string& expression) {
    return "<businessKnowledgeModel id=\"f\" name=\"f\"><variable name=\"f\"/><encapsulatedLogic><formalParameter name=\"n\"/><literalExpression><text>" +
           expression + "</text></literalExpression></encapsulatedLogic><knowledgeRequirement><requiredKnowledge href=\"#f\"/></knowledgeRequirement>"
           "</businessKnowledgeModel>";
}

/// Null with a reason. What has no end would not come back here.
void expect_an_end(const std::string& xml) {
    const auto model = Model::load(xml);
    ASSERT_TRUE(model.ok());
    const Outcome outcome = model->evaluate("d", Value::context({}));
    EXPECT_TRUE(outcome.value.is_null()) << xml.substr(0, 400);
    EXPECT_TRUE(!outcome.errors.empty() || !model->diagnostics().empty()) << xml.substr(0, 400);
}

TEST(Foreign, models_are_read_as_modelers_save_them) {
    for (const char* version : {"http://www.omg.org/spec/DMN/20180521/MODEL/", "https://www.omg.org/spec/DMN/20191111/MODEL/",
                                "https://www.omg.org/spec/DMN/20211108/MODEL/", "https://www.omg.org/spec/DMN/20230324/MODEL/"}) {
        const auto model = Model::load(drawn_model(version, "feel"));
        ASSERT_TRUE(model.ok()) << version;
        EXPECT_TRUE(model->diagnostics().empty()) << version << ' ' << model->diagnostics().front().message;
        EXPECT_EQ(model->evaluate("words", Value::context({{"Länge", Value::number(4)}})).value.text(), "10 Euro");
        EXPECT_EQ(model->evaluate("words", Value::context({{"Länge", Value::number(5)}})).value.text(), "20 Euro");
    }
}

TEST(Foreign, languages_are_named_instead_of_read_as_feel) {
    for (const char* feel : {"", "feel", "FEEL", "http://www.omg.org/spec/FEEL/20140401", "https://www.omg.org/spec/DMN/20191111/FEEL/"}) {
        const auto model = Model::load(drawn_model("https://www.omg.org/spec/DMN/20191111/MODEL/", feel));
        ASSERT_TRUE(model.ok()) << feel;
        EXPECT_TRUE(model->diagnostics().empty()) << feel;
    }
    const auto model = Model::load(drawn_model("https://www.omg.org/spec/DMN/20191111/MODEL/", "javascript"));
    ASSERT_TRUE(model.ok());
    ASSERT_EQ(model->diagnostics().size(), 1u);
    EXPECT_EQ(model->diagnostics()[0].code, "dmn.language");
    EXPECT_EQ(model->diagnostics()[0].element, "in_expression");
    const auto whole = Model::load(replace_all(model_of("1"), "name=\"m\"", "name=\"m\" expressionLanguage=\"urn:other\""));
    ASSERT_TRUE(whole.ok());
    ASSERT_FALSE(whole->diagnostics().empty());
    EXPECT_EQ(whole->diagnostics()[0].code, "dmn.language");
}

TEST(Foreign, hostile_expressions_end_with_an_error) {
    expect_an_end(model_of("for i in 1..1000000000000 return i"));
    expect_an_end(model_of("some a in 1..1000000, b in 1..1000000 satisfies a + b < 0"));
    expect_an_end(model_of("(for i in 1..60 return if i = 1 then \"ab\" else partial[-1] + partial[-1])[-1]"));
    expect_an_end(model_of("count(flatten((for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]])[-1]))"));
    expect_an_end(model_of("f(1)", function("f(n)")));
    expect_an_end(model_of("f(1)", function("f(n) + f(n)")));
    expect_an_end(model_of("f(60)", function("if n = 0 then 1 else f(n - 1) + f(n - 1)")));
    expect_an_end(model_of(std::string(100'000, '[') + std::string(100'000, ']')));
    std::string sum = "1";
    for (int i = 0; i < 200'000; ++i) sum += "+1";
    expect_an_end(model_of(sum));
    expect_an_end(model_of(std::string(2 << 20, '1')));
}

TEST(Foreign, hostile_results_are_compared_within_the_limits) {
    const std::string twice = "<outputEntry><text>(for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]])[-1]</text></outputEntry>";
    expect_an_end("<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" name=\"m\" namespace=\"urn:m\"><decision id=\"d\" name=\"d\">"
                  "<variable name=\"d\"/><decisionTable id=\"t\" hitPolicy=\"ANY\"><output id=\"o\"/><rule id=\"r\">" + twice + "</rule><rule id=\"s\">" + twice +
                  "</rule></decisionTable></decision></definitions>");
    expect_an_end(model_of("context(for i in 1..2000000 return {key: string(i), value: i})"));
    expect_an_end(model_of("context merge(for i in 1..2000000 return context put({}, string(i), i))"));
}

TEST(Foreign, hostile_files_are_refused) {
    const auto code = [](const std::string& xml) {
        const auto model = Model::load(xml);
        return model ? "loaded" : model.error().code;
    };
    const std::string bomb = "<!DOCTYPE a [<!ENTITY b \"bbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;\">]>";
    EXPECT_EQ(code(bomb + model_of("1")), "dmn.document_type");
    EXPECT_EQ(code("<!DOCTYPE a SYSTEM \"file:///etc/passwd\">" + model_of("1")), "dmn.document_type");
    EXPECT_EQ(code(model_of("1") + std::string(100 << 20, ' ')), "dmn.too_large");
    std::string boxes = "<literalExpression><text>1</text></literalExpression>";
    for (int i = 0; i < 300; ++i) boxes = "<list>" + boxes + "</list>";
    EXPECT_EQ(code("<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\"><decision id=\"d\" name=\"d\">" + boxes + "</decision></definitions>"),
              "dmn.too_deep");
}

TEST(Foreign, models_that_import_themselves_end) {
    const std::string self = model_of("1", "<import name=\"m\" namespace=\"urn:m\" importType=\"https://www.omg.org/spec/DMN/20191111/MODEL/\"/>");
    const auto model = Model::load(self, [&](std::string_view) { return self; });
    ASSERT_TRUE(model.ok());
    EXPECT_EQ(model->evaluate("d", Value::context({})).value.text(), "1");
}

}  // namespace
}  // namespace kiepe::dmn
