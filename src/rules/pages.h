#pragma once
// What the pages of this room are given. Read ARCHITECTURE.md first: this is the wing in which rules are looked at from outside: checked for
// fairness, previewed before they are put in force, shown as a diagram, and registered where a machine decides by them.
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "casework/cases.h"
#include "catalogue/catalogue.h"
#include "identity/identity.h"
#include "language/language.h"
#include "store/jobs.h"
#include "store/store.h"
#include "web/site.h"
#include "web/web.h"

namespace kiepe::rules {

/// What jobs and commands of this room work with; no page is needed for it.
struct Work {
    casework::Cases& cases;
    store::Database& database;
    const language::Texts& texts;
    const Clock& clock;
    std::function<std::shared_ptr<const catalogue::Catalogue>()> catalogue;   ///< the newest
};

/// References outlive the server. Copied into handlers.
struct Pages : Work {
    const web::Site& site;
    identity::Identity& identity;
    std::function<void()> poke_worker = [] {};

    std::string say(const web::Request& request, std::string_view key, const language::Arguments& arguments = {}) const {
        return texts.get(request.language, key, arguments);
    }
    /// The signed-in member of staff; null for everybody else.
    std::optional<identity::Staff> staff(const web::Request& request) const;
};

/// Who looks at rules from outside: the head of an office, who designs services, who watches over data protection.
bool may_see_rules(const identity::Staff& who);
/// And who may hand in changed ones to be compared; watching is not designing.
bool may_propose_rules(const identity::Staff& who);

/// Public: the register of algorithms, page and JSON (register_pages.cpp).
std::vector<web::Route> register_routes(const Pages& pages);
/// Public: a service's rules as a diagram and as tables; for staff with the path of one case (diagram_pages.cpp).
std::vector<web::Route> diagram_routes(const Pages& pages);
/// Staff: what a changed rule would change, and decisions that a late change of the law reaches (reform_pages.cpp).
std::vector<web::Route> reform_routes(const Pages& pages);

std::vector<store::Migration> migrations();
/// Handlers of this room's jobs: kind -> handler.
std::map<std::string, std::function<void(const store::Job&)>> jobs(const Work& work);

}  // namespace kiepe::rules
