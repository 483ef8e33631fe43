#include <gtest/gtest.h>

#include "base/date.h"
#include <algorithm>

#include "base/text.h"
#include "language/language.h"

namespace kiepe::language {
namespace {

Day day(std::string_view iso) { return *parse_day(iso); }

TEST(Po, an_entry_has_context_text_and_plural_forms) {
    auto entries = read_po("msgid \"\"\nmsgstr \"\"\n\"Language: de\\n\"\n\n#, fuzzy\nmsgctxt \"form/x\"\nmsgid \"a \\\"b\\\"\"\nmsgstr \"c\"\n"
                           "msgid \"files\"\nmsgid_plural \"files\"\nmsgstr[0] \"eine\"\nmsgstr[1] \"{count}\"\n", "x.po");
    ASSERT_TRUE(entries);
    ASSERT_EQ(entries->size(), 3u);
    EXPECT_EQ((*entries)[0].texts[0], "Language: de\n");
    EXPECT_TRUE((*entries)[1].fuzzy);
    EXPECT_EQ((*entries)[1].context, "form/x");
    EXPECT_EQ((*entries)[1].id, "a \"b\"");
    EXPECT_EQ((*entries)[2].texts.size(), 2u);
    EXPECT_EQ((*entries)[2].line, 9);
}

TEST(Po, a_broken_file_names_its_line) {
    auto entries = read_po("msgid \"a\"\nmsgstr \"b\n", "x.po");
    ASSERT_FALSE(entries);
    EXPECT_EQ(entries.error().where, "x.po:2");
}

TEST(Texts, placeholders_are_filled_and_unknown_ones_stay) {
    EXPECT_EQ(fill("bis {date} in {place}", {{"date", "Montag"}}), "bis Montag in {place}");
}

TEST(Formats, dates_read_like_german_and_english) {
    EXPECT_EQ(format_date("de", day("2026-11-24")), "24. November 2026");
    EXPECT_EQ(format_date("en", day("2026-11-24")), "24 November 2026");
    EXPECT_EQ(format_weekday_date("de", day("2026-11-24")), "Dienstag, 24. November 2026");
    EXPECT_EQ(format_moment("de", *parse_moment("2026-11-24T13:41:05.000Z")), "24. November 2026, 14:41");
    EXPECT_EQ(format_date_short("de-simple", day("2026-03-02")), "02.03.2026");
}

TEST(Formats, money_has_two_digits_and_the_marks_of_the_language) {
    EXPECT_EQ(format_money("de", *Decimal::parse("1027.35")), "1.027,35\u00a0Euro");
    EXPECT_EQ(format_money("en", *Decimal::parse("1027.355")), "\u20ac1,027.36");
    EXPECT_EQ(format_money("de", Decimal(260)), "260,00\u00a0Euro");
    EXPECT_EQ(format_number("de", *Decimal::parse("5.2500")), "5,25");
    EXPECT_EQ(format_size("de", 2'500'000), "2,4\u00a0MB");
}

TEST(Formats, what_people_type_is_read_by_their_language_and_never_guessed) {
    EXPECT_EQ(parse_number("de", "1.027,35 \u20ac")->text(), "1027.35");
    EXPECT_EQ(parse_number("en", "1,027.35")->text(), "1027.35");
    EXPECT_EQ(parse_number("de", "1.234")->text(), "1234");
    EXPECT_EQ(parse_number("de", "4,28")->text(), "4.28");
    EXPECT_FALSE(parse_number("de", "4.28"));
    EXPECT_FALSE(parse_number("de", "12,"));
    EXPECT_FALSE(parse_number("de", "zwei"));
    EXPECT_FALSE(parse_number("de", ""));
}

TEST(Formats, umlauts_sort_where_people_look_for_them) {
    std::vector<std::pair<std::string, std::size_t>> names{{"Zoo", 0}, {"Ämter", 1}, {"Auto", 2}};
    sort_by_locale("de", names);
    EXPECT_EQ(names[0].first, "Ämter");
    EXPECT_EQ(names[2].first, "Zoo");
}

TEST(Formats, a_language_calls_itself_by_its_own_name) {
    EXPECT_EQ(own_name("en"), "English");
    EXPECT_EQ(own_name("de"), "Deutsch");
    EXPECT_EQ(direction("ar"), "rtl");
}

// The catalogues of the program itself: what one language has, the other has, with the same placeholders.
TEST(Texts, every_text_exists_in_every_language_with_the_same_placeholders) {
    auto texts = Texts::load(KIEPE_SOURCE_DIR "/locales", {"de", "en"});
    ASSERT_TRUE(texts) << texts.error().code << " " << texts.error().where;
    auto places = [](std::string_view text) {
        std::vector<std::string> found;
        for (std::size_t at = 0; (at = text.find('{', at)) != std::string_view::npos; ++at) {
            auto name = std::string(text.substr(at, text.find('}', at) - at));
            if (std::find(found.begin(), found.end(), name) == found.end()) found.push_back(name);
        }
        std::sort(found.begin(), found.end());
        return found;
    };
    for (const auto& key : texts->keys()) {
        EXPECT_TRUE(texts->has("en", key)) << key;
        EXPECT_EQ(places(texts->get("de", key)), places(texts->get("en", key))) << key;
    }
}

}  // namespace
}  // namespace kiepe::language
