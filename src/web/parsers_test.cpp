// The readers of what browsers send: targets, forms, uploads, cookies, preferences.
#include <brotli/decode.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <chrono>

#include "web/answer.h"
#include "web/chunked.h"
#include "web/compress.h"
#include "web/cookies.h"
#include "web/head.h"
#include "web/multipart.h"
#include "web/negotiate.h"
#include "web/url.h"

namespace kiepe::web {
namespace {

TEST(Url, decodes_each_escape_once) {
    EXPECT_EQ(percent_decode("a%20b%2525+"), "a b%25+");
    EXPECT_EQ(percent_decode("a+b", true), "a b");
    for (const auto* broken : {"%", "%1", "a%", "%g0", "%0g", "% 1"}) EXPECT_FALSE(percent_decode(broken)) << broken;
}

TEST(Url, encodes_all_but_unreserved_characters) { EXPECT_EQ(percent_encode("/a b\xc3\xa4~.?", "/"), "/a%20b%C3%A4~.%3F"); }

TEST(Url, reads_targets_that_have_one_meaning_only) {
    const auto target = parse_target("/de/gr%C3%BCn?a=%2F..&b");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->path, "/de/gr\xc3\xbcn");
    EXPECT_EQ(target->query, "a=%2F..&b");
    for (const auto* bad : {"", "de", "/a%2Fb", "/a/../b", "/..", "/.", "/%2e", "/a/%2E%2e", "/a%00", "/a%0A", "/a%7f", "/a%5Cb", "/%ff", "/%c0%af", "/%"})
        EXPECT_FALSE(parse_target(bad)) << bad;
    EXPECT_TRUE(parse_target("/a/...")) << "three dots are a name";
}

TEST(Url, knows_paths_of_this_site) {
    for (const auto* good : {"/", "/de/", "/de/x?next=//y"}) EXPECT_TRUE(is_local_path(good)) << good;
    for (const auto* bad : {"", "de", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb", "/a\tb", " /", "/\xc3\xa4"})
        EXPECT_FALSE(is_local_path(bad)) << bad;
}

TEST(Form, reads_pairs_in_order) {
    const auto pairs = parse_urlencoded("a=1&b=x+y%26&a=2&&c&d==%3D&%C3%A4=%E2%82%AC");
    ASSERT_TRUE(pairs);
    EXPECT_EQ(*pairs, (Pairs{{"a", "1"}, {"b", "x y&"}, {"a", "2"}, {"c", ""}, {"d", "=="}, {"\xc3\xa4", "\xe2\x82\xac"}}));
    EXPECT_TRUE(parse_urlencoded("")->empty());
}

TEST(Form, refuses_what_no_browser_sends) {
    for (const auto* bad : {"a=%", "a=%f", "%zz=1", "a=%ff", "a=%c0%80", "a=%00"}) EXPECT_FALSE(parse_urlencoded(bad)) << bad;
    std::string many;
    for (std::size_t i = 0; i < kMostFields; ++i) many += "a=1&";
    EXPECT_TRUE(parse_urlencoded(many));
    EXPECT_FALSE(parse_urlencoded(many + "a=1"));
}

std::string part(const std::string& disposition, const std::string& value, const std::string& more = "") {
    return "--B\r\nContent-Disposition: " + disposition + "\r\n" + more + "\r\n" + value + "\r\n";
}

TEST(Multipart, reads_fields_and_files) {
    const auto r = parse_multipart(part("form-data; name=\"a\"", "1\r\n2") + part("form-data; name=\"\xc3\xa4\"", "") +
                                       part("form-data; name=\"f\"; filename=\"Bild \\\"1\\\"%22.png\"", std::string("\0\r\n--BX\r\n--", 10), "Content-Type: image/png\r\n") +
                                       part("form-data; name=g; filename=\"\"", "", "Content-Type: application/octet-stream\r\n") + "--B--\r\n",
                                   "B");
    // "--BX" is no delimiter of "B" to a reader of lines, but RFC 2046 section 5.1.1 forbids it inside a part: it is refused.
    EXPECT_EQ(r.status, 400);
    const auto good = parse_multipart(part("form-data; name=\"a\"", "1\r\n2") + part("form-data; name=\"\xc3\xa4\"", "") +
                                          part("form-data; name=\"f\"; filename=\"Bild \\\"1\\\"%22.png\"", std::string("\0\r\n--\r\n", 7), "Content-Type: image/png\r\n") +
                                          part("form-data; name=g; filename=\"\"", "", "Content-Type: application/octet-stream\r\n") + "--B--\r\n",
                                      "B");
    ASSERT_EQ(good.status, 200);
    ASSERT_EQ(good.fields.size(), 4u);
    EXPECT_EQ(good.fields[0].value, "1\r\n2");
    EXPECT_EQ(good.fields[1].name, "\xc3\xa4");
    EXPECT_EQ(good.fields[1].value, "");
    EXPECT_TRUE(good.fields[2].is_file);
    EXPECT_EQ(good.fields[2].filename, "Bild \"1\"\".png");
    EXPECT_EQ(good.fields[2].content_type, "image/png");
    EXPECT_EQ(good.fields[2].value, std::string("\0\r\n--\r\n", 7));
    Request request;
    request.fields = good.fields;
    EXPECT_EQ(request.file("g"), nullptr) << "nothing was chosen";
    EXPECT_NE(request.file("f"), nullptr);
}

TEST(Multipart, keeps_only_the_name_of_a_file) {
    for (const auto& [sent, kept] : std::vector<std::pair<std::string, std::string>>{
             {"../../etc/passwd", "passwd"}, {"C:\\Users\\x\\a.pdf", "a.pdf"}, {"a\tb", "ab"}, {"\xff.pdf", "file"}, {std::string(300, 'a'), std::string(255, 'a')}}) {
        const auto r = parse_multipart(part("form-data; name=\"f\"; filename=\"" + sent + "\"", "x") + "--B--", "B");
        ASSERT_EQ(r.status, 200) << sent;
        EXPECT_EQ(r.fields[0].filename, kept);
    }
}

TEST(Multipart, refuses_what_is_broken) {
    const std::string ok = part("form-data; name=\"a\"", "1");
    for (const auto& body : std::vector<std::string>{
             "", "--B", "--B--x", ok, ok + "--B", ok + "--B-", "preamble\r\n" + ok + "--B--", ok + "--B--\r\nepilogue", ok + "--B--\r\n\r\n", "--B \r\n\r\n\r\n--B--",
             "--B\n\n\n--B--", "--B\r\nContent-Disposition: form-data; name=\"a\"\n\n1\r\n--B--", "--B\r\n\r\n1\r\n--B--", "--B\r\nX: y\r\n\r\n1\r\n--B--",
             part("form-data", "1") + "--B--", part("form-data; name=\"\"", "1") + "--B--", part("form-data; name=\"a", "1") + "--B--",
             part("attachment; name=\"a\"", "1") + "--B--", part("form-data; name=\"a\"; name=\"b\"", "1") + "--B--", part("form-data; name=\"a\" x", "1") + "--B--",
             part("form-data; name=\"a\"; filename=\"x\"; filename=\"y\"", "1") + "--B--", part("form-data; name=\"\xff\"", "1") + "--B--",
             part("form-data; name=\"a\"", "\xff") + "--B--", part("form-data; name=\"a\"", std::string("\0", 1)) + "--B--", part("form-data; name=\"a%0A\"", "1") + "--B--",
             part("form-data; name=\"a\"", "1", "Content-Transfer-Encoding: base64\r\n") + "--B--", part("form-data; name=\"a\"", "1", " folded\r\n") + "--B--",
             part("form-data; name=\"a\"", "1", "Content-Disposition: form-data; name=\"b\"\r\n") + "--B--"})
        EXPECT_EQ(parse_multipart(body, "B").status, 400) << body;
}

TEST(Multipart, refuses_too_much_quickly) {
    std::string body;
    const std::string one = part("form-data; name=\"a\"", "1");
    for (int i = 0; i < 1000 * 1000; ++i) body += one;
    body += "--B--";
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(parse_multipart(body, "B").status, 413) << "a million parts";
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(100));
    EXPECT_EQ(parse_multipart(part("form-data; name=\"a\"", "1", "X: " + std::string(5000, 'x') + "\r\n") + "--B--", "B").status, 413);
    EXPECT_EQ(parse_multipart(part("form-data; name=\"a\"", std::string(300000, 'x')) + "--B--", "B").status, 413);
    EXPECT_EQ(parse_multipart(part("form-data; name=\"" + std::string(201, 'x') + "\"", "x") + "--B--", "B").status, 400);
}

TEST(Multipart, takes_boundaries_of_rfc_2046_only) {
    EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=----WebKitFormBoundaryX"), "----WebKitFormBoundaryX");
    EXPECT_EQ(multipart_boundary("Multipart/Form-Data; charset=utf-8; Boundary=\"a b'()+_,-./:=?\""), "a b'()+_,-./:=?");
    for (const std::string bad : {"multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"", "multipart/mixed; boundary=B",
                                  "multipart/form-data; boundary=\"B \"", "multipart/form-data; boundary=B; boundary=C", "multipart/form-data; boundary=\"a\r\nb\""})
        EXPECT_FALSE(multipart_boundary(bad)) << bad;
    EXPECT_FALSE(multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'x')));
}

