#pragma once
// Puts what a comparison found into a page. Only for the pages and commands of this room.
#include <optional>
#include <string>

#include "rules/compare.h"
#include "rules/pages.h"

namespace kiepe::rules {

/// A value of the law as people read it in a language.
std::string value_text(const language::Texts& texts, std::string_view language, const feel::Value& value);
/// "212 von 9.400 Entscheidungen würden anders ausfallen: ..."
std::string headline(const language::Texts& texts, std::string_view language, const Comparison& comparison);
/// "Sie bekommen Wohngeld", or what stands for a case that cannot be decided.
std::string outcome_text(const language::Texts& texts, std::string_view language, const std::string& title);
/// "bekommen 10 bis unter 50 Euro mehr"
std::string band_text(const language::Texts& texts, std::string_view language, const Comparison& comparison, const Band& band);

/// One part of the page (list PART of reform-result): what was compared, figures, bands, groups. `names_linked`: the names are numbers of cases
/// that this member of staff may open; `names_shown` false: not even named.
void put_comparison(const Pages& pages, const web::Request& request, web::Data& part, const Comparison& comparison, bool names_linked, bool names_shown);

}  // namespace kiepe::rules
