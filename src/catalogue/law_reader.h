#pragma once
// law/<act>/*.yaml and law/holidays/<state>.yaml to Law.
#include <map>
#include <string>

#include "catalogue/law.h"
#include "catalogue/report.h"

namespace kiepe::catalogue {

/// `files`: path -> content. Paths below "holidays/" (at any depth of folders before) are holidays of a state.
/// `production`: values marked `to_check` are errors there.
Law read_law(const std::map<std::string, std::string>& files, std::vector<Finding>& findings, bool production);

}  // namespace kiepe::catalogue
