#include "web/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "base/id.h"
#include "base/log.h"
#include "base/text.h"
#include "web/cookies.h"
#include "web/csrf.h"
#include "web/multipart.h"
#include "web/negotiate.h"
#include "web/url.h"

namespace kiepe::web {
namespace {

/// IMF-fixdate of RFC 9110 section 5.6.7.
std::string http_date() {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    static constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", kDays[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                       kMonths[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

bool has(const Headers& headers, std::string_view name) {
    return std::any_of(headers.begin(), headers.end(), [&](const auto& h) { return equal_ignoring_case(h.first, name); });
}

/// A line break in a value would let a person's input write headers (response splitting).
bool is_safe_value(std::string_view value) {
    return std::none_of(value.begin(), value.end(), [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; });
}

void append_header(std::string& head, std::string_view name, std::string_view value) {
    if (!is_token(name) || !is_safe_value(value)) return;
    head.append(name).append(": ").append(value).append("\r\n");
}

/// RFC 6266 section 4.3 with the ext-value of RFC 8187: ASCII for old readers, UTF-8 for all others.
std::string disposition(std::string_view filename) {
    std::string plain;
    for (const char c : filename) plain += c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '/' && c != '%' ? c : '_';
    return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + percent_encode(filename);
}

std::string joined(const Headers& headers) {
    std::string out;
    for (const auto& [name, value] : headers) append_header(out, name, value);
    return out;
}

bool is_https(const Settings& settings) { return settings.secure_cookies || settings.public_origin.substr(0, 8) == "https://"; }

/// For a PDF that a page of this site shows in a frame; the browser's viewer is a plugin to its policy.
Headers own_frame(Headers headers) {
    for (auto& [name, value] : headers) {
        if (name == "Content-Security-Policy") value = "default-src 'none'; object-src 'self'; base-uri 'none'; frame-ancestors 'self'";
        if (name == "X-Frame-Options") value = "SAMEORIGIN";
    }
    return headers;
}

/// The peer, or behind trusted proxies the first address from the right that is none of them.
std::string client_of(const Request& request, std::string_view peer, const std::vector<std::string>& trusted) {
    const auto is_trusted = [&](std::string_view address) { return std::find(trusted.begin(), trusted.end(), address) != trusted.end(); };
    std::string_view client = peer;
    if (!is_trusted(peer)) return std::string(client);
    std::string_view hops = request.header("x-forwarded-for");
    while (!hops.empty() && is_trusted(client)) {
        const auto comma = hops.rfind(',');
        client = trim(comma == std::string_view::npos ? hops : hops.substr(comma + 1));
        hops = comma == std::string_view::npos ? std::string_view{} : hops.substr(0, comma);
    }
    return std::string(client);
}

}  // namespace

std::string_view reason_phrase(int status) {
    switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 204: return "No Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "";
    }
}

std::optional<Refusal> parse_fields(Request& request) {
    const std::string_view type = request.header("content-type");
    const std::string_view essence = trim(type.substr(0, type.find(';')));
    if (equal_ignoring_case(essence, "application/x-www-form-urlencoded")) {
        auto pairs = parse_urlencoded(request.body);
        if (!pairs) return Refusal{400, "error_bad_form"};
        for (auto& [name, value] : *pairs) request.fields.push_back({std::move(name), std::move(value), false, {}, {}});
        return std::nullopt;
    }
    if (equal_ignoring_case(essence, "multipart/form-data")) {
        const auto boundary = multipart_boundary(type);
        if (!boundary) return Refusal{400, "error_bad_form"};
        auto parsed = parse_multipart(request.body, *boundary);
        if (parsed.status != 200) return Refusal{parsed.status, parsed.status == 413 ? "error_too_large" : "error_bad_form"};
        request.fields = std::move(parsed.fields);
        request.body.clear();  // the bytes are in the fields; not twice in memory
        request.body.shrink_to_fit();
        return std::nullopt;
    }
    if (request.body.empty() && type.empty()) return std::nullopt;  // a form without fields
    return Refusal{415, "error_bad_form"};
}

Answerer::Answerer(Settings settings, const std::vector<Route>& routes, Server::ErrorPage error_page, SessionStore* sessions)
    : settings_(std::move(settings)),
      router_(routes, settings_.languages),
      error_page_(std::move(error_page)),
      sessions_(sessions),
      security_(joined(security_headers(is_https(settings_)))),
      security_framed_(joined(own_frame(security_headers(is_https(settings_))))) {}

Request Answerer::request_of(const Head& head, std::string_view peer, std::optional<Refusal>& refusal) const {
    Request request;
    request.id = random_token().substr(0, 12);
    request.language = settings_.default_language;
    request.method = head.method;
    request.headers = head.headers;
    request.client = client_of(request, peer, settings_.trusted_proxies);
    auto target = parse_target(head.target);
    if (!target) {
        refusal = Refusal{400, "error_bad_request"};
        return request;
    }
    request.path = std::move(target->path);
    request.query_text = std::move(target->query);
    const std::string_view first = std::string_view(request.path).substr(1, request.path.find('/', 1) - 1);
    const auto& languages = settings_.languages;
    if (std::find(languages.begin(), languages.end(), first) != languages.end()) request.language = first;
    else request.language = best_language(request.header("accept-language"), languages, settings_.default_language);
    auto query = parse_urlencoded(request.query_text);
    if (!query) refusal = Refusal{400, "error_bad_request"};
    else request.query = std::move(*query);
    return request;
}

std::size_t Answerer::body_limit(const Match& match) const {
    return match.route && match.route->kind == Kind::upload ? settings_.upload_limit : settings_.form_limit;
}

Response Answerer::error(const Request& request, Refusal refusal) const {
    Response response;
    try {
        if (!error_page_) throw std::runtime_error("no error page");
        response = error_page_(request, refusal.status, refusal.code);
    } catch (const std::exception& e) {
        log::write(log::Level::error, "error_page", {{"id", request.id}, {"what", e.what()}});
        response = text(fmt::format("{} {}\n{}\n", refusal.status, reason_phrase(refusal.status), request.id));
    }
    response.status = refusal.status;
    return response;
}

/// For Kind::form and Kind::upload, before the handler runs.
std::optional<Refusal> Answerer::check_form(Request& request, Kind kind) const {
    if (kind != Kind::form && kind != Kind::upload) return std::nullopt;
    if (auto refusal = parse_fields(request)) return refusal;
    if (!form_is_ours(request, request.csrf, settings_.public_origin)) return Refusal{403, "error_form_expired"};
    return std::nullopt;
}

Response Answerer::handle(Request& request, const Match& match) const {
    if (!match.route) {
        if (!match.allowed.empty()) {
            Response response = error(request, {405, "error_method_not_allowed"});
            response.headers.emplace_back("Allow", join(match.allowed, ", "));
            return response;
        }
        const std::string query = request.query_text.empty() ? "" : "?" + request.query_text;
        if (!match.redirect.empty()) {
            Response response = redirect(match.redirect + query);
            response.status = 301;
            return response;
        }
        if (request.path == "/" && (request.method == "GET" || request.method == "HEAD")) {
            Response response = redirect("/" + request.language + "/");
            response.status = 302;
            response.headers.emplace_back("Vary", "Accept-Language");
            return response;
        }
        return error(request, {404, "error_not_found"});
    }
    const Kind kind = match.route->kind;
    request.parameters = match.parameters;
    if (kind != Kind::api) {
        request.cookies = parse_cookies(request.header("cookie"));
        const auto cookie = request.cookies.find(std::string(session_cookie_name(settings_.secure_cookies)));
        if (cookie != request.cookies.end()) request.session_token = cookie->second;
        if (sessions_ && !request.session_token.empty()) {
            request.csrf = sessions_->csrf_of(request.session_token).value_or("");
            // A cookie without a living session is as none: no handler must take it for one.
            if (request.csrf.empty()) request.session_token.clear();
        }
    }
    if (auto refusal = check_form(request, kind)) return error(request, *refusal);
    return match.route->handler(request);
}

Reply Answerer::answer(Request& request, const Match& match, bool close) const {
    Response response;
    try {
        response = handle(request, match);
    } catch (const std::exception& e) {
        log::write(log::Level::error, "handler_failed", {{"id", request.id}, {"what", e.what()}});
        response = error(request, {500, "error_internal"});
    }
    Reply reply = finish(request, std::move(response), close);
    reply.pattern = match.route ? match.route->pattern : "-";
    return reply;
}

Reply Answerer::refuse(const Request& request, Refusal refusal, bool close, std::string_view pattern) const {
    Reply reply = finish(request, error(request, refusal), close);
    reply.pattern = pattern;
    return reply;
}

namespace {

/// Chooses the form of the body that goes out and says so in the headers.
void encode_body(const Request& request, Response& response, Reply& reply, BodyCache& cache) {
    const bool compressible = is_compressible(response.type) && !has(response.headers, "content-encoding");
    const Coding coding = best_coding(request.header("accept-encoding"));
    const auto use = [&](const std::string& bytes, std::string_view name) {
        reply.form = &bytes;
        append_header(reply.head, "Content-Encoding", name);
    };
    if (response.cacheable && response.status == 200) {
        reply.shared = cache.get(response.body, compressible);
        const PublicBody& body = *reply.shared;
        std::string_view suffix;
        reply.form = &body.plain;
        if (coding == Coding::brotli && !body.brotli.empty()) use(body.brotli, "br"), suffix = "-br";
        else if (coding != Coding::identity && !body.gzip.empty()) use(body.gzip, "gzip"), suffix = "-gz";
        const std::string etag = fmt::format("\"{}{}\"", body.etag, suffix);
        if (!has(response.headers, "etag")) append_header(reply.head, "ETag", etag);
        if (compressible) append_header(reply.head, "Vary", "Accept-Encoding");
        if (etag_matches(request.header("if-none-match"), etag)) reply.status = 304;
        return;
    }
    reply.body = std::move(response.body);
    if (response.compress && compressible && coding != Coding::identity && reply.body.size() >= 512) {
        reply.body = coding == Coding::brotli ? brotli(reply.body) : gzip(reply.body);
        append_header(reply.head, "Content-Encoding", coding == Coding::brotli ? "br" : "gzip");
        append_header(reply.head, "Vary", "Accept-Encoding");
    }
}

}  // namespace

Reply Answerer::finish(const Request& request, Response response, bool close) const {
    Reply reply;
    reply.status = response.status;
    encode_body(request, response, reply, cache_);
    const bool no_content = reply.status == 204 || reply.status == 304;
    reply.bodiless = no_content || request.method == "HEAD";
    std::string head = fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\n", reply.status, reason_phrase(reply.status), http_date());
    head += reply.head;
    if (!no_content) {
        append_header(head, "Content-Type", response.type);
        append_header(head, "Content-Length", std::to_string(reply.whole().size()));
        if (!response.filename.empty()) append_header(head, "Content-Disposition", disposition(response.filename));
    }
    if (!has(response.headers, "cache-control"))
        append_header(head, "Cache-Control", response.cacheable ? "public, max-age=0, must-revalidate" : "no-store");
    for (const auto& [name, value] : response.headers) append_header(head, name, value);
    if (response.session_cookie) append_header(head, "Set-Cookie", session_cookie(*response.session_cookie, settings_.secure_cookies));
    const bool shown_in_frame = response.type == "application/pdf" && response.filename.empty();
    head += shown_in_frame ? security_framed_ : security_;
    append_header(head, "Request-Id", request.id);
    if (close) append_header(head, "Connection", "close");
    head += "\r\n";
    reply.head = std::move(head);
    return reply;
}

}  // namespace kiepe::web
