#pragma once
// `kiepe package fairness`: looking at rules from outside on the command line.
#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "app/settings.h"
#include "base/clock.h"

namespace kiepe::app {

struct FairnessCommand {
    std::vector<std::string> dirs;
    int cases = 1000;
    std::uint64_t seed = 1;
    std::string json;                ///< file for the whole report, "-" for the standard output in place of tables
};
/// Flips what must not matter in examples and made applications of each package; prints a table a package and last
/// "N passed, N failed", counting attributes. 0: nothing changed; 1: something did; 2: unreadable.
int check_fairness(const Settings& settings, const FairnessCommand& command, Day today, std::ostream& out);

}  // namespace kiepe::app
