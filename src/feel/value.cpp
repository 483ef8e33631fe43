#include "feel/value.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <stdexcept>

#include "feel/objects.h"

namespace kiepe::feel {

namespace detail {

void retain(Object* object) { object->holders.fetch_add(1, std::memory_order_relaxed); }

void release(Object* object) {
    if (object->holders.fetch_sub(1, std::memory_order_acq_rel) == 1) delete object;
}

namespace {

/// Takes the last holder's nested values out, so that a list nested a million deep is freed in a loop and not by recursion.
void free_nested(std::vector<Value>& pending) {
    while (!pending.empty()) {
        Value v = std::move(pending.back());
        pending.pop_back();
        if (v.kind() != Kind::list && v.kind() != Kind::context) continue;
        if (v.object()->holders.load(std::memory_order_acquire) != 1) continue;
        if (v.kind() == Kind::list) {
            auto& inner = static_cast<ListObject*>(v.object())->items;
            for (auto& item : inner) {
                if (item.kind() == Kind::list || item.kind() == Kind::context) pending.push_back(std::move(item));
            }
        } else {
            auto& inner = static_cast<ContextObject*>(v.object())->entries;
            for (auto& [name, item] : inner) {
                if (item.kind() == Kind::list || item.kind() == Kind::context) pending.push_back(std::move(item));
            }
        }
    }
}

bool is_nested(const Value& v) { return v.kind() == Kind::list || v.kind() == Kind::context; }

}  // namespace

ListObject::~ListObject() {
    if (std::none_of(items.begin(), items.end(), is_nested)) return;
    std::vector<Value> pending;
    for (auto& item : items) {
        if (is_nested(item)) pending.push_back(std::move(item));
    }
    free_nested(pending);
}

ContextObject::~ContextObject() {
    if (std::none_of(entries.begin(), entries.end(), [](const auto& e) { return is_nested(e.second); })) return;
    std::vector<Value> pending;
    for (auto& [name, item] : entries) {
        if (is_nested(item)) pending.push_back(std::move(item));
    }
    free_nested(pending);
}

Value time_value(const Clocked& c) { return Value::of(Kind::time, new ClockedObject(c)); }
Value date_time_value(const Clocked& c) { return Value::of(Kind::date_time, new ClockedObject(c)); }
Value range_value(Range r) { return Value::of(Kind::range, new RangeObject(std::move(r))); }

}  // namespace detail

using namespace detail;

Value Value::of(Kind kind, Object* adopted) {
    Value v;
    v.low_ = reinterpret_cast<std::uint64_t>(adopted);
    v.high_ = tag(kind) | kShared;
    return v;
}

Value Value::string(std::string s) { return of(Kind::string, new StringObject(std::move(s))); }
Value Value::list(List items) { return of(Kind::list, new ListObject(std::move(items))); }
Value Value::context(Context entries) { return of(Kind::context, new ContextObject(std::move(entries))); }
Value Value::date(Day day) { return days(day.time_since_epoch().count()); }

Value Value::days(std::int64_t days_since_epoch) {
    Value v;
    v.low_ = static_cast<std::uint64_t>(days_since_epoch);
    v.high_ = tag(Kind::date);
    return v;
}

Value Value::months_duration(std::int64_t months) {
    Value v;
    v.low_ = static_cast<std::uint64_t>(months);
    v.high_ = tag(Kind::years_months_duration);
    return v;
}

Value Value::seconds_duration(std::int64_t seconds, std::int32_t nanos) {
    Value v;
    v.low_ = static_cast<std::uint64_t>(seconds);
    v.high_ = tag(Kind::days_time_duration) | static_cast<std::uint32_t>(nanos);
    return v;
}

Value Value::time(std::string_view iso) {
    const auto parsed = parse_time(iso);
    return parsed ? time_value(*parsed) : Value{};
}

Value Value::date_time(std::string_view iso) {
    const auto parsed = parse_date_time(iso);
    return parsed ? date_time_value(*parsed) : Value{};
}

Value Value::duration(std::string_view iso) {
    const auto parsed = parse_duration(iso);
    if (!parsed) return {};
    return parsed->months ? months_duration(parsed->amount) : seconds_duration(parsed->amount, parsed->nanos);
}

void Value::must_be(Kind wanted) const {
    if (kind() != wanted) throw std::logic_error("a FEEL value was read as another kind than it is");
}

bool Value::as_boolean() const {
    must_be(Kind::boolean);
    return low_ == 1;
}
Decimal Value::as_number() const {
    must_be(Kind::number);
    return number_bits();
}
const std::string& Value::as_string() const {
    must_be(Kind::string);
    return detail::text(*this);
}
std::int64_t Value::as_days() const {
    must_be(Kind::date);
    return static_cast<std::int64_t>(low_);
}
Day Value::as_date() const { return Day{std::chrono::days{static_cast<int>(as_days())}}; }
std::int64_t Value::as_months() const {
    must_be(Kind::years_months_duration);
    return static_cast<std::int64_t>(low_);
}
std::int64_t Value::as_seconds() const {
    must_be(Kind::days_time_duration);
    return static_cast<std::int64_t>(low_);
}
std::int32_t Value::as_nanos() const {
    must_be(Kind::days_time_duration);
    return static_cast<std::int32_t>(high_ & 0xffffffffu);
}
const List& Value::as_list() const {
    must_be(Kind::list);
    return items(*this);
}
const Context& Value::as_context() const {
    must_be(Kind::context);
    return entries(*this);
}

std::uint32_t Value::note() const { return is_shared() ? object()->note.load(std::memory_order_relaxed) : 0; }
void Value::leave_note(std::uint32_t note) const {
    if (is_shared()) object()->note.store(note, std::memory_order_relaxed);
}

Value Value::get(std::string_view name) const {
    if (kind() != Kind::context) return {};
    for (const auto& [key, value] : entries(*this)) {
        if (key == name) return value;
    }
    return {};
}

namespace {

/// One step of a path: a name or, where the name is empty, a 1-based index.
struct PathStep {
    std::string name;
    std::size_t index = 0;
};

std::vector<PathStep> steps_of(std::string_view path) {
    std::vector<PathStep> steps;
    while (!path.empty()) {
        if (path.front() == '.') path.remove_prefix(1);
        if (!path.empty() && path.front() == '[') {
            const auto close = path.find(']');
            std::size_t index = 0;
            if (close != std::string_view::npos) std::from_chars(path.data() + 1, path.data() + close, index);
            steps.push_back({"", index});
            path = close == std::string_view::npos ? std::string_view{} : path.substr(close + 1);
            continue;
        }
        const auto end = path.find_first_of(".[");
        steps.push_back({std::string(path.substr(0, end)), 0});
        path = end == std::string_view::npos ? std::string_view{} : path.substr(end);
    }
    return steps;
}

Value step_into(const Value& value, const PathStep& step) {
    if (!step.name.empty()) return value.get(step.name);
    if (value.kind() != Kind::list || step.index < 1 || step.index > items(value).size()) return {};
    return items(value)[step.index - 1];
}

Value replaced(const Value& old, const std::vector<PathStep>& steps, std::size_t at, Value value) {
    if (at == steps.size()) return value;
    const PathStep& step = steps[at];
    if (step.name.empty()) {
        List list = old.kind() == Kind::list ? items(old) : List{};
        if (step.index < 1 || step.index > list.size() + 1) return old;
        if (step.index == list.size() + 1) list.emplace_back();
        list[step.index - 1] = replaced(list[step.index - 1], steps, at + 1, std::move(value));
        return Value::list(std::move(list));
    }
    Context context = old.kind() == Kind::context ? entries(old) : Context{};
    auto found = std::find_if(context.begin(), context.end(), [&](const auto& e) { return e.first == step.name; });
    if (found == context.end()) found = context.insert(context.end(), {step.name, Value{}});
    found->second = replaced(found->second, steps, at + 1, std::move(value));
    return Value::context(std::move(context));
}

Value removed(const Value& old, const std::vector<PathStep>& steps, std::size_t at) {
    const PathStep& step = steps[at];
    const bool last = at + 1 == steps.size();
    if (step.name.empty()) {
        if (old.kind() != Kind::list || step.index < 1 || step.index > items(old).size()) return old;
        List list = items(old);
        const auto place = list.begin() + static_cast<std::ptrdiff_t>(step.index - 1);
        if (last) list.erase(place);
        else *place = removed(*place, steps, at + 1);
        return Value::list(std::move(list));
    }
    if (old.kind() != Kind::context) return old;
    Context context = entries(old);
    const auto found = std::find_if(context.begin(), context.end(), [&](const auto& e) { return e.first == step.name; });
    if (found == context.end()) return old;
    if (last) context.erase(found);
    else found->second = removed(found->second, steps, at + 1);
    return Value::context(std::move(context));
}

}  // namespace

Value Value::at(std::string_view path) const {
    Value value = *this;
    for (const auto& step : steps_of(path)) value = step_into(value, step);
    return value;
}

Value Value::with(std::string_view path, Value value) const { return replaced(*this, steps_of(path), 0, std::move(value)); }

Value Value::without(std::string_view path) const {
    const auto steps = steps_of(path);
    return steps.empty() ? *this : removed(*this, steps, 0);
}

namespace {

void write(std::string& out, const Value& value, int depth);

void write_text(std::string& out, const std::string& text) {
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (c == '\n') out += "\\n";
        else out += c;
    }
    out += '"';
}

bool is_plain_key(const std::string& key) {
    return !key.empty() && key.find_first_of("\"\\{}[](),:;<>=!\n") == std::string::npos;
}

void write_range(std::string& out, const Range& r, int depth) {
    using Form = Range::Form;
    const auto end = [&](const Value& v) { v.is_null() ? void(out += "null") : write(out, v, depth + 1); };
    switch (r.form) {
        case Form::less: out += "< "; return end(r.high);
        case Form::less_equal: out += "<= "; return end(r.high);
        case Form::greater: out += "> "; return end(r.low);
        case Form::greater_equal: out += ">= "; return end(r.low);
        case Form::equals: out += "= "; return end(r.low);
        case Form::differs: out += "!= "; return end(r.low);
        case Form::interval: break;
    }
    out += r.low_included ? '[' : '(';
    end(r.low);
    out += "..";
    end(r.high);
    out += r.high_included ? ']' : ')';
}

void write_list(std::string& out, const List& list, int depth) {
    out += '[';
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (i != 0) out += ", ";
        write(out, list[i], depth + 1);
    }
    out += ']';
}

