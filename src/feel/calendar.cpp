#include "feel/calendar.h"

#include <fmt/format.h>

#include <cstdlib>

namespace kiepe::feel {

std::int64_t days_from_civil(std::int64_t year, int month, int day) {
    // The year begins in March, so that the leap day is its last: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    const std::int64_t y = month <= 2 ? year - 1 : year;
    const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
    const std::int64_t year_of_era = y - era * 400;
    const std::int64_t day_of_shifted_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_shifted_year;
    return era * 146097 + day_of_era - 719468;
}

CivilDay civil_from_days(std::int64_t days) {
    const std::int64_t shifted = days + 719468;
    const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    const std::int64_t day_of_era = shifted - era * 146097;
    const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const std::int64_t day_of_shifted_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t m = (5 * day_of_shifted_year + 2) / 153;
    CivilDay civil;
    civil.day = static_cast<int>(day_of_shifted_year - (153 * m + 2) / 5 + 1);
    civil.month = static_cast<int>(m < 10 ? m + 3 : m - 9);
    civil.year = year_of_era + era * 400 + (civil.month <= 2 ? 1 : 0);
    return civil;
}

bool is_leap(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int days_in_month(std::int64_t year, int month) {
    constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

bool valid_day(std::int64_t year, std::int64_t month, std::int64_t day) {
    return year >= -kMaxYear && year <= kMaxYear && month >= 1 && month <= 12 && day >= 1 &&
           day <= days_in_month(year, static_cast<int>(month));
}

int weekday(std::int64_t days) {
    const auto since_thursday = static_cast<int>(((days % 7) + 7) % 7);  // 1970-01-01 was a Thursday
    return (since_thursday + 3) % 7 + 1;
}

std::int64_t add_months_to_days(std::int64_t days, std::int64_t months) {
    const CivilDay civil = civil_from_days(days);
    const std::int64_t all = civil.year * 12 + (civil.month - 1) + months;
    const std::int64_t year = all >= 0 ? all / 12 : -((11 - all) / 12);
    const int month = static_cast<int>(all - year * 12) + 1;
    const int last = days_in_month(year, month);
    return days_from_civil(year, month, civil.day < last ? civil.day : last);
}

int day_of_year(std::int64_t days) {
    return static_cast<int>(days - days_from_civil(civil_from_days(days).year, 1, 1)) + 1;
}

int week_of_year(std::int64_t days) {
    // ISO 8601: the week belongs to the year of its Thursday.
    const std::int64_t thursday = days - weekday(days) + 4;
    return (day_of_year(thursday) - 1) / 7 + 1;
}

std::int64_t Clocked::utc_seconds() const { return local_seconds() - (has_offset ? offset : 0); }

namespace {

/// Reads along a text; every step says whether it could.
class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}
    bool at_end() const { return at_ == text_.size(); }
    char peek() const { return at_end() ? '\0' : text_[at_]; }
    bool take(char c) {
        if (peek() != c) return false;
        ++at_;
        return true;
    }
    std::string_view rest() const { return text_.substr(at_); }
    std::string_view digits() {
        const std::size_t begin = at_;
        while (peek() >= '0' && peek() <= '9') ++at_;
        return text_.substr(begin, at_ - begin);
    }
    bool two_digits(std::int64_t& value) {
        const auto found = digits();
        if (found.size() != 2) return false;
        value = (found[0] - '0') * 10 + (found[1] - '0');
        return true;
    }
    void skip_all() { at_ = text_.size(); }

private:
    std::string_view text_;
    std::size_t at_ = 0;
};

std::optional<std::int64_t> whole(std::string_view digits) {
    if (digits.empty() || digits.size() > 18) return std::nullopt;
    std::int64_t value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    return value;
}

std::int32_t nanos_of(std::string_view fraction) {
    std::int32_t nanos = 0;
    for (std::size_t i = 0; i < 9; ++i) nanos = nanos * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
    return nanos;
}

bool read_day(Reader& in, std::int64_t& days) {
    const bool negative = in.take('-');
    const auto year_digits = in.digits();
    // XML Schema part 2, 3.3.7: at least four digits, no more than needed beyond that.
    if (year_digits.size() < 4 || year_digits.size() > 9 || (year_digits.size() > 4 && year_digits[0] == '0')) return false;
    const std::int64_t year = *whole(year_digits) * (negative ? -1 : 1);
    std::int64_t month = 0;
    std::int64_t day = 0;
    if (!in.take('-') || !in.two_digits(month) || !in.take('-') || !in.two_digits(day)) return false;
    if (!valid_day(year, month, day)) return false;
    days = days_from_civil(year, static_cast<int>(month), static_cast<int>(day));
    return true;
}

bool read_zone(Reader& in, Clocked& out) {
    if (in.at_end()) return true;
    if (in.take('Z') || in.take('z')) {
        out.has_offset = true;
        return in.at_end();
    }
    if (in.take('@')) {
        out.zone = find_zone(in.rest());
        out.has_offset = true;
        in.skip_all();
        return out.zone != nullptr;
    }
    const bool negative = in.peek() == '-';
    if (!in.take('+') && !in.take('-')) return false;
    std::int64_t hours = 0;
    std::int64_t minutes = 0;
    std::int64_t seconds = 0;
    if (!in.two_digits(hours) || !in.take(':') || !in.two_digits(minutes)) return false;
    if (in.take(':') && !in.two_digits(seconds)) return false;
    if (hours > 14 || minutes > 59 || seconds > 59 || (hours == 14 && minutes + seconds > 0)) return false;
    out.has_offset = true;
    out.offset = static_cast<std::int32_t>((hours * 3600 + minutes * 60 + seconds) * (negative ? -1 : 1));
    return in.at_end();
}

bool read_clock(Reader& in, Clocked& out) {
    std::int64_t hour = 0;
    std::int64_t minute = 0;
    std::int64_t second = 0;
    if (!in.two_digits(hour) || !in.take(':') || !in.two_digits(minute) || !in.take(':') || !in.two_digits(second)) return false;
    std::int32_t nanos = 0;
    if (in.take('.')) {
        const auto fraction = in.digits();
        if (fraction.empty()) return false;
        nanos = nanos_of(fraction);
    }
    const bool midnight = hour == 24 && minute == 0 && second == 0 && nanos == 0;  // the end of the day
    if ((hour > 23 && !midnight) || minute > 59 || second > 59) return false;
    if (midnight) {
        hour = 0;
        out.day += 1;
    }
    out.nanos = (hour * 3600 + minute * 60 + second) * kNanosPerSecond + nanos;
    return read_zone(in, out);
}

}  // namespace

std::optional<std::int64_t> parse_date(std::string_view text) {
    Reader in(text);
    std::int64_t days = 0;
    if (!read_day(in, days) || !in.at_end()) return std::nullopt;
    return days;
}

std::optional<Clocked> parse_time(std::string_view text) {
    Reader in(text);
    in.take('T');
    Clocked out;
    if (!read_clock(in, out)) return std::nullopt;
    out.day = 0;
    // A time of no day has the zone's standard offset: it must mean the same on every day.
    if (out.zone != nullptr) out.offset = out.zone->has_footer ? out.zone->winter_offset : out.zone->offset_at_utc(0);
    return out;
}

std::optional<Clocked> parse_date_time(std::string_view text) {
    Reader in(text);
    Clocked out;
    if (!read_day(in, out.day)) return std::nullopt;
    if (in.at_end()) return out;  // 10.3.4.1: a mere date is its midnight
    if (!in.take('T') || !read_clock(in, out)) return std::nullopt;
    if (out.zone != nullptr) out.offset = out.zone->offset_at_local(out.local_seconds());
    return out;
}

std::optional<Length> parse_duration(std::string_view text) {
    Reader in(text);
    const bool negative = in.take('-');
    if (!in.take('P')) return std::nullopt;
    __extension__ using Wide = __int128;
    Wide months = 0;
    Wide seconds = 0;
    std::int32_t nanos = 0;
    bool has_months = false;
    bool has_seconds = false;
    bool in_time = false;
    int last = -1;
    while (!in.at_end()) {
        if (!in_time && in.take('T')) {
            in_time = true;
            if (in.at_end()) return std::nullopt;
            continue;
        }
        const auto amount = whole(in.digits());
        if (!amount) return std::nullopt;
        std::string_view fraction;
        if (in.take('.')) {
            fraction = in.digits();
            if (in.peek() != 'S') return std::nullopt;  // the kit also takes "PT0.S", without digits
        }
        int order = 0;
        if (!in_time && in.take('Y')) { order = 0; months += Wide{*amount} * 12; has_months = true; }
        else if (!in_time && in.take('M')) { order = 1; months += *amount; has_months = true; }
        else if (!in_time && in.take('D')) { order = 2; seconds += Wide{*amount} * kSecondsPerDay; has_seconds = true; }
        else if (in_time && in.take('H')) { order = 3; seconds += Wide{*amount} * 3600; has_seconds = true; }
        else if (in_time && in.take('M')) { order = 4; seconds += Wide{*amount} * 60; has_seconds = true; }
        else if (in_time && in.take('S')) { order = 5; seconds += *amount; nanos = nanos_of(fraction); has_seconds = true; }
        else return std::nullopt;
        if (order <= last) return std::nullopt;
        last = order;
    }
    if (has_months == has_seconds) return std::nullopt;  // one kind or the other, never both
    Wide amount = has_months ? months : seconds;
    if (amount > Wide{INT64_MAX} / 2) return std::nullopt;
    if (negative) amount = -amount;
    Length length{has_months, static_cast<std::int64_t>(amount), nanos};
    if (negative && nanos > 0) {
        length.amount -= 1;
        length.nanos = static_cast<std::int32_t>(kNanosPerSecond) - nanos;
    }
    return length;
}

std::string date_text(std::int64_t days) {
    const CivilDay c = civil_from_days(days);
    return fmt::format("{}{:04}-{:02}-{:02}", c.year < 0 ? "-" : "", c.year < 0 ? -c.year : c.year, c.month, c.day);
}

namespace {

std::string fraction_text(std::int64_t nanos) {
    if (nanos == 0) return "";
    std::string digits = fmt::format(".{:09}", nanos);
    digits.resize(digits.find_last_not_of('0') + 1);
    return digits;
}

std::string clock_text(const Clocked& time) {
    const std::int64_t seconds = time.nanos / kNanosPerSecond;
    std::string text = fmt::format("{:02}:{:02}:{:02}{}", seconds / 3600, seconds / 60 % 60, seconds % 60,
                                   fraction_text(time.nanos % kNanosPerSecond));
    if (time.zone != nullptr) return text + "@" + time.zone->name;
    return time.has_offset ? text + offset_text(time.offset) : text;
}

}  // namespace

std::string offset_text(std::int32_t offset) {
    if (offset == 0) return "Z";
    const std::int32_t size = std::abs(offset);
    std::string text = fmt::format("{}{:02}:{:02}", offset < 0 ? '-' : '+', size / 3600, size / 60 % 60);
    if (size % 60 != 0) text += fmt::format(":{:02}", size % 60);
    return text;
}

std::string time_text(const Clocked& time) { return clock_text(time); }
std::string date_time_text(const Clocked& moment) { return date_text(moment.day) + "T" + clock_text(moment); }

std::string months_text(std::int64_t months) {
    const std::int64_t size = months < 0 ? -months : months;
    std::string text = months < 0 ? "-P" : "P";
    if (size / 12 != 0) text += fmt::format("{}Y", size / 12);
    if (size % 12 != 0 || size == 0) text += fmt::format("{}M", size % 12);
    return text;
}

std::string seconds_text(std::int64_t seconds, std::int32_t nanos) {
    const bool negative = seconds < 0;
    if (negative && nanos > 0) {
        seconds += 1;
        nanos = static_cast<std::int32_t>(kNanosPerSecond) - nanos;
    }
    const std::int64_t size = negative ? -seconds : seconds;
    if (size == 0 && nanos == 0) return "PT0S";
    std::string text = negative ? "-P" : "P";
    if (size / kSecondsPerDay != 0) text += fmt::format("{}D", size / kSecondsPerDay);
    if (size % kSecondsPerDay == 0 && nanos == 0) return text;
    text += 'T';
    if (size / 3600 % 24 != 0) text += fmt::format("{}H", size / 3600 % 24);
    if (size / 60 % 60 != 0) text += fmt::format("{}M", size / 60 % 60);
    if (size % 60 != 0 || nanos != 0) text += fmt::format("{}{}S", size % 60, fraction_text(nanos));
    return text;
}

}  // namespace kiepe::feel
