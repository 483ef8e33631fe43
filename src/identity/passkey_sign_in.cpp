#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/id.h"
#include "base/log.h"
#include "base/text.h"
#include "identity/account_door.h"
#include "identity/identity_pages.h"
#include "identity/passkey_pages.h"

namespace kiepe::identity {
namespace {

using nlohmann::json;
using web::Request;
using web::Response;

constexpr int kPatience = 240'000;  // milliseconds: less than a challenge lives
constexpr std::size_t kLongestName = 80, kLongestEmail = 254;

Response answer(const json& body, int status = 200) {
    auto response = web::text(body.dump(), status);
    response.type = "application/json";
    return response;
}

// -- what the browser is to ask the authenticator for -----------------------------------------------------------------------------------

struct Wishes {
    std::string first_name, last_name, email;
    std::vector<std::pair<std::string, std::string>> faults;    ///< field, text key
};

Wishes wishes_of(const Request& request) {
    Wishes all{std::string(trim(request.field("first_name"))), std::string(trim(request.field("last_name"))), std::string(trim(request.field("email"))), {}};
    const auto good = [](const std::string& text) { return !text.empty() && valid_utf8(text) && length_utf8(text) <= kLongestName; };
    if (!good(all.first_name)) all.faults.emplace_back("first_name", "passkey_first_name_missing");
    if (!good(all.last_name)) all.faults.emplace_back("last_name", "passkey_last_name_missing");
    if (!all.email.empty() && (all.email.size() > kLongestEmail || !mail::valid_address(all.email))) all.faults.emplace_back("email", "passkey_email_wrong");
    if (const auto at = all.email.rfind('@'); at != std::string::npos) all.email = all.email.substr(0, at) + lower_ascii(all.email.substr(at));
    return all;
}

/// What authenticators show beside the passkey.
struct Names {
    std::string name, display;
};

Names names_of(const Session& session) {
    if (session.staff) return {session.staff->id, session.staff->name};
    const auto full = session.person->first_name + " " + session.person->last_name;
    return {session.person->email.empty() ? full : session.person->email, full};
}

json for_new(const PasskeyPages& pages, const Request& request, const std::string& owner, const Names& names) {
    json exclude = json::array();
    for (const auto& passkey : pages.passkeys->of(owner)) exclude.push_back(passkey.id);
    return {{"rp", {{"id", pages.relying_party(request).id}, {"name", pages.say(request, "site_name", {{"city", pages.site.info().owner}})}}},
            {"user", {{"id", base64url(Passkeys::user_handle(owner))}, {"name", names.name}, {"displayName", names.display}}},
            {"algorithms", webauthn::kAlgorithms},
            {"exclude", exclude}};
}

/// A session begins with the first challenge and not with the page: whoever only looks gets no cookie.
Response options(const PasskeyPages& pages, const Request& request) {
    const auto use = request.field("use");
    auto session = pages.identity.session(request.session_token);
    json options = json::object();
    auto purpose = PasskeyUse::add;
    std::string owner;
    bool begun = false;
    if (use == "add") {
        owner = owner_of(session);
        if (owner.empty() || !pages.fresh(*session)) return answer({{"error", "sign_in"}}, 403);
        options = for_new(pages, request, owner, names_of(*session));
    } else if (use == "register") {
        const auto wishes = wishes_of(request);
        if (!wishes.faults.empty()) return answer({{"error", "names"}}, 422);
        owner = Accounts::new_id();
        const auto full = wishes.first_name + " " + wishes.last_name;
        options = for_new(pages, request, owner, {wishes.email.empty() ? full : wishes.email, full});
    } else if (use == "sign_in" || use == "staff_sign_in") {
        purpose = use == "sign_in" ? PasskeyUse::sign_in : PasskeyUse::staff_sign_in;
    } else {
        return answer({{"error", "use"}}, 422);
    }
    if (!session) {
        session = pages.identity.begin_anonymous();
        begun = true;
    }
    options["challenge"] = pages.passkeys->begin(session->token, purpose, owner);
    options["rpId"] = pages.relying_party(request).id;
    options["timeout"] = kPatience;
    auto response = answer({{"csrf", session->csrf}, {"options", options}});
    if (begun) response.session_cookie = session->token;
    return response;
}

// -- signing in --------------------------------------------------------------------------------------------------------------------------

Response show_problem(const PasskeyPages& pages, const Request& request, const Error& error, const std::string& again) {
    auto data = pages.site.frame(request, pages.say(request, "passkey_problem_title"));
    data.set("PROBLEM_TEXT", pages.say(request, problem_key(error))).set("AGAIN_PATH", "/" + request.language + again);
    return pages.site.render(request, "passkey-problem.html", data, 422);
}

Result<Credential> used(const PasskeyPages& pages, const Request& request, PasskeyUse use) {
    const auto client_data = webauthn::from_base64url(request.field("client_data")), data = webauthn::from_base64url(request.field("authenticator_data")),
               signature = webauthn::from_base64url(request.field("signature")), handle = webauthn::from_base64url(request.field("user_handle"));
    if (!client_data || !data || !signature || !handle) return Error{.code = "webauthn_data"};
    auto done = pages.passkeys->use(pages.relying_party(request), request.session_token, use,
                                    {std::string(request.field("id")), *client_data, *data, *signature, *handle});
    if (!done && done.error().code == "passkey_copied") {
        // Whoever holds the copy may have been in already.
        const auto& owner = done.error().where;
        const bool staff = use == PasskeyUse::staff_sign_in;
        pages.identity.end_others({}, staff ? Session::Kind::staff : Session::Kind::resident, staff ? owner.substr(std::string_view("staff:").size()) : owner);
        const auto account = pages.accounts.account(owner);
        pages.tell(owner, account ? account->language : request.language, "passkey_mail_copied");
    }
    if (!done) log::write(log::Level::info, "passkey_refused", {{"code", done.error().code}});
    return done;
}

/// A passkey proves that the same person comes back, not who she is: two factors, but "low" by eIDAS (Regulation (EU) 910/2014, Art. 8)
/// for an account whose name is what somebody typed. Where a provider has proved the identity, its level holds, up to "substantial": for
/// "high", BSI TR-03107-1 asks for certified hardware, which a synced passkey is not.
std::string level_of(const Person& person) {
    if (person.level == "substantial" || person.level == "high") return "substantial";
    return "low";
}

std::string device(const Request& request) { return device_words(request.header("User-Agent")); }

Response opened(const PasskeyPages& pages, const Request& request, const Opening& opening, const std::string& to, const std::string& door) {
    const auto session = pages.identity.open(opening, request.session_token);
    if (!session) return show_problem(pages, request, Error{.code = "passkey_unknown"}, door);
    auto response = web::redirect("/" + request.language + to);
    response.session_cookie = session->token;
    return response;
}

Response sign_in(const PasskeyPages& pages, const Request& request) {
    const auto passkey = used(pages, request, PasskeyUse::sign_in);
    if (!passkey) return show_problem(pages, request, passkey.error(), "/sign-in");
    const auto person = pages.people->person(passkey->owner);
    if (!person) return show_problem(pages, request, Error{.code = "passkey_unknown"}, "/sign-in");
    pages.accounts.signed_in(passkey->owner);
    const auto back = safe_return(request.field("return"));
    return opened(pages, request, {Session::Kind::resident, passkey->owner, level_of(*person), "passkey", device(request), !request.field("terminal").empty()},
                  back.empty() ? "/my" : back, "/sign-in");
}

Response staff_sign_in(const PasskeyPages& pages, const Request& request) {
    const auto passkey = used(pages, request, PasskeyUse::staff_sign_in);
    if (!passkey) return show_problem(pages, request, passkey.error(), "/desk/sign-in");
    const auto back = safe_return(request.field("return"));
    // The city knows whom it employs, and the passkey was added by somebody who had signed in.
    return opened(pages, request, {Session::Kind::staff, passkey->owner.substr(std::string_view("staff:").size()), "substantial", "passkey", device(request), false},
                  back.starts_with("/desk") ? back : "/desk", "/desk/sign-in");
}

// -- a new account -----------------------------------------------------------------------------------------------------------------------

Response show_register(const PasskeyPages& pages, const Request& request, const Wishes& wishes, const std::string& problem = {}, int status = 200) {
    auto data = pages.site.frame(request, pages.say(request, "passkey_register_title"));
    const auto back = safe_return(request.method == "GET" ? request.query_value("return") : request.field("return"));
    data.set("ACTION", "/" + request.language + "/register/passkey")
        .set("OPTIONS_PATH", "/" + request.language + "/passkey/options")
        .set("SIGN_IN_PATH", "/" + request.language + "/sign-in" + (back.empty() ? "" : "?return=" + back))
        .set("RETURN", back)
        .set("FIRST_NAME", wishes.first_name)
        .set("LAST_NAME", wishes.last_name)
        .set("EMAIL", wishes.email);
    if (!problem.empty()) data.add("PROBLEM").set("PROBLEM_TEXT", pages.say(request, problem));
    if (!wishes.faults.empty()) {
        auto& summary = data.add("ERRORS_SHOWN");
        summary.set("ERROR_COUNT_TEXT", pages.texts.get_n(request.language, "errors_count", std::int64_t(wishes.faults.size())));
        for (const auto& [field, key] : wishes.faults) {
            summary.add("ERRORS").set("ERROR_ID", field).set("ERROR_LINE", pages.say(request, key));
            data.add(field == "first_name" ? "FIRST_NAME_ERROR" : field == "last_name" ? "LAST_NAME_ERROR" : "EMAIL_ERROR").set("ERROR_TEXT", pages.say(request, key));
        }
    }
    return pages.site.render(request, "register-passkey.html", data, status);
}

Response register_page(const PasskeyPages& pages, const Request& request) {
    const auto session = pages.identity.session(request.session_token);
    if (session && session->person) return web::redirect("/" + request.language + "/my/passkeys");
    return show_register(pages, request, {});
}

Response register_now(const PasskeyPages& pages, const Request& request) {
    const auto wishes = wishes_of(request);
    if (!wishes.faults.empty()) return show_register(pages, request, wishes, {}, 422);
    if (request.field("attestation").empty()) return show_register(pages, request, wishes, "passkey_no_browser", 422);
    const auto credential = pages.made(request);
    if (!credential) return show_register(pages, request, wishes, problem_key(credential.error()), 422);
    // The challenge of somebody who adds one to her account makes no second account.
    if (!credential->owner.starts_with("account:") || pages.accounts.account(credential->owner)) return show_register(pages, request, wishes, "passkey_problem_late", 422);
    Account facts;
    facts.id = credential->owner;
    facts.first_name = wishes.first_name;
    facts.last_name = wishes.last_name;
    facts.email = wishes.email;
    facts.language = request.language;
    if (const auto made = pages.accounts.create(facts, "local", ""); !made) return show_register(pages, request, wishes, "passkey_problem_other", 422);
    if (const auto kept = pages.passkeys->keep(*credential); !kept) {
        pages.accounts.remove(facts.id);
        return show_register(pages, request, wishes, problem_key(kept.error()), 422);
    }
    pages.accounts.signed_in(facts.id);
    const auto back = safe_return(request.field("return"));
    return opened(pages, request, {Session::Kind::resident, facts.id, "low", "passkey", device(request), false}, back.empty() ? "/my/passkeys?done=registered" : back, "/sign-in");
}

}  // namespace

std::vector<web::Route> passkey_sign_in_routes(const PasskeyPages& pages) {
    return {
        {"POST", "/{lang}/passkey/options", web::Kind::form, [pages](const Request& r) { return options(pages, r); }},
        {"POST", "/{lang}/sign-in/passkey", web::Kind::form, [pages](const Request& r) { return sign_in(pages, r); }},
        {"POST", "/{lang}/desk/sign-in/passkey", web::Kind::form, [pages](const Request& r) { return staff_sign_in(pages, r); }},
        {"GET", "/{lang}/register/passkey", web::Kind::page, [pages](const Request& r) { return register_page(pages, r); }},
        {"POST", "/{lang}/register/passkey", web::Kind::form, [pages](const Request& r) { return register_now(pages, r); }},
    };
}

}  // namespace kiepe::identity
