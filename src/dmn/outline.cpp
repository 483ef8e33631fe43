#include "dmn/outline.h"

#include <algorithm>

#include "dmn/model.h"

namespace kiepe::dmn {
namespace {

LogicOutline outline_of(const NodePtr& node);

std::string type_text(const ItemType* type) { return type == nullptr ? std::string() : type_name(type); }

const char* policy_name(HitPolicy policy) {
    switch (policy) {
        case HitPolicy::unique: return "unique";
        case HitPolicy::any: return "any";
        case HitPolicy::priority: return "priority";
        case HitPolicy::first: return "first";
        case HitPolicy::rule_order: return "rule_order";
        case HitPolicy::output_order: return "output_order";
        case HitPolicy::collect: return "collect";
    }
    return "unique";
}

const char* aggregation_name(Aggregation aggregation) {
    switch (aggregation) {
        case Aggregation::none: return "";
        case Aggregation::sum: return "sum";
        case Aggregation::min: return "min";
        case Aggregation::max: return "max";
        case Aggregation::count: return "count";
    }
    return "";
}

struct Telling {
    LogicOutline& logic;

    void add(const std::string& name, const NodePtr& node) {
        logic.parts.push_back(outline_of(node));
        logic.parts.back().name = name;
    }
    void entries(const std::vector<Entry>& list) {
        for (const auto& entry : list) add(entry.name, entry.value);
    }
    void part(const char* name, const NodePtr& node) {
        if (node) add(name, node);
    }

    void operator()(const Literal& literal) { logic.text = literal.text.text; }

    void operator()(const Table& table) {
        logic.hit_policy = policy_name(table.policy);
        logic.aggregation = aggregation_name(table.aggregation);
        for (const auto& column : table.inputs)
            logic.inputs.push_back({column.id, "", column.label, column.expression.text, type_text(column.type)});
        for (const auto& column : table.outputs) logic.outputs.push_back({column.id, column.name, column.label, "", type_text(column.type)});
        for (const auto& rule : table.rules) {
            RuleOutline told{rule.id, rule.label, {}, {}};
            for (const auto& test : rule.tests) told.tests.push_back(test.text);
            for (const auto& output : rule.outputs) told.outputs.push_back(output.text);
            logic.rules.push_back(std::move(told));
        }
    }

    void operator()(const ContextBox& context) { entries(context.entries); }
    void operator()(const ListBox& list) {
        for (const auto& item : list.items) part("", item);
    }
    void operator()(const RelationBox& relation) {
        for (const auto& row : relation.rows)
            for (std::size_t i = 0; i < row.size(); ++i) part(relation.columns[i].c_str(), row[i]);
    }
    void operator()(const InvocationBox& invocation) {
        part("", invocation.callee);
        entries(invocation.bindings);
    }
    void operator()(const FunctionBox& function) { part("", function.body); }
    void operator()(const ConditionalBox& conditional) {
        part("if", conditional.test);
        part("then", conditional.then);
        part("else", conditional.otherwise);
    }
    void operator()(const IterationBox& iteration) {
        part("in", iteration.in);
        part("return", iteration.body);
    }
    void operator()(const FilterBox& filter) {
        part("in", filter.in);
        part("match", filter.match);
    }
};

LogicOutline outline_of(const NodePtr& node) {
    static constexpr const char* kKinds[] = {"literal", "table", "context", "list", "relation", "invocation", "function", "conditional",
                                             "iteration", "filter"};
    LogicOutline logic;
    if (!node) return logic;
    logic.kind = kKinds[node->box.index()];
    logic.id = node->id;
    logic.label = node->label;
    std::visit(Telling{logic}, node->box);
    return logic;
}

std::vector<std::string> knowledge_of(const std::vector<Requirement>& requirements) {
    std::vector<std::string> names;
    for (const auto& requirement : requirements)
        if (const auto* knowledge = std::get_if<const Knowledge*>(&requirement.element)) names.push_back((*knowledge)->name);
    return names;
}

}  // namespace

Outline Model::outline() const {
    Outline told;
    const Unit& home = impl_->home();
    told.name = home.name;
    for (const auto& input : home.inputs) told.inputs.push_back({input.id, input.name, input.label, type_text(input.type)});
    for (const auto& decision : home.decisions)
        told.decisions.push_back({decision.info, type_text(decision.type), knowledge_of(decision.requires_), outline_of(decision.logic)});
    for (const auto& knowledge : home.knowledge) {
        KnowledgeOutline one{knowledge.id, knowledge.name, knowledge.label, {}, knowledge_of(knowledge.requires_), outline_of(knowledge.body)};
        for (const auto& parameter : knowledge.parameters) one.parameters.push_back(parameter.name);
        told.knowledge.push_back(std::move(one));
    }
    return told;
}

const DecisionOutline* Outline::decision(std::string_view wanted) const {
    const auto found = std::find_if(decisions.begin(), decisions.end(), [&](const auto& d) { return d.info.name == wanted; });
    return found == decisions.end() ? nullptr : &*found;
}

const KnowledgeOutline* Outline::knowledge_model(std::string_view wanted) const {
    const auto found = std::find_if(knowledge.begin(), knowledge.end(), [&](const auto& k) { return k.name == wanted; });
    return found == knowledge.end() ? nullptr : &*found;
}

std::vector<std::string> texts_of(const LogicOutline& logic) {
    std::vector<std::string> texts;
    if (!logic.text.empty()) texts.push_back(logic.text);
    for (const auto& column : logic.inputs) texts.push_back(column.text);
    for (const auto& rule : logic.rules) {
        texts.insert(texts.end(), rule.tests.begin(), rule.tests.end());
        texts.insert(texts.end(), rule.outputs.begin(), rule.outputs.end());
    }
    for (const auto& part : logic.parts) {
        auto below = texts_of(part);
        texts.insert(texts.end(), std::make_move_iterator(below.begin()), std::make_move_iterator(below.end()));
    }
    return texts;
}

}  // namespace kiepe::dmn
