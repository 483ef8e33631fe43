#pragma once
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace kiepe {

/// ISO 8601 calendar date, e.g. "2026-11-24". Refuses days that do not exist.
std::optional<Day> parse_day(std::string_view iso);
std::string to_iso(Day day);

/// Fixed-width UTC text "2026-11-24T14:41:05.123Z": sorts like time, the form in which the store keeps moments.
std::string to_iso(Moment moment);
std::optional<Moment> parse_moment(std::string_view iso);

/// The day and the wall-clock time in Europe/Berlin (EU summer time: Directive 2000/84/EC; last Sunday of March and October, 01:00 UTC).
Day local_day(Moment moment);
std::chrono::local_time<std::chrono::milliseconds> local_time(Moment moment);
/// First moment of a day in Europe/Berlin.
Moment start_of(Day day);

/// Monday to Friday but not on a holiday (holidays are law data of the state, law/holidays/).
bool is_working_day(Day day, const std::set<Day>& holidays);
/// The n-th working day after `from` (n = 0: `from` itself or the next working day), BGB section 187(1) and 193.
Day add_working_days(Day from, int n, const std::set<Day>& holidays);
/// Working days in (from, to].
int working_days_between(Day from, Day to, const std::set<Day>& holidays);
/// Same day n months on, the last of that month where there is none (BGB section 188(3)).
Day add_months(Day from, int n);

}  // namespace kiepe
