#pragma once
// service.yaml and reasons.yaml to Service, Reason and StepText.
#include <map>
#include <string>

#include "catalogue/catalogue.h"
#include "catalogue/yaml.h"

namespace kiepe::catalogue {

/// `names`: the form's names with case, city and acts; `wider`: the same with every decision and result.
Service read_service(const Node& root, Report& report, const feel::Names& names, const feel::Names& wider);
/// The acts that a service names, read before anything else since they are names of expressions.
std::vector<std::string> acts_of(const Node& service);
void read_reasons(const Node& root, Report& report, std::map<std::string, Reason>& reasons, std::map<std::string, StepText>& steps);

}  // namespace kiepe::catalogue