TEST(Cookies, are_read_as_browsers_send_them) {
    EXPECT_EQ(parse_cookies("a=1; b=\"2\"; a=3; bad name=4; =5; c; d=x y; e="),
              (std::map<std::string, std::string>{{"a", "1"}, {"b", "2"}, {"e", ""}}));
    std::string many;
    for (int i = 0; i < 1000; ++i) many += "c" + std::to_string(i) + "=1; ";
    EXPECT_EQ(parse_cookies(many).size(), 50u);
}

TEST(Cookies, of_a_session_carry_every_guard) {
    EXPECT_EQ(session_cookie("T", true), "__Host-kiepe=T; Path=/; HttpOnly; SameSite=Lax; Secure");
    EXPECT_EQ(session_cookie("", true), "__Host-kiepe=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0");
    EXPECT_EQ(session_cookie("a; Domain=evil", false), "kiepe-session=; Path=/; HttpOnly; SameSite=Lax");
}

TEST(Negotiation, chooses_the_coding_that_the_browser_likes_best) {
    EXPECT_EQ(best_coding("gzip, deflate, br"), Coding::brotli);
    EXPECT_EQ(best_coding("gzip, br;q=0.9"), Coding::gzip);
    EXPECT_EQ(best_coding("GZIP"), Coding::gzip);
    EXPECT_EQ(best_coding("*"), Coding::brotli);
    EXPECT_EQ(best_coding("*, br;q=0"), Coding::gzip);
    EXPECT_EQ(best_coding("gzip;q=0"), Coding::identity);
    EXPECT_EQ(best_coding("gzip;q=2, br;q=x"), Coding::identity);
    EXPECT_EQ(best_coding(""), Coding::identity);
}

