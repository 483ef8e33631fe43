// DMN 1.5 section 10.3.4.10, context functions, and is() of 10.3.4.6.
#include <algorithm>

#include "feel/builtin.h"
#include "feel/session.h"

namespace kiepe::feel {

using namespace detail;

namespace {

/// A context is searched through from its beginning: the budget keeps large ones from taking for ever.
bool may_search(const Context& context) {
    Run* const run = current_run();
    return run == nullptr || run->spend(static_cast<std::int64_t>(context.size() / 16 + 1));
}

void put(Context& context, const std::string& key, const Value& value) {
    const auto found = std::find_if(context.begin(), context.end(), [&](const auto& e) { return e.first == key; });
    if (found == context.end()) context.emplace_back(key, value);
    else found->second = value;
}

Value get_value(Arguments& a) {
    if (a.kind(0) != Kind::context) return a.fail("the argument is no context");
    if (a.kind(1) == Kind::string) return a[0].get(text(a[1]));
    return a.fail("the key is no text");
}

Value get_entries(Arguments& a) {
    if (a.kind(0) != Kind::context) return a.fail("the argument is no context");
    List list;
    for (const auto& [name, value] : entries(a[0])) {
        list.push_back(Value::context({{"key", Value::string(name)}, {"value", value}}));
    }
    return Value::list(std::move(list));
}

Value context_of(Arguments& a) {
    List single;
    if (a.kind(0) == Kind::context) single.push_back(a[0]);
    else if (a.kind(0) != Kind::list) return a.fail("a list of entries is needed");
    Context context;
    for (const auto& entry : a.kind(0) == Kind::list ? items(a[0]) : single) {
        if (entry.kind() != Kind::context) return a.fail("an entry is no context");
        const Value key = entry.get("key");
        const auto& parts = entries(entry);
        const bool has_value = std::any_of(parts.begin(), parts.end(), [](const auto& e) { return e.first == "value"; });
        if (key.kind() != Kind::string || !has_value) return a.fail("an entry has no key or no value");
        if (!may_search(context)) return a.fail("there are too many entries");
        const bool twice = std::any_of(context.begin(), context.end(), [&](const auto& e) { return e.first == text(key); });
        if (twice) return a.fail("two entries have the same key");
        context.emplace_back(text(key), entry.get("value"));
    }
    return Value::context(std::move(context));
}

Value put_nested(Arguments& a, const Value& base, const List& keys, std::size_t at, const Value& value) {
    if (keys[at].kind() != Kind::string) return a.fail("a key is no text");
    if (base.kind() != Kind::context) return a.fail("there is no context on the way");
    if (!may_search(entries(base))) return a.fail("there are too many entries");
    Context context = entries(base);
    if (at + 1 == keys.size()) {
        put(context, text(keys[at]), value);
    } else {
        Value inner = put_nested(a, base.get(text(keys[at])), keys, at + 1, value);
        if (inner.is_null()) return {};
        put(context, text(keys[at]), inner);
    }
    return Value::context(std::move(context));
}

Value context_put(Arguments& a) {
    if (a.kind(0) != Kind::context) return a.fail("the argument is no context");
    // The named form `keys` leaves `key` out: (context, key, value, keys)
    const Value& key = a.count == 4 ? a[3] : a[1];
    List keys;
    if (key.kind() == Kind::list) keys = items(key);
    else keys = {key};
    if (keys.empty()) return a.fail("there is no key");
    return put_nested(a, a[0], keys, 0, a[2]);
}

Value context_merge(Arguments& a) {
    List single;
    if (a.kind(0) == Kind::context) single.push_back(a[0]);
    else if (a.kind(0) != Kind::list) return a.fail("a list of contexts is needed");
    Context merged;
    for (const auto& context : a.kind(0) == Kind::list ? items(a[0]) : single) {
        if (context.kind() != Kind::context) return a.fail("an item is no context");
        for (const auto& [name, value] : entries(context)) {
            if (!may_search(merged)) return a.fail("there are too many entries");
            put(merged, name, value);
        }
    }
    return Value::context(std::move(merged));
}

/// The same element of the semantic domain: of one kind, and for times also with the same offset or zone.
Value is(Arguments& a) {
    if (a[0].kind() != a[1].kind()) return Value::boolean(false);
    if (a.kind(0) == Kind::time || a.kind(0) == Kind::date_time) {
        const Clocked& x = clocked(a[0]);
        const Clocked& y = clocked(a[1]);
        const bool same_zone = (x.zone == nullptr) == (y.zone == nullptr) && (x.zone == nullptr || x.zone->name == y.zone->name);
        return Value::boolean(x.day == y.day && x.nanos == y.nanos && x.has_offset == y.has_offset && x.offset == y.offset && same_zone);
    }
    return Value::boolean(equal(a[0], a[1]).value_or(false));
}

}  // namespace

std::vector<Builtin> context_builtins() {
    return {
        {"get value", "m,key;context,key", 2, 2, get_value, "Any"},
        {"get entries", "m;context", 1, 1, get_entries, "Any"},
        {"context", "entries", 1, 1, context_of, "context"},
        {"context put", "context,key,value;context,,value,keys", 3, 4, context_put, "context"},
        {"context merge", "contexts", 1, 1, context_merge, "context"},
        {"is", "value1,value2", 2, 2, is, "boolean"},
    };
}

}  // namespace kiepe::feel
