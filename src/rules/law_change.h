#pragma once
// Two states of the law side by side. Pure: no input or output.
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "catalogue/law.h"

namespace kiepe::rules {

/// A parameter that says something else on a day than it did.
struct ParameterChange {
    std::string act, parameter, norm, about;
    feel::Value before, after;
    Day from{};                 ///< of the row that says it now
    std::string source;         ///< where that was published
};

/// Parameters of the acts (FEEL or written names) with another value on `day`, in the order of the acts and their files.
std::vector<ParameterChange> changed_parameters(const catalogue::Law& before, const catalogue::Law& after, const std::vector<std::string>& acts,
                                                Day day);

/// The law as it stands on `day`, said for all days, its end left open: a change that comes into force next year is tried on the
/// applications of this year as though that day had come.
catalogue::Law law_as_on(const catalogue::Law& law, Day day);

/// The day on which a change is best looked at: `today` where it holds already, else its first day in the future. None where both say the same
/// from today on: what changed lies in the past (see late_law.h).
std::optional<Day> day_of_change(const catalogue::Law& before, const catalogue::Law& after, const std::vector<std::string>& acts, Day today);

/// `before` with one parameter as it is in `after`: shows what this one changes alone.
catalogue::Law with_parameter(catalogue::Law before, const catalogue::Law& after, const std::string& act, const std::string& parameter);

}  // namespace kiepe::rules
