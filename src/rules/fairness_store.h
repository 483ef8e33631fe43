#pragma once
// What the fairness check of a package's version gave: for the register of algorithms. Table rules_fairness, job "fairness".
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "rules/fairness.h"
#include "rules/pages.h"

namespace kiepe::rules {

struct StoredFairness {
    Moment made{};
    FairnessReport report;
};

/// One result a version of package and law; a newer one replaces it.
void store_fairness(store::Database& database, const FairnessReport& report, Moment now);
/// The newest result of this version of the package, by whatever law; nullopt where none was made yet.
std::optional<StoredFairness> last_fairness(store::Session& session, std::string_view package_hash);
/// The result of this version of the package by this version of the law.
std::optional<StoredFairness> fairness_under(store::Session& session, std::string_view package_hash, std::string_view law_hash);

/// Handler of the job "fairness"; plans one for each service with a form whose version has no result yet.
std::map<std::string, std::function<void(const store::Job&)>> fairness_jobs(const Work& work);

}  // namespace kiepe::rules
