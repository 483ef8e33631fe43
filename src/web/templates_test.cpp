#include "web/templates.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include <unistd.h>

namespace kiepe::web {
namespace {

/// A folder of templates that ends with the test.
class Folder {
public:
    Folder() : path_(std::filesystem::temp_directory_path() / ("kiepe-templates-" + std::to_string(getpid()) + "-" + std::to_string(count_++))) {
        std::filesystem::create_directories(path_);
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder& with(const std::string& name, const std::string& text) {
        std::filesystem::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name) << text;
        return *this;
    }
    std::string path() const { return path_.string(); }

private:
    static inline int count_ = 0;
    std::filesystem::path path_;
};

std::string translate(void*, std::string_view language, std::string_view key) {
    if (key == "until") return language == "de" ? "bis {date} & \"mehr\"" : "until {date}";
    if (key == "braces") return "{{X}} {not ours} {";
    return std::string(key) + "-" + std::string(language);
}

Templates load(const Folder& folder) { return Templates(folder.path(), nullptr, translate); }

std::string why(const Templates& templates, const Data& data) {
    try {
        return templates.render("a.html", "de", data);
    } catch (const std::logic_error& e) {
        return std::string("error: ") + e.what();
    }
}

TEST(Templates, escape_for_the_place_where_a_value_stands) {
    Folder folder;
    folder.with("a.html", "<a href=\"{{URL}}\" title=\"{{X}}\">{{X}}</a><a href=\"/s?q={{X:u}}\">");
    Data data;
    data.set("URL", "javascript:alert(1)").set("X", "<b>\"&' =x");
    const std::string html = load(folder).render("a.html", "de", data);
    EXPECT_EQ(html.find("javascript"), std::string::npos) << html;
    EXPECT_EQ(html.find("<b>"), std::string::npos) << html;
    EXPECT_NE(html.find("title=\"&lt;b&gt;&quot;&amp;&#39; =x\""), std::string::npos) << html;
    EXPECT_EQ(html.find("q=<"), std::string::npos);
    EXPECT_NE(html.find("?q=%3Cb%3E%22%26"), std::string::npos) << html;
}

TEST(Templates, keep_paths_and_encode_queries) {
    Folder folder;
    folder.with("a.html", "<a href=\"/{{LANG}}/cases/{{NUMBER}}?from={{FROM:u}}\">x</a><form action=\"{{URL}}\">");
    Data data;
    data.set("NUMBER", "K-7").set("FROM", "a b&c").set("URL", "/de/x?y=1&z=2");
    EXPECT_EQ(load(folder).render("a.html", "de", data), "<a href=\"/de/cases/K-7?from=a+b%26c\">x</a><form action=\"/de/x?y=1&amp;z=2\">");
}

TEST(Templates, show_sections_and_lists_with_the_values_around_them) {
    Folder folder;
    folder.with("a.html", "{{#ROWS}}{{NAME}}{{CITY}}{{#NEW}}!{{/NEW}}{{#ROWS_separator}}, {{/ROWS_separator}}{{/ROWS}}{{#NONE}}none{{/NONE}}");
    Data data;
    data.set("CITY", "M").set("NAME", "outer");
    data.add("ROWS").set("NAME", "a").show("NEW");
    data.add("ROWS").set("NAME", "b").show_if(false, "NEW");
    data.add("ROWS");
    EXPECT_EQ(load(folder).render("a.html", "de", data), "aM!, bM, outerM");
}

TEST(Templates, keep_data_together_when_it_moves) {
    Folder folder;
    folder.with("a.html", "{{#ROWS}}{{CITY}}{{/ROWS}}");
    Data data;
    data.add("ROWS");
    Data moved = std::move(data);
    moved.set("CITY", "M");
    EXPECT_EQ(load(folder).render("a.html", "de", moved), "M");
}

TEST(Templates, put_the_texts_of_the_language_in) {
    Folder folder;
    folder.with("a.html", "<p title=\"{{T_until}}\">{{T_hello}} {{T_until}} {{T_braces}}</p>");
    Data data;
    data.set("DATE", "<1.>");
    EXPECT_EQ(load(folder).render("a.html", "de", data),
              "<p title=\"bis &lt;1.&gt; &amp; &quot;mehr&quot;\">hello-de bis &lt;1.&gt; &amp; &quot;mehr&quot; &#123;&#123;X}} &#123;not ours} &#123;</p>");
    EXPECT_TRUE(load(folder).render("a.html", "en", data).starts_with("<p title=\"until &lt;1.&gt;\""));
}

TEST(Templates, put_layouts_and_parts_together) {
    Folder folder;
    folder.with("base.html", "<html lang=\"{{LANG}}\" dir=\"{{DIR}}\">{{>parts/head.html}}<main>{{!content}}</main></html>\n")
        .with("parts/head.html", "<h1>{{TITLE}}</h1>\n")
        .with("a.html", "{{!layout base.html}}\nHello {{NAME}}\n");
    Data data;
    data.set("TITLE", "T").set("NAME", "N");
    EXPECT_EQ(load(folder).render("a.html", "ar", data), "<html lang=\"ar\" dir=\"rtl\"><h1>T</h1><main>Hello N\n</main></html>\n");
}

TEST(Templates, name_a_value_that_is_missing) {
    Folder folder;
    folder.with("a.html", "{{#S}}{{NAME}}{{/S}}");
    const Templates templates = load(folder);
    Data data;
    EXPECT_EQ(why(templates, data), "") << "a section that is not shown needs nothing";
    data.show("S");
    EXPECT_EQ(why(templates, data), "error: template a.html: NAME has no value");
}

TEST(Templates, take_html_only_where_it_is_announced) {
    Folder folder, other;
    folder.with("a.html", "{{X:none}}");
    other.with("a.html", "{{X}}");
    Data html, plain;
    html.set_html("X", "<b>");
    plain.set("X", "<b>");
    EXPECT_EQ(why(load(folder), html), "<b>");
    EXPECT_EQ(why(load(folder), plain), "error: template a.html: X is text but stands with :none");
    EXPECT_EQ(why(load(other), html), "error: template a.html: X is HTML but stands without :none");
    EXPECT_EQ(why(load(other), plain), "&lt;b&gt;");
}

TEST(Templates, refuse_what_would_turn_escaping_off) {
    for (const auto* text : {"{{%AUTOESCAPE context=\"JSON\"}}{{X}}", "{{X:h}}", "{{X:none}}{{X}}", "{{#S}}{{X}}", "{{>nowhere.html}}", "{{>a.html}}", "{{X"}) {
        Folder folder;
        folder.with("a.html", text);
        EXPECT_THROW(load(folder).prepare({"de"}), std::logic_error) << text;
    }
}

TEST(Templates, render_in_many_threads) {
    Folder folder;
    folder.with("a.html", "{{#ROWS}}{{N}},{{/ROWS}}");
    const Templates templates = load(folder);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 200; ++i) {
                Data data;
                data.add("ROWS").set("N", t);
                data.add("ROWS").set("N", std::int64_t{7});
                ASSERT_EQ(templates.render("a.html", i % 2 ? "de" : "en", data), std::to_string(t) + ",7,");
            }
        });
    for (auto& thread : threads) thread.join();
}

