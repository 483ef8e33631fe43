#pragma once
// The table of built-in functions (DMN 1.5 section 10.3.4).
#include <string>
#include <string_view>
#include <vector>

#include "feel/feel.h"
#include "feel/objects.h"
#include "feel/operators.h"

namespace kiepe::feel {

/// A call in progress: arguments that a named call left out are null.
struct Arguments {
    const Value* values;
    std::size_t count;
    std::string error = {};

    const Value& operator[](std::size_t i) const { return values[i]; }
    bool has(std::size_t i) const { return i < count; }
    Kind kind(std::size_t i) const { return i < count ? values[i].kind() : Kind::null; }
    /// null, with the reason.
    Value fail(std::string reason) {
        error = std::move(reason);
        return {};
    }
};

struct Builtin {
    const char* name;
    /// Forms of the parameter list, ';' between forms, ',' between names: "from;year,month,day".
    const char* parameters;
    std::size_t least, most;       // arguments by position; most 0xffff: any number
    Value (*body)(Arguments& a);
    const char* result = "Any";    // type, "list" for lists of anything
    bool reads_clock = false;
    /// The parameters are no lists: a list of one is its item (10.3.2.9.4).
    bool scalar = false;
};

constexpr std::size_t kAny = 0xffff;

/// nullptr where there is none.
const Builtin* find_builtin(std::string_view name);
const std::vector<const Builtin*>& all_builtins();
/// The forms of a parameter list as names.
std::vector<std::vector<std::string>> forms_of(const Builtin& builtin);
/// The function as a value that can be handed on.
Value builtin_value(const Builtin& builtin);

// The parts of the table, each in its own file.
std::vector<Builtin> number_builtins();
std::vector<Builtin> text_builtins();
std::vector<Builtin> list_builtins();
std::vector<Builtin> time_builtins();
std::vector<Builtin> range_builtins();
std::vector<Builtin> context_builtins();

}  // namespace kiepe::feel
