#pragma once
// What the pages of this room are given. Pages know no SQL; they show what Cases and Drafts say.
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "casework/cases.h"
#include "casework/drafts.h"
#include "catalogue/catalogue.h"
#include "documents/documents.h"
#include "documents/uploads.h"
#include "identity/identity.h"
#include "language/language.h"
#include "web/site.h"
#include "web/web.h"

namespace kiepe::casework {

/// References outlive the server. Copied into handlers.
struct Pages {
    const web::Site& site;
    Cases& cases;
    Drafts& drafts;
    identity::Identity& identity;
    const identity::Register& facts_register;
    store::Database& database;
    documents::Typesetter& typesetter;
    const language::Texts& texts;
    const Clock& clock;
    std::function<std::shared_ptr<const catalogue::Catalogue>()> catalogue;
    documents::UploadRules uploads;
    std::string public_origin;      ///< for the link that a person keeps; empty: from the request's host

    std::string say(const web::Request& request, std::string_view key, const language::Arguments& arguments = {}) const {
        return texts.get(request.language, key, arguments);
    }
    std::string origin(const web::Request& request) const;
    std::optional<identity::Session> session(const web::Request& request) const;
};

/// For pages of other rooms about one case: opens it for a member of staff and writes the access log that the person sees.
std::optional<Case> case_for_staff(Cases& cases, const std::string& number, const identity::Staff& who);

/// Apply: begin, questions, papers, check, send (apply_pages.cpp).
std::vector<web::Route> apply_routes(const Pages& pages);
/// Receipt and case page, my matters (case_pages.cpp).
std::vector<web::Route> case_routes(const Pages& pages);
/// What a resident says against a decision (contest_pages.cpp).
std::vector<web::Route> contest_routes(const Pages& pages);
/// The desk of the clerks (desk_pages.cpp).
std::vector<web::Route> desk_routes(const Pages& pages);

}  // namespace kiepe::casework
