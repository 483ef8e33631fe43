#pragma once
// The promise of a case, computed from its journal. For this room, and for rules, which compares promises.
#include <set>
#include <vector>

#include "casework/cases.h"

namespace kiepe::casework {

/// Working days that the promise's clock has run, and the day by which the city answers as things stand on `today`.
/// `starts: complete`: the clock starts when nothing is missing. It stops only while the city waits for the applicant.
Promise promise_of(const catalogue::Service& service, const std::vector<store::Event>& events, Day today, const std::set<Day>& holidays);

}  // namespace kiepe::casework
