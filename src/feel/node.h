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

/// What a condition says; `other`: something that is neither a boolean nor null.
enum class Truth : std::uint8_t { no, yes, unknown, other };

inline Truth truth_of(const Value& v) {
    return v.is_true() ? Truth::yes : v.is_false() ? Truth::no : v.is_null() ? Truth::unknown : Truth::other;
}
inline Value value_of(Truth truth) { return truth == Truth::yes ? Value::boolean(true) : truth == Truth::no ? Value::boolean(false) : Value{}; }

/// Whether the bits are those of a number: Value::number_bits() of anything else lies in the NaN space, which no Decimal enters.
inline bool is_number(Decimal bits) {
    constexpr std::uint64_t nan = 0x7c00000000000000u;
    return (bits.high_bits() & nan) != nan;
}

/// Some turns of a loop that counts: its variable goes from `first` by `step`.
struct Turns {
    static constexpr std::size_t kMost = 32;
    std::size_t slot = 0;
    std::int64_t first = 0, step = 1;
    std::size_t count = 0;
};

class Node {
public:
    virtual ~Node() = default;
    Value eval(Frame& f) const {
        if (f.run->trace != nullptr) [[unlikely]] return traced(f);
        return run(f);
    }
    Truth ask(Frame& f) const {
        if (f.run->trace != nullptr) [[unlikely]] return truth_of(traced(f));
        return truth(f);
    }
    /// The value as a number in registers; where the result is none (see is_number), `other` holds what it is instead.
    /// Precondition of this and of truth(): nobody traces.
    virtual Decimal number(Frame& f, Value& other) const {
        other = run(f);
        return other.number_bits();
    }
    virtual Truth truth(Frame& f) const { return truth_of(run(f)); }
    /// The values in some turns of a loop, where all that this consists of are whole numbers without decimal places (of 64 bits), added,
    /// subtracted and multiplied; false otherwise. Nothing else happens then, so that it may be evaluated again.
    virtual bool whole_numbers(Frame&, const Turns&, std::int64_t*) const { return false; }
    /// A constant says nothing in an explanation.
    virtual bool is_constant() const { return false; }
    /// The value where it already exists somewhere, without making a copy; nullptr: it has to be computed.
    virtual const Value* peek(Frame&) const { return nullptr; }
    /// null, and a diagnostic for whoever asked.
    Value fail(const Frame& f, std::string message) const;
    /// number() of what peek() found.
    static Decimal number_of(const Value& there, Value& other) {
        if (!there.is_number()) other = there;
        return there.number_bits();
    }

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
    Decimal number(Frame&, Value& other) const override { return number_of(value, other); }
    bool whole_numbers(Frame&, const Turns&, std::int64_t* out) const override;
    Value value;
};

struct Slot final : Node {
    explicit Slot(std::size_t i) : index(i) {}
    Value run(Frame& f) const override { return f.slots[index]; }
    const Value* peek(Frame& f) const override { return &f.slots[index]; }
    Decimal number(Frame& f, Value& other) const override { return number_of(f.slots[index], other); }
    bool whole_numbers(Frame& f, const Turns& turns, std::int64_t* out) const override;
    std::size_t index;
};

/// A name of the outer context. The place of the entry is remembered: contexts of one form have one order.
struct Outer final : Node {
    static constexpr std::uint32_t kNoPlace = ~std::uint32_t{0};
    explicit Outer(std::string n, std::uint32_t p = kNoPlace) : name(std::move(n)), place(p) {}
    Value run(Frame& f) const override;
    const Value* peek(Frame& f) const override;
    Decimal number(Frame& f, Value& other) const override;
    bool whole_numbers(Frame& f, const Turns& turns, std::int64_t* out) const override;
    std::string name;
    std::uint32_t place;                   // in Frame::places
    mutable std::atomic<std::uint32_t> hint{0};
};

