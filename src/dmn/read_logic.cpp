// Boxed expressions (DMN 1.5 section 10.2.2) from XML.
#include <sstream>

#include <pugixml.hpp>

#include "base/text.h"
#include "dmn/reader.h"

namespace kiepe::dmn {
namespace {

bool mentions(const pugi::xml_node& node, std::string_view word) {
    std::ostringstream text;
    node.print(text, "", pugi::format_raw);
    return text.str().find(word) != std::string::npos;
}

/// True where nothing but figures, signs and quoted text is written: then it means the same everywhere.
bool names_nothing(std::string_view text) {
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted && c == '\\') ++i;
        else if (c == '"') quoted = !quoted;
        else if (!quoted && std::string_view("0123456789.,<>=-[]() ").find(c) == std::string_view::npos) return false;
    }
    return !quoted;
}

}  // namespace

void Reader::report(std::string code, std::string message, std::string element, std::string hint) {
    constexpr std::size_t kEnough = 1000;
    if (impl_.diagnostics.size() < kEnough) {
        impl_.diagnostics.push_back({std::move(code), std::move(message), std::move(element), {}, std::move(hint)});
    }
}

/// Formal parameters may be called "Person.Name": FEEL then reads the entry of a context.
void Reader::add_name(Names& names, const std::string& name, const feel::Type& type) {
    names.names[name] = type;
    const auto dot = name.find('.');
    if (dot == std::string::npos || dot == 0) return;
    names.names[name.substr(0, dot)].fields[name.substr(dot + 1)] = std::make_shared<const feel::Type>(type);
}

void Reader::set_place(Names& names, const std::string& name, std::uint32_t place) {
    if (name.find('.') != std::string::npos) placeable_ = false;  // see add_name: two names for one value
    auto places = names.places ? std::make_shared<std::map<std::string, std::uint32_t>>(*names.places)
                               : std::make_shared<std::map<std::string, std::uint32_t>>();
    (*places)[name] = place;
    names.places = std::move(places);
}

std::uint32_t Reader::add_local(Names& names, const std::string& name, const feel::Type& type) {
    add_name(names, name, type);
    set_place(names, name, *next_place_);
    return (*next_place_)++;
}

Text Reader::compiled(std::string text, const std::string& element, const Names& names, bool tests) {
    Text result{element, std::move(text), std::nullopt};
    const bool literal = names_nothing(result.text);
    if (literal) {
        if (const auto known = literals_[tests ? 1 : 0].find(result.text); known != literals_[tests ? 1 : 0].end()) {
            result.code = known->second;
            return result;
        }
    }
    const auto attempt = [&](const Names& known) {
        const feel::CompileOptions options{.refuse_now = !impl_.limits.clock};
        return tests ? feel::compile_unary_tests(result.text, known, options) : feel::compile(result.text, known, options);
    };
    auto code = attempt(names);
    if (!code) {
        std::string hint;
        for (const auto& [key, value] : code.error().args) {
            if (key == "hint") hint = value;
        }
        report(code.error().code, code.error().detail, element, hint);
        impl_.diagnostics.back().position = code.error().where;
        Names open = names;
        open.open = true;  // what the kit expects of an unknown name: null at run time
        code = attempt(open);
    }
    if (!code) return result;
    result.code = std::move(*code);
    placeable_ = placeable_ && result.code->placeable();
    if (literal) literals_[tests ? 1 : 0].emplace(result.text, *result.code);
    return result;
}

Text Reader::expression(std::string text, const std::string& element, const Names& names) {
    if (trim(text).empty()) return {element, std::move(text), std::nullopt};
    return compiled(std::move(text), element, names, false);
}

Text Reader::unary_tests(std::string text, const std::string& element, const Names& names) {
    const auto bare = trim(text);
    if (bare.empty() || bare == "-") return {element, "-", std::nullopt};
    return compiled(std::string(bare), element, names, true);
}

