#pragma once
// A package from its files: everything that can be known without the other packages.
#include <map>
#include <memory>
#include <string>

#include "catalogue/catalogue.h"

namespace kiepe::catalogue {

/// `origins`: path in `files` -> file name for findings; a path without one is shown as it is.
std::shared_ptr<Package> build_package(const std::map<std::string, std::string>& files, const std::map<std::string, std::string>& origins,
                                       const Law& law, std::shared_ptr<const language::Texts> texts, std::vector<Finding>& findings);
/// packages/common: no service, no form.
std::shared_ptr<Package> build_common(const std::map<std::string, std::string>& files, const std::map<std::string, std::string>& origins,
                                      std::shared_ptr<const language::Texts> texts, std::vector<Finding>& findings);
bool has_errors(const std::vector<Finding>& findings, std::size_t from);

}  // namespace kiepe::catalogue
