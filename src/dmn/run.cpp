// Decisions, knowledge models and services (DMN 1.5 section 10.4).
#include "dmn/run.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace kiepe::dmn {
namespace {

constexpr std::size_t kMostErrors = 200;
constexpr std::size_t kMostCallsTold = 500;

}  // namespace

void Scope::put(const std::string& name, feel::Value value) {
    made_.reset();
    const auto known = std::find_if(entries_.begin(), entries_.end(), [&](const auto& entry) { return entry.first == name; });
    if (known != entries_.end()) known->second = std::move(value);
    else entries_.emplace_back(name, std::move(value));
}

void Scope::set(const std::string& name, feel::Value value) {
    const auto dot = name.find('.');
    if (dot != std::string::npos && dot > 0) {  // the parameter "Person.Name": also an entry of "Person"
        const std::string first = name.substr(0, dot);
        const auto known = std::find_if(entries_.begin(), entries_.end(), [&](const auto& entry) { return entry.first == first; });
        feel::Context inner = known != entries_.end() && known->second.kind() == feel::Kind::context ? known->second.as_context() : feel::Context{};
        std::erase_if(inner, [&](const auto& entry) { return entry.first == name.substr(dot + 1); });
        inner.emplace_back(name.substr(dot + 1), value);
        put(first, feel::Value::context(std::move(inner)));
    }
    put(name, std::move(value));
}

const feel::Value& Scope::value() const {
    if (!made_) made_ = feel::Value::context(entries_);
    return *made_;
}

Step* new_part(Step& parent, std::string_view kind, std::string_view id, std::string_view name, std::string_view label, std::string_view text) {
    Step& step = parent.parts.emplace_back();
    step.kind = kind;
    step.id = id;
    step.name = name;
    step.label = label;
    step.text = text;
    return &step;
}

Run::Run(const Model::Impl& model, feel::Value inputs)
    : model_(model), inputs_(std::move(inputs)), places_(model.place_count), known_(model.input_count + model.decision_count + model.function_count) {}

Run::Run(const Model::Impl& model, InputArray inputs) : Run(model, feel::Value()) { array_ = inputs; }

Run*& Run::active() {
    thread_local Run* run = nullptr;
    return run;
}

void Run::fail(std::string code, std::string message, const std::string& element, std::string position) {
    if (errors_.size() < kMostErrors) errors_.push_back({std::move(code), std::move(message), element, std::move(position), {}});
}

bool Run::stop() {
    stopped_ = true;
    errors_.push_back({"dmn.limit", "the evaluation takes too many steps or too much memory", "", "", ""});
    return false;
}

bool Run::enter(const std::string& element) {
    if (!spend(1)) return false;
    if (depth_ < model_.limits.depth) return true;
    stopped_ = true;
    errors_.push_back({"dmn.depth", fmt::format("more than {} calls inside of each other", model_.limits.depth), element, "", ""});
    return false;
}

feel::Value Run::checked(Value value, const ItemType* type, const std::string& element, const char* code) {
    if (type == nullptr) return value;
    std::optional<Value> changed;
    if (fits(value, type, changed)) return changed ? std::move(*changed) : std::move(value);
    fail(code, fmt::format("a {} is no {}", kind_name(value.kind()), type_name(type)), element);
    return {};
}

void Run::know(std::size_t place, Value value) {
    places_[place] = std::move(value);
    known_[place] = 1;
}

const feel::Value* Run::given(const Input& input) const {
    if (array_.places != nullptr) {
        const std::uint32_t place = array_.places[input.index];
        return place < array_.values.size() ? &array_.values[place] : nullptr;
    }
    if (inputs_.kind() != feel::Kind::context) return nullptr;
    const feel::Context& all = inputs_.as_context();
    auto& hint = model_.hints[input.index];
    const std::uint32_t guess = hint.load(std::memory_order_relaxed);
    if (guess < all.size() && all[guess].first == input.name) return &all[guess].second;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].first != input.name) continue;
        hint.store(static_cast<std::uint32_t>(i), std::memory_order_relaxed);
        return &all[i].second;
    }
    return nullptr;
}

void Run::load(const Input& input) {
    Value raw;
    if (input.unit != &model_.home()) {
        for (const auto& [name, unit] : model_.home().imports) {
            if (unit == input.unit) raw = inputs_.get(name).get(input.name);
        }
    }
    if (raw.is_null()) {
        if (const Value* there = given(input)) raw = *there;
    }
    std::optional<Value> changed;
    const bool fitting = fits(raw, input.type, changed, true);
    if (!fitting) fail("dmn.input_type", fmt::format("the input \"{}\" is no {}", input.name, type_name(input.type)), input.id);
    know(model_.place_of(input), !fitting ? Value() : changed ? std::move(*changed) : std::move(raw));
}

feel::Value Run::input(const Input& input) {
    const std::size_t place = model_.place_of(input);
    if (!known_[place]) load(input);
    return places_[place];
}

