#include "base/date.h"

#include <fmt/format.h>

namespace kiepe {
namespace {

using namespace std::chrono;

std::optional<int> digits(std::string_view text) {
    int value = 0;
    if (text.empty()) return std::nullopt;
    for (char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

// Directive 2000/84/EC, articles 1 to 3: summer time runs from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last
// Sunday of October. The program's own days start in the 1990s at the earliest, where this rule already held.
bool summer_time(Moment moment) {
    auto y = year_month_day{floor<days>(moment)}.year();
    auto change = [&](month m) { return sys_days{y / m / Sunday[last]} + hours{1}; };
    return moment >= change(March) && moment < change(October);
}

minutes offset(Moment moment) { return summer_time(moment) ? hours{2} : hours{1}; }

}  // namespace

std::optional<Day> parse_day(std::string_view iso) {
    if (iso.size() != 10 || iso[4] != '-' || iso[7] != '-') return std::nullopt;
    auto y = digits(iso.substr(0, 4)), m = digits(iso.substr(5, 2)), d = digits(iso.substr(8, 2));
    if (!y || !m || !d) return std::nullopt;
    year_month_day ymd{year{*y}, month{unsigned(*m)}, day{unsigned(*d)}};
    if (!ymd.ok()) return std::nullopt;
    return sys_days{ymd};
}

std::string to_iso(Day day) {
    year_month_day ymd{day};
    return fmt::format("{:04}-{:02}-{:02}", int(ymd.year()), unsigned(ymd.month()), unsigned(ymd.day()));
}

std::string to_iso(Moment moment) {
    auto day = floor<days>(moment);
    hh_mm_ss time{moment - day};
    return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", to_iso(Day{day}), time.hours().count(), time.minutes().count(),
                       time.seconds().count(), time.subseconds().count());
}

std::optional<Moment> parse_moment(std::string_view iso) {
    if (iso.size() != 24 || iso[10] != 'T' || iso[13] != ':' || iso[16] != ':' || iso[19] != '.' || iso[23] != 'Z') return std::nullopt;
    auto day = parse_day(iso.substr(0, 10));
    auto h = digits(iso.substr(11, 2)), m = digits(iso.substr(14, 2)), s = digits(iso.substr(17, 2)), ms = digits(iso.substr(20, 3));
    if (!day || !h || !m || !s || !ms || *h > 23 || *m > 59 || *s > 59) return std::nullopt;
    return Moment{*day} + hours{*h} + minutes{*m} + seconds{*s} + milliseconds{*ms};
}

std::chrono::local_time<milliseconds> local_time(Moment moment) {
    return std::chrono::local_time<milliseconds>{(moment + offset(moment)).time_since_epoch()};
}

Day local_day(Moment moment) { return Day{floor<days>(kiepe::local_time(moment)).time_since_epoch()}; }

Moment start_of(Day day) {
    Moment winter = Moment{day} - hours{1};
    return summer_time(winter - hours{1}) ? winter - hours{1} : winter;
}

bool is_working_day(Day day, const std::set<Day>& holidays) {
    weekday w{day};
    return w != Saturday && w != Sunday && !holidays.contains(day);
}

Day add_working_days(Day from, int n, const std::set<Day>& holidays) {
    if (n <= 0) {
        while (!is_working_day(from, holidays)) from += days{1};
        return from;
    }
    while (n > 0) {
        from += days{1};
        if (is_working_day(from, holidays)) --n;
    }
    return from;
}

int working_days_between(Day from, Day to, const std::set<Day>& holidays) {
    int count = 0;
    for (Day d = from + days{1}; d <= to; d += days{1}) count += is_working_day(d, holidays);
    return count;
}

Day add_months(Day from, int n) {
    year_month_day ymd{from};
    auto target = year_month{ymd.year(), ymd.month()} + months{n};
    year_month_day moved{target.year(), target.month(), ymd.day()};
    if (!moved.ok()) return sys_days{moved.year() / moved.month() / last};
    return sys_days{moved};
}

}  // namespace kiepe
