#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "web/web.h"

namespace kiepe::web {
namespace {

std::string header(const Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers)
        if (key == name) return value;
    return {};
}

class StaticFiles : public testing::Test {
protected:
    void SetUp() override {
        std::filesystem::create_directories(folder_ / "fonts");
        write("app-3f9a1c2e.css", "body{}");
        write("app-3f9a1c2e.css.br", "BR");
        write("fonts/FiraSans.woff2", "font");
        write("start-page.js", "x");
        route_ = static_files("/static", folder_.string());
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    void write(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }
    Response get(const std::string& path, const Headers& headers = {}) {
        Request request;
        request.method = "GET";
        request.path = path;
        request.headers = headers;
        return dispatch({route_}, request, {});
    }
    std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("kiepe-static-" + std::to_string(getpid()));
    Route route_;
};

TEST_F(StaticFiles, are_immutable_when_their_name_carries_a_hash) {
    EXPECT_EQ(header(get("/static/app-3f9a1c2e.css"), "Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(header(get("/static/start-page.js"), "Cache-Control"), "public, max-age=0, must-revalidate");
    EXPECT_EQ(get("/static/app-3f9a1c2e.css").type, "text/css; charset=utf-8");
    EXPECT_EQ(get("/static/fonts/FiraSans.woff2").type, "font/woff2");
}

TEST_F(StaticFiles, come_compressed_where_that_was_prepared) {
    const Response response = get("/static/app-3f9a1c2e.css", {{"Accept-Encoding", "br"}});
    EXPECT_EQ(response.body, "BR");
    EXPECT_EQ(header(response, "Content-Encoding"), "br");
    EXPECT_EQ(get("/static/app-3f9a1c2e.css").body, "body{}");
    EXPECT_EQ(get("/static/app-3f9a1c2e.css", {{"Accept-Encoding", "br"}, {"If-None-Match", header(response, "ETag")}}).status, 304);
}

TEST_F(StaticFiles, are_those_of_the_folder_only) {
    for (const auto* path : {"/static/none.css", "/static/../secret", "/static/app-3f9a1c2e.css.br", "/static//etc/passwd"}) EXPECT_EQ(get(path).status, 404) << path;
    EXPECT_EQ(dispatch({static_files("/static", "/nowhere/at/all")}, {.method = "GET", .path = "/static/x"}, {}).status, 404);
}

}  // namespace
}  // namespace kiepe::web
