// Decision tables, evaluated (DMN 1.5 section 8.2).
#include <algorithm>
#include <array>
#include <bit>
#include <numeric>

#include <fmt/format.h>

#include "dmn/run.h"

namespace kiepe::dmn {
namespace {

using feel::Value;

bool in_rule_order(const Table& table) {
    return table.policy == HitPolicy::rule_order || (table.policy == HitPolicy::collect && table.aggregation == Aggregation::none);
}

bool list_policy(const Table& table) { return table.policy == HitPolicy::output_order || in_rule_order(table); }

/// Rank of a value among the output values; what is not listed comes last.
std::size_t rank(const Value& value, const std::vector<Value>& order) {
    const auto place = std::find_if(order.begin(), order.end(), [&](const Value& each) { return feel::equal(each, value) == true; });
    return static_cast<std::size_t>(place - order.begin());
}

Value sum_of(const feel::List& values) {
    Decimal sum;
    for (const auto& value : values) {
        if (value.kind() != feel::Kind::number) return {};
        const auto next = add(sum, value.as_number());
        if (!next) return {};
        sum = *next;
    }
    return Value::number(sum);
}

Value extreme_of(const feel::List& values, bool least) {
    Value best = values.front();
    for (const auto& value : values) {
        const auto better = least ? feel::less(value, best) : feel::less(best, value);
        if (!better) return {};
        if (*better) best = value;
    }
    return best;
}

Value aggregate(const feel::List& values, Aggregation how) {
    switch (how) {
        case Aggregation::none: return Value::list(values);
        case Aggregation::count: return Value::number(static_cast<std::int64_t>(values.size()));
        case Aggregation::sum: return values.empty() ? Value() : sum_of(values);
        case Aggregation::min: return values.empty() ? Value() : extreme_of(values, true);
        case Aggregation::max: return values.empty() ? Value() : extreme_of(values, false);
    }
    return {};
}

/// Bits of the rules; few words need no allocation.
class Bits {
public:
    explicit Bits(std::size_t rules) : rules_(rules) {
        if (words() > near_.size()) many_.resize(words());
    }
    std::size_t words() const { return (rules_ + 63) / 64; }
    std::uint64_t* data() { return many_.empty() ? near_.data() : many_.data(); }
    const std::uint64_t* data() const { return many_.empty() ? near_.data() : many_.data(); }
    void set(std::size_t rule) { data()[rule / 64] |= mask(rule); }
    void clear(std::size_t rule) { data()[rule / 64] &= ~mask(rule); }
    void set_all() {
        for (std::size_t i = 0; i < words(); ++i) data()[i] = ~std::uint64_t{0};
        if (rules_ % 64 != 0) data()[words() - 1] = mask(rules_) - 1;
    }
    void clear_from(std::size_t rule) {
        for (std::size_t i = next(rule); i < rules_; i = next(i)) clear(i);
    }
    std::size_t count() const {
        std::size_t n = 0;
        for (std::size_t i = 0; i < words(); ++i) n += static_cast<std::size_t>(std::popcount(data()[i]));
        return n;
    }
    /// The first rule from `rule` on whose bit is set; the number of rules where there is none.
    std::size_t next(std::size_t rule) const {
        for (std::size_t word = rule / 64; word < words(); ++word) {
            const std::uint64_t rest = word == rule / 64 ? data()[word] & ~(mask(rule) - 1) : data()[word];
            if (rest != 0) return word * 64 + static_cast<std::size_t>(std::countr_zero(rest));
        }
        return rules_;
    }
    static bool test(const std::uint64_t* bits, std::size_t rule) { return (bits[rule / 64] & mask(rule)) != 0; }

private:
    static std::uint64_t mask(std::size_t rule) { return std::uint64_t{1} << (rule % 64); }

    std::size_t rules_;
    std::array<std::uint64_t, 4> near_ = {};
    std::vector<std::uint64_t> many_ = {};
};

/// What an input column has in this run.
struct Tested {
    const Value* value = nullptr;
    const std::uint64_t* held = nullptr;   ///< the rules whose cell holds, where the table was looked up
    Value room = {};                       ///< the value, where it lies nowhere else
    std::optional<Value> scope = {};       ///< names with `?`, made when the column is first tested by name
};

}  // namespace

/// One table in one run.
class TableRun {
public:
    TableRun(Run& run, const Table& table, const Node& node, const Sight& sight, Step* step)
        : run_(run), table_(table), node_(node), sight_(sight), step_(step), matches_(table.rules.size()) {
        if (table.inputs.size() > near_.size()) many_.resize(table.inputs.size());
    }