TEST(Templates, render_ten_kilobytes_fast) {
    Folder folder;
    folder.with("a.html", "<table>{{#ROWS}}<tr><td><a href=\"/de/cases/{{NUMBER}}\">{{NUMBER}}</a></td><td title=\"{{TITLE}}\">{{TITLE}}</td></tr>\n{{/ROWS}}</table>");
    const Templates templates = load(folder);
    Data data;
    for (int i = 0; i < 100; ++i) data.add("ROWS").set("NUMBER", "K-2026-" + std::to_string(i)).set("TITLE", "Resident parking & more");
    std::size_t size = templates.render("a.html", "de", data).size();
    const auto began = std::chrono::steady_clock::now();
    for (int i = 0; i < 200; ++i) size = templates.render("a.html", "de", data).size();
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began).count() / 200;
    RecordProperty("microseconds", std::to_string(us));
    RecordProperty("bytes", std::to_string(size));
    EXPECT_GT(size, 10000u);
    EXPECT_LT(us, 2000) << "an unoptimised build may take longer than the 100 us of a release build, but not this long";
}

TEST(TemplateLint, finds_what_a_careful_reader_would_find) {
    Folder folder;
    folder.with("a.html",
                "<p class=x>\n<p {{X}}>\n<p style=\"a\">\n<p onclick=\"a\">\n<style>a</style>\n<script>a</script>\n<a href=\" javascript:x\">\n"
                "{{T_unknown}}\n{{X:h}}\n<input value={{X}}>\n<script src=\"/a.js\">x</script>\n");
    const auto found = lint_templates(folder.path(), [](std::string_view key) { return key == "known"; });
    ASSERT_EQ(found.size(), 11u) << testing::PrintToString(found);
    for (int line = 1; line <= 11; ++line) {
        const std::string place = "a.html:" + std::to_string(line) + ": ";
        EXPECT_TRUE(std::any_of(found.begin(), found.end(), [&](const auto& f) { return f.starts_with(place); })) << place << testing::PrintToString(found);
    }
}

TEST(TemplateLint, is_content_with_good_templates) {
    Folder folder;
    folder.with("a.html",
                "<!-- <p style=x> --><!doctype html><p class=\"x {{X}}\" {{#S}}hidden{{/S}}>{{T_known}} a < b</p>\n<input required disabled value='{{X}}'/>"
                "<script src=\"/a.js\" type=\"module\"></script>{{! a comment with style=x }}<br>");
    EXPECT_EQ(lint_templates(folder.path(), [](std::string_view key) { return key == "known"; }), std::vector<std::string>{});
}

}  // namespace
}  // namespace kiepe::web
