#pragma once
// The DMN Technology Compatibility Kit: its test files (testCases.xsd) run against this engine.
#include <iosfwd>
#include <string>
#include <vector>

namespace kiepe::dmn {

struct TckCount {
    int passed = 0, failed = 0;
};

/// Runs every test file below the folders; one line a failing case.
TckCount run_tck_cases(const std::vector<std::string>& dirs, std::ostream& out);
/// The same with the closing line "N passed, N failed"; 0 where every case passes, 1 where one fails, 2 where there is none.
int run_tck(const std::vector<std::string>& dirs, std::ostream& out);

}  // namespace kiepe::dmn
