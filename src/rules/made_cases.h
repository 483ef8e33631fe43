#pragma once
// Applications that nobody sent: made from a service's form, to try rules on many more situations than anybody would write down.
#include <cstdint>
#include <string>
#include <vector>

#include "casework/decider.h"
#include "catalogue/catalogue.h"

namespace kiepe::rules {

struct MadeOptions {
    std::uint64_t seed = 1;
    int count = 1000;
    Day received{};                 ///< day of the applications
};

/// Complete applications that the form accepts (nothing missing, no check failed), spread over its choices, over the ranges of its numbers
/// with the limits that rules and law compare with, and over its addresses; every paper is handed in. Deterministic: the same package, law,
/// city and options give the same list on every machine. Fewer than `count` where the form accepts too little of what is tried.
std::vector<casework::Application> made_cases(const catalogue::Package& package, const catalogue::Law& law, const catalogue::City& city,
                                              const MadeOptions& options);

/// The applications of the package's own examples, by name.
std::vector<std::pair<std::string, casework::Application>> example_cases(const catalogue::Package& package, const catalogue::Catalogue& catalogue);

}  // namespace kiepe::rules
