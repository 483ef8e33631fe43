#include "rules/pages.h"

namespace kiepe::rules {

std::vector<web::Route> register_routes(const Pages&) { return {}; }

}  // namespace kiepe::rules
