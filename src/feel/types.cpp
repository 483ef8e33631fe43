// Types: reading them and asking whether a value is of one (DMN 1.5 section 10.3.2.9).
#include <algorithm>

#include "base/text.h"
#include "feel/node.h"
#include "feel/scanner.h"

namespace kiepe::feel {

using namespace detail;

namespace {

bool simple_conforms(const Value& value, const std::string& simple) {
    if (simple == "Any" || simple.empty()) return true;
    if (simple == "Null") return value.is_null();
    return simple == kind_name(value.kind()) ||
           (value.kind() == Kind::date_time && (simple == "dateTime" || simple == "date_and_time")) ||
           (value.kind() == Kind::days_time_duration && simple == "dayTimeDuration") ||
           (value.kind() == Kind::years_months_duration && simple == "yearMonthDuration");
}

bool type_conforms(const Type& given, const Type& wanted);

bool same_or_any(const std::shared_ptr<const Type>& given, const std::shared_ptr<const Type>& wanted) {
    if (!wanted || wanted->simple == "Any") return true;
    return given != nullptr && type_conforms(*given, *wanted);
}

/// 10.3.2.9.2: a function conforms where it takes at least what is wanted and gives no more than that.
bool function_type_conforms(const Type& given, const Type& wanted) {
    if (wanted.parameters.size() != given.parameters.size()) return false;
    for (std::size_t i = 0; i < wanted.parameters.size(); ++i) {
        if (!same_or_any(wanted.parameters[i], given.parameters[i])) return false;
    }
    return same_or_any(given.result, wanted.result);
}

bool is_any(const Type& t) {
    return t.simple == "Any" && t.fields.empty() && !t.item && !t.range_of && !t.result && t.parameters.empty();
}

bool type_conforms(const Type& given, const Type& wanted) {
    if (is_any(wanted)) return true;
    if (wanted.item) return given.item && type_conforms(*given.item, *wanted.item);
    if (wanted.range_of) return given.range_of && type_conforms(*given.range_of, *wanted.range_of);
    if (wanted.simple == "function") return given.simple == "function" && function_type_conforms(given, wanted);
    if (!wanted.fields.empty()) {
        return std::all_of(wanted.fields.begin(), wanted.fields.end(), [&](const auto& field) {
            const auto found = given.fields.find(field.first);
            return found != given.fields.end() && type_conforms(*found->second, *field.second);
        });
    }
    return given.simple == wanted.simple && !given.item && given.fields.empty();
}

bool function_conforms(const FunctionObject& f, const Type& wanted) {
    if (wanted.parameters.empty() && !wanted.result) return true;  // any function
    Type given = f.type;
    given.simple = "function";
    given.parameters.clear();
    for (std::size_t i = 0; i < f.parameters.size(); ++i) {
        given.parameters.push_back(std::make_shared<Type>(i < f.types.size() ? f.types[i] : Type{}));
    }
    return function_type_conforms(given, wanted);
}

}  // namespace

bool conforms(const Value& value, const Type& type) {
    if (value.is_null()) return true;
    if (type.item) {
        if (value.kind() != Kind::list) return false;
        return std::all_of(items(value).begin(), items(value).end(), [&](const Value& v) { return conforms(v, *type.item); });
    }
    if (!type.fields.empty()) {
        if (value.kind() != Kind::context) return false;
        return std::all_of(type.fields.begin(), type.fields.end(), [&](const auto& field) {
            for (const auto& [name, entry_value] : entries(value)) {
                if (name == field.first) return conforms(entry_value, *field.second);
            }
            return false;
        });
    }
    if (type.range_of) {
        if (value.kind() != Kind::range) return false;
        return conforms(range(value).low, *type.range_of) && conforms(range(value).high, *type.range_of);
    }
    if (type.simple == "function") return value.kind() == Kind::function && function_conforms(detail::function(value), type);
    return simple_conforms(value, type.simple);
}

bool instance_of(const Value& value, const Type& type) {
    if (value.is_null()) return type.simple == "Null";
    return conforms(value, type);
}

Value coerce(const Value& value, const Type& type) {
    if (conforms(value, type)) return value;
    if (value.kind() == Kind::list && items(value).size() == 1 && !type.item && type.simple != "list") {
        return coerce(items(value).front(), type);
    }
    if (type.item && value.kind() != Kind::list) {
        Value item = coerce(value, *type.item);
        return item.is_null() ? Value{} : Value::list({std::move(item)});
    }
    if (value.kind() == Kind::date && (type.simple == "date and time" || type.simple == "dateTime")) {
        Clocked c;
        c.day = value.as_days();
        c.has_offset = true;
        return date_time_value(c);
    }
    return {};
}

namespace {

using TypePtr = std::shared_ptr<const Type>;

class TypeReader {
public:
    TypeReader(Scanner& in, const Names& names) : in_(in), names_(names) {}

