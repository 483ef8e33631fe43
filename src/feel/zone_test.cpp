// Our reader of time zones against ICU's, which reads other files with other code. ICU's data may be older than the machine's, so these are
// zones whose rules have stood for years, from 1995 on: what is known of earlier decades is corrected now and then.
#include "feel/zone.h"

#include <gtest/gtest.h>
#include <unicode/basictz.h>
#include <unicode/timezone.h>

#include <memory>

#include "feel/calendar.h"

namespace kiepe::feel {
namespace {

constexpr const char* kZones[] = {
    "Europe/Berlin", "Europe/Vienna", "Europe/Zurich", "Europe/Paris", "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Madrid",
    "Europe/Rome", "Europe/Warsaw", "Europe/Athens", "Europe/Helsinki", "Europe/Bucharest", "Europe/Istanbul", "Europe/Moscow",
    "Atlantic/Reykjavik", "Atlantic/Azores", "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "America/Halifax", "America/St_Johns", "America/Sao_Paulo", "America/Bogota", "America/Argentina/Buenos_Aires",
    "Australia/Sydney", "Australia/Adelaide", "Australia/Lord_Howe", "Australia/Perth", "Australia/Eucla", "Pacific/Auckland",
    "Pacific/Chatham", "Pacific/Kiritimati", "Pacific/Honolulu", "Asia/Tokyo", "Asia/Shanghai", "Asia/Kolkata", "Asia/Kathmandu",
    "Asia/Jerusalem", "Asia/Dubai", "Asia/Singapore", "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi", "Antarctica/Troll"};

/// The moments that are compared: some day of each month for five centuries, at changing hours, and the second before and at each change of the file.
std::vector<std::int64_t> moments(const Zone& zone) {
    std::vector<std::int64_t> seconds;
    const std::int64_t last = days_from_civil(2500, 1, 1) * kSecondsPerDay;
    for (std::int64_t at = days_from_civil(1995, 1, 1) * kSecondsPerDay; at < last; at += 17 * kSecondsPerDay + 7 * 3600 + 61) seconds.push_back(at);
    for (const auto at : zone.transitions) {
        if (at < seconds.front()) continue;
        seconds.push_back(at - 1);
        seconds.push_back(at);
    }
    return seconds;
}

}  // namespace

TEST(Zone, agrees_with_icu_until_the_year_2500) {
    for (const char* name : kZones) {
        const Zone* const ours = find_zone(name);
        const std::unique_ptr<icu::TimeZone> theirs(icu::TimeZone::createTimeZone(name));
        const auto* basic = dynamic_cast<const icu::BasicTimeZone*>(theirs.get());
        ASSERT_TRUE(ours != nullptr && basic != nullptr) << name;
        int differences = 0;
        for (const auto at : moments(*ours)) {
            UErrorCode status = U_ZERO_ERROR;
            std::int32_t raw = 0, summer = 0;
            const double millis = static_cast<double>(at) * 1000;
            basic->getOffset(millis, false, raw, summer, status);
            const std::int32_t utc = (raw + summer) / 1000;
            basic->getOffsetFromLocal(millis, UCAL_TZ_LOCAL_FORMER, UCAL_TZ_LOCAL_FORMER, raw, summer, status);
            const std::int32_t local = (raw + summer) / 1000;
            ASSERT_TRUE(U_SUCCESS(status)) << name;
            if (ours->offset_at_utc(at) == utc && ours->offset_at_local(at) == local) continue;
            if (++differences <= 3) {
                ADD_FAILURE() << name << " at " << date_text(at / kSecondsPerDay) << ", second " << at << ": " << ours->offset_at_utc(at) << " and "
                              << ours->offset_at_local(at) << " instead of " << utc << " and " << local;
            }
        }
        EXPECT_EQ(differences, 0) << name;
    }
}

TEST(Zone, knows_the_hour_that_is_missing_and_the_hour_that_comes_twice) {
    const Zone* const berlin = find_zone("Europe/Berlin");
    ASSERT_NE(berlin, nullptr);
    const auto local = [](std::int64_t year, int month, int day, std::int64_t hour) { return days_from_civil(year, month, day) * kSecondsPerDay + hour * 3600; };
    EXPECT_EQ(berlin->offset_at_local(local(2499, 3, 29, 1)), 3600);
    EXPECT_EQ(berlin->offset_at_local(local(2499, 3, 29, 2)), 3600) << "there is no such hour: as if the clock had not been put forward";
    EXPECT_EQ(berlin->offset_at_local(local(2499, 3, 29, 3)), 7200);
    EXPECT_EQ(berlin->offset_at_local(local(2499, 10, 25, 2)), 7200) << "the first of the two";
    EXPECT_EQ(berlin->offset_at_local(local(2499, 10, 25, 3)), 3600);
}

}  // namespace kiepe::feel
