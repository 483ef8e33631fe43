#include "search/search.h"

#include <gtest/gtest.h>

namespace kiepe::search {
namespace {

Index german() {
    return Index("de", {{"housing-benefit", {{"Wohngeld", 5, true}, {"Mietzuschuss", 4, true}, {"Miete zu hoch", 4, true},
                                             {"Zuschuss zur Miete für Menschen mit wenig Einkommen.", 2}}},
                        {"resident-parking", {{"Bewohnerparkausweis", 5, true}, {"Anwohnerparken", 4, true}, {"Parkausweis", 4, true},
                                              {"Mit dem Ausweis parken Sie in Ihrem Wohngebiet.", 2}, {"Ich ziehe um", 3}}},
                        {"dog-tax", {{"Hundesteuer anmelden", 5, true}, {"Hund anmelden", 4, true}, {"Wer einen Hund hält, zahlt Steuer.", 2}}},
                        {"bulky-waste", {{"Sperrmüll abholen", 5, true}, {"Alte Möbel und Geräte holen wir ab.", 2}}},
                        {"certificate", {{"Meldebescheinigung", 5, true}, {"Ummelden", 4, true}, {"Ich ziehe um", 3}}}});
}

std::string first(const Index& index, const char* words) {
    const auto found = index.find(words, 5);
    return found.empty() ? "" : found.front().id;
}

TEST(Search, finds_by_name_and_by_synonym) {
    EXPECT_EQ(first(german(), "Wohngeld"), "housing-benefit");
    EXPECT_EQ(first(german(), "parkausweis"), "resident-parking");
    EXPECT_EQ(first(german(), "hund anmelden"), "dog-tax");
    EXPECT_EQ(first(german(), "Meine Miete ist zu hoch!"), "housing-benefit");
}

TEST(Search, forgives_what_people_mistype) {
    EXPECT_EQ(first(german(), "Wohngelt"), "housing-benefit");
    EXPECT_EQ(first(german(), "Parkausweiß"), "resident-parking");
    EXPECT_EQ(first(german(), "Hundestuer"), "dog-tax");
    EXPECT_EQ(first(german(), "Sperrmuell"), "bulky-waste");
    EXPECT_EQ(first(german(), "sperrmull"), "bulky-waste");
}

TEST(Search, knows_parts_of_compounds) {
    EXPECT_EQ(first(german(), "Hunde"), "dog-tax");
    EXPECT_EQ(first(german(), "Zuschuss"), "housing-benefit");
}

TEST(Search, reads_whole_sentences) {
    const auto found = german().find("Ich ziehe um", 5);
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[0].why, "Ich ziehe um");
}

TEST(Search, stems_in_the_language_of_the_page) {
    const Index english("en", {{"housing-benefit", {{"Housing benefit", 5, true}, {"rent too high", 4, true}}},
                               {"dog-tax", {{"Dog tax", 5, true}, {"register a dog", 4, true}}}});
    EXPECT_EQ(first(english, "my rent is too high"), "housing-benefit");
    EXPECT_EQ(first(english, "registering dogs"), "dog-tax");
}

TEST(Search, gives_nothing_for_what_it_does_not_know) {
    EXPECT_TRUE(german().find("xylophon", 5).empty());
    EXPECT_TRUE(german().find("", 5).empty());
    EXPECT_TRUE(german().find("?!", 5).empty());
}

}  // namespace
}  // namespace kiepe::search
