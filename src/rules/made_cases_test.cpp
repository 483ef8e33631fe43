#include "rules/made_cases.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "casework/test_city.h"
#include "catalogue/answers.h"
#include "rules/dice.h"
#include "rules/invented.h"

namespace kiepe::rules {
namespace {

using casework::Application;
using casework::test::city;

const Day kReceived = *parse_day("2026-03-16");

std::vector<Application> made(const std::string& service, int count, std::uint64_t seed = 1) {
    return made_cases(*city()->package(service), city()->law(), city()->city(), {seed, count, kReceived});
}

struct Reached {
    std::map<std::string, int> outcomes, codes;
    int automatic = 0, renewals = 0;
};

Reached reached(const std::string& service, int count) {
    Reached result;
    const auto& package = *city()->package(service);
    for (const auto& application : made(service, count)) {
        const auto got = casework::prepare(package, city()->law(), city()->city(), application);
        EXPECT_EQ(got.missing, std::vector<std::string>{}) << to_json(application);
        EXPECT_TRUE(std::all_of(got.failed.begin(), got.failed.end(), [](const auto& failed) { return failed.warn; })) << to_json(application);
        EXPECT_EQ(got.problem, "") << to_json(application);
        ++result.outcomes[got.outcome];
        for (const auto& code : got.reasons) ++result.codes[code];
        for (const auto& code : got.looks) ++result.codes[code];
        result.automatic += got.automatic;
        result.renewals += application.renewal;
    }
    return result;
}

/// Outcomes and codes of the package that no made case reached.
std::set<std::string> not_reached(const std::string& service) {
    const auto found = reached(service, 2000);
    std::set<std::string> missing;
    const auto& package = *city()->package(service);
    for (const auto& [code, rule] : package.service.outcomes)
        if (!found.outcomes.contains(code)) missing.insert(code);
    for (const auto& [code, reason] : package.reasons)
        if (!found.codes.contains(code)) missing.insert(code);
    return missing;
}

using Codes = std::set<std::string>;

TEST(MadeCases, reach_every_outcome_and_reason_of_the_parking_permit) { EXPECT_EQ(not_reached("resident-parking"), Codes{}); }
TEST(MadeCases, reach_every_outcome_and_reason_of_the_dog_tax) { EXPECT_EQ(not_reached("dog-tax"), Codes{}); }
TEST(MadeCases, reach_every_outcome_and_reason_of_the_certificate) { EXPECT_EQ(not_reached("registration-certificate"), Codes{}); }

/// no_cooperation is decided when a deadline has passed, not by the model. other_city never comes this far: the form itself refuses an
/// address in another city (form.yaml, check of home.address), and the rule stands behind it for cases that machines send.
TEST(MadeCases, reach_every_outcome_and_reason_of_housing_benefit_that_a_form_can_reach) {
    EXPECT_EQ(not_reached("housing-benefit"), (Codes{"no_cooperation", "other_city"}));
}

TEST(MadeCases, are_decided_by_machine_alone_where_that_is_allowed_and_are_renewals_where_something_is_awarded) {
    const auto found = reached("resident-parking", 500);
    EXPECT_GT(found.automatic, 20);
    EXPECT_GT(found.renewals, 20);
    EXPECT_EQ(reached("dog-tax", 100).renewals, 0);
}

TEST(MadeCases, are_the_same_for_the_same_seed_however_many_are_made) {
    const auto few = made("housing-benefit", 20), many = made("housing-benefit", 40);
    ASSERT_EQ(few.size(), 20u);
    EXPECT_TRUE(std::equal(few.begin(), few.end(), many.begin()));
    EXPECT_FALSE(few == made("housing-benefit", 20, 2));
}

/// Known by heart: another compiler or library must make the same cases.
TEST(MadeCases, are_the_same_on_every_machine) {
    Dice dice = dice_of(1, 0);
    EXPECT_EQ(dice.next(), 6791897765849424158u);
}

TEST(MadeCases, have_addresses_of_the_citys_register_and_accounts_with_right_check_digits) {
    EXPECT_EQ(addresses_of(city()->city()).size(), 86u);
    Dice dice(7);
    const auto& iban = *city()->package("housing-benefit")->form.question("iban");
    for (int i = 0; i < 100; ++i) {
        const auto accepted = catalogue::accept(iban, feel::Value::string(invented_iban(dice)));
        EXPECT_EQ(accepted.code, "");
        EXPECT_FALSE(accepted.value.is_null());
    }
}

TEST(ExampleCases, are_whole_applications_with_the_names_of_their_examples) {
    const auto cases = example_cases(*city()->package("resident-parking"), *city());
    ASSERT_FALSE(cases.empty());
    EXPECT_EQ(cases.front().first, "own car in the quarter");
    EXPECT_EQ(cases.front().second.answers.at("zone.zone").as_string(), "K3");  // looked up
    EXPECT_TRUE(std::none_of(cases.begin(), cases.end(), [](const auto& c) { return c.first.starts_with("pre-check"); }));
}

}  // namespace
}  // namespace kiepe::rules