void write_context(std::string& out, const Context& context, int depth) {
    out += '{';
    for (std::size_t i = 0; i < context.size(); ++i) {
        if (i != 0) out += ", ";
        is_plain_key(context[i].first) ? void(out += context[i].first) : write_text(out, context[i].first);
        out += ": ";
        write(out, context[i].second, depth + 1);
    }
    out += '}';
}

void write(std::string& out, const Value& value, int depth) {
    constexpr std::size_t most = 64 << 20;  // shared parts are written as often as they occur: this must end
    if (depth > 500 || out.size() > most) {
        out += "...";
        return;
    }
    switch (value.kind()) {
        case Kind::null: out += "null"; break;
        case Kind::boolean: out += value.is_true() ? "true" : "false"; break;
        case Kind::number: out += value.number_bits().text(); break;
        case Kind::string: depth == 0 ? void(out += detail::text(value)) : write_text(out, detail::text(value)); break;
        case Kind::date: out += date_text(value.as_days()); break;
        case Kind::time: out += time_text(clocked(value)); break;
        case Kind::date_time: out += date_time_text(clocked(value)); break;
        case Kind::days_time_duration: out += seconds_text(value.as_seconds(), value.as_nanos()); break;
        case Kind::years_months_duration: out += months_text(value.as_months()); break;
        case Kind::list: write_list(out, items(value), depth); break;
        case Kind::context: write_context(out, entries(value), depth); break;
        case Kind::range: write_range(out, range(value), depth); break;
        case Kind::function: {
            out += "function(";
            bool first = true;
            for (const auto& parameter : function(value).parameters) {
                if (!first) out += ", ";
                out += parameter;
                first = false;
            }
            out += ')';
        }
    }
}

}  // namespace

std::string Value::text() const {
    std::string out;
    write(out, *this, 0);
    return out;
}

bool Value::operator==(const Value& other) const {
    if (kind() != other.kind()) return false;
    if (is_number()) return number_bits() == other.number_bits();
    if (low_ == other.low_ && high_ == other.high_) return true;
    switch (kind()) {
        case Kind::string: return detail::text(*this) == detail::text(other);
        case Kind::list: return items(*this) == items(other);
        case Kind::context: return entries(*this) == entries(other);
        case Kind::time:
        case Kind::date_time:
        case Kind::range: return text() == other.text();
        default: return false;
    }
}

}  // namespace kiepe::feel
