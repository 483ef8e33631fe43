#include <gtest/gtest.h>

#include <random>

#include "casework/decider.h"
#include "casework/gate.h"
#include "casework/test_city.h"

namespace kiepe::casework {
namespace {

using feel::Value;
using test::city;

const catalogue::Package& parking() { return *city()->package("resident-parking"); }
Preparation prepared(const Application& application) { return prepare(parking(), city()->law(), city()->city(), application); }

std::vector<std::string> held(const Preparation& preparation) {
    std::vector<std::string> texts;
    for (const auto& reason : preparation.held_by) texts.push_back(reason.text());
    return texts;
}

TEST(Gate, opens_for_a_clear_case) {
    const auto preparation = prepared(test::parking_application());
    EXPECT_EQ(preparation.outcome, "grant");
    EXPECT_EQ(held(preparation), std::vector<std::string>{});
    EXPECT_TRUE(preparation.automatic);
}

TEST(Gate, needs_facts_as_sure_as_the_package_says) {
    auto application = test::parking_application();
    application.sure.erase("vehicle.plate");
    EXPECT_EQ(held(prepared(application)), std::vector<std::string>{"fact vehicle.plate is only stated"});
}

TEST(Gate, stops_for_a_remark) {
    auto application = test::parking_application();
    application.answers = application.answers.with("remark", test::text("Bitte rufen Sie mich an."));
    EXPECT_EQ(held(prepared(application)), std::vector<std::string>{"remark"});
}

TEST(Gate, stays_shut_before_the_city_had_a_provision) {
    auto application = test::parking_application();
    application.received = *parse_day("2025-03-03");
    application.answers = application.answers.with("start", Value::date(application.received));
    const auto preparation = prepared(application);
    EXPECT_EQ(preparation.outcome, "grant");
    EXPECT_EQ(held(preparation), std::vector<std::string>{"no rule allows it"});
}

TEST(Gate, holds_a_refusal_even_where_the_package_lists_it) {
    auto careless = parking();
    careless.service.automation->outcomes.push_back("refuse");
    auto application = test::parking_application();
    application.answers = application.answers.with("garage", Value::boolean(true)).with("garage_unusable", Value::boolean(false));
    const auto preparation = prepare(careless, city()->law(), city()->city(), application);
    EXPECT_EQ(preparation.outcome, "refuse");
    EXPECT_FALSE(preparation.automatic);
}

TEST(Gate, picks_the_same_cases_for_a_look_each_time) {
    int picked = 0;
    for (int i = 0; i < 2000; ++i) picked += in_spot_check("26-" + std::to_string(i), 5) ? 1 : 0;
    EXPECT_GT(picked, 60);
    EXPECT_LT(picked, 140);
    EXPECT_EQ(in_spot_check("26-000001-1", 5), in_spot_check("26-000001-1", 5));
    EXPECT_FALSE(in_spot_check("", 100));
}

TEST(Decider, decides_nothing_while_a_paper_is_missing) {
    auto application = test::parking_application();
    application.papers.clear();
    const auto preparation = prepared(application);
    EXPECT_EQ(preparation.outcome, "");
    EXPECT_EQ(preparation.missing, std::vector<std::string>{"paper registration"});
}

TEST(Decider, keeps_an_application_whole_on_its_way_through_json) {
    const auto application = test::parking_application();
    const auto again = application_from_json(to_json(application));
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(to_json(*again), to_json(application));
    EXPECT_EQ(to_json(prepared(*again)), to_json(prepared(application)));
}

TEST(Decider, explains_each_reason_with_its_norm_and_facts) {
    auto application = test::parking_application();
    application.answers = application.answers.with("vehicle.length", Value::number(*Decimal::parse("5.26")));
    const auto preparation = prepared(application);
    const auto lines = explain(parking(), preparation, application, "de");
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_NE(lines[0].text.find("5,26 Meter"), std::string::npos) << lines[0].text;
    EXPECT_FALSE(lines[0].norm.empty());
    ASSERT_EQ(lines[0].parts.size(), 1u);
    EXPECT_EQ(lines[0].parts[0].source, "said");
}

TEST(Level, of_one_member_of_the_household_is_more_specific_than_of_all) {
    const std::map<std::string, Level> sure = {{"persons.incomes", Level::stated}, {"persons[2].incomes", Level::checked}, {"home", Level::registered}};
    EXPECT_EQ(level_at(sure, "persons[1].incomes[1].amount"), Level::stated);
    EXPECT_EQ(level_at(sure, "persons[2].incomes[3].amount"), Level::checked);
    EXPECT_EQ(level_at(sure, "home.address"), Level::registered);
    EXPECT_EQ(level_at(sure, "homes"), Level::stated);
}

/// A random answer to a question: sometimes none, sometimes at the edge.
Value random_answer(const catalogue::Question& question, std::mt19937& random) {
    const auto pick = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
    if (pick(12) == 0) return {};
    switch (question.type) {
        case catalogue::QuestionType::yes_no:
        case catalogue::QuestionType::confirm: return Value::boolean(pick(2) == 0);
        case catalogue::QuestionType::choice:
            return Value::string(question.options[static_cast<std::size_t>(pick(static_cast<int>(question.options.size())))].first);
        case catalogue::QuestionType::number:
        case catalogue::QuestionType::money: return Value::number(std::int64_t{pick(30)});
        case catalogue::QuestionType::date:
        case catalogue::QuestionType::month: return Value::date(*parse_day("2025-06-01") + std::chrono::days(pick(900)));
        case catalogue::QuestionType::plate: return Value::string("MS-AB 1");
        case catalogue::QuestionType::iban: return Value::string("DE02120300000000202051");
        case catalogue::QuestionType::remark: return pick(4) == 0 ? Value::string("Etwas noch.") : Value();
        default: return Value::string("Muster");
    }
}

Application random_application(const catalogue::Package& package, std::mt19937& random) {
    Application application;
    application.received = *parse_day("2026-01-01") + std::chrono::days(static_cast<int>(random() % 600));
    application.answers = random() % 3 == 0 ? Value::context({}) : test::parking_application().answers;
    for (const auto& page : package.form.pages)
        for (const auto& question : page.questions) {
            if (question.kind != catalogue::Question::Kind::ask || question.type == catalogue::QuestionType::address) continue;
            const std::string prefix = page.add_list.empty() ? page.for_list : page.add_list;
            const std::string name = prefix.empty() ? question.name : prefix + "[1]." + question.name.substr(question.name.find('.') + 1);
            if (random() % 3 != 0) application.answers = application.answers.with(name, random_answer(question, random));
            constexpr Level levels[] = {Level::stated, Level::document, Level::checked, Level::registered};
            application.sure[name] = levels[random() % 4];
        }
    application.sure["home"] = random() % 2 == 0 ? Level::registered : Level::stated;
    for (const auto& need : package.form.needs)
        if (random() % 2 == 0) application.papers[need.name + (need.for_list.empty() ? "" : "/1")] = need.any_of.front();
    application.case_number = "26-" + std::to_string(random() % 100000);
    return application;
}

TEST(Property, no_automatic_decision_is_unfavourable_incomplete_or_without_its_legal_basis) {
    std::mt19937 random(20261124);
    int automatic = 0;
    for (const auto* package : city()->packages()) {
        if (!package->model) continue;
        for (int i = 0; i < 150; ++i) {
            const auto application = completed(*package, city()->law(), city()->city(), random_application(*package, random));
            const auto result = prepare(*package, city()->law(), city()->city(), application);
            EXPECT_EQ(to_json(result), to_json(prepare(*package, city()->law(), city()->city(), application)));
            if (!result.automatic) continue;
            ++automatic;
            const auto& automation = *package->service.automation;
            EXPECT_EQ(package->service.outcomes.at(result.outcome).effect, catalogue::OutcomeRule::Effect::favourable);
            EXPECT_TRUE(result.missing.empty() && result.looks.empty() && result.reasons.empty() && !result.evaluation.has_remark);
            EXPECT_FALSE(automation.norm.empty());
            if (automation.norm.find("SGB X") == std::string::npos) {
                EXPECT_EQ(result.context.at(automation.allowed_by).kind(), feel::Kind::string) << package->service.id;
            }
        }
    }
    RecordProperty("automatic", automatic);
}

}  // namespace
}  // namespace kiepe::casework
