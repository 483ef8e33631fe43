#pragma once
// Kind "register": runs each package's examples with the law of today, at the start where this version was not tried yet, and each night.
#include <functional>
#include <map>
#include <string>

#include "rules/pages.h"

namespace kiepe::rules {

/// Handlers; plans the first run.
std::map<std::string, std::function<void(const store::Job&)>> register_jobs(const Work& work);

}  // namespace kiepe::rules
