#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "catalogue/test_fixture.h"

namespace kiepe::catalogue {
namespace {

using namespace test;
using feel::Value;

/// Somebody who fills in a form with whatever comes to mind, some of it wrong.
struct Visitor {
    std::mt19937 random;
    const Form& form;
    Surroundings surroundings;
    OneStreet street = {};
    Value answers = Value::context({});

    std::size_t dice(std::size_t sides) { return random() % sides; }

    void fill(const Asked& asked, std::multimap<std::string, std::string>& fields) {
        const std::string& path = asked.path;
        static const std::vector<std::string> rubbish{"", "?", "31.02.2026", "-1", "{{ x }}", "\xFF", "12,345"};
        if (dice(6) == 0) {
            fields.emplace(path, rubbish[dice(rubbish.size())]);
            return;
        }
        switch (asked.question->type) {
            case QuestionType::yes_no: fields.emplace(path, dice(2) ? "yes" : "no"); break;
            case QuestionType::choice: fields.emplace(path, asked.question->options[dice(asked.question->options.size())].first); break;
            case QuestionType::number:
            case QuestionType::money: fields.emplace(path, std::to_string(dice(2000))); break;
            case QuestionType::date:
                fields.emplace(path + "-day", std::to_string(1 + dice(31)));
                fields.emplace(path + "-month", std::to_string(1 + dice(12)));
                fields.emplace(path + "-year", std::to_string(1990 + dice(37)));
                break;
            case QuestionType::address:
                fields.emplace(path + "-street", dice(2) ? "Kanalstraße" : "Nirgendweg");
                fields.emplace(path + "-number", "12");
                fields.emplace(path + "-postcode", "48147");
                fields.emplace(path + "-place", "Münster");
                break;
            default: fields.emplace(path, "Wort " + std::to_string(dice(100)));
        }
    }

    void post(const Evaluation& evaluation, const Step& step) {
        std::multimap<std::string, std::string> fields;
        for (const auto& asked : form.asked_on(step, evaluation.context)) fill(asked, fields);
        if (step.kind == Step::Kind::entries && dice(3) == 0) fields.emplace(dice(2) ? "add" : "remove", "1");
        const Posted posted = form.parse(step, evaluation, answers, surroundings, fields, "de", street);
        for (const auto& [path, value] : posted.values) answers = answers.with(path, value);
    }
};

/// Property: on every way through the form a path is missing exactly when its value is null and it is required; hidden answers are
/// null; and what was completed once stays as it is.
TEST(FormRandom, missing_and_context_agree_on_every_way_through_the_form) {
    Dogs dogs;
    int steps = 0;
    for (unsigned seed = 0; seed < 40; ++seed) {
        Visitor visitor{std::mt19937(seed), dogs.form(), around(dogs.law)};
        for (int i = 0; i < 20; ++i, ++steps) {
            const Evaluation e = dogs.form().evaluate(visitor.answers, visitor.surroundings);
            ASSERT_FALSE(e.steps.empty());
            for (const auto& asked : e.visible) {
                const bool open = e.context.at(asked.path).is_null();
                const bool missing = std::find(e.missing.begin(), e.missing.end(), asked.path) != e.missing.end();
                EXPECT_EQ(missing, open && !asked.question->optional) << asked.path;
                EXPECT_EQ(dogs.form().question_at(asked.path), asked.question);
            }
            if (!e.context.get("many").is_true()) { EXPECT_TRUE(e.context.get("why").is_null()); }
            const Value whole = dogs.form().completed(visitor.answers, visitor.surroundings, &visitor.street, true);
            EXPECT_EQ(dogs.form().completed(whole, visitor.surroundings, &visitor.street, true), whole);
            visitor.post(e, e.steps[visitor.dice(e.steps.size())]);
        }
    }
    EXPECT_EQ(steps, 40 * 20);
}

}  // namespace
}  // namespace kiepe::catalogue
