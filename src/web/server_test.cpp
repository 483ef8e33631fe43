#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/log.h"
#include "web/test_client.h"
#include "web/web.h"

namespace kiepe::web {
namespace {

class Sessions final : public SessionStore {
public:
    std::optional<std::string> csrf_of(std::string_view token) override {
        return token == "alive" ? std::optional<std::string>("secret") : std::nullopt;
    }
};

Response error_page(const Request& request, int status, std::string_view code) {
    return page("<h1>" + std::to_string(status) + " " + std::string(code) + "</h1>" + request.language + " " + request.id, status);
}

std::vector<Route> routes() {
    return {
        {"GET", "/{lang}/", Kind::page, [](const Request& r) { return page("start " + r.language); }},
        {"GET", "/{lang}/quick", Kind::page, [](const Request&) { return page("quick"); }, true},
        {"GET", "/{lang}/cases/{number}", Kind::page, [](const Request& r) { return page("case " + r.parameters.at("number")); }},
        {"GET", "/{lang}/public", Kind::page,
         [](const Request&) {
             Response r = page(std::string(5000, 'x'));
             r.cacheable = true;
             return r;
         }},
        {"GET", "/{lang}/breaks", Kind::page, [](const Request&) -> Response { throw std::runtime_error("broken"); }},
        {"GET", "/{lang}/slow", Kind::page,
         [](const Request&) {
             std::this_thread::sleep_for(std::chrono::milliseconds(300));
             return page("slow");
         }},
        {"GET", "/{lang}/injects", Kind::page,
         [](const Request&) {
             Response r = redirect("//evil.example/");
             r.headers.emplace_back("X-Test", "a\r\nX-Injected: 1");
             return r;
         }},
        {"GET", "/{lang}/sign-in", Kind::page,
         [](const Request&) {
             Response r = redirect("/de/");
             r.session_cookie = "token";
             return r;
         }},
        {"POST", "/{lang}/form", Kind::form, [](const Request& r) { return page("got " + std::string(r.field("a"))); }},
        {"POST", "/{lang}/upload", Kind::upload,
         [](const Request& r) {
             const Field* f = r.file("f");
             return page(f ? f->filename + " " + std::to_string(f->value.size()) : "none");
         }},
        {"POST", "/api/echo", Kind::api, [](const Request& r) { return text(r.body + std::to_string(r.cookies.size())); }},
    };
}

class WebServer : public testing::Test {
protected:
    static Settings settings() {
        Settings s;
        s.port = 0;
        s.threads = 2;
        s.workers = 4;
        s.header_seconds = 1;
        s.body_seconds = 1;
        s.idle_seconds = 2;
        s.header_limit = 8 * 1024;
        s.form_limit = 4000;
        s.upload_limit = 100 * 1000;
        s.secure_cookies = false;
        return s;
    }
    void SetUp() override {
        log::set_least(log::Level::error);
        server_ = std::make_unique<Server>(settings(), routes(), error_page, &sessions_);
        server_->start();
    }
    std::string ask(std::string_view request, bool head_only = false) {
        TestClient client(server_->port());
        client.send(request);
        return client.response(head_only);
    }
    std::string get(const std::string& path, const std::string& headers = "") {
        return ask("GET " + path + " HTTP/1.1\r\nHost: stadt.example\r\n" + headers + "\r\n");
    }
    static std::string post(const std::string& path, const std::string& body, const std::string& headers) {
        return "POST " + path + " HTTP/1.1\r\nHost: stadt.example\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body;
    }
    static bool has(const std::string& response, std::string_view part) { return response.find(part) != std::string::npos; }