    Type read() {
        if (++depth_ > 50) throw SyntaxError{"the type is nested too deeply", in_.at(), {}};
        Type type = read_one();
        --depth_;
        return type;
    }

private:
    TypePtr shared() { return std::make_shared<const Type>(read()); }

    Type read_one() {
        in_.skip();
        // Names of item definitions win over the built-in ones: the longest that stands here.
        const std::string* best = nullptr;
        const Type* found = nullptr;
        std::size_t best_end = 0;
        if (names_.types) {
            for (const auto& [name, type] : *names_.types) {
                const std::size_t end = in_.match_name(name);
                if (end > best_end) {
                    best = &name;
                    found = &type;
                    best_end = end;
                }
            }
        }
        static const std::vector<std::string> simple = {"Any", "Null", "number", "string", "boolean", "date", "time", "date and time",
            "days and time duration", "years and months duration", "list", "context", "range", "function", "dateTime",
            "dayTimeDuration", "yearMonthDuration"};
        for (const auto& name : simple) {
            const std::size_t end = in_.match_name(name);
            if (end > best_end) {
                best = &name;
                found = nullptr;
                best_end = end;
            }
        }
        if (best == nullptr) throw SyntaxError{"there is no such type", in_.at(), {}};
        const std::string name = *best;
        in_.go_to(best_end);
        if (found != nullptr) return *found;
        if (name == "list" && in_.take("<")) return list_of();
        if (name == "range" && in_.take("<")) {
            Type type{.simple = "range"};
            type.range_of = shared();
            in_.expect(">");
            return type;
        }
        if (name == "context" && in_.take("<")) return context_of();
        if (name == "function") return function_of();
        if (name == "dateTime") return {.simple = "date and time"};
        if (name == "dayTimeDuration") return {.simple = "days and time duration"};
        if (name == "yearMonthDuration") return {.simple = "years and months duration"};
        return {.simple = name};
    }

    Type list_of() {
        Type type{.simple = "list"};
        type.item = shared();
        in_.expect(">");
        return type;
    }

    Type context_of() {
        Type type{.simple = "context"};
        if (in_.take(">")) return type;
        do {
            const std::string name = in_.declared_name(":");
            in_.expect(":");
            type.fields[name] = shared();
        } while (in_.take(","));
        in_.expect(">");
        return type;
    }

    Type function_of() {
        Type type{.simple = "function"};
        if (!in_.take("<")) return type;
        if (!in_.take(">")) {
            do {
                type.parameters.push_back(shared());
            } while (in_.take(","));
            in_.expect(">");
        }
        in_.expect("->");
        type.result = shared();
        return type;
    }

    Scanner& in_;
    const Names& names_;
    int depth_ = 0;
};

}  // namespace

Type read_type(Scanner& in, const Names& names) { return TypeReader(in, names).read(); }

Result<Type> parse_type(std::string_view text, const Names& names) {
    Scanner in(text);
    try {
        Type type = read_type(in, names);
        in.skip();
        if (!in.at_end()) throw SyntaxError{"the type ends here", in.at(), {}};
        return type;
    } catch (const SyntaxError& e) {
        return error_of(e, text);
    }
}

}  // namespace kiepe::feel
