#pragma once
// Whether two decisions, promises and letters are the same but for a flipped answer. Only inside this room.
#include <string>
#include <utility>
#include <vector>

#include "casework/cases.h"
#include "casework/decider.h"
#include "casework/letters.h"

namespace kiepe::rules {

/// What an answer was and what it has become; null: not answered.
struct Swap {
    std::string name;                            ///< last part of the answer's path: "last_name"
    const catalogue::Question* question = nullptr;
    feel::Value from, to;
};
using Swaps = std::vector<Swap>;

/// Each way in which a flipped answer may be printed: before, and now. An empty text stands for nothing printed.
using Spellings = std::vector<std::pair<std::string, std::string>>;
Spellings spellings_of(const Swaps& swaps, const catalogue::Package& package);

/// The same words in the same order, where a spelling may stand in place of its other one.
bool same_words(const std::string& before, const std::string& after, const Spellings& spellings);

/// "" where both decide the same; else what differs first ("outcome: grant -> refuse").
std::string decision_difference(const casework::Preparation& before, const casework::Preparation& after, const Swaps& swaps, const Spellings& spellings);
std::string promise_difference(const casework::Promise& before, const casework::Promise& after);
std::string wording_difference(const casework::Rendered& before, const casework::Rendered& after, const Spellings& spellings);
/// For translations: the same blocks with the same number of entries.
std::string structure_difference(const casework::Rendered& before, const casework::Rendered& after);

}  // namespace kiepe::rules
