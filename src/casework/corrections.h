#pragma once
// A decision is not always the last word: what people say against it, and what the office then corrects.
//
// VwGO sections 68 to 73 (objection, and the office that helps it), VwVfG sections 48, 49, 51 and SGB X sections 44 to 48 (taking back or
// changing a decision without an objection).
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace kiepe::casework {

/// Why a decision is made anew: rule or text was wrong, a fact was wrong or misread, something new came up, or it was weighed anew.
inline constexpr std::array<std::string_view, 4> kCorrectionKinds = {"error_rule", "error_input", "new_facts", "discretion"};

/// By what a decision was made: named in the notice, so that everybody can ask for exactly these rules.
struct RulesVersion {
    std::string package_hash, package_version, law_hash;
    Day since{};                   ///< in use since
    Day law_day{};                 ///< the day whose law counted
};

/// "I do not agree."
struct Objection {
    std::int64_t number = 0;       ///< event number
    Moment received{};
    std::int64_t notice = 0;       ///< against this one
    std::string text;
    std::optional<Day> until;      ///< the period as it was reckoned on that day
    bool late = false;             ///< received after it
    std::string answer;            ///< "" | reopened | kept
};

/// A case that was opened again.
struct Correction {
    std::int64_t number = 0;       ///< event number
    Moment at{};
    std::int64_t notice = 0;       ///< the one that is decided anew
    std::int64_t objection = 0;    ///< answered by it; 0: on the office's own initiative
    std::string kind;              ///< of kCorrectionKinds
    std::string text, author;
};

/// Decisions counted, without a word about persons.
struct DecisionCounts {
    struct Side {
        std::int64_t made = 0, contested = 0;
        std::map<std::string, std::int64_t> corrected;   ///< by kind
    };
    Side automatic, by_hand;
};

}  // namespace kiepe::casework