    Sessions sessions_;
    std::unique_ptr<Server> server_;
};

constexpr const char* kForm = "Content-Type: application/x-www-form-urlencoded\r\n";

TEST_F(WebServer, answers_a_page_with_all_security_headers) {
    const std::string r = get("/de/");
    EXPECT_EQ(status_of(r), 200) << r;
    EXPECT_TRUE(has(r, "start de"));
    for (const auto* header : {"Content-Security-Policy: default-src 'none'", "X-Content-Type-Options: nosniff", "Referrer-Policy: same-origin",
                               "frame-ancestors 'none'", "Cache-Control: no-store", "Permissions-Policy: ", "Cross-Origin-Opener-Policy: same-origin"})
        EXPECT_TRUE(has(r, header)) << header;
    EXPECT_FALSE(has(r, "Set-Cookie"));
    EXPECT_FALSE(has(r, "Strict-Transport-Security")) << "plain http";
}

TEST_F(WebServer, runs_quick_handlers_without_a_worker) { EXPECT_TRUE(has(get("/de/quick"), "quick")); }

TEST_F(WebServer, answers_unknown_paths_and_languages_with_a_page_and_a_reference_number) {
    for (const auto* path : {"/de/nothing", "/xx/", "/de/cases/", "/nothing"}) {
        const std::string r = get(path);
        EXPECT_EQ(status_of(r), 404) << path;
        EXPECT_TRUE(has(r, "404 error_not_found")) << path;
        EXPECT_TRUE(has(r, "Request-Id: "));
        EXPECT_FALSE(has(r, "Connection: close"));
    }
}

TEST_F(WebServer, leads_from_the_root_to_the_language_of_the_browser) {
    EXPECT_TRUE(has(get("/"), "Location: /de/\r\n"));
    const std::string r = get("/", "Accept-Language: fr, en-GB;q=0.8, de;q=0.5\r\n");
    EXPECT_EQ(status_of(r), 302);
    EXPECT_TRUE(has(r, "Location: /en/\r\n"));
    EXPECT_TRUE(has(r, "Vary: Accept-Language"));
}

TEST_F(WebServer, mends_a_wrong_slash_at_the_end) {
    const std::string r = get("/de/cases/7/?a=b");
    EXPECT_EQ(status_of(r), 301);
    EXPECT_TRUE(has(r, "Location: /de/cases/7?a=b\r\n"));
    EXPECT_TRUE(has(get("/de"), "Location: /de/\r\n"));
}

TEST_F(WebServer, says_which_methods_a_path_has) {
    for (const auto* method : {"OPTIONS", "PUT", "POST", "DELETE", "PATCH"}) {
        const std::string r = ask(std::string(method) + " /de/ HTTP/1.1\r\nHost: a\r\n\r\n");
        EXPECT_EQ(status_of(r), 405) << method;
        EXPECT_TRUE(has(r, "Allow: GET, HEAD\r\n")) << r;
    }
    EXPECT_TRUE(has(get("/de/form"), "Allow: POST\r\n"));
}

TEST_F(WebServer, answers_head_like_get_without_the_body) {
    TestClient client(server_->port());
    client.send("HEAD /de/ HTTP/1.1\r\nHost: a\r\n\r\nGET /en/ HTTP/1.1\r\nHost: a\r\n\r\n");
    const std::string head = client.response(true);
    EXPECT_TRUE(has(head, "Content-Length: 8\r\n"));
    EXPECT_TRUE(has(client.response(), "start en"));
}

TEST_F(WebServer, keeps_pipelined_requests_in_order) {
    TestClient client(server_->port());
    std::string all = "GET /de/slow HTTP/1.1\r\nHost: a\r\n\r\n" + post("/api/echo", "hello", "") +
                      "POST /api/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\n";
    for (int i = 0; i < 20; ++i) all += "GET /de/cases/" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n";
    client.send(all);
    EXPECT_TRUE(has(client.response(), "slow"));
    EXPECT_TRUE(has(client.response(), "\r\nhello0"));
    EXPECT_TRUE(has(client.response(), "\r\nabcde0"));
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(has(client.response(), "case " + std::to_string(i)));
}

TEST_F(WebServer, reads_a_request_that_comes_byte_by_byte) {
    TestClient client(server_->port());
    for (const char c : std::string("POST /api/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")) client.send({&c, 1});
    EXPECT_TRUE(has(client.response(), "\r\nabc0"));
}

TEST_F(WebServer, closes_when_asked_and_with_http_1_0) {
    for (const auto* request : {"GET /de/ HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Close\r\n\r\n", "GET /de/ HTTP/1.0\r\n\r\n"}) {
        TestClient client(server_->port());
        client.send(request);
        bool closed = false;
        const std::string all = client.rest(closed, 1000);
        EXPECT_TRUE(closed) << request;
        EXPECT_TRUE(has(all, "start de"));
        EXPECT_TRUE(has(all, "Connection: close\r\n"));
    }
}

TEST_F(WebServer, survives_a_handler_that_throws) {
    const std::string r = get("/de/breaks");
    EXPECT_EQ(status_of(r), 500);
    EXPECT_TRUE(has(r, "error_internal"));
    EXPECT_FALSE(has(r, "broken")) << "what went wrong inside is nobody's business";
}

TEST_F(WebServer, never_redirects_elsewhere_and_never_splits_headers) {
    const std::string r = get("/de/injects");
    EXPECT_TRUE(has(r, "Location: /\r\n"));
    EXPECT_FALSE(has(r, "X-Injected"));
}

TEST_F(WebServer, sets_the_session_cookie_with_all_its_guards) {
    EXPECT_TRUE(has(get("/de/sign-in"), "Set-Cookie: kiepe-session=token; Path=/; HttpOnly; SameSite=Lax\r\n"));
}

TEST_F(WebServer, answers_public_pages_from_memory_with_tag_and_compression) {
    const std::string plain = get("/de/public");
    EXPECT_TRUE(has(plain, "Content-Length: 5000\r\n"));
    EXPECT_TRUE(has(plain, "Cache-Control: public"));
    const auto at = plain.find("ETag: ") + 6;
    const std::string etag = plain.substr(at, plain.find("\r\n", at) - at);
    const std::string again = get("/de/public", "If-None-Match: \"x\", W/" + etag + "\r\n");
    EXPECT_EQ(status_of(again), 304);
    EXPECT_FALSE(has(again, "Content-Length"));
    EXPECT_TRUE(has(get("/de/public", "Accept-Encoding: gzip, br\r\n"), "Content-Encoding: br\r\n"));
    EXPECT_TRUE(has(get("/de/public", "Accept-Encoding: gzip, br;q=0\r\n"), "Content-Encoding: gzip\r\n"));
    EXPECT_TRUE(has(get("/de/public", "Accept-Encoding: gzip\r\n"), "Vary: Accept-Encoding\r\n"));
    EXPECT_FALSE(has(get("/de/", "Accept-Encoding: gzip\r\n"), "Content-Encoding")) << "personal pages are not compressed";
}

// Forms

TEST_F(WebServer, takes_a_form_with_the_token_of_its_session) {
    const std::string session = std::string(kForm) + "Cookie: kiepe-session=alive\r\n";
    EXPECT_TRUE(has(ask(post("/de/form", "a=b%26c&csrf=secret", session)), "got b&c"));
    EXPECT_EQ(status_of(ask(post("/de/form", "a=b&csrf=wrong", session))), 403);
    EXPECT_EQ(status_of(ask(post("/de/form", "a=b", session + "Sec-Fetch-Site: same-origin\r\n"))), 403) << "a session needs its token";
    EXPECT_EQ(status_of(ask(post("/de/form", "a=b&csrf=secret", session + "Sec-Fetch-Site: cross-site\r\n"))), 403);
    EXPECT_EQ(status_of(ask(post("/de/form", "a=b&csrf=secret", session + "Origin: https://evil.example\r\n"))), 403);
}

TEST_F(WebServer, takes_a_first_form_only_from_an_own_page) {
    const auto status = [&](const std::string& headers) { return status_of(ask(post("/de/form", "a=b", kForm + headers))); };
    EXPECT_EQ(status("Sec-Fetch-Site: same-origin\r\n"), 200);
    EXPECT_EQ(status("Sec-Fetch-Site: none\r\n"), 200);
    EXPECT_EQ(status("Origin: http://stadt.example\r\n"), 200);
    EXPECT_EQ(status("Referer: http://stadt.example/de/\r\n"), 200);
    EXPECT_EQ(status("Sec-Fetch-Site: same-site\r\n"), 403);
    EXPECT_EQ(status("Sec-Fetch-Site: cross-site\r\nOrigin: http://stadt.example\r\n"), 403);
    EXPECT_EQ(status("Origin: http://stadt.example.evil.example\r\n"), 403);
    EXPECT_EQ(status("Origin: null\r\n"), 403);
    EXPECT_EQ(status(""), 403);
    EXPECT_EQ(status("Cookie: kiepe-session=dead\r\n"), 403) << "a session that ended is none";
}

TEST_F(WebServer, takes_an_upload_and_refuses_broken_forms) {
    const std::string own = "Sec-Fetch-Site: same-origin\r\n";
    const std::string body = "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"C:\\a\\b.pdf\"\r\nContent-Type: application/pdf\r\n\r\n" +
                             std::string(50000, 'p') + "\r\n--B--\r\n";
    EXPECT_TRUE(has(ask(post("/de/upload", body, own + "Content-Type: multipart/form-data; boundary=B\r\n")), "b.pdf 50000"));
    EXPECT_EQ(status_of(ask(post("/de/upload", body, own + "Content-Type: multipart/form-data; boundary=C\r\n"))), 400);
    EXPECT_EQ(status_of(ask(post("/de/form", "a=%zz", own + kForm))), 400);
    EXPECT_EQ(status_of(ask(post("/de/form", "{}", own + "Content-Type: application/json\r\n"))), 415);
}

TEST_F(WebServer, reads_no_cookie_for_machines) { EXPECT_TRUE(has(ask(post("/api/echo", "x", "Cookie: kiepe-session=alive\r\n")), "\r\nx0")); }

// Limits

TEST_F(WebServer, refuses_a_huge_upload_by_its_length_without_reading_it) {
    TestClient client(server_->port());
    const auto began = std::chrono::steady_clock::now();
    client.send("POST /de/upload HTTP/1.1\r\nHost: a\r\nContent-Length: 2147483648\r\n\r\nsome bytes");
    const std::string r = client.response();
    EXPECT_EQ(status_of(r), 413);
    EXPECT_TRUE(has(r, "error_too_large"));
    EXPECT_TRUE(has(r, "Connection: close"));
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(200));
}

TEST_F(WebServer, lets_the_refusal_reach_a_sender_that_goes_on_sending) {
    TestClient client(server_->port());
    client.send("POST /de/form HTTP/1.1\r\nHost: a\r\nContent-Length: 8000000\r\n\r\n");
    const std::string piece(1000 * 1000, 'x');
    for (int i = 0; i < 8; ++i) client.send(piece);
    EXPECT_EQ(status_of(client.response()), 413);
}

TEST_F(WebServer, refuses_a_chunked_body_as_soon_as_it_is_too_long) {
    TestClient client(server_->port());
    client.send("POST /de/form HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 5; ++i) client.send("3e8\r\n" + std::string(1000, 'x') + "\r\n");
    EXPECT_EQ(status_of(client.response()), 413);
}

TEST_F(WebServer, tells_a_careful_client_before_it_sends) {
    TestClient client(server_->port());
    client.send("POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_TRUE(client.response().starts_with("HTTP/1.1 100 Continue\r\n\r\n"));
    client.send("ok");
    EXPECT_TRUE(has(client.response(), "ok0"));
    EXPECT_EQ(status_of(ask("POST /de/form HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\nExpect: 100-continue\r\n\r\n")), 413);
    EXPECT_EQ(status_of(ask("POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: miracles\r\n\r\n")), 417);
}

TEST_F(WebServer, refuses_long_heads_and_targets_and_too_many_headers) {
    EXPECT_EQ(status_of(get("/de/", "X: " + std::string(9000, 'x') + "\r\n")), 431);
    EXPECT_EQ(status_of(get("/" + std::string(9000, 'x'))), 414);
    std::string many;
    for (int i = 0; i < 100; ++i) many += "X: y\r\n";  // and Host
    EXPECT_EQ(status_of(get("/de/", many)), 431);
}

TEST_F(WebServer, ends_slow_heads_slow_bodies_and_silent_connections) {
    struct Slow { const char* bytes; int status; };
    for (const Slow& slow : {Slow{"GET /de/ HTTP/1.1\r\nHost: a\r\nX-Slow: ", 408}, Slow{"POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab", 408},
                             Slow{"POST /api/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", 408}, Slow{"", 0}}) {
        TestClient client(server_->port());
        client.send(slow.bytes);
        std::atomic<bool> done{false};
        std::thread drip([&] { while (!done && *slow.bytes) { client.send("x"); std::this_thread::sleep_for(std::chrono::milliseconds(700)); if (slow.status != 408) break; } });
        bool closed = false;
        const std::string r = client.rest(closed, 2600);
        done = true;
        drip.join();
        EXPECT_EQ(status_of(r), slow.status) << slow.bytes;
        EXPECT_EQ(has(r, "error_timeout"), slow.status == 408);
    }
}

TEST_F(WebServer, finishes_what_it_is_answering_when_it_stops) {
    TestClient busy(server_->port()), idle(server_->port());
    busy.send("GET /de/slow HTTP/1.1\r\nHost: a\r\n\r\n");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    const auto port = server_->port();
    server_->stop();
    EXPECT_TRUE(has(busy.response(), "slow"));
    bool closed = false;
    idle.rest(closed, 500);
    EXPECT_TRUE(closed);
    EXPECT_FALSE(TestClient(port).connected());
}

TEST_F(WebServer, goes_on_when_peers_vanish) {
    for (int i = 0; i < 50; ++i) {
        TestClient client(server_->port());
        client.send("GET /de/slow HTTP/1.1\r\nHost: a\r\n\r\nGET /de/slow");
    }
    EXPECT_EQ(status_of(get("/de/quick")), 200);
}

// Framing: none of these is a request (RFC 9112). "closed" stands for: no answer, or one of the refusals, and the connection ends.
TEST_F(WebServer, accepts_no_malformed_message) {
    const std::string host = "Host: a\r\n";
    const std::string get_line = "GET /de/ HTTP/1.1\r\n", post_line = "POST /api/echo HTTP/1.1\r\n" + host;
    const std::vector<std::string> table = {
        "GET /de/ HTTP/1.1\n" + host + "\r\n", get_line + "Host: a\n\n", "GET /de/ HTTP/1.1\n\n", "GET /de/ HTTP/1.1\r\nHost: a\n\r\n",
        "GET  /de/ HTTP/1.1\r\n" + host + "\r\n", "GET /de/  HTTP/1.1\r\n" + host + "\r\n", " GET /de/ HTTP/1.1\r\n" + host + "\r\n",
        "GET\t/de/ HTTP/1.1\r\n" + host + "\r\n", "GET /de/ HTTP/1.1 \r\n" + host + "\r\n", "GET /de/ x HTTP/1.1\r\n" + host + "\r\n",
        "GET /de/\r\n" + host + "\r\n", "GET /de/ \r\n" + host + "\r\n", "GET\r\n\r\n", "\r\n\r\n", "\r\nGET /de/ HTTP/1.1\r\n" + host + "\r\n",
        "GET /de/ HTTP/2.0\r\n" + host + "\r\n", "GET /de/ HTTP/1.2\r\n" + host + "\r\n", "GET /de/ HTTP/0.9\r\n" + host + "\r\n",
        "GET /de/ HTTP/1.10\r\n" + host + "\r\n", "GET /de/ HTTP/1.\r\n" + host + "\r\n", "GET /de/ HTTP/11\r\n" + host + "\r\n",
        "GET /de/ http/1.1\r\n" + host + "\r\n", "GET /de/ HTTP/01.1\r\n" + host + "\r\n", "GET /de/ HTTP/1.1x\r\n" + host + "\r\n",
        "GET /de/ XTTP/1.1\r\n" + host + "\r\n", "get /de/ HTTP/1.1\r\n" + host + "\r\n", "GE(T /de/ HTTP/1.1\r\n" + host + "\r\n",
        "TRACE /de/ HTTP/1.1\r\n" + host + "\r\n", "CONNECT a:80 HTTP/1.1\r\n" + host + "\r\n", "BREW /de/ HTTP/1.1\r\n" + host + "\r\n",
        "GET http://a/de/ HTTP/1.1\r\n" + host + "\r\n", "GET de/ HTTP/1.1\r\n" + host + "\r\n", "OPTIONS * HTTP/1.1\r\n" + host + "\r\n",
        "GET /de/#x HTTP/1.1\r\n" + host + "\r\n", "GET /de/\x01 HTTP/1.1\r\n" + host + "\r\n", "GET /de/\xc3\xa4 HTTP/1.1\r\n" + host + "\r\n",
        "GET /de/\x7f HTTP/1.1\r\n" + host + "\r\n", "GET /de\\x HTTP/1.1\r\n" + host + "\r\n", "GET /de/%zz HTTP/1.1\r\n" + host + "\r\n",
        "GET /de/% HTTP/1.1\r\n" + host + "\r\n", "GET /de/%00 HTTP/1.1\r\n" + host + "\r\n", "GET /de/%0d%0a HTTP/1.1\r\n" + host + "\r\n",
        "GET /de/../x HTTP/1.1\r\n" + host + "\r\n", "GET /de/%2e%2e/x HTTP/1.1\r\n" + host + "\r\n", "GET /de/./x HTTP/1.1\r\n" + host + "\r\n",
        "GET /de%2f HTTP/1.1\r\n" + host + "\r\n", "GET /de/%5c HTTP/1.1\r\n" + host + "\r\n", "GET /de/%ff HTTP/1.1\r\n" + host + "\r\n",
        "GET /de/?a=%ff HTTP/1.1\r\n" + host + "\r\n", "GET /de/?a=%x HTTP/1.1\r\n" + host + "\r\n",
        get_line + "\r\n", get_line + host + host + "\r\n", get_line + "Host: a\r\nHOST: b\r\n\r\n", get_line + "Host:\r\n\r\n",
        get_line + "Host: a b\r\n\r\n", get_line + "Host: a/b\r\n\r\n", get_line + "Host: a@b\r\n\r\n", get_line + "Host: a:x\r\n\r\n",
        get_line + "Host: a:\r\n\r\n", get_line + "Host: a,b\r\n\r\n", get_line + "Host: [::1\r\n\r\n", get_line + "Host: [::1]x\r\n\r\n",
        get_line + "Host: a:123456\r\n\r\n", get_line + "Host: \xc3\xa4\r\n\r\n", get_line + "Host: a?b\r\n\r\n",
        get_line + "Host : a\r\n\r\n", get_line + " Host: a\r\n\r\n", get_line + host + "X Y: z\r\n\r\n", get_line + host + "X\r\n\r\n",
        get_line + host + ": x\r\n\r\n", get_line + host + "X: a\r\n b\r\n\r\n", get_line + host + "X: a\r\n\tb\r\n\r\n",
        get_line + host + "X: a\x01\r\n\r\n", get_line + host + std::string("X: a\0b\r\n\r\n", 10), get_line + host + "X: a\rb\r\n\r\n",
        get_line + host + "X: a\r\r\n\r\n", get_line + host + "X\x80: a\r\n\r\n", get_line + host + "X(: a\r\n\r\n", get_line + host + "X: a\x7f\r\n\r\n",
        get_line + host + "\rX: a\r\n\r\n", get_line + "\r\n" + host + "\r\n",
        post_line + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nab", post_line + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
        post_line + "Content-Length: 2, 2\r\n\r\nab", post_line + "Content-Length: +2\r\n\r\nab", post_line + "Content-Length: -2\r\n\r\nab",
        post_line + "Content-Length: 0x2\r\n\r\nab", post_line + "Content-Length: 2 \x0b\r\n\r\nab", post_line + "Content-Length: 2a\r\n\r\nab",
        post_line + "Content-Length: \r\n\r\nab", post_line + "Content-Length: 18446744073709551618\r\n\r\nab", post_line + "Content-Length : 2\r\n\r\nab",
        post_line + "Content-Length: 2 2\r\n\r\nab", post_line + "Content-Length: 2.0\r\n\r\nab", post_line + "Content-Length: \"2\"\r\n\r\nab",
        post_line + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", post_line + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n",
        post_line + "Transfer-Encoding: gzip\r\n\r\n", post_line + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        post_line + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", post_line + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        post_line + "Transfer-Encoding: identity\r\n\r\nab", post_line + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", post_line + "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n",
        post_line + "Transfer-Encoding:\r\n\r\n0\r\n\r\n", post_line + "Transfer-Encoding: \x0b" "chunked\r\n\r\n0\r\n\r\n", post_line + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        post_line + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", post_line + "Transfer-Encoding: chunked,\r\n\r\n0\r\n\r\n",
        "POST /api/echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    };
    for (const auto& message : table) {
        TestClient client(server_->port());
        client.send(message);
        client.end_sending();
        bool closed = false;
        const std::string r = client.rest(closed, 2000);
        EXPECT_TRUE(closed) << message;
        const int status = status_of(r);
        EXPECT_TRUE(status == 400 || status == 501 || status == 505) << status << "\n" << message;
        EXPECT_TRUE(r.find("HTTP/1.1 ", 5) == std::string::npos) << "a second answer\n" << message;
        EXPECT_TRUE(has(r, "error_")) << message;
    }
}

TEST_F(WebServer, accepts_no_malformed_chunk) {
    const std::string head = "POST /api/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const std::string chunks :
         {"3\nabc\r\n0\r\n\r\n", "3\r\nabc\n0\r\n\r\n", "3\r\nabcd\r\n0\r\n\r\n", "3\r\nab\r\n0\r\n\r\n", "0x3\r\nabc\r\n0\r\n\r\n", "+3\r\nabc\r\n0\r\n\r\n",
          "-3\r\nabc\r\n0\r\n\r\n", " 3\r\nabc\r\n0\r\n\r\n", "3 \r\nabc\r\n0\r\n\r\n", "\r\n3\r\nabc\r\n0\r\n\r\n", "g\r\nabc\r\n0\r\n\r\n", ";x\r\nabc\r\n0\r\n\r\n",
          "10000000000000003\r\nabc\r\n0\r\n\r\n", "00000000000000000003\r\nabc\r\n0\r\n\r\n", "3;a\nb\r\nabc\r\n0\r\n\r\n", "3\r\rabc\r\n0\r\n\r\n",
          "3\r\nabc0\r\n\r\n", "3\r\nabc\r\n0\r\nX: a\n\r\n", "3\r\nabc\r\n0\r\nX: \x01\r\n\r\n", "3\r\nabc\r\n0\n\n", "3\r\nabc\r\n0\r\n\n", "3,\r\nabc\r\n0\r\n\r\n"}) {
        TestClient client(server_->port());
        client.send(head + chunks);
        const std::string r = client.response();
        EXPECT_EQ(status_of(r), 400) << chunks;
        EXPECT_TRUE(has(r, "Connection: close")) << chunks;
    }
}

}  // namespace
}  // namespace kiepe::web
