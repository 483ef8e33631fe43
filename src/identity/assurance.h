#pragma once
// Levels of assurance (eIDAS Regulation, Art. 8): none < low < substantial < high.
#include <string_view>

namespace kiepe::identity {

/// Whether a sign-in that proved `level` is enough where the law wants `needed`. An unknown level proves nothing.
constexpr bool is_enough(std::string_view level, std::string_view needed) {
    constexpr std::string_view order[] = {"none", "low", "substantial", "high"};
    const auto rank = [&](std::string_view name) {
        for (int i = 0; i < 4; ++i)
            if (order[i] == name) return i;
        return -1;
    };
    return rank(needed) <= 0 || rank(level) >= rank(needed);
}

static_assert(is_enough("substantial", "substantial") && is_enough("high", "low") && is_enough("", "none"));
static_assert(!is_enough("low", "substantial") && !is_enough("", "low") && !is_enough("none", "low"));

}  // namespace kiepe::identity
