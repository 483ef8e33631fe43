// A small package without a finding, broken in one place at a time.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.h"
#include "catalogue/catalogue.h"
#include "catalogue/law_reader.h"
#include "catalogue/package_reader.h"

namespace kiepe::catalogue {
namespace {

const char* const kService = R"(service: stand
package: 1.0.0
language: de
name: Stand anmelden
short: Wer einen Stand aufstellt, meldet ihn an.
law: [parking_order]
norms: ["StrWG NRW § 18"]
office: resident-parking
fee: {decision: fee, norm: "StrWG NRW § 19a"}
decision: {day: case.received, outcome: outcome, reasons: obstacles, looks: looks, results: {fee: money}}
outcomes:
  grant:  {effect: favourable, letter: letters/grant.md, title: Ihr Stand}
  refuse: {effect: unfavourable, letter: letters/refusal.md, title: Kein Stand, by: person}
  look:   {effect: none, task: Ansehen}
automation:
  outcomes: [grant]
  norm: "VwVfG NRW § 35a"
  allowed_by: parking_order.automation_allowed_by
  discretion: none
  facts: {stand.kind: stated}
  register_text: Erlaubt einen Stand.
missing: {request: letters/grant.md, within: 2 weeks, remind: 3 days before, then: look, norm: "VwVfG NRW § 26"}
promise: {answer: 3 working days, starts: complete, warn_at: 70 %}
remedy: {kind: action, within: 1 month, to: court, norm: "VwGO § 74"}
data: {purpose: Erlaubnis, norm: "DSG NRW § 3", keep: {after: closed, years: 2, norm: AO}, drafts: 30 days}
)";

const char* const kForm = R"(form: 1
pages:
- page: stand
  title: Ihr Stand
  ask:
  - ask: stand.kind
    type: choice
    label: Was für ein Stand?
    options: {party: Feier, market: Markt}
    needed_for: "StrWG NRW § 18"
  - ask: stand.length
    type: number
    digits: 2
    label: Wie lang ist er?
    least: 1
    most: 20
    needed_for: "StrWG NRW § 18"
  - ask: stand.indoor
    type: yes_no
    label: Steht er unter einem Dach?
    show: stand.kind = "party"
    needed_for: "StrWG NRW § 18"
- page: you
  title: Sie
  ask:
  - ask: you.birth_date
    type: date
    label: Geburtsdatum
    protected: age
    needed_for: "JuSchG § 4"
  - derive: you.age
    type: number
    value: years and months duration(you.birth_date, case.received).years
)";

const char* const kReasons = R"(reasons:
  too_long: {effect: against, say: Ihr Stand ist zu lang., norm: "StrWG NRW § 18"}
  too_young: {effect: against, say: Sie sind noch nicht erwachsen., norm: "JuSchG § 4"}
  outdoor: {effect: look, say: Der Stand steht im Freien., norm: "StrWG NRW § 18"}
)";

