// What happens after a decision: contested, opened again, decided anew or kept; and the law and rules that a notice names.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "casework/cases.h"
#include "casework/sql.h"
#include "casework/test_city.h"
#include "store/query_plan.h"

namespace kiepe::casework {
namespace {

using feel::Value;
using test::Office;

class Corrections : public store::OnBothEngines {
protected:
    void SetUp() override {
        OnBothEngines::SetUp();
        if (!IsSkipped()) office = std::make_unique<Office>(database());
    }
    void TearDown() override { office.reset(); }

    Case hers(const Receipt& receipt) { return office->cases->by_token(receipt.case_token, "demo:jana-beispiel").value(); }
    Case staff_view(std::int64_t id) { return office->cases->for_staff(id, office->clerk, "access_task").value(); }
    Receipt granted() { return office->submit(office->parking_draft()); }
    Receipt reopened(const std::string& kind = "error_input") {
        const auto receipt = granted();
        EXPECT_TRUE(office->cases->reopen(receipt.id, staff_view(receipt.id).version, office->clerk, kind, "Das Kennzeichen war falsch gelesen.").ok());
        return receipt;
    }
    std::string deletion_day(std::int64_t id) {
        std::string day;
        database().read([&](store::Session& session) {
            const SqlText statement{"select delete_on from cases where id = $1", "select delete_on from cases where id = $1"};
            day = session.query(statement, {id}).at(0).text(0);
        });
        return day;
    }
    /// Payloads of the case that would be deleted on the case's day, and those that would not.
    std::pair<std::int64_t, std::int64_t> payloads(std::int64_t id) {
        std::pair<std::int64_t, std::int64_t> counts;
        database().read([&](store::Session& session) {
            const std::string text = "select count(*) from event_payloads where case_id = $1 and delete_on is ";
            static const std::string dated = text + "not null", open = text + "null";
            counts = {session.query(SqlText{dated, dated}, {id}).at(0).number(0), session.query(SqlText{open, open}, {id}).at(0).number(0)};
        });
        return counts;
    }

