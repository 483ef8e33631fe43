#pragma once
// External functions (DMN 1.5 section 10.3.2.13.3). Models name Java methods; nothing is loaded here, ever: a short list of methods of
// java.lang has a counterpart of our own, everything else is refused when the model is read.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feel/value.h"

namespace kiepe::feel {

/// The counterpart of `method` ("max(double,double)", blanks do not matter) of `java_class` with the given parameter names;
/// nullopt where there is none.
std::optional<Value> external_function(std::string_view java_class, std::string_view method, std::vector<std::string> parameters);

}  // namespace kiepe::feel
