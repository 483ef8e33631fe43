// Elements of a model and what they require (DMN 1.5 chapter 6) from XML.
#include <algorithm>
#include <array>
#include <atomic>

#include <pugixml.hpp>

#include "base/text.h"
#include "dmn/reader.h"
#include "dmn/run.h"

namespace kiepe::dmn {
namespace {

/// DMN 1.1 to 1.5.
constexpr std::array<std::string_view, 6> kNamespaces = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",   "http://www.omg.org/spec/DMN/20151101/MODEL/",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",   "https://www.omg.org/spec/DMN/20230324/MODEL/",
};

bool known_namespace(const pugi::xml_node& root) {
    const std::string name = root.name();
    const auto colon = name.find(':');
    const std::string declared = attribute(root, colon == std::string::npos ? "xmlns" : ("xmlns:" + name.substr(0, colon)).c_str());
    return std::find(kNamespaces.begin(), kNamespaces.end(), declared) != kNamespaces.end();
}

std::string variable_name(const pugi::xml_node& node) {
    const auto variable = child(node, "variable");
    const std::string name = tidy_name(attribute(variable, "name"));
    return name.empty() ? tidy_name(attribute(node, "name")) : name;
}

std::string description(const pugi::xml_node& node, std::string_view name) {
    const auto found = child(node, name);
    return found ? std::string(trim(text_of(found))) : std::string();
}

std::string name_of(const Element& element) {
    if (const auto* input = std::get_if<const Input*>(&element)) return (*input)->name;
    if (const auto* decision = std::get_if<const Decision*>(&element)) return (*decision)->variable;
    if (const auto* knowledge = std::get_if<const Knowledge*>(&element)) return (*knowledge)->name;
    if (const auto* service = std::get_if<const Service*>(&element)) return (*service)->name;
    return {};
}

}  // namespace

Result<void> Reader::read(std::string_view xml) {
    auto home = declare(xml, 0);
    if (!home) return home.error();
    impl_.place_count = static_cast<std::uint32_t>(impl_.input_count + impl_.decision_count + impl_.function_count);
    next_place_ = &impl_.place_count;
    for (auto& type : impl_.types) type.plain = plain_kind(type);
    for (auto& source : sources_) link_types(source);
    for (const auto& source : sources_) compile(source);
    find_cycles();
    finish();
    for (const auto& decision : impl_.home().decisions) impl_.decisions.push_back(decision.info);
    return {};
}

Result<Unit*> Reader::declare(std::string_view xml, int depth) {
    auto document = parse_xml(xml, impl_.limits);
    if (!document) return document.error();
    const auto root = child(**document, "definitions");
    if (!root) return Error{"dmn.no_model", "", {}, "there is no <definitions> element"};
    if (!known_namespace(root)) return Error{"dmn.version", "", {}, "not a model of DMN 1.1 to 1.5"};
    impl_.units.emplace_back();
    Unit& unit = impl_.units.back();
    unit.name_space = attribute(root, "namespace");
    unit.name = attribute(root, "name");
    by_namespace_.emplace(unit.name_space, &unit);
    declare_imports(unit, root, depth);
    declare_types(unit, root);
    declare_elements(unit, root);
    sources_.push_back({&unit, std::move(*document)});
    return &unit;
}

void Reader::declare_imports(Unit& unit, const pugi::xml_node& root, int depth) {
    constexpr int kDeepest = 20;
    for (const auto& node : children(root, "import")) {
        const std::string name_space = attribute(node, "namespace");
        if (attribute(node, "importType").find("/DMN/") == std::string::npos) continue;  // XML Schema, PMML: nothing to evaluate
        const std::string name = tidy_name(attribute(node, "name"));
        if (const auto known = by_namespace_.find(name_space); known != by_namespace_.end()) {
            unit.imports.emplace_back(name, known->second);
            continue;
        }
        const std::string text = imported_ ? imported_(name_space) : std::string();
        if (text.empty() || depth >= kDeepest) {
            report("dmn.import", "the imported model \"" + name_space + "\" is not there", unit.name);
            continue;
        }
        auto imported = declare(text, depth + 1);
        if (imported) unit.imports.emplace_back(name, *imported);
        else report(imported.error().code, "import \"" + name + "\": " + imported.error().detail, unit.name);
    }
}

