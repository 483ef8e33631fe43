// Conformance of values to types (DMN 1.5 sections 7.3.2 and 10.3.2.9.4).
#include <algorithm>

#include "dmn/model.h"

namespace kiepe::dmn {
namespace {

using Base = ItemType::Base;
using feel::Kind;
using feel::Value;

bool base_fits(Base base, Kind kind) {
    switch (base) {
        case Base::any: return true;
        case Base::number: return kind == Kind::number;
        case Base::string: return kind == Kind::string;
        case Base::boolean: return kind == Kind::boolean;
        case Base::date: return kind == Kind::date;
        case Base::time: return kind == Kind::time;
        case Base::date_time: return kind == Kind::date_time;
        case Base::days_time_duration: return kind == Kind::days_time_duration;
        case Base::years_months_duration: return kind == Kind::years_months_duration;
        case Base::context: return kind == Kind::context;
        case Base::list: return kind == Kind::list;
        case Base::range: return kind == Kind::range;
        case Base::function: return kind == Kind::function;
    }
    return false;
}

bool passes(const std::optional<feel::Expression>& test, const Value& value) {
    return !test || test->evaluate(Value::context({{"?", value}})).is_true();
}

std::optional<Value> conform_list(const Value& value, const ItemType& type, bool lenient) {
    if (value.kind() != Kind::list) {  // to singleton list
        auto item = conform(value, type.item, lenient);
        if (!item) return std::nullopt;
        return Value::list({*item});
    }
    feel::List items;
    items.reserve(value.as_list().size());
    bool same = true;
    for (const Value& item : value.as_list()) {
        auto fitting = conform(item, type.item, lenient);
        if (!fitting) return std::nullopt;
        same = same && *fitting == item;
        items.push_back(std::move(*fitting));
    }
    return same ? value : Value::list(std::move(items));
}

std::optional<Value> conform_structure(const Value& value, const ItemType& type, bool lenient) {
    feel::Context entries = value.as_context();
    bool same = true;
    for (const auto& [name, field] : type.fields) {
        const auto entry = std::find_if(entries.begin(), entries.end(), [&, n = &name](const auto& e) { return e.first == *n; });
        if (entry == entries.end()) {
            if (!lenient) return std::nullopt;
            entries.emplace_back(name, Value());
            same = false;
            continue;
        }
        auto fitting = conform(entry->second, field, lenient);
        if (!fitting) return std::nullopt;
        same = same && *fitting == entry->second;
        entry->second = std::move(*fitting);
    }
    return same ? value : Value::context(std::move(entries));
}

/// A date is the date and time at its midnight UTC where that is wanted.
std::optional<Value> convert(const Value& value, Base base) {
    if (base != Base::date_time || value.kind() != Kind::date) return std::nullopt;
    Value moment = Value::date_time(value.text() + "T00:00:00Z");
    if (moment.is_null()) return std::nullopt;
    return moment;
}

std::optional<Value> conform_single(const Value& value, const ItemType& type, bool lenient) {
    if (base_fits(type.base, value.kind())) {
        auto fitting = type.fields.empty() ? std::optional(value) : conform_structure(value, type, lenient);
        return fitting;
    }
    if (value.kind() == Kind::list && value.as_list().size() == 1) return conform(value.as_list().front(), &type, lenient);
    return convert(value, type.base);
}

}  // namespace

std::optional<Value> conform(const Value& value, const ItemType* type, bool lenient) {
    if (type == nullptr || value.is_null()) return value;
    auto fitting = type->collection ? conform_list(value, *type, lenient) : conform_single(value, *type, lenient);
    if (fitting && (!passes(type->allowed, *fitting) || !passes(type->constraint, *fitting))) return std::nullopt;
    return fitting;
}

std::string kind_name(Kind kind) {
    switch (kind) {
        case Kind::null: return "null";
        case Kind::boolean: return "boolean";
        case Kind::number: return "number";
        case Kind::string: return "string";
        case Kind::date: return "date";
        case Kind::time: return "time";
        case Kind::date_time: return "date and time";
        case Kind::days_time_duration: return "days and time duration";
        case Kind::years_months_duration: return "years and months duration";
        case Kind::list: return "list";
        case Kind::context: return "context";
        case Kind::range: return "range";
        case Kind::function: return "function";
    }
    return "?";
}

std::string type_name(const ItemType* type) {
    if (type == nullptr) return "Any";
    if (!type->name.empty()) return type->allowed_text.empty() ? type->name : type->name + " (" + type->allowed_text + ")";
    if (type->collection) return "list of " + type_name(type->item);
    switch (type->base) {
        case Base::context: return "context";
        case Base::list: return "list";
        case Base::range: return "range";
        case Base::function: return "function";
        default: return type->feel.simple;
    }
}

std::string tidy_name(std::string_view name) {
    std::string tidy;
    for (const char c : name) {
        const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (!space) tidy += c;
        else if (!tidy.empty() && tidy.back() != ' ') tidy += ' ';
    }
    if (!tidy.empty() && tidy.back() == ' ') tidy.pop_back();
    return tidy;
}

std::string line_column(std::string_view text, std::size_t offset) {
    offset = std::min(offset, text.size());
    const auto before = text.substr(0, offset);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const auto start = before.rfind('\n');
    const auto column = start == std::string_view::npos ? offset + 1 : offset - start;
    return std::to_string(line) + ":" + std::to_string(column);
}

}  // namespace kiepe::dmn
