// Item definitions (DMN 1.5 section 7.3.2).
#include <algorithm>

#include <pugixml.hpp>

#include "base/text.h"
#include "dmn/reader.h"

namespace kiepe::dmn {
namespace {

using Base = ItemType::Base;

struct BuiltIn {
    std::string_view name;
    Base base;
    std::string_view feel;
};

constexpr BuiltIn kBuiltIns[] = {
    {"Any", Base::any, "Any"},
    {"number", Base::number, "number"},
    {"string", Base::string, "string"},
    {"boolean", Base::boolean, "boolean"},
    {"date", Base::date, "date"},
    {"time", Base::time, "time"},
    {"date and time", Base::date_time, "date and time"},
    {"dateTime", Base::date_time, "date and time"},
    {"days and time duration", Base::days_time_duration, "days and time duration"},
    {"dayTimeDuration", Base::days_time_duration, "days and time duration"},
    {"years and months duration", Base::years_months_duration, "years and months duration"},
    {"yearMonthDuration", Base::years_months_duration, "years and months duration"},
    {"context", Base::context, "Any"},
    {"list", Base::list, "Any"},
    {"range", Base::range, "Any"},
    {"function", Base::function, "Any"},
};

/// The closest known name, for "did you mean".
std::string nearest(const std::string& wrong, const std::vector<std::string>& known) {
    std::string best;
    std::size_t least = std::max<std::size_t>(2, wrong.size() / 3) + 1;
    for (const auto& name : known) {
        const auto distance = edit_distance(lower_ascii(wrong), lower_ascii(name));
        if (distance < least) {
            least = distance;
            best = name;
        }
    }
    return best.empty() ? "" : "did you mean \"" + best + "\"?";
}

}  // namespace

const ItemType* Reader::builtin(std::string_view name) {
    if (const auto known = builtins_.find(name); known != builtins_.end()) return known->second;
    const auto found = std::find_if(std::begin(kBuiltIns), std::end(kBuiltIns), [&](const BuiltIn& b) { return b.name == name; });
    if (found == std::end(kBuiltIns)) return nullptr;
    ItemType type;
    type.base = found->base;
    type.feel.simple = found->feel;
    type.plain = plain_kind(type);
    impl_.types.push_back(std::move(type));
    builtins_.emplace(std::string(name), &impl_.types.back());
    return &impl_.types.back();
}

const ItemType* Reader::type_ref(const std::string& text, const Unit& unit, const std::string& element) {
    const std::string name = tidy_name(text);
    if (name.empty()) return nullptr;
    const auto colon = name.find(':');
    const std::string bare = colon == std::string::npos ? name : tidy_name(name.substr(colon + 1));  // "feel:number" of DMN 1.1
    for (const std::string& candidate : {name, bare}) {
        const auto types = unit.types.find(candidate);
        if (types != unit.types.end()) {
            auto& waiting = waiting_[&unit];
            if (const auto unfilled = waiting.find(candidate); unfilled != waiting.end()) {
                const auto index = unfilled->second;
                waiting.erase(unfilled);
                fill_type(const_cast<ItemType&>(*types->second), definitions_[index], unit);  // ours until loading ends
            }
            return types->second;
        }
        if (const ItemType* type = builtin(candidate)) return type->base == Base::any ? nullptr : type;
    }
    std::vector<std::string> known;
    for (const auto& each : kBuiltIns) known.emplace_back(each.name);
    for (const auto& [each, type] : unit.types) known.push_back(each);
    report("dmn.unknown_type", "there is no type \"" + name + "\"", element, nearest(name, known));
    return nullptr;
}

void Reader::declare_types(Unit& unit, const pugi::xml_node& root) {
    for (const auto& [prefix, imported] : unit.imports) {
        for (const auto& [name, type] : imported->types) {
            if (name.find('.') == std::string::npos) unit.types.emplace(prefix.empty() ? name : prefix + "." + name, type);
        }
    }
    for (const auto& node : children(root, "itemDefinition")) {
        const std::string name = tidy_name(attribute(node, "name"));
        if (name.empty()) continue;
        ItemType type;
        type.name = name;
        impl_.types.push_back(std::move(type));
        unit.types[name] = &impl_.types.back();
        definitions_.push_back(node);
        waiting_[&unit][name] = definitions_.size() - 1;
    }
    while (!waiting_[&unit].empty()) (void)type_ref(waiting_[&unit].begin()->first, unit, unit.name);
}

void Reader::add_tests(ItemType& type, const pugi::xml_node& node) {
    Names names;
    add_name(names, "?", feel::Type{});
    if (const auto allowed = child(node, "allowedValues")) {
        Text tests = unary_tests(text_of(allowed), element_of(node), names);
        ItemType* target = &type;
        if (type.collection) {  // the values of a collection's items; its item type may be shared with others, so a copy
            impl_.types.push_back(*type.item);
            target = &impl_.types.back();
            type.item = target;
        }
        target->allowed_text = tests.text;
        target->allowed = std::move(tests.code);
        if (impl_.limits.compiled) target->allowed_index = ColumnIndex::of(target->allowed);
    }
    if (const auto constraint = child(node, "typeConstraint")) {
        type.constraint = unary_tests(text_of(constraint), element_of(node), names).code;
    }
}

/// The type that `typeRef`, `itemComponent` or `functionItem` of an item definition say, without its name.
const ItemType* Reader::component_type(const pugi::xml_node& node, const Unit& unit) {
    ItemType type;
    fill_type(type, node, unit);
    impl_.types.push_back(std::move(type));
    return &impl_.types.back();
}

void Reader::fill_type(ItemType& type, const pugi::xml_node& node, const Unit& unit) {
    const std::string own_name = type.name;
    ItemType single;
    const auto components = children(node, "itemComponent");
    if (!components.empty()) {
        single.base = Base::context;
        for (const auto& each : components) single.fields.emplace_back(tidy_name(attribute(each, "name")), component_type(each, unit));
    } else if (const auto function = child(node, "functionItem")) {
        single.base = Base::function;
        single.item = type_ref(attribute(function, "outputTypeRef"), unit, element_of(node));
    } else if (const auto ref = child(node, "typeRef")) {
        if (const ItemType* other = type_ref(text_of(ref), unit, element_of(node))) single = *other;
    }
    if (node.attribute("isCollection").as_bool()) {
        impl_.types.push_back(std::move(single));
        type.collection = true;
        type.base = Base::list;
        type.item = &impl_.types.back();
    } else {
        type = std::move(single);
    }
    type.name = own_name;
    add_tests(type, node);
}

const feel::Type& Reader::feel_type(const ItemType* type) {
    static const feel::Type any;
    if (type == nullptr || linking_.contains(type)) return any;  // a type inside of itself is not followed further
    auto& filled = const_cast<ItemType&>(*type);
    if (linked_.contains(type)) return filled.feel;
    linking_.insert(type);
    if (type->collection) {
        filled.feel = feel::Type{};
        filled.feel.item = std::make_shared<const feel::Type>(feel_type(type->item));
    } else if (!type->fields.empty()) {
        filled.feel = feel::Type{};
        for (const auto& [name, field] : type->fields) filled.feel.fields[name] = std::make_shared<const feel::Type>(feel_type(field));
    }
    linking_.erase(type);
    linked_.insert(type);
    return filled.feel;
}

void Reader::check_type(const Text& text, const ItemType* wanted) {
    if (!text.code || wanted == nullptr || wanted->collection) return;
    const std::string& found = text.code->type().simple;
    const auto known = std::find_if(std::begin(kBuiltIns), std::end(kBuiltIns), [&](const BuiltIn& b) { return b.feel == found; });
    const bool scalar = known != std::end(kBuiltIns) && known->base != Base::any && !text.code->type().item && text.code->type().fields.empty();
    const bool wants = wanted->base != Base::any;
    if (!scalar || !wants || known->base == wanted->base) return;
    if (known->base == Base::date && wanted->base == Base::date_time) return;
    report("dmn.type", "the expression gives a " + found + " where a " + type_name(wanted) + " is declared", text.id);
}

void Reader::link_types(Source& source) {
    auto types = std::make_shared<std::map<std::string, feel::Type>>();
    for (const auto& [name, type] : source.unit->types) types->emplace(name, feel_type(type));
    source.types = std::move(types);
}

}  // namespace kiepe::dmn