    Value result() {
        if (!read_inputs()) return {};
        if (step_ != nullptr || !table_.index || !look_up()) walk_through();
        if (run_.stopped_) return {};
        const std::size_t first = matches_.next(0);
        if (first == table_.rules.size()) return nothing_matched();
        if (table_.policy == HitPolicy::unique && matches_.count() > 1) return clash("more than one rule matches a table with hit policy UNIQUE");
        if (step_ == nullptr && (table_.policy == HitPolicy::unique || table_.policy == HitPolicy::first)) return whole_of(first).value_or(Value());
        if (step_ == nullptr && in_rule_order(table_)) return list_of_matches();
        for (std::size_t rule = first; rule < table_.rules.size(); rule = matches_.next(rule + 1)) {
            auto values = outputs(rule);
            if (!values) return {};
            hits_.push_back(std::move(*values));
        }
        return combined();
    }

private:
    using Hit = std::vector<Value>;   ///< one value a column

    Tested& column(std::size_t i) { return many_.empty() ? near_[i] : many_[i]; }

    bool read_inputs() {
        for (std::size_t i = 0; i < table_.inputs.size(); ++i) {
            const InputColumn& input = table_.inputs[i];
            Step* const part = add_part(step_, "input", input.id, "", input.label, input.expression.text);
            Tested& tested = column(i);
            if (sight_.places != nullptr && input.place) {
                run_.spend(1);
                tested.value = &sight_.places[*input.place];
            } else {
                tested.room = run_.text(input.expression, sight_, part);
                tested.value = &tested.room;
            }
            std::optional<Value> changed;
            const bool conforms = fits(*tested.value, input.type, changed);
            if (conforms && changed) {
                tested.room = std::move(*changed);
                tested.value = &tested.room;
            }
            if (!conforms || (input.allowed && !tested.value->is_null() && !allows(*input.allowed, input.allowed_index.get(), *tested.value))) {
                run_.fail("dmn.input_value", fmt::format("the input \"{}\" has a value that the table does not allow", input.label), element(input.id));
                return false;
            }
            if (part != nullptr) part->value = *tested.value;
        }
        return true;
    }

    bool allows(const feel::Expression& tests, const ColumnIndex* index, const Value& value) const {
        if (index != nullptr) {
            if (const auto* bits = index->find(value)) return (*bits & 1) != 0;
        }
        if (sight_.places != nullptr) {
            sight_.places[table_.place] = value;
            return tests.evaluate_at(sight_.places).is_true();
        }
        Scope scope = *sight_.names;
        scope.set("?", value);
        return tests.evaluate(scope.value()).is_true();
    }

    /// What a cell gives, told to `part` where somebody wants to know.
    Value cell(const Rule& rule, std::size_t i, Step* part) {
        Tested& tested = column(i);
        if (sight_.places != nullptr) {
            sight_.places[table_.place] = *tested.value;
            return run_.text(rule.tests[i], sight_, part);
        }
        if (!tested.scope) {
            Scope scope = *sight_.names;
            scope.set("?", *tested.value);
            tested.scope = scope.value();
        }
        return run_.text_in(rule.tests[i], *tested.scope, part);
    }

    /// Rule by rule.
    void walk_through() {
        for (std::size_t i = 0; i < table_.rules.size(); ++i) {
            if (!run_.spend(1)) return;
            const auto& tests = table_.rules[i].tests;
            bool match = true;
            for (std::size_t c = 0; match && c < tests.size(); ++c) {
                if (!tests[c].code && tests[c].text == "-") continue;
                match = cell(table_.rules[i], c, nullptr).is_true();
            }
            if (!match) continue;
            matches_.set(i);
            if (table_.policy == HitPolicy::first) return;
        }
    }

