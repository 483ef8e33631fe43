#pragma once
// One evaluation of a model. Internal to this room.
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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

/// Where the values of names are: at places, which costs nothing, or by name: for explanations, and for logic that hands functions on
/// or whose names only the data tell.
struct Sight {
    const Scope* names = nullptr;
    feel::Value* places = nullptr;
};

/// A number of values that is known late; few of them need no allocation.
template <std::size_t few>
class Values {
public:
    explicit Values(std::size_t size) : near_size_(size > few ? 0 : size), many_(size > few ? size : 0) {
        std::uninitialized_value_construct_n(near(), near_size_);
    }
    ~Values() { std::destroy_n(near(), near_size_); }
    Values(const Values&) = delete;
    Values& operator=(const Values&) = delete;
    feel::Value* data() { return many_.empty() ? near() : many_.data(); }
    feel::Value& operator[](std::size_t i) { return data()[i]; }

private:
    feel::Value* near() { return reinterpret_cast<feel::Value*>(near_); }

    std::size_t near_size_;
    alignas(feel::Value) std::byte near_[few * sizeof(feel::Value)];   ///< only as many are made as are asked for
    std::vector<feel::Value> many_;
};

/// The same for marks.
class Flags {
public:
    explicit Flags(std::size_t size) {
        if (size > near_.size()) many_.resize(size);
    }
    std::uint8_t& operator[](std::size_t i) { return many_.empty() ? near_[i] : many_[i]; }

private:
    std::array<std::uint8_t, 64> near_ = {};
    std::vector<std::uint8_t> many_ = {};
};

/// Inputs in the order of the caller: `places` says for each input of the model where it stands.
struct InputArray {
    static constexpr std::uint32_t kNotGiven = ~std::uint32_t{0};
    std::span<const feel::Value> values = {};
    const std::uint32_t* places = nullptr;
};

/// Computes decisions, each once. With a Step, says how. Function values that it gives out stop working when the run has ended.
class Run {
public:
    Run(const Model::Impl& model, feel::Value inputs);
    Run(const Model::Impl& model, InputArray inputs);
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    feel::Value decide(const Decision& decision, Step* step = nullptr);
    feel::Value call(const Knowledge& knowledge, const feel::Value* arguments, std::size_t count);
    feel::Value serve(const Service& service, const feel::List& arguments, Step* step = nullptr);
    feel::Value input(const Input& input);
    /// Arguments of a knowledge model or service out of the inputs of the run.
    feel::List arguments(const Knowledge& knowledge) const;
    feel::List arguments(const Service& service) const;
    std::vector<Diagnostic> take_errors() { return std::move(errors_); }

    const Model::Impl& model() const { return model_; }
    /// The run that this thread is in: where functions of the model find it.
    static Run*& active();

private:
    friend class TableRun;
    using Value = feel::Value;

    void know(std::size_t place, Value value);
    void require(const std::vector<Requirement>& required);
    Scope scope_of(const std::vector<Requirement>& required, Step* step);
    Value required(const Requirement& requirement, Step* step);
    const Value* given(const Input& input) const;
    void load(const Input& input);
    const Value& function_at(std::size_t index);
    std::weak_ptr<Run*> handle();
    Value function_of(const FunctionBox& box, const Scope& scope, const std::string& own_name);
    Value call_placed(const Knowledge& knowledge, const Value* arguments, std::size_t count);
    Value call_named(const Knowledge& knowledge, const Value* arguments, std::size_t count, Step* step);
    Value call_box(const FunctionBox& box, const Scope& scope, const std::string& own_name, const feel::List& arguments);
    bool count_fits(std::size_t given, std::size_t wanted, const std::string& element);
    bool argument_fits(const Value& given, const Parameter& parameter, std::optional<Value>& changed, const std::string& element);
    bool bind(Scope& scope, const std::vector<Parameter>& parameters, const Value* arguments, std::size_t count, const std::string& element);

    Value evaluate(const NodePtr& node, const Sight& sight, Step* step);
    Value evaluate(const Node& node, const Sight& sight, Step* step);
    Value box(const Literal& literal, const Node& node, const Sight& sight, Step* step);
    Value box(const Table& table, const Node& node, const Sight& sight, Step* step);
    Value box(const ContextBox& context, const Node& node, const Sight& sight, Step* step);
    Value box(const ListBox& list, const Node& node, const Sight& sight, Step* step);
    Value box(const RelationBox& relation, const Node& node, const Sight& sight, Step* step);
    Value box(const InvocationBox& invocation, const Node& node, const Sight& sight, Step* step);
    Value box(const FunctionBox& function, const Node& node, const Sight& sight, Step* step);
    Value box(const ConditionalBox& conditional, const Node& node, const Sight& sight, Step* step);
    Value box(const IterationBox& iteration, const Node& node, const Sight& sight, Step* step);
    Value box(const FilterBox& filter, const Node& node, const Sight& sight, Step* step);
    Value quantified(const IterationBox& iteration, const feel::List& items, const Sight& sight, Step* step);
    std::optional<feel::List> items_of(const Value& value, const std::string& element);

    Value text(const Text& text, const Sight& sight, Step* step);
    Value text_in(const Text& text, const Value& context, Step* step);
    Value checked(Value value, const ItemType* type, const std::string& element, const char* code);
    void fail(std::string code, std::string message, const std::string& element, std::string position = {});
    /// False once a limit is reached: then everything ends with null and one error says why.
    bool spend(std::size_t operations, std::size_t bytes = 0) {
        operations_ += operations;
        memory_ += bytes;
        return !stopped_ && ((operations_ <= model_.limits.operations && memory_ <= model_.limits.memory) || stop());
    }
    bool stop();
    bool enter(const std::string& element);

    const Model::Impl& model_;
    Value inputs_ = {};
    InputArray array_ = {};                             ///< instead of a context
    Values<32> places_;                                 ///< see Model::Impl
    Flags known_;                                       ///< which places of inputs, decisions and functions hold their value
    std::vector<bool> explained_ = {};
    std::shared_ptr<Run*> alive_ = {};                  ///< made when a function is given out that needs the run
    std::vector<std::unique_ptr<Run>> kept_ = {};       ///< runs of services that gave out functions
    std::vector<Diagnostic> errors_ = {};
    Step* sink_ = nullptr;                              ///< where calls of knowledge models inside of FEEL are told
    std::size_t operations_ = 0, memory_ = 0, told_ = 0;
    int depth_ = 0;
    bool stopped_ = false;
};

/// Makes a run the thread's active one for a while.
class Active {
public:
    explicit Active(Run& run) : outer_(Run::active()) { Run::active() = &run; }
    ~Active() { Run::active() = outer_; }
    Active(const Active&) = delete;
    Active& operator=(const Active&) = delete;

private:
    Run* outer_;
};

/// What FEEL calls for a knowledge model or a service: `tag` is the serial number of the model and the index of the function.
feel::Value call_model_function(std::uint64_t tag, const feel::Value* arguments, std::size_t count);

/// A part of the tree, or nullptr where nobody wants one.
Step* new_part(Step& parent, std::string_view kind, std::string_view id, std::string_view name, std::string_view label, std::string_view text);
inline Step* add_part(Step* parent, std::string_view kind, std::string_view id, std::string_view name, std::string_view label, std::string_view text = {}) {
    return parent != nullptr ? new_part(*parent, kind, id, name, label, text) : nullptr;
}

}  // namespace kiepe::dmn
