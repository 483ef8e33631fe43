#include "casework/what_if.h"

#include <gtest/gtest.h>

#include <random>

#include "base/text.h"
#include "casework/example_reader.h"
#include "casework/test_city.h"

namespace kiepe::casework {
namespace {

using feel::Value;
using test::city;
using Direction = ChangedAnswer::Direction;

const catalogue::Package& package_of(const char* service) { return *city()->package(service); }

Preparation prepared(const catalogue::Package& package, const Application& application) {
    return prepare(package, city()->law(), city()->city(), application);
}

WhatIf searched(const catalogue::Package& package, const Application& application, const WhatIfLimits& limits = {}) {
    return what_if(package, city()->law(), city()->city(), application, prepared(package, application), limits);
}

Application with(Application application, const std::string& path, Value value) {
    application.answers = application.answers.with(path, std::move(value));
    return application;
}

Value money(const char* text) { return Value::number(*Decimal::parse(text)); }

/// An example of the package, filled up as the form would.
Application example(const catalogue::Package& package, const std::string& name) {
    std::vector<catalogue::Finding> findings;
    for (const auto& known : read_examples(package, findings).examples)
        if (known.name == name) return completed(package, city()->law(), city()->city(), known.application);
    throw std::runtime_error("no example " + name);
}

bool favourable(const catalogue::Package& package, const Preparation& preparation) {
    const auto rule = package.service.outcomes.find(preparation.outcome);
    return rule != package.service.outcomes.end() && rule->second.effect == catalogue::OutcomeRule::Effect::favourable;
}

const Way* way_about(const WhatIf& found, const std::string& path) {
    for (const auto& way : found.ways)
        if (way.changes.size() == 1 && way.changes[0].path == path) return &way;
    return nullptr;
}

std::string plain(std::string text) { return replace_all(std::move(text), "\u00a0", " "); }

TEST(WhatIf, finds_the_income_up_to_which_there_is_housing_benefit) {
    const auto& package = package_of("housing-benefit");
    const auto application = example(package, "income too high");
    const auto found = searched(package, application);
    ASSERT_FALSE(found.ways.empty());
    const auto& way = found.ways.front();
    EXPECT_EQ(way.changes[0].path, "persons[1].incomes[1].amount");
    EXPECT_TRUE(way.rests_on);
    EXPECT_TRUE(found.whole);
    const Value nearest = way.changes[0].nearest;
    EXPECT_TRUE(favourable(package, prepared(package, with(application, way.changes[0].path, nearest)))) << nearest.text();
    const auto above = add(nearest.as_number(), *Decimal::parse("0.01"));
    EXPECT_FALSE(favourable(package, prepared(package, with(application, way.changes[0].path, Value::number(*above)))));
}

TEST(WhatIf, says_in_words_which_answer_of_whom_and_up_to_where) {
    const auto& package = package_of("housing-benefit");
    const auto application = example(package, "income too high");
    const auto found = searched(package, application);
    ASSERT_FALSE(found.ways.empty());
    const auto said = say_way(package, prepared(package, application), found.ways.front(), "de");
    EXPECT_EQ(said.changes[0].label, "Wie hoch ist es, vor allen Abzügen?");
    EXPECT_EQ(said.changes[0].about, "Inge Muster, Rente");
    EXPECT_EQ(plain(said.changes[0].now), "2.400,00 Euro");
    EXPECT_NE(plain(said.sentence).find("Euro könnten wir dem Antrag zustimmen (jetzt: 2.400,00 Euro)."), std::string::npos) << said.sentence;
    const auto english = say_way(package, prepared(package, application), found.ways.front(), "en");
    EXPECT_NE(plain(english.sentence).find("we could agree to the application (now: €2,400.00)."), std::string::npos) << english.sentence;
}

/// A household of one to five with made-up rents and incomes, of which somebody earns too much.
Application household(std::mt19937& random) {
    const auto& package = package_of("housing-benefit");
    auto application = example(package, "single person with a pension, 2025");
    const auto pick = [&](int least, int most) { return least + static_cast<int>(random() % static_cast<unsigned>(most - least + 1)); };
    const int persons = pick(1, 3);
    for (int i = 1; i <= persons; ++i) {
        const std::string person = "persons[" + std::to_string(i) + "]";
        application.answers = application.answers.with(person, application.answers.at("persons[1]"));
        if (i > 1) application.answers = application.answers.with(person + ".relation", test::text("other"));
        application.answers = application.answers.with(person + ".incomes[1].amount", Value::number(*divide(Decimal(pick(60'000, 260'000)), Decimal(100))))
                                  .with(person + ".pays_tax", Value::boolean(pick(0, 1) == 1));
        application.papers["income_proof/" + std::to_string(i)] = "pension_notice";
    }
    application.answers = application.answers.with("rent.base", Value::number(std::int64_t{pick(300, 1200)}));
    return application;
}

/// Every change is a border: its value does, one step of the grid nearer to the present answer does not.
void expect_borders(const catalogue::Package& package, const Application& application, const WhatIf& found, int& borders) {
    for (const auto& way : found.ways) {
        const auto& change = way.changes[0];
        if (way.changes.size() > 1 || way.effect != Way::Effect::favourable) continue;
        EXPECT_TRUE(favourable(package, prepared(package, with(application, change.path, change.nearest)))) << change.path;
        const auto* question = package.form.question_at(change.path);
        if (!change.nearest.is_number() || !change.now.is_number()) continue;
        const bool below = compare(change.nearest.as_number(), change.now.as_number()) < 0;
        const Decimal step = *divide(Decimal(below ? 1 : -1), Decimal(question->digits == 2 ? 100 : 1));
        const Value nearer = Value::number(*add(change.nearest.as_number(), step));
        EXPECT_FALSE(favourable(package, prepared(package, with(application, change.path, nearer)))) << change.path << " " << nearer.text();
        if (change.direction == Direction::between) {
            EXPECT_TRUE(favourable(package, prepared(package, with(application, change.path, change.furthest))));
        }
        ++borders;
    }
}

TEST(WhatIf, finds_exact_borders_for_made_up_households) {
    const auto& package = package_of("housing-benefit");
    std::mt19937 random(20261124);
    int borders = 0, refused = 0, evaluations = 0;
    for (int i = 0; i < 40; ++i) {
        const auto application = household(random);
        if (prepared(package, application).outcome != "refuse") continue;
        const auto found = searched(package, application);
        ++refused;
        evaluations += found.evaluations;
        expect_borders(package, application, found, borders);
        EXPECT_EQ(searched(package, application).ways, found.ways);
    }
    EXPECT_GT(refused, 15);
    EXPECT_GT(borders, 15);
    RecordProperty("refused", refused);
    RecordProperty("borders", borders);
    RecordProperty("evaluations_each", evaluations / std::max(refused, 1));
}

TEST(WhatIf, never_touches_who_somebody_is_and_proposes_nothing_that_the_form_refuses) {
    std::mt19937 random(7);
    for (int i = 0; i < 20; ++i) {
        const auto& package = package_of("housing-benefit");
        const auto application = household(random);
        for (const auto& way : searched(package, application).ways) {
            Application changed = application;
            for (const auto& change : way.changes) {
                const auto* question = package.form.question_at(change.path);
                ASSERT_NE(question, nullptr);
                EXPECT_TRUE(question->protected_attribute.empty()) << change.path;
                EXPECT_FALSE(question->fixed) << change.path;
                EXPECT_NE(question->from_profile, "birth_date");
                changed = with(changed, change.path, change.nearest);
            }
            const auto after = prepared(package, changed);
            EXPECT_TRUE(after.missing_answers.empty() && after.failed.empty()) << way.changes[0].path;
        }
    }
}

TEST(WhatIf, leaves_a_protected_answer_alone_even_where_it_would_decide) {
    auto package = package_of("resident-parking");
    for (auto& page : package.form.pages)
        for (auto& question : page.questions)
            if (question.name == "garage") question.protected_attribute = "disability";
    auto application = with(with(test::parking_application(), "garage", Value::boolean(true)), "garage_unusable", Value::boolean(false));
    EXPECT_EQ(prepared(package, application).reasons, std::vector<std::string>{"has_garage"});
    EXPECT_EQ(way_about(searched(package, application), "garage"), nullptr);
    EXPECT_NE(way_about(searched(package_of("resident-parking"), application), "garage"), nullptr);
}

TEST(WhatIf, gives_the_longest_vehicle_on_the_forms_grid) {
    const auto& package = package_of("resident-parking");
    const auto application = with(test::parking_application(), "vehicle.length", money("6.1"));
    const auto found = searched(package, application);
    ASSERT_EQ(found.ways.size(), 1u);
    EXPECT_EQ(found.ways[0].changes[0].direction, Direction::at_most);
    EXPECT_EQ(found.ways[0].changes[0].nearest, money("5.25"));
    EXPECT_EQ(say_way(package, prepared(package, application), found.ways[0], "de").changes[0].about, "Ihr Fahrzeug");
    EXPECT_EQ(plain(say_way(package, prepared(package, application), found.ways[0], "de").sentence),
              "Bis 5,25 Meter könnten wir dem Antrag zustimmen (jetzt: 6,1 Meter).");
}

TEST(WhatIf, is_not_for_a_role_that_may_not_see_the_answer) {
    const auto& package = package_of("housing-benefit");
    const auto found = searched(package, example(package, "income too high"));
    ASSERT_FALSE(found.ways.empty());
    const identity::Staff clerk{"a", "A", "o", {"case_workers"}, ""}, stranger{"b", "B", "o", {}, ""};
    const auto open_to = [&](const identity::Staff& who) {
        return may_be_shown(package, found.ways[0], [&](const std::string& category) { return may_see(package.service, category, who); });
    };
    EXPECT_TRUE(open_to(clerk));
    EXPECT_FALSE(open_to(stranger));
}

TEST(WhatIf, names_every_choice_that_would_do) {
    const auto& package = package_of("resident-parking");
    const auto application = with(test::parking_application(), "vehicle.kind", test::text("van"));
    const auto found = searched(package, application);
    const auto* way = way_about(found, "vehicle.kind");
    ASSERT_NE(way, nullptr);
    EXPECT_EQ(say_way(package, prepared(package, application), *way, "de").sentence,
              "Mit der Antwort „Auto“, „Wohnmobil“ oder „Motorrad“ könnten wir dem Antrag zustimmen (jetzt: „Transporter oder Lastwagen“).");
}

TEST(WhatIf, prefers_what_is_favourable_to_what_only_a_person_would_look_at) {
    const auto& package = package_of("resident-parking");
    const auto application = with(test::parking_application(), "vehicle.keeper", test::text("nobody"));
    const auto found = searched(package, application);
    const auto* way = way_about(found, "vehicle.keeper");
    ASSERT_NE(way, nullptr);
    EXPECT_EQ(way->changes[0].options, std::vector<Value>{test::text("me")});
}

TEST(WhatIf, asks_for_no_answer_that_would_make_the_form_ask_more) {
    // "family" would need the keeper's name as well, so it is no single change.
    const auto& package = package_of("resident-parking");
    auto application = with(test::parking_application(), "vehicle.keeper", test::text("nobody"));
    for (const auto& way : searched(package, application).ways)
        for (const auto& option : way.changes[0].options) EXPECT_NE(option, test::text("family"));
}

TEST(WhatIf, puts_one_change_for_each_reason_together_where_no_single_one_helps) {
    const auto& package = package_of("resident-parking");
    auto application = with(test::parking_application(), "vehicle.length", money("5.4"));
    application = with(with(application, "garage", Value::boolean(true)), "garage_unusable", Value::boolean(false));
    const auto found = searched(package, application);
    ASSERT_EQ(found.ways.size(), 1u);
    ASSERT_EQ(found.ways[0].changes.size(), 2u);
    Application changed = application;
    for (const auto& change : found.ways[0].changes) changed = with(changed, change.path, change.nearest);
    EXPECT_EQ(prepared(package, changed).outcome, "grant");
    EXPECT_EQ(say_way(package, prepared(package, application), found.ways[0], "de").sentence,
              "Wenn das alles zusammen so wäre, könnten wir dem Antrag zustimmen.");
}

TEST(WhatIf, says_nothing_where_the_decision_is_not_against_anybody) {
    EXPECT_TRUE(searched(package_of("resident-parking"), test::parking_application()).ways.empty());
    EXPECT_EQ(searched(package_of("resident-parking"), test::parking_application()).evaluations, 0);
}

TEST(WhatIf, keeps_to_its_limit_and_says_so) {
    const auto& package = package_of("housing-benefit");
    const auto application = example(package, "income too high");
    for (const int limit : {1, 5, 20, 60}) {
        const auto found = searched(package, application, {.evaluations = limit, .ways = 8});
        EXPECT_LE(found.evaluations, limit + int(found.ways.size()) + 1);
        EXPECT_FALSE(found.whole);
        int borders = 0;
        expect_borders(package, application, found, borders);
    }
}

TEST(WhatIf, tells_during_the_pre_check_what_would_take_a_standing_reason_away) {
    const auto& package = package_of("resident-parking");
    Application application;
    application.received = *parse_day("2026-11-24");
    application.answers = test::parking_answers().without("applicant").with("vehicle.length", money("7"));
    const auto standing = pre_check(package, city()->law(), city()->city(), application);
    ASSERT_EQ(standing.reasons, std::vector<std::string>{"too_long"});
    const auto found = what_if(package, city()->law(), city()->city(), application, standing);
    ASSERT_FALSE(found.ways.empty());
    EXPECT_EQ(found.ways[0].effect, Way::Effect::nothing_against);
    EXPECT_EQ(found.ways[0].changes[0].nearest, money("5.25"));
}

TEST(WhatIf, stands_in_the_letter_of_refusal_in_both_languages) {
    const auto& package = package_of("housing-benefit");
    const auto application = example(package, "income too high");
    const auto preparation = prepared(package, application);
    LetterFacts facts;
    facts.office = &city()->city().office_of("housing-benefit");
    const std::pair<const char*, const char*> said[] = {{"de", "Zur Frage „Wie hoch ist es, vor allen Abzügen?“ (Inge Muster, Rente)"},
                                                        {"en", "we could agree to the application"}};
    for (const auto& [language, words] : said) {
        const auto letter = render_letter(package, city()->city(), city()->law(), "letters/refusal.md", language, application, preparation, facts);
        EXPECT_TRUE(letter.problems.empty()) << (letter.problems.empty() ? "" : letter.problems[0]);
        EXPECT_NE(documents::to_text(letter.blocks).find(words), std::string::npos) << documents::to_text(letter.blocks);
    }
}

}  // namespace
}  // namespace kiepe::casework
