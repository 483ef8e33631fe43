#include "identity/passkeys.h"

#include <gtest/gtest.h>

#include "base/date.h"
#include "identity/test_authenticator.h"
#include "store/test_database.h"

namespace kiepe::identity {
namespace {

using test::Authenticator;
const webauthn::Site kCity{"stadt.example", "https://stadt.example"};
const std::string kSession = "session-of-jana";

class PasskeysStore : public store::OnBothEngines {
protected:
    void SetUp() override {
        OnBothEngines::SetUp();
        if (IsSkipped()) return;
        database().migrate(Identity::migrations(), clock.now());
        accounts = std::make_unique<Accounts>(database(), clock);
        passkeys = std::make_unique<Passkeys>(database(), clock, *accounts);
        jana = accounts->create({}, "local", "")->id;
    }
    Result<Credential> add(const Authenticator& key, const std::string& challenge, const std::string& session = kSession) {
        return passkeys->check(kCity, session, {test::client_data("webauthn.create", challenge, kCity.origin), key.registration(kCity.id), "Handy"});
    }
    void give(const Authenticator& key, const std::string& owner) {
        const auto made = add(key, passkeys->begin(kSession, PasskeyUse::add, owner));
        ASSERT_TRUE(made.ok()) << made.error().code;
        ASSERT_TRUE(passkeys->keep(*made).ok());
    }
    Passkeys::Used signed_by(const Authenticator& key, const std::string& owner, const std::string& challenge) {
        Passkeys::Used used{base64url(key.id), test::client_data("webauthn.get", challenge, kCity.origin), key.data(kCity.id, 0x05), {}, Passkeys::user_handle(owner)};
        used.signature = key.sign(used.authenticator_data, used.client_data);
        return used;
    }
    std::string sign_in(const Authenticator& key, const std::string& owner, PasskeyUse use = PasskeyUse::sign_in) {
        const auto done = passkeys->use(kCity, kSession, use, signed_by(key, owner, passkeys->begin(kSession, use)));
        return done ? done->owner : done.error().code;
    }
    FixedClock clock{start_of(*parse_day("2026-11-24")) + std::chrono::hours(10)};
    std::unique_ptr<Accounts> accounts;
    std::unique_ptr<Passkeys> passkeys;
    std::string jana;
};

TEST_P(PasskeysStore, knows_whose_passkey_it_is) {
    Authenticator key;
    give(key, jana);
    EXPECT_EQ(sign_in(key, jana), jana);
    EXPECT_EQ(sign_in(key, jana), jana) << "synced passkeys do not count";
    EXPECT_EQ(passkeys->of(jana).at(0).used, clock.now());
    EXPECT_EQ(sign_in(Authenticator(), jana), "passkey_unknown");
    EXPECT_EQ(sign_in(key, "account:somebody-else"), "passkey_unknown") << "another user handle";
    EXPECT_EQ(passkeys->keep(*add(key, passkeys->begin(kSession, PasskeyUse::add, "account:thief"))).error().code, "credential_known");
}

TEST_P(PasskeysStore, takes_each_challenge_once_from_its_session_for_its_purpose_in_time) {
    Authenticator key;
    give(key, jana);
    const auto challenge = passkeys->begin(kSession, PasskeyUse::sign_in);
    EXPECT_EQ(webauthn::from_base64url(challenge)->size(), 32u) << "256 bits";
    const auto used = signed_by(key, jana, challenge);
    const auto code = [&](const std::string& session, PasskeyUse use, const Passkeys::Used& said) {
        const auto done = passkeys->use(kCity, session, use, said);
        return done ? "" : done.error().code;
    };
    EXPECT_EQ(code("session-of-a-thief", PasskeyUse::sign_in, used), "webauthn_challenge");
    EXPECT_EQ(code("", PasskeyUse::sign_in, used), "webauthn_challenge");
    EXPECT_EQ(code(kSession, PasskeyUse::staff_sign_in, used), "webauthn_challenge");
    EXPECT_EQ(code(kSession, PasskeyUse::sign_in, used), "");
    EXPECT_EQ(code(kSession, PasskeyUse::sign_in, used), "webauthn_challenge") << "replayed";
    EXPECT_EQ(code(kSession, PasskeyUse::sign_in, signed_by(key, jana, base64url(std::string(32, 'x')))), "webauthn_challenge") << "made up";
    const auto late = signed_by(key, jana, passkeys->begin(kSession, PasskeyUse::sign_in));
    clock.advance(std::chrono::minutes(5));
    EXPECT_EQ(code(kSession, PasskeyUse::sign_in, late), "webauthn_challenge") << "too old";
    const auto first = signed_by(key, jana, passkeys->begin(kSession, PasskeyUse::sign_in));
    const auto second = signed_by(key, jana, passkeys->begin(kSession, PasskeyUse::sign_in));
    EXPECT_EQ(code(kSession, PasskeyUse::sign_in, first), "webauthn_challenge") << "the later one took its place";
    EXPECT_EQ(code(kSession, PasskeyUse::sign_in, second), "");
    const auto add_challenge = passkeys->begin(kSession, PasskeyUse::add, jana);
    EXPECT_TRUE(add(Authenticator(), add_challenge).ok());
    EXPECT_EQ(add(Authenticator(), add_challenge).error().code, "webauthn_challenge");
}

TEST_P(PasskeysStore, a_failed_try_uses_the_challenge_up) {
    Authenticator key;
    give(key, jana);
    const auto challenge = passkeys->begin(kSession, PasskeyUse::sign_in);
    auto used = signed_by(key, jana, challenge);
    auto broken = used;
    broken.signature[12] = static_cast<char>(broken.signature[12] ^ 1);
    EXPECT_EQ(passkeys->use(kCity, kSession, PasskeyUse::sign_in, broken).error().code, "webauthn_signature");
    EXPECT_EQ(passkeys->use(kCity, kSession, PasskeyUse::sign_in, used).error().code, "webauthn_challenge");
}

TEST_P(PasskeysStore, blocks_a_passkey_of_which_there_are_two) {
    Authenticator key;
    key.counter = 10;
    give(key, jana);
    auto copy = key;
    key.counter = 11;
    EXPECT_EQ(sign_in(key, jana), jana);
    const auto refused = passkeys->use(kCity, kSession, PasskeyUse::sign_in, signed_by(copy, jana, passkeys->begin(kSession, PasskeyUse::sign_in)));
    EXPECT_EQ(refused.error().code, "passkey_copied");
    EXPECT_EQ(refused.error().where, jana);
    EXPECT_TRUE(Passkeys::blocked(passkeys->of(jana).at(0)));
    key.counter = 0xffffffff;
    EXPECT_EQ(sign_in(key, jana), "passkey_blocked") << "nobody knows which of the two is hers";
    key.counter = 0;
    EXPECT_EQ(sign_in(key, jana), "passkey_blocked");
}

TEST_P(PasskeysStore, keeps_the_doors_of_residents_and_staff_apart) {
    Authenticator hers, of_berger;
    give(hers, jana);
    give(of_berger, "staff:berger");
    EXPECT_EQ(sign_in(of_berger, "staff:berger", PasskeyUse::staff_sign_in), "staff:berger");
    EXPECT_EQ(sign_in(of_berger, "staff:berger"), "passkey_unknown");
    EXPECT_EQ(sign_in(hers, jana, PasskeyUse::staff_sign_in), "passkey_unknown");
}

TEST_P(PasskeysStore, lets_nobody_name_or_remove_those_of_others) {
    Authenticator key;
    give(key, jana);
    const auto mine = passkeys->of(jana).at(0);
    const auto handle = Passkeys::handle_of(mine);
    EXPECT_FALSE(passkeys->find("account:x", handle));
    ASSERT_TRUE(passkeys->find(jana, handle));
    auto foreign = mine;
    foreign.owner = "account:x";
    EXPECT_FALSE(passkeys->rename(foreign, "meins"));
    EXPECT_FALSE(passkeys->remove(foreign));
    EXPECT_TRUE(passkeys->rename(mine, "Schlüsselbund"));
    EXPECT_EQ(passkeys->of(jana).at(0).label, "Schlüsselbund");
    EXPECT_TRUE(passkeys->remove(mine));
    EXPECT_EQ(sign_in(key, jana), "passkey_unknown");
}

TEST_P(PasskeysStore, tells_authenticators_nothing_about_the_owner) {
    EXPECT_EQ(Passkeys::user_handle(jana).size(), 32u);
    EXPECT_EQ(Passkeys::user_handle(jana), Passkeys::user_handle(jana));
    EXPECT_NE(Passkeys::user_handle(jana), Passkeys::user_handle("staff:berger"));
    EXPECT_EQ(Passkeys::user_handle("staff:berger").find("berger"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Engines, PasskeysStore, testing::ValuesIn(store::kEngines));

}  // namespace
}  // namespace kiepe::identity
