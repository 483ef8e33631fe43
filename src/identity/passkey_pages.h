#pragma once
// Pages around passkeys: a new account with one, signing in with one, and everybody's list of her own. Residents and staff alike.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "identity/identity.h"
#include "identity/passkeys.h"
#include "language/language.h"
#include "mail/mail.h"
#include "web/site.h"
#include "web/web.h"

namespace kiepe::identity {

struct PasskeyPages {
    const web::Site& site;
    Identity& identity;
    Accounts& accounts;
    std::shared_ptr<const SignIn> people;
    mail::Mailer& mailer;
    const language::Texts& texts;
    const Clock& clock;
    std::shared_ptr<Passkeys> passkeys;

    // What follows is for the files of these pages.
    std::string say(const web::Request& request, std::string_view key, const language::Arguments& arguments = {}) const {
        return texts.get(request.language, key, arguments);
    }
    /// The site as this browser must have named it: the public origin of the settings, in the demonstration the request's own.
    webauthn::Site relying_party(const web::Request& request) const;
    /// She has proved herself within ten minutes: what lets others in later is changed only then (ASVS 7.5.1).
    bool fresh(const Session& session) const;
    /// A mail with the texts `key`_subject and `key`_text, where she has confirmed an address.
    void tell(std::string_view owner, std::string_view language, const std::string& key) const;
    /// The passkey that the browser has made, checked and not yet kept.
    Result<Credential> made(const web::Request& request) const;
};

/// Account id, or "staff:" and the login name; empty for nobody.
std::string owner_of(const std::optional<Session>& session);
/// The text of an error of passkeys.h.
std::string problem_key(const Error& error);

std::vector<web::Route> passkey_routes(const PasskeyPages& pages);
/// The part of them that signs in and makes accounts (passkey_sign_in.cpp).
std::vector<web::Route> passkey_sign_in_routes(const PasskeyPages& pages);

}  // namespace kiepe::identity
