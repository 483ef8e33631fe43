#pragma once
// The compiled form of FEEL: a tree of nodes whose names are already resolved to slots of the frame or entries of the outer context.
#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "feel/feel.h"
#include "feel/objects.h"
#include "feel/operators.h"
#include "feel/session.h"

namespace kiepe::feel {

struct Builtin;

/// Local variables of one expression or one function call.
struct Frame {
    const Value* context = nullptr;        // the outer names
    Value* slots = nullptr;
    std::size_t slot_count = 0;
    Run* run = nullptr;
    const Expression::Code* code = nullptr;
    const Value* places = nullptr;         // the outer names instead of a context
};

class Node {
public:
    virtual ~Node() = default;
    Value eval(Frame& f) const {
        if (f.run->trace != nullptr) [[unlikely]] return traced(f);
        return run(f);
    }
    /// A constant says nothing in an explanation.
    virtual bool is_constant() const { return false; }
    /// The value where it already exists somewhere, without making a copy; nullptr: it has to be computed.
    virtual const Value* peek(Frame&) const { return nullptr; }
    /// null, and a diagnostic for whoever asked.
    Value fail(const Frame& f, std::string message) const;

    std::uint32_t begin = 0, end = 0;      // bytes of the source

protected:
    virtual Value run(Frame& f) const = 0;

private:
    Value traced(Frame& f) const;
};

using NodePtr = std::unique_ptr<Node>;
using Nodes = std::vector<NodePtr>;

struct BuiltinCall;

struct Constant final : Node {
    explicit Constant(Value v) : value(std::move(v)) {}
    bool is_constant() const override { return true; }
    Value run(Frame&) const override { return value; }
    const Value* peek(Frame&) const override { return &value; }
    Value value;
};

struct Slot final : Node {
    explicit Slot(std::size_t i) : index(i) {}
    Value run(Frame& f) const override { return f.slots[index]; }
    const Value* peek(Frame& f) const override { return &f.slots[index]; }
    std::size_t index;
};

/// A name of the outer context. The place of the entry is remembered: contexts of one form have one order.
struct Outer final : Node {
    static constexpr std::uint32_t kNoPlace = ~std::uint32_t{0};
    explicit Outer(std::string n, std::uint32_t p = kNoPlace) : name(std::move(n)), place(p) {}
    Value run(Frame& f) const override;
    const Value* peek(Frame& f) const override;
    std::string name;
    std::uint32_t place;                   // in Frame::places
    mutable std::atomic<std::uint32_t> hint{0};
};

/// An operand of a node: reads variables and constants in place.
class Operand {
public:
    Operand() = default;
    explicit Operand(NodePtr node) : node_(std::move(node)) {
        if (const auto* constant = dynamic_cast<const Constant*>(node_.get())) constant_ = &constant->value;
        if (const auto* slot = dynamic_cast<const Slot*>(node_.get())) slot_ = slot->index;
        if (const auto* outer = dynamic_cast<const Outer*>(node_.get())) place_ = outer->place;
    }
    /// `room` holds the value where it had to be computed.
    const Value& get(Frame& f, Value& room) const {
        if (constant_ != nullptr) return *constant_;
        if (f.run->trace == nullptr) [[likely]] {
            if (slot_ != kNoSlot) return f.slots[slot_];
            if (place_ != Outer::kNoPlace && f.places != nullptr) return f.places[place_];
            if (const Value* there = node_->peek(f)) return *there;
        }
        room = node_->eval(f);
        return room;
    }
    const Value* constant() const { return constant_; }
    const Node* operator->() const { return node_.get(); }
    const Node* node() const { return node_.get(); }
    explicit operator bool() const { return node_ != nullptr; }

private:
    static constexpr std::size_t kNoSlot = ~std::size_t{0};
    NodePtr node_;
    const Value* constant_ = nullptr;
    std::size_t slot_ = kNoSlot;
    std::uint32_t place_ = Outer::kNoPlace;
};

/// A name inside a filter whose items' fields are not known before: the item's entry, else what the name means outside.
struct ItemName final : Node {
    ItemName(std::size_t s, std::string n, NodePtr o) : slot(s), name(std::move(n)), outside(std::move(o)) {}
    Value run(Frame& f) const override;
    std::size_t slot;
    std::string name;
    NodePtr outside;                       // may be nullptr
};

struct Path final : Node {
    Path(NodePtr o, std::string n) : object(std::move(o)), name(std::move(n)) {}
    Value run(Frame& f) const override;
    const Value* peek(Frame& f) const override;
    Operand object;
    std::string name;
    mutable std::atomic<std::uint32_t> hint{0};
};

struct Arithmetic final : Node {
    enum class Op { add, subtract, multiply, divide, power };
    Arithmetic(Op o, NodePtr l, NodePtr r) : op(o), left(std::move(l)), right(std::move(r)) {}
    Value run(Frame& f) const override;
    Op op;
    Operand left, right;
};

struct Negation final : Node {
    explicit Negation(NodePtr o) : operand(std::move(o)) {}
    Value run(Frame& f) const override;
    NodePtr operand;
};

struct Comparison final : Node {
    Comparison(Compare o, NodePtr l, NodePtr r) : op(o), left(std::move(l)), right(std::move(r)) {}
    Value run(Frame& f) const override;
    Compare op;
    Operand left, right;
};

struct Logic final : Node {
    Logic(bool a, Nodes o) : is_and(a), operands(std::move(o)) {}
    Value run(Frame& f) const override;
    bool is_and;
    Nodes operands;
};

struct Between final : Node {
    Between(NodePtr v, NodePtr l, NodePtr h) : value(std::move(v)), low(std::move(l)), high(std::move(h)) {}
    Value run(Frame& f) const override;
    Operand value, low, high;
};

/// `value in (tests)`, and the unary tests of a decision table's cell.
struct In final : Node {
    struct Test {
        Operand node;
        bool uses_input = false;           // mentions `?`: its truth counts, not its equality
    };
    Value run(Frame& f) const override;
    Operand value;
    std::size_t input_slot = 0;
    std::vector<Test> tests;
    bool keeps_input = false;              // a test reads the slot
    bool negated = false;
    bool any = false;                      // "-"
    bool unary = false;                    // a cell: the input may be null
};

struct If final : Node {
    If(NodePtr c, NodePtr t, NodePtr e) : condition(std::move(c)), then(std::move(t)), otherwise(std::move(e)) {}
    Value run(Frame& f) const override;
    NodePtr condition, then, otherwise;
};

/// One `x in domain` of for, some and every.
struct Iteration {
    std::size_t slot = 0;
    NodePtr domain;
    NodePtr upto;                          // set: domain..upto
};

struct For final : Node {
    Value run(Frame& f) const override;
    std::vector<Iteration> iterations;
    NodePtr body;
    std::size_t partial_slot = 0;
    bool uses_partial = false;
};

/// sum(for x in ... return ...) without the list in between.
struct SumFor final : Node {
    Value run(Frame& f) const override;
    std::unique_ptr<BuiltinCall> whole;    // the same as written: for explanations and for what is no number
    const For* loop = nullptr;             // inside of it
};

struct Quantified final : Node {
    Value run(Frame& f) const override;
    bool every = false;
    std::vector<Iteration> iterations;
    NodePtr condition;
};

struct Filter final : Node {
    Value run(Frame& f) const override;
    Operand list;
    NodePtr condition;
    std::size_t item_slot = 0;
    bool per_item = true;                  // the condition mentions the item
};

struct ListLiteral final : Node {
    Value run(Frame& f) const override;
    Nodes items;
};

struct ContextLiteral final : Node {
    Value run(Frame& f) const override;
    struct Entry {
        std::string name;
        std::size_t slot = 0;
        NodePtr value;
    };
    std::vector<Entry> entries;
};

struct RangeLiteral final : Node {
    Value run(Frame& f) const override;
    detail::Range::Form form = detail::Range::Form::interval;
    bool low_included = false, high_included = false;
    NodePtr low, high;
    bool open_ends = false;                // null was written as an end
};

struct InstanceOf final : Node {
    InstanceOf(NodePtr v, Type t) : value(std::move(v)), type(std::move(t)) {}
    Value run(Frame& f) const override;
    NodePtr value;
    Type type;
};

struct FunctionLiteral final : Node {
    Value run(Frame& f) const override;
    std::vector<std::string> parameters;
    std::vector<Type> types;
    std::shared_ptr<const Type> result;                        // of the body, as far as it is known
    std::size_t first_slot = 0;            // of the parameters; slots before it are captured
    NodePtr body;
};

struct BuiltinCall final : Node {
    Value run(Frame& f) const override;
    const Builtin* builtin = nullptr;
    Nodes arguments;                       // in order; nullptr where a named call left one out
};

struct Call final : Node {
    Value run(Frame& f) const override;
    NodePtr function;
    Nodes arguments;
    std::vector<std::string> names;        // set for a call with named arguments
};

/// Evaluated in the order in which it was compiled.
struct Expression::Code : std::enable_shared_from_this<Expression::Code> {
    std::string text;
    NodePtr root;
    std::size_t slots = 0;
    bool unary = false;
    bool closures = false;                 // a function is written in it
    std::set<std::string> uses;
    Type type;
};

/// Calls a function value with the limits of the current run.
Value invoke(const Value& function, const Value* arguments, std::size_t count, std::string* error);

}  // namespace kiepe::feel
