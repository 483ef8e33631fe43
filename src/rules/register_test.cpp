#include "rules/register.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/date.h"
#include "casework/test_city.h"
#include "rules/register_jobs.h"

namespace kiepe::rules {
namespace {

using casework::test::city;
using casework::test::texts;

const Day kToday = *parse_day("2026-11-24");

RegisterEntry entry_of(const std::string& service, Day today = kToday) { return register_entry(*city()->package(service), *city(), "de", today); }

TEST(Register, says_what_a_machine_may_do_and_what_a_person_always_does) {
    const auto parking = entry_of("resident-parking");
    EXPECT_EQ(parking.mode, "full");
    EXPECT_EQ(parking.automatic, std::vector<std::string>{"Ihr Bewohnerparkausweis"});
    EXPECT_EQ(parking.never, std::vector<std::string>{"Ablehnung"});
    EXPECT_FALSE(parking.provision.empty());
    EXPECT_FALSE(parking.machine.empty());
    EXPECT_EQ(parking.remedy_kind, "action");
    ASSERT_TRUE(parking.office);
    EXPECT_FALSE(parking.office->phone.empty());
    const auto dogs = entry_of("dog-tax");
    EXPECT_EQ(dogs.automatic.size(), 1u);
    EXPECT_NE(std::find(dogs.never.begin(), dogs.never.end(), "Bescheid über die Hundesteuer"), dogs.never.end()) << "a tax is always signed by a person";
}

TEST(Register, speaks_the_language_of_its_reader) {
    const auto dogs = register_entry(*city()->package("dog-tax"), *city(), "en", kToday);
    EXPECT_EQ(dogs.name, "Register a dog (dog tax)");
    EXPECT_EQ(dogs.data_purpose, "Assessing and collecting the dog tax");
}

TEST(Register, lets_the_machine_only_prepare_where_no_provision_allows_more) {
    const auto before = entry_of("registration-certificate", *parse_day("2025-06-01"));
    EXPECT_EQ(before.mode, "prepared");
    EXPECT_TRUE(before.automatic.empty());
    EXPECT_EQ(entry_of("registration-certificate").mode, "full");
}

TEST(Register, lists_only_what_the_rules_see_and_marks_protected_attributes_with_their_law) {
    int protected_ones = 0;
    for (const auto& group : entry_of("housing-benefit").groups)
        for (const auto& input : group.inputs) {
            EXPECT_EQ(input.label.find("{{"), std::string::npos) << input.name;
            EXPECT_FALSE(input.norm.text.empty()) << input.name;
            if (input.protected_as.empty()) continue;
            ++protected_ones;
            EXPECT_NE(input.norm.text.find("§"), std::string::npos) << input.name;
        }
    EXPECT_GT(protected_ones, 0);
    for (const auto& group : entry_of("resident-parking").groups)
        for (const auto& input : group.inputs) EXPECT_NE(input.name, "remark");
}

TEST(Register, gives_the_interval_of_wilson) {
    const Share none = share_of(0, 10), one = share_of(1, 100), all = share_of(7, 7);
    EXPECT_EQ(none.value, 0);
    EXPECT_EQ(none.low, 0);
    EXPECT_EQ(none.high, 278);
    EXPECT_EQ(one.value, 10);
    EXPECT_EQ(one.low, 2);
    EXPECT_EQ(one.high, 54);
    EXPECT_EQ(all.high, 1000);
    EXPECT_LT(all.low, 1000);
    EXPECT_EQ(share_of(0, 0).high, 0);
}

TEST(Register, shows_no_rate_of_a_few_decisions) {
    auto entry = entry_of("resident-parking");
    entry.counts.automatic.made = kFewestDecisions - 1;
    entry.counts.automatic.corrected["error_rule"] = 1;
    entry.counts.by_hand.made = 40;
    entry.counts.by_hand.corrected = {{"error_input", 1}, {"discretion", 3}};
    const auto json = nlohmann::json::parse(to_json({entry}, "de", start_of(kToday), "Stadt Münster"));
    const auto& numbers = json["algorithms"][0]["last_twelve_months"];
    EXPECT_EQ(numbers["automatic"]["decided"], 4);
    EXPECT_TRUE(numbers["automatic"]["error_rate_percent"].is_null());
    EXPECT_TRUE(numbers["automatic"]["corrected"].is_null());
    EXPECT_EQ(numbers["by_hand"]["corrected"]["discretion"], 3);
    EXPECT_EQ(numbers["by_hand"]["error_rate_percent"]["value"], 2.5) << "a new weighing is no error";
}

TEST(Register, names_every_documented_field) {
    const auto json = nlohmann::json::parse(to_json({entry_of("housing-benefit")}, "de", start_of(kToday), "Stadt Münster"));
    for (const char* field : {"format", "city", "language", "as_of", "algorithms"}) EXPECT_TRUE(json.contains(field)) << field;
    for (const char* field : {"service", "name", "purpose", "data_purpose", "legal_basis", "automation", "office", "inputs", "model", "tests", "fairness", "last_twelve_months", "contest"})
        EXPECT_TRUE(json["algorithms"][0].contains(field)) << field;
    EXPECT_EQ(json["algorithms"][0]["model"]["package_sha256"].get<std::string>().size(), 64u);
}

class RegisterStore : public store::OnBothEngines {};

TEST_P(RegisterStore, runs_the_examples_once_a_version_and_keeps_what_they_gave) {
    casework::test::Office office(database());
    database().migrate(rules::migrations(), office.clock.now());
    const Work work{*office.cases, database(), *texts(), office.clock, [] { return city(); }};
    const auto entry = entry_of("registration-certificate");
    const auto tests = [&] {
        std::optional<TestRun> run;
        database().read([&](store::Session& session) { run = tests_of(session, entry.package_hash, entry.law_hash); });
        return run;
    };
    EXPECT_FALSE(tests());
    const Moment first = office.clock.now();
    store::Worker(database(), office.clock, register_jobs(work), false).run_due();
    ASSERT_TRUE(tests());
    EXPECT_GT(tests()->passed, 0);
    EXPECT_EQ(tests()->failed, 0);
    office.clock.advance(std::chrono::minutes(10));
    store::Worker(database(), office.clock, register_jobs(work), false).run_due();  // a restart
    EXPECT_EQ(tests()->at, first);
}

INSTANTIATE_TEST_SUITE_P(Engines, RegisterStore, testing::ValuesIn(store::kEngines));

}  // namespace
}  // namespace kiepe::rules
