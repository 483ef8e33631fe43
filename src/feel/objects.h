#pragma once
// What stands behind a Value that does not fit into 16 bytes. Only the room's own .cpp files include this.
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "feel/calendar.h"
#include "feel/feel.h"
#include "feel/value.h"

namespace kiepe::feel::detail {

struct Object {
    Object() = default;
    Object(const Object&) = delete;
    Object& operator=(const Object&) = delete;
    virtual ~Object() = default;
    mutable std::atomic<std::uint32_t> holders{1};
    mutable std::atomic<std::uint32_t> note{0};   // see Value::note
};

struct StringObject final : Object {
    explicit StringObject(std::string s) : text(std::move(s)) {}
    std::string text;
};
struct ListObject final : Object {
    explicit ListObject(List l) : items(std::move(l)) {}
    ~ListObject() override;
    List items;
};
struct ContextObject final : Object {
    explicit ContextObject(Context c) : entries(std::move(c)) {}
    ~ContextObject() override;
    Context entries;
};
struct ClockedObject final : Object {
    explicit ClockedObject(const Clocked& c) : clocked(c) {}
    Clocked clocked;
};

/// `[1..5)`, `< 10`, `(= 3)`: DMN 1.5 section 10.3.2.7. An end that is null is open to that side.
struct Range {
    enum class Form { interval, less, less_equal, greater, greater_equal, equals, differs };
    Form form = Form::interval;
    Value low, high;
    bool low_included = false, high_included = false;
};
struct RangeObject final : Object {
    explicit RangeObject(Range r) : range(std::move(r)) {}
    Range range;
};

struct FunctionObject : Object {
    std::vector<std::string> parameters;
    std::vector<Type> types;                 // of the parameters, where declared; else empty
    Type type;                               // of the whole function, "Any" where not known
    std::size_t least = 0, most = 0;         // arguments by position
    std::function<Value(const Value* arguments, std::size_t count, std::string& error)> body;
    NativeBody native = nullptr;             // instead of the body
    std::uint64_t tag = 0;
};

inline const Clocked& clocked(const Value& v) { return static_cast<const ClockedObject*>(v.object())->clocked; }
inline const Range& range(const Value& v) { return static_cast<const RangeObject*>(v.object())->range; }
inline const FunctionObject& function(const Value& v) { return *static_cast<const FunctionObject*>(v.object()); }
inline const List& items(const Value& v) { return static_cast<const ListObject*>(v.object())->items; }
inline const Context& entries(const Value& v) { return static_cast<const ContextObject*>(v.object())->entries; }
inline const std::string& text(const Value& v) { return static_cast<const StringObject*>(v.object())->text; }

Value time_value(const Clocked& c);
Value date_time_value(const Clocked& c);
Value range_value(Range r);

}  // namespace kiepe::feel::detail