const char* const kModel = R"(<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="Stand" namespace="urn:stand">
  <itemDefinition name="t_stand">
    <itemComponent name="kind"><typeRef>string</typeRef><allowedValues><text>"party","market"</text></allowedValues></itemComponent>
    <itemComponent name="length"><typeRef>number</typeRef></itemComponent>
    <itemComponent name="indoor"><typeRef>boolean</typeRef></itemComponent>
  </itemDefinition>
  <itemDefinition name="t_you"><itemComponent name="birth_date"><typeRef>date</typeRef></itemComponent><itemComponent name="age"><typeRef>number</typeRef></itemComponent></itemDefinition>
  <inputData id="input_stand" name="stand"><variable name="stand" typeRef="t_stand"/></inputData>
  <inputData id="input_you" name="you"><variable name="you" typeRef="t_you"/></inputData>
  <inputData id="input_parking_order" name="parking_order"><variable name="parking_order"/></inputData>
  <decision id="obstacles" name="obstacles">
    <question>JuSchG § 4</question>
    <variable name="obstacles"/>
    <informationRequirement><requiredInput href="#input_stand"/></informationRequirement>
    <informationRequirement><requiredInput href="#input_you"/></informationRequirement>
    <informationRequirement><requiredInput href="#input_parking_order"/></informationRequirement>
    <decisionTable id="table_obstacles" hitPolicy="COLLECT">
      <input><inputExpression typeRef="number"><text>stand.length</text></inputExpression></input>
      <input><inputExpression typeRef="number"><text>you.age</text></inputExpression></input>
      <output typeRef="string"/>
      <rule id="o1"><inputEntry><text>&gt; parking_order.longest_vehicle</text></inputEntry><inputEntry><text>-</text></inputEntry><outputEntry id="o1_o"><text>"too_long"</text></outputEntry></rule>
      <rule id="o2"><inputEntry><text>-</text></inputEntry><inputEntry><text>&lt; 18</text></inputEntry><outputEntry id="o2_o"><text>"too_young"</text></outputEntry></rule>
    </decisionTable>
  </decision>
  <decision id="looks" name="looks">
    <variable name="looks"/>
    <informationRequirement><requiredInput href="#input_stand"/></informationRequirement>
    <decisionTable id="table_looks" hitPolicy="COLLECT">
      <input><inputExpression typeRef="boolean"><text>stand.indoor</text></inputExpression></input>
      <output typeRef="string"/>
      <rule id="l1"><inputEntry><text>false</text></inputEntry><outputEntry id="l1_o"><text>"outdoor"</text></outputEntry></rule>
    </decisionTable>
  </decision>
  <decision id="fee" name="fee">
    <variable name="fee" typeRef="number"/>
    <informationRequirement><requiredInput href="#input_stand"/></informationRequirement>
    <decisionTable id="table_fee" hitPolicy="UNIQUE">
      <input><inputExpression typeRef="string"><text>stand.kind</text></inputExpression></input>
      <input><inputExpression typeRef="number"><text>stand.length</text></inputExpression></input>
      <input><inputExpression typeRef="boolean"><text>stand.indoor</text></inputExpression></input>
      <output typeRef="number"/>
      <rule id="f1"><inputEntry id="f1_1"><text>"party"</text></inputEntry><inputEntry id="f1_2"><text>&lt;= 10</text></inputEntry><inputEntry id="f1_3"><text>-</text></inputEntry><outputEntry id="f1_o"><text>10</text></outputEntry></rule>
      <rule id="f2"><inputEntry id="f2_1"><text>"party"</text></inputEntry><inputEntry id="f2_2"><text>&gt; 10</text></inputEntry><inputEntry id="f2_3"><text>true,false</text></inputEntry><outputEntry id="f2_o"><text>20</text></outputEntry></rule>
      <rule id="f3"><inputEntry id="f3_1"><text>"market"</text></inputEntry><inputEntry id="f3_2"><text>-</text></inputEntry><inputEntry id="f3_3"><text>null</text></inputEntry><outputEntry id="f3_o"><text>30</text></outputEntry></rule>
    </decisionTable>
  </decision>
  <decision id="outcome" name="outcome">
    <variable name="outcome" typeRef="string"/>
    <informationRequirement><requiredDecision href="#obstacles"/></informationRequirement>
    <informationRequirement><requiredDecision href="#looks"/></informationRequirement>
    <decisionTable id="table_outcome" hitPolicy="FIRST">
      <input><inputExpression typeRef="number"><text>count(obstacles)</text></inputExpression></input>
      <input><inputExpression typeRef="number"><text>count(looks)</text></inputExpression></input>
      <output typeRef="string"/>
      <rule id="r1"><inputEntry><text>&gt; 0</text></inputEntry><inputEntry><text>-</text></inputEntry><outputEntry id="r1_o"><text>"refuse"</text></outputEntry></rule>
      <rule id="r2"><inputEntry><text>-</text></inputEntry><inputEntry><text>&gt; 0</text></inputEntry><outputEntry id="r2_o"><text>"look"</text></outputEntry></rule>
      <rule id="r3"><inputEntry id="r3_1"><text>0</text></inputEntry><inputEntry><text>-</text></inputEntry><outputEntry id="r3_o"><text>"grant"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
)";

using Files = std::map<std::string, std::string>;

Files whole() {
    return {{"service.yaml", kService}, {"form.yaml", kForm}, {"reasons.yaml", kReasons}, {"decision.dmn", kModel},
            {"letters/grant.md", "# Ihr Stand\n\n{{> salutation }}\n"}, {"letters/refusal.md", "# Kein Stand\n\n{{> reasons }}\n"}};
}

const Catalogue& catalogue() {
    static const auto loaded = [] {
        std::vector<Finding> findings;
        const std::string root = KIEPE_SOURCE_DIR;
        return *Catalogue::load({root + "/packages", root + "/law", root + "/cities/muenster"}, nullptr, findings);
    }();
    return *loaded;
}

