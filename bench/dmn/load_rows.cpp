// Loading: generated models of 50 decisions as cities write them (literal expressions, tables, a knowledge model, item definitions).
#include <malloc.h>

#include <stdexcept>

#include <fmt/format.h>

#include "dmn/dmn.h"
#include "rows.h"
#include "thread_time.h"

namespace kiepe::bench {
namespace {

constexpr int kModels = 1000;
constexpr int kDecisions = 50;

std::string literal(int model, int i) {
    constexpr const char* forms[] = {
        "if person.age &gt;= {0} then amount * 1.{1} + before else before - {1}",
        "sum(for item in person.incomes return item.amount * {1}) + before",
        "max([before, amount - {0}, tax(amount)])",
        "count(person.incomes[kind = \"wage\" and amount &gt; {0}]) * before",
        "round half up(before / {1}, 2) + (if person.kind in (\"adult\", \"child\") then {0} else 0)",
    };
    return fmt::format("<literalExpression id=\"l{0}\"><text>{1}</text></literalExpression>", i,
                       fmt::format(fmt::runtime(forms[(model + i) % 5]), 10 + (model + i * 7) % 80, 2 + (model * 3 + i) % 7));
}

std::string table(int model, int i) {
    std::string xml = fmt::format("<decisionTable id=\"t{0}\" hitPolicy=\"FIRST\"><input id=\"t{0}_1\" label=\"Alter\"><inputExpression typeRef=\"number\"><text>person.age</text></inputExpression></input>"
                                  "<input id=\"t{0}_2\" label=\"Art\"><inputExpression typeRef=\"string\"><text>person.kind</text></inputExpression></input>"
                                  "<input id=\"t{0}_3\" label=\"Betrag\"><inputExpression typeRef=\"number\"><text>before</text></inputExpression></input>"
                                  "<output id=\"t{0}_o\" label=\"Satz\" typeRef=\"number\"/>", i);
    for (int row = 0; row < 6; ++row) {
        const int age = 10 * row + (model + i) % 9;
        xml += fmt::format("<rule id=\"t{0}_r{1}\"><inputEntry id=\"t{0}_{1}a\"><text>[{2}..{3})</text></inputEntry><inputEntry id=\"t{0}_{1}b\"><text>{4}</text></inputEntry>"
                           "<inputEntry id=\"t{0}_{1}c\"><text>{5}</text></inputEntry><outputEntry id=\"t{0}_{1}o\"><text>{6}</text></outputEntry></rule>",
                           i, row, age, age + 10, row % 3 == 0 ? "-" : row % 3 == 1 ? "\"adult\",\"child\"" : "not(\"child\")", row % 2 == 0 ? "-" : "&gt; 100", row * 5);
    }
    return xml + fmt::format("<rule id=\"t{0}_last\"><inputEntry><text>-</text></inputEntry><inputEntry><text>-</text></inputEntry><inputEntry><text>-</text></inputEntry>"
                             "<outputEntry><text>before + 1</text></outputEntry></rule></decisionTable>", i);
}

std::string model_text(int model) {
    std::string xml = fmt::format(
        "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" id=\"m{0}\" name=\"model {0}\" namespace=\"urn:model:{0}\">"
        "<itemDefinition name=\"t_kind\"><typeRef>string</typeRef><allowedValues><text>\"adult\",\"child\",\"guest\"</text></allowedValues></itemDefinition>"
        "<itemDefinition name=\"t_person\"><itemComponent name=\"age\"><typeRef>number</typeRef></itemComponent><itemComponent name=\"kind\"><typeRef>t_kind</typeRef></itemComponent>"
        "<itemComponent name=\"incomes\" isCollection=\"true\"><itemComponent name=\"kind\"><typeRef>string</typeRef></itemComponent><itemComponent name=\"amount\"><typeRef>number</typeRef></itemComponent></itemComponent></itemDefinition>"
        "<inputData id=\"i_person\" name=\"person\"><variable name=\"person\" typeRef=\"t_person\"/></inputData>"
        "<inputData id=\"i_amount\" name=\"amount\"><variable name=\"amount\" typeRef=\"number\"/></inputData>"
        "<inputData id=\"i_before\" name=\"before\"><variable name=\"before\" typeRef=\"number\"/></inputData>"
        "<businessKnowledgeModel id=\"tax\" name=\"tax\"><variable name=\"tax\"/><encapsulatedLogic><formalParameter name=\"x\" typeRef=\"number\"/>"
        "<literalExpression id=\"tax_l\"><text>if x &gt; 1000 then x * 0.2 else 0</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>", model);
    for (int i = 0; i < kDecisions; ++i) {
        // Every decision sees the one before it under its own name only where it reads it: here all read "before".
        xml += fmt::format("<decision id=\"d{0}\" name=\"decision {0}\" label=\"Entscheidung {0}\"><question>Was gilt?</question><variable id=\"v{0}\" name=\"result{0}\" typeRef=\"number\"/>"
                           "<informationRequirement id=\"q{0}_1\"><requiredInput href=\"#i_person\"/></informationRequirement><informationRequirement id=\"q{0}_2\"><requiredInput href=\"#i_amount\"/></informationRequirement>"
                           "<informationRequirement id=\"q{0}_3\"><requiredInput href=\"#i_before\"/></informationRequirement><knowledgeRequirement id=\"q{0}_4\"><requiredKnowledge href=\"#tax\"/></knowledgeRequirement>", i);
        if (i > 0) xml += fmt::format("<informationRequirement id=\"q{0}_5\"><requiredDecision href=\"#d{1}\"/></informationRequirement>", i, i - 1);
        xml += (i % 3 == 2 ? table(model, i) : literal(model, i)) + "</decision>";
    }
    return xml + "</definitions>";
}

double kilobytes(const struct mallinfo2& before, const struct mallinfo2& after) {
    return double(after.uordblks + after.hblkhd - before.uordblks - before.hblkhd) / 1024;
}

}  // namespace

std::vector<Row> load_rows(Bench& bench) {
    std::vector<std::string> texts;
    std::size_t bytes = 0;
    for (int i = 0; i < kModels; ++i) {
        texts.push_back(model_text(i));
        bytes += texts.back().size();
        const auto model = dmn::Model::load(texts.back());
        if (!model || !model->diagnostics().empty()) throw std::runtime_error("the bench's own model " + std::to_string(i) + " has a finding: " + model->diagnostics().front().message);
    }
    double memory = 0;
    const Side load_all = [&]() -> std::optional<double> {
        std::vector<dmn::Model> models;
        models.reserve(texts.size());
        const auto before = mallinfo2();
        const std::int64_t begin = worked_ns();
        for (const auto& text : texts) models.push_back(*dmn::Model::load(text));
        const std::int64_t passed = worked_ns() - begin;
        memory = kilobytes(before, mallinfo2()) / kModels;
        return double(passed) / kModels;
    };
    const double ns = median_ns(load_all, std::min(bench.rounds, 3));
    return {within(fmt::format("load a model of 50 decisions, {:.0f} KB; {:.0f} KB memory", double(bytes) / kModels / 1024, memory), ns, 1e6)};
}

}  // namespace kiepe::bench
