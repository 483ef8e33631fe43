#include "identity/passkey_pages.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "base/date.h"
#include "identity/test_authenticator.h"
#include "store/test_database.h"

namespace kiepe::identity {
namespace {

using test::Authenticator;
using nlohmann::json;
constexpr const char* kOrigin = "https://stadt.example";

/// A provider that has seen the identity card of one person.
class Provider final : public SignIn {
public:
    std::vector<Person> invented_persons() const override { return {}; }
    std::optional<Person> person(std::string_view subject) const override {
        if (subject != "provider:emre") return std::nullopt;
        return Person{"provider:emre", "Emre", "Muster", "emre@example.org", level, false};
    }
    std::string level = "substantial";
};

class PasskeyPagesOf : public testing::Test {
protected:
    PasskeyPagesOf() {
        (*database).migrate(Identity::migrations(), clock.now());
        (*database).migrate(mail::migrations(), clock.now());
        settings.public_origin = kOrigin;
    }
    web::Response send(const std::string& method, const std::string& path, const std::map<std::string, std::string>& fields = {}) {
        web::Request request;
        request.method = method;
        request.path = path;
        request.session_token = token;
        request.headers = {{"Host", "somewhere-else.example"}, {"Content-Type", "application/x-www-form-urlencoded"}};
        for (const auto& [name, value] : fields) request.body += (request.body.empty() ? "" : "&") + name + "=" + value;
        auto response = web::dispatch(passkey_routes(pages), request, settings);
        if (response.session_cookie) token = *response.session_cookie;
        return response;
    }
    json options(const std::string& use) { return json::parse(send("POST", "/de/passkey/options", {{"use", use}, {"first_name", "Mira"}, {"last_name", "Neumann"}}).body)["options"]; }
    std::map<std::string, std::string> made(const Authenticator& key, const json& wanted) {
        return {{"first_name", "Mira"}, {"last_name", "Neumann"}, {"attestation", base64url(key.registration(wanted["rpId"]))},
                {"client_data", base64url(test::client_data("webauthn.create", wanted["challenge"], kOrigin))}};
    }
    web::Response sign_in(const Authenticator& key, const std::string& owner) {
        const auto wanted = options("sign_in");
        const auto client = test::client_data("webauthn.get", wanted["challenge"], kOrigin);
        const auto data = key.data(wanted["rpId"], 0x05);
        return send("POST", "/de/sign-in/passkey", {{"id", base64url(key.id)}, {"client_data", base64url(client)}, {"authenticator_data", base64url(data)},
                                                     {"signature", base64url(key.sign(data, client))}, {"user_handle", base64url(Passkeys::user_handle(owner))}});
    }
    void enter(const std::string& subject) { token = identity.open({Session::Kind::resident, subject, "substantial", "oidc", {}, false}, "")->token; }

