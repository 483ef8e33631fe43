#include <gtest/gtest.h>

#include "casework/case_support.h"
#include "casework/cases.h"
#include "casework/test_city.h"
#include "casework/why.h"

namespace kiepe::casework {
namespace {

class CasesWhy : public store::OnBothEngines {
protected:
    void SetUp() override {
        OnBothEngines::SetUp();
        if (!IsSkipped()) office = std::make_unique<test::Office>(database());
    }
    void TearDown() override { office.reset(); }
    Case the_case(const Receipt& receipt) { return office->cases->by_token(receipt.case_token, "demo:jana-beispiel").value(); }

    std::unique_ptr<test::Office> office;
};

TEST(AnswerLabel, names_several_answers_at_once_by_the_page_that_asks_for_them) {
    const auto* housing = test::city()->package("housing-benefit");
    ASSERT_TRUE(housing);
    EXPECT_EQ(answer_label(*housing, {}, "persons.incomes", "de"), "Einkommen");
    EXPECT_EQ(answer_label(*housing, {}, "rent", "de"), "Ihre Miete");
    EXPECT_EQ(answer_label(*housing, {}, "nothing.of.it", "de"), "nothing.of.it");
}

TEST_P(CasesWhy, explains_a_decided_case_as_it_was_decided) {
    const Case c = the_case(office->submit(office->parking_draft()));
    const auto considered = office->cases->considered(c);
    ASSERT_TRUE(considered);
    EXPECT_TRUE(considered->decided);
    EXPECT_EQ(considered->outcome, "grant");
    EXPECT_EQ(considered->preparation.outcome, "grant");
    EXPECT_EQ(considered->preparation.package_hash, considered->package->hash);
    EXPECT_EQ(considered->preparation.law_hash, considered->law->hash(considered->package->service.acts));
    const auto told = why(*considered->package, *considered->law, considered->preparation, considered->application, "de");
    EXPECT_TRUE(told.reasons.empty());
    EXPECT_FALSE(told.steps.empty());
}

TEST_P(CasesWhy, says_what_a_person_decided_beside_what_the_rules_proposed) {
    const auto receipt = office->submit(office->parking_draft([](Draft& draft) { draft.answers = draft.answers.with("remark", test::text("Bitte lesen.")); }));
    const Case before = the_case(receipt);
    const auto open = office->cases->considered(before);
    ASSERT_TRUE(open);
    EXPECT_FALSE(open->decided) << "nothing has been decided yet";
    EXPECT_EQ(open->preparation.outcome, "grant");
    ASSERT_TRUE(office->cases->decide(before.id, before.version, office->clerk, "refuse", "").ok());
    const auto after = office->cases->considered(the_case(receipt));
    ASSERT_TRUE(after);
    EXPECT_TRUE(after->decided);
    EXPECT_EQ(after->outcome, "refuse");
    EXPECT_EQ(after->preparation.outcome, "grant") << "the rules still say what they said";
}

INSTANTIATE_TEST_SUITE_P(Engines, CasesWhy, testing::ValuesIn(store::kEngines));

}  // namespace
}  // namespace kiepe::casework
