#include "identity/identity.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "base/date.h"
#include "base/id.h"
#include "identity/passwords.h"
#include "identity/sql.h"
#include "store/query_plan.h"
#include "store/test_database.h"

namespace kiepe::identity {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

SqlText both(std::string_view text) { return {text, text}; }

class TwoPersons final : public SignIn {
public:
    std::vector<Person> invented_persons() const override { return {{.subject = "demo:jana", .first_name = "Jana", .last_name = "B", .email = {}}}; }
    std::optional<Person> person(std::string_view subject) const override {
        if (subject != "demo:jana") return std::nullopt;
        return invented_persons()[0];
    }
};

class Identities : public store::OnBothEngines {
protected:
    void SetUp() override {
        OnBothEngines::SetUp();
        if (IsSkipped()) return;
        database().migrate(Identity::migrations(), clock.now());
        identity = std::make_unique<Identity>(database(), clock, std::make_shared<TwoPersons>());
    }
    void add_berger(const std::string& password = "correct horse") {
        identity->put_staff({"berger", "Frau Berger", "buergerbuero", {"case_workers", "parking_clerk"}, "0251 1"}, password);
    }
    Result<Session> try_berger(const std::string& password = "correct horse", const std::string& client = "192.0.2.1") {
        return identity->sign_in_staff("berger", password, "", client);
    }

    FixedClock clock{*parse_moment("2026-11-24T10:00:00.000Z")};
    std::unique_ptr<Identity> identity;
};

TEST_P(Identities, begin_a_session_that_only_its_token_opens) {
    const auto begun = identity->begin_anonymous();
    EXPECT_EQ(begun.token.size(), 26u);
    const auto found = identity->session(begun.token);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->kind, Session::Kind::anonymous);
    EXPECT_EQ(found->csrf, begun.csrf);
    EXPECT_EQ(identity->csrf_of(begun.token), begun.csrf);
    EXPECT_NE(begun.csrf, begun.token);
    for (const auto& wrong : {std::string(), random_token(), begun.token + "x", std::string("\0\xff'", 3)}) {
        EXPECT_FALSE(identity->session(wrong));
        EXPECT_FALSE(identity->csrf_of(wrong));
    }
}

TEST_P(Identities, store_no_token_and_no_csrf_secret) {
    const auto begun = identity->begin_anonymous();
    database().read([&](store::Session& session) {
        const auto rows = session.query(both("select hash, subject from sessions"));
        ASSERT_EQ(rows.size(), 1u);
        EXPECT_NE(rows[0].text(0), begun.token);
        EXPECT_NE(rows[0].text(0), begun.csrf);
    });
}

TEST_P(Identities, sign_residents_in_with_a_new_token_each_time) {
    const auto before = identity->begin_anonymous();
    const auto signed_in = identity->sign_in_resident("demo:jana", before.token);
    ASSERT_TRUE(signed_in);
    EXPECT_NE(signed_in->token, before.token);
    EXPECT_FALSE(identity->session(before.token));
    const auto found = identity->session(signed_in->token);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->kind, Session::Kind::resident);
    ASSERT_TRUE(found->person);
    EXPECT_EQ(found->person->first_name, "Jana");
    EXPECT_FALSE(found->staff);
}

TEST_P(Identities, know_nobody_whom_the_provider_does_not_know) {
    const auto before = identity->begin_anonymous();
    EXPECT_FALSE(identity->sign_in_resident("demo:nobody", before.token));
    EXPECT_TRUE(identity->session(before.token));
}

TEST_P(Identities, end_sessions_on_the_server) {
    const auto session = identity->sign_in_resident("demo:jana", "");
    identity->end(session->token);
    EXPECT_FALSE(identity->session(session->token));
    identity->end("unknown");
    identity->end("");
}

TEST_P(Identities, end_idle_sessions_after_half_an_hour) {
    const auto session = identity->sign_in_resident("demo:jana", "");
    clock.advance(minutes(29));
    EXPECT_TRUE(identity->session(session->token));
    clock.advance(minutes(29));
    EXPECT_TRUE(identity->session(session->token));
    clock.advance(minutes(30));
    EXPECT_FALSE(identity->session(session->token));
    EXPECT_FALSE(identity->csrf_of(session->token));
}

TEST_P(Identities, end_busy_sessions_at_their_absolute_limit) {
    add_berger();
    const auto resident = identity->sign_in_resident("demo:jana", "");
    const auto clerk = try_berger();
    ASSERT_TRUE(clerk);
    const auto begun = identity->begin_anonymous();
    for (int i = 0; i < 5; ++i) {
        clock.advance(minutes(20));
        EXPECT_TRUE(identity->session(resident->token));
        EXPECT_TRUE(identity->session(clerk->token));
    }
    clock.advance(minutes(20));  // 2 hours
    EXPECT_FALSE(identity->session(resident->token));
    for (int i = 0; i < 17; ++i) {
        EXPECT_TRUE(identity->session(clerk->token));
        clock.advance(minutes(20));
    }
    clock.advance(minutes(20));  // 8 hours
    EXPECT_FALSE(identity->session(clerk->token));
    EXPECT_TRUE(identity->session(begun.token));
    clock.advance(hours(16));
    EXPECT_FALSE(identity->session(begun.token));
}

TEST_P(Identities, never_revive_a_dead_session) {
    const auto session = identity->sign_in_resident("demo:jana", "");
    clock.advance(hours(3));
    EXPECT_EQ(identity->end_expired(), 1);
    clock.advance(-hours(3));
    EXPECT_FALSE(identity->session(session->token));
}

