#pragma once
// The rules of a service as people read them: decisions from the result down to the answers, tables in words, values of the law; and the
// path that one case took through them. Pure: no I/O.
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.h"
#include "dmn/outline.h"

namespace kiepe::rules {

/// How one decision was reached in a case.
struct Reached {
    feel::Value value;
    std::vector<int> rows;                   ///< rules of its table that matched, from 1
    std::vector<feel::Value> columns;        ///< values of the table's input columns
};
using CasePath = std::map<std::string, Reached>;   ///< by name of the decision

CasePath path_of(const std::vector<dmn::Step>& trace);

/// Decisions in the order in which somebody asks: the result, what it needs, what that needs ...; then those that the result does not need.
std::vector<const dmn::DecisionOutline*> from_the_result(const dmn::Outline& outline, const std::string& outcome);
/// Parameters of the service's acts that some expression of the model names, in the order of the law's files.
std::vector<std::pair<const catalogue::Act*, const catalogue::Parameter*>> parameters_named(const catalogue::Package& package, const catalogue::Law& law,
                                                                                             const dmn::Outline& outline);
/// What people call an input of the model: its label, the act's name, the question, else its name.
std::string input_label(const catalogue::Package& package, const catalogue::Law& law, const dmn::InputOutline& input, std::string_view language);
/// The model's file of a package as it is; nullptr where it has none.
const std::string* model_file(const std::map<std::string, std::string>& files);
/// Labels of inputs by name, for drawn().
std::map<std::string, std::string> drawing_labels(const catalogue::Package& package, const catalogue::Law& law, std::string_view language);

}  // namespace kiepe::rules