void Reader::remember(Unit& unit, const pugi::xml_node& node, Element element) {
    const std::string id = attribute(node, "id");
    if (!id.empty() && !unit.by_id.emplace(id, element).second) report("dmn.duplicate_id", "the id is used twice", id);
}

void Reader::declare_elements(Unit& unit, const pugi::xml_node& root) {
    for (const auto& node : children(root, "inputData")) {
        const ItemType* type = type_ref(attribute(child(node, "variable"), "typeRef"), unit, element_of(node));
        unit.inputs.push_back({attribute(node, "id"), variable_name(node), attribute(node, "label"), type, &unit, impl_.input_count++});
        remember(unit, node, &unit.inputs.back());
    }
    for (const auto& node : children(root, "decision")) {
        Decision decision;
        decision.info = {attribute(node, "id"), tidy_name(attribute(node, "name")), attribute(node, "label"), description(node, "question"), {}, {}};
        decision.variable = variable_name(node);
        decision.type = type_ref(attribute(child(node, "variable"), "typeRef"), unit, element_of(node));
        decision.unit = &unit;
        decision.index = impl_.decision_count++;
        unit.decisions.push_back(std::move(decision));
        remember(unit, node, &unit.decisions.back());
    }
    for (const auto& node : children(root, "businessKnowledgeModel")) {
        Knowledge knowledge{attribute(node, "id"), variable_name(node), attribute(node, "label")};
        knowledge.type = type_ref(attribute(child(node, "variable"), "typeRef"), unit, element_of(node));
        knowledge.unit = &unit;
        knowledge.index = impl_.function_count++;
        unit.knowledge.push_back(std::move(knowledge));
        remember(unit, node, &unit.knowledge.back());
    }
    for (const auto& node : children(root, "decisionService")) {
        Service service{attribute(node, "id"), variable_name(node), attribute(node, "label")};
        service.type = type_ref(attribute(child(node, "variable"), "typeRef"), unit, element_of(node));
        service.unit = &unit;
        service.index = impl_.function_count++;
        unit.services.push_back(std::move(service));
        remember(unit, node, &unit.services.back());
    }
}

Requirement Reader::resolve(const std::string& href, const Unit& unit, const pugi::xml_node& place) {
    const auto hash = href.find('#');
    const std::string name_space = hash == std::string::npos ? "" : href.substr(0, hash);
    const std::string id = hash == std::string::npos ? href : href.substr(hash + 1);
    const Unit* where = &unit;
    std::string prefix;
    if (!name_space.empty() && name_space != unit.name_space) {
        const auto import = std::find_if(unit.imports.begin(), unit.imports.end(), [&](const auto& i) { return i.second->name_space == name_space; });
        where = import == unit.imports.end() ? nullptr : import->second;
        prefix = import == unit.imports.end() ? "" : import->first;
    }
    if (where != nullptr) {
        if (const auto found = where->by_id.find(id); found != where->by_id.end()) return {found->second, prefix, name_of(found->second)};
    }
    report("dmn.unknown_reference", "\"" + href + "\" does not exist", element_of(place));
    return {};
}

std::vector<Requirement> Reader::requirements(const pugi::xml_node& node, const Unit& unit) {
    std::vector<Requirement> found;
    const auto add = [&](std::string_view edge, std::string_view end) {
        for (const auto& each : children(node, edge)) {
            const auto target = child(each, end);
            if (!target) continue;
            Requirement required = resolve(attribute(target, "href"), unit, each);
            if (!std::holds_alternative<std::monostate>(required.element)) found.push_back(std::move(required));
        }
    };
    add("informationRequirement", "requiredInput");
    add("informationRequirement", "requiredDecision");
    add("knowledgeRequirement", "requiredKnowledge");
    return found;
}