TEST(Negotiation, chooses_the_language_by_weight_and_never_plain_german_by_chance) {
    const std::vector<std::string> site = {"de", "de-simple", "en"};
    EXPECT_EQ(best_language("en-GB,en;q=0.9,de;q=0.8", site, "de"), "en");
    EXPECT_EQ(best_language("fr, de-AT;q=0.2, en;q=0.1", site, "en"), "de");
    EXPECT_EQ(best_language("de-simple", site, "en"), "de-simple");
    EXPECT_EQ(best_language("en;q=0, fr", site, "de"), "de");
    EXPECT_EQ(best_language("", site, "de"), "de");
}

TEST(Negotiation, compares_tags_weakly) {
    EXPECT_TRUE(etag_matches("W/\"a\", \"b\"", "\"b\""));
    EXPECT_TRUE(etag_matches("W/\"b\"", "\"b\""));
    EXPECT_TRUE(etag_matches("*", "\"b\""));
    EXPECT_FALSE(etag_matches("\"bb\", b", "\"b\""));
}

TEST(Compression, gives_back_the_same_bytes) {
    std::string text;
    for (int i = 0; i < 3000; ++i) text += "line " + std::to_string(i) + "\n";
    std::string out(text.size(), '\0');
    std::size_t size = out.size();
    const std::string br = brotli(text);
    ASSERT_EQ(BrotliDecoderDecompress(br.size(), reinterpret_cast<const std::uint8_t*>(br.data()), &size, reinterpret_cast<std::uint8_t*>(out.data())), BROTLI_DECODER_RESULT_SUCCESS);
    EXPECT_EQ(out, text);
    const std::string gz = gzip(text);
    z_stream z{};
    ASSERT_EQ(inflateInit2(&z, 15 + 16), Z_OK);
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(gz.data()));
    z.avail_in = static_cast<uInt>(gz.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(inflate(&z, Z_FINISH), Z_STREAM_END);
    inflateEnd(&z);
    EXPECT_EQ(out, text);
}

