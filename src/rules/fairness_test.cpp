#include "rules/fairness.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "casework/test_city.h"
#include "rules/fairness_compare.h"
#include "rules/fairness_store.h"

namespace kiepe::rules {
namespace {

using casework::test::city;
using feel::Value;
using Kind = FairnessLine::Kind;

/// A small service: a garden of the city. What a test hides in it is put in its places.
struct Garden {
    std::string rule = "plots > 3";                      ///< refuses where this is true
    std::string letter = "Sie bekommen den Garten.";
    std::string papers = "";                             ///< rows of `documents`
    std::string protected_row = "";                      ///< one more question
    std::string channels = "[online, counter, paper]";
    std::string starts = "complete";

    std::shared_ptr<const catalogue::Package> package() const {
        std::vector<catalogue::Finding> findings;
        auto read = catalogue::read_package(files(), city()->law(), city()->city(), casework::test::texts(), findings);
        for (const auto& finding : findings)
            if (finding.severity == catalogue::Finding::Severity::error) ADD_FAILURE() << finding.file << ":" << finding.line << " " << finding.code;
        if (!read) throw std::runtime_error(read.error().code + " " + read.error().detail);
        return *read;
    }

    std::map<std::string, std::string> files() const {
        return {{"service.yaml", service()}, {"form.yaml", form()}, {"decision.dmn", model()},
                {"reasons.yaml", "reasons:\n  too_many: {effect: against, say: Das sind zu viele., norm: \"Gartenordnung § 2\"}\nsteps: {}\n"},
                {"letters/grant.md", "# Ihr Garten\n\n{{> salutation }}\n\n" + letter + "\n"},
                {"letters/refusal.md", "# Kein Garten\n\n{{> salutation }}\n\n{{> reasons }}\n"}};
    }

    std::string service() const {
        return R"(service: garden
package: 1.0.0
language: de
name: Garten
short: Ein Garten der Stadt.
norms: ["Gartenordnung § 1"]
channels: )" + channels + R"(
office: general
form: form.yaml
decision: {model: decision.dmn, day: case.received, outcome: outcome, reasons: obstacles, looks: looks}
outcomes:
  grant: {effect: favourable, letter: letters/grant.md, title: Ihr Garten}
  refuse: {effect: unfavourable, letter: letters/refusal.md, title: Kein Garten, by: person}
missing: {within: 2 weeks, remind: 3 days before, then: refuse, norm: "VwVfG NRW § 26"}
promise: {answer: 10 working days, starts: )" + starts + R"(, pauses: [waiting_for_applicant], warn_at: 70 %}
remedy: {kind: objection, within: 1 month, to: office, norm: "VwGO § 70"}
data: {purpose: Vergabe, norm: "DSG NRW § 3", keep: {after: closed, years: 1, norm: AO}, drafts: 30 days}
)";
    }

    std::string form() const {
        return R"(form: 1
pages:
- page: you
  title: Sie
  ask:
  - {ask: applicant.first_name, type: text, label: Vorname, from_profile: first_name, needed_for: "VwVfG NRW § 37"}
  - {ask: applicant.last_name, type: text, label: Familienname, from_profile: last_name, needed_for: "VwVfG NRW § 37"}
  - {ask: applicant.salutation, type: choice, label: Anrede, options: {mrs: Frau, mr: Herr, none: Ohne}, needed_for: "VwVfG NRW § 37"}
  - {ask: email, type: email, label: E-Mail, optional: true, needed_for: "VwVfG NRW § 37"}
  - {ask: home.address, type: address, label: Adresse, needed_for: "Gartenordnung § 1"}
)" + protected_row + R"(- page: garden
  title: Garten
  ask:
  - {ask: plots, type: number, label: "Wie viele?", least: 1, most: 5, needed_for: "Gartenordnung § 2"}
  - {ask: colour, type: text, label: "Lieblingsfarbe?", needed_for: "Gartenordnung § 9"}
documents:
- {need: plan, when: plots > 4, any_of: [plan], later: 2 weeks, needed_for: "Gartenordnung § 3"}
)" + papers + R"(papers:
  plan: {label: Plan}
)";
    }

