#pragma once
// Why: from a result to its reasons, to the steps of the calculation, to the answers and the amounts of the law that each of them used.
// Made by replaying the model with its tracer: what a decision did not look at in this case does not appear. Pure: no I/O.
#include <string>
#include <string_view>
#include <vector>

#include "casework/decider.h"
#include "catalogue/law.h"

namespace kiepe::casework {

/// An answer that a step or a reason rests on.
struct WhyFact {
    std::string path, label, value;
    Level level = Level::stated;
    std::string norm, link;                 ///< for which paragraph it was asked
};

/// An amount or a limit of the law, as it stood on the day that matters.
struct WhyParameter {
    std::string act, name;                  ///< "WoGG", "least_income"
    std::string about;                      ///< German, as the law's file says it
    std::string value;                      ///< formatted; empty where it is a whole table
    std::string norm, link;
    Day since{};
    std::string published;                  ///< "BGBl. 2024 I Nr. 314"
    bool to_check = false;
};

struct WhyLine {
    std::string code;                       ///< of reasons.yaml, or name of the decision
    std::string text, norm, link, what_now;
    bool in_german = false;                 ///< not translated into the language asked for
    bool again = false;                     ///< explained further above; here only named
    std::vector<WhyFact> facts;
    std::vector<WhyParameter> parameters;
    std::vector<WhyLine> parts;             ///< steps that this one is made from
};

struct Why {
    std::vector<WhyLine> reasons, looks, steps;
    std::vector<WhyFact> facts;             ///< where nothing speaks against it: every answer that was given
};

/// In `language` ("de-simple": plain German, sentence by sentence where there is one).
Why why(const catalogue::Package& package, const catalogue::Law& law, const Preparation& preparation, const Application& application,
        std::string_view language);

/// The amounts of the law that the steps below `step` looked at, in that order; not those of decisions inside of it, which have
/// their own. For a page that shows a trace.
std::vector<WhyParameter> parameters_used(const catalogue::Package& package, const catalogue::Law& law, const Preparation& preparation,
                                          const dmn::Step& step, std::string_view language);
/// "1.980 Euro im Jahr", "5,25 Meter", "eine Tabelle".
std::string amount_text(const catalogue::Package& package, const catalogue::Parameter& parameter, const feel::Value& value,
                        std::string_view language);

}  // namespace kiepe::casework
