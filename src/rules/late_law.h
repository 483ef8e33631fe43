#pragma once
// Law that came late: a figure that now holds for a day before decisions were made by the old one. Whether they are made anew is for people to
// say (SGB X sections 44, 45, 48; AO sections 130, 131, 172 to 177; VwVfG sections 48, 49, 51); the machine only finds them.
#include <functional>
#include <string>
#include <vector>

#include "casework/decided.h"
#include "catalogue/catalogue.h"
#include "rules/compare.h"
#include "rules/law_change.h"

namespace kiepe::rules {

struct LateCase {
    std::string number;                     ///< of the case
    std::int64_t notice = 0;
    Day law_day{};
    Effect effect = Effect::differ;         ///< of deciding it again by the law of now
};

/// One parameter whose past was changed.
struct LateChange {
    std::string service;
    ParameterChange parameter;
    std::int64_t used = 0;                  ///< decisions that were made by the old value
    std::vector<LateCase> cases;            ///< those that would be other ones now
};

struct LateLaw {
    std::int64_t looked_at = 0;             ///< decisions with other law than that of now
    std::int64_t gone = 0;                  ///< whose rules or law are not kept any more
    std::vector<LateChange> changes;        ///< by act, name and first day
};

/// Where the rules of a decision come from.
struct RulesThen {
    std::function<std::shared_ptr<const catalogue::Package>(const std::string& package_hash, const catalogue::Law& law)> package;
    std::function<std::optional<catalogue::Law>(const std::string& law_hash)> law;
};

/// What the law of `now` changes in decisions that were made by another one. Each parameter alone: the rules and the rest of the law stay as
/// they were that day. Decisions made by the law of now are left out.
LateLaw late_law(const std::vector<casework::Decided>& decisions, const RulesThen& then, const catalogue::Law& now, const catalogue::City& city);

std::string to_json(const LateLaw& late);
Result<LateLaw> late_law_from_json(std::string_view json);

}  // namespace kiepe::rules
