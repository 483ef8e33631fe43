#pragma once
// Regular expressions of XPath (XQuery and XPath Functions section 5.6) on top of ICU, bounded in time and stack.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kiepe::feel {

/// nullopt where the pattern, the flags or the replacement are wrong, or where matching takes too long.
std::optional<bool> regex_matches(const std::string& input, const std::string& pattern, const std::string& flags);
std::optional<std::string> regex_replace(const std::string& input, const std::string& pattern, const std::string& replacement,
                                         const std::string& flags);
std::optional<std::vector<std::string>> regex_split(const std::string& input, const std::string& pattern);

}  // namespace kiepe::feel
