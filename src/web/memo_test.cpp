#include "web/memo.h"

#include <gtest/gtest.h>

namespace kiepe::web {
namespace {

Request to(std::string path) {
    Request request;
    request.method = "GET";
    request.path = std::move(path);
    return request;
}

TEST(PageMemo, renders_a_page_once_until_the_content_changes) {
    PageMemo memo;
    int made = 0;
    const auto make = [&] { return page("made " + std::to_string(++made)); };
    EXPECT_EQ(memo.get(to("/de"), "1", make).body, "made 1");
    EXPECT_EQ(memo.get(to("/de"), "1", make).body, "made 1");
    EXPECT_EQ(memo.get(to("/en"), "1", make).body, "made 2");
    EXPECT_EQ(memo.get(to("/de"), "2", make).body, "made 3");
}

TEST(PageMemo, keeps_nothing_that_belongs_to_one_person) {
    PageMemo memo;
    int made = 0;
    const auto make = [&] { return page(std::to_string(++made)); };
    auto signed_in = to("/de");
    signed_in.session_token = "secret";
    memo.get(signed_in, "1", make);
    auto searched = to("/de/search");
    searched.query_text = "q=words";
    memo.get(searched, "1", make);
    EXPECT_EQ(memo.get(to("/de"), "1", make).body, "3");
}

TEST(PageMemo, forgets_errors) {
    PageMemo memo;
    EXPECT_EQ(memo.get(to("/de/x"), "1", [] { return page("no", 404); }).status, 404);
    EXPECT_EQ(memo.get(to("/de/x"), "1", [] { return page("now"); }).body, "now");
}

}  // namespace
}  // namespace kiepe::web