    /// By the index; false where it does not know a value of such a kind. Evaluates exactly the cells that walk_through() would, so that
    /// the same errors are reported.
    bool look_up() {
        const TableIndex& index = *table_.index;
        Bits open(table_.rules.size());
        matches_.set_all();
        for (std::size_t c = 0; c < table_.inputs.size(); ++c) {
            const ColumnIndex& cells = index.columns()[c];
            if (cells.idle()) continue;
            const std::uint64_t* held = cells.find(*column(c).value);
            if (held == nullptr) {
                matches_ = Bits(table_.rules.size());
                return false;
            }
            column(c).held = held;
            std::uint64_t* const left = matches_.data();
            for (std::size_t i = 0; index.evaluates() && i < index.words(); ++i) open.data()[i] |= left[i] & cells.to_evaluate()[i];
            for (std::size_t i = 0; i < index.words(); ++i) left[i] &= held[i];
        }
        run_.spend(1);
        if (index.evaluates()) decide_open(open);
        return true;
    }

    void decide_open(const Bits& open) {
        const std::size_t end = table_.rules.size();
        for (std::size_t rule = open.next(0); rule < end; rule = open.next(rule + 1)) {
            if (table_.policy == HitPolicy::first && matches_.next(0) < rule) return;
            if (holds(rule)) matches_.set(rule);
            else matches_.clear(rule);
            if (table_.policy == HitPolicy::first && Bits::test(matches_.data(), rule)) return matches_.clear_from(rule + 1);
        }
    }

    bool holds(std::size_t rule) {
        for (std::size_t c = 0; c < table_.inputs.size(); ++c) {
            const ColumnIndex& cells = table_.index->columns()[c];
            if (cells.idle()) continue;
            const bool evaluated = Bits::test(cells.to_evaluate().data(), rule);
            if (evaluated ? !cell(table_.rules[rule], c, nullptr).is_true() : !Bits::test(column(c).held, rule)) return false;
        }
        return true;
    }

    /// The result of one rule, without a word about it.
    std::optional<Value> whole_of(std::size_t index) {
        const Rule& rule = table_.rules[index];
        if (rule.outputs.size() == 1) return output(rule, 0, nullptr);
        feel::Context entries;
        entries.reserve(rule.outputs.size());
        for (std::size_t i = 0; i < rule.outputs.size(); ++i) {
            auto value = output(rule, i, nullptr);
            if (!value) return std::nullopt;
            entries.emplace_back(table_.outputs[i].name, std::move(*value));
        }
        return Value::context(std::move(entries));
    }

    Value list_of_matches() {
        feel::List list;
        list.reserve(matches_.count());
        for (std::size_t rule = matches_.next(0); rule < table_.rules.size(); rule = matches_.next(rule + 1)) {
            auto value = whole_of(rule);
            if (!value) return {};
            list.push_back(std::move(*value));
        }
        return Value::list(std::move(list));
    }

    std::optional<Value> output(const Rule& rule, std::size_t i, Step* part) {
        if (part == nullptr && i < rule.ready.size() && rule.ready[i]) return rule.ready[i];
        return checked_output(run_.text(rule.outputs[i], sight_, part), table_.outputs[i]);
    }

    std::optional<Hit> outputs(std::size_t index) {
        const Rule& rule = table_.rules[index];
        Step* const told = add_part(step_, "rule", rule.id, "", rule.label);
        if (told != nullptr) {
            told->rule = static_cast<int>(index) + 1;
            for (std::size_t i = 0; i < rule.tests.size(); ++i) {
                Step* const part = add_part(told, "input", rule.tests[i].id, "", table_.inputs[i].label, rule.tests[i].text);
                if (rule.tests[i].code) cell(rule, i, part);  // what the cell compared with
                part->value = *column(i).value;
            }
        }
        Hit hit;
        for (std::size_t i = 0; i < rule.outputs.size(); ++i) {
            const OutputColumn& written = table_.outputs[i];
            Step* const part = add_part(told, "output", rule.outputs[i].id, written.name, written.label, rule.outputs[i].text);
            auto value = output(rule, i, part);
            if (!value) return std::nullopt;
            if (part != nullptr) part->value = *value;
            hit.push_back(std::move(*value));
        }
        if (told != nullptr) told->value = whole(hit);
        return hit;
    }

