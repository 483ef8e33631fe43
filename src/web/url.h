#pragma once
// Targets, percent-encoding and application/x-www-form-urlencoded. No I/O, every reader is fuzzed.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kiepe::web {

/// RFC 3986 section 2.1; nullopt for a broken escape. `plus_is_blank` as in forms.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank = false);
/// Keeps unreserved characters and what stands in `keep`.
std::string percent_encode(std::string_view text, std::string_view keep = "");

struct Target {
    std::string path;        ///< decoded
    std::string query;       ///< raw
};
/// Refuses escapes that are broken or hide a slash, a backslash or a control character; "." and ".." as a segment; bytes that are
/// not UTF-8. Each of them means one thing to this reader and another one to the next.
std::optional<Target> parse_target(std::string_view target);

using Pairs = std::vector<std::pair<std::string, std::string>>;
inline constexpr std::size_t kMostFields = 1000;
/// URL Standard, section 5.1. nullopt: broken escape, not UTF-8, a NUL, or more than `most` pairs.
std::optional<Pairs> parse_urlencoded(std::string_view text, std::size_t most = kMostFields);

/// A path of this site: one slash at the start, no second one, no backslash, no control character. Anything else may be a foreign
/// address to a browser ("//host", "/\host"; URL Standard, "special authority slashes state").
bool is_local_path(std::string_view path);

}  // namespace kiepe::web
