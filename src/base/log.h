#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kiepe::log {

enum class Level { debug, info, warn, error };

/// One line of JSON to standard error: time, level, event, fields. Never personal data: ids, codes, counts and durations only.
/// Thread-safe.
void write(Level level, std::string_view event, const std::vector<std::pair<std::string, std::string>>& fields = {});
void set_least(Level level);

}  // namespace kiepe::log
