#pragma once
// Whether what was read from an uploaded paper says what the person answered. Pure.
//
// A paper proves an answer to the machine only if the answer stands on it: VwVfG section 24 (facts are established of the office's own
// motion) leaves no room for a decision on a sheet that nobody and nothing has read.
#include <string_view>

#include "catalogue/catalogue.h"
#include "feel/value.h"

namespace kiepe::casework {

/// True if the text holds the value: plates and other texts without regard to spaces, hyphens and case; numbers as they stand or, for
/// metres, in millimetres (registration certificates, field 18) rounded to the digits that were asked.
bool stands_in(std::string_view text, const feel::Value& value, const catalogue::Question& question);

/// True if everything that the paper `reads` stands in the text; a paper that reads nothing is believed as it is.
bool confirmed_by(const catalogue::Form& form, const catalogue::Paper& paper, std::string_view text, const feel::Value& answers);

}  // namespace kiepe::casework