const feel::Value& Run::function_at(std::size_t index) {
    const std::size_t place = model_.place_of_function(index);
    if (known_[place]) return places_[place];
    const auto* const* knowledge = std::get_if<const Knowledge*>(&model_.callables[index]);
    const bool external = knowledge != nullptr && (*knowledge)->external;
    const Scope nothing;
    know(place, external ? evaluate((*knowledge)->body, Sight{&nothing, nullptr}, nullptr) : model_.functions[index]);
    return places_[place];
}

feel::Value Run::decide(const Decision& decision, Step* step) {
    if (step != nullptr) {
        step->kind = "decision";
        step->id = decision.info.id;
        step->name = decision.info.name;
        step->label = decision.info.label;
        explained_.resize(model_.decision_count, false);
    }
    const bool tell = step != nullptr && !explained_[decision.index];
    const std::size_t place = model_.place_of(decision);
    if (known_[place] && !tell) {
        if (step != nullptr) step->value = places_[place];
        return places_[place];
    }
    if (tell) explained_[decision.index] = true;
    if (decision.cyclic) fail("dmn.cycle", "the decision requires itself", decision.info.id);
    if (decision.cyclic || !enter(decision.info.id)) return {};
    ++depth_;
    const std::string& element = decision.info.id.empty() ? decision.info.name : decision.info.id;
    Step* const logic = tell ? step : nullptr;
    Value value;
    if (decision.logic && decision.placed && logic == nullptr) {
        require(decision.requires_);
        value = checked(evaluate(*decision.logic, Sight{nullptr, places_.data()}, nullptr), decision.type, element, "dmn.result_type");
    } else if (decision.logic) {
        const Scope scope = scope_of(decision.requires_, logic);
        value = checked(evaluate(*decision.logic, Sight{&scope, nullptr}, logic), decision.type, element, "dmn.result_type");
    }
    --depth_;
    know(place, value);
    if (step != nullptr) step->value = value;
    return value;
}

void Run::require(const std::vector<Requirement>& requirements) {
    for (const auto& requirement : requirements) {
        if (const auto* given = std::get_if<const Input*>(&requirement.element)) {
            if (!known_[model_.place_of(**given)]) load(**given);
        } else if (const auto* decision = std::get_if<const Decision*>(&requirement.element)) {
            if (!known_[model_.place_of(**decision)]) (void)decide(**decision);
        } else if (const auto* knowledge = std::get_if<const Knowledge*>(&requirement.element)) {
            (void)function_at((*knowledge)->index);
        } else if (const auto* service = std::get_if<const Service*>(&requirement.element)) {
            (void)function_at((*service)->index);
        }
    }
}

feel::Value Run::required(const Requirement& requirement, Step* step) {
    if (const auto* given = std::get_if<const Input*>(&requirement.element)) {
        Value value = input(**given);
        if (Step* part = add_part(step, "input", (*given)->id, (*given)->name, (*given)->label)) part->value = value;
        return value;
    }
    if (const auto* decision = std::get_if<const Decision*>(&requirement.element)) {
        return decide(**decision, add_part(step, "decision", "", "", ""));
    }
    if (const auto* knowledge = std::get_if<const Knowledge*>(&requirement.element)) return function_at((*knowledge)->index);
    if (const auto* service = std::get_if<const Service*>(&requirement.element)) return function_at((*service)->index);
    return {};
}

Scope Run::scope_of(const std::vector<Requirement>& requirements, Step* step) {
    Scope scope;
    std::vector<std::pair<std::string, feel::Context>> imported;
    for (const auto& requirement : requirements) {
        Value value = required(requirement, step);
        if (requirement.prefix.empty()) {
            scope.set(requirement.name, std::move(value));
            continue;
        }
        auto known = std::find_if(imported.begin(), imported.end(), [&](const auto& i) { return i.first == requirement.prefix; });
        if (known == imported.end()) known = imported.insert(imported.end(), {requirement.prefix, {}});
        known->second.emplace_back(requirement.name, std::move(value));
    }
    for (auto& [prefix, entries] : imported) scope.set(prefix, Value::context(std::move(entries)));
    return scope;
}

std::weak_ptr<Run*> Run::handle() {
    if (!alive_) alive_ = std::make_shared<Run*>(this);
    return alive_;
}

feel::Value call_model_function(std::uint64_t tag, const feel::Value* arguments, std::size_t count) {
    Run* const run = Run::active();
    const std::size_t index = tag & 0xffffffffu;
    if (run == nullptr || run->model().serial != tag >> 32 || index >= run->model().callables.size()) return {};
    const auto& callable = run->model().callables[index];
    if (const auto* knowledge = std::get_if<const Knowledge*>(&callable)) return run->call(**knowledge, arguments, count);
    return run->serve(*std::get<const Service*>(callable), feel::List(arguments, arguments + count));
}

bool Run::count_fits(std::size_t given, std::size_t wanted, const std::string& element) {
    if (given != wanted) fail("dmn.arguments", fmt::format("{} arguments instead of {}", given, wanted), element);
    return given == wanted;
}

bool Run::argument_fits(const Value& given, const Parameter& parameter, std::optional<Value>& changed, const std::string& element) {
    if (fits(given, parameter.type, changed)) return true;
    fail("dmn.argument_type", fmt::format("the argument \"{}\" is no {}", parameter.name, type_name(parameter.type)), element);
    return false;
}

