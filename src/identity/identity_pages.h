#pragma once
// Pages of signing in and out, for residents (demonstration) and for staff.
#include <memory>
#include <vector>

#include "identity/identity.h"
#include "language/language.h"
#include "web/site.h"
#include "web/web.h"

namespace kiepe::identity {

struct SignInPages {
    const web::Site& site;
    Identity& identity;
    std::shared_ptr<const SignIn> sign_in;
    const language::Texts& texts;
};

std::vector<web::Route> sign_in_routes(const SignInPages& pages);

/// A path below the language to come back to after signing in: only of this site ("/my"), else empty.
std::string safe_return(std::string_view path);

}  // namespace kiepe::identity