TEST(Compression, is_done_once_for_a_public_body) {
    BodyCache cache(100 * 1000);
    const std::string body(20000, 'x');
    const auto first = cache.get(body, true);
    EXPECT_EQ(cache.get(body, true), first);
    EXPECT_NE(cache.get(body + "y", true)->etag, first->etag);
    EXPECT_TRUE(cache.get("short", true)->gzip.empty());
    for (int i = 0; i < 20; ++i) (void)cache.get(body + std::to_string(i), true);
    EXPECT_EQ(cache.get(body, true)->etag, first->etag) << "thrown away, made again, the same";
}

TEST(Head, reads_a_request) {
    const auto r = parse_head("POST /de/?a HTTP/1.1\r\nHOST:  stadt.example:8080\t\r\nContent-length: 007\r\nX: \r\n\r\n");
    ASSERT_TRUE(r.head);
    EXPECT_EQ(r.head->method, "POST");
    EXPECT_EQ(r.head->target, "/de/?a");
    EXPECT_EQ(r.head->host, "stadt.example:8080");
    EXPECT_EQ(r.head->content_length, 7u);
    EXPECT_TRUE(r.head->keep_alive);
    EXPECT_TRUE(parse_head("GET / HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n\r\n").head);
    EXPECT_FALSE(parse_head("GET / HTTP/1.0\r\n\r\n").head->keep_alive);
    EXPECT_TRUE(parse_head("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").head->keep_alive);
    EXPECT_TRUE(parse_head("GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: \xc3\xa4\r\n\r\n").head) << "nobody interprets it";
}

