// Decision tables (DMN 1.5 chapter 8) from XML.
#include <algorithm>

#include <pugixml.hpp>

#include "base/text.h"
#include "dmn/reader.h"

namespace kiepe::dmn {
namespace {

/// DMN 1.1 wrote the hit policy as one letter in some tools, later versions as a word.
HitPolicy policy_of(const std::string& text, bool& known) {
    known = true;
    if (text.empty() || text == "UNIQUE" || text == "U") return HitPolicy::unique;
    if (text == "ANY" || text == "A") return HitPolicy::any;
    if (text == "PRIORITY" || text == "P") return HitPolicy::priority;
    if (text == "FIRST" || text == "F") return HitPolicy::first;
    if (text == "RULE ORDER" || text == "R") return HitPolicy::rule_order;
    if (text == "OUTPUT ORDER" || text == "O") return HitPolicy::output_order;
    known = text == "COLLECT" || text == "C";
    return HitPolicy::collect;
}

Aggregation aggregation_of(const std::string& text, bool& known) {
    known = true;
    if (text.empty()) return Aggregation::none;
    if (text == "SUM") return Aggregation::sum;
    if (text == "MIN") return Aggregation::min;
    if (text == "MAX") return Aggregation::max;
    known = text == "COUNT";
    return Aggregation::count;
}

/// The values of `"a", "b", null` in their order; empty where the text holds tests that are no values.
std::vector<feel::Value> listed_values(const std::string& text) {
    if (trim(text).empty()) return {};
    const auto list = feel::compile("[" + text + "]", {});
    if (!list) return {};
    const feel::Value values = list->evaluate(feel::Value::context({}));
    return values.kind() == feel::Kind::list ? values.as_list() : feel::List{};
}

const ItemType* field_of(const ItemType* type, const std::string& name) {
    if (type != nullptr && type->collection) type = type->item;
    if (type == nullptr) return nullptr;
    for (const auto& [field, field_type] : type->fields) {
        if (field == name) return field_type;
    }
    return nullptr;
}

}  // namespace

void Reader::table_policy(Table& table, const pugi::xml_node& node) {
    bool known_policy = false, known_aggregation = false;
    table.policy = policy_of(attribute(node, "hitPolicy"), known_policy);
    table.aggregation = aggregation_of(attribute(node, "aggregation"), known_aggregation);
    if (!known_policy || !known_aggregation) {
        report("dmn.hit_policy", "unknown hit policy or aggregation: " + attribute(node, "hitPolicy") + " " + attribute(node, "aggregation"),
               element_of(node));
    }
}

InputColumn Reader::input_column(const pugi::xml_node& node, const Names& names, const Source& source) {
    const auto inner = child(node, "inputExpression");
    InputColumn column{attribute(node, "id"), attribute(node, "label"), {}, nullptr, std::nullopt};
    if (inner) check_language(inner);
    column.expression = expression(text_of(inner), element_of(inner ? inner : node), names);
    if (column.label.empty()) column.label = std::string(trim(column.expression.text));
    column.type = node_type(inner, *source.unit);
    check_type(column.expression, column.type);
    if (const auto values = child(node, "inputValues")) {
        Names tested = names;
        add_name(tested, "?", feel_type(column.type));
        column.allowed = unary_tests(text_of(values), element_of(node), tested).code;
        column.allowed_index = ColumnIndex::of(column.allowed);
    }
    if (column.expression.code && impl_.limits.compiled) column.place = feel::place_of(*column.expression.code);
    return column;
}

OutputColumn Reader::output_column(const pugi::xml_node& node, const Names& names, const Source& source, const ItemType* whole, bool only) {
    OutputColumn column{attribute(node, "id"), tidy_name(attribute(node, "name")), attribute(node, "label"), nullptr, {}, {}, {}};
    column.type = node_type(node, *source.unit);
    const ItemType* known = column.type;
    if (known == nullptr) known = only ? whole : field_of(whole, column.name);
    if (known != nullptr && known->collection && only) known = known->item;
    if (known != nullptr) column.order = listed_values(known->allowed_text);
    if (const auto values = child(node, "outputValues")) {
        const std::string text = text_of(values);
        if (auto listed = listed_values(text); !listed.empty()) column.order = std::move(listed);
        Names tested = names;
        add_name(tested, "?", feel_type(column.type));
        column.allowed = unary_tests(text, element_of(node), tested).code;
        column.allowed_index = ColumnIndex::of(column.allowed);
    }
    if (const auto fallback = child(node, "defaultOutputEntry")) {
        if (!trim(text_of(fallback)).empty()) column.fallback = expression(text_of(fallback), element_of(node), names);
    }
    return column;
}

Rule Reader::rule(const pugi::xml_node& node, const Table& table, const Names& names, Names& tested) {
    Rule rule{attribute(node, "id"), std::string(trim(child(node, "description") ? text_of(child(node, "description")) : "")), {}, {}};
    const auto entries = children(node, "inputEntry");
    for (const auto& entry : entries) {
        if (rule.tests.size() == table.inputs.size()) break;
        check_language(entry);
        tested.names["?"] = feel_type(table.inputs[rule.tests.size()].type);
        rule.tests.push_back(unary_tests(text_of(entry), element_of(entry), tested));
    }
    for (const auto& entry : children(node, "outputEntry")) {
        check_language(entry);
        rule.outputs.push_back(expression(text_of(entry), element_of(entry), names));
        if (rule.outputs.size() <= table.outputs.size()) check_type(rule.outputs.back(), table.outputs[rule.outputs.size() - 1].type);
    }
    const bool fits = rule.outputs.size() == table.outputs.size() && entries.size() == table.inputs.size();
    if (!fits) report("dmn.rule", "a rule has another number of cells than the table has columns", element_of(node));
    rule.tests.resize(table.inputs.size(), Text{"", "-", std::nullopt});
    rule.outputs.resize(table.outputs.size());
    return rule;
}

namespace {

/// What a constant output gives, where it conforms and is allowed: else the evaluation reports it.
std::optional<feel::Value> ready_output(const Text& output, const OutputColumn& column) {
    const feel::Value* constant = output.code ? feel::constant_of(*output.code) : nullptr;
    std::optional<feel::Value> changed;
    if (constant == nullptr || !fits(*constant, column.type, changed)) return std::nullopt;
    feel::Value value = changed ? std::move(*changed) : *constant;
    if (!column.allowed || value.is_null()) return value;
    const auto* bits = column.allowed_index ? column.allowed_index->find(value) : nullptr;
    if (bits == nullptr || (*bits & 1) == 0) return std::nullopt;
    return value;
}

}  // namespace

Table Reader::table(const pugi::xml_node& node, const Names& outside, const Source& source) {
    Table table;
    table_policy(table, node);
    Names names = outside;
    table.place = (*next_place_)++;
    set_place(names, "?", table.place);
    for (const auto& each : children(node, "input")) table.inputs.push_back(input_column(each, names, source));
    Names tested = names;   // and `?`, of another type in each column
    const auto outputs = children(node, "output");
    const ItemType* whole = node_type(node, *source.unit);
    if (whole == nullptr) whole = node_type(child(node.parent(), "variable"), *source.unit);
    for (const auto& each : outputs) table.outputs.push_back(output_column(each, names, source, whole, outputs.size() == 1));
    if (outputs.empty()) report("dmn.table", "the table has no output", element_of(node));
    for (const auto& each : children(node, "rule")) table.rules.push_back(rule(each, table, names, tested));
    if (!impl_.limits.compiled) return table;
    table.index = TableIndex::of(table);
    for (auto& each : table.rules) {
        for (std::size_t i = 0; i < each.outputs.size(); ++i) each.ready.push_back(ready_output(each.outputs[i], table.outputs[i]));
    }
    return table;
}

}  // namespace kiepe::dmn
