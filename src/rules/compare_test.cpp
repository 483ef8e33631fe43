#include "rules/compare.h"

#include <gtest/gtest.h>

#include "base/date.h"
#include "base/text.h"
#include "casework/test_city.h"
#include "catalogue/changed.h"
#include "rules/law_change.h"
#include "rules/made_cases.h"

namespace kiepe::rules {
namespace {

using casework::test::city;
using casework::test::parking_application;

constexpr const char* kParkingLaw = "cities/muenster/law/parking-order/fees.yaml";

/// The city with one text in one file of the law replaced.
std::shared_ptr<const catalogue::Catalogue> with_law(const std::string& service, const std::string& file, const std::string& from, const std::string& to) {
    const auto content = city()->law().files().at(file);
    if (content.find(from) == std::string::npos) throw std::runtime_error("not in the law: " + from);
    std::vector<catalogue::Finding> findings;
    auto all = catalogue::changed(city(), service, {}, {{file, replace_all(content, from, to)}}, false, findings);
    if (!all) throw std::runtime_error(all.error().code);
    return *all;
}

RuleSet rules_of(const catalogue::Catalogue& catalogue, const std::string& service) {
    return {*catalogue.package(service), catalogue.law(), catalogue.city()};
}

Subject parking(const std::string& name, const std::string& length) {
    Subject subject{name, parking_application()};
    subject.application.answers = subject.application.answers.with("vehicle.length", feel::Value::number(*Decimal::parse(length)));
    return subject;
}

std::vector<Subject> cars() {
    return {parking("short", "4.10"), parking("limit", "5.25"), parking("over", "5.26"), parking("long", "5.40"), parking("longer", "5.41"), parking("bus", "7")};
}

TEST(Compare, sees_no_change_between_the_same_rules) {
    const auto rules = rules_of(*city(), "resident-parking");
    const auto result = compare(rules, rules, cars());
    EXPECT_EQ(result.compared, 6);
    EXPECT_EQ(result.changed, 0);
    EXPECT_TRUE(result.groups.empty() && result.changes.empty() && result.bands.empty());
    EXPECT_EQ(result.total_before, Decimal(520)) << "two permits of 260, and nothing for a refusal";
    EXPECT_EQ(result.total_after, Decimal(520));
}

TEST(Compare, says_that_all_lose_who_get_a_permit_when_the_fee_goes_up) {
    const auto dearer = with_law("resident-parking", kParkingLaw, "is: 260,", "is: 300,");
    const auto result = compare(rules_of(*city(), "resident-parking"), rules_of(*dearer, "resident-parking"), cars());
    EXPECT_EQ(result.changed, 2) << "a refusal costs nothing, before and after";
    EXPECT_EQ(result.lose, 2);
    EXPECT_EQ(result.gain + result.differ, 0);
    EXPECT_EQ(result.total_after, Decimal(600));
    EXPECT_TRUE(result.paid);
    ASSERT_EQ(result.groups.size(), 1u);
    EXPECT_EQ(result.groups[0].count, 2);
    EXPECT_EQ(result.groups[0].results, std::vector<std::string>{"fee"});
    ASSERT_EQ(result.bands.size(), 1u);
    EXPECT_TRUE(result.bands[0].more && result.bands[0].least == 10 && result.bands[0].below == 50 && result.bands[0].count == 2);
}

TEST(Compare, finds_exactly_those_between_the_old_and_the_new_limit) {
    const auto longer = with_law("resident-parking", kParkingLaw, "is: 5.25,", "is: 5.4,");
    CompareOptions options;
    options.languages = {"de", "en"};
    const auto result = compare(rules_of(*city(), "resident-parking"), rules_of(*longer, "resident-parking"), cars(), options);
    EXPECT_EQ(result.gain, 2);
    EXPECT_EQ(result.lose, 0);
    ASSERT_EQ(result.groups.size(), 1u) << "those who stay refused for the same reason do not stand here";
    EXPECT_EQ(result.changes.size(), 2u);
    for (const auto& change : result.changes) {
        EXPECT_TRUE(change.name == "over" || change.name == "long") << change.name;
        EXPECT_EQ(change.before.outcome, "refuse");
        EXPECT_EQ(change.before.reasons, std::vector<std::string>{"too_long"});
        EXPECT_EQ(change.after.outcome, "grant");
        EXPECT_FALSE(change.before.amount);
        EXPECT_EQ(change.after.amount, Decimal(260));
    }
    const auto& told = result.groups[0].told.at("de");
    ASSERT_FALSE(told.before.empty());
    EXPECT_NE(told.before[0].text.find("5,26 Meter"), std::string::npos) << told.before[0].text;
    ASSERT_EQ(told.before.size(), 2u) << "the reason and the answer on which it rests";
    EXPECT_EQ(told.before[1].depth, 1);
    EXPECT_EQ(told.after.size(), 1u) << "that nothing speaks against it, without every answer";
    EXPECT_EQ(result.groups[0].titles.at("de").second, "Ihr Bewohnerparkausweis");
    EXPECT_NE(result.groups[0].titles.at("en").second, "Ihr Bewohnerparkausweis");
}

TEST(Compare, groups_the_same_change_whatever_the_length) {
    std::vector<Subject> many;
    for (int i = 0; i < 40; ++i) many.push_back(parking("car " + std::to_string(i), "5.3"));
    const auto longer = with_law("resident-parking", kParkingLaw, "is: 5.25,", "is: 5.4,");
    CompareOptions options;
    options.threads = 3;
    const auto result = compare(rules_of(*city(), "resident-parking"), rules_of(*longer, "resident-parking"), many, options);
    std::int64_t counted = 0;
    for (const auto& group : result.groups) counted += group.count;
    EXPECT_EQ(counted, 40);
    EXPECT_EQ(result.groups.size(), 1u);
    const auto again = compare(rules_of(*city(), "resident-parking"), rules_of(*longer, "resident-parking"), many);
    EXPECT_EQ(to_json(result), to_json(again)) << "whatever the number of threads";
}

TEST(Compare, keeps_a_change_together_whatever_else_is_said_and_stays) {
    auto subjects = cars();
    auto other = parking("family's car", "4.30");
    other.application.answers = other.application.answers.with("vehicle.keeper", feel::Value::string("company")).with("vehicle.keeper_name", feel::Value::string("Muster GmbH"));
    auto garage = other;
    garage.name = "and a small garage";
    garage.application.answers = garage.application.answers.with("garage", feel::Value::boolean(true)).with("garage_unusable", feel::Value::boolean(true));
    subjects.push_back(other);
    subjects.push_back(garage);
    const auto dearer = with_law("resident-parking", kParkingLaw, "is: 260,", "is: 300,");
    const auto result = compare(rules_of(*city(), "resident-parking"), rules_of(*dearer, "resident-parking"), subjects);
    EXPECT_EQ(result.changed, 4);
    ASSERT_EQ(result.groups.size(), 2u) << "those who get it, and those whom a person looks at, one reason or two";
    for (const auto& group : result.groups) {
        EXPECT_EQ(group.count, 2);
        EXPECT_TRUE(group.before.looks.empty() && group.after.looks.empty());
    }
    EXPECT_EQ(result.total_after, Decimal(600)) << "what a person has to look at is not decided yet";
}

std::vector<Subject> household_examples() {
    std::vector<Subject> subjects;
    for (auto& [name, application] : example_cases(*city()->package("housing-benefit"), *city())) subjects.push_back({name, application});
    return subjects;
}

TEST(Compare, counts_a_benefit_over_all_its_months) {
    const auto subjects = household_examples();
    ASSERT_GT(subjects.size(), 5u);
    const auto before = rules_of(*city(), "housing-benefit");
    const auto same = compare(before, before, subjects);
    EXPECT_EQ(same.changed, 0);
    EXPECT_GT(kiepe::compare(same.total_before, Decimal(1000)), 0);
    EXPECT_FALSE(same.paid);
    EXPECT_EQ(same.amount, "benefit");
}

TEST(Compare, gives_more_to_those_whose_benefit_grows) {
    const std::string file = "law/wogg/amounts.yaml";
    const auto warmer = with_law("housing-benefit", file, "is: [19.2, 24.8, 29.6, 34.4, 39.2]", "is: [119.2, 124.8, 129.6, 134.4, 139.2]");
    const auto result = compare(rules_of(*city(), "housing-benefit"), rules_of(*warmer, "housing-benefit"), household_examples());
    EXPECT_GT(result.gain, 0);
    EXPECT_EQ(result.lose, 0);
    EXPECT_GT(kiepe::compare(result.total_after, result.total_before), 0);
    for (const auto& band : result.bands)
        if (band.count > 0) { EXPECT_TRUE(band.more); }
}

TEST(Compare, tries_a_law_of_next_year_as_though_its_day_had_come) {
    const auto later = with_law("resident-parking", kParkingLaw, "is: 260, status: to_check}",
                                "is: 260}\n    - {from: 2027-01-01, source: Entwurf, is: 320}");
    const auto subjects = cars();
    EXPECT_EQ(compare(rules_of(*city(), "resident-parking"), rules_of(*later, "resident-parking"), subjects).changed, 0);
    const auto acts = city()->package("resident-parking")->service.acts;
    const auto day = day_of_change(city()->law(), later->law(), acts, *parse_day("2026-11-24"));
    ASSERT_TRUE(day);
    EXPECT_EQ(to_iso(*day), "2027-01-01");
    const auto was = law_as_on(city()->law(), *day), is = law_as_on(later->law(), *day);
    const auto result = compare({*city()->package("resident-parking"), was, city()->city()}, {*later->package("resident-parking"), is, city()->city()}, subjects);
    EXPECT_EQ(result.lose, 2);
    EXPECT_EQ(result.total_after, Decimal(640));
}

TEST(Compare, stops_when_asked) {
    std::vector<Subject> many(4000, parking("car", "5.3"));
    CompareOptions options;
    options.progress = [](std::int64_t, std::int64_t) { return false; };
    const auto rules = rules_of(*city(), "resident-parking");
    const auto result = compare(rules, rules, many, options);
    EXPECT_TRUE(result.stopped);
    EXPECT_EQ(result.compared, 0);
}

TEST(Compare, tells_how_far_it_is) {
    std::vector<Subject> many(2000, parking("car", "5.3"));
    std::int64_t last = -1;
    bool rises = true;
    CompareOptions options;
    options.progress = [&](std::int64_t done, std::int64_t all) {
        rises = rises && done >= last && done <= all && all == 2000;
        last = done;
        return true;
    };
    const auto rules = rules_of(*city(), "resident-parking");
    EXPECT_EQ(compare(rules, rules, many, options).compared, 2000);
    EXPECT_TRUE(rises);
    EXPECT_GE(last, 0);
}

TEST(Compare, shows_no_amounts_of_few_people_and_lets_nobody_work_them_out) {
    const auto dearer = with_law("resident-parking", kParkingLaw, "is: 260,", "is: 300,");
    auto result = compare(rules_of(*city(), "resident-parking"), rules_of(*dearer, "resident-parking"), cars());
    protect(result, 5);
    ASSERT_EQ(result.groups.size(), 1u);
    EXPECT_FALSE(result.groups[0].shows_amounts);
    EXPECT_EQ(result.hidden, 2);
    EXPECT_EQ(result.total_before, Decimal(0));
    EXPECT_EQ(result.total_after, Decimal(0));
    EXPECT_TRUE(result.bands.empty());
    EXPECT_TRUE(result.groups[0].told.empty() && result.groups[0].example.empty());
    for (const auto& change : result.changes) { EXPECT_FALSE(change.before.amount || change.after.amount); }
    EXPECT_EQ(to_json(result).find("300"), std::string::npos);
}

TEST(Compare, keeps_everything_in_json) {
    const auto longer = with_law("resident-parking", kParkingLaw, "is: 5.25,", "is: 5.4,");
    CompareOptions options;
    options.tell_each = true;
    const auto result = compare(rules_of(*city(), "resident-parking"), rules_of(*longer, "resident-parking"), cars(), options);
    const auto read = comparison_from_json(to_json(result));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(to_json(*read), to_json(result));
    EXPECT_FALSE(comparison_from_json("{}").ok());
    EXPECT_FALSE(comparison_from_json("nonsense").ok());
}

TEST(Compare, leaves_out_the_answers_of_people) {
    const auto longer = with_law("resident-parking", kParkingLaw, "is: 5.25,", "is: 5.4,");
    CompareOptions options;
    options.facts = false;
    const auto result = compare(rules_of(*city(), "resident-parking"), rules_of(*longer, "resident-parking"), cars(), options);
    for (const auto& group : result.groups)
        for (const auto& [language, told] : group.told)
            for (const auto* lines : {&told.before, &told.after})
                for (const auto& line : *lines) { EXPECT_EQ(line.depth, 0) << line.text; }
}

TEST(LawChange, names_the_parameter_its_values_and_its_source) {
    const auto dearer = with_law("resident-parking", kParkingLaw, "is: 260,", "is: 300,");
    const auto acts = city()->package("resident-parking")->service.acts;
    const auto changes = changed_parameters(city()->law(), dearer->law(), acts, *parse_day("2026-11-24"));
    ASSERT_EQ(changes.size(), 1u);
    EXPECT_EQ(changes[0].parameter, "fee_year");
    EXPECT_EQ(changes[0].before.text(), "260");
    EXPECT_EQ(changes[0].after.text(), "300");
    EXPECT_EQ(to_iso(changes[0].from), "2024-01-01");
    EXPECT_FALSE(changes[0].source.empty());
    EXPECT_TRUE(changed_parameters(city()->law(), dearer->law(), acts, *parse_day("2022-01-01")).empty()) << "before the row began";
}

TEST(LawChange, swaps_one_parameter_alone) {
    const auto both = with_law("resident-parking", kParkingLaw, "is: 260,", "is: 300,");
    const auto only = with_parameter(city()->law(), both->law(), "parking_order", "fee_year");
    const auto acts = city()->package("resident-parking")->service.acts;
    EXPECT_TRUE(changed_parameters(only, both->law(), acts, *parse_day("2026-11-24")).empty());
}

}  // namespace
}  // namespace kiepe::rules
