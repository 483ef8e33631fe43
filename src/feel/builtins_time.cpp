// DMN 1.5 sections 10.3.4.1 (conversion), 10.3.4.8 (date and time) and 10.3.4.9 (temporal properties).
#include <chrono>

#include "feel/builtin.h"
#include "feel/node.h"

namespace kiepe::feel {

using namespace detail;

namespace {

std::optional<std::int64_t> whole(const Value& v) {
    if (!v.is_number()) return std::nullopt;
    return v.number_bits().to_int();
}

Value date_of(Arguments& a) {
    if (a.count == 1) {
        if (a.kind(0) == Kind::date) return a[0];
        if (a.kind(0) == Kind::date_time) return Value::days(clocked(a[0]).day);
        const auto days = a.kind(0) == Kind::string ? parse_date(text(a[0])) : std::nullopt;
        return days ? Value::days(*days) : a.fail("the argument is no date");
    }
    if (a.count != 3) return a.fail("year, month and day are needed");
    const auto year = whole(a[0]);
    const auto month = whole(a[1]);
    const auto day = whole(a[2]);
    if (!year || !month || !day || !valid_day(*year, *month, *day)) return a.fail("there is no such day");
    return Value::days(days_from_civil(*year, static_cast<int>(*month), static_cast<int>(*day)));
}

Value time_from_parts(Arguments& a) {
    const auto hour = whole(a[0]);
    const auto minute = whole(a[1]);
    if (!hour || !minute || a.kind(2) != Kind::number) return a.fail("hour, minute and second are needed");
    const auto nanos = multiply(a[2].number_bits(), Decimal{kNanosPerSecond});
    const auto cut = nanos ? round(*nanos, 0, Decimal::Rounding::down) : std::nullopt;
    const auto second = cut ? cut->to_int() : std::nullopt;
    if (!second || *hour < 0 || *hour > 23 || *minute < 0 || *minute > 59 || *second < 0 || *second >= 60 * kNanosPerSecond) {
        return a.fail("there is no such time");
    }
    Clocked c;
    c.nanos = (*hour * 3600 + *minute * 60) * kNanosPerSecond + *second;
    if (a.has(3) && a.kind(3) != Kind::null) {
        if (a.kind(3) != Kind::days_time_duration) return a.fail("the offset is no duration");
        const std::int64_t offset = a[3].as_seconds();
        if (offset > 14 * 3600 || offset < -14 * 3600) return a.fail("the offset is larger than 14 hours");
        c.has_offset = true;
        c.offset = static_cast<std::int32_t>(offset);
    }
    return time_value(c);
}

Value time_of(Arguments& a) {
    if (a.count >= 3) return time_from_parts(a);
    if (a.count != 1) return a.fail("hour, minute and second are needed");
    Value result;
    if (a.kind(0) == Kind::string) {
        result = Value::time(text(a[0]));
    } else if (a.kind(0) == Kind::time) {
        return a[0];
    } else if (a.kind(0) == Kind::date_time) {
        Clocked c = clocked(a[0]);
        c.day = 0;
        result = time_value(c);
    } else if (a.kind(0) == Kind::date) {
        Clocked c;
        c.has_offset = true;  // midnight in UTC
        result = time_value(c);
    }
    return result.is_null() ? a.fail("the argument is no time") : result;
}

Value date_and_time(Arguments& a) {
    if (a.count == 1) {
        if (a.kind(0) == Kind::date_time) return a[0];
        if (a.kind(0) == Kind::date) {
            Clocked c;
            c.day = a[0].as_days();
            c.has_offset = true;
            return date_time_value(c);
        }
        Value v = a.kind(0) == Kind::string ? Value::date_time(text(a[0])) : Value{};
        return v.is_null() ? a.fail("the argument is no date and time") : v;
    }
    if ((a.kind(0) != Kind::date && a.kind(0) != Kind::date_time) || a.kind(1) != Kind::time) {
        return a.fail("a date and a time are needed");
    }
    Clocked c = clocked(a[1]);
    c.day = a.kind(0) == Kind::date ? a[0].as_days() : clocked(a[0]).day;
    if (c.zone != nullptr) c.offset = c.zone->offset_at_local(c.local_seconds());
    return date_time_value(c);
}

Value duration_of(Arguments& a) {
    if (a.kind(0) == Kind::days_time_duration || a.kind(0) == Kind::years_months_duration) return a[0];
    Value v = a.kind(0) == Kind::string ? Value::duration(text(a[0])) : Value{};
    return v.is_null() ? a.fail("the argument is no duration") : v;
}

std::optional<Clocked> moment(const Value& v) {
    if (v.kind() == Kind::date_time) return clocked(v);
    if (v.kind() != Kind::date) return std::nullopt;
    Clocked c;
    c.day = v.as_days();
    return c;
}

/// 10.3.4.1: whole months between two days, towards zero.
Value years_and_months_duration(Arguments& a) {
    const auto from = moment(a[0]);
    const auto to = moment(a[1]);
    if (!from || !to) return a.fail("two dates are needed");
    const CivilDay x = civil_from_days(from->day);
    const CivilDay y = civil_from_days(to->day);
    std::int64_t months = (y.year - x.year) * 12 + (y.month - x.month);
    if (months > 0 && y.day < x.day) --months;
    if (months < 0 && y.day > x.day) ++months;
    return Value::months_duration(months);
}

std::optional<std::int64_t> day_in(const Value& v) {
    const auto m = moment(v);
    return m ? std::optional{m->day} : std::nullopt;
}

Value day_of_year_of(Arguments& a) {
    const auto day = day_in(a[0]);
    return day ? Value::number(std::int64_t{day_of_year(*day)}) : a.fail("the argument is no date");
}

Value week_of_year_of(Arguments& a) {
    const auto day = day_in(a[0]);
    return day ? Value::number(std::int64_t{week_of_year(*day)}) : a.fail("the argument is no date");
}

Value day_of_week(Arguments& a) {
    constexpr const char* names[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
    const auto day = day_in(a[0]);
    return day ? Value::string(names[weekday(*day) - 1]) : a.fail("the argument is no date");
}

Value month_of_year(Arguments& a) {
    constexpr const char* names[] = {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                                     "November", "December"};
    const auto day = day_in(a[0]);
    return day ? Value::string(names[civil_from_days(*day).month - 1]) : a.fail("the argument is no date");
}

/// The clock of the machine, in UTC: only where the compiler was told to allow it.
Value now(Arguments&) {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    const std::int64_t nanos = std::chrono::duration_cast<std::chrono::nanoseconds>(since).count();
    Clocked c;
    c.day = nanos / kNanosPerSecond / kSecondsPerDay;
    c.nanos = nanos - c.day * kSecondsPerDay * kNanosPerSecond;
    c.has_offset = true;
    return date_time_value(c);
}

Value today(Arguments& a) { return Value::days(clocked(now(a)).day); }

}  // namespace

std::vector<Builtin> time_builtins() {
    return {
        {"date", "from;year,month,day", 1, 3, date_of, "date"},
        {"time", "from;hour,minute,second,offset", 1, 4, time_of, "time"},
        {"date and time", "from;date,time", 1, 2, date_and_time, "date and time"},
        {"duration", "from", 1, 1, duration_of, "Any"},
        {"years and months duration", "from,to", 2, 2, years_and_months_duration, "years and months duration"},
        {"day of year", "date", 1, 1, day_of_year_of, "number"},
        {"day of week", "date", 1, 1, day_of_week, "string"},
        {"month of year", "date", 1, 1, month_of_year, "string"},
        {"week of year", "date", 1, 1, week_of_year_of, "number"},
        {"now", "", 0, 0, now, "date and time", true},
        {"today", "", 0, 0, today, "date", true},
    };
}

}  // namespace kiepe::feel
