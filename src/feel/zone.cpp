#include "feel/zone.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>

#include "feel/calendar.h"

namespace kiepe::feel {

namespace {

/// Big-endian reading with bounds.
class Bytes {
public:
    explicit Bytes(std::string_view bytes) : bytes_(bytes) {}
    bool good() const { return good_; }
    std::int64_t number(std::size_t width) {
        const auto part = take(width);
        if (part.size() != width) return 0;
        std::uint64_t value = (static_cast<unsigned char>(part[0]) & 0x80) != 0 ? ~std::uint64_t{0} : 0;
        for (const char c : part) value = (value << 8) | static_cast<unsigned char>(c);
        return static_cast<std::int64_t>(value);
    }
    std::string_view take(std::size_t n) {
        if (n > bytes_.size()) {
            good_ = false;
            return {};
        }
        const auto part = bytes_.substr(0, n);
        bytes_.remove_prefix(n);
        return part;
    }
    std::string_view rest() const { return bytes_; }

private:
    std::string_view bytes_;
    bool good_ = true;
};

struct Header {
    char version = 0;
    std::size_t is_ut = 0, is_std = 0, leaps = 0, times = 0, types = 0, letters = 0;
};

bool read_header(Bytes& in, Header& h) {
    if (in.take(4) != "TZif") return false;
    const auto version = in.take(1);
    if (version.empty()) return false;
    h.version = version[0];
    in.take(15);
    for (std::size_t* count : {&h.is_ut, &h.is_std, &h.leaps, &h.times, &h.types, &h.letters}) {
        const std::int64_t n = in.number(4);
        if (n < 0 || n > 100000) return false;
        *count = static_cast<std::size_t>(n);
    }
    return in.good();
}

bool read_body(Bytes& in, const Header& h, std::size_t width, Zone& zone) {
    for (std::size_t i = 0; i < h.times; ++i) zone.transitions.push_back(in.number(width));
    const auto kinds = in.take(h.times);
    std::vector<std::int32_t> offsets;
    std::vector<bool> summer;
    for (std::size_t i = 0; i < h.types; ++i) {
        offsets.push_back(static_cast<std::int32_t>(in.number(4)));
        summer.push_back(in.number(1) != 0);
        in.take(1);
    }
    in.take(h.letters + h.leaps * (width + 4) + h.is_std + h.is_ut);
    if (!in.good() || offsets.empty()) return false;
    zone.first_offset = offsets.front();
    for (const char kind : kinds) {
        const auto index = static_cast<std::size_t>(static_cast<unsigned char>(kind));
        if (index >= offsets.size()) return false;
        zone.offsets.push_back(offsets[index]);
    }
    return true;
}

// The footer is a POSIX TZ string (RFC 8536 section 3.3): std offset [dst [offset] , rule , rule].
class Footer {
public:
    explicit Footer(std::string_view text) : text_(text) {}

    bool read(Zone& zone) {
        if (!skip_name()) return false;
        std::int32_t seconds = 0;
        if (!read_time(seconds)) return false;
        zone.winter_offset = -seconds;  // POSIX counts west as positive
        zone.has_footer = true;
        if (text_.empty()) return true;
        if (!skip_name()) return false;
        zone.summer_offset = zone.winter_offset + 3600;
        if (!text_.empty() && text_[0] != ',') {
            if (!read_time(seconds)) return false;
            zone.summer_offset = -seconds;
        }
        zone.has_summer = read_rule(zone.summer_begins) && read_rule(zone.winter_begins) && text_.empty();
        return zone.has_summer;
    }

private:
    bool skip_name() {
        std::size_t n = 0;
        if (!text_.empty() && text_[0] == '<') {
            n = text_.find('>');
            if (n == std::string_view::npos) return false;
            text_.remove_prefix(n + 1);
            return true;
        }
        while (n < text_.size() && ((text_[n] | 0x20) >= 'a' && (text_[n] | 0x20) <= 'z')) ++n;
        text_.remove_prefix(n);
        return n >= 3;
    }
    bool read_number(int& value) {
        std::size_t n = 0;
        value = 0;
        while (n < text_.size() && n < 4 && text_[n] >= '0' && text_[n] <= '9') value = value * 10 + (text_[n++] - '0');
        text_.remove_prefix(n);
        return n > 0;
    }
    bool take(char c) {
        if (text_.empty() || text_[0] != c) return false;
        text_.remove_prefix(1);
        return true;
    }
    bool read_time(std::int32_t& seconds) {
        const bool negative = take('-');
        if (!negative) take('+');
        int h = 0;
        int m = 0;
        int s = 0;
        if (!read_number(h)) return false;
        if (take(':') && !read_number(m)) return false;
        if (take(':') && !read_number(s)) return false;
        seconds = (h * 3600 + m * 60 + s) * (negative ? -1 : 1);
        return true;
    }
    bool read_rule(ZoneRule& rule) {
        if (!take(',')) return false;
        if (take('M')) {
            rule.by = ZoneRule::By::month_week_day;
            if (!read_number(rule.month) || !take('.') || !read_number(rule.week) || !take('.') || !read_number(rule.day)) return false;
            if (rule.month < 1 || rule.month > 12 || rule.week < 1 || rule.week > 5 || rule.day > 6) return false;
        } else {
            rule.by = take('J') ? ZoneRule::By::julian_without_leap : ZoneRule::By::day_of_year;
            if (!read_number(rule.day)) return false;
        }
        return !take('/') || read_time(rule.seconds);
    }

