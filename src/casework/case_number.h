#pragma once
// "26-048217-4": two digits of the year, a running part, a check digit. Only inside this room.
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "store/store.h"

namespace kiepe::casework {

/// ISO/IEC 7064 MOD 11,10: finds every single wrong digit and nearly every swap of neighbours.
int check_digit(std::string_view digits);
std::string case_number(int year, std::int64_t running);
/// A number as people write it, put right ("26 048217 4"); nullopt where the check digit says that it is mistyped.
std::optional<std::string> parse_case_number(std::string_view typed);

/// Hands out running numbers; takes them from the database in small blocks, so that a submission needs no second commit. A restart
/// leaves a gap, never a number twice. Thread-safe.
class NumberSource {
public:
    explicit NumberSource(store::Database& database) : database_(database) {}
    std::string next(Day today);

private:
    store::Database& database_;
    std::mutex mutex_;
    int year_ = 0;
    std::int64_t next_ = 1, last_ = 0;
};

}  // namespace kiepe::casework
