// The door of the room.
#include "dmn/dmn.h"

#include <algorithm>

#include "base/text.h"
#include "dmn/model.h"
#include "dmn/reader.h"
#include "dmn/run.h"
#include "feel/session.h"

namespace kiepe::dmn {
namespace {

/// What a cell or literal gives without knowing anything; null where it depends on something.
feel::Value constant(const Text& text) {
    return text.code ? text.code->evaluate(feel::Value::context({})) : feel::Value();
}

void collect(const feel::Value& value, std::vector<std::string>& into) {
    if (value.kind() == feel::Kind::string) {
        if (std::find(into.begin(), into.end(), value.as_string()) == into.end()) into.push_back(value.as_string());
    } else if (value.kind() == feel::Kind::list) {
        for (const auto& item : value.as_list()) collect(item, into);
    } else if (value.kind() == feel::Kind::context) {
        for (const auto& [name, entry] : value.as_context()) collect(entry, into);
    }
}

void collect(const Node& node, std::vector<std::string>& into) {
    if (const auto* literal = std::get_if<Literal>(&node.box)) collect(constant(literal->text), into);
    if (const auto* table = std::get_if<Table>(&node.box)) {
        for (const auto& rule : table->rules) {
            for (const auto& output : rule.outputs) collect(constant(output), into);
        }
        for (const auto& output : table->outputs) {
            if (output.fallback) collect(constant(*output.fallback), into);
        }
    }
    if (const auto* conditional = std::get_if<ConditionalBox>(&node.box)) {
        if (conditional->then) collect(*conditional->then, into);
        if (conditional->otherwise) collect(*conditional->otherwise, into);
    }
}

feel::Value result_of(Run& run, const Element& element) {
    if (const auto* decision = std::get_if<const Decision*>(&element)) return run.decide(**decision);
    if (const auto* knowledge = std::get_if<const Knowledge*>(&element)) {
        const feel::List arguments = run.arguments(**knowledge);
        return run.call(**knowledge, arguments.data(), arguments.size());
    }
    if (const auto* service = std::get_if<const Service*>(&element)) return run.serve(**service, run.arguments(**service));
    if (const auto* input = std::get_if<const Input*>(&element)) return run.input(**input);
    return {};
}

/// All expressions of an evaluation share one budget of time, memory and stack, and find their functions in one run.
struct Evaluation {
    Evaluation(const Model::Impl& model, const feel::Value& inputs) : run(model, inputs) {}
    Run run;
    const feel::Session session{};
    const Active active{run};
};

}  // namespace

Element Model::Impl::find(std::string_view name_or_id) const {
    auto known = by_name.find(name_or_id);
    if (known == by_name.end()) known = by_name.find(tidy_name(name_or_id));
    return known == by_name.end() ? Element{} : known->second;
}

Model::Model(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

Result<Model> Model::load(std::string_view xml, const std::function<std::string(std::string_view)>& imported, const Limits& limits) {
    auto impl = std::make_shared<Impl>();
    impl->limits = limits;
    feel::Names names;
    names.names["r"] = {};
    if (auto spread = feel::compile("for i in r return i", names)) impl->spread = std::move(*spread);
    Reader reader(*impl, imported);
    if (auto read = reader.read(xml); !read) return read.error();
    return Model(std::move(impl));
}

const std::string& Model::name() const { return impl_->home().name; }
const std::vector<Diagnostic>& Model::diagnostics() const { return impl_->diagnostics; }
const std::vector<DecisionInfo>& Model::decisions() const { return impl_->decisions; }

Outcome Model::evaluate(std::string_view decision, const feel::Value& inputs) const {
    const Element element = impl_->find(decision);
    if (std::holds_alternative<std::monostate>(element)) {
        return {{}, {{"dmn.unknown_decision", "there is no decision \"" + std::string(decision) + "\"", std::string(decision), "", ""}}};
    }
    Evaluation evaluation(*impl_, inputs);
    Outcome outcome;
    outcome.value = result_of(evaluation.run, element);
    outcome.errors = evaluation.run.take_errors();
    return outcome;
}

Outcome Model::evaluate_all(const feel::Value& inputs) const {
    Evaluation evaluation(*impl_, inputs);
    feel::Context values;
    values.reserve(impl_->home().decisions.size());
    for (const auto& decision : impl_->home().decisions) values.emplace_back(decision.info.name, evaluation.run.decide(decision));
    Outcome outcome{feel::Value::context(std::move(values)), {}};
    outcome.errors = evaluation.run.take_errors();
    return outcome;
}

Step Model::explain(std::string_view decision, const feel::Value& inputs) const {
    const Element element = impl_->find(decision);
    Evaluation evaluation(*impl_, inputs);
    Run& run = evaluation.run;
    Step step;
    step.kind = "decision";
    if (const auto* found = std::get_if<const Decision*>(&element)) {
        run.decide(**found, &step);
    } else if (const auto* service = std::get_if<const Service*>(&element)) {
        step.id = (*service)->id;
        step.name = (*service)->name;
        step.label = (*service)->label;
        run.serve(**service, run.arguments(**service), &step);
    }
    return step;
}

std::vector<std::string> Model::possible_outputs(std::string_view decision) const {
    std::vector<std::string> found;
    const Element element = impl_->find(decision);
    const auto* known = std::get_if<const Decision*>(&element);
    if (known != nullptr && (*known)->logic) collect(*(*known)->logic, found);
    return found;
}

feel::Type Model::input_type(std::string_view input) const {
    for (const auto& each : impl_->home().inputs) {
        if ((each.name == input || each.id == input) && each.type != nullptr) return each.type->feel;
    }
    return {};
}

std::vector<std::string> Model::inputs() const {
    std::vector<std::string> names;
    for (const auto& each : impl_->home().inputs) names.push_back(each.name);
    return names;
}

}  // namespace kiepe::dmn
