#include "identity/passkey_pages.h"

#include <algorithm>

#include "base/date.h"
#include "base/log.h"
#include "base/text.h"

namespace kiepe::identity {
namespace {

using web::Request;
using web::Response;

constexpr auto kFresh = std::chrono::minutes(10);
constexpr std::size_t kLongestLabel = 60;

/// Whose list it is, and where it stands.
struct Place {
    std::string owner;
    std::string base;         ///< "/de/my/passkeys"
    std::string sign_in;      ///< where she proves herself anew
    bool staff = false;
    Session session;
};

std::optional<Place> place_of(const PasskeyPages& pages, const Request& request) {
    const bool staff = request.path.starts_with("/" + request.language + "/desk/");
    auto session = pages.identity.session(request.session_token);
    if (!session || session->kind != (staff ? Session::Kind::staff : Session::Kind::resident)) return std::nullopt;
    const std::string path = staff ? "/desk/passkeys" : "/my/passkeys", door = staff ? "/desk/sign-in" : "/sign-in";
    return Place{owner_of(session), "/" + request.language + path, "/" + request.language + door + "?return=" + path, staff, std::move(*session)};
}

Response to_sign_in(const Request& request) {
    const bool staff = request.path.starts_with("/" + request.language + "/desk/");
    return web::redirect("/" + request.language + (staff ? "/desk/sign-in?return=/desk/passkeys" : "/sign-in?return=/my/passkeys"));
}

/// Ways in that are left without `without`: other passkeys, the password, providers, the demonstration. Recovery codes are no way of
/// their own: they help where the second factor is lost.
std::size_t ways(const PasskeyPages& pages, const Place& place, std::string_view without = {}) {
    if (place.staff) return 2;  // the city's own sign-in remains, and the operator helps
    std::size_t count = place.owner.starts_with("account:") ? 0 : 1;
    for (const auto& each : pages.passkeys->of(place.owner)) count += each.id != without && !Passkeys::blocked(each) ? 1 : 0;
    count += pages.accounts.credentials(place.owner, "password").empty() ? 0 : 1;
    for (const auto& [issuer, subject] : pages.accounts.identities(place.owner)) count += issuer == "local" ? 0 : 1;
    return count;
}

std::string when(const PasskeyPages& pages, const Request& request, const Credential& passkey) {
    if (passkey.used == Moment{}) return pages.say(request, "passkey_unused");
    return pages.say(request, "passkey_used", {{"when", language::format_moment(request.language, passkey.used)}});
}

void put_list(const PasskeyPages& pages, const Request& request, const Place& place, web::Data& data) {
    const auto all = pages.passkeys->of(place.owner);
    data.show_if(all.empty(), "NO_PASSKEYS");
    if (all.empty()) return;
    auto& list = data.add("HAS_PASSKEYS");
    for (const auto& passkey : all) {
        const auto handle = Passkeys::handle_of(passkey);
        list.add("PASSKEYS")
            .set("KEY_ID", handle)
            .set("KEY_LABEL", passkey.label)
            .set("KEY_CREATED", pages.say(request, "passkey_created", {{"day", language::format_date(request.language, local_day(passkey.created))}}))
            .set("KEY_USED", when(pages, request, passkey))
            .set("RENAME_PATH", place.base + "/" + handle + "/name")
            .set("REMOVE_PATH", place.base + "/" + handle + "/remove")
            .show_if(Passkeys::blocked(passkey), "KEY_BLOCKED");
    }
}

Response show_list(const PasskeyPages& pages, const Request& request, const Place& place, const std::string& problem = {}, int status = 200) {
    auto data = pages.site.frame(request, pages.say(request, "passkeys_title"));
    data.set("ADD_ACTION", place.base).set("OPTIONS_PATH", "/" + request.language + "/passkey/options").set("BACK_PATH", "/" + request.language + "/my");
    const auto done = std::string(request.method == "GET" ? request.query_value("done") : "");
    if (done == "registered" || done == "added" || done == "renamed" || done == "removed")
        data.add("DONE").set("DONE_TEXT", pages.say(request, "passkey_done_" + done));
    if (!problem.empty()) data.add("PROBLEM").set("PROBLEM_TEXT", pages.say(request, problem));
    if (ways(pages, place) == 1) {
        auto& warning = data.add("ONE_WAY");
        // Codes stand for a lost second factor; where there is no password, another passkey is the way.
        if (!pages.accounts.credentials(place.owner, "password").empty()) warning.add("CODES").set("CODES_PATH", "/" + request.language + "/my/security");
    }
    put_list(pages, request, place, data);
    if (pages.fresh(place.session)) data.show("FRESH");
    else data.add("AGAIN").set("AGAIN_PATH", place.sign_in);
    return pages.site.render(request, place.staff ? "desk-passkeys.html" : "passkeys.html", data, status);
}

Response list(const PasskeyPages& pages, const Request& request, const Place& place) { return show_list(pages, request, place); }

Response add(const PasskeyPages& pages, const Request& request, const Place& place) {
    if (!pages.fresh(place.session)) return show_list(pages, request, place, "passkey_again_text", 403);
    auto credential = pages.made(request);
    if (credential && credential->owner != place.owner) credential = Error{.code = "webauthn_challenge"};
    if (credential)
        if (auto kept = pages.passkeys->keep(*credential); !kept) credential = kept.error();
    if (!credential) return show_list(pages, request, place, problem_key(credential.error()), 422);
    pages.tell(place.owner, request.language, "passkey_mail_added");
    return web::redirect(place.base + "?done=added");
}

Response unknown(const PasskeyPages& pages, const Request& request) { return pages.site.error(request, 404, "not_found"); }

Response rename(const PasskeyPages& pages, const Request& request, const Place& place) {
    const auto passkey = pages.passkeys->find(place.owner, request.parameters.at("key"));
    if (!passkey) return unknown(pages, request);
    const auto label = std::string(trim(request.field("label")));
    if (label.empty() || !valid_utf8(label) || length_utf8(label) > kLongestLabel) return show_list(pages, request, place, "passkey_label_missing", 422);
    pages.passkeys->rename(*passkey, label);
    return web::redirect(place.base + "?done=renamed");
}

Response ask_remove(const PasskeyPages& pages, const Request& request, const Place& place) {
    const auto passkey = pages.passkeys->find(place.owner, request.parameters.at("key"));
    if (!passkey) return unknown(pages, request);
    auto data = pages.site.frame(request, pages.say(request, "passkey_remove_title"));
    data.set("KEY_LABEL", passkey->label).set("ACTION", place.base + "/" + Passkeys::handle_of(*passkey) + "/remove").set("BACK_PATH", place.base);
    if (ways(pages, place, passkey->id) == 0) data.show("LAST");
    else if (!pages.fresh(place.session)) data.add("AGAIN").set("AGAIN_PATH", place.sign_in);
    else data.show("MAY");
    return pages.site.render(request, "passkey-remove.html", data);
}

Response remove(const PasskeyPages& pages, const Request& request, const Place& place) {
    const auto passkey = pages.passkeys->find(place.owner, request.parameters.at("key"));
    if (!passkey) return unknown(pages, request);
    if (!pages.fresh(place.session)) return show_list(pages, request, place, "passkey_again_text", 403);
    if (ways(pages, place, passkey->id) == 0) return show_list(pages, request, place, "passkey_last", 409);
    pages.passkeys->remove(*passkey);
    pages.tell(place.owner, request.language, "passkey_mail_removed");
    return web::redirect(place.base + "?done=removed");
}

using Own = Response (*)(const PasskeyPages&, const Request&, const Place&);
web::Handler for_owner(const PasskeyPages& pages, Own handler) {
    return [pages, handler](const Request& request) {
        const auto place = place_of(pages, request);
        return place ? handler(pages, request, *place) : to_sign_in(request);
    };
}

}  // namespace

webauthn::Site PasskeyPages::relying_party(const Request& request) const {
    const auto& settings = site.settings();
    if (!settings.public_origin.empty()) return webauthn::site_of(settings.public_origin);
    return webauthn::site_of((settings.secure_cookies ? "https://" : "http://") + std::string(request.header("Host")));
}

bool PasskeyPages::fresh(const Session& session) const { return session.proved + kFresh > clock.now(); }

void PasskeyPages::tell(std::string_view owner, std::string_view language, const std::string& key) const {
    const auto person = people->person(owner);
    if (!person || person->email.empty()) return;
    const language::Arguments facts{{"first_name", person->first_name}, {"city", site.info().owner}, {"phone", site.info().phone}};
    const auto sent = mailer.send({person->email, texts.get(language, key + "_subject"), texts.get(language, key + "_text", facts), std::string(language)});
    if (!sent) log::write(log::Level::warn, "passkey_mail", {{"code", sent.error().code}});
}

Result<Credential> PasskeyPages::made(const Request& request) const {
    const auto client_data = webauthn::from_base64url(request.field("client_data")), attestation = webauthn::from_base64url(request.field("attestation"));
    if (!client_data || !attestation) return Error{.code = "webauthn_client_data"};
    auto label = std::string(trim(request.field("label")));
    if (label.empty() || !valid_utf8(label) || length_utf8(label) > kLongestLabel)
        label = say(request, "passkey_default_label", {{"day", language::format_date_short(request.language, local_day(clock.now()))}});
    return passkeys->check(relying_party(request), request.session_token, {*client_data, *attestation, label});
}

std::string owner_of(const std::optional<Session>& session) {
    if (session && session->person) return session->person->subject;
    if (session && session->staff) return "staff:" + session->staff->id;
    return {};
}

std::string problem_key(const Error& error) {
    for (const auto* own : {"passkey_unknown", "passkey_blocked", "passkey_copied"})
        if (error.code == own) return std::string("passkey_problem_") + (error.code == "passkey_unknown" ? "unknown" : "blocked");
    if (error.code == "credential_known") return "passkey_problem_known";
    if (error.code == "webauthn_challenge") return "passkey_problem_late";
    if (error.code == "webauthn_verification" || error.code == "webauthn_presence") return "passkey_problem_lock";
    return "passkey_problem_other";
}

std::vector<web::Route> passkey_routes(const PasskeyPages& pages) {
    auto all = passkey_sign_in_routes(pages);
    const std::vector<web::Route> own{
        {"GET", "/{lang}/my/passkeys", web::Kind::page, for_owner(pages, list)},
        {"POST", "/{lang}/my/passkeys", web::Kind::form, for_owner(pages, add)},
        {"POST", "/{lang}/my/passkeys/{key}/name", web::Kind::form, for_owner(pages, rename)},
        {"GET", "/{lang}/my/passkeys/{key}/remove", web::Kind::page, for_owner(pages, ask_remove)},
        {"POST", "/{lang}/my/passkeys/{key}/remove", web::Kind::form, for_owner(pages, remove)},
        {"GET", "/{lang}/desk/passkeys", web::Kind::page, for_owner(pages, list)},
        {"POST", "/{lang}/desk/passkeys", web::Kind::form, for_owner(pages, add)},
        {"POST", "/{lang}/desk/passkeys/{key}/name", web::Kind::form, for_owner(pages, rename)},
        {"GET", "/{lang}/desk/passkeys/{key}/remove", web::Kind::page, for_owner(pages, ask_remove)},
        {"POST", "/{lang}/desk/passkeys/{key}/remove", web::Kind::form, for_owner(pages, remove)},
    };
    all.insert(all.end(), own.begin(), own.end());
    return all;
}

}  // namespace kiepe::identity
