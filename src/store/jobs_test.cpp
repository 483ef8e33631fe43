#include "store/jobs.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <stdexcept>
#include <thread>

#include "base/date.h"
#include "base/log.h"
#include "store/test_database.h"

namespace kiepe::store {
namespace {

using std::chrono::seconds;
const Moment kNow = *parse_moment("2026-11-24T10:00:00.000Z");

class Jobs : public OnBothEngines {
protected:
    void SetUp() override {
        OnBothEngines::SetUp();
        log::set_least(log::Level::error);
        if (!IsSkipped()) database().migrate(migrations(), kNow);
    }
    void add(const std::string& kind, Moment due = kNow, const std::string& key = {}) {
        database().write([&](Session& session) { enqueue(session, kind, "{}", due, key); });
    }
    std::optional<Job> take(Moment now = kNow) { return take_job(database(), now, seconds(60)); }
    std::int64_t failed() {
        std::int64_t out = 0;
        database().read([&](Session& session) { out = failed_jobs(session); });
        return out;
    }
    static std::map<std::string, Worker::Handler> counting(std::atomic<int>& runs) {
        return {{"mail", [&](const Job&) { ++runs; }}};
    }
};

TEST_P(Jobs, are_taken_when_due_earliest_first) {
    add("later", kNow + seconds(10));
    add("second", kNow - seconds(1));
    add("first", kNow - seconds(2));
    EXPECT_EQ(take()->kind, "first");
    const auto second = take();
    EXPECT_EQ(second->kind, "second");
    EXPECT_EQ(second->due, kNow - seconds(1));
    EXPECT_EQ(second->payload, "{}");
    EXPECT_FALSE(take());
    EXPECT_EQ(take(kNow + seconds(10))->kind, "later");
}

TEST_P(Jobs, come_back_when_the_lease_ends_without_an_answer) {
    add("mail");
    EXPECT_EQ(take()->attempts, 1);
    EXPECT_FALSE(take(kNow + seconds(59)));
    EXPECT_EQ(take(kNow + seconds(60))->attempts, 2);
}

TEST_P(Jobs, are_gone_when_finished) {
    add("mail");
    finish_job(database(), take()->id, kNow);
    EXPECT_FALSE(take(kNow + std::chrono::hours(1000)));
}

TEST_P(Jobs, are_tried_again_after_longer_and_longer_pauses_then_set_aside) {
    add("mail");
    const int pauses[] = {10, 60, 600, 3600, 21600, 21600, 21600, 21600, 21600, 21600, 21600};
    Moment now = kNow;
    for (const int pause : pauses) {
        fail_job(database(), take(now)->id, "mail.refused", now);
        EXPECT_FALSE(take(now + seconds(pause - 1)));
        now += seconds(pause);
    }
    EXPECT_EQ(failed(), 0);
    fail_job(database(), take(now)->id, "mail.refused", now);
    EXPECT_EQ(failed(), 1);
    EXPECT_FALSE(take(now + std::chrono::hours(1000)));
}

TEST_P(Jobs, that_end_the_process_each_time_are_set_aside_too) {
    add("mail");
    Moment now = kNow;
    for (int i = 0; i < 12; ++i, now += seconds(60)) ASSERT_TRUE(take(now));
    EXPECT_FALSE(take(now));
    EXPECT_EQ(failed(), 1);
}

TEST_P(Jobs, wait_once_for_each_key) {
    add("remind", kNow, "case-1");
    add("remind", kNow, "case-1");
    add("remind", kNow, "case-2");
    add("remind");
    add("remind");
    int taken = 0;
    while (take()) ++taken;
    EXPECT_EQ(taken, 4);
}

TEST_P(Jobs, with_a_key_are_not_swallowed_by_one_that_already_runs) {
    add("decide", kNow, "case-1");
    const auto running = take();
    add("decide", kNow, "case-1");
    fail_job(database(), running->id, "decide.busy", kNow);  // the newer one does the work
    EXPECT_TRUE(take());
    EXPECT_FALSE(take(kNow + seconds(30)));
}

TEST_P(Jobs, can_be_cancelled_by_key) {
    add("remind", kNow, "case-1");
    database().write([](Session& session) { cancel_jobs(session, "case-1"); });
    EXPECT_FALSE(take());
}

TEST_P(Jobs, go_back_with_the_transaction_that_added_them) {
    EXPECT_THROW(database().write([](Session& session) {
        enqueue(session, "mail", "{}", kNow);
        throw std::runtime_error("no");
    }), std::runtime_error);
    EXPECT_FALSE(take());
}

TEST_P(Jobs, are_taken_by_one_of_many) {
    database().write([](Session& session) {
        for (int i = 0; i < 40; ++i) enqueue(session, "mail", "{}", kNow);
    });
    std::vector<std::thread> takers;
    std::mutex mutex;
    std::multiset<std::int64_t> ids;
    for (int i = 0; i < 4; ++i) {
        takers.emplace_back([&] {
            while (const auto job = take()) {
                std::lock_guard lock(mutex);
                ids.insert(job->id);
            }
        });
    }
    for (auto& taker : takers) taker.join();
    EXPECT_EQ(ids.size(), 40u);
    EXPECT_EQ(std::set<std::int64_t>(ids.begin(), ids.end()).size(), 40u);
}

TEST_P(Jobs, run_in_the_worker_that_knows_their_kind) {
    const FixedClock clock(kNow);
    std::atomic<int> runs = 0;
    add("unknown", kNow - seconds(5));
    add("mail");
    add("mail");
    Worker worker(database(), clock, counting(runs), false);
    EXPECT_EQ(worker.run_due(), 2);
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(worker.run_due(), 0);
    EXPECT_EQ(take()->kind, "unknown");
}

TEST_P(Jobs, that_throw_are_tried_again) {
    FixedClock clock(kNow);
    int runs = 0;
    add("mail");
    Worker worker(database(), clock, {{"mail", [&](const Job&) { if (++runs == 1) throw std::runtime_error("Frau Beispiel!"); }}}, false);
    EXPECT_EQ(worker.run_due(), 1);
    clock.advance(seconds(10));
    EXPECT_EQ(worker.run_due(), 1);
    EXPECT_EQ(worker.run_due(), 0);
    EXPECT_EQ(runs, 2);
}

TEST_P(Jobs, run_soon_after_a_poke) {
    const FixedClock clock(kNow);
    std::atomic<int> runs = 0;
    Worker worker(database(), clock, counting(runs));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    add("mail");
    worker.poke();
    for (int i = 0; i < 80 && runs == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_EQ(runs, 1);
}

INSTANTIATE_TEST_SUITE_P(Engines, Jobs, testing::ValuesIn(kEngines));

}  // namespace
}  // namespace kiepe::store
