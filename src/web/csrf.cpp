#include "web/csrf.h"

#include "base/id.h"
#include "web/head.h"

namespace kiepe::web {
namespace {

/// host[:port] of "https://host:port/path"; empty: none.
std::string_view authority(std::string_view url) {
    const auto slashes = url.find("://");
    if (slashes == std::string_view::npos) return {};
    url.remove_prefix(slashes + 3);
    return url.substr(0, url.find('/'));
}

enum class Origin { own, foreign, unknown };

Origin origin_of(const Request& request, std::string_view own_origin) {
    if (const auto site = request.header("sec-fetch-site"); !site.empty())
        return site == "same-origin" || site == "none" ? Origin::own : Origin::foreign;
    const std::string_view own = own_origin.empty() ? request.header("host") : authority(own_origin);
    std::string_view from = request.header("origin");
    if (from.empty() || from == "null") from = request.header("referer");
    if (from.empty()) return Origin::unknown;
    return !own.empty() && equal_ignoring_case(authority(from), own) ? Origin::own : Origin::foreign;
}

}  // namespace

bool comes_from_own_page(const Request& request, std::string_view own_origin) { return origin_of(request, own_origin) == Origin::own; }

bool form_is_ours(const Request& request, std::string_view secret, std::string_view own_origin) {
    const Origin origin = origin_of(request, own_origin);
    if (secret.empty()) return origin == Origin::own;
    return origin != Origin::foreign && equal_secret(request.field("csrf"), secret);
}

}  // namespace kiepe::web
