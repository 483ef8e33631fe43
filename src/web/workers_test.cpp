#include "web/workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>

namespace kiepe::web {
namespace {

TEST(Workers, do_every_job_once) {
    std::atomic<int> done{0};
    {
        Workers workers(8, 2);
        for (int i = 0; i < 20000; ++i) workers.post(i % 3 ? Workers::Job::is_short : Workers::Job::waits, [&done] { ++done; });
    }
    EXPECT_EQ(done, 20000) << "also those that were waiting at the end";
}

TEST(Workers, let_waiting_jobs_wait_together) {
    Workers workers(8, 1);
    std::latch together(8);
    for (int i = 0; i < 8; ++i) workers.post(Workers::Job::waits, [&] { together.arrive_and_wait(); });
    together.wait();
}

TEST(Workers, come_to_help_when_short_jobs_turn_out_to_be_long) {
    Workers workers(8, 1);
    std::latch together(8);
    for (int i = 0; i < 8; ++i) workers.post(Workers::Job::is_short, [&] { together.arrive_and_wait(); });
    together.wait();
}

TEST(Workers, go_on_after_a_rest) {
    Workers workers(4, 1);
    for (int round = 0; round < 50; ++round) {
        std::latch done(5);
        for (int i = 0; i < 5; ++i) workers.post(Workers::Job::is_short, [&] { done.count_down(); });
        done.wait();
        if (round % 10 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(3));
    }
}

}  // namespace
}  // namespace kiepe::web
