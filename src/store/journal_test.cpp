#include "store/journal.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

#include "base/date.h"
#include "store/test_database.h"

namespace kiepe::store {
namespace {

SqlText both(std::string_view text) { return {text, text}; }
const Moment kNow = *parse_moment("2026-11-24T10:00:00.000Z");

class Journal : public OnBothEngines {
protected:
    void SetUp() override {
        OnBothEngines::SetUp();
        if (!IsSkipped()) database().migrate(migrations(), kNow);
    }
    Event add(std::int64_t case_id, const std::string& kind, std::optional<std::string> payload = {}, const std::string& day = {}) {
        Event out;
        database().write([&](Session& session) { out = append(session, case_id, kind, kNow, "applicant", "", payload, day); });
        return out;
    }
    std::optional<Broken> verified() {
        std::optional<Broken> out;
        database().read([&](Session& session) { out = verify_all(session); });
        return out;
    }
    std::vector<Event> all(std::int64_t case_id) {
        std::vector<Event> out;
        database().read([&](Session& session) { out = events(session, case_id); });
        return out;
    }
    void run(std::string_view statement) {
        database().write([&](Session& session) { session.run(both(statement)); });
    }
    /// What somebody with all rights over the database can do.
    void run_without_triggers(std::string_view statement) {
        database().write([&](Session& session) {
            session.run({"drop trigger events_are_never_changed", "drop trigger events_are_never_changed on events"});
            session.run({"drop trigger payloads_are_never_changed", "drop trigger payloads_are_never_changed on event_payloads"});
            if (sqlite()) session.run(both("drop trigger events_are_never_deleted"));
            session.run(both(statement));
        });
    }
};

TEST_P(Journal, numbers_and_chains_the_events_of_each_case) {
    add(7, "submitted", R"({"a":1})");
    add(8, "submitted");
    add(7, "decided");
    const auto seven = all(7);
    ASSERT_EQ(seven.size(), 2u);
    EXPECT_EQ(seven[0].number, 1);
    EXPECT_EQ(seven[0].payload, R"({"a":1})");
    EXPECT_EQ(seven[1].number, 2);
    EXPECT_EQ(seven[1].kind, "decided");
    EXPECT_EQ(seven[1].at, kNow);
    EXPECT_EQ(seven[1].payload, std::nullopt);
    EXPECT_FALSE(seven[1].payload_deleted);
    EXPECT_NE(seven[0].hash, seven[1].hash);
    database().read([&](Session& session) {
        EXPECT_EQ(last_event(session, 7)->number, 2);
        EXPECT_FALSE(last_event(session, 9));
    });
    EXPECT_FALSE(verified());
}

TEST_P(Journal, salts_equal_payloads_differently) {
    EXPECT_NE(add(1, "submitted", "{}").payload_hash, add(2, "submitted", "{}").payload_hash);
}

TEST_P(Journal, refuses_every_change_of_an_event) {
    add(1, "submitted", "{}");
    EXPECT_THROW(run("update events set kind = 'decided'"), Failure);
    EXPECT_THROW(run("delete from events"), Failure);
    EXPECT_THROW(run("delete from events where case_id = 1"), Failure);
    EXPECT_THROW(run("insert into events (case_id, number, kind, at, role, actor, payload_hash, hash) values (1, 1, 'x', '', '', '', '', '') "
                     "on conflict (case_id, number) do update set kind = 'x'"), Failure);
    EXPECT_THROW(run("update event_payloads set payload = '[]'"), Failure);
    EXPECT_THROW(run("update event_payloads set salt = null"), Failure);
    if (sqlite()) {
        EXPECT_THROW(run("insert or replace into events (case_id, number, kind, at, role, actor, payload_hash, hash) "
                         "values (1, 1, 'x', '', '', '', '', '')"), Failure);
    } else {
        EXPECT_THROW(run("truncate events cascade"), Failure);
    }
    EXPECT_EQ(all(1).at(0).kind, "submitted");
    EXPECT_FALSE(verified());
}

TEST_P(Journal, finds_a_changed_event) {
    add(1, "submitted");
    add(1, "decided");
    run_without_triggers("update events set actor = 'somebody' where number = 1");
    const auto broken = verified();
    ASSERT_TRUE(broken);
    EXPECT_EQ(broken->case_id, 1);
    EXPECT_EQ(broken->number, 1);
    EXPECT_EQ(broken->what, "hash");
}

TEST_P(Journal, finds_a_missing_event) {
    add(1, "submitted");
    add(1, "asked");
    add(1, "decided");
    run_without_triggers("delete from events where number = 2");
    ASSERT_TRUE(verified());
    EXPECT_EQ(verified()->what, "number");
}

TEST_P(Journal, finds_a_changed_payload) {
    add(1, "submitted", R"({"income":100})");
    run_without_triggers(R"(update event_payloads set payload = '{"income":900}')");
    ASSERT_TRUE(verified());
    EXPECT_EQ(verified()->what, "payload");
}

TEST_P(Journal, finds_a_payload_that_went_without_an_event) {
    add(1, "submitted", "{}");
    run("delete from event_payloads");
    ASSERT_TRUE(verified());
    EXPECT_EQ(verified()->what, "payload");
}

TEST_P(Journal, still_verifies_after_payloads_went_on_their_day) {
    add(1, "submitted", R"({"name":"Jana"})", "2026-12-01");
    add(1, "decided", R"({"sum":1})", "2027-12-01");
    add(2, "submitted", "{}");
    const auto sweep = [&](const std::string& today) {
        int deleted = 0;
        database().write([&](Session& session) { deleted = delete_due_payloads(session, today, kNow); });
        return deleted;
    };
    EXPECT_EQ(sweep("2026-12-01"), 0);
    EXPECT_EQ(sweep("2026-12-02"), 1);
    EXPECT_EQ(sweep("2026-12-02"), 0);
    const auto left = all(1);
    ASSERT_EQ(left.size(), 3u);
    EXPECT_TRUE(left[0].payload_deleted);
    EXPECT_FALSE(left[0].payload);
    EXPECT_EQ(left[1].payload, R"({"sum":1})");
    EXPECT_EQ(left[2].kind, "payload_deleted");
    EXPECT_EQ(all(2).size(), 1u);
    EXPECT_FALSE(verified());
}

TEST_P(Journal, keeps_the_record_of_a_deletion_when_the_case_ends) {
    add(1, "submitted", "{}", "2026-12-01");
    add(1, "decided", "{}");
    database().write([](Session& session) {
        delete_due_payloads(session, "2026-12-02", kNow);
        set_deletion_day(session, 1, "2027-01-01");
    });
    database().write([](Session& session) { EXPECT_EQ(delete_due_payloads(session, "2030-01-01", kNow), 1); });
    EXPECT_EQ(all(1).size(), 4u);
    EXPECT_FALSE(verified());
}

TEST_P(Journal, takes_only_known_roles_and_plain_kinds) {
    database().write([](Session& session) {
        EXPECT_THROW(append(session, 1, "Sub mitted", kNow, "clerk", "", {}), std::logic_error);
        EXPECT_THROW(append(session, 1, "submitted", kNow, "mayor", "", {}), std::logic_error);
        EXPECT_THROW(append(session, 1, "submitted", kNow, "clerk", "a\nb", {}), std::logic_error);
    });
    EXPECT_TRUE(all(1).empty());
}

TEST_P(Journal, keeps_one_chain_when_many_append_to_a_case_at_once) {
    std::vector<std::thread> writers;
    for (int i = 0; i < 8; ++i) {
        writers.emplace_back([&] {
            for (int n = 0; n < 5; ++n) add(1, "noted", "{}");
        });
    }
    for (auto& writer : writers) writer.join();
    EXPECT_EQ(all(1).size(), 40u);
    EXPECT_FALSE(verified());
}

INSTANTIATE_TEST_SUITE_P(Engines, Journal, testing::ValuesIn(kEngines));

}  // namespace
}  // namespace kiepe::store
