#pragma once
#include <memory>
#include <string>
#include <vector>

#include "catalogue/catalogue.h"

namespace kiepe::catalogue {

/// The start page's search: one index a language over name, synonyms, life situations, short text and conditions.
std::unique_ptr<Search> make_search(const std::vector<const Package*>& packages, const std::vector<Situation>& situations,
                                    const Package& common, const std::vector<std::string>& languages);

}  // namespace kiepe::catalogue