const ItemType* Reader::node_type(const pugi::xml_node& node, const Unit& unit) {
    return type_ref(attribute(node, "typeRef"), unit, element_of(node));
}

NodePtr Reader::logic_in(const pugi::xml_node& parent, const Names& names, const Source& source) {
    for (const pugi::xml_node node : parent.children()) {
        if (node.type() != pugi::node_element) continue;
        if (NodePtr found = logic(node, names, source)) return found;
    }
    return nullptr;
}

NodePtr Reader::logic(const pugi::xml_node& node, const Names& names, const Source& source) {
    const auto name = local_name(node);
    Node result{attribute(node, "id"), attribute(node, "label"), nullptr, Literal{}};
    if (name == "literalExpression") result.box = literal(node, names);
    else if (name == "decisionTable") result.box = table(node, names, source);
    else if (name == "context") result.box = context(node, names, source);
    else if (name == "relation") result.box = relation(node, names, source);
    else if (name == "invocation") result.box = invocation(node, names, source);
    else if (name == "for" || name == "some" || name == "every") result.box = iteration(node, names, source);
    else if (name == "filter") result.box = filter(node, names, source);
    else if (name == "functionDefinition") {
        if (attribute(node, "kind") == "Java") result.box = java_function(node, names);
        else result.box = function(node, names, source);
    } else if (name == "list") {
        ListBox list;
        for (const pugi::xml_node each : node.children()) {
            if (NodePtr item = logic(each, names, source)) list.items.push_back(std::move(item));
        }
        result.box = std::move(list);
    } else if (name == "conditional") {
        result.box = ConditionalBox{logic_in(child(node, "if"), names, source), logic_in(child(node, "then"), names, source),
                                    logic_in(child(node, "else"), names, source)};
    } else {
        return nullptr;
    }
    result.type = node_type(node, *source.unit);
    if (const auto* text = std::get_if<Literal>(&result.box)) check_type(text->text, result.type);
    return std::make_unique<const Node>(std::move(result));
}

/// Of this element, else of the whole model (7.3.1): what is not FEEL would be read as if it were, and mean something else.
void Reader::check_language(const pugi::xml_node& node) {
    std::string language = lower_ascii(attribute(node, "expressionLanguage"));
    if (language.empty()) language = lower_ascii(attribute(node.root().first_child(), "expressionLanguage"));
    if (!language.empty() && language.find("feel") == std::string::npos) {
        report("dmn.language", "the expression language is not FEEL: " + language, element_of(node));
    }
}

Literal Reader::literal(const pugi::xml_node& node, const Names& names) {
    check_language(node);
    const auto text = child(node, "text");
    return {expression(text ? text_of(node) : "", element_of(node), names)};
}

ContextBox Reader::context(const pugi::xml_node& node, Names names, const Source& source) {
    ContextBox box;
    for (const auto& each : children(node, "contextEntry")) {
        const auto variable = child(each, "variable");
        Entry entry{attribute(each, "id"), tidy_name(attribute(variable, "name")), attribute(variable, "label"), nullptr, nullptr};
        entry.type = node_type(variable, *source.unit);
        Names inner = names;
        if (child(each, "functionDefinition")) add_name(inner, entry.name, feel::Type{});  // a function may call itself
        entry.value = logic_in(each, inner, source);
        if (!entry.name.empty()) entry.place = add_local(names, entry.name, feel_type(entry.type));
        box.entries.push_back(std::move(entry));
    }
    return box;
}

RelationBox Reader::relation(const pugi::xml_node& node, const Names& names, const Source& source) {
    RelationBox box;
    for (const auto& column : children(node, "column")) {
        box.columns.push_back(tidy_name(attribute(column, "name")));
        box.types.push_back(node_type(column, *source.unit));
    }
    for (const auto& row : children(node, "row")) {
        std::vector<NodePtr> cells;
        for (const pugi::xml_node each : row.children()) {
            if (NodePtr cell = logic(each, names, source)) cells.push_back(std::move(cell));
        }
        if (cells.size() != box.columns.size()) {
            report("dmn.relation", "a row has another number of cells than there are columns", element_of(row));
        }
        cells.resize(box.columns.size());
        box.rows.push_back(std::move(cells));
    }
    return box;
}