    std::string model() const {
        const auto decision = [](const std::string& name, const std::string& type, const std::string& needs, const std::string& text) {
            return "<decision id='" + name + "' name='" + name + "'><variable name='" + name + "' typeRef='" + type + "'/>" + needs +
                   "<literalExpression><text><![CDATA[" + text + "]]></text></literalExpression></decision>";
        };
        std::string inputs, needs;
        for (const char* input : {"applicant", "home", "plots", "case", "email"}) {
            inputs += std::string("<inputData id='i_") + input + "' name='" + input + "'><variable name='" + input + "'/></inputData>";
            needs += std::string("<informationRequirement><requiredInput href='#i_") + input + "'/></informationRequirement>";
        }
        return "<?xml version='1.0'?><definitions xmlns='https://www.omg.org/spec/DMN/20230324/MODEL/' name='garden' namespace='urn:garden'>" + inputs +
               decision("obstacles", "Any", needs, "if " + rule + " then [\"too_many\"] else []") + decision("looks", "Any", "", "[]") +
               decision("outcome", "string", "<informationRequirement><requiredDecision href='#obstacles'/></informationRequirement>",
                        "if count(obstacles) > 0 then \"refuse\" else \"grant\"") +
               "</definitions>";
    }

    FairnessReport report(int cases = 150) const { return fairness_of(*package(), *city(), {cases, 1, *parse_day("2026-03-16")}); }
};

const FairnessLine& line(const FairnessReport& report, const std::string& attribute, std::optional<Kind> kind = std::nullopt) {
    for (const auto& one : report.lines)
        if (one.attribute == attribute && (!kind || one.kind == *kind)) return one;
    throw std::out_of_range(attribute);
}

/// Attributes that must not matter and did.
std::set<std::string> unfair(const FairnessReport& report) {
    std::set<std::string> names;
    for (const auto& one : report.lines)
        if (one.must_not_matter() && one.changed()) names.insert(one.attribute);
    return names;
}

using Names = std::set<std::string>;

TEST(Fairness, finds_nothing_in_a_fair_service_and_tries_everything_in_it) {
    Garden fair;
    fair.letter = "Guten Tag {{ applicant.first_name }} {{ applicant.last_name }} aus {{ home.address }}, das ist Ihr Garten.";
    const auto report = fair.report();
    EXPECT_EQ(unfair(report), Names{});
    EXPECT_EQ(report.changed(), 0);
    EXPECT_EQ(report.made, 150);
    for (const auto& one : report.lines) EXPECT_GT(one.tried, 20) << one.attribute << " " << name_of(one.kind);
    EXPECT_EQ(line(report, "applicant.salutation").kind, Kind::protected_attribute);
    EXPECT_EQ(line(report, "colour").kind, Kind::not_read);
    EXPECT_EQ(line(report, "email").kind, Kind::contact);
    EXPECT_EQ(report.not_asked, (std::vector<std::string>{"age", "disability", "orientation", "origin", "religion"}));
}

TEST(Fairness, counts_what_the_law_makes_count_without_calling_it_unfair) {
    const auto report = Garden{}.report();
    const auto& plots = line(report, "plots");
    EXPECT_EQ(plots.kind, Kind::cited);
    EXPECT_EQ(plots.norm, "Gartenordnung § 2");
    EXPECT_GT(plots.decisions, 0);
    EXPECT_EQ(report.changed(), 0);
}

