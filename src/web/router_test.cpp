#include "web/router.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace kiepe::web {
namespace {

Route route(const std::string& method, const std::string& pattern) { return {method, pattern, Kind::page, {}}; }

Router router() {
    return Router({route("GET", "/{lang}/"), route("GET", "/{lang}/services"), route("GET", "/{lang}/services/{service}"),
                   route("POST", "/{lang}/services/{service}"), route("POST", "/{lang}/services/new"), route("GET", "/{lang}/services/{service}/apply/{step}"),
                   route("GET", "/static/{rest...}"), route("GET", "/{lang}/files/{id}/{rest...}"), route("GET", "/health")},
                  {"de", "de-simple", "en"});
}

std::string found(const Router& r, std::string_view method, std::string_view path) {
    const Match match = r.find(method, path);
    return match.route ? match.route->method + " " + match.route->pattern : "";
}

TEST(Router, finds_words_before_parameters) {
    const Router r = router();
    EXPECT_EQ(found(r, "GET", "/de-simple/services"), "GET /{lang}/services");
    EXPECT_EQ(found(r, "POST", "/de/services/new"), "POST /{lang}/services/new");
    EXPECT_EQ(found(r, "GET", "/de/services/new"), "GET /{lang}/services/{service}") << "the word has no GET, the parameter has";
    EXPECT_EQ(found(r, "HEAD", "/health"), "GET /health");
}

TEST(Router, gives_the_parameters_by_name) {
    const Router r = router();
    EXPECT_EQ(r.find("GET", "/en/services/dog tax/apply/2").parameters,
              (std::map<std::string, std::string>{{"lang", "en"}, {"service", "dog tax"}, {"step", "2"}}));
    EXPECT_EQ(r.find("GET", "/de/files/7/a/b.pdf").parameters.at("rest"), "a/b.pdf");
    EXPECT_EQ(r.find("GET", "/static/a.css").parameters.at("rest"), "a.css");
}

TEST(Router, knows_unknown_paths_from_wrong_methods) {
    const Router r = router();
    EXPECT_TRUE(r.find("GET", "/fr/services").allowed.empty()) << "no language of the site";
    EXPECT_TRUE(r.find("GET", "/de/services/").allowed.empty()) << "a parameter is never empty";
    EXPECT_TRUE(r.find("GET", "/static/").allowed.empty());
    EXPECT_TRUE(r.find("GET", "//services").allowed.empty());
    EXPECT_EQ(r.find("DELETE", "/de/services/x").allowed, (std::vector<std::string>{"GET", "HEAD", "POST"}));
    EXPECT_EQ(r.find("OPTIONS", "/health").allowed, (std::vector<std::string>{"GET", "HEAD"}));
}

TEST(Router, leads_to_the_same_path_with_the_right_slash) {
    const Router r = router();
    EXPECT_EQ(r.find("GET", "/de").redirect, "/de/");
    EXPECT_EQ(r.find("GET", "/de/services/Hund\xc3\xa4/").redirect, "/de/services/Hund%C3%A4");
    EXPECT_EQ(r.find("POST", "/de/services/new/").redirect, "");
}

TEST(Router, refuses_tables_that_contradict_themselves) {
    EXPECT_THROW(Router({route("GET", "/a"), route("GET", "/a")}, {}), std::logic_error);
    EXPECT_THROW(Router({route("GET", "/{x}"), route("GET", "/{y}")}, {}), std::logic_error);
    EXPECT_THROW(Router({route("GET", "/{rest...}/a")}, {}), std::logic_error);
    EXPECT_THROW(Router({route("GET", "a")}, {}), std::logic_error);
}

}  // namespace
}  // namespace kiepe::web
