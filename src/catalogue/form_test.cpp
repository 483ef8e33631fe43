#include "catalogue/form.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "catalogue/test_fixture.h"

namespace kiepe::catalogue {
namespace {

using namespace test;
using feel::Value;

std::vector<std::string> keys(const Evaluation& evaluation) {
    std::vector<std::string> result;
    for (const auto& step : evaluation.steps) result.push_back(step.key);
    return result;
}

bool has(const std::vector<std::string>& list, const std::string& wanted) { return std::find(list.begin(), list.end(), wanted) != list.end(); }

Value two_dogs() {
    return Value{}
        .with("dogs[1].name", text("Bello")).with("dogs[1].kind", text("small"))
        .with("dogs[2].name", text("Rex")).with("dogs[2].kind", text("large"));
}

TEST(Form, is_read_without_findings) {
    Dogs dogs;
    for (const auto& f : dogs.findings) ADD_FAILURE() << f.code << " " << f.file << ":" << f.line << " " << (f.args.empty() ? "" : f.args[0].second);
    EXPECT_EQ(dogs.form().pages.size(), 6u);
    ASSERT_NE(dogs.form().question_at("dogs[2].bites[1].day"), nullptr);
    EXPECT_EQ(dogs.form().question_at("dogs[2].bites[1].day")->name, "bite.day");
}

TEST(Form, asks_for_everything_while_nothing_is_answered) {
    Dogs dogs;
    const auto e = dogs.evaluate(Value::context({}));
    EXPECT_EQ(keys(e), (std::vector<std::string>{"home", "start", "dogs/1", "dogs", "end"}));
    EXPECT_EQ(e.missing, (std::vector<std::string>{"home.address", "start", "many", "dogs"}));
    EXPECT_TRUE(e.context.at("dogs").is_null()) << "not answered is not 'none'";
    EXPECT_TRUE(e.needs.empty());
}

TEST(Form, keeps_hidden_answers_out_of_the_context) {
    Dogs dogs;
    const Value answers = Value{}.with("many", Value::boolean(false)).with("why", text("nur so"));
    EXPECT_TRUE(dogs.evaluate(answers).context.get("why").is_null());
    EXPECT_EQ(dogs.evaluate(answers.with("many", Value::boolean(true))).context.get("why"), text("nur so"));
}

TEST(Form, repeats_pages_for_entries_and_nests_lists) {
    Dogs dogs;
    const auto e = dogs.evaluate(two_dogs());
    EXPECT_EQ(keys(e), (std::vector<std::string>{"home", "start", "dogs/1", "dogs/2", "dogs", "chips/2", "bites/2", "end"}));
    EXPECT_EQ(e.steps[3].title_suffix, "Rex");
    EXPECT_EQ(e.steps[5].title_suffix, "Rex");
    EXPECT_TRUE(has(e.missing, "dogs[2].chip"));
    EXPECT_TRUE(has(e.missing, "dogs[2].bites")) << "a list that nobody closed is missing";
    EXPECT_FALSE(has(e.missing, "dogs[1].chip"));
    EXPECT_EQ(e.context.at("dogs[2].tax"), Value::number(700));
    EXPECT_EQ(e.context.at("dogs[1].tax"), Value::number(120)) << "the law of the day";
    const auto closed = dogs.evaluate(two_dogs().with("dogs[2].bites", Value::list({})));
    EXPECT_FALSE(has(closed.missing, "dogs[2].bites"));
    EXPECT_EQ(closed.context.at("dogs[2].bites"), Value::list({}));
    const auto bitten = dogs.evaluate(two_dogs().with("dogs[2].bites[1].day", day("2025-01-02")));
    EXPECT_TRUE(has(keys(bitten), "bites/2/1"));
    EXPECT_EQ(bitten.context.at("dogs[2].bites[1].day"), day("2025-01-02"));
}

TEST(Form, needs_papers_of_this_household_only) {
    Dogs dogs;
    const auto e = dogs.evaluate(two_dogs());
    const auto missing = dogs.form().missing_papers(e, {});
    ASSERT_EQ(missing.size(), 1u);
    EXPECT_EQ(missing[0].name, "licence/2");
    EXPECT_TRUE(missing[0].later);
    EXPECT_TRUE(dogs.form().missing_papers(e, {{"licence/2", "letter"}}).empty());
    EXPECT_EQ(dogs.form().missing_papers(e, {{"licence/2", "cat_picture"}}).size(), 1u);
}

TEST(Form, only_a_certain_false_fails_a_check) {
    Dogs dogs;
    EXPECT_TRUE(dogs.evaluate(Value::context({})).failed.empty());
    const auto e = dogs.evaluate(Value{}.with("start", day("2026-03-03")));
    ASSERT_EQ(e.failed.size(), 1u);
    EXPECT_EQ(e.failed[0].path, "start");
    Value many = two_dogs().with("dogs[3].name", text("Waldi"));
    const auto warned = dogs.evaluate(many);
    ASSERT_EQ(warned.failed.size(), 1u);
    EXPECT_TRUE(warned.failed[0].warn);
    EXPECT_EQ(warned.failed[0].path, "dogs");
}

TEST(Form, lets_no_value_of_a_wrong_kind_into_the_rules) {
    Dogs dogs;
    const auto e = dogs.evaluate(Value{}.with("many", text("vielleicht")).with("fee", Value::number(-1)).with("dogs[1].kind", text("cat")));
    EXPECT_TRUE(e.context.get("many").is_null());
    EXPECT_TRUE(e.context.get("fee").is_null());
    EXPECT_TRUE(e.context.at("dogs[1].kind").is_null());
    EXPECT_EQ(e.failed.size(), 3u);
    EXPECT_TRUE(has(e.missing, "many"));
}

TEST(Form, sees_a_remark) {
    Dogs dogs;
    EXPECT_FALSE(dogs.evaluate(Value{}.with("remark", text("  "))).has_remark);
    EXPECT_TRUE(dogs.evaluate(Value{}.with("remark", text("Bitte anrufen"))).has_remark);
}

TEST(Form, completes_answers_for_machines_with_defaults_and_facts) {
    Dogs dogs;
    OneStreet street;
    const Value address = Value::context({{"street", text("Kanalstraße")}, {"number", text("1")}, {"district", text("Mitte")}});
    const Value done = dogs.form().completed(Value{}.with("home.address", address), around(dogs.law), &street, true);
    EXPECT_EQ(done.get("start"), day("2026-03-02"));
    EXPECT_TRUE(done.at("zone.found").is_true());
    EXPECT_TRUE(done.at("zone.secret").is_null()) << "only what `gives` names is kept";
    dogs.form().completed(done, around(dogs.law), &street, true);
    EXPECT_EQ(street.asked, 1) << "a fact is asked once";
}

Posted post(const Dogs& dogs, const char* step, const Value& answers, const std::multimap<std::string, std::string>& fields, const LookUps& look_ups) {
    const auto before = dogs.evaluate(answers);
    const Step* found = dogs.form().find_step(before, step);
    if (!found) throw std::invalid_argument(step);
    return dogs.form().parse(*found, before, answers, around(dogs.law), fields, "de", look_ups);
}

Value value_of(const Posted& posted, const std::string& path) {
    for (const auto& [p, v] : posted.values)
        if (p == path) return v;
    return {};
}

std::string code_of(const Posted& posted, const std::string& path) {
    for (const auto& failed : posted.failed)
        if (failed.path == path) return failed.code;
    return "";
}

TEST(FormParse, turns_fields_into_typed_answers) {
    Dogs dogs;
    OneStreet street;
    const auto posted = post(dogs, "start", Value::context({}), {{"start-day", "1"}, {"start-month", "3"}, {"start-year", "2026"},
                                                                 {"many", "yes"}, {"why", " weil  so "}, {"fee", "1.027,35"}}, street);
    EXPECT_TRUE(posted.failed.empty());
    EXPECT_EQ(value_of(posted, "start"), day("2026-03-01"));
    EXPECT_TRUE(value_of(posted, "many").is_true());
    EXPECT_EQ(value_of(posted, "why"), text("weil so")) << "a question that the answer itself has opened";
    EXPECT_EQ(value_of(posted, "fee"), Value::number(*Decimal::parse("1027.35")));
}

TEST(FormParse, says_what_is_wrong_field_by_field) {
    Dogs dogs;
    OneStreet street;
    const auto posted = post(dogs, "start", Value::context({}), {{"start-day", "31"}, {"start-month", "2"}, {"start-year", "2026"}, {"fee", "viel"}}, street);
    EXPECT_EQ(code_of(posted, "start"), "field_date_unknown");
    EXPECT_EQ(code_of(posted, "many"), "field_missing");
    EXPECT_EQ(code_of(posted, "fee"), "field_money");
    EXPECT_EQ(code_of(posted, "why"), "");
}

TEST(FormParse, looks_addresses_up_once_and_again_when_they_change) {
    Dogs dogs;
    OneStreet street;
    std::multimap<std::string, std::string> fields{{"home.address-street", "Kanalstraße"}, {"home.address-number", "12"},
                                                   {"home.address-postcode", "48147"}, {"home.address-place", "Münster"}};
    auto posted = post(dogs, "home", Value::context({}), fields, street);
    EXPECT_TRUE(posted.failed.empty());
    EXPECT_EQ(value_of(posted, "home.address").get("ags"), text("05515000"));
    EXPECT_TRUE(value_of(posted, "zone").get("found").is_true());
    Value answers = Value::context({});
    for (const auto& [path, value] : posted.values) answers = answers.with(path, value);
    post(dogs, "home", answers, fields, street);
    EXPECT_EQ(street.asked, 1);
    fields.erase("home.address-street");
    fields.emplace("home.address-street", "Neue Straße");
    posted = post(dogs, "home", answers, fields, street);
    ASSERT_EQ(posted.failed.size(), 1u);
    EXPECT_EQ(posted.failed[0].code, "field_address_unknown");
    EXPECT_TRUE(posted.failed[0].warn) << "new houses exist";
    EXPECT_TRUE(value_of(posted, "zone").get("found").is_false());
}

TEST(FormParse, adds_removes_and_closes_entries) {
    Dogs dogs;
    OneStreet street;
    auto posted = post(dogs, "dogs", Value::context({}), {}, street);
    EXPECT_EQ(code_of(posted, "dogs"), "field_entries_least");
    posted = post(dogs, "dogs/1", Value::context({}), {{"dogs[1].name", "Bello"}, {"dogs[1].kind", "small"}}, street);
    EXPECT_TRUE(posted.failed.empty());
    EXPECT_EQ(value_of(posted, "dogs[1].name"), text("Bello"));
    posted = post(dogs, "dogs", two_dogs(), {{"add", "yes"}}, street);
    EXPECT_EQ(value_of(posted, "dogs[3]"), Value::context({}));
    posted = post(dogs, "dogs", two_dogs(), {{"remove", "1"}}, street);
    ASSERT_EQ(value_of(posted, "dogs").as_list().size(), 1u);
    EXPECT_EQ(value_of(posted, "dogs").as_list()[0].get("name"), text("Rex"));
    posted = post(dogs, "bites/2", two_dogs(), {}, street);
    EXPECT_EQ(value_of(posted, "dogs[2].bites"), Value::list({})) << "closed without an entry: none";
    EXPECT_EQ(code_of(post(dogs, "dogs", two_dogs().with("dogs[3].name", text("W")), {{"add", "yes"}}, street), "dogs"), "field_entries_most");
}

}  // namespace
}  // namespace kiepe::catalogue
