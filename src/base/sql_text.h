#pragma once
#include <string_view>

namespace kiepe {

/// One SQL statement as it stands in src/<room>/sql, in both dialects (equal unless the statement has two files).
struct SqlText {
    std::string_view sqlite;
    std::string_view postgresql;
};

}  // namespace kiepe
