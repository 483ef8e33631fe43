#pragma once
// The gate: may the machine decide this alone? (docs/package-format.md, section 4.) Only inside this room.
#include <optional>
#include <vector>

#include "casework/decider.h"

namespace kiepe::casework {

/// What the run of the model found besides the preparation itself.
struct GateFacts {
    bool months_differ = false;               ///< some months of a period end differently: a person decides
    std::optional<Day> law_unknown_after;     ///< the law's values are known only up to this day, and the decision is about a later one
};

/// Everything that keeps the machine from deciding, in the order of the gate; empty: it may.
std::vector<Held> walk_gate(const catalogue::Package& package, const Application& application, const Preparation& preparation,
                            const GateFacts& facts);

/// Picked for a look by a person: by a hash of the number, so that a replay picks the same.
bool in_spot_check(std::string_view case_number, int percent);

}  // namespace kiepe::casework
