#include "documents/documents.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace kiepe::documents {
namespace {

using Kind = Block::Kind;

TEST(Markdown, reads_the_small_subset_in_which_people_write) {
    const auto blocks = parse_markdown("# Titel\n\nErster **fetter** Satz.\nZweiter.\n\n- eins\n- **zwei**\n\n1. a\n2. b\n\n## Warum\n");
    ASSERT_TRUE(blocks.ok());
    ASSERT_EQ(blocks->size(), 6u);
    EXPECT_EQ(blocks->at(0).kind, Kind::h1);
    EXPECT_EQ(blocks->at(1).runs, (Runs{{"Erster "}, {"fetter", true}, {" Satz."}}));
    EXPECT_EQ(blocks->at(2).kind, Kind::paragraph);
    EXPECT_EQ(blocks->at(3).items, (std::vector<Runs>{{{"eins"}}, {{"zwei", true}}}));
    EXPECT_EQ(blocks->at(4).kind, Kind::numbers);
    EXPECT_EQ(blocks->at(5).kind, Kind::h2);
}

TEST(Markdown, says_in_which_line_bold_stays_open) {
    const auto blocks = parse_markdown("gut\n\nein **Fehler\n");
    ASSERT_FALSE(blocks.ok());
    EXPECT_EQ(blocks.error().code, "markdown.bold_open");
    EXPECT_EQ(blocks.error().where, "line 3");
}

TEST(Markdown, an_empty_line_ends_a_list) {
    const auto blocks = parse_markdown("- a\n\n- b");
    ASSERT_TRUE(blocks.ok());
    EXPECT_EQ(blocks->size(), 2u);
}

TEST(Markdown, leaves_what_is_no_markup_as_it_is) {
    EXPECT_EQ(parse_runs("2 ** 3"), (Runs{{"2 ** 3"}}));
    EXPECT_EQ(parse_runs("****"), (Runs{{"****"}}));
    EXPECT_EQ(parse_markdown("2026. Ein Jahr")->at(0).kind, Kind::paragraph);
    EXPECT_EQ(parse_markdown("#Titel")->at(0).kind, Kind::paragraph);
}

TEST(Text, prints_blocks_for_a_mail) {
    auto blocks = *parse_markdown("# Titel\n\n- a\n- b\n\n1. x\n2. **y**\n");
    blocks.push_back(pairs({{"Name", "Erika"}}));
    EXPECT_EQ(to_text(blocks), "Titel\n\n- a\n- b\n\n1. x\n2. y\n\nName: Erika\n");
}

TEST(Qr, has_a_quiet_zone_and_refuses_what_does_not_fit) {
    const auto svg = qr_svg("https://kiepe.example/s/resident-parking");
    EXPECT_NE(svg.find("viewBox=\"0 0 37 37\""), svg.npos) << svg.substr(0, 80);  // version 3 (29 modules) and twice 4
    EXPECT_EQ(svg.find("d=\"M0 0h7"), svg.npos);
    EXPECT_NE(svg.find("M4 4h7v1h-7z"), svg.npos);  // upper edge of the first finder pattern
    EXPECT_EQ(qr_svg(std::string(3000, 'x')), "");
    EXPECT_EQ(qr_svg(""), "");
}

}  // namespace
}  // namespace kiepe::documents
