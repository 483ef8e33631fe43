#include <gtest/gtest.h>

#include "base/text.h"
#include "casework/examples.h"
#include "casework/letters.h"
#include "casework/test_city.h"

namespace kiepe::casework {
namespace {

using test::city;

Rendered grant(const Application& application, std::string_view language) {
    const auto& package = *city()->package("resident-parking");
    const auto preparation = prepare(package, city()->law(), city()->city(), application);
    LetterFacts facts;
    facts.case_number = "26-000001-1";
    facts.office = &city()->city().office_of("resident-parking");
    facts.automatic = preparation.automatic;
    return render_letter(package, city()->city(), city()->law(), "letters/grant.md", language, application, preparation, facts);
}

std::string joined(const std::vector<std::string>& problems) {
    std::string text;
    for (const auto& problem : problems) text += problem + "; ";
    return text;
}

TEST(Letter, prints_values_by_their_type_and_tells_that_a_machine_decided) {
    const auto letter = grant(test::parking_application(), "de");
    EXPECT_EQ(joined(letter.problems), "");
    const std::string text = replace_all(documents::to_text(letter.blocks), "\u00a0", " ");
    EXPECT_NE(text.find("24.11.2026 bis 23.11.2027"), std::string::npos) << text;
    EXPECT_NE(text.find("260,00 Euro"), std::string::npos) << text;
    EXPECT_NE(text.find("ganz von einer Maschine"), std::string::npos) << text;
    EXPECT_NE(text.find("Klage beim Verwaltungsgericht"), std::string::npos) << text;
}

TEST(Letter, prints_what_a_person_typed_as_typed) {
    auto application = test::parking_application();
    const std::string hostile = "#panic(\"x\") **fett** {{ fee }}";
    application.answers = application.answers.with("vehicle.plate", test::text(hostile));
    const auto& package = *city()->package("resident-parking");
    auto preparation = prepare(package, city()->law(), city()->city(), application);
    preparation.context = preparation.context.with("vehicle.plate", test::text(hostile));
    LetterFacts facts;
    facts.office = &city()->city().office_of("resident-parking");
    const auto letter = render_letter(package, city()->city(), city()->law(), "letters/grant.md", "de", application, preparation, facts);
    bool seen = false;
    for (const auto& block : letter.blocks)
        for (const auto& item : block.items)
            for (const auto& run : item)
                if (run.text.find(hostile) != std::string::npos) {
                    seen = true;
                    EXPECT_FALSE(run.bold);
                }
    EXPECT_TRUE(seen);
}

TEST(Letter, speaks_english) {
    const auto letter = grant(test::parking_application(), "en");
    const std::string text = documents::to_text(letter.blocks);
    EXPECT_NE(text.find("Number plate: MS-JB 123"), std::string::npos) << text;
}

TEST(Letter, goes_to_the_clerks_editor_and_back) {
    const auto letter = grant(test::parking_application(), "de");
    const auto again = documents::parse_markdown(to_editable(letter.blocks));
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(documents::to_text(*again), documents::to_text(letter.blocks));
}

TEST(Examples, of_all_packages_come_out_as_they_say) {
    for (const auto* package : city()->packages()) {
        const auto result = run_examples(*package, *city());
        for (const auto& finding : result.findings) {
            std::string args;
            for (const auto& [name, value] : finding.args) args += name + "=" + value + " ";
            ADD_FAILURE() << finding.file << ":" << finding.line << " " << finding.code << " " << args;
        }
        EXPECT_EQ(result.failed, 0);
    }
}

TEST(Examples, decide_a_line_of_json_each_and_name_broken_lines) {
    const auto& package = *city()->package("resident-parking");
    std::istringstream in("{\"received\":\"2026-03-02\",\"answers\":{}}\nnonsense\n");
    std::ostringstream out;
    EXPECT_EQ(decide_lines(package, *city(), in, out), 1);
    EXPECT_NE(out.str().find("\"outcome\":null"), std::string::npos) << out.str();
    EXPECT_NE(out.str().find("\"line\":2"), std::string::npos) << out.str();
}

}  // namespace
}  // namespace kiepe::casework
