#pragma once
// Is this form ours? (OWASP ASVS 5.0, 3.5.1)
#include <string>
#include <string_view>

#include "web/web.h"

namespace kiepe::web {

/// True when the browser says, or lets us conclude, that the form stood on a page of this site: Sec-Fetch-Site is same-origin or
/// none; where a browser does not send it (plain http), Origin or else Referer names this host. `own_origin`: Settings::public_origin,
/// or empty, then the Host header counts.
bool comes_from_own_page(const Request& request, std::string_view own_origin);

/// With a session (`secret` not empty) the field `csrf` must carry its token and no header may speak of a foreign page; without one
/// the form must provably come from an own page.
bool form_is_ours(const Request& request, std::string_view secret, std::string_view own_origin);

}  // namespace kiepe::web
