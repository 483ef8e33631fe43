#pragma once
// The packages' own tests (examples/*.yaml) and `kiepe package decide`.
#include <iosfwd>
#include <string>
#include <vector>

#include "catalogue/catalogue.h"

namespace kiepe::casework {

/// `like` + `change`: `sure` is merged into the sureness of the example taken (write `stated` to weaken a fact), papers, previous and
/// answers at a path replace. `sweep` and `flip` run over the examples that stand on their own (without `like`).
/// Runs examples and `always` rules (sweep, flip) of a package; differences are findings with file, line and name of the example.
struct ExampleResult { int passed = 0, failed = 0; std::vector<catalogue::Finding> findings; };
ExampleResult run_examples(const catalogue::Package& package, const catalogue::Catalogue& catalogue);

/// Decides one case a line (JSON: received, answers, papers, sure, previous, renewal; package-format section 8) and writes one JSON line each:
/// outcome, automatic, amounts (name -> decimal text), reasons, looks, missing, held_by, failed, periods; a broken line gives {"error": ..., "line": n}.
int decide_lines(const catalogue::Package& package, const catalogue::Catalogue& catalogue, std::istream& in, std::ostream& out);

}  // namespace kiepe::casework
