#pragma once
// Cookies (RFC 6265). No I/O, fuzzed.
#include <map>
#include <string>
#include <string_view>

namespace kiepe::web {

/// Reads a Cookie header. What is no cookie is left out; of two with one name the first counts (browsers send the longest path
/// first, RFC 6265 section 5.4). At most 50.
std::map<std::string, std::string> parse_cookies(std::string_view header);

/// `__Host-kiepe`, bound to this host over TLS (RFC 6265bis section 4.1.3.2); `kiepe-session` on plain http.
std::string_view session_cookie_name(bool secure);
/// The value of Set-Cookie; an empty token clears it.
std::string session_cookie(std::string_view token, bool secure);

}  // namespace kiepe::web