/// The names of an expression are what its element requires, nothing else.
Reader::Names Reader::names_of(const std::vector<Requirement>& required, const Source& source, std::optional<std::uint32_t> functions) {
    Names names;
    names.types = source.types;
    auto places = std::make_shared<std::map<std::string, std::uint32_t>>();
    for (const auto& each : required) {
        const ItemType* type = nullptr;
        std::uint32_t place = 0;
        if (const auto* input = std::get_if<const Input*>(&each.element)) {
            type = (*input)->type;
            place = impl_.place_of(**input);
        }
        if (const auto* decision = std::get_if<const Decision*>(&each.element)) {
            type = (*decision)->type;
            place = impl_.place_of(**decision);
        }
        if (const auto* knowledge = std::get_if<const Knowledge*>(&each.element)) place = impl_.place_of_function((*knowledge)->index);
        else if (const auto* service = std::get_if<const Service*>(&each.element)) place = impl_.place_of_function((*service)->index);
        else if (functions) placeable_ = false;  // a knowledge model requires nothing but functions
        if (functions) place = (*functions)++;
        if (!each.prefix.empty() || each.name.find('.') != std::string::npos) placeable_ = false;
        (*places)[each.name] = place;
        if (each.prefix.empty()) add_name(names, each.name, feel_type(type));
        else names.names[each.prefix].fields[each.name] = std::make_shared<const feel::Type>(feel_type(type));
    }
    names.places = std::move(places);
    return names;
}

void Reader::compile(const Source& source) {
    Unit& unit = *source.unit;
    const auto root = child(*source.document, "definitions");
    std::size_t decision = 0, knowledge = 0, service = 0;
    for (const auto& node : children(root, "decision")) compile_decision(unit.decisions[decision++], node, source);
    for (const auto& node : children(root, "businessKnowledgeModel")) compile_knowledge(unit.knowledge[knowledge++], node, source);
    for (const auto& node : children(root, "decisionService")) compile_service(unit.services[service++], node, unit);
}

void Reader::compile_decision(Decision& decision, const pugi::xml_node& node, const Source& source) {
    decision.requires_ = requirements(node, *source.unit);
    for (const auto& each : decision.requires_) {
        if (std::holds_alternative<const Input*>(each.element)) decision.info.requires_inputs.push_back(each.name);
        if (const auto* other = std::get_if<const Decision*>(&each.element)) decision.info.requires_decisions.push_back((*other)->info.name);
    }
    placeable_ = impl_.limits.compiled;
    next_place_ = &impl_.place_count;
    decision.logic = logic_in(node, names_of(decision.requires_, source, std::nullopt), source);
    decision.placed = placeable_;
    if (!decision.logic) return;
    if (const auto* text = std::get_if<Literal>(&decision.logic->box)) check_type(text->text, decision.type);
}

void Reader::compile_knowledge(Knowledge& knowledge, const pugi::xml_node& node, const Source& source) {
    knowledge.requires_ = requirements(node, *source.unit);
    const auto function = child(node, "encapsulatedLogic");
    placeable_ = impl_.limits.compiled;
    const auto count = static_cast<std::uint32_t>(children(function, "formalParameter").size());
    Names names = names_of(knowledge.requires_, source, count);
    if (attribute(function, "kind") == "Java") {
        Node body{attribute(function, "id"), {}, nullptr, java_function(function, names)};
        knowledge.body = std::make_unique<const Node>(std::move(body));  // no parameters: the value is the function itself
        knowledge.external = true;
        return;
    }
    knowledge.parameters = parameters(function, names, *source.unit);
    for (std::uint32_t i = 0; i < count; ++i) set_place(names, knowledge.parameters[i].name, i);
    knowledge.places = count + static_cast<std::uint32_t>(knowledge.requires_.size());
    next_place_ = &knowledge.places;
    knowledge.body = logic_in(function, names, source);
    knowledge.placed = placeable_;
}