InvocationBox Reader::invocation(const pugi::xml_node& node, const Names& names, const Source& source) {
    InvocationBox box{logic_in(node, names, source), {}};
    for (const auto& each : children(node, "binding")) {
        const auto parameter = child(each, "parameter");
        Entry binding{attribute(parameter, "id"), tidy_name(attribute(parameter, "name")), attribute(parameter, "label"), nullptr, nullptr};
        binding.type = node_type(parameter, *source.unit);
        binding.value = logic_in(each, names, source);
        box.bindings.push_back(std::move(binding));
    }
    return box;
}

std::vector<Parameter> Reader::parameters(const pugi::xml_node& node, Names& names, const Unit& unit) {
    std::vector<Parameter> found;
    for (const auto& each : children(node, "formalParameter")) {
        Parameter parameter{tidy_name(attribute(each, "name")), node_type(each, unit)};
        add_name(names, parameter.name, feel_type(parameter.type));
        found.push_back(std::move(parameter));
    }
    return found;
}

FunctionBox Reader::function(const pugi::xml_node& node, Names names, const Source& source) {
    if (const std::string kind = attribute(node, "kind"); !kind.empty() && kind != "FEEL") {
        report("dmn.function_kind", "functions of kind " + kind + " are not supported", element_of(node));
        return {};
    }
    placeable_ = false;  // it keeps what it sees
    FunctionBox box;
    box.parameters = parameters(node, names, *source.unit);
    box.body = logic_in(node, names, source);
    return box;
}

/// FEEL's own form of an external function, so that one place decides what may be called (nothing is loaded).
Literal Reader::java_function(const pugi::xml_node& node, const Names& names) {
    std::string signature;
    for (const auto& each : children(node, "formalParameter")) {
        const std::string type = attribute(each, "typeRef");
        signature += (signature.empty() ? "" : ", ") + tidy_name(attribute(each, "name")) + (type.empty() ? "" : ": " + type);
    }
    std::string mapping;
    for (const auto& each : children(child(node, "context"), "contextEntry")) {
        const std::string value(trim(text_of(child(each, "literalExpression"))));
        mapping += (mapping.empty() ? "" : ", ") + attribute(child(each, "variable"), "name") + ": " + value;
    }
    return {expression("function(" + signature + ") external {java: {" + mapping + "}}", element_of(node), names)};
}

IterationBox Reader::iteration(const pugi::xml_node& node, const Names& names, const Source& source) {
    using Kind = IterationBox::Kind;
    const auto name = local_name(node);
    IterationBox box{name == "for" ? Kind::loop : name == "some" ? Kind::some : Kind::every, tidy_name(attribute(node, "iteratorVariable")),
                     mentions(node, "partial"), nullptr, nullptr};
    box.in = logic_in(child(node, "in"), names, source);
    Names inner = names;
    box.place = add_local(inner, box.variable, feel::Type{});
    if (box.kind == Kind::loop) box.partial_place = add_local(inner, "partial", feel::Type{});
    box.body = logic_in(child(node, box.kind == Kind::loop ? "return" : "satisfies"), inner, source);
    return box;
}

FilterBox Reader::filter(const pugi::xml_node& node, const Names& names, const Source& source) {
    Names inner = names;
    add_name(inner, "item", feel::Type{});
    inner.open = true;  // entries of the items are names here; which ones only the data tell
    placeable_ = false;
    return {logic_in(child(node, "in"), names, source), logic_in(child(node, "match"), inner, source)};
}

}  // namespace kiepe::dmn
