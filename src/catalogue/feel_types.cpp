#include <charconv>

#include "base/text.h"
#include "catalogue/form_reader.h"

namespace kiepe::catalogue {

feel::Type simple_type(std::string name) {
    feel::Type type;
    type.simple = std::move(name);
    return type;
}

feel::Type make_context(std::map<std::string, feel::Type> fields) {
    feel::Type type;
    type.simple = "context";
    for (auto& [name, field] : fields) type.fields[name] = std::make_shared<const feel::Type>(std::move(field));
    return type;
}

feel::Type make_list(feel::Type item) {
    feel::Type type;
    type.simple = "list";
    type.item = std::make_shared<const feel::Type>(std::move(item));
    return type;
}

feel::Type address_type() {
    const auto text = simple_type("string");
    const auto number = simple_type("number");
    return make_context({{"street", text}, {"number", text}, {"postcode", text}, {"place", text}, {"ags", text}, {"district", text},
                         {"x", number}, {"y", number}});
}

feel::Type case_type() {
    return make_context({{"received", simple_type("date")}, {"month", simple_type("date")}, {"renewal", simple_type("boolean")},
                         {"channel", simple_type("string")}});
}

feel::Type city_type() { return make_context({{"ags", simple_type("string")}, {"name", simple_type("string")}}); }

feel::Type type_for(QuestionType type) {
    switch (type) {
        case QuestionType::yes_no:
        case QuestionType::confirm: return simple_type("boolean");
        case QuestionType::number:
        case QuestionType::money: return simple_type("number");
        case QuestionType::date:
        case QuestionType::month: return simple_type("date");
        case QuestionType::choices: return make_list(simple_type("string"));
        case QuestionType::address: return address_type();
        case QuestionType::file: return make_list(feel::Type{});
        default: return simple_type("string");
    }
}

namespace {

/// "line:column" inside an expression to the line in the file.
int line_in_file(int first, std::string_view where) {
    int line = 1;
    std::from_chars(where.data(), where.data() + where.size(), line);
    return first + (line > 1 ? line - 1 : 0);
}

}  // namespace

std::optional<feel::Expression> compile_text(const std::string& text, int line, const feel::Names& names, Report& report) {
    auto compiled = feel::compile(text, names);
    if (compiled) return std::move(compiled).value();
    const Error& error = compiled.error();
    std::string hint;
    for (const auto& [name, value] : error.args)
        if (name == "hint") hint = value;
    report.error(line_in_file(line, error.where), "package_feel",
                 {{"expression", text}, {"message", error.detail.empty() ? error.code : error.detail}, {"hint", hint}});
    return std::nullopt;
}

std::optional<feel::Expression> compile_node(const Node* node, const feel::Names& names, Report& report) {
    if (!node || node->kind == Node::Kind::null) return std::nullopt;
    if (node->kind != Node::Kind::scalar) {
        report.error(node->line, "package_feel_needs_quotes");
        return std::nullopt;
    }
    return compile_text(std::string(trim(node->text)), node->line, names, report);
}

}  // namespace kiepe::catalogue
