#pragma once
// From a request that has been read to the response that goes out: everything between two sockets but the sockets.
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "web/compress.h"
#include "web/head.h"
#include "web/router.h"
#include "web/web.h"

namespace kiepe::web {

/// A response ready for the wire.
struct Reply {
    int status = 200;
    std::string head;                                  ///< status line and headers with the empty line
    std::string body;
    std::shared_ptr<const PublicBody> shared;          ///< a public body instead of `body`
    const std::string* form = nullptr;                 ///< which form of `shared`
    bool bodiless = false;                             ///< HEAD, 204, 304
    /// The bytes that go out behind the head.
    std::string_view view() const { return bodiless ? std::string_view{} : whole(); }
    std::string_view whole() const { return form ? std::string_view(*form) : std::string_view(body); }
    std::string pattern;                               ///< of the route: the log never sees the path
};

/// Thread-safe.
class Answerer {
public:
    Answerer(Settings settings, const std::vector<Route>& routes, Server::ErrorPage error_page, SessionStore* sessions);

    /// Fills what the head tells: path, query, cookies, language, client, id. `peer`: address of the socket.
    Request request_of(const Head& head, std::string_view peer, std::optional<Refusal>& refusal) const;
    Match find(const Request& request) const { return router_.find(request.method, request.path); }
    std::size_t body_limit(const Match& match) const;

    /// Runs the handler of `match` (or says why there is none); never throws. May block.
    Reply answer(Request& request, const Match& match, bool close) const;
    Reply refuse(const Request& request, Refusal refusal, bool close, std::string_view pattern = "-") const;
    const Settings& settings() const { return settings_; }

private:
    Response handle(Request& request, const Match& match) const;
    std::optional<Refusal> check_form(Request& request, Kind kind) const;
    Response error(const Request& request, Refusal refusal) const;
    Reply finish(const Request& request, Response response, bool close) const;

    Settings settings_;
    Router router_;
    Server::ErrorPage error_page_;
    SessionStore* sessions_;
    std::string security_, security_framed_;           ///< header lines
    mutable BodyCache cache_;
};

/// Reads the body into `request.fields` by its Content-Type.
std::optional<Refusal> parse_fields(Request& request);
std::string_view reason_phrase(int status);

}  // namespace kiepe::web
