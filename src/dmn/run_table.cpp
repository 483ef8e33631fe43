// Decision tables, evaluated (DMN 1.5 section 8.2).
#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "dmn/run.h"

namespace kiepe::dmn {
namespace {

using feel::Value;

bool list_policy(const Table& table) {
    return table.policy == HitPolicy::rule_order || table.policy == HitPolicy::output_order ||
           (table.policy == HitPolicy::collect && table.aggregation == Aggregation::none);
}

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

}  // namespace

/// One table in one run.
class TableRun {
public:
    TableRun(Run& run, const Table& table, const Node& node, const Scope& scope, Step* step)
        : run_(run), table_(table), node_(node), scope_(scope), step_(step), tested_(table.inputs.size()) {}

    Value result() {
        if (!read_inputs()) return {};
        find_matches();
        if (run_.stopped_) return {};
        if (matches_.empty()) return nothing_matched();
        if (table_.policy == HitPolicy::unique && matches_.size() > 1) return clash("more than one rule matches a table with hit policy UNIQUE");
        for (const std::size_t rule : matches_) {
            auto values = outputs(rule);
            if (!values) return {};
            hits_.push_back(std::move(*values));
        }
        return combined();
    }

private:
    using Hit = std::vector<Value>;   ///< one value a column

    bool read_inputs() {
        for (const auto& column : table_.inputs) {
            Step* const part = add_part(step_, "input", column.id, "", column.label, column.expression.text);
            const Value raw = run_.text(column.expression, scope_.value(), part);
            auto value = conform(raw, column.type);
            const bool allowed = value && (!column.allowed || value->is_null() || allows(*column.allowed, *value));
            if (!allowed) {
                run_.fail("dmn.input_value", fmt::format("the input \"{}\" has a value that the table does not allow", column.label), element(column.id));
                return false;
            }
            if (part != nullptr) part->value = *value;
            values_.push_back(std::move(*value));
        }
        return true;
    }

    bool allows(const feel::Expression& tests, const Value& value) const {
        Scope scope = scope_;
        scope.set("?", value);
        return tests.evaluate(scope.value()).is_true();
    }

    const Value& tested(std::size_t column) {
        if (!tested_[column]) {
            Scope scope = scope_;
            scope.set("?", values_[column]);
            tested_[column] = scope.value();
        }
        return *tested_[column];
    }

    void find_matches() {
        for (std::size_t i = 0; i < table_.rules.size(); ++i) {
            if (!run_.spend(1)) return;
            const auto& tests = table_.rules[i].tests;
            bool match = true;
            for (std::size_t column = 0; match && column < tests.size(); ++column) {
                if (!tests[column].code && tests[column].text == "-") continue;
                match = run_.text(tests[column], tested(column), nullptr).is_true();
            }
            if (!match) continue;
            matches_.push_back(i);
            if (table_.policy == HitPolicy::first) return;
        }
    }

    std::optional<Hit> outputs(std::size_t index) {
        const Rule& rule = table_.rules[index];
        Step* const told = add_part(step_, "rule", rule.id, "", rule.label);
        if (told != nullptr) {
            told->rule = static_cast<int>(index) + 1;
            for (std::size_t i = 0; i < rule.tests.size(); ++i) {
                Step* const part = add_part(told, "input", rule.tests[i].id, "", table_.inputs[i].label, rule.tests[i].text);
                if (rule.tests[i].code) run_.text(rule.tests[i], tested(i), part);  // what the cell compared with
                part->value = values_[i];
            }
        }
        Hit hit;
        for (std::size_t i = 0; i < rule.outputs.size(); ++i) {
            const OutputColumn& column = table_.outputs[i];
            Step* const part = add_part(told, "output", rule.outputs[i].id, column.name, column.label, rule.outputs[i].text);
            auto value = checked_output(run_.text(rule.outputs[i], scope_.value(), part), column);
            if (!value) return std::nullopt;
            if (part != nullptr) part->value = *value;
            hit.push_back(std::move(*value));
        }
        if (told != nullptr) told->value = whole(hit);
        return hit;
    }

    std::optional<Value> checked_output(const Value& raw, const OutputColumn& column) {
        auto value = conform(raw, column.type);
        if (!value && column.type != nullptr && column.type->collection) value = raw;  // some tools put the table's type on the column
        if (value && (!column.allowed || value->is_null() || allows(*column.allowed, *value))) return value;
        run_.fail("dmn.output_value", fmt::format("the output \"{}\" is none of the output values", raw.text()), element(column.id));
        return std::nullopt;
    }

    Value nothing_matched() {
        const bool defaults = std::any_of(table_.outputs.begin(), table_.outputs.end(), [](const auto& o) { return o.fallback.has_value(); });
        if (!defaults) {
            if (list_policy(table_)) return Value::list({});
            return table_.policy == HitPolicy::collect ? aggregate({}, table_.aggregation) : Value();
        }
        Hit hit;
        for (const auto& column : table_.outputs) {
            Step* const part = column.fallback ? add_part(step_, "output", column.id, column.name, column.label, column.fallback->text) : nullptr;
            hit.push_back(column.fallback ? run_.text(*column.fallback, scope_.value(), part) : Value());
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
            if (!(whole(hit) == whole(hits_.front()))) return clash("the rules that match give different results in a table with hit policy ANY");
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
        for (const std::size_t rule : matches_) rules += (rules.empty() ? "" : ", ") + std::to_string(rule + 1);
        run_.fail("dmn.hit_policy", fmt::format("{}: rules {}", message, rules), element({}));
        return {};
    }

    std::string element(const std::string& own) const { return own.empty() ? node_.id : own; }

    Run& run_;
    const Table& table_;
    const Node& node_;
    const Scope& scope_;
    Step* step_;
    std::vector<Value> values_ = {};
    std::vector<std::optional<Value>> tested_;     ///< scope with `?`, made when a column is first tested
    std::vector<std::size_t> matches_ = {};
    std::vector<Hit> hits_ = {};
};

feel::Value Run::box(const Table& table, const Node& node, const Scope& scope, Step* step) {
    return TableRun(*this, table, node, scope, step).result();
}

}  // namespace kiepe::dmn
