#include "casework/why.h"

#include <gtest/gtest.h>

#include "casework/example_reader.h"
#include "casework/test_city.h"
#include "casework/value_words.h"

namespace kiepe::casework {
namespace {

/// An application of the package's own examples.
struct Example {
    const catalogue::Package& package;
    Application application;
    Preparation preparation;
    Why told;

    Example(const std::string& service, const std::string& name, std::string_view language = "de")
        : package(*test::city()->package(service)), application(read(name)),
          preparation(prepare(package, test::city()->law(), test::city()->city(), application)),
          told(why(package, test::city()->law(), preparation, application, language)) {}

    Application read(const std::string& name) const {
        std::vector<catalogue::Finding> findings;
        for (const auto& example : read_examples(package, findings).examples)
            if (example.name == name) return completed(package, test::city()->law(), test::city()->city(), example.application);
        throw std::runtime_error("no example " + name);
    }
};

const WhyLine* find(const std::vector<WhyLine>& lines, const std::string& code) {
    for (const auto& line : lines) {
        if (line.code == code && !line.again) return &line;
        if (const auto* below = find(line.parts, code)) return below;
    }
    return nullptr;
}

bool rests_on(const WhyLine& line, const std::string& path) {
    return std::any_of(line.facts.begin(), line.facts.end(), [&](const auto& fact) { return fact.path == path; });
}

const WhyParameter* parameter(const WhyLine& line, const std::string& name) {
    for (const auto& one : line.parameters)
        if (one.name == name) return &one;
    return nullptr;
}

TEST(Why, goes_from_the_benefit_down_to_rent_income_and_persons) {
    const Example example("housing-benefit", "single person with a pension, 2025");
    ASSERT_EQ(example.preparation.outcome, "grant");
    ASSERT_EQ(example.told.steps.size(), 1u) << "one result, everything else below it";
    const auto& benefit = example.told.steps.front();
    EXPECT_EQ(benefit.code, "benefit");
    EXPECT_NE(benefit.text.find("277"), std::string::npos) << benefit.text;
    EXPECT_EQ(benefit.link, "https://www.gesetze-im-internet.de/wogg/__19.html");
    const auto* gross = find(benefit.parts, "rent_gross");
    ASSERT_NE(gross, nullptr);
    EXPECT_TRUE(rests_on(*gross, "rent.base"));
    EXPECT_TRUE(rests_on(*gross, "rent.operating"));
    EXPECT_FALSE(rests_on(*gross, "home.kind"));
    const auto* income = find(benefit.parts, "income_total_year");
    ASSERT_NE(income, nullptr);
    EXPECT_TRUE(rests_on(*income, "persons[1].incomes[1].amount"));
    EXPECT_FALSE(rests_on(*income, "persons[1].first_name")) << "a name decides nothing";
}

TEST(Why, names_the_amounts_of_the_law_that_were_used_with_their_day_and_source) {
    const Example example("housing-benefit", "single person with a pension, 2025");
    const auto* income = find(example.told.steps, "income_total_year");
    ASSERT_NE(income, nullptr);
    const auto* pension = parameter(*income, "pension_expenses");
    ASSERT_NE(pension, nullptr) << "through two knowledge models";
    EXPECT_EQ(pension->value, "102,00\u00a0Euro im Jahr");
    EXPECT_FALSE(pension->published.empty());
    EXPECT_EQ(parameter(*income, "work_expenses"), nullptr) << "nobody here has wages";
    const auto* month = find(example.told.steps, "income_month");
    ASSERT_NE(month, nullptr);
    const auto* least = parameter(*month, "least_income");
    ASSERT_NE(least, nullptr);
    EXPECT_EQ(least->value, "396,00\u00a0Euro im Monat") << "the entry for one person, not the table";
    EXPECT_EQ(least->since, *parse_day("2025-01-01"));
    EXPECT_EQ(least->published, "BGBl. 2024 I Nr. 314");
}

TEST(Why, gives_each_reason_with_what_to_do_and_the_limit_it_compares_with) {
    const Example example("resident-parking", "too long and a garage, refused by a person with both reasons");
    ASSERT_EQ(example.told.reasons.size(), 2u);
    const auto& too_long = example.told.reasons.front();
    EXPECT_EQ(too_long.code, "too_long");
    EXPECT_TRUE(rests_on(too_long, "vehicle.length"));
    const auto* longest = parameter(too_long, "longest_vehicle");
    ASSERT_NE(longest, nullptr);
    EXPECT_EQ(longest->value, "5,25 Meter");
    EXPECT_EQ(find(example.told.steps, "fee"), nullptr) << "after a refusal nobody pays";
}

TEST(Why, says_that_nothing_speaks_against_it_with_all_answers) {
    const Example example("resident-parking", "own car in the quarter");
    EXPECT_TRUE(example.told.reasons.empty());
    EXPECT_TRUE(std::any_of(example.told.facts.begin(), example.told.facts.end(), [](const auto& fact) { return fact.path == "vehicle.length"; }));
    const auto* fee = find(example.told.steps, "fee");
    ASSERT_NE(fee, nullptr);
    EXPECT_NE(parameter(*fee, "fee_year"), nullptr);
}

/// Every example of every package can be explained, in each language, without an empty sentence or an unfilled placeholder.
TEST(Why, explains_every_example_of_every_package) {
    int lines = 0;
    const auto check = [&](const auto& self, const std::vector<WhyLine>& list, const std::string& where) -> void {
        for (const auto& line : list) {
            ++lines;
            EXPECT_FALSE(line.text.empty()) << where << " " << line.code;
            EXPECT_EQ(line.text.find("{{"), std::string::npos) << where << " " << line.text;
            EXPECT_FALSE(line.norm.empty()) << where << " " << line.code;
            self(self, line.parts, where);
        }
    };
    for (const auto* package : test::city()->packages()) {
        if (!package->model) continue;
        std::vector<catalogue::Finding> findings;
        for (const auto& example : read_examples(*package, findings).examples) {
            const auto application = completed(*package, test::city()->law(), test::city()->city(), example.application);
            const auto preparation = prepare(*package, test::city()->law(), test::city()->city(), application);
            if (preparation.outcome.empty()) continue;
            for (const char* language : {"de", "en", "de-simple"}) {
                const auto told = why(*package, test::city()->law(), preparation, application, language);
                const auto where = package->service.id + " " + example.name + " " + language;
                check(check, told.reasons, where);
                check(check, told.looks, where);
                check(check, told.steps, where);
            }
        }
    }
    EXPECT_GT(lines, 200);
}

TEST(Why, has_every_sentence_in_plain_german) {
    for (const auto* package : test::city()->packages()) {
        for (const auto& [code, reason] : package->reasons) {
            EXPECT_FALSE(package->say("de-simple", reason.say).in_german) << package->service.id << " " << code;
            if (!reason.what_now.empty()) { EXPECT_FALSE(package->say("de-simple", reason.what_now).in_german) << package->service.id << " " << code; }
        }
        for (const auto& [decision, step] : package->step_texts) EXPECT_FALSE(package->say("de-simple", step.say).in_german) << package->service.id << " " << decision;
    }
}

TEST(ValueWords, say_cells_as_people_read_them) {
    const auto& package = *test::city()->package("resident-parking");
    const ValueWords words(package, test::city()->law(), *parse_day("2026-11-24"), "de");
    EXPECT_EQ(words.test("vehicle.kind", "-"), "beliebig");
    EXPECT_EQ(words.test("zone.found", "false"), "Nein");
    EXPECT_EQ(words.test("permits_held", "> 2"), "mehr als 2 Ausweise");
    EXPECT_EQ(words.test("vehicle.length", "> parking_order.longest_vehicle"), "mehr als 5,25 Meter (größte Länge des Fahrzeugs)");
    EXPECT_EQ(words.text("obstacles", feel::Value::list({feel::Value::string("too_long")})), "Ihr Fahrzeug ist … Meter lang. Erlaubt sind höchstens … Meter.");
    EXPECT_EQ(words.test("", "\"not_in_zone\""), "Ihre Wohnung liegt in keinem Bewohnerparkgebiet.");
    EXPECT_EQ(words.test("", "date(year, 1, 1)"), "date(year, 1, 1)") << "what has no short words stays as it is";
    const auto both = words.test("vehicle.kind", "\"van\",\"trailer\"");
    EXPECT_NE(both.find(" oder "), std::string::npos) << both;
    EXPECT_EQ(both.find("trailer"), std::string::npos) << both;
}

}  // namespace
}  // namespace kiepe::casework
