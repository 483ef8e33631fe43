// Boxed expressions, evaluated (DMN 1.5 section 10.2.2).
#include <fmt/format.h>

#include "dmn/run.h"

namespace kiepe::dmn {
namespace {

constexpr std::size_t kMostIterationsTold = 200;

void tell(Step& into, const std::vector<feel::Step>& parts) {
    for (const auto& part : parts) {
        Step step;
        step.kind = "literal";
        step.text = part.text;
        step.value = part.value;
        tell(step, part.parts);
        into.parts.push_back(std::move(step));
    }
}

}  // namespace

feel::Value Run::text(const Text& text, const Sight& sight, Step* step) {
    if (sight.places == nullptr) return text_in(text, sight.names->value(), step);
    if (!text.code || !spend(1)) return {};
    std::vector<feel::Diagnostic> errors;
    Value value = text.code->evaluate_at(sight.places, &errors);
    for (auto& error : errors) fail("feel.evaluation", std::move(error.message), text.id, line_column(text.text, error.position));
    return value;
}

feel::Value Run::text_in(const Text& text, const Value& context, Step* step) {
    if (!text.code || !spend(1)) return {};
    if (step != nullptr) {
        Step* const outer = std::exchange(sink_, step);
        const feel::Step told = text.code->explain(context);
        sink_ = outer;
        tell(*step, told.parts);
        return told.value;
    }
    std::vector<feel::Diagnostic> errors;
    Value value = text.code->evaluate(context, &errors);
    for (auto& error : errors) fail("feel.evaluation", std::move(error.message), text.id, line_column(text.text, error.position));
    return value;
}

feel::Value Run::evaluate(const NodePtr& node, const Sight& sight, Step* step) {
    return node ? evaluate(*node, sight, step) : Value();
}

feel::Value Run::evaluate(const Node& node, const Sight& sight, Step* step) {
    if (!spend(1)) return {};
    if (const auto* literal = std::get_if<Literal>(&node.box); literal != nullptr && step == nullptr) {
        return checked(text(literal->text, sight, nullptr), node.type, node.id, "dmn.result_type");
    }
    static constexpr const char* kKinds[] = {"literal", "table", "context", "list", "relation", "invocation", "function", "conditional",
                                             "iteration", "filter"};
    Step* const part = add_part(step, kKinds[node.box.index()], node.id, "", node.label);
    Value value = std::visit([&](const auto& kind) { return box(kind, node, sight, part); }, node.box);
    value = checked(std::move(value), node.type, node.id, "dmn.result_type");
    if (part != nullptr) part->value = value;
    return value;
}

feel::Value Run::box(const Literal& literal, const Node&, const Sight& sight, Step* step) {
    if (step != nullptr) step->text = literal.text.text;
    return text(literal.text, sight, step);
}

feel::Value Run::box(const ContextBox& context, const Node& node, const Sight& outer, Step* step) {
    Scope scope;
    if (outer.names != nullptr) scope = *outer.names;
    const Sight sight{outer.names != nullptr ? &scope : nullptr, outer.places};
    feel::Context entries;
    for (const auto& entry : context.entries) {
        Step* const part = add_part(step, "context_entry", entry.id, entry.name, entry.label);
        Value value;
        const FunctionBox* function = entry.value ? std::get_if<FunctionBox>(&entry.value->box) : nullptr;
        if (function != nullptr) value = function_of(*function, scope, entry.name);
        else value = evaluate(entry.value, sight, part);
        value = checked(std::move(value), entry.type, entry.id.empty() ? node.id : entry.id, "dmn.result_type");
        if (part != nullptr) part->value = value;
        if (entry.name.empty()) return value;
        if (sight.places != nullptr) sight.places[entry.place] = value;
        else scope.set(entry.name, value);
        std::erase_if(entries, [&](const auto& known) { return known.first == entry.name; });
        entries.emplace_back(entry.name, std::move(value));
    }
    return Value::context(std::move(entries));
}

feel::Value Run::box(const ListBox& list, const Node&, const Sight& sight, Step* step) {
    feel::List items;
    for (const auto& item : list.items) items.push_back(evaluate(item, sight, step));
    return Value::list(std::move(items));
}

feel::Value Run::box(const RelationBox& relation, const Node& node, const Sight& sight, Step* step) {
    feel::List rows;
    for (const auto& row : relation.rows) {
        feel::Context entries;
        for (std::size_t i = 0; i < row.size(); ++i) {
            entries.emplace_back(relation.columns[i], checked(evaluate(row[i], sight, step), relation.types[i], node.id, "dmn.result_type"));
        }
        rows.push_back(Value::context(std::move(entries)));
    }
    return Value::list(std::move(rows));
}

feel::Value Run::box(const InvocationBox& invocation, const Node& node, const Sight& sight, Step* step) {
    const Value callee = evaluate(invocation.callee, sight, nullptr);
    const auto names = feel::parameters_of(callee);
    feel::List arguments(names.empty() ? invocation.bindings.size() : names.size());
    std::size_t position = 0;
    for (const auto& binding : invocation.bindings) {
        Step* const part = add_part(step, "context_entry", binding.id, binding.name, binding.label);
        Value value = evaluate(binding.value, sight, part);
        auto fitting = conform(value, binding.type);
        const auto place = std::find(names.begin(), names.end(), binding.name);
        if (!fitting || (place == names.end() && !names.empty())) {
            fail("dmn.binding", fmt::format("the parameter \"{}\" {}", binding.name, fitting ? "does not exist" : "gets a value of another type"), node.id);
            return {};
        }
        if (part != nullptr) part->value = *fitting;
        arguments[names.empty() ? position++ : static_cast<std::size_t>(place - names.begin())] = std::move(*fitting);
    }
    std::vector<feel::Diagnostic> errors;
    Step* const outer = std::exchange(sink_, step);
    Value value = feel::call(callee, arguments, &errors);
    sink_ = outer;
    for (auto& error : errors) fail("feel.evaluation", std::move(error.message), node.id);
    return value;
}

feel::Value Run::function_of(const FunctionBox& box, const Scope& scope, const std::string& own_name) {
    std::vector<std::string> names;
    for (const auto& parameter : box.parameters) names.push_back(parameter.name);
    return feel::make_function(std::move(names), [run = handle(), &box, scope, own_name](const feel::List& arguments) {
        const auto alive = run.lock();
        if (!alive) return Value();
        const Active active(**alive);
        return (*alive)->call_box(box, scope, own_name, arguments);
    });
}

feel::Value Run::call_box(const FunctionBox& box, const Scope& outer, const std::string& own_name, const feel::List& arguments) {
    if (!enter(own_name)) return {};
    Scope scope = outer;
    if (!own_name.empty()) scope.set(own_name, function_of(box, outer, own_name));
    if (!bind(scope, box.parameters, arguments.data(), arguments.size(), own_name)) return {};
    ++depth_;
    Step* const sink = std::exchange(sink_, nullptr);
    Value value = checked(evaluate(box.body, Sight{&scope, nullptr}, nullptr), box.result, own_name, "dmn.result_type");
    sink_ = sink;
    --depth_;
    return value;
}

feel::Value Run::box(const FunctionBox& function, const Node&, const Sight& sight, Step*) { return function_of(function, *sight.names, {}); }

feel::Value Run::box(const ConditionalBox& conditional, const Node& node, const Sight& sight, Step* step) {
    const Value test = evaluate(conditional.test, sight, step);
    if (test.kind() != feel::Kind::boolean && !test.is_null()) {
        fail("dmn.condition", "the condition is no boolean", node.id);
        return {};
    }
    return evaluate(test.is_true() ? conditional.then : conditional.otherwise, sight, step);
}

std::optional<feel::List> Run::items_of(const Value& value, const std::string& element) {
    if (value.kind() == feel::Kind::list) return value.as_list();
    if (value.kind() == feel::Kind::range) {
        const Value spread = model_.spread.evaluate(Value::context({{"r", value}}));
        if (spread.kind() == feel::Kind::list) return spread.as_list();
    }
    if (value.is_null() || value.kind() == feel::Kind::range) {
        fail("dmn.iteration", "there is nothing to go through", element);
        return std::nullopt;
    }
    return feel::List{value};
}

namespace {

/// The names of a loop's body: its variable and the results so far.
class Loop {
public:
    Loop(const IterationBox& iteration, const Sight& outer) : iteration_(iteration), sight_(outer) {
        if (outer.names == nullptr) return;
        scope_ = *outer.names;
        sight_.names = &scope_;
    }
    void take(const feel::Value& item) { set(iteration_.variable, iteration_.place, item); }
    void so_far(const feel::List& results) { set("partial", iteration_.partial_place, feel::Value::list(results)); }
    const Sight& sight() const { return sight_; }

private:
    void set(const std::string& name, std::uint32_t place, feel::Value value) {
        if (sight_.places != nullptr) sight_.places[place] = std::move(value);
        else scope_.set(name, std::move(value));
    }

