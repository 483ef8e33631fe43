#pragma once
// The parts of check_package. Each looks at one question that a designer can get wrong.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catalogue/catalogue.h"
#include "catalogue/report.h"
#include "catalogue/yaml.h"

namespace kiepe::catalogue {

struct Checking {
    const Package& package;
    const Catalogue& catalogue;
    std::vector<Finding>& findings;
    std::map<std::string, std::optional<Node>> trees = {};   ///< yaml files, parsed again for the lines

    Report report(const std::string& path) const;
    /// The line of a key path in a yaml file ("reasons", "too_long"), 1 where there is none.
    int line(const std::string& path, const std::vector<std::string>& keys);
    void error(const std::string& path, const std::vector<std::string>& keys, std::string code, Args args = {});
    void warn(const std::string& path, const std::vector<std::string>& keys, std::string code, Args args = {});
};

/// Global names of everything the form asks, derives or looks up, in file order.
std::vector<std::string> form_names_of(const Form& form);
/// True where `name` is one of them, a part of one or above one; "person.x" counts for "persons.x".
bool form_knows(const Form& form, std::string_view name);

void check_form(Checking& c);
void check_service(Checking& c);
void check_model(Checking& c);
void check_nearest(Checking& c);
void check_texts(Checking& c);
void check_letters(Checking& c);
void check_law(Checking& c, Day today);

}  // namespace kiepe::catalogue
