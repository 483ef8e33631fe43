#pragma once
// From an application to a prepared decision, and the gate that says whether the machine may decide alone. Pure: no I/O.
//
// VwVfG section 35a, SGB X section 31a: wholly automatic only where the law allows it; never a refusal, never a burden.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "catalogue/catalogue.h"
#include "dmn/dmn.h"
#include "feel/value.h"

namespace kiepe::casework {

/// How sure a fact is; the order is the order of strength.
enum class Level { stated, document, checked, registered };
std::optional<Level> parse_level(std::string_view name);       ///< "register" is Level::registered
std::string_view name_of(Level level);

/// What is known of a case when it is decided.
struct Application {
    feel::Value answers;                        ///< nested, as said, looked-up facts included
    std::map<std::string, Level> sure;          ///< by path ("persons.incomes" covers all below and all entries); missing: stated
    std::map<std::string, std::string> papers;  ///< need ("income_proof/1") -> paper ("pay_slips")
    Day received{};
    std::string channel = "online";             ///< online | counter | paper | phone
    bool renewal = false;
    feel::Value previous;                       ///< old answers + `until`; null for a first application
    std::string case_number;                    ///< decides the spot check; empty: never picked
    bool consultation_open = false;
    bool corrected = false;                     ///< decided before and opened again by a person: never decided by machine any more
    bool operator==(const Application&) const = default;
};

/// Why the machine does not decide alone: code (text key "held_" + code) and details.
/// Codes: outcome, effect, months_differ, missing, failed, look {reason}, remark, fact {path, level}, no_provision, discretion,
/// law_unknown {until}, consultation {duty}, spot_check, corrected, no_automation, error {problem}.
struct Held {
    std::string code;
    std::map<std::string, std::string> args;
    std::string text() const;                   ///< as examples write it: "remark", "fact persons.incomes is only stated", "no rule allows it", "consultation traffic"
};

struct PeriodResult {
    Day from{}, to{};                           ///< first and last day
    std::map<std::string, feel::Value> values;  ///< every decision's value in that period
};

struct Preparation {
    std::string outcome;                        ///< code of service.yaml; empty: nothing can be decided yet
    bool automatic = false;
    std::vector<Held> held_by;
    std::vector<std::string> missing;           ///< "answer iban", "paper income_proof/1 (later)", "paper transfer_notice/1 from office jobcenter"
    std::vector<std::string> missing_answers;   ///< paths
    std::vector<catalogue::MissingPaper> missing_papers;
    std::vector<catalogue::Failed> failed;
    std::vector<std::string> reasons, looks;    ///< codes of reasons.yaml
    std::map<std::string, feel::Value> values;  ///< every decision of the model (the first period's, where it runs by month)
    std::vector<PeriodResult> periods;
    std::vector<std::string> consult;           ///< duties to be asked
    Day law_day{};
    feel::Value context;                        ///< inputs of the model, for replay
    std::string package_hash, law_hash;
    std::string problem;                        ///< the model failed: for the log and the clerk
    catalogue::Evaluation evaluation;
};

/// Evaluates form, completeness and model, and walks the gate. Deterministic: same arguments, same result.
Preparation prepare(const catalogue::Package& package, const catalogue::Law& law, const catalogue::City& city,
                    const Application& application);
/// Pre-check: what can be said with what is known so far (nothing stored): reasons that already stand.
Preparation pre_check(const catalogue::Package& package, const catalogue::Law& law, const catalogue::City& city,
                      const Application& application);

/// The explanation in plain words: an ordered tree for people, from the model's trace, reasons.yaml, step texts and the form's labels.
struct Explained {
    std::string text;                           ///< sentence
    std::string norm;
    std::string value;                          ///< formatted
    std::string source;                         ///< text key of the level: said | document | checked | register; empty for computed
    std::vector<Explained> parts;
};
std::vector<Explained> explain(const catalogue::Package& package, const Preparation& preparation, const Application& application,
                               std::string_view language);
/// The machine's own trace (decisions, tables, matched rows) for clerks and for replay.
std::vector<dmn::Step> trace(const catalogue::Package& package, const Preparation& preparation);

std::string to_json(const Application& application);
Result<Application> application_from_json(std::string_view json);
/// Everything of a preparation that is compared at a replay (outcome, values, reasons, looks, periods, missing, held_by).
std::string to_json(const Preparation& preparation);

}  // namespace kiepe::casework
