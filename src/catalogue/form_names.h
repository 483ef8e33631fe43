#pragma once
// The names and types of a form, collected before any expression is compiled.
#include <map>
#include <string>
#include <vector>

#include "catalogue/form_reader.h"

namespace kiepe::catalogue {

/// A tree of names: contexts by dots, lists where pages add entries.
struct NameTree {
    std::map<std::string, NameTree> fields;
    bool list = false;
    bool leaf = false;
    feel::Type type;

    NameTree& at(const std::vector<std::string>& path);
    const NameTree* find(const std::vector<std::string>& path) const;
    /// The type of one entry where this is a list, else of the value.
    feel::Type entry_type() const;
    feel::Type value_type() const;
};

/// Variables of pages: "person" -> {"persons"}, "income" -> {"persons", "incomes"}.
using Variables = std::map<std::string, std::vector<std::string>>;

struct FormNames {
    NameTree tree;
    Variables variables;
};

FormNames collect_names(const Node& pages, Report& report);
QuestionType question_type(std::string_view name);
const std::vector<std::string>& question_type_names();
/// "person in persons" / "persons as person" -> {"person", "persons"}; empty where it is neither.
std::pair<std::string, std::string> split_for(std::string_view text, std::string_view word);
bool is_name(std::string_view text);

}  // namespace kiepe::catalogue
