#include "dmn/analysis.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "base/date.h"
#include "base/text.h"

namespace kiepe::dmn {
namespace {

using feel::Value;
using Kind = TableFinding::Kind;

std::string xml(std::string text) {
    text = replace_all(std::move(text), "&", "&amp;");
    return replace_all(std::move(text), "<", "&lt;");
}

struct Column {
    std::string expression, type;
};

/// A model with one input for each plain column and one table "d". Rows: the cells, and last the output.
std::string model_text(const std::string& policy, const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows,
                       const std::string& more = {}, const std::string& output = {}) {
    std::string text = "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" name=\"test\" namespace=\"urn:test\">" + more;
    std::string needs, inputs;
    int number = 0;
    for (const auto& [expression, type] : columns) {
        const std::string name = expression.substr(0, expression.find('.'));
        if (name.find('(') == std::string::npos && text.find("id=\"in_" + name + "\"") == std::string::npos) {
            text += "<inputData id=\"in_" + name + "\" name=\"" + name + "\"><variable name=\"" + name + "\"" +
                    (name == expression ? " typeRef=\"" + type + "\"" : std::string()) + "/></inputData>";
            needs += "<informationRequirement><requiredInput href=\"#in_" + name + "\"/></informationRequirement>";
        }
        inputs += "<input id=\"c" + std::to_string(++number) + "\"><inputExpression typeRef=\"" + type + "\"><text>" + xml(expression) + "</text></inputExpression></input>";
    }
    for (const char* law : {"law"})
        if (text.find("id=\"in_law\"") == std::string::npos) {
            text += std::string("<inputData id=\"in_") + law + "\" name=\"law\"><variable name=\"law\"/></inputData>";
            needs += "<informationRequirement><requiredInput href=\"#in_law\"/></informationRequirement>";
        }
    text += "<decision id=\"dd\" name=\"d\"><variable name=\"d\"/>" + needs + "<decisionTable id=\"t\" " + policy + ">" + inputs + "<output id=\"o\">" + output + "</output>";
    int row = 0;
    for (const auto& cells : rows) {
        text += "<rule id=\"r" + std::to_string(++row) + "\">";
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const std::string tag = i + 1 < cells.size() ? "inputEntry" : "outputEntry";
            text += "<" + tag + " id=\"r" + std::to_string(row) + "_" + std::to_string(i + 1) + "\"><text>" + xml(cells[i]) + "</text></" + tag + ">";
        }
        text += "</rule>";
    }
    return text + "</decisionTable></decision></definitions>";
}

Model load(const std::string& text) {
    auto model = Model::load(text);
    EXPECT_TRUE(model.ok()) << (model.ok() ? "" : model.error().detail);
    for (const auto& d : model->diagnostics()) ADD_FAILURE() << d.element << " " << d.message << "\n" << text;
    return *model;
}

std::string said(const Example& example) {
    std::string text;
    for (const auto& [path, value] : example) text += (text.empty() ? "" : ", ") + path + " = " + as_feel(value);
    return text;
}

std::string said(const TableFinding& f) {
    constexpr const char* kinds[] = {"gap", "overlap", "covered", "foreign", "impossible", "duplicate", "not analysed", "too large"};
    std::string text = kinds[static_cast<int>(f.kind)];
    for (const int rule : f.rules) text += " " + std::to_string(rule);
    if (!f.example.empty()) text += ": " + said(f.example);
    if (!f.text.empty()) text += " [" + f.text + "]";
    return text;
}

using Said = std::vector<std::string>;

Said findings(const Model& model, const AnalysisOptions& options = {}) {
    Said all;
    for (const auto& finding : analyse(model, options)) all.push_back(said(finding));
    return all;
}

Said findings(const std::string& policy, const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows,
              const AnalysisOptions& options = {}) {
    return findings(load(model_text(policy, columns, rows)), options);
}

const std::string kUnique = "hitPolicy=\"UNIQUE\"", kFirst = "hitPolicy=\"FIRST\"", kAny = "hitPolicy=\"ANY\"", kCollect = "hitPolicy=\"COLLECT\"";

AnalysisOptions with(std::map<std::string, Domain> domains) {
    AnalysisOptions options;
    options.domain = [domains = std::move(domains)](const std::string& path) -> std::optional<Domain> {
        const auto found = domains.find(path);
        if (found == domains.end()) return std::nullopt;
        return found->second;
    };
    return options;
}

Domain numbers(int digits, std::optional<int> least = {}, std::optional<int> most = {}) {
    Domain domain;
    domain.type = Domain::Type::number;
    domain.null = Domain::Null::no;
    domain.digits = digits;
    if (least) domain.least = Value::number(*least);
    if (most) domain.most = Value::number(*most);
    return domain;
}

TEST(Analysis, finds_nothing_in_a_table_that_is_complete) {
    EXPECT_EQ(findings(kUnique, {{"n", "number"}}, {{"< 10", "1"}, {"[10..20]", "2"}, {"> 20", "3"}}), Said{});
    EXPECT_EQ(findings(kUnique, {{"b", "boolean"}}, {{"true", "1"}, {"false", "2"}}), Said{});
}

TEST(Analysis, shows_a_gap_between_two_intervals_as_an_input) {
    EXPECT_EQ(findings(kUnique, {{"n", "number"}}, {{"< 10", "1"}, {"> 10", "2"}}), Said{"gap: n = 10"});
    EXPECT_EQ(findings(kUnique, {{"n", "number"}}, {{"<= 5.25", "1"}, {"> 5.26", "2"}}), Said{"gap: n = 5.251"});
    EXPECT_EQ(findings(kUnique, {{"n", "number"}}, {{"<= 5.25", "1"}}), Said{"gap: n = 6"});
}

TEST(Analysis, knows_that_nothing_lies_between_two_numbers_of_so_many_digits) {
    const std::vector<std::vector<std::string>> rows{{"0", "1"}, {">= 1", "2"}};
    EXPECT_EQ(findings(kUnique, {{"n", "number"}}, rows, with({{"n", numbers(0, 0)}})), Said{});
    EXPECT_EQ(findings(kUnique, {{"n", "number"}}, rows, with({{"n", numbers(2, 0)}})), Said{"gap: n = 0.01"});
    EXPECT_EQ(findings(kUnique, {{"n", "number"}}, {{"<= 5.25", "1"}}, with({{"n", numbers(2, 1, 20)}})), Said{"gap: n = 5.26"});
    EXPECT_EQ(findings(kUnique, {{"n", "number"}}, {{"<= 20", "1"}}, with({{"n", numbers(2, 1, 20)}})), Said{});
}

TEST(Analysis, cuts_dates_months_durations_and_times) {
    EXPECT_EQ(findings(kUnique, {{"d", "date"}}, {{"< date(\"2026-01-01\")", "1"}, {"> date(\"2026-01-02\")", "2"}}), (Said{"gap: d = 2026-01-01"}));
    EXPECT_EQ(findings(kUnique, {{"d", "date"}}, {{"<= date(\"2026-01-01\")", "1"}, {">= date(\"2026-01-02\")", "2"}}), Said{});
    Domain month;
    month.type = Domain::Type::month;
    EXPECT_EQ(findings(kUnique, {{"d", "date"}}, {{"<= date(\"2026-01-15\")", "1"}, {">= date(\"2026-02-01\")", "2"}}, with({{"d", month}})), Said{});
    EXPECT_EQ(findings(kUnique, {{"d", "date"}}, {{"< date(\"2026-02-01\")", "1"}, {"> date(\"2026-03-01\")", "2"}}, with({{"d", month}})),
              Said{"gap: d = 2026-02-01"});
    EXPECT_EQ(findings(kUnique, {{"p", "years and months duration"}}, {{"< duration(\"P1Y\")", "1"}, {"> duration(\"P1Y\")", "2"}}), Said{"gap: p = P1Y"});
    EXPECT_EQ(findings(kUnique, {{"p", "days and time duration"}}, {{"<= duration(\"P1D\")", "1"}, {">= duration(\"P2D\")", "2"}}), Said{"gap: p = P1DT12H"});
    EXPECT_EQ(findings(kUnique, {{"p", "time"}}, {{"<= time(\"10:00:00\")", "1"}, {">= time(\"12:00:00\")", "2"}}), Said{"gap: p = 11:00:00"});
}

TEST(Analysis, takes_enumerations_from_the_types_of_the_model) {
    const std::string type = "<itemDefinition name=\"t_kind\"><typeRef>string</typeRef><allowedValues><text>\"car\",\"van\",\"trailer\"</text></allowedValues></itemDefinition>";
    EXPECT_EQ(findings(load(model_text(kUnique, {{"k", "t_kind"}}, {{"\"car\"", "1"}, {"\"van\"", "2"}}, type))), Said{"gap: k = \"trailer\""});
    EXPECT_EQ(findings(load(model_text(kUnique, {{"k", "t_kind"}}, {{"\"car\"", "1"}, {"not(\"car\")", "2"}}, type))), Said{});
    EXPECT_EQ(findings(load(model_text(kUnique, {{"k", "t_kind"}}, {{"\"vann\"", "1"}, {"-", "2"}}, type))), Said{"foreign 1 [\"vann\"]"});
    EXPECT_EQ(findings(load(model_text(kUnique, {{"k", "t_kind"}}, {{"\"car\", \"vann\"", "1"}, {"not(\"car\")", "2"}}, type))), Said{"foreign 1 [\"vann\"]"});
    EXPECT_EQ(findings(kUnique, {{"k", "string"}}, {{"\"car\"", "1"}}), Said{"gap: k = \"something else\""});
}

TEST(Analysis, counts_an_open_answer_only_where_it_may_be_open) {
    const std::vector<std::vector<std::string>> rows{{"true", "1"}, {"false", "2"}};
    Domain open;
    open.type = Domain::Type::boolean;
    open.null = Domain::Null::yes;
    EXPECT_EQ(findings(kUnique, {{"b", "boolean"}}, rows, with({{"b", open}})), Said{"gap: b = null"});
    EXPECT_EQ(findings(kFirst, {{"b", "boolean"}}, {{"true", "1"}, {"false", "2"}, {"-", "3"}}), Said{});  // perhaps null: the last is not dead
    open.null = Domain::Null::no;
    EXPECT_EQ(findings(kFirst, {{"b", "boolean"}}, {{"true", "1"}, {"false", "2"}, {"-", "3"}}, with({{"b", open}})), Said{"covered 3"});
}

TEST(Analysis, shows_where_two_rules_match) {
    EXPECT_EQ(findings(kUnique, {{"n", "number"}}, {{"<= 10", "1"}, {">= 10", "2"}}), Said{"overlap 1 2: n = 10"});
    EXPECT_EQ(findings(kAny, {{"n", "number"}}, {{"<= 10", "1"}, {">= 10", "1"}}), Said{});
    EXPECT_EQ(findings(kAny, {{"n", "number"}}, {{"<= 10", "1"}, {">= 10", "2"}}), Said{"overlap 1 2: n = 10"});
    EXPECT_EQ(findings(kFirst, {{"n", "number"}}, {{"<= 10", "1"}, {">= 10", "2"}}), Said{});
}

TEST(Analysis, leaves_out_columns_that_do_not_matter) {
    EXPECT_EQ(findings(kUnique, {{"a", "boolean"}, {"n", "number"}}, {{"true", "-", "1"}, {"false", "< 3", "2"}, {"false", "> 3", "3"}}),
              Said{"gap: a = false, n = 3"});
    EXPECT_EQ(findings(kUnique, {{"a", "boolean"}, {"n", "number"}}, {{"true", "> 1", "1"}, {"true", "<= 1", "2"}}), Said{"gap: a = false"});
}

TEST(Analysis, finds_rules_that_others_hide) {
    EXPECT_EQ(findings(kFirst, {{"n", "number"}}, {{"< 10", "1"}, {">= 5", "2"}, {"[3..20]", "3"}, {"-", "4"}}), (Said{"covered 3"}));
    const std::string order = "<outputValues><text>\"high\",\"low\"</text></outputValues>";
    const Model model = load(model_text("hitPolicy=\"PRIORITY\"", {{"n", "number"}}, {{"> 5", "\"low\""}, {"> 3", "\"high\""}, {"-", "\"low\""}}, {}, order));
    EXPECT_EQ(findings(model), Said{"covered 1"});
}

TEST(Analysis, finds_a_contradiction_of_two_columns_with_the_same_input) {
    EXPECT_EQ(findings(kCollect, {{"n", "number"}, {"n", "number"}}, {{"> 5", "< 5", "1"}, {"> 5", "< 7", "2"}}), Said{"impossible 1 [> 5; < 5]"});
}

TEST(Analysis, finds_a_rule_that_says_again_what_another_says) {
    EXPECT_EQ(findings(kCollect, {{"n", "number"}}, {{"> 5", "\"a\""}, {"> 7", "\"a\""}, {"> 7", "\"b\""}}), Said{"duplicate 1 2"});
    EXPECT_EQ(findings("hitPolicy=\"COLLECT\" aggregation=\"SUM\"", {{"n", "number"}}, {{"> 5", "10"}, {"> 7", "10"}}), Said{});
    EXPECT_EQ(findings("hitPolicy=\"COLLECT\" aggregation=\"SUM\"", {{"n", "number"}}, {{"> 5", "10"}, {"> 5", "10"}}), Said{"duplicate 1 2"});
}

TEST(Analysis, resolves_law_and_says_what_it_cannot_know) {
    const std::vector<std::vector<std::string>> rows{{"> law.longest", "1"}, {"< law.longest", "2"}};
    EXPECT_EQ(findings(kUnique, {{"n", "number"}}, rows), (Said{"not analysed 1 [> law.longest]", "not analysed 2 [< law.longest]"}));
    AnalysisOptions options = with({{"n", numbers(2)}});
    options.fixed = Value::context({{"law", Value::context({{"longest", Value::number(*Decimal::parse("5.25"))}})}});
    EXPECT_EQ(findings(kUnique, {{"n", "number"}}, rows, options), Said{"gap: n = 5.25"});
    EXPECT_EQ(findings(kUnique, {{"n", "number"}}, {{"modulo(?, 2) = 0", "1"}, {"> 5", "2"}}), Said{"not analysed 1 [modulo(?, 2) = 0]"});
}

TEST(Analysis, leaves_the_rows_of_other_cities_alone) {
    AnalysisOptions options;
    options.fixed = Value::context({{"law", Value::context({{"city", Value::string("A")}})}});
    const std::vector<Column> columns{{"law.city", "string"}, {"n", "number"}};
    EXPECT_EQ(findings(kUnique, columns, {{"\"A\"", "-", "1"}, {"\"B\"", "> 5", "2"}}, options), Said{});
    EXPECT_EQ(findings(kFirst, columns, {{"\"A\"", "-", "1"}, {"-", "-", "2"}}, options), Said{});
    EXPECT_EQ(findings(kUnique, columns, {{"\"A\"", "> 5", "1"}, {"\"B\"", "> 5", "2"}}, options), Said{"gap: n = 4"});
}

TEST(Analysis, understands_comparisons_of_the_input_by_name) {
    EXPECT_EQ(findings(kUnique, {{"n", "number"}}, {{"? > 5 and ? < 9", "1"}, {"? <= 5 or ? >= 9", "2"}}), Said{});
    EXPECT_EQ(findings(kUnique, {{"n", "number"}}, {{"not(? in [1..3])", "1"}, {"? in (1, 2)", "2"}}), Said{"gap: n = 1.1"});
    EXPECT_EQ(findings(kUnique, {{"k", "string"}}, {{"? in (\"a, b\", \"c\")", "1"}, {"not(\"a, b\", \"c\")", "2"}}), Said{});
}

TEST(Analysis, asks_whether_inputs_ever_come_together) {
    const std::vector<std::vector<std::string>> rows{{"true", "true", "1"}, {"true", "false", "2"}, {"false", "false", "3"}};
    EXPECT_EQ(findings(kUnique, {{"garage", "boolean"}, {"small", "boolean"}}, rows), Said{"gap: garage = false, small = true"});
    AnalysisOptions options;
    options.possible = [](const Example& example) { return !(example[0].second.is_false() && example[1].second.is_true()); };
    EXPECT_EQ(findings(kUnique, {{"garage", "boolean"}, {"small", "boolean"}}, rows, options), Said{});
}

TEST(Analysis, stops_where_a_table_is_too_large) {
    std::vector<Column> columns;
    std::vector<std::vector<std::string>> rows;
    for (int i = 0; i < 40; ++i) columns.push_back({"n" + std::to_string(i), "number"});
    std::mt19937 random(7);
    for (int row = 0; row < 60; ++row) {
        std::vector<std::string> cells;
        for (int i = 0; i < 40; ++i) cells.push_back(random() % 3 == 0 ? "-" : (random() % 2 ? "< " : ">= ") + std::to_string(random() % 20));
        cells.push_back("1");
        rows.push_back(cells);
    }
    AnalysisOptions options;
    options.effort = 5'000'000;
    options.possible = [](const Example&) { return false; };
    const auto said = findings(kFirst, columns, rows, options);
    ASSERT_FALSE(said.empty());
    EXPECT_EQ(said.back(), "too large");
}

TEST(Analysis, takes_a_thousand_rules_in_its_stride) {
    std::vector<std::vector<std::string>> rows;
    for (int i = 0; i < 1000; ++i) {
        const std::string n = std::to_string(i / 4), m = i % 2 == 0 ? "< 5" : ">= 5";
        rows.push_back({i == 777 ? "-" : n, i % 4 < 2 ? "true" : "false", m, "-", "-", "-", std::to_string(i)});
    }
    const auto said = findings(kUnique, {{"a", "number"}, {"b", "boolean"}, {"c", "number"}, {"d", "number"}, {"e", "string"}, {"f", "boolean"}}, rows,
                               with({{"a", numbers(0, 0, 249)}}));
    ASSERT_EQ(said.size(), 10u) << "the row with \"-\" meets one of every four, ten are told; and it covers its own place";
    EXPECT_EQ(said.front(), "overlap 2 778: a = 0, b = true, c = 5");
    std::vector<std::vector<std::string>> steps;
    for (int i = 1; i <= 1000; ++i) steps.push_back({"< " + std::to_string(i), "-", std::to_string(i)});
    steps.push_back({"< 500", "true", "0"});
    EXPECT_EQ(findings(kFirst, {{"a", "number"}, {"b", "boolean"}}, steps), (Said{"covered 1001", "gap: a = 1000"}));
}

TEST(Analysis, shows_an_outcome_that_comes_in_spite_of_a_reason) {
    const std::vector<Column> columns{{"reasons", "number"}, {"n", "number"}};
    const auto wanted = [](const Value& value) { return value.kind() == feel::Kind::string && value.as_string() == "grant"; };
    const Model good = load(model_text(kFirst, columns, {{"> 0", "-", "\"refuse\""}, {"-", "-", "\"grant\""}}));
    EXPECT_FALSE(reaches(good, "d", wanted, "reasons", "> 0"));
    const Model bad = load(model_text(kFirst, columns, {{"> 1", "-", "\"refuse\""}, {"-", "> 5", "\"grant\""}}));
    const auto example = reaches(bad, "d", wanted, "reasons", "> 0");
    ASSERT_TRUE(example);
    EXPECT_EQ(said(*example), "reasons = 1, n = 6");
}

TEST(Analysis, finds_answers_that_the_model_refuses) {
    const std::string type = "<itemDefinition name=\"t_v\"><itemComponent name=\"kind\"><typeRef>string</typeRef><allowedValues><text>\"car\",\"van\"</text></allowedValues>"
                             "</itemComponent><itemComponent name=\"length\"><typeRef>number</typeRef><allowedValues><text>[1..20]</text></allowedValues></itemComponent></itemDefinition>"
                             "<inputData id=\"in_v\" name=\"v\"><variable name=\"v\" typeRef=\"t_v\"/></inputData>";
    const Model model = load(model_text(kUnique, {{"n", "number"}}, {{"-", "1"}}, type));
    Domain kinds;
    kinds.values = {Value::string("car"), Value::string("trailer")};
    EXPECT_EQ(as_feel(*refused(model, "v.kind", kinds)), "\"trailer\"");
    kinds.values.pop_back();
    EXPECT_FALSE(refused(model, "v.kind", kinds));
    EXPECT_EQ(as_feel(*refused(model, "v.length", numbers(2, 0, 20))), "0");
    EXPECT_FALSE(refused(model, "v.length", numbers(2, 1, 20)));
}

// ---- Random tables against brute force

/// Small whole limits; brute force tries each of them and each half between: no interval is missed.
struct Dice {
    std::mt19937 random;
    int roll(int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); }

