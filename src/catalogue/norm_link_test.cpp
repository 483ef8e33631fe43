#include "catalogue/norm_link.h"

#include <gtest/gtest.h>

namespace kiepe::catalogue {
namespace {

Act act(const std::string& code, const std::string& link, const std::string& section_link = "", std::vector<std::string> cited = {}) {
    Act made;
    made.code = code;
    made.link = link;
    made.section_link = section_link;
    made.cited = std::move(cited);
    return made;
}

Law some_law() {
    Law law;
    law.acts_["wogg"] = act("WoGG", "https://law.example/wogg/", "https://law.example/wogg/__{}.html");
    law.acts_["estg"] = act("EStG", "https://law.example/estg/", "https://law.example/estg/__{}.html");
    law.acts_["stvo"] = act("StVO", "https://law.example/stvo/", "https://law.example/stvo/__{}.html");
    law.acts_["vwvfg"] = act("VwVfG", "https://law.example/vwvfg/", "https://law.example/vwvfg/__{}.html");
    law.acts_["sgb_x"] = act("SGB_X", "https://law.example/sgb_10/", "https://law.example/sgb_10/__{}.html", {"SGB X"});
    law.acts_["dog_tax"] = act("dog_tax", "https://city.example/", "", {"Hundesteuersatzung"});
    law.acts_["fees"] = act("fees", "https://city.example/fees.pdf", "", {"Gebührensatzung"});
    return law;
}

TEST(NormLink, leads_to_the_section_that_is_cited) {
    const Law law = some_law();
    EXPECT_EQ(norm_link(law, "WoGG § 12 Abs. 7"), "https://law.example/wogg/__12.html");
    EXPECT_EQ(norm_link(law, "WoGG §§ 5 bis 7"), "https://law.example/wogg/__5.html");
    EXPECT_EQ(norm_link(law, "StVO § 45 Abs. 1b Satz 1 Nr. 2a"), "https://law.example/stvo/__45.html");
    EXPECT_EQ(norm_link(law, "SGB X § 67a Abs. 1, WoGG § 33"), "https://law.example/sgb_10/__67a.html");
    EXPECT_EQ(norm_link(law, "§ 14 Abs. 1 WoGG, § 9a Satz 1 Nr. 1 Buchst. a EStG"), "https://law.example/wogg/__14.html");
}

TEST(NormLink, takes_the_act_in_whose_file_a_bare_section_stands) {
    EXPECT_EQ(norm_link(some_law(), "§ 12 Abs. 7", "WoGG"), "https://law.example/wogg/__12.html");
    EXPECT_EQ(norm_link(some_law(), "§ 12 Abs. 7"), "");
    EXPECT_EQ(norm_link(some_law(), "VwV-StVO zu § 45, Abschnitt X Nr. 7", "StVO"), "") << "it names another text";
}

TEST(NormLink, leads_to_the_act_where_sections_have_no_address) {
    EXPECT_EQ(norm_link(some_law(), "Gebührensatzung, Tarif 3"), "https://city.example/fees.pdf");
}

TEST(NormLink, never_guesses) {
    const Law law = some_law();
    EXPECT_EQ(norm_link(law, "VwV-StVO zu § 45 Abschnitt X Nr. 7"), "") << "an administrative provision is another text than the act";
    EXPECT_EQ(norm_link(law, "VwVfG NRW § 35a"), "") << "the state's act is another than the federal one";
    EXPECT_EQ(norm_link(law, "SGB XII § 19"), "");
    EXPECT_EQ(norm_link(law, "Hundesteuersatzung § 2 Abs. 1"), "") << "the front page of a site is not the statute";
    EXPECT_EQ(norm_link(law, "Ziel der Stadt"), "");
}

}  // namespace
}  // namespace kiepe::catalogue
