#pragma once
// `kiepe bench dmn`: starts the bench program that lies beside this one.
#include <ostream>
#include <string>
#include <vector>

namespace kiepe::app {

/// Runs kiepe-bench-dmn with these arguments in place of this program. Comes back only where it cannot: says what to do, gives 2.
int run_dmn_bench(const std::vector<std::string>& arguments, std::ostream& err);

}  // namespace kiepe::app
