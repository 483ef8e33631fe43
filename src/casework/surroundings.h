#pragma once
// What the house adds to the answers before anything is decided (docs/package-format.md, section 2.4). For this room, and for rules,
// which tries packages on cases of its own.
#include "casework/decider.h"

namespace kiepe::casework {

Day first_of_month(Day day);
/// case {received, month, renewal, previous, channel}, city {ags, name}, and each act as it is on `law_day`.
catalogue::Surroundings surround(const catalogue::Package& package, const catalogue::Law& law, const catalogue::City& city,
                                 const Application& application, Day law_day);
/// The day that picks the law: the package's rule over the answers, else the day of receipt.
Day law_day_of(const catalogue::Package& package, const catalogue::Law& law, const catalogue::City& city, const Application& application);
/// The last day for which all acts of the package are known; nullopt where none says so.
std::optional<Day> known_until(const catalogue::Package& package, const catalogue::Law& law);

/// "persons[2].incomes[1].amount" -> "persons.incomes.amount".
std::string without_indexes(std::string_view path);
/// How sure the answer at `path` is: the most specific entry of `sure` that covers it.
Level level_at(const std::map<std::string, Level>& sure, std::string_view path);

/// Context of a decision's inputs plus every value that the model gave: what sentences and letters may name.
feel::Value with_values(const feel::Value& context, const std::map<std::string, feel::Value>& values);
/// The answers as the form would complete them: look-ups asked, defaults filled in. For examples and machines.
Application completed(const catalogue::Package& package, const catalogue::Law& law, const catalogue::City& city, Application application);

}  // namespace kiepe::casework