    std::optional<Value> checked_output(Value raw, const OutputColumn& written) {
        std::optional<Value> changed;
        bool conforms = fits(raw, written.type, changed);
        if (conforms && changed) raw = std::move(*changed);
        conforms = conforms || (written.type != nullptr && written.type->collection);  // some tools put the table's type on the column
        if (conforms && (!written.allowed || raw.is_null() || allows(*written.allowed, written.allowed_index.get(), raw))) return raw;
        run_.fail("dmn.output_value", fmt::format("the output \"{}\" is none of the output values", raw.text()), element(written.id));
        return std::nullopt;
    }

    Value nothing_matched() {
        const bool defaults = std::any_of(table_.outputs.begin(), table_.outputs.end(), [](const auto& o) { return o.fallback.has_value(); });
        if (!defaults) {
            if (list_policy(table_)) return Value::list({});
            return table_.policy == HitPolicy::collect ? aggregate({}, table_.aggregation) : Value();
        }
        Hit hit;
        for (const auto& written : table_.outputs) {
            Step* const part = written.fallback ? add_part(step_, "output", written.id, written.name, written.label, written.fallback->text) : nullptr;
            hit.push_back(written.fallback ? run_.text(*written.fallback, sight_, part) : Value());
            if (part != nullptr) part->value = hit.back();
        }
        const Value value = whole(hit);
        return list_policy(table_) && value.kind() != feel::Kind::list ? Value::list({value}) : value;
    }

    Value combined() {
        switch (table_.policy) {
            case HitPolicy::unique:
            case HitPolicy::first: return whole(hits_.front());
            case HitPolicy::any: return same();
            case HitPolicy::priority: sort(); return whole(hits_.front());
            case HitPolicy::output_order: sort(); return all();
            case HitPolicy::rule_order: return all();
            case HitPolicy::collect: return table_.aggregation == Aggregation::none ? all() : aggregated();
        }
        return {};
    }

    Value same() {
        for (const auto& hit : hits_) {
            if (feel::equal(whole(hit), whole(hits_.front())).value_or(false)) continue;
            return clash("the rules that match give different results in a table with hit policy ANY");
        }
        return whole(hits_.front());
    }

    void sort() {
        std::stable_sort(hits_.begin(), hits_.end(), [&](const Hit& a, const Hit& b) {
            for (std::size_t i = 0; i < table_.outputs.size(); ++i) {
                const auto& order = table_.outputs[i].order;
                if (order.empty()) continue;
                const auto left = rank(a[i], order), right = rank(b[i], order);
                if (left != right) return left < right;
            }
            return false;
        });
    }

    Value all() const {
        feel::List list;
        for (const auto& hit : hits_) list.push_back(whole(hit));
        return Value::list(std::move(list));
    }

    Value aggregated() {
        Hit columns;
        for (std::size_t i = 0; i < table_.outputs.size(); ++i) {
            feel::List values;
            for (const auto& hit : hits_) values.push_back(hit[i]);
            columns.push_back(aggregate(values, table_.aggregation));
            if (columns.back().is_null()) run_.fail("dmn.aggregation", "the outputs cannot be aggregated", element(table_.outputs[i].id));
        }
        return whole(columns);
    }

    /// The one output, or a context of all.
    Value whole(const Hit& hit) const {
        if (hit.size() == 1) return hit.front();
        feel::Context entries;
        for (std::size_t i = 0; i < hit.size(); ++i) entries.emplace_back(table_.outputs[i].name, hit[i]);
        return Value::context(std::move(entries));
    }

    Value clash(const char* message) {
        std::string rules;
        for (std::size_t rule = matches_.next(0); rule < table_.rules.size(); rule = matches_.next(rule + 1)) {
            rules += (rules.empty() ? "" : ", ") + std::to_string(rule + 1);
        }
        run_.fail("dmn.hit_policy", fmt::format("{}: rules {}", message, rules), element({}));
        return {};
    }

    std::string element(const std::string& own) const { return own.empty() ? node_.id : own; }

    Run& run_;
    const Table& table_;
    const Node& node_;
    const Sight sight_;
    Step* step_;
    std::array<Tested, 6> near_ = {};
    std::vector<Tested> many_ = {};
    Bits matches_;
    std::vector<Hit> hits_ = {};
};

feel::Value Run::box(const Table& table, const Node& node, const Sight& sight, Step* step) {
    return TableRun(*this, table, node, sight, step).result();
}

}  // namespace kiepe::dmn