    std::unique_ptr<Office> office;
};

std::string said(const Notice& notice) { return replace_all(documents::to_text(notice.blocks), "\u00a0", " "); }

TEST_P(Corrections, keeps_an_objection_with_its_day_and_puts_it_on_the_desk) {
    const auto receipt = granted();
    ASSERT_EQ(office->cases->desk({}).size(), 0u);
    ASSERT_TRUE(office->cases->contest(receipt.id, "Mein Auto ist kürzer.", "click").ok());
    ASSERT_TRUE(office->cases->contest(receipt.id, "Mein Auto ist kürzer.", "click").ok()) << "the same click";
    EXPECT_EQ(office->cases->contest(receipt.id, "Noch etwas.", "other").error().code, "objection_already");
    const Case c = hers(receipt);
    ASSERT_EQ(c.objections.size(), 1u);
    EXPECT_EQ(c.objections[0].text, "Mein Auto ist kürzer.");
    EXPECT_EQ(c.objections[0].received, office->clock.now());
    EXPECT_FALSE(c.objections[0].late);
    EXPECT_EQ(c.state, State::decided);
    ASSERT_TRUE(c.contested());
    EXPECT_TRUE(c.promise.running);
    EXPECT_EQ(to_iso(c.promise.due), "2026-11-27");
    EXPECT_EQ(c.timeline.back().code, "objection_received");
    const auto rows = office->cases->desk({});
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_TRUE(rows[0].contested);
    EXPECT_TRUE(rows[0].has_new);
    DeskFilter decided;
    decided.state = "decided";
    EXPECT_EQ(office->cases->desk_count(decided), 0) << "not closed before it is answered";
    EXPECT_EQ(office->cases->contest(receipt.id, "  ", "").error().code, "message_empty");
}

TEST_P(Corrections, reckons_the_period_cautiously_and_takes_what_comes_late_all_the_same) {
    const auto receipt = granted();
    // Given on 25 November at the earliest; a month later is Christmas Day, a Friday, then Saturday and Sunday.
    EXPECT_EQ(to_iso(office->cases->remedy_until(hers(receipt)).value()), "2026-12-28");
    office->clock.advance(std::chrono::hours(24 * 40));
    ASSERT_TRUE(office->cases->contest(receipt.id, "Zu spät, aber trotzdem.", "").ok());
    EXPECT_TRUE(hers(receipt).objections[0].late);
    EXPECT_EQ(to_iso(hers(receipt).objections[0].until.value()), "2026-12-28");
}

TEST_P(Corrections, opens_a_decided_case_again_and_never_decides_it_by_machine) {
    const auto receipt = granted();
    ASSERT_TRUE(office->cases->contest(receipt.id, "Falsches Kennzeichen.", "").ok());
    const Case before = staff_view(receipt.id);
    EXPECT_EQ(office->cases->reopen(receipt.id, before.version, office->clerk, "mood", "x").error().code, "reason_unknown");
    EXPECT_EQ(office->cases->reopen(receipt.id, before.version, office->clerk, "error_input", " ").error().code, "reason_missing");
    EXPECT_EQ(office->cases->reopen(receipt.id, before.version - 1, office->clerk, "error_input", "x").error().code, "case_changed");
    office->clock.advance(std::chrono::hours(24));
    ASSERT_TRUE(office->cases->reopen(receipt.id, before.version, office->clerk, "error_input", "Das Kennzeichen war falsch gelesen.").ok());
    const Case c = staff_view(receipt.id);
    EXPECT_EQ(c.state, State::in_review);
    EXPECT_EQ(to_iso(c.promise.due), "2026-11-30") << "three working days from the day it was opened again";
    EXPECT_TRUE(c.notices[0].under_review);
    EXPECT_EQ(c.objections[0].answer, "reopened");
    ASSERT_EQ(c.corrections.size(), 1u);
    EXPECT_EQ(c.corrections[0].objection, c.objections[0].number);
    EXPECT_EQ(c.timeline.back().code, "reopened_error_input");
    EXPECT_EQ(c.timeline.back().args.at("why"), "Das Kennzeichen war falsch gelesen.");
    const auto preparation = office->cases->preparation(c);
    EXPECT_EQ(preparation.outcome, "grant");
    EXPECT_FALSE(preparation.automatic);
    ASSERT_EQ(preparation.held_by.size(), 1u);
    EXPECT_EQ(preparation.held_by[0].code, "corrected");
    // What set a case off before (a checked paper) does not any more.
    ASSERT_TRUE(office->cases->check_paper(c.id, c.version, office->clerk, c.files[0].id, true, "").ok());
    EXPECT_EQ(staff_view(receipt.id).state, State::in_review);
    EXPECT_EQ(office->cases->withdraw(c.id).error().code, "case_closed");
    EXPECT_EQ(office->cases->contest(c.id, "Und noch etwas.", "").error().code, "under_review");
    database().read([&](store::Session& session) { EXPECT_FALSE(store::verify(session, c.id)); });
}

TEST_P(Corrections, decides_anew_keeps_the_old_notice_and_can_still_replay_it) {
    const auto receipt = reopened();
    Case c = staff_view(receipt.id);
    ASSERT_TRUE(office->cases->decide(c.id, c.version, office->clerk, "grant", "").ok());
    c = hers(receipt);
    EXPECT_EQ(c.state, State::decided);
    ASSERT_EQ(c.notices.size(), 2u);
    EXPECT_EQ(c.notices[0].replaced_by, c.notices[1].number);
    EXPECT_FALSE(c.notices[0].under_review);
    EXPECT_EQ(c.decision(), &c.notices[1]);
    EXPECT_FALSE(c.notices[1].automatic);
    EXPECT_NE(said(c.notices[1]).find("Dieser Bescheid ersetzt unseren Bescheid vom 24. November 2026"), std::string::npos) << said(c.notices[1]);
    EXPECT_GT(c.notices[0].attachment, 0);
    EXPECT_GT(c.notices[1].attachment, 0);
    for (const auto& notice : c.notices) {
        const auto same = office->cases->replay(c.id, notice.number);
        ASSERT_TRUE(same.ok()) << same.error().code;
        EXPECT_TRUE(*same);
    }
    ASSERT_TRUE(office->cases->contest(receipt.id, "Auch der neue stimmt nicht.", "").ok()) << "the new notice can be contested as well";
}

TEST_P(Corrections, answers_a_refused_objection_with_a_letter) {
    const auto receipt = granted();
    EXPECT_EQ(office->cases->keep(receipt.id, staff_view(receipt.id).version, office->clerk, "Nein.").error().code, "nothing_contested");
    ASSERT_TRUE(office->cases->contest(receipt.id, "Zu teuer.", "").ok());
    const auto version = staff_view(receipt.id).version;
    EXPECT_EQ(office->cases->keep(receipt.id, version, office->clerk, "").error().code, "reason_missing");
    ASSERT_TRUE(office->cases->keep(receipt.id, version, office->clerk, "Die Gebühr steht in der Ordnung.\n\nSie gilt für alle.").ok());
    const Case c = hers(receipt);
    EXPECT_FALSE(c.contested());
    EXPECT_EQ(c.objections[0].answer, "kept");
    ASSERT_EQ(c.notices.size(), 2u);
    EXPECT_EQ(c.notices[1].keeps, c.notices[0].number);
    EXPECT_EQ(c.decision(), &c.notices[0]);
    EXPECT_NE(said(c.notices[1]).find("Sie gilt für alle."), std::string::npos);
    EXPECT_NE(said(c.notices[1]).find("bis 28. Dezember 2026 beim Verwaltungsgericht"), std::string::npos) << said(c.notices[1]);
    EXPECT_GT(c.notices[1].attachment, 0) << "as a letter too";
    EXPECT_EQ(office->cases->desk({}).size(), 0u);
    EXPECT_EQ(office->cases->keep(receipt.id, c.version, office->clerk, "Noch einmal.").error().code, "nothing_contested");
    office->run_jobs();
    EXPECT_EQ(office->mailer.sent.size(), 2u) << "one for the notice, one for the answer";
}

TEST_P(Corrections, names_the_court_where_an_objection_was_refused) {
    Draft draft;  // on paper, entered by staff
    draft.service = "dog-tax";
    draft.package_hash = test::city()->package("dog-tax")->hash;
    draft.language = "de";
    draft.entered_by = "berger";
    draft.delivery = "post";
    const auto receipt = office->submit(office->drafts.begin(draft));
    const auto view = [&] { return staff_view(receipt.id); };
    ASSERT_TRUE(office->cases->decide(receipt.id, view().version, office->clerk, "assess", "# Bescheid\n\n120 Euro.").ok());
    ASSERT_TRUE(office->cases->contest(receipt.id, "Kein Hund.", "").ok());
    ASSERT_TRUE(office->cases->keep(receipt.id, view().version, office->clerk, "Doch.").ok());
    const Case c = view();
    ASSERT_EQ(c.notices.size(), 2u);
    EXPECT_NE(said(c.notices[1]).find("Ihren Widerspruch weisen wir zurück"), std::string::npos) << said(c.notices[1]);
    EXPECT_NE(said(c.notices[1]).find("Klage beim Verwaltungsgericht"), std::string::npos) << said(c.notices[1]);
    EXPECT_EQ(office->cases->print_queue().size(), 2u) << "both go by post";
}

TEST_P(Corrections, deletes_nothing_that_is_contested_and_everything_on_the_new_day) {
    const auto receipt = granted();
    EXPECT_EQ(deletion_day(receipt.id), "2029-11-23") << "two years after the permit ends";
    ASSERT_TRUE(office->cases->contest(receipt.id, "Falsch.", "").ok());
    EXPECT_EQ(deletion_day(receipt.id), "");
    EXPECT_EQ(payloads(receipt.id).first, 0);
    ASSERT_TRUE(office->cases->reopen(receipt.id, staff_view(receipt.id).version, office->clerk, "new_facts", "Neuer Vertrag.").ok());
    EXPECT_EQ(deletion_day(receipt.id), "");
    ASSERT_TRUE(office->cases->decide(receipt.id, staff_view(receipt.id).version, office->clerk, "grant", "").ok());
    EXPECT_EQ(deletion_day(receipt.id), "2029-11-23");
    ASSERT_TRUE(office->cases->write_message(receipt.id, "Danke.", "").ok());
    EXPECT_EQ(payloads(receipt.id).second, 0) << "what is written after the end goes with the rest";
}

TEST_P(Corrections, counts_what_became_of_decisions) {
    const auto since = office->clock.now() - std::chrono::hours(24);
    granted();
    const auto first = granted();
    ASSERT_TRUE(office->cases->contest(first.id, "Falsch.", "").ok());
    ASSERT_TRUE(office->cases->reopen(first.id, staff_view(first.id).version, office->clerk, "error_rule", "Die Grenze war falsch.").ok());
    ASSERT_TRUE(office->cases->decide(first.id, staff_view(first.id).version, office->clerk, "grant", "").ok());
    const auto counts = office->cases->decision_counts("resident-parking", since);
    EXPECT_EQ(counts.automatic.made, 2);
    EXPECT_EQ(counts.automatic.contested, 1);
    EXPECT_EQ(counts.automatic.corrected.at("error_rule"), 1);
    EXPECT_EQ(counts.by_hand.made, 1);
    EXPECT_TRUE(counts.by_hand.corrected.empty());
    EXPECT_EQ(office->cases->decision_counts("resident-parking", office->clock.now() + std::chrono::hours(1)).automatic.made, 0);
}

TEST_P(Corrections, reads_no_table_from_end_to_end) {
    const auto scans = store::full_scans(database(), {sql::decision_counts, sql::decision_corrected, sql::decision_contested});
    EXPECT_TRUE(scans.empty()) << scans.front();
}

TEST_P(Corrections, says_in_every_notice_by_which_rules_and_which_law_it_was_decided) {
    const Case c = hers(granted());
    const auto& package = *test::city()->package("resident-parking");
    EXPECT_NE(said(c.notices[0]).find("Entschieden nach den Regeln vom 24. November 2026 (Fassung " + package.service.version + ", Kennung " + package.hash.substr(0, 12) +
                                      ") mit dem Recht vom 24. November 2026."),
              std::string::npos)
        << said(c.notices[0]);
    EXPECT_EQ(c.notices[0].rules.package_hash, package.hash);
    EXPECT_EQ(to_iso(c.notices[0].rules.law_day), "2026-11-24");
    // A clerk may write whatever she likes: the house still says it, and that a person decided.
    const auto by_hand = office->submit(office->parking_draft([](Draft& draft) { draft.answers = draft.answers.with("remark", test::text("Hallo")); }));
    ASSERT_TRUE(office->cases->decide(by_hand.id, staff_view(by_hand.id).version, office->clerk, "grant", "# Ihr Ausweis").ok());
    EXPECT_NE(said(hers(by_hand).notices[0]).find("Entschieden hat ein Mensch."), std::string::npos);
}

/// The city with a dearer permit from New Year on.
std::shared_ptr<const catalogue::Catalogue> dearer_city() {
    namespace fs = std::filesystem;
    static const auto loaded = [] {
        const auto folder = fs::temp_directory_path() / ("kiepe-law-" + std::to_string(::getpid()));
        fs::remove_all(folder);
        fs::create_directories(folder);
        for (const char* part : {"packages", "law", "cities"}) fs::copy(std::string(KIEPE_SOURCE_DIR) + "/" + part, folder / part, fs::copy_options::recursive);
        for (const auto& file : fs::recursive_directory_iterator(folder / "cities" / "muenster" / "law")) {
            if (file.path().extension() != ".yaml") continue;
            auto text = read_file(file.path().string());
            if (const auto at = text.find("is: 260"); at != std::string::npos) {
                const auto line = text.rfind("\n    - ", at) + 1;
                text.insert(text.find('\n', at) + 1, "    - {from: 2027-01-01, source: Test, is: 300}\n");
                EXPECT_GT(line, 1u);
                std::ofstream(file.path()) << text;
            }
        }
        std::vector<catalogue::Finding> findings;
        auto all = catalogue::Catalogue::load({(folder / "packages").string(), (folder / "law").string(), (folder / "cities" / "muenster").string(), false}, test::texts(), findings);
        fs::remove_all(folder);
        if (!all) throw std::runtime_error(all.error().code + " " + all.error().where);
        return *all;
    }();
    return loaded;
}

TEST_P(Corrections, decides_a_case_of_december_in_january_by_the_law_of_december) {
    Cases cases(Surround{.database = database(), .clock = office->clock, .catalogue = [] { return dearer_city(); }, .identity = office->identity,
                         .typesetter = office->typesetter, .mailer = office->mailer, .texts = *test::texts(), .public_origin = "https://kiepe.example",
                         .poke_worker = [] {}, .profile = &office->profile});
    const auto submitted = [&](const char* start) {
        return *cases.submit(office->parking_draft([&](Draft& draft) {
            draft.package_hash = dearer_city()->package("resident-parking")->hash;
            draft.answers = draft.answers.with("remark", test::text("Bitte ansehen")).with("start", Value::date(*parse_day(start)));
        }), {});
    };
    office->clock.advance(std::chrono::hours(24 * 26));  // 20 December
    const auto december = submitted("2026-12-20"), january = submitted("2027-01-04");
    office->clock.advance(std::chrono::hours(24 * 16));  // 5 January
    const auto notice = [&](const Receipt& receipt) {
        const Case c = cases.for_staff(receipt.id, office->clerk, "access_task").value();
        EXPECT_TRUE(cases.decide(c.id, c.version, office->clerk, "grant", "").ok());
        return cases.for_staff(receipt.id, office->clerk, "access_task")->notices.at(0);
    };
    const Notice old_law = notice(december), new_law = notice(january);
    EXPECT_EQ(to_iso(old_law.rules.law_day), "2026-12-20");
    EXPECT_NE(said(old_law).find("260,00 Euro"), std::string::npos) << said(old_law);
    EXPECT_NE(said(old_law).find("mit dem Recht vom 20. Dezember 2026"), std::string::npos) << said(old_law);
    EXPECT_EQ(to_iso(new_law.rules.law_day), "2027-01-04");
    EXPECT_NE(said(new_law).find("300,00 Euro"), std::string::npos) << said(new_law);
}

INSTANTIATE_TEST_SUITE_P(Engines, Corrections, testing::ValuesIn(store::kEngines));

TEST(Gate, never_opens_for_a_case_that_was_opened_again) {
    auto application = test::parking_application();
    const auto decide = [&] { return prepare(*test::city()->package("resident-parking"), test::city()->law(), test::city()->city(), application); };
    EXPECT_TRUE(decide().automatic);
    application.corrected = true;
    EXPECT_FALSE(decide().automatic);
    EXPECT_TRUE(application_from_json(to_json(application))->corrected);
}

}  // namespace
}  // namespace kiepe::casework
