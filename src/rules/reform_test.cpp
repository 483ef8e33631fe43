// Proposals, their comparison by a job, and late law, on both engines; the pages that show them.
#include <gtest/gtest.h>

#include "base/text.h"
#include "casework/test_city.h"
#include "catalogue/changed.h"
#include "rules/pages.h"
#include "rules/proposals.h"
#include "rules/reform_jobs.h"
#include "rules/reform_view.h"
#include "rules/sql.h"
#include "store/query_plan.h"

namespace kiepe::rules {
namespace {

using casework::test::city;
using casework::test::Office;

constexpr const char* kParkingLaw = "cities/muenster/law/parking-order/fees.yaml";

std::string parking_law(const std::string& from, const std::string& to) {
    const auto content = city()->law().files().at(kParkingLaw);
    if (content.find(from) == std::string::npos) throw std::runtime_error("not in the law: " + from);
    return replace_all(content, from, to);
}

TEST(ReformView, counts_one_decision_as_a_person_would) {
    Comparison one;
    one.compared = 1;
    EXPECT_EQ(headline(*casework::test::texts(), "de", one), "Die einzige Entscheidung würde gleich ausfallen.");
    one.changed = one.lose = 1;
    EXPECT_TRUE(headline(*casework::test::texts(), "de", one).starts_with("Die einzige Entscheidung würde anders ausfallen:"));
    one.compared = 2;
    EXPECT_TRUE(headline(*casework::test::texts(), "de", one).starts_with("Eine von 2 Entscheidungen"));
}

TEST(Proposal, finds_the_place_of_a_file) {
    const auto& package = *city()->package("resident-parking");
    ProposedFiles files;
    ASSERT_TRUE(place(package, city()->law(), "C:\\rules\\form.yaml", "form: 1", files).ok());
    ASSERT_TRUE(place(package, city()->law(), "changed.dmn", "<x/>", files).ok());
    ASSERT_TRUE(place(package, city()->law(), "gebühren-2027.yaml", "# Neu\nact: \"parking_order\"  # die Stadt\nname: x\n", files).ok());
    EXPECT_TRUE(files.package.contains("form.yaml") && files.package.contains("decision.dmn"));
    EXPECT_TRUE(files.law.contains(kParkingLaw));
    const auto other = place(package, city()->law(), "amounts.yaml", "act: WoGG\n", files);
    ASSERT_FALSE(other.ok());
    EXPECT_EQ(other.error().code, "proposal_unknown_act");
    EXPECT_EQ(place(package, city()->law(), "notes.txt", "act: parking_order\n", files).error().code, "proposal_unknown_file");
    EXPECT_EQ(place(package, city()->law(), "notes.yaml", "name: nothing\n", files).error().code, "proposal_unknown_file");
}

TEST(Proposal, says_file_and_line_of_a_mistake_and_nothing_that_was_there_before) {
    ProposedFiles files;
    files.law[kParkingLaw] = parking_law("is: 260,", "is: 300,");
    std::vector<catalogue::Finding> findings;
    ASSERT_TRUE(with_proposal(city(), "resident-parking", files, findings));
    EXPECT_TRUE(findings.empty()) << findings[0].code << " " << findings[0].file;
    files.law[kParkingLaw] = parking_law("from: 2024-01-01, source", "frm: 2024-01-01, source");
    EXPECT_FALSE(with_proposal(city(), "resident-parking", files, findings));
    ASSERT_FALSE(findings.empty());
    EXPECT_EQ(findings[0].file, kParkingLaw);
    EXPECT_EQ(findings[0].line, 13);
    findings.clear();
    files.law.clear();
    files.package["service.yaml"] = city()->package("resident-parking")->files.at("service.yaml") + "nonsense: true\n";
    EXPECT_FALSE(with_proposal(city(), "resident-parking", files, findings));
    ASSERT_FALSE(findings.empty());
    EXPECT_EQ(findings[0].file, "service.yaml");
    findings.clear();
    files.package["service.yaml"].clear();
    EXPECT_FALSE(with_proposal(city(), "resident-parking", files, findings));
}

class Reform : public store::OnBothEngines {
protected:
    void SetUp() override {
        OnBothEngines::SetUp();
        if (IsSkipped()) return;
        office = std::make_unique<Office>(database());
        database().migrate(migrations(), office->clock.now());
        current = city();
        for (const auto* package : city()->packages()) catalogue::keep_version(database(), *package, city()->law(), office->clock.now());
        work = std::make_unique<Work>(Work{*office->cases, database(), *casework::test::texts(), office->clock, [this] { return current; }});
    }
    void TearDown() override {
        work.reset();
        office.reset();
    }