bool Run::bind(Scope& scope, const std::vector<Parameter>& parameters, const Value* arguments, std::size_t count, const std::string& element) {
    if (!count_fits(count, parameters.size(), element)) return false;
    for (std::size_t i = 0; i < count; ++i) {
        std::optional<Value> changed;
        if (!argument_fits(arguments[i], parameters[i], changed, element)) return false;
        scope.set(parameters[i].name, changed ? std::move(*changed) : arguments[i]);
    }
    return true;
}

feel::Value Run::call(const Knowledge& knowledge, const Value* arguments, std::size_t count) {
    if (!enter(knowledge.id)) return {};
    Step* step = told_ < kMostCallsTold ? add_part(sink_, "function", knowledge.id, knowledge.name, knowledge.label) : nullptr;
    told_ += step != nullptr ? 1 : 0;
    Step* const outer = std::exchange(sink_, nullptr);
    ++depth_;
    Value value = knowledge.placed && step == nullptr ? call_placed(knowledge, arguments, count) : call_named(knowledge, arguments, count, step);
    --depth_;
    sink_ = outer;
    if (step != nullptr) step->value = value;
    return value;
}

feel::Value Run::call_placed(const Knowledge& knowledge, const Value* arguments, std::size_t count) {
    if (!count_fits(count, knowledge.parameters.size(), knowledge.id)) return {};
    Values<8> places(knowledge.places);
    for (std::size_t i = 0; i < count; ++i) {
        std::optional<Value> changed;
        if (!argument_fits(arguments[i], knowledge.parameters[i], changed, knowledge.id)) return {};
        places[i] = changed ? std::move(*changed) : arguments[i];
    }
    std::size_t place = count;
    for (const auto& requirement : knowledge.requires_) {
        const auto* other = std::get_if<const Knowledge*>(&requirement.element);
        places[place++] = function_at(other != nullptr ? (*other)->index : std::get<const Service*>(requirement.element)->index);
    }
    return checked(evaluate(knowledge.body, Sight{nullptr, places.data()}, nullptr), result_type(knowledge.type), knowledge.id, "dmn.result_type");
}

feel::Value Run::call_named(const Knowledge& knowledge, const Value* arguments, std::size_t count, Step* step) {
    Scope scope = scope_of(knowledge.requires_, nullptr);
    if (!bind(scope, knowledge.parameters, arguments, count, knowledge.id)) return {};
    for (std::size_t i = 0; step != nullptr && i < count; ++i) {
        add_part(step, "input", "", knowledge.parameters[i].name, "")->value = arguments[i];
    }
    return checked(evaluate(knowledge.body, Sight{&scope, nullptr}, step), result_type(knowledge.type), knowledge.id, "dmn.result_type");
}

feel::Value Run::serve(const Service& service, const feel::List& arguments, Step* step) {
    if (!enter(service.id)) return {};
    std::vector<Parameter> parameters;
    for (const auto* input : service.inputs) parameters.push_back({input->name, input->type});
    for (const auto* decision : service.input_decisions) parameters.push_back({decision->variable, decision->type});
    Scope bound;
    if (!bind(bound, parameters, arguments.data(), arguments.size(), service.id)) return {};
    auto inner = std::make_unique<Run>(model_, bound.value());
    const Active active(*inner);
    for (const auto* decision : service.input_decisions) inner->know(model_.place_of(*decision), bound.value().get(decision->variable));
    for (const auto* input : service.inputs) inner->know(model_.place_of(*input), bound.value().get(input->name));
    inner->depth_ = depth_ + 1;
    inner->operations_ = operations_;
    inner->memory_ = memory_;
    feel::Context results;
    for (const auto* decision : service.outputs) {
        results.emplace_back(decision->variable, inner->decide(*decision, add_part(step, "decision", "", "", "")));
    }
    operations_ = inner->operations_;
    memory_ = inner->memory_;
    stopped_ = inner->stopped_;
    for (auto& error : inner->errors_) fail(error.code, error.message, error.element, error.position);
    constexpr std::size_t kMostKept = 10'000;
    if (inner->alive_ || !inner->kept_.empty()) kept_.push_back(std::move(inner));
    if (kept_.size() > kMostKept) kept_.erase(kept_.begin());
    Value value = results.size() == 1 ? results.front().second : Value::context(std::move(results));
    value = checked(std::move(value), result_type(service.type), service.id, "dmn.result_type");
    if (step != nullptr) step->value = value;
    return value;
}

feel::List Run::arguments(const Knowledge& knowledge) const {
    feel::List found;
    for (const auto& parameter : knowledge.parameters) found.push_back(inputs_.get(parameter.name));
    return found;
}

feel::List Run::arguments(const Service& service) const {
    feel::List found;
    for (const auto* input : service.inputs) found.push_back(inputs_.get(input->name));
    for (const auto* decision : service.input_decisions) found.push_back(inputs_.get(decision->variable));
    return found;
}

}  // namespace kiepe::dmn
