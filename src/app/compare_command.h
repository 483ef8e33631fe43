#pragma once
// `kiepe package compare`: what changed rules, or changed figures of the law, would change.
#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "app/settings.h"

namespace kiepe::app {

/// docs/package-format.md, section "Previewing a reform".
struct CompareRequest {
    std::string folder, changed;        ///< the package, and a folder with its changed files ("" where only the law changes)
    std::vector<std::string> law;       ///< changed files of the law, or folders of them
    std::string cases = "made";         ///< made | examples | stored | a file with one application a line
    std::string in_force;               ///< day as whose law both are taken; "": found, "no": each application by its own day
    std::string language, json;         ///< language of explanations; file for the machine-readable result
    int count = 1000;
    std::uint64_t seed = 1;
    bool list = false, late = false;
};

/// Prints the headline and groups of equal changes. 0: compared; 1: the changed files have errors; 2: something cannot be read.
int compare_packages(const Settings& settings, const CompareRequest& request, std::ostream& out);

}  // namespace kiepe::app
