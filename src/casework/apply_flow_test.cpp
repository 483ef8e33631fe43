#include "casework/apply_flow.h"

#include <gtest/gtest.h>

namespace kiepe::casework {
namespace {

feel::Value person(const char* name) { return feel::Value::context({{"name", feel::Value::string(name)}}); }

/// A household of three; pages and papers that come once for each person; incomes inside of them.
struct Household : testing::Test {
    catalogue::Form form;
    Draft draft;
    catalogue::Step list;

    Household() {
        catalogue::Page persons, situation;
        persons.id = "persons", persons.add_list = "persons", persons.add_variable = "person";
        situation.id = "situation", situation.for_list = "persons", situation.for_variable = "person";
        form.pages = {persons, situation};
        catalogue::Need proof;
        proof.name = "income_proof", proof.for_list = "persons", proof.for_variable = "person";
        form.needs = {proof};
        list.kind = catalogue::Step::Kind::entries, list.page = &form.pages[0], list.key = "persons";
        draft.answers = feel::Value::context({{"persons", feel::Value::list({person("Ada"), person("Bo"), person("Cy")})}});
        for (int i = 1; i <= 3; ++i) {
            DraftFile file;
            file.attachment = i, file.need = "income_proof/" + std::to_string(i);
            draft.files.push_back(file);
        }
        draft.sure = {{"persons[1].name", Level::registered}, {"persons[3].name", Level::registered}};
        draft.seen = {"persons/1", "persons/2", "persons/3", "persons", "situation/2.person-job", "situation/3.person-job", "paper/income_proof/3"};
    }
};

TEST_F(Household, a_person_who_goes_takes_her_files_and_nothing_else_along) {
    const auto gone = remove_entry(draft, form, list, 2);
    ASSERT_EQ(gone.size(), 1u);
    EXPECT_EQ(gone[0].attachment, 2);
    ASSERT_EQ(draft.files.size(), 2u);
    EXPECT_EQ(draft.files[1].attachment, 3);
    EXPECT_EQ(draft.files[1].need, "income_proof/2");
    EXPECT_EQ(draft.answers.at("persons[2].name").as_string(), "Cy");
}

TEST_F(Household, what_is_known_of_later_persons_moves_up) {
    remove_entry(draft, form, list, 2);
    EXPECT_TRUE(draft.sure.contains("persons[1].name"));
    EXPECT_TRUE(draft.sure.contains("persons[2].name"));
    EXPECT_FALSE(draft.sure.contains("persons[3].name"));
    const std::vector<std::string> seen{"persons/1", "persons/2", "persons", "situation/2.person-job", "paper/income_proof/2"};
    EXPECT_EQ(draft.seen, seen);
}

TEST(EntryPath, a_list_inside_a_list_belongs_to_its_person) {
    catalogue::Page incomes;
    incomes.for_variable = "person", incomes.for_list = "persons", incomes.add_list = "person.incomes", incomes.add_variable = "income";
    EXPECT_EQ(list_path(incomes, {2}), "persons[2].incomes");
    EXPECT_EQ(entry_path(incomes, {2, 3}), "persons[2].incomes[3]");
}

}  // namespace
}  // namespace kiepe::casework