void Reader::compile_service(Service& service, const pugi::xml_node& node, const Unit& unit) {
    for (const auto& each : children(node, "inputData")) {
        const Requirement found = resolve(attribute(each, "href"), unit, each);
        if (const auto* input = std::get_if<const Input*>(&found.element)) service.inputs.push_back(*input);
    }
    const auto decisions = [&](std::string_view kind, std::vector<const Decision*>& into) {
        for (const auto& each : children(node, kind)) {
            const Requirement found = resolve(attribute(each, "href"), unit, each);
            if (const auto* decision = std::get_if<const Decision*>(&found.element)) into.push_back(*decision);
        }
    };
    decisions("inputDecision", service.input_decisions);
    decisions("outputDecision", service.outputs);
}

namespace {

/// Counts from 1; 0 once there are no more.
std::uint32_t next_number(std::atomic<std::uint64_t>& last) {
    const std::uint64_t number = last.fetch_add(1, std::memory_order_relaxed) + 1;
    return number <= 0xffffffffu ? static_cast<std::uint32_t>(number) : 0;
}

std::atomic<std::uint64_t> last_type{0};
std::atomic<std::uint64_t> last_model{0};

std::vector<std::string> parameters_of(const Knowledge& knowledge) {
    std::vector<std::string> names;
    for (const auto& parameter : knowledge.parameters) names.push_back(parameter.name);
    return names;
}

std::vector<std::string> parameters_of(const Service& service) {
    std::vector<std::string> names;
    for (const auto* input : service.inputs) names.push_back(input->name);
    for (const auto* decision : service.input_decisions) names.push_back(decision->variable);
    return names;
}

}  // namespace

/// What only the whole model tells: numbers, functions, names from outside.
void Reader::finish() {
    for (auto& type : impl_.types) type.number = next_number(last_type);
    impl_.serial = next_number(last_model);
    impl_.hints = std::make_unique<std::atomic<std::uint32_t>[]>(impl_.input_count);
    impl_.callables.resize(impl_.function_count);
    impl_.functions.resize(impl_.function_count);
    const auto function = [&](const auto& element) {
        impl_.callables[element.index] = &element;
        const std::uint64_t tag = std::uint64_t{impl_.serial} << 32 | element.index;
        impl_.functions[element.index] = feel::make_native_function(parameters_of(element), call_model_function, tag);
    };
    for (const auto& unit : impl_.units) {
        for (const auto& each : unit.knowledge) function(each);
        for (const auto& each : unit.services) function(each);
    }
    const Unit& home = impl_.home();
    for (const auto& each : home.decisions) impl_.by_name.emplace(each.info.name, &each);
    for (const auto& each : home.services) impl_.by_name.emplace(each.name, &each);
    for (const auto& each : home.knowledge) impl_.by_name.emplace(each.name, &each);
    for (const auto& [id, element] : home.by_id) impl_.by_name.emplace(id, element);
}

/// Kahn's algorithm: what cannot be put in an order stands on a circle or needs something that does.
void Reader::find_cycles() {
    std::vector<std::size_t> open(impl_.decision_count, 0);
    std::vector<std::vector<const Decision*>> needed_by(impl_.decision_count);
    std::vector<const Decision*> ready;
    for (const auto& unit : impl_.units) {
        for (const auto& decision : unit.decisions) {
            for (const auto& required : decision.requires_) {
                const auto* other = std::get_if<const Decision*>(&required.element);
                if (other == nullptr) continue;
                ++open[decision.index];
                needed_by[(*other)->index].push_back(&decision);
            }
            if (open[decision.index] == 0) ready.push_back(&decision);
        }
    }
    while (!ready.empty()) {
        const Decision* done = ready.back();
        ready.pop_back();
        for (const Decision* next : needed_by[done->index]) {
            if (--open[next->index] == 0) ready.push_back(next);
        }
    }
    for (auto& unit : impl_.units) {
        for (auto& decision : unit.decisions) {
            decision.cyclic = open[decision.index] > 0;
            if (decision.cyclic) report("dmn.cycle", "the decision requires itself, directly or through others", decision.info.id);
        }
    }
}

}  // namespace kiepe::dmn