    std::string_view text_;
};

/// Local seconds since 1970 at which the rule falls in this year.
std::int64_t rule_in(const ZoneRule& rule, std::int64_t year) {
    std::int64_t day = 0;
    if (rule.by == ZoneRule::By::month_week_day) {
        const std::int64_t first = days_from_civil(year, rule.month, 1);
        const int first_weekday = weekday(first) % 7;  // Sunday is 0
        day = first + (rule.day - first_weekday + 7) % 7 + (rule.week - 1) * 7;
        if (day >= first + days_in_month(year, rule.month)) day -= 7;
    } else {
        day = days_from_civil(year, 1, 1) + rule.day;
        if (rule.by == ZoneRule::By::julian_without_leap) day -= is_leap(year) && rule.day >= 60 ? 0 : 1;
    }
    return day * kSecondsPerDay + rule.seconds;
}

std::int64_t year_of(std::int64_t seconds) {
    const std::int64_t days = (seconds >= 0 ? seconds : seconds - (kSecondsPerDay - 1)) / kSecondsPerDay;
    return civil_from_days(days).year;
}

std::int32_t footer_offset(const Zone& zone, std::int64_t utc) {
    if (!zone.has_summer) return zone.winter_offset;
    const std::int64_t year = year_of(utc + zone.winter_offset);
    const std::int64_t begin = rule_in(zone.summer_begins, year) - zone.winter_offset;
    const std::int64_t end = rule_in(zone.winter_begins, year) - zone.summer_offset;
    const bool summer = begin < end ? utc >= begin && utc < end : utc >= begin || utc < end;  // south of the equator
    return summer ? zone.summer_offset : zone.winter_offset;
}

bool plain_name(std::string_view name) {
    if (name.empty() || name.size() > 64 || name.front() == '/' || name.find("..") != std::string_view::npos) return false;
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' || c == '-' || c == '+';
    });
}

std::unique_ptr<Zone> load(std::string_view name) {
    auto zone = std::make_unique<Zone>();
    zone->name = std::string(name);
    if (name == "Z" || name == "UTC" || name == "Etc/UTC" || name == "GMT") {
        zone->has_footer = true;
        return zone;
    }
    std::ifstream file("/usr/share/zoneinfo/" + std::string(name), std::ios::binary);
    std::ostringstream bytes;
    if (!file || !(bytes << file.rdbuf())) return nullptr;
    return read_tzif(bytes.str(), *zone) ? std::move(zone) : nullptr;
}

}  // namespace

bool read_tzif(std::string_view bytes, Zone& zone) {
    Bytes in(bytes);
    Header header;
    if (!read_header(in, header)) return false;
    if (header.version == '\0') return read_body(in, header, 4, zone);
    Zone skipped;
    if (!read_body(in, header, 4, skipped) && header.types != 0) return false;
    if (!read_header(in, header) || !read_body(in, header, 8, zone)) return false;
    std::string_view footer = in.rest();
    if (footer.size() < 2 || footer.front() != '\n' || footer.back() != '\n') return true;
    footer = footer.substr(1, footer.size() - 2);
    return footer.empty() || Footer(footer).read(zone);
}

std::int32_t Zone::offset_at_utc(std::int64_t utc) const {
    if (transitions.empty()) return has_footer ? footer_offset(*this, utc) : first_offset;
    if (utc < transitions.front()) return first_offset;
    if (utc >= transitions.back()) return has_footer ? footer_offset(*this, utc) : offsets.back();
    const auto next = std::upper_bound(transitions.begin(), transitions.end(), utc);
    return offsets[static_cast<std::size_t>(next - transitions.begin()) - 1];
}

std::int32_t Zone::offset_at_local(std::int64_t local) const {
    // No zone moves by more than a day: the offsets a day earlier and a day later are the only candidates.
    const std::int32_t before = offset_at_utc(local - kSecondsPerDay);
    const std::int32_t after = offset_at_utc(local + kSecondsPerDay);
    if (before == after) return before;
    if (offset_at_utc(local - before) == before) return before;
    if (offset_at_utc(local - after) == after) return after;
    return before;
}

const Zone* find_zone(std::string_view name) {
    // Zones are constants of the machine; the table only saves reading them again.
    static std::mutex guard;
    static std::map<std::string, std::unique_ptr<Zone>, std::less<>> known;
    if (!plain_name(name)) return nullptr;
    const std::scoped_lock lock(guard);
    const auto found = known.find(name);
    if (found != known.end()) return found->second.get();
    auto zone = load(name);
    if (zone == nullptr) return nullptr;  // names that do not exist are not kept: they may come from anybody
    return known.emplace(std::string(name), std::move(zone)).first->second.get();
}

}  // namespace kiepe::feel
