#include "rules/pages.h"

namespace kiepe::rules {

std::optional<identity::Staff> Pages::staff(const web::Request& request) const {
    if (request.session_token.empty()) return std::nullopt;
    const auto session = identity.session(request.session_token);
    if (!session || session->kind != identity::Session::Kind::staff) return std::nullopt;
    return session->staff;
}

std::vector<store::Migration> migrations() { return {}; }

std::map<std::string, std::function<void(const store::Job&)>> jobs(const Work&) { return {}; }

}  // namespace kiepe::rules