TEST(Head, names_each_refusal) {
    const auto status = [](std::string_view head) { return parse_head(head).refusal.status; };
    EXPECT_EQ(status("BREW / HTTP/1.1\r\nHost: a\r\n\r\n"), 501);
    EXPECT_EQ(status("GET / HTTP/3.0\r\nHost: a\r\n\r\n"), 505);
    EXPECT_EQ(status("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"), 501);
    EXPECT_EQ(status("GET /" + std::string(8001, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n"), 414);
}

TEST(Chunked, reads_in_pieces_of_any_size) {
    const std::string wire = "5;name=\"v\"\r\nhello\r\n1\r\n \r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\nNEXT";
    for (std::size_t piece = 1; piece <= wire.size(); ++piece) {
        ChunkedReader reader(100);
        std::string body;
        std::size_t at = 0, used = 0;
        auto state = ChunkedReader::State::more;
        while (state == ChunkedReader::State::more && at < wire.size()) {
            state = reader.read(std::string_view(wire).substr(at, piece), used, body);
            at += used;
        }
        EXPECT_EQ(state, ChunkedReader::State::done);
        EXPECT_EQ(body, "hello 0123456789");
        EXPECT_EQ(wire.substr(at), "NEXT");
    }
}

TEST(Chunked, stops_at_the_limit_before_the_bytes_come) {
    ChunkedReader reader(10);
    std::string body;
    std::size_t used = 0;
    EXPECT_EQ(reader.read("6\r\n123456\r\n5\r\n", used, body), ChunkedReader::State::too_large);
    EXPECT_EQ(body.size(), 6u);
    ChunkedReader other(~std::size_t{0});
    EXPECT_EQ(other.read("fffffffffffffff\r\n", used, body), ChunkedReader::State::more);
    ChunkedReader endless(10);
    EXPECT_EQ(endless.read("1;" + std::string(9000, 'x'), used, body), ChunkedReader::State::bad) << "an extension without end";
}

TEST(SecurityHeaders, ask_for_https_only_on_https) {
    const auto has = [](bool https) {
        for (const auto& [name, value] : security_headers(https))
            if (name == "Strict-Transport-Security") return true;
        return false;
    };
    EXPECT_TRUE(has(true));
    EXPECT_FALSE(has(false));
    EXPECT_EQ(security_headers(true)[0].second.find("unsafe"), std::string::npos);
}

TEST(Answerer, believes_only_trusted_proxies_about_the_client) {
    Settings settings;
    settings.trusted_proxies = {"10.0.0.1", "10.0.0.2"};
    const Answerer answerer(settings, {}, {}, nullptr);
    Head head;
    head.method = "GET";
    head.target = "/";
    head.headers = {{"x-forwarded-for", "6.6.6.6, 1.2.3.4, 10.0.0.2"}};
    std::optional<Refusal> refusal;
    EXPECT_EQ(answerer.request_of(head, "10.0.0.1", refusal).client, "1.2.3.4");
    EXPECT_EQ(answerer.request_of(head, "9.9.9.9", refusal).client, "9.9.9.9");
}

TEST(Answerer, lets_an_own_page_frame_a_pdf_and_nothing_else) {
    Settings settings;
    const Answerer answerer(settings, {{"GET", "/a", Kind::page, [](const Request&) { return bytes("%PDF", "application/pdf", ""); }},
                                       {"GET", "/b", Kind::page, [](const Request&) { return bytes("%PDF", "application/pdf", "Bescheid \"\xc3\xa4\".pdf"); }}},
                            {}, nullptr);
    const auto head_of = [&](const std::string& path) {
        Request request;
        request.method = "GET";
        request.path = path;
        return answerer.answer(request, answerer.find(request), false).head;
    };
    EXPECT_NE(head_of("/a").find("frame-ancestors 'self'"), std::string::npos);
    EXPECT_NE(head_of("/b").find("frame-ancestors 'none'"), std::string::npos);
    EXPECT_NE(head_of("/b").find("Content-Disposition: attachment; filename=\"Bescheid ____.pdf\"; filename*=UTF-8''Bescheid%20%22%C3%A4%22.pdf\r\n"), std::string::npos)
        << head_of("/b");
    EXPECT_NE(head_of("/a").find("Strict-Transport-Security"), std::string::npos);
}

TEST(Dispatch, answers_without_a_socket) {
    const std::vector<Route> routes = {{"POST", "/{lang}/x/{id}", Kind::form, [](const Request& r) {
                                            return page(r.language + r.parameters.at("id") + std::string(r.field("a")) + std::string(r.query_value("q")));
                                        }}};
    Request request;
    request.method = "POST";
    request.path = "/en/x/7?q=1";
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    request.body = "a=b";
    EXPECT_EQ(dispatch(routes, request, {}).body, "en7b1");
    request.method = "GET";
    EXPECT_EQ(dispatch(routes, request, {}).status, 405);
    request.path = "/fr/x/7";
    EXPECT_EQ(dispatch(routes, request, {}).status, 404);
}

}  // namespace
}  // namespace kiepe::web