std::vector<Finding> check(const Files& files) {
    std::vector<Finding> findings;
    const auto package = build_package(files, {}, catalogue().law(), nullptr, findings);
    for (auto& finding : check_package(*package, catalogue())) findings.push_back(std::move(finding));
    std::erase_if(findings, [](const Finding& f) { return f.code == "texts_language_missing"; });
    return findings;
}

std::string say(const Finding& f) {
    std::string text = f.file + ":" + std::to_string(f.line) + " " + f.code;
    for (const auto& [name, value] : f.args)
        if (!value.empty()) text += " " + name + "=" + value;
    return text;
}

struct Broken {
    std::string file, from, to, code, at_file, at;   ///< `at`: what stands in the line of the finding
    Finding::Severity severity = Finding::Severity::warning;
    std::string example = {};
};

int line_with(const std::string& content, const std::string& text) {
    const auto at = content.find(text);
    if (at == std::string::npos) return -1;
    return 1 + static_cast<int>(std::count(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

void expect(const Broken& broken) {
    auto files = whole();
    std::string& content = files.at(broken.file);
    ASSERT_NE(content.find(broken.from), std::string::npos) << broken.from;
    content = replace_all(content, broken.from, broken.to);
    const auto findings = check(files);
    std::string all;
    for (const auto& finding : findings) all += say(finding) + "\n";
    const auto found = std::find_if(findings.begin(), findings.end(), [&](const Finding& f) { return f.code == broken.code; });
    ASSERT_NE(found, findings.end()) << broken.code << " after " << broken.to << "\n" << all;
    EXPECT_EQ(found->severity, broken.severity) << all;
    EXPECT_EQ(found->file, broken.at_file) << all;
    EXPECT_EQ(found->line, line_with(files.at(broken.at_file), broken.at)) << all;
    for (const auto& [name, value] : found->args) {
        if (name == "example" && !broken.example.empty()) { EXPECT_EQ(value, broken.example); }
    }
    for (const auto& finding : findings) EXPECT_EQ(finding.code, broken.code) << "and nothing else\n" << all;
}

constexpr auto kError = Finding::Severity::error;
constexpr auto kNote = Finding::Severity::note;

TEST(CheckRules, finds_nothing_in_a_good_package) {
    for (const auto& finding : check(whole())) ADD_FAILURE() << say(finding);
}

TEST(CheckRules, shows_gaps_that_an_answer_of_the_form_can_fall_into) {
    expect({"decision.dmn", "&gt; 10", "&gt; 11", "table_gap", "decision.dmn", "id=\"table_fee\"", Finding::Severity::warning, "stand.kind = \"party\", stand.length = 10.01"});
    expect({"decision.dmn", "<text>&gt; 10</text>", "<text>(10..19]</text>", "table_gap", "decision.dmn", "id=\"table_fee\"", Finding::Severity::warning,
            "stand.kind = \"party\", stand.length = 19.01"});
    expect({"decision.dmn", "<text>true,false</text>", "<text>true</text>", "table_gap", "decision.dmn", "id=\"table_fee\"", Finding::Severity::warning,
            "stand.kind = \"party\", stand.length = 10.01, stand.indoor = false"});
}

TEST(CheckRules, knows_what_the_form_never_lets_anybody_answer) {
    auto files = whole();  // a market has no roof to ask for, and a party must say: neither is missing in the table
    EXPECT_TRUE(check(files).empty());
    files["form.yaml"] = replace_all(files["form.yaml"], "    show: stand.kind = \"party\"\n", "");
    std::string all;
    for (const auto& finding : check(files)) all += say(finding) + "\n";
    EXPECT_NE(all.find("table_gap decision=fee example=stand.kind = \"market\"\n"), std::string::npos) << all;
    EXPECT_NE(all.find("table_rule_impossible decision=fee rule=3 expression=stand.indoor cell=null\n"), std::string::npos) << all;
}

TEST(CheckRules, shows_two_rows_that_match_the_same_answers) {
    expect({"decision.dmn", "&gt; 10", "&gt;= 10", "table_overlap", "decision.dmn", "id=\"f2\"", kError, "stand.kind = \"party\", stand.length = 10, stand.indoor = true"});
}

TEST(CheckRules, shows_a_gap_of_computed_columns_as_one_that_may_not_come_up) {
    expect({"decision.dmn", "<rule id=\"r1\"><inputEntry><text>&gt; 0</text>", "<rule id=\"r1\"><inputEntry><text>&gt; 1</text>", "table_gap_computed", "decision.dmn", "id=\"table_outcome\"",
            Finding::Severity::warning, "count(obstacles) = 1, count(looks) = 0"});
}

TEST(CheckRules, finds_rows_that_never_decide) {
    expect({"decision.dmn", "<rule id=\"r3\"><inputEntry id=\"r3_1\"><text>0</text>", "<rule id=\"r9\"><inputEntry><text>&gt; 2</text></inputEntry><inputEntry><text>-</text></inputEntry><outputEntry><text>\"look\"</text></outputEntry></rule>\n<rule id=\"r3\"><inputEntry id=\"r3_1\"><text>0</text>",
            "table_rule_covered", "decision.dmn", "id=\"r9\""});
    expect({"decision.dmn", "<inputEntry><text>&lt; 18</text></inputEntry><outputEntry id=\"o2_o\"><text>\"too_young\"</text></outputEntry></rule>",
            "<inputEntry><text>&lt; 18</text></inputEntry><outputEntry id=\"o2_o\"><text>\"too_young\"</text></outputEntry></rule>\n<rule id=\"o3\"><inputEntry><text>-</text></inputEntry><inputEntry><text>&lt; 16</text></inputEntry><outputEntry><text>\"too_young\"</text></outputEntry></rule>",
            "table_rule_twice", "decision.dmn", "id=\"o3\""});
    expect({"decision.dmn", "<rule id=\"o1\">", "<rule id=\"o0\"><inputEntry id=\"o0_1\"><text>&gt; 20</text></inputEntry><inputEntry><text>-</text></inputEntry><outputEntry><text>\"too_long\"</text></outputEntry></rule>\n<rule id=\"o1\">",
            "table_rule_impossible", "decision.dmn", "id=\"o0_1\""});
}

TEST(CheckRules, finds_a_code_that_the_form_does_not_offer) {
    expect({"decision.dmn", "<inputEntry id=\"f3_1\"><text>\"market\"</text>", "<inputEntry id=\"f3_1\"><text>\"market\",\"markt\"</text>", "table_cell_no_option", "decision.dmn", "id=\"f3_1\"", kError});
    expect({"form.yaml", "{party: Feier, market: Markt}", "{party: Feier, market: Markt, fair: Messe}", "model_refuses_answer", "form.yaml", "ask: stand.kind", kError});
}

TEST(CheckRules, says_what_it_could_not_look_at) {
    auto files = whole();
    files["decision.dmn"] = replace_all(files["decision.dmn"], "&gt; parking_order.longest_vehicle", "&gt; parking_order.longest_vehicle + you.age");
    const auto findings = check(files);
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].code, "table_not_analysed");
    EXPECT_EQ(findings[0].severity, kNote);
}

TEST(CheckRules, finds_what_nobody_needs) {
    expect({"form.yaml", "- page: you", "  - {ask: stand.colour, type: text, label: Farbe, needed_for: \"StrWG NRW § 18\"}\n- page: you", "form_question_not_needed", "form.yaml", "ask: stand.colour"});
    expect({"form.yaml", "- page: you", "  - {derive: stand.twice, type: number, value: stand.length * 2}\n- page: you", "form_derived_not_needed", "form.yaml", "derive: stand.twice"});
    expect({"decision.dmn", "  <decision id=\"looks\"", "  <inputData id=\"input_city\" name=\"city\"><variable name=\"city\"/></inputData>\n  <decision id=\"looks\"", "model_input_unused",
            "decision.dmn", "id=\"input_city\""});
    expect({"decision.dmn", "    <decisionTable id=\"table_looks\"", "    <informationRequirement><requiredInput href=\"#input_you\"/></informationRequirement>\n    <decisionTable id=\"table_looks\"",
            "model_requirement_unused", "decision.dmn", "id=\"looks\""});
}

TEST(CheckRules, knows_entries_of_lists_by_the_names_that_letters_give_them) {
    auto files = whole();
    files["form.yaml"] = replace_all(files["form.yaml"], "- page: you", R"(- page: guests
  title: Gäste
  add: guests as guest
  ask:
  - {ask: guest.stall, type: text, label: Name des Gastes, needed_for: "StrWG NRW § 18"}
  - {ask: guest.shoe, type: number, label: Schuhgröße, needed_for: "StrWG NRW § 18"}
- page: you)");
    files["letters/grant.md"] += "\n{{#for g in guests }}\n- {{ g.stall }}\n{{/for}}\n";
    const auto findings = check(files);
    ASSERT_EQ(findings.size(), 1u) << (findings.empty() ? "" : say(findings.front()));
    EXPECT_EQ(say(findings[0]), "form.yaml:" + std::to_string(line_with(files["form.yaml"], "guest.shoe")) + " form_question_not_needed name=guests.shoe");
}

TEST(CheckRules, lets_nobody_read_what_the_law_protects_without_citing_it) {
    expect({"decision.dmn", "<question>JuSchG § 4</question>", "<question>Alter</question>", "model_protected_without_norm", "decision.dmn", "id=\"obstacles\"", kError});
    expect({"form.yaml", "    protected: age\n    needed_for: \"JuSchG § 4\"", "    needed_for: \"JuSchG § 4\"", "form_protected_looks_like", "form.yaml", "ask: you.birth_date"});
}

TEST(CheckRules, keeps_machines_from_deciding_against_people) {
    auto files = whole();
    files["service.yaml"] = replace_all(files["service.yaml"], "outcomes: [grant]", "outcomes: [grant, refuse]");
    const auto findings = check(files);
    const auto row = std::find_if(findings.begin(), findings.end(), [](const Finding& f) { return f.code == "model_row_automates_unfavourable"; });
    ASSERT_NE(row, findings.end());
    EXPECT_EQ(row->line, line_with(files["decision.dmn"], "id=\"r1_o\""));
    EXPECT_TRUE(std::any_of(findings.begin(), findings.end(), [](const Finding& f) { return f.code == "service_automation_not_favourable"; }));

    expect({"service.yaml", "title: Kein Stand, by: person", "title: Kein Stand", "service_outcome_not_by_person", "service.yaml", "refuse:", kError});
    expect({"service.yaml", "norm: \"VwVfG NRW § 35a\"", "norm: Verwaltungspraxis", "service_automation_without_norm", "service.yaml", "Verwaltungspraxis", kError});
    expect({"service.yaml", "  allowed_by: parking_order.automation_allowed_by\n", "", "service_automation_without_provision", "service.yaml", "automation:", kError});
}

TEST(CheckRules, finds_an_outcome_that_comes_in_spite_of_reasons) {
    auto files = whole();
    files["decision.dmn"] = replace_all(files["decision.dmn"], "<rule id=\"r1\"><inputEntry><text>&gt; 0</text>", "<rule id=\"r1\"><inputEntry><text>&gt; 1</text>");
    files["decision.dmn"] = replace_all(files["decision.dmn"], "<inputEntry id=\"r3_1\"><text>0</text>", "<inputEntry id=\"r3_1\"><text>-</text>");
    const auto findings = check(files);
    ASSERT_EQ(findings.size(), 1u) << (findings.empty() ? "" : say(findings.front()));
    EXPECT_EQ(findings[0].code, "model_outcome_despite_reasons");
    EXPECT_EQ(findings[0].args[0].second, "count(obstacles) = 1, count(looks) = 0");
}

TEST(CheckRules, misses_no_law) {
    expect({"letters/refusal.md", "{{> reasons }}", "{{> salutation }}", "service_outcome_without_norm", "service.yaml", "refuse:", kError});
    expect({"service.yaml", ", norm: \"VwVfG NRW § 26\"}", "}", "service_missing_without_norm", "service.yaml", "missing:", kError});
    expect({"service.yaml", "results: {fee: money}", "results: {fee: date}", "service_result_type", "service.yaml", "results: {fee", kError});
    expect({"reasons.yaml", ", norm: \"JuSchG § 4\"}", "}", "package_missing_key", "reasons.yaml", "too_young:", kError});
    expect({"form.yaml", "    needed_for: \"StrWG NRW § 18\"\n  - ask: stand.length", "  - ask: stand.length", "form_without_needed_for", "form.yaml", "ask: stand.kind", kError});
}

TEST(CheckRules, keeps_codes_and_sentences_together) {
    expect({"reasons.yaml", "  outdoor: {effect: look, say: Der Stand steht im Freien., norm: \"StrWG NRW § 18\"}\n", "", "reasons_code_without_text", "decision.dmn", "id=\"l1_o\"", kError});
    expect({"reasons.yaml", "  outdoor:", "  noisy: {effect: look, say: Laut., norm: \"LImSchG § 9\"}\n  outdoor:", "reasons_never_given", "reasons.yaml", "noisy:", kError});
}

}  // namespace
}  // namespace kiepe::catalogue
