#include <algorithm>
#include <cstring>

#include "feel/builtin.h"
#include "feel/node.h"

namespace kiepe::feel {

using namespace detail;

Value Node::fail(const Frame& f, std::string message) const {
    if (f.run->errors != nullptr && f.run->errors->size() < 100) f.run->errors->push_back({std::move(message), begin, {}});
    return {};
}

Value Node::traced(Frame& f) const {
    if (is_constant() || !f.run->spend(1)) return run(f);
    Step* const above = f.run->trace;
    Step step;
    step.text = f.code->text.substr(begin, end - begin);
    f.run->trace = &step;
    step.value = run(f);
    f.run->trace = above;
    Value result = step.value;
    above->parts.push_back(std::move(step));
    return result;
}

namespace {

/// Names are short: to call memcmp would take longer than to compare them.
inline bool same_name(const std::string& a, const std::string& b) {
    const std::size_t size = a.size();
    if (size != b.size()) return false;
    const char* p = a.data();
    const char* q = b.data();
    const auto differ = [&](std::size_t at) {  // eight characters from there
        std::uint64_t x, y;
        std::memcpy(&x, p + at, 8);
        std::memcpy(&y, q + at, 8);
        return x != y;
    };
    if (size < 8) return std::equal(p, p + size, q, [](char x, char y) { return x == y; });
    for (std::size_t at = 0; at + 8 < size; at += 8) {
        if (differ(at)) return false;
    }
    return !differ(size - 8);
}

/// The entry's value; `hint` remembers where it was found last.
const Value* entry(const Context& context, const std::string& name, std::atomic<std::uint32_t>& hint) {
    const std::uint32_t guess = hint.load(std::memory_order_relaxed);
    if (guess < context.size() && same_name(context[guess].first, name)) return &context[guess].second;
    for (std::size_t i = 0; i < context.size(); ++i) {
        if (same_name(context[i].first, name)) {
            hint.store(static_cast<std::uint32_t>(i), std::memory_order_relaxed);
            return &context[i].second;
        }
    }
    return nullptr;
}

}  // namespace

Value Outer::run(Frame& f) const {
    if (f.places != nullptr) return place != kNoPlace ? f.places[place] : fail(f, "there is no " + name);
    if (f.context->kind() != Kind::context) return fail(f, "there is no " + name);
    const Value* found = entry(entries(*f.context), name, hint);
    return found != nullptr ? *found : fail(f, "there is no " + name);
}

const Value* Outer::peek(Frame& f) const {
    if (f.places != nullptr) return place != kNoPlace ? &f.places[place] : nullptr;
    return f.context->kind() == Kind::context ? entry(entries(*f.context), name, hint) : nullptr;
}

const Value* Path::peek(Frame& f) const {
    const Value* there = object.constant() != nullptr ? object.constant() : object->peek(f);
    return there != nullptr && there->kind() == Kind::context ? entry(entries(*there), name, hint) : nullptr;
}

Decimal Outer::number(Frame& f, Value& other) const {
    if (const Value* there = peek(f)) return number_of(*there, other);
    return Node::number(f, other);
}

Decimal Path::number(Frame& f, Value& other) const {
    if (const Value* there = peek(f)) return number_of(*there, other);
    return Node::number(f, other);
}

Value ItemName::run(Frame& f) const {
    const Value& item = f.slots[slot];
    if (item.kind() == Kind::context) {
        for (const auto& [key, value] : entries(item)) {
            if (key == name) return value;
        }
    }
    return outside != nullptr ? outside->eval(f) : Value{};
}

Value Path::run(Frame& f) const {
    Value room;
    const Value& value = object.get(f, room);
    if (value.kind() == Kind::context) {
        const Value* found = entry(entries(value), name, hint);
        return found != nullptr ? *found : fail(f, "the context has no entry " + name);
    }
    Value result = path(value, name);
    if (result.is_null()) return fail(f, std::string("there is no ") + name + " of " + kind_name(value.kind()));
    if (result.kind() == Kind::list) f.run->spend(static_cast<std::int64_t>(items(result).size()));
    return result;
}

Value Filter::run(Frame& f) const {
    Value room;
    // A copy (that is, a share): the condition could overwrite the slot in which the list stands.
    const Value source = list.get(f, room);
    const bool is_list = source.kind() == Kind::list;
    // 10.3.2.5: a value that is no list is a list of one; null has nothing to filter.
    const Value* begin_item = is_list ? items(source).data() : &source;
    const std::size_t count = is_list ? items(source).size() : (source.is_null() ? 0 : 1);
    const auto at = [&](const Value& index) -> Value {
        const auto n = index.number_bits().to_int();
        if (!n) return fail(f, "the index is no whole number");
        const auto size = static_cast<std::int64_t>(count);
        const std::int64_t place = *n > 0 ? *n - 1 : size + *n;
        if (*n == 0 || place < 0 || place >= size) return fail(f, "the index is outside of the list");
        return begin_item[place];
    };
    if (!per_item) {
        const Value c = condition->eval(f);
        if (c.is_number()) return at(c);
        if (c.is_true()) return is_list ? source : Value::list(List(begin_item, begin_item + count));
        if (!c.is_false() && !c.is_null()) return fail(f, "a filter must be a boolean or an index");
        return Value::list({});
    }
    List kept;
    if (!f.run->spend(static_cast<std::int64_t>(count))) return fail(f, "the evaluation takes too long");
    if (count == 0) {
        f.slots[item_slot] = Value{};
        const Value c = condition->eval(f);
        return c.is_number() ? Value{} : Value::list({});
    }
    for (std::size_t i = 0; i < count; ++i) {
        f.slots[item_slot] = begin_item[i];
        const Value c = condition->eval(f);
        if (c.is_true()) kept.push_back(begin_item[i]);
        else if (c.is_number()) return at(c);
    }
    return Value::list(std::move(kept));
}

Value ListLiteral::run(Frame& f) const {
    List list;
    list.reserve(items.size());
    for (const auto& item : items) list.push_back(item->eval(f));
    f.run->spend(static_cast<std::int64_t>(items.size()));
    return Value::list(std::move(list));
}

Value ContextLiteral::run(Frame& f) const {
    Context context;
    context.reserve(entries.size());
    for (const auto& entry_node : entries) {
        Value value = entry_node.value->eval(f);
        f.slots[entry_node.slot] = value;
        context.emplace_back(entry_node.name, std::move(value));
    }
    return Value::context(std::move(context));
}

Value EntryOf::run(Frame& f) const {
    if (f.run->trace != nullptr) return whole->run(f);
    for (const auto& entry_node : literal.entries) f.slots[entry_node.slot] = entry_node.value->eval(f);
    return f.slots[slot];
}

Value RangeLiteral::run(Frame& f) const {
    Range r;
    r.form = form;
    r.low_included = low_included;
    r.high_included = high_included;
    if (low) r.low = low->eval(f);
    if (high) r.high = high->eval(f);
    using Form = Range::Form;
    if (form == Form::interval) {
        if (!r.low.is_null() && !r.high.is_null() && !order(r.low, r.high)) return fail(f, "the ends of the range are of different types");
    }
    return range_value(std::move(r));
}

Value InstanceOf::run(Frame& f) const { return Value::boolean(instance_of(value->eval(f), type)); }

Value FunctionLiteral::run(Frame& f) const {
    auto* made = new FunctionObject;
    Value function = Value::of(Kind::function, made);
    made->parameters = parameters;
    made->types = types;
    made->type.simple = "function";
    made->type.result = result;
    made->least = made->most = parameters.size();
    made->body = [this, code = f.code->shared_from_this(), context = *f.context,
                  captured = std::vector<Value>(f.slots, f.slots + first_slot)](const Value* arguments, std::size_t count, std::string&) {
        std::vector<Value> slots(code->slots);
        std::copy(captured.begin(), captured.end(), slots.begin());
        std::copy(arguments, arguments + count, slots.begin() + static_cast<std::ptrdiff_t>(first_slot));
        Frame inner{&context, slots.data(), slots.size(), current_run(), code.get()};
        return body->eval(inner);
    };
    return function;
}

namespace {

/// Room for a call's arguments without allocation in the usual case.
class ArgumentList {
public:
    explicit ArgumentList(std::size_t n) : size_(n) {
        if (n > inline_.size()) more_.resize(n);
    }
    Value* data() { return more_.empty() ? inline_.data() : more_.data(); }
    std::size_t size() const { return size_; }

private:
    std::array<Value, 4> inline_;
    std::vector<Value> more_;
    std::size_t size_;
};

}  // namespace

Value BuiltinCall::run(Frame& f) const {
    const Nodes& given = spread != nullptr && f.run->trace == nullptr ? spread->items : arguments;
    ArgumentList values(given.size());
    for (std::size_t i = 0; i < given.size(); ++i) {
        if (!given[i]) continue;
        Value& value = values.data()[i];
        value = given[i]->eval(f);
        if (builtin->scalar && value.kind() == Kind::list && items(value).size() == 1) value = Value(items(value).front());
    }
    Arguments call_arguments{values.data(), values.size()};
    Value result = builtin->body(call_arguments);
    if (result.is_null() && !call_arguments.error.empty()) return fail(f, std::string(builtin->name) + ": " + call_arguments.error);
    if (result.kind() == Kind::list && !f.run->spend(static_cast<std::int64_t>(items(result).size()))) {
        return fail(f, "the evaluation needs too much memory");
    }
    if (result.kind() == Kind::string && !f.run->spend(static_cast<std::int64_t>(detail::text(result).size() / 16))) {
        return fail(f, "the evaluation needs too much memory");
    }
    return result;
}

Value Call::run(Frame& f) const {
    Value room;
    const Value* const there = f.run->trace == nullptr ? function->peek(f) : nullptr;
    if (there == nullptr) room = function->eval(f);
    const Value& callee = there != nullptr ? *there : room;
    if (callee.kind() != Kind::function) return fail(f, std::string(kind_name(callee.kind())) + " is no function");
    const FunctionObject& object = detail::function(callee);
    ArgumentList values(names.empty() ? arguments.size() : object.parameters.size());
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::size_t place = i;
        if (!names.empty()) {
            const auto found = std::find(object.parameters.begin(), object.parameters.end(), names[i]);
            if (found == object.parameters.end()) return fail(f, "the function has no parameter " + names[i]);
            place = static_cast<std::size_t>(found - object.parameters.begin());
        }
        values.data()[place] = arguments[i]->eval(f);
    }
    if (!names.empty() && names.size() < object.least) return fail(f, "the call does not name every parameter");
    std::string error;
    Value result = invoke(callee, values.data(), values.size(), &error);
    return result.is_null() && !error.empty() ? fail(f, error) : result;
}

}  // namespace kiepe::feel
