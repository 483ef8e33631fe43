#pragma once
// What would have to be different: for a decision against somebody, the nearest values of her answers with which the rules would decide
// otherwise. Pure: no I/O, no clock; found by trying, so it holds for every package without being written down there.
//
// VwVfG section 25(1): the authority suggests that statements be corrected which were plainly made by mistake or left out. So only what
// a person can change or correct is tried, never who she is: no protected attribute (AGG section 1), name, date of birth, account,
// address, nor what the city looked up.
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "casework/decider.h"

namespace kiepe::casework {

/// One answer that would have to be another one.
struct ChangedAnswer {
    /// at_most and at_least: from `nearest` on to the form's own end. between: to `furthest` only. instead: one of `options`.
    enum class Direction { at_most, at_least, between, instead } direction = Direction::instead;
    std::string path;
    feel::Value now;                      ///< null: an optional question that was left open
    feel::Value nearest;                  ///< the value closest to `now`; one step nearer on the question's grid does not do
    feel::Value furthest;
    std::vector<feel::Value> options;
    bool operator==(const ChangedAnswer&) const = default;
};

/// What has to hold together, and what the rules would then say.
struct Way {
    enum class Effect { favourable, look, nothing_against } effect = Effect::favourable;
    std::vector<ChangedAnswer> changes;   ///< more than one only where no single change does
    std::string outcome;                  ///< code; empty while answers are missing
    bool rests_on = false;                ///< the reasons of the package name this answer
    bool operator==(const Way&) const = default;
};

struct WhatIf {
    std::vector<Way> ways;                ///< favourable ones first, nearest first; `look` only where nothing is favourable
    int evaluations = 0;
    bool whole = true;                    ///< false: the limit was reached, there may be more
};

struct WhatIfLimits {
    int evaluations = 600;                ///< of the whole model; counted, not timed, so that every machine finds the same
    std::size_t ways = 8;
};

/// Empty unless the preparation is against the applicant: an unfavourable outcome, or reasons that stand already (pre_check).
WhatIf what_if(const catalogue::Package& package, const catalogue::Law& law, const catalogue::City& city, const Application& application,
               const Preparation& preparation, const WhatIfLimits& limits = {});

/// The application as if every paper that it needs had been handed in: for drafts, whose papers come last.
Application with_all_papers(const catalogue::Package& package, const catalogue::Law& law, const catalogue::City& city, Application application);

/// In words, by the texts of locales/*/whatif.po and the question's own label.
struct SaidAnswer {
    std::string label;                    ///< "Wie hoch ist es, vor allen Abzügen?"
    std::string about;                    ///< "Inge Muster, Rente"; outside of lists the page: "Ihr Fahrzeug"
    std::string condition;                ///< "Bis 1.180,00 Euro"
    std::string now;                      ///< "1.250,00 Euro"
};
struct SaidWay {
    std::vector<SaidAnswer> changes;
    std::string sentence;                 ///< "Bis 1.180,00 Euro könnten wir dem Antrag zustimmen (jetzt: 1.250,00 Euro)."
};
SaidWay say_way(const catalogue::Package& package, const Preparation& preparation, const Way& way, std::string_view language);
/// A way over an answer that somebody may not see would tell that answer. `may_see` judges categories of answers.
bool may_be_shown(const catalogue::Package& package, const Way& way, const std::function<bool(const std::string&)>& may_see);
/// `nearest` of letters: {ways: [{text}]}, at most three; null where there is nothing to say.
feel::Value nearest_of(const catalogue::Package& package, const Preparation& preparation, const WhatIf& found, std::string_view language);

}  // namespace kiepe::casework
