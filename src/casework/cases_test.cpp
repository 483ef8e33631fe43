#include "casework/cases.h"

#include <gtest/gtest.h>

#include <thread>

#include "casework/case_number.h"
#include "casework/test_city.h"

namespace kiepe::casework {
namespace {

using feel::Value;
using test::Office;

class CasesStore : public store::OnBothEngines {
protected:
    void SetUp() override {
        OnBothEngines::SetUp();
        if (!IsSkipped()) office = std::make_unique<Office>(database());
    }
    void TearDown() override { office.reset(); }

    Case the_case(const Receipt& receipt) {
        auto c = office->cases->by_token(receipt.case_token, "demo:jana-beispiel");
        if (!c) throw std::runtime_error("no case");
        return *c;
    }
    std::vector<std::string> codes(const Case& c) {
        std::vector<std::string> list;
        for (const auto& entry : c.timeline) list.push_back(entry.code);
        return list;
    }
    Case staff_view(std::int64_t id) { return office->cases->for_staff(id, office->clerk, "access_task").value(); }

    std::unique_ptr<Office> office;
};

TEST_P(CasesStore, decides_a_clear_case_at_once_and_replays_it) {
    const auto receipt = office->submit(office->parking_draft());
    EXPECT_TRUE(receipt.decided_at_once);
    const Case c = the_case(receipt);
    EXPECT_EQ(c.state, State::decided);
    ASSERT_EQ(c.notices.size(), 1u);
    EXPECT_TRUE(c.notices[0].automatic);
    EXPECT_GT(c.notices[0].attachment, 0);
    EXPECT_EQ(c.files.size(), 1u);
    EXPECT_EQ(office->cases->file_bytes(c.id, c.files[0].attachment), "scan of a paper");
    const auto same = office->cases->replay(c.id, c.notices[0].number);
    ASSERT_TRUE(same.ok()) << same.error().code;
    EXPECT_TRUE(*same);
    database().read([&](store::Session& session) { EXPECT_FALSE(store::verify(session, c.id)); });
    office->run_jobs();
    ASSERT_EQ(office->mailer.sent.size(), 1u);
    EXPECT_EQ(office->mailer.sent[0].text.find("Bewohner"), std::string::npos) << "a mail says only that there is news";
}

TEST_P(CasesStore, makes_one_case_of_a_form_sent_twice) {
    const std::string token = office->parking_draft();
    const auto first = office->submit(token), second = office->submit(token);
    EXPECT_EQ(first.number, second.number);
    EXPECT_EQ(first.case_token, second.case_token);
    EXPECT_EQ(office->cases->of_person("demo:jana-beispiel").size(), 1u);
    EXPECT_FALSE(office->drafts.load(token));
}

TEST_P(CasesStore, makes_one_case_of_clicks_at_the_same_time) {
    const std::string token = office->parking_draft();
    std::vector<std::thread> clicks;
    std::vector<std::string> numbers(6);
    for (std::size_t i = 0; i < numbers.size(); ++i) clicks.emplace_back([&, i] { numbers[i] = office->submit(token).number; });
    for (auto& click : clicks) click.join();
    EXPECT_EQ(std::set<std::string>(numbers.begin(), numbers.end()).size(), 1u);
    EXPECT_EQ(office->cases->of_person("demo:jana-beispiel").size(), 1u);
}

TEST_P(CasesStore, never_shows_a_notice_on_the_link_alone) {
    const auto receipt = office->submit(office->parking_draft());
    const auto c = office->cases->by_token(receipt.case_token);
    ASSERT_TRUE(c);
    EXPECT_TRUE(c->notices[0].blocks.empty() && c->notices[0].title.empty() && c->notices[0].attachment == 0);
    EXPECT_FALSE(office->cases->by_token("0123456789abcdefghjkmnpqrs"));
    EXPECT_FALSE(office->cases->by_number_for(receipt.number, "demo:somebody-else"));
}

TEST_P(CasesStore, believes_no_register_for_a_person_who_is_not_signed_in) {
    const auto receipt = office->submit(office->parking_draft([](Draft& draft) {
        draft.subject.clear();
        draft.sure["home.address"] = Level::registered;
    }));
    EXPECT_FALSE(receipt.decided_at_once);
    const Case c = staff_view(receipt.id);
    EXPECT_EQ(level_at(c.application.sure, "home.address"), Level::stated);
    EXPECT_EQ(level_at(c.application.sure, "vehicle.plate"), Level::document);
    EXPECT_EQ(c.delivery, "post");
}

TEST_P(CasesStore, asks_for_a_paper_that_may_come_later_and_goes_on_when_it_comes) {
    const auto receipt = office->submit(office->parking_draft([](Draft& draft) {
        draft.answers = draft.answers.with("vehicle.keeper", test::text("family")).with("vehicle.keeper_name", test::text("Kim Beispiel"));
    }));
    Case c = the_case(receipt);
    EXPECT_EQ(c.state, State::waiting_for_applicant);
    EXPECT_FALSE(c.promise.running);
    ASSERT_EQ(c.requests.size(), 1u);
    EXPECT_EQ(c.requests[0].papers, std::vector<std::string>{"permission_to_use"});
    ASSERT_EQ(c.messages.size(), 1u);
    EXPECT_NE(c.messages[0].text.find("Erklärung der Halterin"), std::string::npos) << c.messages[0].text;
    const Day until = c.requests[0].until;
    ASSERT_TRUE(office->cases->more_time(c.id).ok());
    EXPECT_FALSE(office->cases->more_time(c.id).ok());
    EXPECT_GT(the_case(receipt).requests[0].until, until);
    ASSERT_TRUE(office->cases->supply_file(c.id, "permission_to_use", "keeper_statement", "a statement", "application/pdf", "h.pdf", 1, "").ok());
    c = the_case(receipt);
    EXPECT_EQ(c.state, State::in_review);
    EXPECT_TRUE(c.promise.running);
    EXPECT_TRUE(c.requests[0].answered);
    EXPECT_FALSE(office->cases->supply_file(c.id, "nothing", "keeper_statement", "x", "application/pdf", "h.pdf", 1, "").ok());
}

TEST_P(CasesStore, makes_a_task_of_a_deadline_that_passed_and_never_a_refusal) {
    const auto receipt = office->submit(office->parking_draft([](Draft& draft) {
        draft.answers = draft.answers.with("vehicle.keeper", test::text("family")).with("vehicle.keeper_name", test::text("Kim Beispiel"));
    }));
    office->clock.advance(std::chrono::hours(24 * 12));
    office->run_jobs();
    EXPECT_EQ(codes(the_case(receipt)).back(), "reminder_sent");
    office->clock.advance(std::chrono::hours(24 * 10));
    office->run_jobs();
    const Case c = the_case(receipt);
    EXPECT_EQ(codes(c).back(), "deadline_passed");
    EXPECT_EQ(c.state, State::in_review);
    EXPECT_TRUE(c.notices.empty());
}

TEST_P(CasesStore, tells_the_second_clerk_and_overwrites_nothing) {
    const auto receipt = office->submit(office->parking_draft([](Draft& draft) { draft.answers = draft.answers.with("remark", test::text("Hallo")); }));
    EXPECT_FALSE(receipt.decided_at_once);
    const Case seen = staff_view(receipt.id);
    office->cases->for_staff(receipt.id, office->colleague, "access_task");
    EXPECT_EQ(office->cases->also_looking(receipt.id, office->clerk), std::vector<std::string>{"Herr Yılmaz"});
    ASSERT_TRUE(office->cases->reply(receipt.id, seen.version, office->colleague, "Wir melden uns.").ok());
    const auto late = office->cases->decide(receipt.id, seen.version, office->clerk, "grant", "");
    ASSERT_FALSE(late.ok());
    EXPECT_EQ(late.error().code, "case_changed");
    const Case now = staff_view(receipt.id);
    const auto decided = office->cases->decide(receipt.id, now.version, office->clerk, "grant", "");
    ASSERT_TRUE(decided.ok()) << decided.error().code << " " << decided.error().detail;
    const Case c = the_case(receipt);
    EXPECT_EQ(c.state, State::decided);
    EXPECT_FALSE(c.notices[0].automatic);
    EXPECT_EQ(c.notices[0].signed_by, "Frau Berger");
}

TEST_P(CasesStore, asks_again_for_a_refused_paper_and_decides_when_the_new_one_is_good) {
    const auto receipt = office->submit(office->parking_draft([](Draft& draft) {
        draft.answers = draft.answers.with("vehicle.keeper", test::text("family")).with("vehicle.keeper_name", test::text("Kim Beispiel"));
    }));
    Case c = staff_view(receipt.id);
    ASSERT_TRUE(office->cases->check_paper(c.id, c.version, office->clerk, c.files[0].id, false, "Die zweite Seite fehlt.").ok());
    c = staff_view(receipt.id);
    EXPECT_EQ(c.requests.back().papers, std::vector<std::string>{"registration"});
    ASSERT_TRUE(office->cases->supply_file(c.id, "registration", "registration_certificate", "better", "application/pdf", "s.pdf", 2, "").ok());
    c = staff_view(receipt.id);
    ASSERT_EQ(c.files.size(), 2u);
    ASSERT_TRUE(office->cases->check_paper(c.id, c.version, office->clerk, c.files[1].id, true, "").ok());
    EXPECT_EQ(level_at(staff_view(receipt.id).application.sure, "vehicle.plate"), Level::checked);
}

TEST_P(CasesStore, refuses_an_incomplete_draft_and_an_unknown_one) {
    const auto incomplete = office->cases->submit(office->parking_draft([](Draft&) {}, false), {});
    ASSERT_FALSE(incomplete.ok());
    EXPECT_EQ(incomplete.error().code, "draft_incomplete");
    EXPECT_EQ(incomplete.error().where, "paper registration");
    EXPECT_EQ(office->cases->submit("0123456789abcdefghjkmnpqrs", {}).error().code, "draft_gone");
}

TEST_P(CasesStore, lists_the_desk_by_what_is_due_and_finds_by_number_and_name) {
    const auto remark = [](Draft& draft) { draft.answers = draft.answers.with("remark", test::text("Hallo")); };
    const auto first = office->submit(office->parking_draft(remark));
    office->clock.advance(std::chrono::hours(48));
    office->submit(office->parking_draft([&](Draft& draft) {
        remark(draft);
        draft.answers = draft.answers.with("start", Value::date(*parse_day("2026-11-30")));
    }));
    const auto words = [](const std::string& typed) {
        DeskFilter filter;
        filter.words = typed;
        return filter;
    };
    DeskFilter decided;
    decided.state = "decided";
    EXPECT_EQ(office->cases->desk({}).size(), 2u);
    EXPECT_EQ(office->cases->desk({}).front().number, first.number);
    EXPECT_EQ(office->cases->desk(words(first.number)).size(), 1u);
    EXPECT_EQ(office->cases->desk(words("BEISP")).size(), 2u);
    EXPECT_EQ(office->cases->desk(words("100%")).size(), 0u);
    EXPECT_EQ(office->cases->desk_count(decided), 0);
    EXPECT_EQ(office->cases->desk({}).front().prepared_outcome, "grant");
}

TEST_P(CasesStore, puts_notices_of_people_without_an_account_into_the_print_queue) {
    const auto receipt = office->submit(office->parking_draft([](Draft& draft) { draft.subject.clear(); }));
    Case c = staff_view(receipt.id);
    ASSERT_TRUE(office->cases->decide(c.id, c.version, office->clerk, "grant", "# Ihr Ausweis\n\nSie bekommen ihn.").ok());
    ASSERT_EQ(office->cases->print_queue().size(), 1u);
    EXPECT_EQ(office->cases->print_queue(false, c.office).size(), 1u);
    EXPECT_TRUE(office->cases->print_queue(false, "another-office").empty());
    const auto item = office->cases->print_queue()[0];
    ASSERT_TRUE(office->cases->printed(item.case_id, item.notice, office->clerk).ok());
    EXPECT_TRUE(office->cases->print_queue().empty());
    EXPECT_EQ(office->cases->print_queue(true).size(), 1u);
}

TEST_P(CasesStore, lets_a_person_write_once_for_each_click_and_withdraw) {
    const auto receipt = office->submit(office->parking_draft([](Draft& draft) { draft.answers = draft.answers.with("remark", test::text("Hallo")); }));
    ASSERT_TRUE(office->cases->write_message(receipt.id, "Wie lange dauert es?", "click-1").ok());
    ASSERT_TRUE(office->cases->write_message(receipt.id, "Wie lange dauert es?", "click-1").ok());
    EXPECT_EQ(the_case(receipt).messages.size(), 1u);
    ASSERT_TRUE(office->cases->withdraw(receipt.id).ok());
    EXPECT_EQ(the_case(receipt).state, State::withdrawn);
    EXPECT_EQ(office->cases->decide(receipt.id, the_case(receipt).version, office->clerk, "grant", "").error().code, "case_closed");
}

TEST_P(CasesStore, keeps_one_message_of_many_clicks_at_once) {
    const auto receipt = office->submit(office->parking_draft([](Draft& draft) { draft.answers = draft.answers.with("remark", test::text("Hallo")); }));
    std::vector<std::thread> clicks;
    for (int i = 0; i < 6; ++i)
        clicks.emplace_back([&] { EXPECT_TRUE(office->cases->write_message(receipt.id, "Einmal.", "the same click").ok()); });
    for (auto& click : clicks) click.join();
    EXPECT_EQ(the_case(receipt).messages.size(), 1u);
}

TEST_P(CasesStore, looks_up_the_zone_anew_when_the_address_is_said_anew) {
    const auto receipt = office->submit(office->parking_draft([](Draft& draft) { draft.answers = draft.answers.with("remark", test::text("Hallo")); }));
    Case c = staff_view(receipt.id);
    EXPECT_TRUE(c.application.answers.at("zone.found").is_true());
    const Day until = *parse_day("2026-12-08");
    ASSERT_TRUE(office->cases->ask(c.id, c.version, office->clerk, {"home.address"}, {}, until, "Wo wohnen Sie wirklich?").ok());
    const auto outside = c.application.answers.at("home.address").with("street", test::text("Von-Esmarch-Straße")).with("number", test::text("52"))
                             .with("x", Value::number(*Decimal::parse("7.5731"))).with("y", Value::number(*Decimal::parse("51.9662")));
    ASSERT_TRUE(office->cases->supply_answers(c.id, {{"home.address", outside}}).ok());
    c = staff_view(receipt.id);
    EXPECT_FALSE(c.application.answers.at("zone.found").is_true());
    EXPECT_EQ(level_at(c.application.sure, "home.address"), Level::stated);
    EXPECT_EQ(office->cases->preparation(c).outcome, "refuse");
    EXPECT_TRUE(c.notices.empty()) << "a refusal is never automatic";
}

TEST_P(CasesStore, sets_no_deadline_on_a_holiday) {
    office->clock.advance(std::chrono::hours(24 * 17));  // two weeks later is Christmas Day, a Friday
    const auto receipt = office->submit(office->parking_draft([](Draft& draft) {
        draft.answers = draft.answers.with("remark", test::text("Hallo")).with("start", Value::date(*parse_day("2026-12-11")));
    }));
    const Case c = staff_view(receipt.id);
    ASSERT_TRUE(office->cases->check_paper(c.id, c.version, office->clerk, c.files[0].id, false, "Unscharf.").ok());
    EXPECT_EQ(to_iso(staff_view(receipt.id).requests.back().until), "2026-12-28");
}

TEST(Roles, who_only_serves_the_program_reads_no_case_and_who_watches_decides_none) {
    const auto with = [](std::set<std::string> roles) { return identity::Staff{"x", "X", "o", std::move(roles), ""}; };
    EXPECT_FALSE(may_read_cases(with({"designer", "admin"})));
    EXPECT_FALSE(may_act_on_cases(with({"admin"})));
    EXPECT_TRUE(may_read_cases(with({"data_protection", "admin"})));
    EXPECT_FALSE(may_act_on_cases(with({"data_protection", "admin"})));
    EXPECT_TRUE(may_act_on_cases(with({"case_workers", "designer"})));
}

TEST_P(CasesStore, does_not_mend_a_broken_promise_by_asking_late) {
    const auto receipt = office->submit(office->parking_draft([](Draft& draft) { draft.answers = draft.answers.with("remark", test::text("Hallo")); }));
    const Day promised = staff_view(receipt.id).promise.due;
    EXPECT_EQ(to_iso(promised), "2026-11-27");
    office->clock.advance(std::chrono::hours(24 * 7));
    Case c = staff_view(receipt.id);
    EXPECT_TRUE(c.promise.overdue);
    ASSERT_TRUE(office->cases->ask(c.id, c.version, office->clerk, {}, {}, *parse_day("2026-12-15"), "Noch eine Frage.").ok());
    EXPECT_FALSE(staff_view(receipt.id).promise.running);
    ASSERT_TRUE(office->cases->write_message(receipt.id, "Die Antwort.", "").ok());
    c = staff_view(receipt.id);
    EXPECT_TRUE(c.promise.overdue);
    EXPECT_EQ(c.promise.due, promised);
    ASSERT_TRUE(office->cases->decide(c.id, c.version, office->clerk, "grant", "# Ihr Ausweis").ok());
    EXPECT_FALSE(staff_view(receipt.id).promise.kept);
}

TEST_P(CasesStore, keeps_a_draft_that_nobody_can_read_without_its_link) {
    const std::string token = office->parking_draft();
    auto draft = office->drafts.load(token);
    ASSERT_TRUE(draft);
    auto other = *draft;
    ASSERT_TRUE(office->drafts.save(token, *draft));
    EXPECT_FALSE(office->drafts.save(token, other)) << "somebody else saved meanwhile";
    database().read([&](store::Session& session) {
        for (const auto& row : session.query({"select body from drafts", "select body from drafts"}))
            EXPECT_EQ(row.bytes(0).find("Beispiel"), std::string::npos);
    });
    office->clock.advance(std::chrono::hours(24 * 31));
    EXPECT_FALSE(office->drafts.load(token));
    EXPECT_EQ(office->drafts.delete_expired(), 1);
}

TEST_P(CasesStore, takes_the_old_answers_for_a_renewal) {
    office->submit(office->parking_draft());
    const auto previous = office->cases->previous_of("demo:jana-beispiel", "resident-parking");
    EXPECT_EQ(previous.get("until").text(), "2027-11-23");
    EXPECT_TRUE(office->cases->previous_of("demo:emre-muster", "resident-parking").is_null());
}

INSTANTIATE_TEST_SUITE_P(Engines, CasesStore, testing::ValuesIn(store::kEngines));

TEST(CaseNumber, finds_a_mistyped_digit) {
    const std::string number = case_number(2026, 48217);
    EXPECT_EQ(parse_case_number(" " + number), number);
    for (std::size_t i = 0; i < number.size(); ++i) {
        if (number[i] == '-') continue;
        std::string wrong = number;
        wrong[i] = wrong[i] == '9' ? '0' : static_cast<char>(wrong[i] + 1);
        EXPECT_FALSE(parse_case_number(wrong)) << wrong;
    }
}

}  // namespace
}  // namespace kiepe::casework