    const IterationBox& iteration_;
    Scope scope_ = {};
    Sight sight_;
};

}  // namespace

feel::Value Run::box(const IterationBox& iteration, const Node& node, const Sight& outer, Step* step) {
    const auto items = items_of(evaluate(iteration.in, outer, step), node.id);
    if (!items) return {};
    if (iteration.kind != IterationBox::Kind::loop) return quantified(iteration, *items, outer, step);
    Loop loop(iteration, outer);
    feel::List results;
    for (const auto& item : *items) {
        if (!spend(1, sizeof(Value) * 4)) return {};
        loop.take(item);
        if (iteration.partial) {
            if (!spend(results.size())) return {};
            loop.so_far(results);
        }
        results.push_back(evaluate(iteration.body, loop.sight(), results.size() < kMostIterationsTold ? step : nullptr));
    }
    return stopped_ ? Value() : Value::list(std::move(results));
}

feel::Value Run::quantified(const IterationBox& iteration, const feel::List& items, const Sight& outer, Step* step) {
    const bool some = iteration.kind == IterationBox::Kind::some;
    Loop loop(iteration, outer);
    bool unknown = false;
    std::size_t told = 0;
    for (const auto& item : items) {
        if (!spend(1)) return {};
        loop.take(item);
        const Value holds = evaluate(iteration.body, loop.sight(), told++ < kMostIterationsTold ? step : nullptr);
        if (some ? holds.is_true() : holds.is_false()) return Value::boolean(some);
        if (holds.kind() != feel::Kind::boolean && !holds.is_null()) {
            fail("dmn.condition", "the condition is no boolean", {});
            return {};
        }
        unknown = unknown || holds.is_null();
    }
    return unknown ? Value() : Value::boolean(!some);
}

feel::Value Run::box(const FilterBox& filter, const Node& node, const Sight& outer, Step* step) {
    const auto items = items_of(evaluate(filter.in, outer, step), node.id);
    if (!items) return {};
    feel::List found;
    for (const auto& item : *items) {
        if (!spend(1, sizeof(Value))) return {};
        Scope scope = *outer.names;
        scope.set("item", item);
        if (item.kind() == feel::Kind::context) {  // 10.3.2.5: an entry called "item" comes first
            for (const auto& [name, value] : item.as_context()) scope.set(name, value);
        }
        const Value match = evaluate(filter.match, Sight{&scope, nullptr}, found.size() < kMostIterationsTold ? step : nullptr);
        if (match.kind() == feel::Kind::number) {  // an index from 1, or from the end
            const auto index = match.as_number().to_int().value_or(0);
            const auto size = static_cast<std::int64_t>(items->size());
            if (index == 0 || index > size || index < -size) return {};
            return (*items)[static_cast<std::size_t>(index > 0 ? index - 1 : size + index)];
        }
        if (match.kind() != feel::Kind::boolean && !match.is_null()) {
            fail("dmn.filter", "the condition is no boolean", node.id);
            return {};
        }
        if (match.is_true()) found.push_back(item);
    }
    return Value::list(std::move(found));
}

}  // namespace kiepe::dmn
