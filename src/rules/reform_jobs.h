#pragma once
// Comparing takes long: it is done by jobs. Kinds: "rules.reform" (one proposal), "rules.late_law" (each night, and at the start where the law
// is another one).
#include <map>
#include <string>
#include <vector>

#include "rules/pages.h"
#include "rules/proposals.h"

namespace kiepe::rules {

/// Below so many decisions of people, made applications are compared too.
inline constexpr std::int64_t kEnoughDecisions = 200;
inline constexpr int kMadeApplications = 1000;

/// Each case's last decision since a moment, by the cases' ids; at most 20,000.
std::vector<casework::Decided> last_decisions(casework::Cases& cases, const std::string& service, Moment since);
/// Rules and law as the database keeps them, each read once.
RulesThen rules_then(store::Database& database, const catalogue::City& city, std::shared_ptr<const language::Texts> texts);
/// What the law of now changes in the decisions of one service.
LateLaw late_law_of(casework::Cases& cases, store::Database& database, const catalogue::Catalogue& now, const catalogue::Package& package);

/// Handlers; plans the nightly look at late law.
std::map<std::string, std::function<void(const store::Job&)>> reform_jobs(const Work& work);

}  // namespace kiepe::rules
