#include <unordered_map>

#include "base/text.h"
#include "feel/builtin.h"

namespace kiepe::feel {

namespace {

struct Table {
    std::vector<Builtin> entries;
    std::vector<const Builtin*> all;
    std::unordered_map<std::string_view, const Builtin*> by_name;
};

const Table& table() {
    static const Table made = [] {
        Table t;
        for (auto part : {number_builtins, text_builtins, time_builtins}) {
            for (auto builtin : part()) {
                const std::string_view name = builtin.name;
                builtin.scalar = name != "string" && name != "string join";
                t.entries.push_back(builtin);
            }
        }
        for (auto part : {list_builtins, range_builtins, context_builtins}) {
            for (const auto& builtin : part()) t.entries.push_back(builtin);
        }
        for (const auto& builtin : t.entries) {
            t.all.push_back(&builtin);
            t.by_name.emplace(builtin.name, &builtin);
        }
        return t;
    }();
    return made;
}

}  // namespace

const Builtin* find_builtin(std::string_view name) {
    const auto found = table().by_name.find(name);
    return found == table().by_name.end() ? nullptr : found->second;
}

const std::vector<const Builtin*>& all_builtins() { return table().all; }

std::vector<std::vector<std::string>> forms_of(const Builtin& builtin) {
    std::vector<std::vector<std::string>> forms;
    for (const auto& form : split(builtin.parameters, ';')) {
        std::vector<std::string> names;
        for (const auto& name : split(form, ',')) names.emplace_back(trim(name));
        forms.push_back(std::move(names));
    }
    return forms;
}

Value builtin_value(const Builtin& builtin) {
    auto* made = new detail::FunctionObject;
    Value function = Value::of(Kind::function, made);
    made->parameters = forms_of(builtin).front();
    made->least = builtin.least;
    made->most = builtin.most;
    made->type = Type{.simple = "function"};
    made->body = [&builtin](const Value* values, std::size_t count, std::string& error) {
        Arguments arguments{values, count};
        Value result = builtin.body(arguments);
        error = std::move(arguments.error);
        return result;
    };
    return function;
}

}  // namespace kiepe::feel
