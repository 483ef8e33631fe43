// Decisions whose names are resolved once.
#include <algorithm>
#include <bit>

#include "dmn/dmn.h"
#include "dmn/model.h"
#include "dmn/run.h"
#include "feel/session.h"

namespace kiepe::dmn {
namespace {

using feel::Value;

constexpr std::uint32_t kNotGiven = InputArray::kNotGiven;
const Value kNothing;

const Value& value_at(std::span<const Value> values, std::uint32_t place) { return place < values.size() ? values[place] : kNothing; }

/// The value is of the type as it is: nothing to convert, nothing to complain about.
bool fits_as_it_is(const Value& value, const ItemType* type, bool lenient) {
    std::optional<Value> changed;
    return fits(value, type, changed, lenient) && !changed;
}

/// A decision that is nothing but a table over inputs: looked up without a run. What is not plain (a value of another type or one that
/// is not allowed, several rules of a table that says what then, no rule where there are defaults) is left to a run, which knows it all.
class Lookup {
public:
    /// False where the decision is none of that kind.
    bool of(const Decision& decision, const std::vector<std::uint32_t>& places, const Model::Impl& model);
    /// False: a run has to answer.
    bool answer(std::span<const Value> inputs, Value& result) const;

private:
    static constexpr std::size_t kMostColumns = 16;
    static constexpr std::size_t kNoRule = ~std::size_t{0};
    struct Checked {
        std::uint32_t place;
        const ItemType* type;
    };
    struct Column {
        std::uint32_t place;
        const InputColumn* written;
        const ColumnIndex* index;            ///< nullptr: all cells are "-"
        feel::Kind kind;                     ///< all that input and column ask of a value; null: see fits_as_it_is

        bool takes(const Value& value) const {
            const feel::Kind given = value.kind();
            return given == kind || given == feel::Kind::null || (kind == feel::Kind::null && fits_as_it_is(value, written->type, false));
        }
    };

    feel::Kind take_kind(std::uint32_t place, const InputColumn& written);
    bool take_requirements(const Decision& decision, const std::vector<std::uint32_t>& places);
    void take_results(const Decision& decision, const Table& table);
    std::size_t only_match(const std::uint64_t* const* rows, std::size_t count, bool& several) const;

    std::vector<Checked> checked_ = {};
    std::vector<Column> columns_ = {};
    std::vector<std::optional<Value>> results_ = {};   ///< by rule; empty: a run has to make it
    std::vector<std::uint64_t> all_ = {};              ///< a bit for each rule
    bool first_ = false;                               ///< the first rule counts; else only one that is alone
    bool null_without_match_ = false;
};

bool Lookup::take_requirements(const Decision& decision, const std::vector<std::uint32_t>& places) {
    for (const auto& requirement : decision.requires_) {
        const auto* input = std::get_if<const Input*>(&requirement.element);
        if (input == nullptr) return false;
        if ((*input)->type != nullptr) checked_.push_back({places[(*input)->index], (*input)->type});
    }
    return true;
}

/// The kind of a column's values, where its type and that of the input say nothing else: then one look is enough for both.
feel::Kind Lookup::take_kind(std::uint32_t place, const InputColumn& written) {
    const auto input = std::find_if(checked_.begin(), checked_.end(), [&](const Checked& each) { return each.place == place; });
    const auto of_input = input != checked_.end() ? input->type->plain : std::nullopt;
    const auto of_column = written.type != nullptr ? written.type->plain : of_input;
    if (!of_column) return feel::Kind::null;
    if (of_input == of_column && place != kNotGiven) checked_.erase(input);
    return *of_column;
}

/// What the rules give, as the decision gives it.
void Lookup::take_results(const Decision& decision, const Table& table) {
    for (const auto& rule : table.rules) {
        std::optional<Value>& result = results_.emplace_back();
        if (rule.ready.size() != rule.outputs.size() || rule.ready.empty()) continue;
        if (std::any_of(rule.ready.begin(), rule.ready.end(), [](const auto& each) { return !each; })) continue;
        Value whole = *rule.ready.front();
        if (rule.outputs.size() > 1) {
            feel::Context entries;
            for (std::size_t i = 0; i < rule.outputs.size(); ++i) entries.emplace_back(table.outputs[i].name, *rule.ready[i]);
            whole = Value::context(std::move(entries));
        }
        if (fits_as_it_is(whole, decision.logic->type, false) && fits_as_it_is(whole, decision.type, false)) result = std::move(whole);
    }
}

bool Lookup::of(const Decision& decision, const std::vector<std::uint32_t>& places, const Model::Impl& model) {
    constexpr std::size_t kFewOperations = 1000;   // so many the shortest way may take without anybody counting them
    const Table* table = decision.logic != nullptr && decision.placed && !decision.cyclic ? std::get_if<Table>(&decision.logic->box) : nullptr;
    if (table == nullptr || !table->index || table->index->evaluates() || table->inputs.size() > kMostColumns) return false;
    if (model.limits.operations < kFewOperations || model.limits.depth < 1 || !take_requirements(decision, places)) return false;
    for (std::size_t i = 0; i < table->inputs.size(); ++i) {
        const InputColumn& written = table->inputs[i];
        const ColumnIndex& index = table->index->columns()[i];
        if (!written.place || *written.place >= model.input_count) return false;
        if (written.allowed && !written.allowed_index) return false;
        columns_.push_back({places[*written.place], &written, index.idle() ? nullptr : &index, take_kind(places[*written.place], written)});
    }
    using enum HitPolicy;
    if (table->policy != unique && table->policy != any && table->policy != priority && table->policy != first) return false;
    first_ = table->policy == first;
    null_without_match_ = std::none_of(table->outputs.begin(), table->outputs.end(), [](const auto& each) { return each.fallback.has_value(); });
    take_results(decision, *table);
    all_.assign(table->index->words(), ~std::uint64_t{0});
    if (table->rules.size() % 64 != 0) all_.back() = (std::uint64_t{1} << (table->rules.size() % 64)) - 1;
    return true;
}

std::size_t Lookup::only_match(const std::uint64_t* const* rows, std::size_t count, bool& several) const {
    std::size_t found = kNoRule;
    for (std::size_t word = 0; word < all_.size(); ++word) {
        std::uint64_t rest = all_[word];
        for (std::size_t i = 0; i < count; ++i) rest &= rows[i][word];
        if (rest == 0) continue;
        several = found != kNoRule || (rest & (rest - 1)) != 0;
        if (found == kNoRule) found = word * 64 + static_cast<std::size_t>(std::countr_zero(rest));
        if (first_ || several) return found;
    }
    return found;
}

bool Lookup::answer(std::span<const Value> inputs, Value& result) const {
    for (const auto& each : checked_) {
        if (!fits_as_it_is(value_at(inputs, each.place), each.type, true)) return false;
    }
    const std::uint64_t* rows[kMostColumns];
    std::size_t count = 0;
    for (const auto& column : columns_) {
        const Value& value = value_at(inputs, column.place);
        if (!column.takes(value)) return false;
        if (column.written->allowed_index != nullptr && !value.is_null()) {
            const auto* allowed = column.written->allowed_index->find(value);
            if (allowed == nullptr || (*allowed & 1) == 0) return false;
        }
        if (column.index == nullptr) continue;
        if ((rows[count++] = column.index->find(value)) == nullptr) return false;
    }
    bool several = false;
    const std::size_t rule = only_match(rows, count, several);
    if (rule == kNoRule) return null_without_match_;
    if ((several && !first_) || !results_[rule]) return false;
    result = *results_[rule];
    return true;
}

}  // namespace

struct Prepared::Plan {
    Model model;
    std::string name;
    std::vector<std::string> inputs;
    const Decision* decision = nullptr;          ///< nullptr: a service, knowledge or input, or a model with imports: asked by name
    std::vector<std::uint32_t> places = {};      ///< by index of the model's inputs: where the caller gives it
    std::optional<Lookup> lookup = {};