TEST(Fairness, finds_a_name_that_is_refused) {
    Garden hidden;
    hidden.rule = "plots > 3 or applicant.last_name = \"Öztürk\"";  // on no list of names: found because the rule itself mentions it
    const auto report = hidden.report();
    EXPECT_EQ(unfair(report), Names{"applicant.last_name"});
    const auto& found = line(report, "applicant.last_name");
    ASSERT_TRUE(found.first);
    EXPECT_EQ(found.first->difference, "outcome: grant -> refuse");
    EXPECT_EQ(found.first->to, "Öztürk");
    EXPECT_EQ(found.wordings, 0);  // another decision has another letter: not a second finding
}

TEST(Fairness, finds_letters_of_foreign_names) {
    Garden hidden;
    hidden.rule = "matches(applicant.first_name, \"[^A-Za-z]\")";
    EXPECT_EQ(unfair(hidden.report()), Names{"applicant.first_name"});
}

TEST(Fairness, finds_a_rule_about_sex) {
    Garden hidden;
    hidden.rule = "plots > (if applicant.salutation = \"mrs\" then 2 else 3)";
    EXPECT_EQ(unfair(hidden.report()), Names{"applicant.salutation"});
}

TEST(Fairness, finds_a_postcode_that_is_refused) {
    Garden hidden;
    hidden.rule = "home.address.postcode = \"48159\"";
    const auto report = hidden.report();
    EXPECT_EQ(unfair(report), Names{"home.address"});
    EXPECT_TRUE(line(report, "home.address", Kind::district).changed());
}

TEST(Fairness, finds_people_without_an_e_mail_address_who_are_refused) {
    Garden hidden;
    hidden.rule = "email = null";
    EXPECT_EQ(unfair(hidden.report()), Names{"email"});
}

TEST(Fairness, finds_a_way_of_applying_that_is_treated_worse) {
    Garden hidden;
    hidden.rule = "case.channel = \"paper\" and plots > 1";
    EXPECT_EQ(unfair(hidden.report()), Names{"case.channel"});
}

TEST(Fairness, finds_a_letter_that_speaks_differently_to_men) {
    Garden hidden;
    hidden.letter = "{{#if applicant.salutation = \"mr\" }}\nGern geben wir Ihnen den Garten.\n{{else}}\nSie bekommen den Garten auf Widerruf.\n{{/if}}";
    const auto report = hidden.report();
    EXPECT_EQ(unfair(report), Names{"applicant.salutation"});
    const auto& found = line(report, "applicant.salutation");
    EXPECT_GT(found.wordings, 0);
    EXPECT_EQ(found.decisions, 0);
    ASSERT_TRUE(found.first);
    EXPECT_NE(found.first->difference.find("Widerruf"), std::string::npos);
}

TEST(Fairness, finds_people_who_wait_longer_for_a_paper_that_only_they_need) {
    Garden hidden;
    hidden.papers = "- {need: origin_proof, when: 'matches(applicant.last_name, \"[^A-Za-z]\")', any_of: [plan], later: 2 weeks, needed_for: \"Gartenordnung § 3\"}\n";
    const auto report = hidden.report();
    EXPECT_EQ(unfair(report), Names{"applicant.last_name"});
    EXPECT_GT(line(report, "applicant.last_name").promises, 0);  // the clock stands still until the paper comes
}

TEST(Fairness, lists_a_protected_attribute_with_its_norm_and_finds_it_without_one) {
    Garden garden;
    garden.protected_row = "  - {ask: applicant.birth_date, type: date, label: Geburtsdatum, from_profile: birth_date, protected: age, needed_for: \"Gartenordnung § 4\"}\n";
    garden.rule = "years and months duration(applicant.birth_date, case.received).years < 18";
    const auto cited = garden.report();
    EXPECT_EQ(unfair(cited), Names{});
    EXPECT_GT(line(cited, "applicant.birth_date", Kind::cited).decisions, 0);
    EXPECT_GT(line(cited, "applicant.birth_date", Kind::age_band).tried, 20);  // the day of birth alone changes nothing

    garden.protected_row = "  - {ask: applicant.birth_date, type: date, label: Geburtsdatum, needed_for: Gartenordnung}\n";
    const auto uncited = garden.report();
    EXPECT_EQ(unfair(uncited), Names{"applicant.birth_date"});
    EXPECT_EQ(line(uncited, "applicant.birth_date").kind, Kind::protected_attribute);
}