    void run_jobs() { store::Worker(database(), office->clock, jobs(*work), false).run_due(); }

    Proposal dearer() {
        Proposal proposal;
        proposal.name = "Gebühr 300";
        proposal.service = "resident-parking";
        proposal.in_force = *parse_day("2026-11-24");
        proposal.created_by = "winter";
        proposal.files.law[kParkingLaw] = parking_law("is: 260,", "is: 300,");
        return proposal;
    }

    /// As many cases as asked for, each decided by the machine at once.
    std::vector<std::string> decide(int count) {
        std::vector<std::string> numbers;
        for (int tries = 0; int(numbers.size()) < count && tries < 3 * count + 10; ++tries) {
            const auto receipt = office->submit(office->parking_draft());
            if (receipt.decided_at_once) numbers.push_back(receipt.number);
        }
        return numbers;
    }

    std::unique_ptr<Office> office;
    std::unique_ptr<Work> work;
    std::shared_ptr<const catalogue::Catalogue> current;
};

TEST_P(Reform, keeps_a_proposal_with_its_files) {
    Proposals proposals(database());
    const auto id = proposals.add(dearer(), office->clock.now());
    const auto kept = proposals.find(id);
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->name, "Gebühr 300");
    EXPECT_EQ(kept->files.law.at(kParkingLaw), dearer().files.law.at(kParkingLaw));
    EXPECT_EQ(kept->state, "waiting");
    EXPECT_FALSE(kept->preview);
    ASSERT_EQ(proposals.newest().size(), 1u);
    EXPECT_TRUE(proposals.newest()[0].files.empty()) << "the list is light";
    proposals.remove(id);
    EXPECT_FALSE(proposals.find(id));
    EXPECT_FALSE(proposals.set_progress(id, 1, 2));
    run_jobs();
}

TEST_P(Reform, compares_stored_decisions_and_made_applications_apart) {
    const auto numbers = decide(6);
    ASSERT_EQ(numbers.size(), 6u);
    Proposals proposals(database());
    const auto id = proposals.add(dearer(), office->clock.now());
    run_jobs();
    const auto done = proposals.find(id);
    ASSERT_TRUE(done && done->preview);
    EXPECT_EQ(done->state, "done");
    const auto& stored = done->preview->stored;
    EXPECT_GE(stored.compared, 6);
    EXPECT_EQ(stored.lose, stored.compared) << "each of them pays the fee";
    EXPECT_GE(kiepe::compare(stored.total_after, Decimal(1800)), 0);
    ASSERT_EQ(stored.groups.size(), 1u);
    EXPECT_TRUE(stored.groups[0].shows_amounts);
    EXPECT_TRUE(stored.groups[0].example.empty()) << "an example of people says not whose it is";
    EXPECT_TRUE(done->preview->has_made);
    EXPECT_GT(done->preview->made.compared, 100);
    EXPECT_EQ(done->preview->made.gain, 0);
    EXPECT_GT(done->preview->made.lose, 0);
    EXPECT_EQ(done->preview->package_hash, city()->package("resident-parking")->hash);
}

TEST_P(Reform, hides_the_amounts_of_four_people) {
    ASSERT_EQ(decide(4).size(), 4u);
    Proposals proposals(database());
    auto proposal = dearer();
    const auto id = proposals.add(proposal, office->clock.now());
    run_jobs();
    const auto done = proposals.find(id);
    ASSERT_TRUE(done && done->preview);
    if (done->preview->stored.compared >= 5) GTEST_SKIP() << "spot checks made more cases";
    EXPECT_EQ(done->preview->stored.hidden, done->preview->stored.changed);
    EXPECT_TRUE(done->preview->stored.total_after.is_zero());
}

TEST_P(Reform, keeps_broken_files_and_compares_corrected_ones) {
    Proposals proposals(database());
    auto broken = dearer();
    broken.state = "broken";
    broken.files.law[kParkingLaw] = "act: parking_order\nparameters: [";
    const auto id = proposals.add(broken, office->clock.now());
    run_jobs();
    EXPECT_EQ(proposals.find(id)->state, "broken");
    proposals.set_files(id, dearer().files, false, office->clock.now());
    EXPECT_EQ(proposals.find(id)->state, "waiting");
    run_jobs();
    EXPECT_EQ(proposals.find(id)->state, "done");
}

TEST_P(Reform, finds_decisions_that_late_law_reaches) {
    const auto numbers = decide(2);
    ASSERT_EQ(numbers.size(), 2u);
    run_jobs();
    for (const auto& row : Proposals(database()).late_law()) { EXPECT_TRUE(row.late.changes.empty()) << row.service; }

    std::vector<catalogue::Finding> findings;
    const auto later = catalogue::changed(city(), "resident-parking", {}, {{kParkingLaw, parking_law("is: 260,", "is: 200,")}}, false, findings);
    ASSERT_TRUE(later.ok());
    current = *later;
    run_jobs();  // another law than the one that was looked at: at once, not only in the night
    std::int64_t found = 0;
    for (const auto& row : Proposals(database()).late_law()) {
        for (const auto& change : row.late.changes) {
            ++found;
            EXPECT_EQ(row.service, "resident-parking");
            EXPECT_EQ(change.parameter.parameter, "fee_year");
            EXPECT_EQ(change.parameter.before.text(), "260");
            EXPECT_EQ(change.parameter.after.text(), "200");
            EXPECT_GE(change.used, 2);
            EXPECT_GE(change.cases.size(), 2u);
            for (const auto& each : change.cases) { EXPECT_EQ(each.effect, Effect::gain); }
        }
    }
    EXPECT_EQ(found, 1);
}

TEST_P(Reform, leaves_decisions_alone_that_the_change_does_not_reach) {
    ASSERT_EQ(decide(1).size(), 1u);
    std::vector<catalogue::Finding> findings;
    // A row of the future, and one of the past that another row replaced before anybody decided.
    const auto later = catalogue::changed(city(), "resident-parking", {}, {{kParkingLaw, parking_law("is: 17,", "is: 19,")}}, false, findings);
    ASSERT_TRUE(later.ok());
    const auto late = late_law_of(*office->cases, database(), **later, *(*later)->package("resident-parking"));
    EXPECT_GE(late.looked_at, 1);
    EXPECT_TRUE(late.changes.empty());
    EXPECT_EQ(late.gone, 0);
}

TEST_P(Reform, reads_no_growing_table_from_end_to_end) {
    const auto scans = store::full_scans(database(), {sql::proposal_by_id, sql::proposals_newest, sql::proposal_progress, sql::proposal_delete},
                                         {"rules_late_law"});
    // The list walks the index of days and ends after 200.
    for (const auto& scan : scans) { EXPECT_NE(scan.find("proposals_created"), std::string::npos) << scan; }
}

INSTANTIATE_TEST_SUITE_P(Engines, Reform, testing::ValuesIn(store::kEngines));

}  // namespace
}  // namespace kiepe::rules
