// for, some and every: DMN 1.5 section 10.3.2.14.
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

Value SumFor::run(Frame& f) const {
    Domain domain;
    if (f.run->trace != nullptr || !enter(loop->iterations.front(), f, domain) || domain.count() == 0 || domain.count() > f.run->budget) {
        return whole->run(f);
    }
    Decimal total;
    Value room;
    const std::size_t slot = loop->iterations.front().slot;
    for (std::int64_t i = 0; i < domain.count(); ++i) {
        if (!f.run->spend(1)) break;
        f.slots[slot] = domain.at(i);
        room = loop->body->eval(f);
        if (!room.is_number()) return whole->run(f);
        if (decimal_bits::quick_add(total, room.number_bits(), total)) continue;
        const auto next = add(total, room.number_bits());
        if (!next) return whole->run(f);
        total = *next;
    }
    return f.run->exhausted ? fail(f, "the loop has too many turns") : Value::number(total);
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
