#pragma once
// Public pages about services: start, search, list, one service, printable form, imprint and the like.
#include <functional>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "catalogue/catalogue.h"
#include "web/site.h"
#include "web/web.h"

namespace kiepe::catalogue {

struct PublicPages {
    const web::Site& site;
    const language::Texts& texts;
    const Clock& clock;
    std::function<std::shared_ptr<const Catalogue>()> catalogue;
    std::string email, represented_by, privacy_contact, barrier_contact, arbitration, reviewed_on, source;
};

std::vector<web::Route> public_routes(const PublicPages& pages);

/// "kostenlos", "260,00 Euro": what a service costs as far as it can be said before the questions.
std::string cost_text(const Package& package, const Catalogue& catalogue, const language::Texts& texts, std::string_view language, Day today);
/// "3 Arbeitstage".
std::string time_text(const Package& package, const language::Texts& texts, std::string_view language);
/// A norm as people cite it, never parted between a sign and its number: "§ 26 Abs. 2".
std::string norm_text(std::string_view norm);
std::string period_text(Period period, const language::Texts& texts, std::string_view language);

}  // namespace kiepe::catalogue