    std::string number_cell() {
        const std::string a = std::to_string(roll(6)), b = std::to_string(roll(3) + 3);
        switch (roll(9)) {
            case 0: return "< " + a;
            case 1: return ">= " + a;
            case 2: return a;
            case 3: return "[" + a + ".." + b + ")";
            case 4: return "(" + a + ".." + b + "]";
            case 5: return "not(" + a + ", > " + b + ")";
            case 6: return a + ", " + b + ", null";
            case 7: return "? > " + a + " and ? != " + b;
            default: return "-";
        }
    }
    std::string text_cell() {
        const std::vector<std::string> cells{"\"a\"", "\"b\"", "\"a\", \"c\"", "not(\"a\")", "-", "null", "not(null)"};
        return cells[static_cast<std::size_t>(roll(7))];
    }
    std::string boolean_cell() {
        const std::vector<std::string> cells{"true", "false", "-", "null", "not(true)"};
        return cells[static_cast<std::size_t>(roll(5))];
    }
};

std::vector<Value> values_of(const Column& column, bool whole) {
    std::vector<Value> values;
    if (column.type == "number")
        for (int half = whole ? 0 : -2; half <= (whole ? 10 : 14); half += whole ? 2 : 1) values.push_back(Value::number(*divide(Decimal{half}, Decimal{2})));
    if (column.type == "string") values = {Value::string("a"), Value::string("b"), Value::string("c"), Value::string("other")};
    if (column.type == "boolean") values = {Value::boolean(true), Value::boolean(false)};
    values.push_back({});
    return values;
}

