#include "web/web.h"

#include <algorithm>

#include "web/answer.h"
#include "web/head.h"
#include "web/router.h"
#include "web/url.h"

namespace kiepe::web {

std::string_view Request::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (equal_ignoring_case(key, name)) return value;
    return {};
}

std::string_view Request::field(std::string_view name) const {
    for (const Field& f : fields)
        if (!f.is_file && f.name == name) return f.value;
    return {};
}

std::vector<std::string_view> Request::all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const Field& f : fields)
        if (!f.is_file && f.name == name) values.emplace_back(f.value);
    return values;
}

const Field* Request::file(std::string_view name) const {
    for (const Field& f : fields)
        if (f.is_file && f.name == name && !(f.filename.empty() && f.value.empty())) return &f;
    return nullptr;
}

std::string_view Request::query_value(std::string_view name) const {
    for (const auto& [key, value] : query)
        if (key == name) return value;
    return {};
}

Response page(std::string html, int status) {
    Response response;
    response.status = status;
    response.body = std::move(html);
    return response;
}

Response redirect(std::string path) {
    Response response;
    response.status = 303;
    response.type = "text/plain; charset=utf-8";
    response.headers.emplace_back("Location", is_local_path(path) ? std::move(path) : "/");
    return response;
}

Response text(std::string body, int status) {
    Response response;
    response.status = status;
    response.type = "text/plain; charset=utf-8";
    response.body = std::move(body);
    return response;
}

Response bytes(std::string body, std::string type, std::string filename) {
    Response response;
    response.body = std::move(body);
    response.type = std::move(type);
    response.filename = std::move(filename);
    return response;
}

Headers security_headers(bool https) {
    Headers headers = {
        {"Content-Security-Policy",
         "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; font-src 'self'; connect-src 'self'; "
         "manifest-src 'self'; worker-src 'self'; frame-src 'self'; object-src 'none'; form-action 'self'; base-uri 'none'; "
         "frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        // Nothing leaves to other sites. "no-referrer" would make browsers send `Origin: null` with the site's own forms (Fetch
        // Standard, "append a request Origin header"), and the check of sessionless forms would have nothing to go by on plain http.
        {"Referrer-Policy", "same-origin"},
        {"X-Frame-Options", "DENY"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), microphone=(), geolocation=(self), payment=(), usb=()"},
    };
    if (https) headers.emplace_back("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    return headers;
}

Response dispatch(const std::vector<Route>& routes, Request request, const Settings& settings) {
    const Router router(routes, settings.languages);
    if (const auto question = request.path.find('?'); question != std::string::npos) {
        request.query_text = request.path.substr(question + 1);
        request.path.resize(question);
    }
    if (request.query.empty()) request.query = parse_urlencoded(request.query_text).value_or(Pairs{});
    if (request.id.empty()) request.id = "test";
    Match match = router.find(request.method, request.path);
    if (!match.redirect.empty()) return redirect(match.redirect);
    if (!match.route) return page("", match.allowed.empty() ? 404 : 405);
    request.parameters = std::move(match.parameters);
    if (const auto language = request.parameters.find("lang"); language != request.parameters.end()) request.language = language->second;
    const bool form = match.route->kind == Kind::form || match.route->kind == Kind::upload;
    if (form && request.fields.empty() && !request.body.empty())
        if (const auto refusal = parse_fields(request)) return page("", refusal->status);
    return match.route->handler(request);
}

}  // namespace kiepe::web