TEST(Fairness, finds_a_birthday_that_matters_at_the_same_age) {
    Garden garden;
    garden.protected_row = "  - {ask: applicant.birth_date, type: date, label: Geburtsdatum, from_profile: birth_date, protected: age, needed_for: \"Gartenordnung § 4\"}\n";
    garden.rule = "applicant.birth_date.day > 14";
    EXPECT_TRUE(line(garden.report(), "applicant.birth_date", Kind::age_band).changed());
}

TEST(Fairness, of_every_service_of_the_city_is_kept) {
    for (const auto* package : city()->packages()) {
        if (package->service.link_only) continue;
        const auto report = fairness_of(*package, *city(), {60, 7, fairness_day(*package, city()->law(), *parse_day("2026-11-24"))});
        EXPECT_EQ(unfair(report), Names{}) << package->service.id;
        EXPECT_GT(report.flips(), 500) << package->service.id;
    }
}

TEST(Fairness, gives_the_same_report_for_the_same_seed) {
    EXPECT_EQ(Garden{}.report(20), Garden{}.report(20));
}

TEST(Fairness, survives_as_json) {
    Garden hidden;
    hidden.rule = "email = null";
    const auto report = hidden.report(20);
    const auto again = fairness_from_json(to_json(report));
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, report);
    EXPECT_FALSE(fairness_from_json("{}"));
    EXPECT_FALSE(fairness_from_json("["));
}

TEST(SameWords, allow_the_flipped_value_and_nothing_else) {
    const Spellings names{{"Hammer Straße 30", "Hammer Straße 5"}, {"Li", "von der Linde"}};
    EXPECT_TRUE(same_words("Guten Tag Li, Hammer Straße 30!", "Guten Tag von der Linde, Hammer Straße 5!", names));
    EXPECT_TRUE(same_words("Li und noch einmal Li", "von der Linde und noch einmal Li", names));  // a second person may have the old name
    EXPECT_FALSE(same_words("Guten Tag Li.", "Guten Abend von der Linde.", names));
    EXPECT_FALSE(same_words("30 Tage", "5 Tage", names));
    EXPECT_FALSE(same_words("Guten Tag", "Guten Tag Li", names));
    EXPECT_TRUE(same_words("Guten Tag ", "Guten Tag Li", {{"", "Li"}}));
}

class FairnessStore : public store::OnBothEngines {};

TEST_P(FairnessStore, keeps_the_newest_report_of_a_version) {
    database().migrate(migrations(), *parse_moment("2026-03-16T08:00:00.000Z"));
    auto report = Garden{}.report(5);
    report.law_hash = "a";
    store_fairness(database(), report, *parse_moment("2026-03-16T09:00:00.000Z"));
    report.seed = 2;
    store_fairness(database(), report, *parse_moment("2026-03-16T10:00:00.000Z"));
    auto other_law = report;
    other_law.law_hash = "b";
    store_fairness(database(), other_law, *parse_moment("2026-03-16T09:30:00.000Z"));
    database().read([&](store::Session& session) {
        const auto last = last_fairness(session, report.package_hash);
        ASSERT_TRUE(last);
        EXPECT_EQ(last->report, report);
        EXPECT_EQ(to_iso(last->made), "2026-03-16T10:00:00.000Z");
        EXPECT_EQ(fairness_under(session, report.package_hash, "b")->report, other_law);
        EXPECT_FALSE(fairness_under(session, report.package_hash, "c"));
        EXPECT_FALSE(last_fairness(session, "unknown"));
    });
}

INSTANTIATE_TEST_SUITE_P(Engines, FairnessStore, testing::ValuesIn(store::kEngines));

}  // namespace
}  // namespace kiepe::rules
