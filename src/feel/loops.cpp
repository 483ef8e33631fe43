// for, some and every: DMN 1.5 section 10.3.2.14.
#include <algorithm>

#include "base/decimal_bits.h"
#include "feel/node.h"

namespace kiepe::feel {

using namespace detail;

namespace {

/// What one iteration goes through: the items of a list, or numbers or days counted up or down.
class Domain {
public:
    /// False where the value cannot be gone through.
    bool take(const Value& value) {
        if (value.kind() == Kind::list) {
            list_ = value;
            count_ = static_cast<std::int64_t>(items(value).size());
            return true;
        }
        if (value.kind() == Kind::range) return take_range(range(value));
        if (value.is_null()) return false;
        list_ = Value::list({value});
        count_ = 1;
        return true;
    }

    bool take(const Value& from, const Value& to) {
        if (from.is_number() && to.is_number()) {
            const auto a = from.number_bits().to_int();
            const auto b = to.number_bits().to_int();
            if (!a || !b) return false;
            return span(*a, *b);
        }
        if (from.kind() != Kind::date || to.kind() != Kind::date) return false;
        days_ = true;
        return span(from.as_days(), to.as_days());
    }

    std::int64_t count() const { return count_; }
    /// Whether it counts in numbers.
    bool counts() const { return list_.is_null() && !days_; }
    std::int64_t first() const { return first_; }
    std::int64_t step() const { return step_; }
    Value at(std::int64_t i) const {
        if (!list_.is_null()) return items(list_)[static_cast<std::size_t>(i)];
        const std::int64_t n = first_ + i * step_;
        return days_ ? Value::days(n) : Value::number(n);
    }

private:
    bool span(std::int64_t a, std::int64_t b) {
        constexpr std::int64_t limit = std::int64_t{1} << 61;
        if (a > limit || a < -limit || b > limit || b < -limit) return false;
        first_ = a;
        step_ = a <= b ? 1 : -1;
        count_ = (a <= b ? b - a : a - b) + 1;
        return true;
    }
    bool take_range(const Range& r) {
        if (r.form != Range::Form::interval || !take(r.low, r.high) || step_ < 0) return false;
        if (!r.low_included) {
            ++first_;
            --count_;
        }
        if (!r.high_included) --count_;
        if (count_ < 0) count_ = 0;
        return true;
    }

