#include "rules/pages.h"

#include <algorithm>

#include "rules/fairness_store.h"
#include "rules/reform_jobs.h"
#include "rules/register_jobs.h"
#include "rules/sql.h"

namespace kiepe::rules {

std::optional<identity::Staff> Pages::staff(const web::Request& request) const {
    if (request.session_token.empty()) return std::nullopt;
    const auto session = identity.session(request.session_token);
    if (!session || session->kind != identity::Session::Kind::staff) return std::nullopt;
    return session->staff;
}

bool may_see_rules(const identity::Staff& who) {
    return std::any_of(who.roles.begin(), who.roles.end(), [](const auto& role) { return role == "head" || role == "designer" || role == "data_protection"; });
}

bool may_propose_rules(const identity::Staff& who) { return who.roles.contains("head") || who.roles.contains("designer"); }

std::vector<store::Migration> migrations() { return {{"rules", 1, sql::m001_fairness}, {"rules", 2, sql::m002_proposals}, {"rules", 3, sql::m003_register}}; }

std::map<std::string, std::function<void(const store::Job&)>> jobs(const Work& work) {
    auto all = reform_jobs(work);
    all.merge(register_jobs(work));
    all.merge(fairness_jobs(work));
    return all;
}

}  // namespace kiepe::rules
