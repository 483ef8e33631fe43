#include "casework/read_papers.h"

#include <gtest/gtest.h>

namespace kiepe::casework {
namespace {

catalogue::Question metres() {
    catalogue::Question question;
    question.unit = "metre";
    question.digits = 2;
    return question;
}

feel::Value number(std::string_view digits) { return feel::Value::number(*Decimal::parse(digits)); }

TEST(ReadPapers, a_plate_is_found_however_it_is_spaced) {
    const catalogue::Question plate;
    EXPECT_TRUE(stands_in("Zulassungsbescheinigung\nA  MS - AB 123\n", feel::Value::string("MS-AB 123"), plate));
    EXPECT_TRUE(stands_in("msab123", feel::Value::string("MS-AB 123"), plate));
    EXPECT_FALSE(stands_in("MS-AB 124", feel::Value::string("MS-AB 123"), plate));
    EXPECT_FALSE(stands_in("MS-AB 1234", feel::Value::string("MS-AB 123"), plate)) << "another car";
    EXPECT_TRUE(stands_in("MS-AB 1234, MS-AB 123 4567", feel::Value::string("MS-AB 123"), plate));
    EXPECT_FALSE(stands_in("", feel::Value::string("MS-AB 123"), plate));
    EXPECT_FALSE(stands_in("anything", feel::Value::string(""), plate));
}

TEST(ReadPapers, a_length_may_stand_there_in_millimetres) {
    EXPECT_TRUE(stands_in("18 4567 19 1799", number("4.57"), metres()));
    EXPECT_TRUE(stands_in("4,28 m", number("4.28"), metres()));
    EXPECT_FALSE(stands_in("18 5260", number("4.28"), metres()));
    EXPECT_FALSE(stands_in("428", number("4.28"), metres()));
}

TEST(ReadPapers, a_paper_that_says_something_else_proves_nothing) {
    catalogue::Form form;
    catalogue::Page page;
    catalogue::Question plate;
    plate.name = plate.path = "vehicle.plate";
    page.questions.push_back(plate);
    form.pages.push_back(page);
    catalogue::Paper paper;
    const auto answers = feel::Value().with("vehicle.plate", feel::Value::string("MS-AB 123"));
    EXPECT_TRUE(confirmed_by(form, paper, "", answers));
    paper.reads = {"vehicle.plate"};
    EXPECT_TRUE(confirmed_by(form, paper, "Kennzeichen MS-AB 123", answers));
    EXPECT_FALSE(confirmed_by(form, paper, "Kennzeichen MS-CD 9", answers));
}

}  // namespace
}  // namespace kiepe::casework
