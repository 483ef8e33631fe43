#pragma once
// HTTP for the house: request, response, router, server. Not a word about cities here. Beast stays behind server.cpp.
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kiepe::web {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// One part of a form: value of a field, or an uploaded file.
struct Field {
    std::string name = {};
    std::string value = {};          ///< the file's bytes for an upload
    bool is_file = false;
    std::string filename = {};       ///< as sent by the browser: for display only, path parts removed
    std::string content_type = {};   ///< as claimed: never trusted
};

struct Request {
    std::string method = {};                                        ///< upper case
    std::string path = {};                                          ///< decoded, begins with "/", no "..", valid UTF-8
    std::string query_text = {};                                    ///< raw, without "?"
    std::vector<std::pair<std::string, std::string>> query = {};    ///< decoded
    Headers headers = {};
    std::map<std::string, std::string> cookies = {};
    std::string body = {};
    std::vector<Field> fields = {};                                 ///< of application/x-www-form-urlencoded or multipart/form-data
    std::map<std::string, std::string> parameters = {};             ///< from the route's pattern: {name}
    std::string language = "de";                                    ///< first segment of the path, a BCP 47 tag that the site offers
    std::string id = {};                                            ///< request id = reference number that people see
    std::string client = {};                                        ///< address of the peer (or of the first untrusted hop)
    std::string session_token = {};                                 ///< value of the session cookie, empty without
    std::string csrf = {};                                          ///< token that forms of this session must carry

    std::string_view header(std::string_view name) const;
    std::string_view field(std::string_view name) const;          ///< first value or ""
    std::vector<std::string_view> all(std::string_view name) const;
    const Field* file(std::string_view name) const;               ///< nullptr where nothing was chosen
    std::string_view query_value(std::string_view name) const;
};

struct Response {
    int status = 200;
    Headers headers = {};
    std::string body = {};
    std::string type = "text/html; charset=utf-8";
    /// Public and equal for everybody: may be cached and answered with an ETag. Default: `no-store`.
    bool cacheable = false;
    /// Personal pages are not compressed (BREACH).
    bool compress = false;
    /// For downloads.
    std::string filename = {};
    /// Set for a new session or sign-in: the cookie's new value; empty string clears it.
    std::optional<std::string> session_cookie = {};
};

Response page(std::string html, int status = 200);
/// 303 See Other: post, redirect, get. Only paths of this site ("/de/cases/1?x=y"); anything else leads to "/" (ASVS 3.7.2).
Response redirect(std::string path);
Response text(std::string body, int status = 200);
Response bytes(std::string body, std::string type, std::string filename);

using Handler = std::function<Response(const Request&)>;

enum class Kind {
    page,     ///< GET; runs on a worker
    /// POST with fields. Checked before the handler runs (OWASP ASVS 5.0, 3.5.1): with a session, its token in the field `csrf`, and
    /// neither Sec-Fetch-Site nor Origin may name a foreign page. Without a session (the first step of an application: no cookie may
    /// be set before a form is begun) there is no token; then Sec-Fetch-Site must be same-origin or none, or, where the browser does
    /// not send it, Origin or Referer must name this host. Else: 403, code "error_form_expired".
    form,
    upload,   ///< as form, with the larger body limit
    api       ///< machine readable, no CSRF: no cookie is read either
};

/// One row of the table of routes: "/{lang}/services/{service}". "{lang}" matches only languages of the site; a pattern may end in
/// "{rest...}".
struct Route {
    std::string method;
    std::string pattern;
    Kind kind = Kind::page;
    Handler handler;
    /// The handler never blocks (memory only): it runs on the I/O thread itself, without the hand-off to a worker, unless the request
    /// brings a cookie.
    bool quick = false;
};

/// What a wing registers for the navigation and for the start page.
struct NavEntry {
    std::string text_key;
    std::string path;           ///< without the language segment: "/services"
    int order = 100;
    std::string icon;           ///< name in the icon sheet, where the layout shows one
};

/// Where sessions are kept: `web` defines, `identity` stores. Thread-safe.
class SessionStore {
public:
    virtual ~SessionStore() = default;
    /// CSRF secret of a live session, nullopt where there is none (unknown, ended, timed out).
    virtual std::optional<std::string> csrf_of(std::string_view token) = 0;
};

/// Limits and names. Times in seconds, sizes in bytes.
struct Settings {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;              ///< 0: any free port
    unsigned threads = 2;                   ///< I/O threads
    unsigned workers = 32;                  ///< threads for handlers that block: so many wait for one group commit together
    std::size_t most_waiting = 2000;        ///< requests that wait for a worker; more are answered with 503
    std::size_t header_limit = 16 * 1024;
    std::size_t form_limit = 1024 * 1024;
    std::size_t upload_limit = 12 * 1024 * 1024;
    int header_seconds = 10, body_seconds = 30, idle_seconds = 60;
    std::vector<std::string> languages = {"de", "en"};
    std::string default_language = "de";
    std::vector<std::string> trusted_proxies = {};
    bool secure_cookies = true;             ///< false only for a demo on plain http: the cookie is then `kiepe-session`
    std::string public_origin = {};         ///< "https://stadt.example"; else from the Host header
};

/// The server. Start it once; stop() ends it cleanly (finishes what it is answering). Handlers must be thread-safe.
class Server {
public:
    /// `error_page(request, status, code)` renders errors in the person's language with the reference number. It is asked for every
    /// refusal, also those before a route is known (the path may be empty then); it must not block and not need a session. Codes are
    /// text keys: error_bad_request, error_bad_form, error_form_expired, error_not_found, error_method_not_allowed, error_timeout,
    /// error_too_large, error_target_too_long, error_header_too_large, error_expectation, error_not_implemented, error_http_version,
    /// error_busy, error_internal.
    using ErrorPage = std::function<Response(const Request&, int status, std::string_view code)>;
    Server(Settings settings, std::vector<Route> routes, ErrorPage error_page, SessionStore* sessions = nullptr);
    ~Server();
    void start();
    void stop();
    std::uint16_t port() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Files of a folder under `prefix` ("/static"), read once at start: hashed names (app-3f9a1c2e.css) are immutable for a year, others
/// carry an ETag. `x.br` and `x.gz` beside `x` are its compressed forms. A missing folder serves nothing.
Route static_files(const std::string& prefix, const std::string& folder);

/// Answers one request without a socket: for tests of pages. Fills parameters, language, query and, from body and Content-Type, the
/// fields; no CSRF check, no error pages (a refusal is an empty page with its status).
Response dispatch(const std::vector<Route>& routes, Request request, const Settings& settings);

/// Headers that every answer carries: CSP without inline, nosniff, Referrer-Policy, frame-ancestors, Permissions-Policy, COOP.
Headers security_headers(bool https);

}  // namespace kiepe::web