    Value list_;
    std::int64_t first_ = 0, step_ = 1, count_ = 0;
    bool days_ = false;
};

bool enter(const Iteration& iteration, Frame& f, Domain& domain) {
    const Value from = iteration.domain->eval(f);
    return iteration.upto ? domain.take(from, iteration.upto->eval(f)) : domain.take(from);
}

/// Goes through all combinations; `turn` returns false to stop. Returns false where a domain was none or the budget ran out.
template <class Turn>
bool each(const std::vector<Iteration>& iterations, std::size_t level, Frame& f, bool& stopped, const Turn& turn) {
    Domain domain;
    if (!enter(iterations[level], f, domain)) return false;
    const bool innermost = level + 1 == iterations.size();
    if (domain.count() > f.run->budget) return f.run->spend(domain.count());  // not even begun
    for (std::int64_t i = 0; i < domain.count() && !stopped; ++i) {
        if (!f.run->spend(1)) return false;
        f.slots[iterations[level].slot] = domain.at(i);
        if (innermost) stopped = !turn();
        else if (!each(iterations, level + 1, f, stopped, turn)) return false;
    }
    return true;
}

}  // namespace

Value For::run(Frame& f) const {
    List results;
    bool stopped = false;
    const bool done = each(iterations, 0, f, stopped, [&] {
        if (uses_partial) {
            f.run->spend(static_cast<std::int64_t>(results.size()));
            f.slots[partial_slot] = Value::list(results);
        }
        results.push_back(body->eval(f));
        return true;
    });
    if (f.run->exhausted) return fail(f, "the loop has too many turns");
    return done ? Value::list(std::move(results)) : fail(f, "for needs a list or a range of whole numbers or dates");
}

namespace {

/// A whole number of 64 bits, written without decimal places: what comes of such numbers in 64 bits has the same bits as a decimal.
std::optional<std::int64_t> whole_number(const Value& v) {
    const Decimal d = v.number_bits();
    const bool negative = d.high_bits() == Decimal{-1}.high_bits();
    if ((!negative && d.high_bits() != Decimal{1}.high_bits()) || d.low_bits() > std::uint64_t{INT64_MAX}) return std::nullopt;
    return negative ? -static_cast<std::int64_t>(d.low_bits()) : static_cast<std::int64_t>(d.low_bits());
}

bool fill(const Value& v, const Turns& turns, std::int64_t* out) {
    const auto n = whole_number(v);
    if (n) std::fill_n(out, turns.count, *n);
    return n.has_value();
}

/// The sum of a loop that counts, over a body of whole numbers; nullopt where it is no such body.
std::optional<Decimal> sum_of_whole_numbers(const Node& body, Frame& f, Turns turns, std::int64_t count) {
    Decimal total;
    std::int64_t values[Turns::kMost];
    for (; count > 0; count -= static_cast<std::int64_t>(turns.count)) {
        turns.count = static_cast<std::size_t>(std::min<std::int64_t>(count, Turns::kMost));
        if (!body.whole_numbers(f, turns, values)) return std::nullopt;
        std::int64_t sum = 0;
        bool overflow = false;
        for (std::size_t i = 0; i < turns.count; ++i) overflow |= __builtin_add_overflow(sum, values[i], &sum);
        const auto next = overflow ? std::nullopt : add(total, Decimal{sum});
        if (!next) return std::nullopt;
        total = *next;
        turns.first += static_cast<std::int64_t>(turns.count) * turns.step;
    }
    return total;
}

}  // namespace

bool Constant::whole_numbers(Frame&, const Turns& turns, std::int64_t* out) const { return fill(value, turns, out); }

bool Slot::whole_numbers(Frame& f, const Turns& turns, std::int64_t* out) const {
    if (index != turns.slot) return fill(f.slots[index], turns, out);
    for (std::size_t i = 0; i < turns.count; ++i) out[i] = turns.first + static_cast<std::int64_t>(i) * turns.step;
    return true;
}

bool Outer::whole_numbers(Frame& f, const Turns& turns, std::int64_t* out) const {
    const Value* const there = peek(f);
    return there != nullptr && fill(*there, turns, out);
}

bool Arithmetic::whole_numbers(Frame& f, const Turns& turns, std::int64_t* out) const {
    if (op != Op::add && op != Op::subtract && op != Op::multiply) return false;
    std::int64_t others[Turns::kMost];
    if (!left->whole_numbers(f, turns, out) || !right->whole_numbers(f, turns, others)) return false;
    bool overflow = false;
    const auto each_pair = [&](const auto& calculates_over) {
        for (std::size_t i = 0; i < turns.count; ++i) overflow |= calculates_over(out[i], others[i], &out[i]);
    };
    if (op == Op::add) each_pair([](auto a, auto b, auto* r) { return __builtin_add_overflow(a, b, r); });
    else if (op == Op::subtract) each_pair([](auto a, auto b, auto* r) { return __builtin_sub_overflow(a, b, r); });
    else each_pair([](auto a, auto b, auto* r) { return __builtin_mul_overflow(a, b, r); });
    return !overflow;
}

Decimal SumFor::number(Frame& f, Value& other) const {
    const auto as_written = [&] {
        other = whole->run(f);
        return other.number_bits();
    };
    Domain domain;
    if (!enter(loop->iterations.front(), f, domain) || domain.count() == 0 || domain.count() > f.run->budget) return as_written();
    f.run->spend(domain.count());
    const std::size_t slot = loop->iterations.front().slot;
    if (domain.counts()) {
        if (const auto sum = sum_of_whole_numbers(*loop->body, f, {slot, domain.first(), domain.step(), 0}, domain.count())) return *sum;
    }
    Decimal total;
    Value room;
    Value& variable = f.slots[slot];
    for (std::int64_t i = 0; i < domain.count() && !f.run->exhausted; ++i) {
        variable = domain.at(i);
        const Decimal one = loop->body->number(f, room);
        if (!is_number(one)) return as_written();
        if (decimal_bits::quick_add(total, one, total)) continue;
        const auto next = add(total, one);
        if (!next) return as_written();
        total = *next;
    }
    if (!f.run->exhausted) return total;
    other = fail(f, "the loop has too many turns");
    return other.number_bits();
}

Value SumFor::run(Frame& f) const {
    if (f.run->trace != nullptr) return whole->run(f);
    Value other;
    const Decimal total = number(f, other);
    return is_number(total) ? Value::number(total) : other;
}

Value Quantified::run(Frame& f) const {
    bool stopped = false;
    bool unknown = false;
    const bool done = each(iterations, 0, f, stopped, [&] {
        const Value value = condition->eval(f);
        unknown = unknown || value.kind() != Kind::boolean;
        return every ? !value.is_false() : !value.is_true();
    });
    if (f.run->exhausted) return fail(f, "the loop has too many turns");
    if (!done) return fail(f, "some and every need a list or a range of whole numbers or dates");
    if (stopped) return Value::boolean(!every);
    return unknown ? Value{} : Value::boolean(every);
}

}  // namespace kiepe::feel