    Outcome by_name(std::span<const Value> values) const;
    Outcome by_place(std::span<const Value> values) const;
};

Outcome Prepared::Plan::by_name(std::span<const Value> values) const {
    feel::Context context;
    for (std::size_t i = 0; i < inputs.size(); ++i) context.emplace_back(inputs[i], i < values.size() ? values[i] : Value());
    return model.evaluate(name, Value::context(std::move(context)));
}

Outcome Prepared::Plan::by_place(std::span<const Value> values) const {
    Run run(model.impl(), InputArray{values, places.data()});
    const feel::Session session;
    const Active active(run);
    Outcome outcome{run.decide(*decision), {}};
    outcome.errors = run.take_errors();
    return outcome;
}

Prepared::Prepared(std::shared_ptr<const Plan> plan) : plan_(std::move(plan)) {}

Outcome Prepared::evaluate(std::span<const Value> inputs) const {
    const Plan& plan = *plan_;
    Outcome outcome;
    if (plan.lookup && plan.lookup->answer(inputs, outcome.value)) return outcome;
    return plan.decision != nullptr ? plan.by_place(inputs) : plan.by_name(inputs);
}

Result<Prepared> Model::prepare(std::string_view decision, const std::vector<std::string>& inputs) const {
    const Element element = impl_->find(decision);
    if (std::holds_alternative<std::monostate>(element)) {
        return Error{"dmn.unknown_decision", std::string(decision), {}, "there is no decision \"" + std::string(decision) + "\""};
    }
    auto plan = std::make_shared<Prepared::Plan>(Prepared::Plan{*this, std::string(decision), {}});
    for (const auto& name : inputs) {   // a context has one entry of a name
        if (std::find(plan->inputs.begin(), plan->inputs.end(), name) != plan->inputs.end()) {
            return Error{"dmn.input_twice", name, {}, "the input \"" + name + "\" is given twice"};
        }
        plan->inputs.push_back(name);
    }
    const auto* found = std::get_if<const Decision*>(&element);
    if (found == nullptr || impl_->units.size() > 1) return Prepared(std::move(plan));
    plan->decision = *found;
    plan->places.assign(impl_->input_count + 1, kNotGiven);
    for (const auto& input : impl_->home().inputs) {
        const auto place = std::find(inputs.begin(), inputs.end(), input.name);
        if (place != inputs.end()) plan->places[input.index] = static_cast<std::uint32_t>(place - inputs.begin());
    }
    Lookup lookup;
    if (lookup.of(**found, plan->places, *impl_)) plan->lookup = std::move(lookup);
    return Prepared(std::move(plan));
}

}  // namespace kiepe::dmn
