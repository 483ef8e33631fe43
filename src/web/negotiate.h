#pragma once
// What the person's browser prefers: languages and content codings (RFC 9110 section 12.5). No I/O.
#include <string>
#include <string_view>
#include <vector>

namespace kiepe::web {

enum class Coding { identity, gzip, brotli };
/// RFC 9110 section 12.5.3. Brotli where the browser likes it as much as gzip.
Coding best_coding(std::string_view accept_encoding);

/// RFC 4647 section 3.4 (lookup) over the tags of Accept-Language by weight. "de-simple" is found by its whole tag only.
std::string best_language(std::string_view accept_language, const std::vector<std::string>& languages, const std::string& otherwise);

/// RFC 9110 section 13.1.2: "*", or one of the tags, compared weakly.
bool etag_matches(std::string_view if_none_match, std::string_view etag);

}  // namespace kiepe::web
