#pragma once
// The register of algorithms: for each service that is decided by rules, what they are for, what a machine may do by them, what they look at,
// how they are tested, and how often a decision was corrected. Nothing of a person stands here.
//
// GDPR Art. 13(2)(f) and 22(3): people are told that a program decides, by what logic, and how to contest it.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "casework/corrections.h"
#include "catalogue/catalogue.h"
#include "language/language.h"
#include "store/store.h"

namespace kiepe::rules {

/// Below so many decisions a rate says more about single people than about the rules.
inline constexpr std::int64_t kFewestDecisions = 5;

/// A norm as it is cited, and where its text is; `link` may be empty.
struct CitedNorm {
    std::string text, link;
};

struct RegisterInput {
    std::string name, label;       ///< name in the form ("vehicle.length"); words of the question
    std::string protected_as;      ///< age, disability ...; empty: no protected attribute
    CitedNorm norm;                ///< why it may be asked
};

struct RegisterGroup {
    std::string title;             ///< page of the form
    std::vector<RegisterInput> inputs;
};

struct TestRun {
    std::int64_t passed = 0, failed = 0;
    Moment at{};
};

/// What must not matter was exchanged in invented applications (fairness.h).
struct FairnessRun {
    std::int64_t tried = 0, decisions = 0, wordings = 0, promises = 0;   ///< exchanged; and what changed by it
    Moment at{};
};

/// A share in tenths of a per cent, with the 95 % interval of Wilson (1927): right for few cases and rare events, too.
struct Share {
    int value = 0, low = 0, high = 0;
};
Share share_of(std::int64_t part, std::int64_t whole);

/// What the register says of one service, in one language.
struct RegisterEntry {
    std::string service, name, purpose, data_purpose;
    /// full: a machine decides what is clear. prepared: it only prepares, a person decides. by_hand: no automation at all.
    std::string mode;
    std::string machine;                        ///< register_text of the package
    std::vector<std::string> automatic, never;  ///< titles of outcomes
    CitedNorm automation_norm;
    std::string provision;                      ///< the provision that allows it (VwVfG section 35a), as the law file words it; may be empty
    CitedNorm provision_act;
    int spot_check_percent = 0;
    std::vector<CitedNorm> norms;
    const catalogue::Office* office = nullptr;
    std::vector<RegisterGroup> groups;
    std::string version, package_hash, law_hash;
    std::optional<Moment> since;                ///< in use since: also the day of the last change
    std::optional<TestRun> tests;
    std::optional<FairnessRun> fairness;
    std::string remedy_kind, remedy_norm;
    catalogue::Period remedy_within;
    casework::DecisionCounts counts;            ///< of the last twelve months
};

/// Everything but tests, since and counts: what package, law and city say.
RegisterEntry register_entry(const catalogue::Package& package, const catalogue::Catalogue& catalogue, std::string_view language, Day today);

/// Decisions that were corrected because rule, text or a fact was wrong: the errors. New facts and a new weighing are none.
std::int64_t errors_of(const casework::DecisionCounts::Side& side);

/// The register as JSON (docs/algorithms-register.md); rates only from kFewestDecisions on.
std::string to_json(const std::vector<RegisterEntry>& entries, std::string_view language, Moment now, std::string_view city);

/// The last run of the package's examples with this law, as a job kept it.
std::optional<TestRun> tests_of(store::Session& session, const std::string& package_hash, const std::string& law_hash);

}  // namespace kiepe::rules