    FixedClock clock{start_of(*parse_day("2026-11-24")) + std::chrono::hours(10)};
    store::TestDatabase database{"sqlite"};
    web::Settings settings;
    language::Texts texts = *language::Texts::load(KIEPE_SOURCE_DIR "/locales", {"de", "en"});
    web::Templates templates{KIEPE_SOURCE_DIR "/ui/templates", this, [](void* self, std::string_view language, std::string_view key) {
                                 return static_cast<PasskeyPagesOf*>(self)->texts.get(language, key);
                             }};
    std::shared_ptr<Accounts> accounts = std::make_shared<Accounts>(*database, clock);
    std::shared_ptr<Provider> provider = std::make_shared<Provider>();
    std::shared_ptr<People> people = std::make_shared<People>(std::vector<std::shared_ptr<const SignIn>>{provider, accounts});
    Identity identity{*database, clock, people};
    mail::DemoMailbox mailbox{*database, clock};
    web::Settings site_settings = [] {
        web::Settings made;
        made.public_origin = kOrigin;
        return made;
    }();
    web::Site site{{"Stadt Probe", "0251", "", "", "", "", "", "", false}, templates, site_settings, {}, {},
                   [this](std::string_view language, std::string_view key) { return texts.get(language, key); }, [](std::string_view language) { return std::string(language); },
                   [](const web::Request&) { return web::Viewer{}; }};
    PasskeyPages pages{site, identity, *accounts, people, mailbox, texts, clock, std::make_shared<Passkeys>(*database, clock, *accounts)};
    std::string token;
};

TEST_F(PasskeyPagesOf, make_an_account_whose_passkey_proves_little_about_a_name) {
    Authenticator key;
    const auto wanted = options("register");
    EXPECT_EQ(wanted["rpId"], "stadt.example") << "by the settings, whatever the request's head says";
    EXPECT_EQ(wanted["algorithms"], json({-8, -7, -257}));
    ASSERT_EQ(send("POST", "/de/register/passkey", made(key, wanted)).status, 303);
    const auto session = identity.session(token);
    ASSERT_TRUE(session && session->person);
    EXPECT_EQ(session->level, "low");
    EXPECT_EQ(session->method, "passkey");
    EXPECT_EQ(session->person->first_name, "Mira");
    EXPECT_EQ(options("add")["exclude"], json({base64url(key.id)}));
    EXPECT_EQ(options("add")["user"]["id"], wanted["user"]["id"]) << "one person is one person to her device";
    const auto subject = session->person->subject;
    token.clear();
    EXPECT_EQ(sign_in(key, subject).status, 303);
    EXPECT_EQ(identity.session(token)->level, "low");
}

TEST_F(PasskeyPagesOf, keep_the_level_of_an_identity_that_a_provider_has_proved_up_to_substantial) {
    Authenticator key;
    enter("provider:emre");
    ASSERT_EQ(send("POST", "/de/my/passkeys", made(key, options("add"))).status, 303);
    for (const auto& [of_provider, of_session] : {std::pair{"substantial", "substantial"}, {"high", "substantial"}, {"low", "low"}, {"none", "low"}}) {
        provider->level = of_provider;
        ASSERT_EQ(sign_in(key, "provider:emre").status, 303);
        EXPECT_EQ(identity.session(token)->level, of_session);
    }
}

TEST_F(PasskeyPagesOf, ask_her_to_prove_herself_again_before_ways_in_are_changed) {
    Authenticator key;
    enter("provider:emre");
    ASSERT_EQ(send("POST", "/de/my/passkeys", made(key, options("add"))).status, 303);
    const auto remove = "/de/my/passkeys/" + Passkeys::handle_of(pages.passkeys->of("provider:emre").at(0)) + "/remove";
    const auto wanted = options("add");
    clock.advance(std::chrono::minutes(10));
    EXPECT_EQ(send("POST", "/de/passkey/options", {{"use", "add"}}).status, 403);
    EXPECT_EQ(send("POST", "/de/my/passkeys", made(Authenticator(), wanted)).status, 403);
    EXPECT_EQ(send("POST", remove).status, 403);
    EXPECT_NE(send("GET", remove).body.find("/sign-in?return="), std::string::npos);
    EXPECT_NE(send("GET", "/de/my/passkeys").body.find("/sign-in?return="), std::string::npos);
    EXPECT_EQ(pages.passkeys->of("provider:emre").size(), 1u);
    ASSERT_EQ(sign_in(key, "provider:emre").status, 303);
    EXPECT_EQ(send("POST", remove).status, 303) << "her provider is another way in";
    EXPECT_TRUE(pages.passkeys->of("provider:emre").empty());
}

TEST_F(PasskeyPagesOf, tell_the_owner_of_a_copy) {
    Authenticator key;
    enter("provider:emre");
    ASSERT_EQ(send("POST", "/de/my/passkeys", made(key, options("add"))).status, 303);
    key.counter = 4;
    ASSERT_EQ(sign_in(key, "provider:emre").status, 303);
    clock.advance(std::chrono::minutes(1));  // the newest mail stands first
    const auto before = std::exchange(token, "");
    EXPECT_EQ(sign_in(key, "provider:emre").status, 422);
    EXPECT_FALSE(identity.session(before)) << "whoever holds the copy is signed out";
    EXPECT_FALSE(identity.session(token)->person) << "the session that asked stays nobody's";
    ASSERT_EQ(mailbox.list().size(), 2u);
    EXPECT_EQ(mailbox.list().at(0).mail.to, "emre@example.org");
    EXPECT_EQ(mailbox.list().at(0).mail.subject, texts.get("de", "passkey_mail_copied_subject"));
}

}  // namespace
}  // namespace kiepe::identity
