#pragma once
// From a norm as people cite it to the place where its text can be read.
#include <string>
#include <string_view>

#include "catalogue/law.h"

namespace kiepe::catalogue {

/// Address of the norm's text: of the section where the act's file says how sections are addressed (`section_link`), else of the act.
/// Empty where the act is not known, or where its link leads only to the front page of a site: that is not its text. `act`: code of the
/// act that is meant where the norm names none ("§ 12 Abs. 7" inside law/wogg).
std::string norm_link(const Law& law, std::string_view norm, std::string_view act = {});

}  // namespace kiepe::catalogue
