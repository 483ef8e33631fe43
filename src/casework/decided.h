#pragma once
// Decisions as they were made, with all that they were made from: for previews of reforms, late law and the register of algorithms.
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "casework/decider.h"

namespace kiepe::casework {

/// One decision of the journal whose content has not been deleted yet.
struct Decided {
    std::int64_t case_id = 0, notice = 0;   ///< `notice`: event number of the decision
    std::string number, service;            ///< case number; service id
    std::string office;                     ///< office id
    Moment at{};
    std::string outcome;                    ///< code
    bool automatic = false;
    std::string package_hash, law_hash;
    Day law_day{};
    Application application;                ///< as the rules saw it
    std::string preparation;                ///< to_json(Preparation) of that day: what a replay is compared with
};

/// Some of them, by case; `next` is what the following call passes as `after_case`, 0 at the end.
struct DecidedPage {
    std::vector<Decided> decisions;
    std::int64_t next = 0;
};

}  // namespace kiepe::casework
