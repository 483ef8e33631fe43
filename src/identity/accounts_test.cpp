#include "identity/accounts.h"

#include <gtest/gtest.h>

#include "base/date.h"
#include "store/test_database.h"

namespace kiepe::identity {
namespace {

class AccountsStore : public store::OnBothEngines {
protected:
    void SetUp() override {
        OnBothEngines::SetUp();
        if (IsSkipped()) return;
        database().migrate(Identity::migrations(), clock.now());
        accounts = std::make_shared<Accounts>(database(), clock);
        identity = std::make_unique<Identity>(database(), clock, std::make_shared<People>(std::vector<std::shared_ptr<const SignIn>>{accounts}));
    }
    Account jana(bool confirmed = true) {
        Account facts;
        facts.first_name = "Jana";
        facts.last_name = "Beispiel";
        facts.email = "jana@example.org";
        facts.email_confirmed = confirmed;
        return facts;
    }
    FixedClock clock{start_of(*parse_day("2026-11-24")) + std::chrono::hours(10)};
    std::shared_ptr<Accounts> accounts;
    std::unique_ptr<Identity> identity;
};

TEST_P(AccountsStore, knows_a_person_by_issuer_and_subject) {
    const auto made = accounts->create(jana(), "https://id.example", "abc");
    ASSERT_TRUE(made.ok());
    EXPECT_EQ(accounts->by_identity("https://id.example", "abc")->id, made->id);
    EXPECT_FALSE(accounts->by_identity("https://other.example", "abc"));
    EXPECT_EQ(accounts->create(jana(false), "https://id.example", "abc").error().code, "account_known");
    const auto other = accounts->create({}, "local", "");
    ASSERT_TRUE(other.ok());
    EXPECT_EQ(accounts->link(other->id, "https://id.example", "abc").error().code, "account_known");
    EXPECT_TRUE(accounts->link(made->id, "https://second.example", "xyz").ok());
    EXPECT_EQ(accounts->identities(made->id).size(), 2u);
}

TEST_P(AccountsStore, lets_one_account_alone_confirm_an_address) {
    const auto first = accounts->create(jana(), "local", "");
    auto second = accounts->create(jana(false), "local", "");
    ASSERT_TRUE(first.ok() && second.ok());
    EXPECT_EQ(accounts->by_email("jana@example.org")->id, first->id);
    second->email_confirmed = true;
    EXPECT_EQ(accounts->update(*second).error().code, "email_taken");
    EXPECT_EQ(accounts->create(jana(), "local", "").error().code, "account_known");
}

TEST_P(AccountsStore, refuses_a_counter_that_does_not_go_up) {
    const auto made = accounts->create(jana(), "local", "");
    ASSERT_TRUE(accounts->add({"key", made->id, "passkey", "Handy", "cose", 5, {}, {}}).ok());
    EXPECT_EQ(accounts->add({"key", "account:x", "passkey", "", "", 0, {}, {}}).error().code, "credential_known");
    EXPECT_TRUE(accounts->use("key", 6));
    EXPECT_FALSE(accounts->use("key", 6));
    EXPECT_FALSE(accounts->use("key", 0));
    ASSERT_TRUE(accounts->add({"synced", made->id, "passkey", "", "cose", 0, {}, {}}).ok());
    EXPECT_TRUE(accounts->use("synced", 0));
    EXPECT_TRUE(accounts->use("synced", 0));
    EXPECT_FALSE(accounts->remove("key", "account:x"));
    EXPECT_TRUE(accounts->remove("key", made->id));
    EXPECT_EQ(accounts->credentials(made->id, "passkey").size(), 1u);
}

TEST_P(AccountsStore, opens_sessions_with_the_level_that_was_proved) {
    const auto made = accounts->create(jana(), "local", "");
    Opening opening{Session::Kind::resident, made->id, "low", "password_and_code", "Firefox, Linux", false};
    const auto session = identity->open(opening, "");
    ASSERT_TRUE(session.ok());
    EXPECT_EQ(identity->session(session->token)->person->level, "low");
    clock.advance(std::chrono::minutes(20));
    const auto better = identity->prove(session->token, "substantial", "passkey");
    ASSERT_TRUE(better);
    EXPECT_FALSE(identity->session(session->token)) << "the old token is dead";
    EXPECT_EQ(better->person->level, "substantial");
    EXPECT_EQ(better->proved, clock.now());
    for (int i = 0; i < 5; ++i) {
        clock.advance(std::chrono::minutes(19));
        EXPECT_TRUE(identity->session(better->token)) << i;
    }
    clock.advance(std::chrono::minutes(10));
    EXPECT_FALSE(identity->session(better->token)) << "two hours after the first sign-in";
}

TEST_P(AccountsStore, leaves_a_public_terminal_after_some_minutes) {
    const auto made = accounts->create(jana(), "local", "");
    const auto session = identity->open({Session::Kind::resident, made->id, "low", "password", "", true}, "");
    clock.advance(std::chrono::minutes(4));
    EXPECT_TRUE(identity->session(session->token));
    clock.advance(std::chrono::minutes(5));
    EXPECT_FALSE(identity->session(session->token));
}

TEST_P(AccountsStore, lists_sessions_and_ends_each) {
    const auto made = accounts->create(jana(), "local", "");
    const auto one = identity->open({Session::Kind::resident, made->id, "low", "password", "Handy", false}, "");
    const auto two = identity->open({Session::Kind::resident, made->id, "low", "password", "Rechner", false}, "");
    const auto all = identity->sessions(Session::Kind::resident, made->id, two->token);
    ASSERT_EQ(all.size(), 2u);
    for (const auto& info : all)
        if (!info.current) {
            EXPECT_TRUE(identity->end_session(info.id, Session::Kind::resident, made->id));
        }
    EXPECT_FALSE(identity->session(one->token));
    EXPECT_TRUE(identity->session(two->token));
    EXPECT_FALSE(identity->end_session(all.front().id, Session::Kind::resident, "account:x"));
    accounts->remove(made->id);
    EXPECT_FALSE(identity->session(two->token));
    EXPECT_FALSE(accounts->account(made->id));
}

INSTANTIATE_TEST_SUITE_P(Engines, AccountsStore, testing::ValuesIn(store::kEngines));

}  // namespace
}  // namespace kiepe::identity
