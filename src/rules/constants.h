#pragma once
// The limits that rules compare with: what is written in a package's rules and what the law sets. Only inside this room.
#include <set>
#include <string>
#include <vector>

#include "catalogue/catalogue.h"

namespace kiepe::rules {

struct Constants {
    std::vector<Decimal> numbers;      ///< ascending, each once
    std::vector<std::string> texts;    ///< quoted in rules and letters, sorted, each once
    std::set<std::string> words;       ///< every name that the model, conditions of form and letters, or the service's rules read
};

/// Of the model, the form, the service's own rules and its letters; numbers also of the acts as they are on `day`.
Constants constants_of(const catalogue::Package& package, const catalogue::Law& law, Day day);
/// The names in one expression ("person", "incomes", "amount").
std::set<std::string> words_of(std::string_view feel);

}  // namespace kiepe::rules
