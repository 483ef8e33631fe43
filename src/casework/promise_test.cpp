#include "casework/promise.h"

#include <gtest/gtest.h>

#include "base/date.h"

namespace kiepe::casework {
namespace {

Day day(const char* iso) { return parse_day(iso).value(); }

catalogue::Service promising(int count, catalogue::Period::Unit unit) {
    catalogue::Service service;
    service.promise.answer = {count, unit};
    service.promise.starts = "received";
    return service;
}

std::vector<store::Event> submitted_on(const char* iso) {
    store::Event event;
    event.kind = "submitted";
    event.at = start_of(day(iso)) + std::chrono::hours(10);
    return {event};
}

/// BGB section 193.
TEST(Promise, of_weeks_or_months_never_ends_on_a_day_without_work) {
    const std::set<Day> holidays{day("2026-10-03"), day("2026-12-25"), day("2026-12-26")};
    EXPECT_EQ(promise_of(promising(1, catalogue::Period::Unit::months), submitted_on("2026-10-22"), day("2026-10-22"), holidays).due, day("2026-11-23"));  // a Sunday
    EXPECT_EQ(promise_of(promising(1, catalogue::Period::Unit::months), submitted_on("2026-11-25"), day("2026-11-25"), holidays).due, day("2026-12-28"));  // Christmas, then a weekend
    EXPECT_EQ(promise_of(promising(2, catalogue::Period::Unit::weeks), submitted_on("2026-11-24"), day("2026-11-24"), holidays).due, day("2026-12-08"));
}

TEST(Promise, of_working_days_leaves_out_weekends_and_holidays) {
    const std::set<Day> holidays{day("2026-12-25"), day("2026-12-26")};
    EXPECT_EQ(promise_of(promising(20, catalogue::Period::Unit::working_days), submitted_on("2026-12-01"), day("2026-12-01"), holidays).due, day("2026-12-30"));
}

}  // namespace
}  // namespace kiepe::casework
