// Arithmetic, comparisons and conditions: numbers and truths go from node to node in registers, a Value is made of the last one.
#include "base/decimal_bits.h"
#include "feel/node.h"

namespace kiepe::feel {

using namespace detail;

namespace {

/// False where it takes more than a few instructions. Precondition: both are numbers.
inline bool quickly(Arithmetic::Op op, Decimal a, Decimal b, Decimal& result) {
    switch (op) {
        case Arithmetic::Op::add: return decimal_bits::quick_add(a, b, result);
        case Arithmetic::Op::subtract: return decimal_bits::quick_subtract(a, b, result);
        case Arithmetic::Op::multiply: return decimal_bits::quick_multiply(a, b, result);
        default: return false;
    }
}

/// Precondition: both are numbers.
std::optional<Decimal> calculate(Arithmetic::Op op, Decimal a, Decimal b) {
    switch (op) {
        case Arithmetic::Op::add: return add(a, b);
        case Arithmetic::Op::subtract: return subtract(a, b);
        case Arithmetic::Op::multiply: return multiply(a, b);
        case Arithmetic::Op::divide: return divide(a, b);
        case Arithmetic::Op::power: return power(a, b);
    }
    return std::nullopt;
}

Value calculate(Arithmetic::Op op, const Value& a, const Value& b) {
    switch (op) {
        case Arithmetic::Op::add: return add(a, b);
        case Arithmetic::Op::subtract: return subtract(a, b);
        case Arithmetic::Op::multiply: return multiply(a, b);
        case Arithmetic::Op::divide: return divide(a, b);
        case Arithmetic::Op::power: return power(a, b);
    }
    return {};
}

/// Whether the order of two values is the one that the comparison wants.
bool wanted(Compare op, int order_of_both) {
    switch (op) {
        case Compare::equal: return order_of_both == 0;
        case Compare::not_equal: return order_of_both != 0;
        case Compare::less: return order_of_both < 0;
        case Compare::less_equal: return order_of_both <= 0;
        case Compare::greater: return order_of_both > 0;
        case Compare::greater_equal: return order_of_both >= 0;
    }
    return false;
}

}  // namespace

Decimal Arithmetic::number(Frame& f, Value& other) const {
    const Value* const a = left.in_place(f);
    const Value* const b = right.in_place(f);
    Decimal quick;
    if (a != nullptr && b != nullptr && a->is_number() && b->is_number() && quickly(op, a->number_bits(), b->number_bits(), quick)) return quick;
    return step_by_step(f, other);
}

Decimal Arithmetic::step_by_step(Frame& f, Value& other) const {
    Value room_a;
    Value room_b;
    const Decimal a = left.number(f, room_a);
    const Decimal b = right.number(f, room_b);
    if (is_number(a) && is_number(b)) [[likely]] {
        Decimal quick;
        if (quickly(op, a, b, quick)) return quick;
        if (const auto result = calculate(op, a, b)) [[likely]] return *result;
    }
    other = of(f, is_number(a) ? Value::number(a) : room_a, is_number(b) ? Value::number(b) : room_b);
    return other.number_bits();
}

Value Arithmetic::of(Frame& f, const Value& a, const Value& b) const {
    Value result = calculate(op, a, b);
    if (!result.is_null()) [[likely]] {
        if (result.kind() == Kind::string && !f.run->spend(static_cast<std::int64_t>(detail::text(result).size() / 16))) {
            return fail(f, "the evaluation needs too much memory");
        }
        return result;
    }
    constexpr const char* signs[] = {"+", "-", "*", "/", "**"};
    return fail(f, std::string("no result for ") + kind_name(a.kind()) + ' ' + signs[static_cast<int>(op)] + ' ' + kind_name(b.kind()));
}

Value Arithmetic::run(Frame& f) const {
    if (f.run->trace == nullptr) [[likely]] {
        Value other;
        const Decimal result = number(f, other);
        return is_number(result) ? Value::number(result) : other;
    }
    Value room_a;
    Value room_b;
    const Value& a = left.get(f, room_a);
    return of(f, a, right.get(f, room_b));
}

Value Negation::run(Frame& f) const {
    const Value value = operand->eval(f);
    Value result = negate(value);
    return result.is_null() ? fail(f, std::string("no negative of ") + kind_name(value.kind())) : result;
}

Truth Comparison::truth(Frame& f) const {
    Value room_a;
    Value room_b;
    const Decimal a = left.number(f, room_a);
    const Decimal b = right.number(f, room_b);
    if (is_number(a) && is_number(b)) [[likely]] return wanted(op, decimal_bits::quick_compare(a, b)) ? Truth::yes : Truth::no;
    return of(f, is_number(a) ? Value::number(a) : room_a, is_number(b) ? Value::number(b) : room_b);
}

Truth Comparison::of(Frame& f, const Value& a, const Value& b) const {
    const Value result = compare(op, a, b);
    if (result.is_null()) fail(f, std::string(kind_name(a.kind())) + " and " + kind_name(b.kind()) + " cannot be compared");
    return truth_of(result);
}

Value Comparison::run(Frame& f) const {
    if (f.run->trace == nullptr) [[likely]] return value_of(truth(f));
    Value room_a;
    Value room_b;
    const Value& a = left.get(f, room_a);
    return value_of(of(f, a, right.get(f, room_b)));
}

Truth Logic::truth(Frame& f) const {
    // Table 50 and 51: what is not boolean counts as unknown; a certain answer wins over an unknown one.
    const Truth certain = is_and ? Truth::no : Truth::yes;
    bool unknown = false;
    for (const auto& operand : operands) {
        const Truth one = operand->ask(f);
        if (one == certain) return certain;
        unknown = unknown || one == Truth::unknown || one == Truth::other;
    }
    return unknown ? Truth::unknown : is_and ? Truth::yes : Truth::no;
}

Value Between::run(Frame& f) const {
    Value rooms[3];
    const Value& v = value.get(f, rooms[0]);
    const auto a = order(v, low.get(f, rooms[1]));
    const auto b = order(v, high.get(f, rooms[2]));
    if (!a || !b) return fail(f, "the value and the limits of between are of different types");
    return Value::boolean(*a >= 0 && *b <= 0);
}

void In::prepare() {
    keeps_input = false;
    for (const auto& test : tests) keeps_input = keeps_input || test.uses_input;
    for (const auto& test : tests) {
        const Value* const constant = test.uses_input ? nullptr : test.node.constant();
        if (constant == nullptr) break;
        if (constant->is_number()) {
            number_tests.push_back({constant->number_bits(), constant->number_bits(), true, true, true, true, false});
        } else if (constant->kind() == Kind::range) {
            using Form = Range::Form;
            const Range& r = range(*constant);
            const bool one = r.form == Form::equals || r.form == Form::differs;
            const bool has_low = r.form != Form::less && r.form != Form::less_equal;
            const bool has_high = r.form != Form::greater && r.form != Form::greater_equal;
            const Value& high = one ? r.low : r.high;
            if ((has_low && !r.low.is_number()) || (has_high && !high.is_number())) break;
            number_tests.push_back({has_low ? r.low.number_bits() : Decimal{}, has_high ? high.number_bits() : Decimal{}, has_low, has_high,
                                    one || r.low_included, one || r.high_included, r.form == Form::differs});
        } else {
            break;
        }
    }
    if (number_tests.size() != tests.size()) number_tests.clear();
}

namespace {

inline bool holds(const In::NumberTest& test, Decimal n) {
    if (test.has_low) {
        const int below = decimal_bits::quick_compare(n, test.low);
        if (below < 0 || (below == 0 && !test.low_included)) return test.opposite;
    }
    if (test.has_high) {
        const int above = decimal_bits::quick_compare(n, test.high);
        if (above > 0 || (above == 0 && !test.high_included)) return test.opposite;
    }
    return !test.opposite;
}

}  // namespace

Truth In::truth(Frame& f) const {
    if (!number_tests.empty() && f.run->trace == nullptr) [[likely]] {
        const Value* const input = value.in_place(f);
        if (input != nullptr && input->is_number()) return of_number(input->number_bits());
    }
    return any ? Truth::yes : in_general(f);
}

Truth In::of_number(Decimal n) const {
    for (const auto& test : number_tests) {
        if (holds(test, n)) return negated ? Truth::no : Truth::yes;
    }
    return negated ? Truth::yes : Truth::no;
}

Truth In::in_general(Frame& f) const {
    Value room;
    const Value& input = value.get(f, room);
    return !number_tests.empty() && input.is_number() ? of_number(input.number_bits()) : among(f, input);
}

Truth In::among(Frame& f, const Value& input) const {
    if (keeps_input) f.slots[input_slot] = input;
    bool unknown = false;
    for (const auto& test : tests) {
        Value room;
        const Value& v = test.node.get(f, room);
        std::optional<bool> one;
        if (test.uses_input) {
            if (v.kind() == Kind::boolean) one = v.is_true();
            else if (!v.is_null()) one = satisfies(input, v);
        } else if (v.kind() == Kind::range && input.kind() != Kind::range) {
            one = contains(range(v), input);
        } else {
            one = satisfies(input, v);
        }
        if (one && *one) return negated ? Truth::no : Truth::yes;
        unknown = unknown || !one;
    }
    if (!unknown) return negated ? Truth::yes : Truth::no;
    if (!unary) fail(f, "the value cannot be compared with the tests");
    return Truth::unknown;
}

const Node& If::taken(Frame& f) const {
    const Truth c = condition->ask(f);
    if (c == Truth::yes) return *then;
    if (c == Truth::other) fail(f, "the condition of if is no boolean");
    return *otherwise;
}

}  // namespace kiepe::feel
