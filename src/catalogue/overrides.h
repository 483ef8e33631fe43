#pragma once
// What a city replaces in shared packages: whole files only, each with the hash of what was replaced.
#include <map>
#include <string>
#include <vector>

#include "catalogue/report.h"

namespace kiepe::catalogue {

struct Override {
    std::string file;      ///< "resident-parking/letters/refusal.md"
    std::string over;      ///< "sha256:" + at least 16 hex digits of the shared file's hash; "nothing" for a file of the city's own
    std::string why;
    int line = 0;
};

std::vector<Override> read_overrides(const std::string& content, Report& report);

/// Replaces in `packages` (name -> path -> content) what stands in the city's folder `own` and is declared; `origins` (by
/// "package/path") says where each file now lies. Undeclared, vanished and changed ones are reported.
void apply_overrides(const std::vector<Override>& overrides, const std::map<std::string, std::string>& own, const std::string& folder,
                     std::map<std::string, std::map<std::string, std::string>>& packages, std::map<std::string, std::string>& origins,
                     Report& report);

}  // namespace kiepe::catalogue
