#include <gtest/gtest.h>

#include "base/date.h"
#include "base/id.h"
#include "base/text.h"

namespace kiepe {
namespace {

Day day(std::string_view iso) { return *parse_day(iso); }

TEST(Dates, days_that_do_not_exist_are_refused) {
    EXPECT_FALSE(parse_day("2026-02-29"));
    EXPECT_FALSE(parse_day("2026-2-1"));
    EXPECT_EQ(to_iso(day("2028-02-29")), "2028-02-29");
}

TEST(Dates, the_citys_day_begins_at_midnight_in_berlin) {
    EXPECT_EQ(to_iso(local_day(*parse_moment("2026-11-24T23:30:00.000Z"))), "2026-11-25");
    EXPECT_EQ(to_iso(local_day(*parse_moment("2026-07-01T22:30:00.000Z"))), "2026-07-02");
    EXPECT_EQ(to_iso(start_of(day("2026-07-02"))), "2026-07-01T22:00:00.000Z");
    EXPECT_EQ(to_iso(start_of(day("2026-03-29"))), "2026-03-28T23:00:00.000Z");
    EXPECT_EQ(to_iso(start_of(day("2026-10-25"))), "2026-10-24T22:00:00.000Z");
}

TEST(Dates, working_days_skip_weekends_and_holidays) {
    std::set<Day> holidays{day("2026-12-25")};
    EXPECT_EQ(to_iso(add_working_days(day("2026-12-24"), 1, holidays)), "2026-12-28");
    EXPECT_EQ(to_iso(add_working_days(day("2026-12-26"), 0, holidays)), "2026-12-28");
    EXPECT_EQ(working_days_between(day("2026-12-21"), day("2026-12-28"), holidays), 4);
}

TEST(Dates, a_month_later_is_the_last_day_where_there_is_no_such_day) {
    EXPECT_EQ(to_iso(add_months(day("2026-01-31"), 1)), "2026-02-28");
    EXPECT_EQ(to_iso(add_months(day("2026-11-30"), 3)), "2027-02-28");
    EXPECT_EQ(to_iso(add_months(day("2026-03-31"), -1)), "2026-02-28");
}

TEST(Ids, tokens_carry_130_bits_and_do_not_repeat) {
    auto a = random_token(), b = random_token();
    EXPECT_EQ(a.size(), 26u);
    EXPECT_NE(a, b);
    EXPECT_GT(random_id(), 0);
}

TEST(Ids, sha256_of_the_standard_s_example) {  // FIPS 180-4, example "abc"
    EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Text, utf8_is_checked_strictly) {
    EXPECT_TRUE(valid_utf8("Straße ✓"));
    EXPECT_FALSE(valid_utf8("\xC0\x80"));
    EXPECT_FALSE(valid_utf8("\xED\xA0\x80"));
    EXPECT_FALSE(valid_utf8(std::string_view("a\0b", 3)));
    EXPECT_EQ(length_utf8("Straße"), 6u);
}

TEST(Text, a_swapped_letter_is_one_mistake) {
    EXPECT_EQ(edit_distance("vehicel", "vehicle"), 1u);
    EXPECT_EQ(edit_distance("", "abc"), 3u);
}

}  // namespace
}  // namespace kiepe
