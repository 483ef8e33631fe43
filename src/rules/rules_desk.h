#pragma once
// The desk of those who answer for rules. Only for the pages of this room.
#include <string>
#include <vector>

#include "rules/pages.h"

namespace kiepe::rules {

using RulesHandler = web::Response (*)(const Pages&, const web::Request&, const identity::Staff&);
/// A handler for those who may see rules, and, where something is sent, who may propose some; others get 403 in plain words.
web::Handler for_rules(const Pages& pages, RulesHandler handler);

std::string service_name(const Pages& pages, const web::Request& request, const std::string& service);
/// Services that decide something.
std::vector<const catalogue::Package*> deciding(const catalogue::Catalogue& catalogue);

web::Response show_overview(const Pages& pages, const web::Request& request, const identity::Staff& who);
web::Response show_late_law(const Pages& pages, const web::Request& request, const identity::Staff& who);

}  // namespace kiepe::rules
