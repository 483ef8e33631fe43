#include "store/store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <limits>
#include <stdexcept>
#include <thread>

#include "base/date.h"
#include "store/jobs.h"
#include "store/query_plan.h"
#include "store/sql.h"
#include "store/test_database.h"

namespace kiepe::store {
namespace {

SqlText both(std::string_view text) { return {text, text}; }
const Moment kNow = *parse_moment("2026-11-24T10:00:00.000Z");

class Store : public OnBothEngines {
protected:
    void SetUp() override {
        OnBothEngines::SetUp();
        if (IsSkipped()) return;
        database().write([](Session& session) {
            session.run(both("create table things (id bigint not null primary key, name text, done boolean, data bytea, parent bigint "
                             "references things (id), amount bigint check (amount is null or amount >= 0))"));
        });
    }
    void add(std::int64_t id, const std::string& name = "x") {
        database().write([&](Session& session) { insert(session, id, name); });
    }
    static void insert(Session& session, std::int64_t id, const std::string& name = "x", Datum amount = {}) {
        session.run(both("insert into things (id, name, amount) values ($1, $2, $3)"), {id, name, std::move(amount)});
    }
    std::int64_t count() {
        std::int64_t n = -1;
        database().read([&](Session& session) { n = session.query(both("select count(*) from things"))[0].number(0); });
        return n;
    }
    Failure::Kind kind_of(const std::function<void(Session&)>& work) {
        try {
            database().write(work);
        } catch (const Failure& failure) {
            return failure.kind;
        }
        ADD_FAILURE() << "it did not fail";
        return Failure::Kind::other;
    }
};

TEST_P(Store, gives_values_back_as_they_went_in) {
    const std::string bytes("\0\xff'\\\n\0", 6);
    const auto least = std::numeric_limits<std::int64_t>::min();
    database().write([&](Session& session) {
        session.run(both("insert into things (id, name, done, data) values ($1, $2, $3, $4)"),
                    {least, std::string("Größe 'x' \\ 試し $1"), true, Bytes{bytes}});
        insert(session, std::numeric_limits<std::int64_t>::max(), "");
    });
    database().read([&](Session& session) {
        const auto rows = session.query(both("select id, name, done, data, parent from things order by id"));
        ASSERT_EQ(rows.size(), 2u);
        EXPECT_EQ(rows[0].number(0), least);
        EXPECT_EQ(rows[0].text(1), "Größe 'x' \\ 試し $1");
        EXPECT_TRUE(rows[0].flag(2));
        EXPECT_EQ(rows[0].bytes(3), bytes);
        EXPECT_TRUE(rows[0].is_null(4));
        EXPECT_EQ(rows[0].text(4), "");
        EXPECT_THROW(rows[0].number(1), std::logic_error);
        EXPECT_TRUE(rows[1].is_null(2));
        EXPECT_FALSE(rows[1].is_null(1));
    });
}

TEST_P(Store, reads_sums_as_whole_numbers) {
    database().write([&](Session& session) {
        insert(session, 1, "a", std::int64_t{123456789012});
        insert(session, 2, "b", std::int64_t{10000});
    });
    database().read([&](Session& session) {
        EXPECT_EQ(session.query(both("select sum(amount) from things"))[0].number(0), 123456799012);
        EXPECT_EQ(session.query(both("select -sum(amount) from things where id = 2"))[0].number(0), -10000);
        EXPECT_TRUE(session.query(both("select sum(amount) from things where id = 7"))[0].is_null(0));
    });
}

TEST_P(Store, takes_numbered_parameters_in_any_order_and_more_than_once) {
    add(1, "one");
    database().read([&](Session& session) {
        const auto named = both("select name from things where name = $2 and id = $1 and $2 = name");
        EXPECT_EQ(session.query(named, {std::int64_t{1}, std::string("one")}).size(), 1u);
        const auto optional = both("select name from things where cast($1 as text) is null or name = $1");
        EXPECT_EQ(session.query(optional, {Datum{}}).size(), 1u);
        EXPECT_EQ(session.query(optional, {std::string("two")}).size(), 0u);
    });
}

TEST_P(Store, tells_what_kind_of_constraint_failed) {
    add(1);
    EXPECT_EQ(kind_of([](Session& session) { insert(session, 1); }), Failure::Kind::unique);
    EXPECT_EQ(kind_of([](Session& session) { insert(session, 2, "x", std::int64_t{-1}); }), Failure::Kind::constraint);
    EXPECT_EQ(kind_of([](Session& session) { session.run(both("insert into things (id, parent) values (3, 99)")); }),
              Failure::Kind::foreign_key);
    EXPECT_EQ(kind_of([](Session& session) { session.run(both("insert into nowhere (id) values (3)")); }), Failure::Kind::other);
    EXPECT_EQ(count(), 1);
}

TEST_P(Store, rolls_back_only_the_write_that_throws) {
    std::vector<std::thread> writers;
    std::atomic<int> thrown = 0;
    for (int i = 0; i < 32; ++i) {
        writers.emplace_back([&, i] {
            try {
                database().write([&](Session& session) {
                    insert(session, i);
                    if (i % 4 == 0) throw std::runtime_error("changed my mind");
                });
            } catch (const std::runtime_error&) {
                ++thrown;
            }
        });
    }
    for (auto& writer : writers) writer.join();
    EXPECT_EQ(thrown, 8);
    EXPECT_EQ(count(), 24);
}

TEST_P(Store, keeps_nothing_of_a_write_that_swallowed_a_failure) {
    add(1);
    EXPECT_EQ(kind_of([](Session& session) {
                  insert(session, 2);
                  try {
                      insert(session, 1);
                  } catch (const Failure&) {
                  }
              }),
              Failure::Kind::unique);
    EXPECT_EQ(count(), 1);
    add(3);
    EXPECT_EQ(count(), 2);
}

TEST_P(Store, refuses_to_write_in_a_read) {
    EXPECT_THROW(database().read([](Session& session) { insert(session, 1); }), Failure);
    EXPECT_EQ(count(), 0);
}

TEST_P(Store, reads_one_moment_while_others_write) {
    add(1);
    database().read([&](Session& session) {
        const auto counted = [&] { return session.query(both("select count(*) from things"))[0].number(0); };
        EXPECT_EQ(counted(), 1);
        add(2);
        EXPECT_EQ(counted(), 1);
    });
    EXPECT_EQ(count(), 2);
}

TEST_P(Store, loses_no_update_when_many_read_and_write_the_same_row) {
    database().write([](Session& session) { insert(session, 1, "counter", std::int64_t{0}); });
    std::vector<std::thread> writers;
    for (int i = 0; i < 8; ++i) {
        writers.emplace_back([&] {
            for (int n = 0; n < 10; ++n) {
                database().write([](Session& session) {
                    const auto before = session.query(both("select amount from things where id = 1"))[0].number(0);
                    session.run(both("update things set amount = $1 where id = 1"), {before + 1});
                });
            }
        });
    }
    for (auto& writer : writers) writer.join();
    database().read([](Session& session) { EXPECT_EQ(session.query(both("select amount from things"))[0].number(0), 80); });
}

TEST_P(Store, does_something_once_for_one_key_however_many_ask) {
    database().migrate(migrations(), kNow);
    std::vector<std::thread> writers;
    std::atomic<int> agreed = 0;
    for (int i = 0; i < 16; ++i) {
        writers.emplace_back([&, i] {
            std::string result;
            database().write([&](Session& session) {
                if (const auto before = remembered(session, "form-1")) {
                    result = *before;
                    return;
                }
                result = std::to_string(i);
                insert(session, i);
                remember(session, "form-1", result, kNow);
            });
            database().read([&](Session& session) { agreed += result == remembered(session, "form-1") ? 1 : 0; });
        });
    }
    for (auto& writer : writers) writer.join();
    EXPECT_EQ(count(), 1);
    EXPECT_EQ(agreed, 16);
    database().write([](Session& session) {
        EXPECT_EQ(forget_old_keys(session, kNow + std::chrono::hours(24 * 14)), 0);
        EXPECT_EQ(forget_old_keys(session, kNow + std::chrono::hours(24 * 15)), 1);
    });
}

TEST_P(Store, counts_changed_rows) {
    add(1);
    add(2);
    database().write([](Session& session) {
        EXPECT_EQ(session.run(both("update things set name = 'y'")), 2);
        EXPECT_EQ(session.run(both("update things set name = 'y' where id = 9")), 0);
        EXPECT_EQ(session.query(both("delete from things where id = 1 returning name"))[0].text(0), "y");
    });
}

TEST_P(Store, migrates_once_and_notices_an_edited_file) {
    const Migration first{"room", 1, both("create table a (id bigint)\n--;\ncreate table b (id bigint)\n")};
    database().migrate({first}, kNow);
    database().migrate({first}, kNow);
    EXPECT_THROW(database().migrate({{"room", 1, both("create table c (id bigint)")}}, kNow), Failure);
    database().write([](Session& session) { session.run(both("insert into b (id) values (1)")); });
}

TEST_P(Store, leaves_nothing_of_a_migration_that_breaks_half_way) {
    EXPECT_THROW(database().migrate({{"room", 1, both("create table a (id bigint)\n--;\ncreate nonsense")}}, kNow), Failure);
    database().migrate({{"room", 1, both("create table a (id bigint)")}}, kNow);
}

TEST_P(Store, migrates_once_when_two_instances_start_together) {
    auto second = open(test_database().where());
    std::thread other([&] { second->migrate(migrations(), kNow); });
    database().migrate(migrations(), kNow);
    other.join();
}

TEST_P(Store, writes_from_two_instances_in_turn) {
    auto second = open(test_database().where());
    std::thread other([&] {
        for (int i = 0; i < 50; ++i) second->write([&](Session& session) { insert(session, 1000 + i); });
    });
    for (int i = 0; i < 50; ++i) add(i);
    other.join();
    EXPECT_EQ(count(), 100);
}

TEST_P(Store, copies_everything_into_one_file) {
    for (int i = 0; i < 20; ++i) add(i);
    const auto file = std::filesystem::temp_directory_path() / ("kiepe-backup-" + random_token());
    database().backup(file);
    EXPECT_GT(std::filesystem::file_size(file), 500u);
    if (sqlite()) {
        open("sqlite:" + file.string())->read([](Session& session) {
            EXPECT_EQ(session.query(both("select count(*) from things"))[0].number(0), 20);
        });
    }
    for (const auto* end : {"", "-wal", "-shm", "-writer"}) std::filesystem::remove(file.string() + end);
}

TEST_P(Store, has_everything_after_it_was_closed_and_opened) {
    add(1);
    test_database().reopen();
    EXPECT_EQ(count(), 1);
}

TEST_P(Store, goes_on_after_the_server_cut_all_connections) {
    if (sqlite()) GTEST_SKIP() << "SQLite has no connections to lose";
    add(1);
    open(test_database().where())->write([](Session& session) {
        session.query({{}, "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'"});
    });
    add(2);
    EXPECT_EQ(count(), 2);
}

TEST_P(Store, refuses_a_write_inside_a_write_where_it_would_wait_for_itself) {
    if (!sqlite()) GTEST_SKIP() << "PostgreSQL takes a second connection";
    EXPECT_THROW(database().write([&](Session&) { add(1); }), std::logic_error);
}

TEST_P(Store, refuses_a_wrong_number_of_parameters) {
    const auto statement = both("select name from things where id = $1");
    EXPECT_ANY_THROW(database().read([&](Session& session) { session.query(statement); }));
    EXPECT_ANY_THROW(database().read([&](Session& session) { session.query(statement, {std::int64_t{1}, std::int64_t{2}}); }));
}

TEST_P(Store, lets_small_writes_pass_bulk_ones) {
    std::atomic<bool> bulk_runs = false, queued = false;
    std::mutex mutex;
    std::vector<std::string> order;
    const auto note = [&](const char* what) {
        return [&, what](Session& session) {
            insert(session, random_id());
            std::lock_guard lock(mutex);
            order.emplace_back(what);
        };
    };
    std::thread first([&] {
        database().write([&](Session&) {
            bulk_runs = true;
            while (!queued) std::this_thread::yield();
        }, false);
    });
    while (!bulk_runs) std::this_thread::yield();
    std::vector<std::thread> others;
    for (int i = 0; i < 3; ++i) others.emplace_back([&] { database().write(note("bulk"), false); });
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    others.emplace_back([&] { database().write(note("small")); });
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    queued = true;
    first.join();
    for (auto& other : others) other.join();
    ASSERT_EQ(order.size(), 4u);
    if (sqlite()) {
        EXPECT_EQ(order[0], "small");
    }
}

TEST_P(Store, serves_its_own_statements_from_indexes) {
    database().migrate(migrations(), kNow);
    const auto scans = full_scans(database(), {sql::journal_last, sql::journal_events, sql::journal_last_event, sql::journal_next_case,
        sql::journal_due_payloads, sql::journal_delete_payload, sql::journal_set_deletion_day, sql::journal_insert_payload,
        sql::attachment_by_id, sql::attachment_chunk, sql::attachment_complete, sql::attachment_delete, sql::attachment_set_day,
        sql::attachments_delete_due, sql::attachments_delete_incomplete, sql::job_insert, sql::jobs_cancel, sql::job_take,
        sql::job_delete, sql::job_attempts, sql::job_retry, sql::job_set_aside, sql::remembered_by_key, sql::remembered_delete_old,
        sql::migration_hash});
    EXPECT_EQ(scans, std::vector<std::string>{});
    if (sqlite()) {  // the check can see
        EXPECT_EQ(full_scans(database(), {both("select * from events where kind = $1")}).size(), 1u);
        EXPECT_EQ(full_scans(database(), {both("select * from events where kind = $1")}, {"events"}).size(), 0u);
    }
}

INSTANTIATE_TEST_SUITE_P(Engines, Store, testing::ValuesIn(kEngines));

}  // namespace
}  // namespace kiepe::store