TEST_P(Identities, sign_staff_in_with_the_right_password_only) {
    add_berger();
    EXPECT_EQ(try_berger("wrong password").error().code, "sign_in_failed");
    EXPECT_EQ(identity->sign_in_staff("nobody", "correct horse", "", "192.0.2.1").error().code, "sign_in_failed");
    EXPECT_EQ(identity->sign_in_staff("berger' or '1'='1", "correct horse", "", "192.0.2.1").error().code, "sign_in_failed");
    EXPECT_EQ(try_berger(std::string(100000, 'x')).error().code, "sign_in_failed");
    const auto session = try_berger();
    ASSERT_TRUE(session);
    const auto found = identity->session(session->token);
    ASSERT_TRUE(found && found->staff);
    EXPECT_EQ(found->staff->name, "Frau Berger");
    EXPECT_EQ(found->staff->office, "buergerbuero");
    EXPECT_EQ(found->staff->roles, (std::set<std::string>{"case_workers", "parking_clerk"}));
    EXPECT_FALSE(found->person);
}

TEST_P(Identities, slow_down_who_guesses_one_name) {
    add_berger();
    for (int i = 0; i < 10; ++i) EXPECT_EQ(try_berger("guess number " + std::to_string(i), std::to_string(i)).error().code, "sign_in_failed");
    EXPECT_EQ(try_berger("correct horse", "198.51.100.7").error().code, "sign_in_throttled");
    clock.advance(minutes(15));
    EXPECT_TRUE(try_berger());
}

TEST_P(Identities, slow_down_a_client_that_guesses_many_names) {
    const auto from = sha256_hex("client:192.0.2.1");
    database().write([&](store::Session& session) {
        for (int i = 0; i < 30; ++i) session.run(sql::failure_insert, {random_id(), from, to_iso(clock.now())});
    });
    add_berger();
    EXPECT_EQ(try_berger().error().code, "sign_in_throttled");
    EXPECT_TRUE(try_berger("correct horse", "192.0.2.2"));
    clock.advance(minutes(16));
    identity->end_expired();
    database().read([](store::Session& session) {
        EXPECT_EQ(session.query(both("select count(*) from sign_in_failures"))[0].number(0), 0);
    });
}

TEST_P(Identities, keep_passwords_as_argon2id) {
    add_berger();
    database().read([](store::Session& session) {
        EXPECT_TRUE(session.query(both("select password from staff_accounts"))[0].text(0).starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    });
    EXPECT_THROW(add_berger("short"), std::logic_error);
}

TEST_P(Identities, end_the_sessions_of_a_changed_password_but_of_nothing_else) {
    add_berger();
    const auto session = try_berger();
    ASSERT_TRUE(session);
    identity->put_staff({"berger", "Frau Berger-Klein", "buergerbuero", {"case_workers"}, "0251 2"}, "correct horse");
    ASSERT_TRUE(identity->session(session->token));
    EXPECT_EQ(identity->session(session->token)->staff->name, "Frau Berger-Klein");
    add_berger("another password");
    EXPECT_FALSE(identity->session(session->token));
    EXPECT_FALSE(try_berger());
    EXPECT_TRUE(try_berger("another password"));
}

TEST_P(Identities, list_staff_by_login_name) {
    add_berger();
    identity->put_staff({"albers", "Herr Albers", "wohngeldstelle", {}, ""}, "another password");
    const auto all = identity->all_staff();
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].id, "albers");
    EXPECT_TRUE(all[0].roles.empty());
    EXPECT_FALSE(identity->staff("nobody"));
}

TEST_P(Identities, write_down_who_read_a_case_and_why) {
    const Staff berger{"berger", "Frau Berger", "buergerbuero", {}, ""};
    identity->record_access(7, berger, "access_task");
    clock.advance(minutes(5));
    identity->record_access(7, berger, "access_task");    // still the same reading
    identity->record_access(7, berger, "access_search");
    identity->record_access(8, berger, "access_task");
    clock.advance(minutes(40));
    identity->record_access(7, berger, "access_task");
    const auto seen = identity->accesses(7);
    ASSERT_EQ(seen.size(), 3u);
    EXPECT_EQ(seen[0].reason, "access_task");
    EXPECT_EQ(seen[0].staff_name, "Frau Berger");
    EXPECT_EQ(seen[1].reason, "access_search");
    EXPECT_EQ(seen[2].at, clock.now());
    EXPECT_TRUE(identity->accesses(9).empty());
}

TEST_P(Identities, serve_statements_from_indexes) {
    const auto scans = store::full_scans(database(), {sql::session_by_hash, sql::session_touch, sql::session_delete, sql::sessions_delete_dead,
        sql::sessions_delete_of_staff, sql::staff_by_id, sql::staff_all, sql::failures_count, sql::failures_delete_of, sql::failures_delete_old,
        sql::access_insert, sql::accesses_of_case, sql::sessions_of, sql::session_delete_of, sql::sessions_delete_others, sql::account_by_id,
        sql::account_by_email, sql::account_by_identity, sql::account_identities_of, sql::credential_by_id, sql::credentials_of, sql::credential_used,
        sql::credential_delete, sql::credentials_delete_of}, {"staff_accounts"});
    EXPECT_EQ(scans, std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(Engines, Identities, testing::ValuesIn(store::kEngines));

TEST(Passwords, take_as_long_for_a_name_that_does_not_exist) {
    Passwords passwords;
    const auto hash = passwords.hash("correct horse");
    const auto took = [&](const std::optional<std::string>& known) {
        const auto begin = std::chrono::steady_clock::now();
        EXPECT_EQ(passwords.matches(known, "wrong password"), false);
        return std::chrono::steady_clock::now() - begin;
    };
    EXPECT_GT(took(std::nullopt) * 5, took(hash));
    EXPECT_EQ(passwords.matches(hash, "correct horse"), true);
}

}  // namespace
}  // namespace kiepe::identity
