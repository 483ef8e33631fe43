#pragma once
// The words of a comparison: explanations reduced to what differs, titles of outcomes. Only for compare.cpp.
#include "rules/compare.h"

namespace kiepe::rules {

void tell(const RuleSet& before, const RuleSet& after, const std::vector<Subject>& subjects, const CompareOptions& options, Comparison& comparison);

}  // namespace kiepe::rules
