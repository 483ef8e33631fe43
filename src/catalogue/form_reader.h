#pragma once
// form.yaml to Form. Names are collected first, so that each expression is compiled against everything the form knows.
#include <functional>
#include <map>
#include <string>

#include "catalogue/form.h"
#include "catalogue/yaml.h"

namespace kiepe::catalogue {

/// `outside`: types of what the house adds (case, city, acts); the form's own names are added to them and left in Form::types.
/// `city_facts` etc. know nothing of the form; `case.previous` is typed here, since it holds the form's own old answers.
Form read_form(const Node& root, Report& report, feel::Names outside);

/// Types of the facts that the house adds to every case, without `previous`.
feel::Type case_type();
feel::Type city_type();
feel::Type address_type();
feel::Type type_for(QuestionType type);

/// Compiles the expression in a node; what is wrong is reported with the line inside the file. nullopt for an absent node.
std::optional<feel::Expression> compile_node(const Node* node, const feel::Names& names, Report& report);
std::optional<feel::Expression> compile_text(const std::string& text, int line, const feel::Names& names, Report& report);

feel::Type make_context(std::map<std::string, feel::Type> fields);
feel::Type make_list(feel::Type item);
feel::Type simple_type(std::string name);

}  // namespace kiepe::catalogue
