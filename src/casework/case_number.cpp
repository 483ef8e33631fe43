#include "casework/case_number.h"

#include <fmt/core.h>

#include "casework/sql.h"

namespace kiepe::casework {
namespace {

constexpr std::int64_t kBlock = 20;

}  // namespace

int check_digit(std::string_view digits) {
    int product = 10;
    for (const char digit : digits) {
        int sum = (product + (digit - '0')) % 10;
        if (sum == 0) sum = 10;
        product = sum * 2 % 11;
    }
    return (11 - product) % 10;
}

std::string case_number(int year, std::int64_t running) {
    const std::string year_part = fmt::format("{:02}", year % 100), running_part = fmt::format("{:06}", running);
    return fmt::format("{}-{}-{}", year_part, running_part, check_digit(year_part + running_part));
}

std::optional<std::string> parse_case_number(std::string_view typed) {
    std::string digits;
    for (const char c : typed) {
        if (c >= '0' && c <= '9') digits += c;
        else if (c != '-' && c != ' ') return std::nullopt;
    }
    if (digits.size() < 9 || digits.size() > 12) return std::nullopt;
    const std::string body = digits.substr(0, digits.size() - 1);
    if (check_digit(body) != digits.back() - '0') return std::nullopt;
    return fmt::format("{}-{}-{}", body.substr(0, 2), body.substr(2), digits.back());
}

std::string NumberSource::next(Day today) {
    const int year = static_cast<int>(std::chrono::year_month_day(today).year());
    const std::lock_guard lock(mutex_);
    if (year != year_ || next_ > last_) {
        std::int64_t last = 0;
        database_.write([&](store::Session& session) {
            last = session.query(sql::case_numbers_take, {std::int64_t{year}, kBlock}).at(0).number(0);
        });
        year_ = year;
        last_ = last;
        next_ = last - kBlock + 1;
    }
    return case_number(year, next_++);
}

}  // namespace kiepe::casework
