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

bool passes(const std::optional<feel::Expression>& test, const ColumnIndex* index, const Value& value) {
    if (!test) return true;
    if (index != nullptr) {
        if (const auto* bits = index->find(value)) return (*bits & 1) != 0;
    }
    return test->evaluate(Value::context({{"?", value}})).is_true();
}

/// Sets `changed` where the conforming value is another one, so that what already conforms (nearly everything) is never copied.
bool fit(const Value& value, const ItemType* type, bool lenient, std::optional<Value>& changed);

bool fit_list(const Value& value, const ItemType& type, bool lenient, std::optional<Value>& changed) {
    std::optional<Value> other;
    if (value.kind() != Kind::list) {  // to singleton list
        if (!fit(value, type.item, lenient, other)) return false;
        changed = Value::list({other ? *other : value});
        return true;
    }
    const feel::List& items = value.as_list();
    std::optional<feel::List> copy;
    for (std::size_t i = 0; i < items.size(); ++i) {
        other.reset();
        if (!fit(items[i], type.item, lenient, other)) return false;
        if (!other) continue;
        if (!copy) copy = items;
        (*copy)[i] = std::move(*other);
    }
    if (copy) changed = Value::list(std::move(*copy));
    return true;
}

bool fit_structure(const Value& value, const ItemType& type, bool lenient, std::optional<Value>& changed) {
    const feel::Context& entries = value.as_context();
    std::optional<feel::Context> copy;
    std::size_t place = 0;  // entries usually stand in the order of the type
    for (const auto& [name, field] : type.fields) {
        const auto expected = entries.begin() + static_cast<std::ptrdiff_t>(std::min(place++, entries.size()));
        const auto entry = expected != entries.end() && expected->first == name
            ? expected : std::find_if(entries.begin(), entries.end(), [&, n = &name](const auto& e) { return e.first == *n; });
        if (entry == entries.end()) {
            if (!lenient) return false;
            if (!copy) copy = entries;
            copy->emplace_back(name, Value());
            continue;
        }
        std::optional<Value> other;
        if (!fit(entry->second, field, lenient, other)) return false;
        if (!other) continue;
        if (!copy) copy = entries;
        (*copy)[static_cast<std::size_t>(entry - entries.begin())].second = std::move(*other);
    }
    if (copy) changed = Value::context(std::move(*copy));
    return true;
}

/// A date is the date and time at its midnight UTC where that is wanted.
std::optional<Value> convert(const Value& value, Base base) {
    if (base != Base::date_time || value.kind() != Kind::date) return std::nullopt;
    Value moment = Value::date_time(value.text() + "T00:00:00Z");
    if (moment.is_null()) return std::nullopt;
    return moment;
}

bool fit_single(const Value& value, const ItemType& type, bool lenient, std::optional<Value>& changed) {
    if (base_fits(type.base, value.kind())) return type.fields.empty() || fit_structure(value, type, lenient, changed);
    if (value.kind() == Kind::list && value.as_list().size() == 1) {  // from singleton list
        const Value& item = value.as_list().front();
        if (!fit(item, &type, lenient, changed)) return false;
        if (!changed) changed = item;
        return true;
    }
    changed = convert(value, type.base);
    return changed.has_value();
}

bool fit(const Value& value, const ItemType* type, bool lenient, std::optional<Value>& changed) {
    if (type == nullptr || value.is_null() || type->plain == value.kind()) return true;
    const bool large = value.kind() == Kind::list || value.kind() == Kind::context;
    if (large && type->number != 0 && value.note() == type->number) return true;  // it did before
    const bool conforms = type->collection ? fit_list(value, *type, lenient, changed) : fit_single(value, *type, lenient, changed);
    if (!conforms) return false;
    const Value& fitting = changed ? *changed : value;
    if (!passes(type->allowed, type->allowed_index.get(), fitting) || !passes(type->constraint, nullptr, fitting)) return false;
    if (large && !changed && type->number != 0) value.leave_note(type->number);
    return true;
}

}  // namespace

bool fits_closely(const Value& value, const ItemType& type, std::optional<Value>& changed, bool lenient) { return fit(value, &type, lenient, changed); }

std::optional<Kind> plain_kind(const ItemType& type) {
    if (type.collection || !type.fields.empty() || type.allowed || type.constraint) return std::nullopt;
    for (int kind = 0; kind <= static_cast<int>(Kind::function); ++kind) {
        if (type.base != Base::any && base_fits(type.base, static_cast<Kind>(kind))) return static_cast<Kind>(kind);
    }
    return std::nullopt;
}

std::optional<Value> conform(const Value& value, const ItemType* type, bool lenient) {
    std::optional<Value> changed;
    if (!fit(value, type, lenient, changed)) return std::nullopt;
    return changed ? std::move(changed) : value;
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
