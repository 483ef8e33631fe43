#pragma once
// One evaluation of a model. Internal to this room.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dmn/model.h"

namespace kiepe::dmn {

/// The names that an expression sees, with their values.
class Scope {
public:
    void set(const std::string& name, feel::Value value);
    const feel::Value& value() const;

private:
    void put(const std::string& name, feel::Value value);
    feel::Context entries_ = {};
    mutable std::optional<feel::Value> made_ = {};
};

/// Computes decisions, each once. With a Step, says how. Function values that it gives out stop working when the run has ended.
class Run : public std::enable_shared_from_this<Run> {
public:
    Run(const Model::Impl& model, feel::Value inputs);

    feel::Value decide(const Decision& decision, Step* step = nullptr);
    feel::Value call(const Knowledge& knowledge, const feel::List& arguments);
    feel::Value serve(const Service& service, const feel::List& arguments, Step* step = nullptr);
    feel::Value input(const Input& input);
    /// Arguments of a knowledge model or service out of the inputs of the run.
    feel::List arguments(const Knowledge& knowledge) const;
    feel::List arguments(const Service& service) const;
    std::vector<Diagnostic> take_errors() { return std::move(errors_); }

private:
    friend class TableRun;
    using Value = feel::Value;

    Scope scope_of(const std::vector<Requirement>& required, Step* step);
    Value required(const Requirement& requirement, Step* step);
    Value function_of(const Knowledge& knowledge);
    Value function_of(const Service& service);
    Value function_of(const FunctionBox& box, const Scope& scope, const std::string& own_name);
    Value call_box(const FunctionBox& box, const Scope& scope, const std::string& own_name, const feel::List& arguments);
    bool bind(Scope& scope, const std::vector<Parameter>& parameters, const feel::List& arguments, const std::string& element);

    Value evaluate(const NodePtr& node, const Scope& scope, Step* step);
    Value evaluate(const Node& node, const Scope& scope, Step* step);
    Value box(const Literal& literal, const Node& node, const Scope& scope, Step* step);
    Value box(const Table& table, const Node& node, const Scope& scope, Step* step);
    Value box(const ContextBox& context, const Node& node, const Scope& scope, Step* step);
    Value box(const ListBox& list, const Node& node, const Scope& scope, Step* step);
    Value box(const RelationBox& relation, const Node& node, const Scope& scope, Step* step);
    Value box(const InvocationBox& invocation, const Node& node, const Scope& scope, Step* step);
    Value box(const FunctionBox& function, const Node& node, const Scope& scope, Step* step);
    Value box(const ConditionalBox& conditional, const Node& node, const Scope& scope, Step* step);
    Value box(const IterationBox& iteration, const Node& node, const Scope& scope, Step* step);
    Value box(const FilterBox& filter, const Node& node, const Scope& scope, Step* step);
    Value quantified(const IterationBox& iteration, const feel::List& items, const Scope& scope, Step* step);
    std::optional<feel::List> items_of(const Value& value, const std::string& element);

    Value text(const Text& text, const Value& context, Step* step);
    Value checked(Value value, const ItemType* type, const std::string& element, const char* code);
    void fail(std::string code, std::string message, const std::string& element, std::string position = {});
    /// False once a limit is reached: then everything ends with null and one error says why.
    bool spend(std::size_t operations, std::size_t bytes = 0);
    bool enter(const std::string& element);

    const Model::Impl& model_;
    Value inputs_;
    std::vector<std::optional<Value>> decided_, given_, functions_;
    std::vector<bool> explained_;
    std::vector<std::shared_ptr<Run>> kept_ = {};       ///< runs of services that gave out functions
    std::vector<Diagnostic> errors_ = {};
    Step* sink_ = nullptr;                              ///< where calls of knowledge models inside of FEEL are told
    std::size_t operations_ = 0, memory_ = 0, told_ = 0;
    int depth_ = 0;
    bool stopped_ = false;
};

/// A part of the tree, or nullptr where nobody wants one.
Step* add_part(Step* parent, std::string kind, std::string id, std::string name, std::string label, std::string text = {});

}  // namespace kiepe::dmn
