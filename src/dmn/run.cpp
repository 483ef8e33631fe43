// Decisions, knowledge models and services (DMN 1.5 section 10.4).
#include "dmn/run.h"

#include <algorithm>

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

Step* add_part(Step* parent, std::string kind, std::string id, std::string name, std::string label, std::string text) {
    if (parent == nullptr) return nullptr;
    Step step;
    step.kind = std::move(kind);
    step.id = std::move(id);
    step.name = std::move(name);
    step.label = std::move(label);
    step.text = std::move(text);
    parent->parts.push_back(std::move(step));
    return &parent->parts.back();
}

Run::Run(const Model::Impl& model, feel::Value inputs)
    : model_(model), inputs_(std::move(inputs)), decided_(model.decision_count), given_(model.input_count),
      functions_(model.function_count), explained_(model.decision_count, false) {}

void Run::fail(std::string code, std::string message, const std::string& element, std::string position) {
    if (errors_.size() < kMostErrors) errors_.push_back({std::move(code), std::move(message), element, std::move(position), {}});
}

bool Run::spend(std::size_t operations, std::size_t bytes) {
    if (stopped_) return false;
    operations_ += operations;
    memory_ += bytes;
    if (operations_ <= model_.limits.operations && memory_ <= model_.limits.memory) return true;
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
    auto fitting = conform(value, type);
    if (fitting) return std::move(*fitting);
    fail(code, fmt::format("a {} is no {}", kind_name(value.kind()), type_name(type)), element);
    return {};
}

feel::Value Run::input(const Input& input) {
    auto& given = given_[input.index];
    if (given) return *given;
    Value raw;
    if (input.unit != &model_.home()) {
        for (const auto& [name, unit] : model_.home().imports) {
            if (unit == input.unit) raw = inputs_.get(name).get(input.name);
        }
    }
    if (raw.is_null()) raw = inputs_.get(input.name);
    auto fitting = conform(raw, input.type, true);
    if (!fitting) fail("dmn.input_type", fmt::format("the input \"{}\" is no {}", input.name, type_name(input.type)), input.id);
    given = fitting ? std::move(*fitting) : Value();
    return *given;
}

feel::Value Run::decide(const Decision& decision, Step* step) {
    if (step != nullptr) {
        step->kind = "decision";
        step->id = decision.info.id;
        step->name = decision.info.name;
        step->label = decision.info.label;
    }
    const bool tell = step != nullptr && !explained_[decision.index];
    if (auto& known = decided_[decision.index]; known && !tell) {
        if (step != nullptr) step->value = *known;
        return *known;
    }
    explained_[decision.index] = explained_[decision.index] || tell;
    if (decision.cyclic) fail("dmn.cycle", "the decision requires itself", decision.info.id);
    if (decision.cyclic || !enter(decision.info.id)) return {};
    ++depth_;
    const std::string& element = decision.info.id.empty() ? decision.info.name : decision.info.id;
    Step* const logic = tell ? step : nullptr;
    Value value;
    if (decision.logic) {
        const Scope scope = scope_of(decision.requires_, logic);
        value = checked(evaluate(decision.logic, scope, logic), decision.type, element, "dmn.result_type");
    }
    --depth_;
    decided_[decision.index] = value;
    if (step != nullptr) step->value = value;
    return value;
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
    if (const auto* knowledge = std::get_if<const Knowledge*>(&requirement.element)) return function_of(**knowledge);
    if (const auto* service = std::get_if<const Service*>(&requirement.element)) return function_of(**service);
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

feel::Value Run::function_of(const Knowledge& knowledge) {
    auto& known = functions_[knowledge.index];
    if (known) return *known;
    if (knowledge.external) {
        known = evaluate(knowledge.body, Scope(), nullptr);
        return *known;
    }
    std::vector<std::string> names;
    for (const auto& parameter : knowledge.parameters) names.push_back(parameter.name);
    known = feel::make_function(std::move(names), [run = weak_from_this(), &knowledge](const feel::List& arguments) {
        const auto alive = run.lock();
        return alive ? alive->call(knowledge, arguments) : Value();
    });
    return *known;
}

feel::Value Run::function_of(const Service& service) {
    auto& known = functions_[service.index];
    if (known) return *known;
    std::vector<std::string> names;
    for (const auto* input : service.inputs) names.push_back(input->name);
    for (const auto* decision : service.input_decisions) names.push_back(decision->variable);
    known = feel::make_function(std::move(names), [run = weak_from_this(), &service](const feel::List& arguments) {
        const auto alive = run.lock();
        return alive ? alive->serve(service, arguments) : Value();
    });
    return *known;
}

bool Run::bind(Scope& scope, const std::vector<Parameter>& parameters, const feel::List& arguments, const std::string& element) {
    if (arguments.size() != parameters.size()) {
        fail("dmn.arguments", fmt::format("{} arguments instead of {}", arguments.size(), parameters.size()), element);
        return false;
    }
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        auto fitting = conform(arguments[i], parameters[i].type);
        if (!fitting) {
            fail("dmn.argument_type", fmt::format("the argument \"{}\" is no {}", parameters[i].name, type_name(parameters[i].type)), element);
            return false;
        }
        scope.set(parameters[i].name, std::move(*fitting));
    }
    return true;
}

feel::Value Run::call(const Knowledge& knowledge, const feel::List& arguments) {
    if (!enter(knowledge.id)) return {};
    Step* step = told_ < kMostCallsTold ? add_part(sink_, "function", knowledge.id, knowledge.name, knowledge.label) : nullptr;
    told_ += step != nullptr ? 1 : 0;
    Step* const outer = std::exchange(sink_, nullptr);
    ++depth_;
    Scope scope = scope_of(knowledge.requires_, nullptr);
    Value value;
    if (bind(scope, knowledge.parameters, arguments, knowledge.id)) {
        for (std::size_t i = 0; step != nullptr && i < arguments.size(); ++i) {
            add_part(step, "input", "", knowledge.parameters[i].name, "")->value = arguments[i];
        }
        value = checked(evaluate(knowledge.body, scope, step), result_type(knowledge.type), knowledge.id, "dmn.result_type");
    }
    --depth_;
    sink_ = outer;
    if (step != nullptr) step->value = value;
    return value;
}

feel::Value Run::serve(const Service& service, const feel::List& arguments, Step* step) {
    if (!enter(service.id)) return {};
    std::vector<Parameter> parameters;
    for (const auto* input : service.inputs) parameters.push_back({input->name, input->type});
    for (const auto* decision : service.input_decisions) parameters.push_back({decision->variable, decision->type});
    Scope bound;
    if (!bind(bound, parameters, arguments, service.id)) return {};
    const auto inner = std::make_shared<Run>(model_, bound.value());
    for (const auto* decision : service.input_decisions) inner->decided_[decision->index] = bound.value().get(decision->variable);
    for (const auto* input : service.inputs) inner->given_[input->index] = bound.value().get(input->name);
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
    kept_.push_back(inner);
    constexpr std::size_t kMostKept = 10'000;
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
