#include "web/cookies.h"

#include <algorithm>

#include "base/text.h"
#include "web/head.h"

namespace kiepe::web {
namespace {

/// cookie-octet of RFC 6265 section 4.1.1
bool is_cookie_value(std::string_view value) {
    return std::all_of(value.begin(), value.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\'; });
}

}  // namespace

std::map<std::string, std::string> parse_cookies(std::string_view header) {
    constexpr std::size_t kMost = 50;
    std::map<std::string, std::string> cookies;
    while (!header.empty() && cookies.size() < kMost) {
        const auto end = header.find(';');
        const std::string_view pair = trim(header.substr(0, end));
        header = end == std::string_view::npos ? std::string_view{} : header.substr(end + 1);
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos) continue;
        const std::string_view name = pair.substr(0, equals);
        std::string_view value = pair.substr(equals + 1);
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
        if (is_token(name) && is_cookie_value(value)) cookies.emplace(name, value);
    }
    return cookies;
}

std::string_view session_cookie_name(bool secure) { return secure ? "__Host-kiepe" : "kiepe-session"; }

std::string session_cookie(std::string_view token, bool secure) {
    std::string out(session_cookie_name(secure));
    out += "=";
    if (is_cookie_value(token)) out += token;
    out += "; Path=/; HttpOnly; SameSite=Lax";
    if (secure) out += "; Secure";
    if (token.empty()) out += "; Max-Age=0";
    return out;
}

}  // namespace kiepe::web
