#pragma once
// The city as it would be with some files replaced: for looking at a change before it is put in force. Nothing is written.
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.h"

namespace kiepe::catalogue {

/// `package_files` (path in the package -> content) replace or join those of `service`, `law_files` (path as in Law::files()) those of the law.
/// Everything is read as at the start; errors are findings, and `origins` says under which name a file stands there (else its path). The result
/// keeps `base` alive. The Result fails where the package has errors or is not known.
Result<std::shared_ptr<const Catalogue>> changed(std::shared_ptr<const Catalogue> base, std::string_view service,
                                                 const std::map<std::string, std::string>& package_files,
                                                 const std::map<std::string, std::string>& law_files, bool production,
                                                 std::vector<Finding>& findings, const std::map<std::string, std::string>& origins = {});

}  // namespace kiepe::catalogue
