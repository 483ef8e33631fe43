#pragma once
// The city folder to City: offices, duties, areas, addresses.
#include <map>
#include <string>

#include "catalogue/catalogue.h"
#include "catalogue/report.h"

namespace kiepe::catalogue {

/// `files`: path inside the city's folder -> content.
City read_city(const std::map<std::string, std::string>& files, const std::string& folder, std::vector<Finding>& findings);
/// Life situations: id, icon, name, hint.
std::vector<Situation> read_situations(const std::string& content, Report& report);

}  // namespace kiepe::catalogue
