// Every FEEL text of a model, for checks that ask what is read and where.
#include "dmn/analysis.h"
#include "dmn/model.h"

namespace kiepe::dmn {
namespace {

struct Collector {
    std::string owner;
    std::vector<Written>& found;

    void text(const Text& text, const std::string& element) {
        if (!text.code) return;
        found.push_back({owner, text.id.empty() ? element : text.id, text.text, text.code->uses()});
    }

    void node(const NodePtr& part) {
        if (part) node(*part);
    }
    void node(const dmn::Node& node) {
        std::visit([&](const auto& box) { this->box(box, node); }, node.box);
    }

    void box(const Literal& literal, const dmn::Node& node) { text(literal.text, node.id); }
    void box(const Table& table, const dmn::Node& node) {
        for (const auto& input : table.inputs) {
            text(input.expression, input.id);
            if (input.allowed) found.push_back({owner, input.id, input.allowed->text(), input.allowed->uses()});
        }
        for (const auto& rule : table.rules) {
            for (const auto& test : rule.tests) text(test, rule.id);
            for (const auto& output : rule.outputs) text(output, rule.id);
        }
        for (const auto& output : table.outputs)
            if (output.fallback) text(*output.fallback, node.id);
    }
    void box(const ContextBox& context, const dmn::Node&) {
        for (const auto& entry : context.entries) node(entry.value);
    }
    void box(const ListBox& list, const dmn::Node&) {
        for (const auto& item : list.items) node(item);
    }
    void box(const RelationBox& relation, const dmn::Node&) {
        for (const auto& row : relation.rows)
            for (const auto& cell : row) node(cell);
    }
    void box(const InvocationBox& invocation, const dmn::Node&) {
        node(invocation.callee);
        for (const auto& binding : invocation.bindings) node(binding.value);
    }
    void box(const FunctionBox& function, const dmn::Node&) { node(function.body); }
    void box(const ConditionalBox& conditional, const dmn::Node&) {
        for (const auto* part : {&conditional.test, &conditional.then, &conditional.otherwise}) node(*part);
    }
    void box(const IterationBox& iteration, const dmn::Node&) {
        node(iteration.in);
        node(iteration.body);
    }
    void box(const FilterBox& filter, const dmn::Node&) {
        node(filter.in);
        node(filter.match);
    }
};

}  // namespace

std::vector<Written> written(const Model& model) {
    std::vector<Written> found;
    for (const auto& decision : model.impl().home().decisions) Collector{decision.info.name, found}.node(decision.logic);
    for (const auto& knowledge : model.impl().home().knowledge) Collector{knowledge.name, found}.node(knowledge.body);
    return found;
}

}  // namespace kiepe::dmn
