#pragma once
// The parts of check_package. Each looks at one question that a designer can get wrong.
#include <map>
#include <optional>
#include <set>
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

    static constexpr const char* kModel = "decision.dmn";
    /// The line in the model's file at which an element stands, by its id or else its name.
    int model_line(const std::string& element) const;
};

/// Global names of everything the form asks, derives or looks up, in file order.
std::vector<std::string> form_names_of(const Form& form);
/// True where `name` is one of them, a part of one or above one; "person.x" counts for "persons.x".
bool form_knows(const Form& form, std::string_view name);

/// True where reading `used` reads `name`: the same, a part of it, or something around it.
bool touches(std::string_view used, std::string_view name);
/// The words of a FEEL text: "some p in persons satisfies p.age < 18" -> some, p, in, persons, satisfies, age.
std::set<std::string> words_of(std::string_view text);
/// True where the text cites a law: "§ 17", "Art. 9".
bool cites_law(std::string_view text);

void check_form(Checking& c);
void check_service(Checking& c);
void check_model(Checking& c);
void check_tables(Checking& c, std::optional<Day> today);
void check_needs(Checking& c);
void check_protected(Checking& c);
void check_nearest(Checking& c);
void check_texts(Checking& c);
void check_letters(Checking& c);
void check_law(Checking& c, Day today);

}  // namespace kiepe::catalogue
