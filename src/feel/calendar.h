#pragma once
// Days, times and durations in the lexical forms of XML Schema and FEEL (DMN 1.5 sections 10.3.2.3, 10.3.4.1), in years up to 999,999,999.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "feel/zone.h"

namespace kiepe::feel {

constexpr std::int64_t kMaxYear = 999'999'999;
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
constexpr std::int64_t kSecondsPerDay = 86'400;

struct CivilDay {
    std::int64_t year = 1970;
    int month = 1;
    int day = 1;
};

std::int64_t days_from_civil(std::int64_t year, int month, int day);
CivilDay civil_from_days(std::int64_t days);
bool is_leap(std::int64_t year);
int days_in_month(std::int64_t year, int month);
bool valid_day(std::int64_t year, std::int64_t month, std::int64_t day);
/// Monday = 1 .. Sunday = 7.
int weekday(std::int64_t days);
/// The same day `months` later; the last of the month where there is none.
std::int64_t add_months_to_days(std::int64_t days, std::int64_t months);
/// ISO 8601 week.
int week_of_year(std::int64_t days);
int day_of_year(std::int64_t days);

/// A wall-clock time, its day (0 for a mere time) and where it is valid.
struct Clocked {
    std::int64_t day = 0;
    std::int64_t nanos = 0;              // of the day
    bool has_offset = false;             // an offset or a zone was given
    std::int32_t offset = 0;             // seconds; of the zone where there is one
    const Zone* zone = nullptr;

    /// Seconds since 1970 in UTC; without offset: as if in UTC.
    std::int64_t utc_seconds() const;
    std::int64_t local_seconds() const { return day * kSecondsPerDay + nanos / kNanosPerSecond; }
};

struct Length {
    bool months = false;                 // a years and months duration
    std::int64_t amount = 0;             // months or seconds
    std::int32_t nanos = 0;
};

std::optional<std::int64_t> parse_date(std::string_view text);
std::optional<Clocked> parse_time(std::string_view text);
std::optional<Clocked> parse_date_time(std::string_view text);
std::optional<Length> parse_duration(std::string_view text);

std::string date_text(std::int64_t days);
std::string time_text(const Clocked& time);
std::string date_time_text(const Clocked& moment);
std::string months_text(std::int64_t months);
std::string seconds_text(std::int64_t seconds, std::int32_t nanos);
/// "+01:00", "Z", with seconds where there are some.
std::string offset_text(std::int32_t offset);

}  // namespace kiepe::feel
