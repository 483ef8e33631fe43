#include <fmt/format.h>
#include <unicode/coll.h>
#include <unicode/numberformatter.h>
#include <unicode/smpdtfmt.h>
#include <unicode/timezone.h>

#include <algorithm>
#include <mutex>
#include <map>
#include <memory>
#include <stdexcept>
#include <tuple>

#include "base/date.h"
#include "base/text.h"
#include "language/language.h"

namespace kiepe::language {
namespace {

// `de` has no region and so no currency order of its own; Arabic pages keep Latin digits, as official letters in Germany do.
icu::Locale locale_of(std::string_view language) {
    if (language == "de" || language == "de-simple") return icu::Locale("de", "DE");
    if (language == "en") return icu::Locale("en", "GB");
    if (language == "ar") return icu::Locale("ar-u-nu-latn");
    return icu::Locale(std::string(language).c_str());
}

std::string utf8(const icu::UnicodeString& text) {
    std::string out;
    text.toUTF8String(out);
    return out;
}

// SimpleDateFormat is not thread-safe and costs some 10 us to make: one for each thread, locale and pattern.
std::string format_pattern(std::string_view language, const char* pattern, std::chrono::milliseconds since_epoch) {
    thread_local std::map<std::pair<std::string, std::string>, std::unique_ptr<icu::SimpleDateFormat>> made;
    auto& format = made[{std::string(language), pattern}];
    if (!format) {
        UErrorCode status = U_ZERO_ERROR;
        format = std::make_unique<icu::SimpleDateFormat>(icu::UnicodeString::fromUTF8(pattern), locale_of(language), status);
        if (U_FAILURE(status)) throw std::runtime_error("ICU cannot make a date format");
        format->adoptTimeZone(icu::TimeZone::createTimeZone("UTC"));  // callers give local days and times
    }
    icu::UnicodeString out;
    return utf8(format->format(double(since_epoch.count()), out));
}

// A page of a case shows the same few days again and again; ICU takes 3 us for each.
std::string format_day(std::string_view language, const char* pattern, Day day) {
    constexpr std::size_t kMost = 4096;
    thread_local std::map<std::tuple<std::string, const char*, Day>, std::string> known;
    if (known.size() >= kMost) known.clear();
    auto [entry, is_new] = known.try_emplace({std::string(language), pattern, day});
    if (is_new) entry->second = format_pattern(language, pattern, day.time_since_epoch());
    return entry->second;
}

bool english(std::string_view language) { return language == "en"; }

char decimal_point(std::string_view language) { return english(language) ? '.' : ','; }
char grouping(std::string_view language) { return english(language) ? ',' : '.'; }

/// Digits of a plain decimal with the locale's marks. All six languages group by three; ICU would want a double or its own parser.
std::string with_marks(std::string_view language, std::string_view plain) {
    bool negative = plain.starts_with('-');
    if (negative) plain.remove_prefix(1);
    auto point = plain.find('.');
    auto whole = plain.substr(0, point);
    std::string out = negative ? "\u2212" : "";
    for (std::size_t i = 0; i < whole.size(); ++i) {
        if (i && (whole.size() - i) % 3 == 0) {
            if (language == "uk" || language == "ru")
                out += "\u00a0";
            else if (language == "ar")
                out += ',';
            else
                out += grouping(language);
        }
        out += whole[i];
    }
    if (point != std::string_view::npos) {
        out += language == "ar" ? '.' : decimal_point(language);
        out += plain.substr(point + 1);
    }
    return out;
}

}  // namespace

std::string format_date(std::string_view language, Day day) {
    return format_day(language, english(language) ? "d MMMM y" : language == "ar" ? "d MMMM y" : language == "tr" || language == "uk" ? "d MMMM y" : "d. MMMM y", day);
}
std::string format_date_short(std::string_view language, Day day) { return format_day(language, english(language) ? "dd/MM/y" : "dd.MM.y", day); }
std::string format_weekday_date(std::string_view language, Day day) {
    return format_day(language, english(language) ? "EEEE d MMMM y" : language.starts_with("de") ? "EEEE, d. MMMM y" : "EEEE, d MMMM y", day);
}
std::string format_month(std::string_view language, Day first_of_month) { return format_day(language, "LLLL y", first_of_month); }
std::string format_time(std::string_view, Moment moment) {  // all six languages write 24 hours with a colon
    const auto local = local_time(moment);
    const auto minutes = std::chrono::floor<std::chrono::minutes>(local - std::chrono::floor<std::chrono::days>(local)).count();
    return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}
std::string format_moment(std::string_view language, Moment moment) {
    return format_date(language, local_day(moment)) + ", " + format_time(language, moment);
}

std::string format_money(std::string_view language, Decimal euro) {
    auto rounded = round(euro, 2, Decimal::Rounding::half_up);
    std::string plain = rounded ? rounded->text() : euro.text();
    auto point = plain.find('.');
    if (point == std::string::npos) {
        plain += ".00";
    } else {
        plain.append(2 - std::min<std::size_t>(2, plain.size() - point - 1), '0');
    }
    auto amount = with_marks(language, plain);
    return english(language) ? "\u20ac" + amount : amount + "\u00a0" + (language == "tr" || language == "uk" || language == "ar" ? "\u20ac" : "Euro");
}

std::string format_number(std::string_view language, Decimal number, int digits) {
    auto rounded = round(number, digits, Decimal::Rounding::half_up);
    std::string plain = rounded ? rounded->text() : number.text();
    if (plain.find_first_of("eE") != std::string::npos) return plain;
    if (plain.find('.') != std::string::npos) {
        plain.erase(plain.find_last_not_of('0') + 1);
        if (plain.ends_with('.')) plain.pop_back();
    }
    return with_marks(language, plain);
}

std::string format_size(std::string_view language, std::int64_t bytes) {
    if (bytes < 1024) return format_number(language, Decimal(bytes)) + " Byte";
    const bool mega = bytes >= 1024 * 1024;
    auto value = divide(Decimal(bytes), Decimal(mega ? 1024 * 1024 : 1024)).value_or(Decimal(0));
    return format_number(language, value, mega ? 1 : 0) + (mega ? "\u00a0MB" : "\u00a0KB");
}

Result<Decimal> parse_number(std::string_view language, std::string_view typed) {
    std::string text(trim(typed));
    for (std::string_view ignored : {" ", "\u00a0", "\u202f", "\u20ac", "Euro", "euro", "EUR"}) text = replace_all(std::move(text), ignored, "");
    text = replace_all(std::move(text), "\u2212", "-");
    const Error wrong{"field_number", "", {{"typed", std::string(typed)}}};
    if (text.empty()) return wrong;
    const char point = decimal_point(language), group = grouping(language);
    auto at = text.find(point);
    std::string whole = text.substr(0, at), part = at == std::string::npos ? "" : text.substr(at + 1);
    if (whole.find(group) != std::string::npos) {
        auto groups = split(whole.starts_with('-') ? std::string_view(whole).substr(1) : std::string_view(whole), group);
        for (std::size_t i = 0; i < groups.size(); ++i)
            if (groups[i].empty() || groups[i].size() > 3 || (i > 0 && groups[i].size() != 3)) return wrong;
        std::erase(whole, group);
    }
    auto digits_only = [](std::string_view t) { return std::all_of(t.begin(), t.end(), [](char c) { return c >= '0' && c <= '9'; }); };
    std::string_view unsigned_whole = whole.starts_with('-') ? std::string_view(whole).substr(1) : std::string_view(whole);
    if (unsigned_whole.empty() || unsigned_whole.size() > 18 || part.size() > 12 || !digits_only(unsigned_whole) || !digits_only(part) ||
        (at != std::string::npos && part.empty()))
        return wrong;
    auto number = Decimal::parse(part.empty() ? whole : whole + "." + part);
    if (!number) return wrong;
    return *number;
}

void sort_by_locale(std::string_view language, std::vector<std::pair<std::string, std::size_t>>& names) {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::Collator> collator(icu::Collator::createInstance(locale_of(language), status));
    if (U_FAILURE(status)) throw std::runtime_error("ICU cannot make a collator");
    std::stable_sort(names.begin(), names.end(), [&](const auto& a, const auto& b) {
        UErrorCode ignored = U_ZERO_ERROR;
        return collator->compareUTF8(a.first, b.first, ignored) == UCOL_LESS;
    });
}

std::string_view direction(std::string_view language) { return language == "ar" || language == "fa" ? "rtl" : "ltr"; }

std::string own_name(std::string_view language) {
    if (language == "de-simple") return "Einfache Sprache";
    icu::Locale locale{std::string(language).c_str()};
    icu::UnicodeString name;
    locale.getDisplayLanguage(locale, name);
    name.toTitle(nullptr, locale);
    return utf8(name);
}

}  // namespace kiepe::language