/// An operand of a node: reads variables and constants in place.
class Operand {
public:
    Operand() = default;
    explicit Operand(NodePtr node) : node_(std::move(node)) {
        if (const auto* constant = dynamic_cast<const Constant*>(node_.get())) {
            where_ = Where::constant;
            constant_ = &constant->value;
        } else if (const auto* slot = dynamic_cast<const Slot*>(node_.get())) {
            where_ = Where::slot;
            index_ = slot->index;
        } else if (const auto* outer = dynamic_cast<const Outer*>(node_.get()); outer != nullptr && outer->place != Outer::kNoPlace) {
            where_ = Where::place;
            index_ = outer->place;
        }
    }
    /// `room` holds the value where it had to be computed.
    const Value& get(Frame& f, Value& room) const {
        if (f.run->trace == nullptr) [[likely]] {
            if (const Value* there = in_place(f)) return *there;
            if (const Value* there = node_->peek(f)) return *there;
        } else if (where_ == Where::constant) {
            return *constant_;
        }
        room = node_->eval(f);
        return room;
    }
    /// See Node::number; the same precondition.
    Decimal number(Frame& f, Value& other) const {
        if (const Value* there = in_place(f)) return Node::number_of(*there, other);
        return node_->number(f, other);
    }
    /// Where the value is without computing anything; nullptr: it has to be asked for. The same precondition.
    const Value* in_place(const Frame& f) const {
        switch (where_) {
            case Where::constant: return constant_;
            case Where::slot: return f.slots + index_;
            case Where::place: return f.places != nullptr ? f.places + index_ : nullptr;
            case Where::computed: break;
        }
        return nullptr;
    }
    const Value* constant() const { return where_ == Where::constant ? constant_ : nullptr; }
    const Node* operator->() const { return node_.get(); }
    const Node* node() const { return node_.get(); }
    explicit operator bool() const { return node_ != nullptr; }

private:
    enum class Where : std::uint8_t { computed, constant, slot, place };
    NodePtr node_;
    Where where_ = Where::computed;
    union {
        const Value* constant_ = nullptr;
        std::size_t index_;
    };
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
    Decimal number(Frame& f, Value& other) const override;
    Operand object;
    std::string name;
    mutable std::atomic<std::uint32_t> hint{0};
};

struct Arithmetic final : Node {
    enum class Op { add, subtract, multiply, divide, power };
    Arithmetic(Op o, NodePtr l, NodePtr r) : op(o), left(std::move(l)), right(std::move(r)) {}
    Value run(Frame& f) const override;
    Decimal number(Frame& f, Value& other) const override;
    bool whole_numbers(Frame& f, const Turns& turns, std::int64_t* out) const override;
    Decimal step_by_step(Frame& f, Value& other) const;
    Value of(Frame& f, const Value& a, const Value& b) const;
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
    Truth truth(Frame& f) const override;
    Truth of(Frame& f, const Value& a, const Value& b) const;
    Compare op;
    Operand left, right;
};

struct Logic final : Node {
    Logic(bool a, Nodes o) : is_and(a), operands(std::move(o)) {}
    Value run(Frame& f) const override { return value_of(truth(f)); }
    Truth truth(Frame& f) const override;
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
    /// A test for numbers that is the same in every context: an interval, which may lack an end, or its opposite.
    struct NumberTest {
        Decimal low = {}, high = {};
        bool has_low = false, has_high = false, low_included = false, high_included = false, opposite = false;
    };
    Value run(Frame& f) const override { return value_of(truth(f)); }
    Truth truth(Frame& f) const override;
    /// To be called when all tests are there.
    void prepare();
    Truth of_number(Decimal n) const;
    Truth in_general(Frame& f) const;
    Truth among(Frame& f, const Value& input) const;
    Operand value;
    std::size_t input_slot = 0;
    std::vector<Test> tests;
    std::vector<NumberTest> number_tests;  // all tests, where all are of this kind
    bool keeps_input = false;              // a test reads the slot
    bool negated = false;
    bool any = false;                      // "-"
    bool unary = false;                    // a cell: the input may be null
};

struct If final : Node {
    If(NodePtr c, NodePtr t, NodePtr e) : condition(std::move(c)), then(std::move(t)), otherwise(std::move(e)) {}
    Value run(Frame& f) const override { return taken(f).eval(f); }
    Decimal number(Frame& f, Value& other) const override { return taken(f).number(f, other); }
    Truth truth(Frame& f) const override { return taken(f).truth(f); }
    const Node& taken(Frame& f) const;
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
    Decimal number(Frame& f, Value& other) const override;
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

/// `{...}.name`: the entries are computed in their order, but no context is made of them.
struct EntryOf final : Node {
    EntryOf(std::unique_ptr<Path> w, const ContextLiteral& l, std::size_t e) : whole(std::move(w)), literal(l), slot(e) {}
    Value run(Frame& f) const override;
    std::unique_ptr<Path> whole;           // the same as written: for explanations
    const ContextLiteral& literal;         // inside of it
    std::size_t slot;
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
    const ListLiteral* spread = nullptr;   // the one argument, where its items can be handed over without a list
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
    const In* number_tests = nullptr;      // a cell whose tests are constant and of numbers: the root, if it is one
    std::uint32_t input_place = 0;         // of the number that they test
    bool closures = false;                 // a function is written in it
    std::set<std::string> uses;
    Type type;
};

/// Calls a function value with the limits of the current run.
Value invoke(const Value& function, const Value* arguments, std::size_t count, std::string* error);

}  // namespace kiepe::feel