/// For each point of the product of the columns' values: the rules that match, by the engine itself.
std::vector<std::vector<int>> brute_force(const std::vector<Column>& columns, std::vector<std::vector<std::string>> rows, bool whole) {
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].back() = std::to_string(i + 1);
    const Model model = load(model_text("hitPolicy=\"RULE ORDER\"", columns, rows));
    std::vector<std::vector<int>> all;
    std::vector<std::vector<Value>> values;
    for (const auto& column : columns) values.push_back(values_of(column, whole));
    std::vector<std::size_t> at(columns.size(), 0);
    while (true) {
        feel::Context inputs{{"law", {}}};
        for (std::size_t i = 0; i < columns.size(); ++i) inputs.emplace_back(columns[i].expression, values[i][at[i]]);
        std::vector<int> matched;
        const Outcome outcome = model.evaluate("d", Value::context(inputs));
        for (const auto& rule : outcome.value.as_list()) matched.push_back(static_cast<int>(*rule.as_number().to_int()));
        all.push_back(matched);
        std::size_t i = 0;
        while (i < at.size() && ++at[i] == values[i].size()) at[i++] = 0;
        if (i == at.size()) return all;
    }
}

TEST(Analysis, agrees_with_brute_force_on_random_tables) {
    Dice dice{std::mt19937(20261124)};
    AnalysisOptions options;
    bool whole = false;  // numbers from 0 to 5 without places, where (1, 2) is nothing
    options.domain = [&whole](const std::string& path) {
        Domain domain = whole ? numbers(0, 0, 5) : Domain{};
        domain.type = path[0] == 'n' ? Domain::Type::number : path[0] == 's' ? Domain::Type::text : Domain::Type::boolean;
        domain.null = Domain::Null::yes;
        if (path[0] != 'n') domain.least = domain.most = std::nullopt;
        return std::optional(domain);
    };
    int gaps = 0, clashes = 0, hidden = 0;
    for (int round = 0; round < 400; ++round) {
        whole = round % 2 == 1;
        const std::vector<Column> all{{"n1", "number"}, {"s1", "string"}, {"b1", "boolean"}, {"n2", "number"}};
        std::vector<Column> columns(all.begin(), all.begin() + 1 + dice.roll(3));
        if (dice.roll(4) == 0) columns.back() = all.back();
        std::vector<std::vector<std::string>> rows;
        for (int row = 0; row < 2 + dice.roll(3); ++row) {
            std::vector<std::string> cells;
            for (const auto& column : columns)
                cells.push_back(column.type == "number" ? dice.number_cell() : column.type == "string" ? dice.text_cell() : dice.boolean_cell());
            cells.push_back(std::to_string(row + 1));
            rows.push_back(cells);
        }
        std::string shown;
        for (const auto& row : rows) shown += join(row, " | ") + "\n";
        const auto matches = brute_force(columns, rows, whole);
        bool open = false;
        std::set<std::pair<int, int>> pairs;
        std::set<int> winners;
        for (const auto& rules : matches) {
            open = open || rules.empty();
            if (!rules.empty()) winners.insert(rules.front());
            for (const int a : rules) for (const int b : rules) if (a < b) pairs.emplace(a, b);
        }
        bool said_gap = false;
        std::set<std::pair<int, int>> said_pairs;
        for (const auto& finding : analyse(load(model_text(kUnique, columns, rows)), options)) {
            if (finding.kind == Kind::gap) said_gap = true;
            if (finding.kind == Kind::overlap) said_pairs.emplace(finding.rules[0], finding.rules[1]);
            EXPECT_NE(finding.kind, Kind::not_analysed) << shown << said(finding);
        }
        EXPECT_EQ(said_gap, open) << shown;
        EXPECT_EQ(said_pairs, pairs) << shown;
        std::set<int> dead;
        for (const auto& finding : analyse(load(model_text(kFirst, columns, rows)), options))
            if (finding.kind == Kind::covered || finding.kind == Kind::impossible) dead.insert(finding.rules[0]);
        for (int rule = 1; rule <= static_cast<int>(rows.size()); ++rule) EXPECT_EQ(dead.count(rule) == 0, winners.count(rule) == 1) << rule << "\n" << shown;
        gaps += open;
        clashes += !pairs.empty();
        hidden += !dead.empty();
    }
    EXPECT_GT(gaps, 100);     // the dice show all that is looked for
    EXPECT_GT(clashes, 100);
    EXPECT_GT(hidden, 50);
}

}  // namespace
}  // namespace kiepe::dmn
