#include "identity/account_door.h"

#include <gtest/gtest.h>

#include "base/date.h"
#include "identity/common_passwords.h"
#include "identity/secret_box.h"
#include "identity/sql.h"
#include "identity/time_codes.h"
#include "store/test_database.h"

namespace kiepe::identity {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class KeptMails final : public mail::Mailer {
public:
    Result<void> send(const mail::Mail& mail) override {
        all.push_back(mail);
        return {};
    }
    std::vector<mail::Mail> all;
};

class Doors : public store::OnBothEngines {
protected:
    void SetUp() override {
        OnBothEngines::SetUp();
        if (IsSkipped()) return;
        auto migrations = store::migrations();
        for (auto& each : Identity::migrations()) migrations.push_back(each);
        database().migrate(migrations, clock.now());
        accounts = std::make_shared<Accounts>(database(), clock);
        identity = std::make_unique<Identity>(database(), clock, accounts);
        texts = std::make_unique<language::Texts>(*language::Texts::load(std::string(KIEPE_SOURCE_DIR) + "/locales", {"de", "en"}));
        door = std::make_unique<AccountDoor>(DoorSurround{database(), clock, *accounts, *identity, mails, *texts, std::string(32, 'k'), "Stadt Beispiel", {}, {}});
    }
    std::vector<mail::Mail> mailed() {
        store::Worker(database(), clock, door->jobs(), false).run_due();
        return std::exchange(mails.all, {});
    }
    std::string mailed_code() {
        const auto all = mailed();
        if (all.empty()) return "";
        const auto& text = all.back().text;
        for (std::size_t i = 0; i + 6 <= text.size(); ++i)
            if (text.substr(i, 6).find_first_not_of("0123456789") == std::string::npos) return text.substr(i, 6);
        return "";
    }
    static std::string other(std::string code) {
        code[0] = code[0] == '9' ? '0' : static_cast<char>(code[0] + 1);
        return code;
    }
    Session registered(const std::string& email = "wilma@example.org") {
        const auto handle = door->register_person({"Wilma", "Erfunden", email, kPassword}, caller);
        return *door->confirm_registration(*handle, mailed_code(), caller);
    }
    /// Gives the secret of her new authenticator, and her printed codes.
    std::pair<std::string, std::vector<std::string>> with_app(const std::string& account) {
        const auto offer = door->offer_authenticator(account);
        const auto secret = *SecretBox(std::string(32, 'k')).open(offer, "offer:" + account);
        const auto codes = door->add_authenticator(account, offer, time_code(secret, time_step(clock.now())), "Handy");
        (void)mailed();
        clock.advance(seconds(60));
        return {secret, *codes};
    }
    std::string code_of(const std::string& secret) { return time_code(secret, time_step(clock.now())); }

    static constexpr const char* kPassword = "drei Krähen im Regen";
    FixedClock clock{*parse_moment("2026-11-24T10:00:00.000Z")};
    KeptMails mails;
    Caller caller{"192.0.2.1", "Firefox, Linux", "de", {}, false};
    std::shared_ptr<Accounts> accounts;
    std::unique_ptr<Identity> identity;
    std::unique_ptr<language::Texts> texts;
    std::unique_ptr<AccountDoor> door;
};

TEST_P(Doors, register_with_the_code_of_the_mail_once_and_within_ten_minutes) {
    const auto handle = *door->register_person({" Wilma ", "Erfunden", " Wilma@Example.org", kPassword}, caller);
    const auto code = mailed_code();
    ASSERT_EQ(code.size(), 6u);
    EXPECT_EQ(door->confirm_registration(handle, other(code), caller).error().code, "account_code_wrong");
    const auto session = door->confirm_registration(handle, code, caller);
    ASSERT_TRUE(session);
    EXPECT_EQ(session->level, "none");
    EXPECT_EQ(session->person->email, "wilma@example.org");
    EXPECT_EQ(door->confirm_registration(handle, code, caller).error().code, "account_code_dead");
    const auto late = *door->register_person({"Emre", "Muster", "emre@example.org", kPassword}, caller);
    const auto late_code = mailed_code();
    clock.advance(minutes(10));
    EXPECT_EQ(door->confirm_registration(late, late_code, caller).error().code, "account_code_dead");
}

TEST_P(Doors, let_nobody_guess_a_mailed_code_or_use_that_of_another_step) {
    const auto handle = *door->register_person({"Wilma", "Erfunden", "wilma@example.org", kPassword}, caller);
    const auto code = mailed_code();
    const auto foreign = *door->register_person({"Emre", "Muster", "emre@example.org", kPassword}, caller);
    if (mailed_code() != code) {
        EXPECT_EQ(door->confirm_registration(foreign, code, caller).error().code, "account_code_wrong");
    }
    for (int i = 0; i < 30; ++i) EXPECT_FALSE(door->confirm_registration(handle, other(code), caller));
    EXPECT_EQ(door->confirm_registration(handle, code, caller).error().code, "account_code_dead");
    EXPECT_EQ(door->reset(foreign, code, kPassword, caller).error().code, "account_code_dead") << "a handle of one kind serves no other";
}

TEST_P(Doors, tell_nobody_whether_an_address_is_known) {
    registered();
    const auto known = door->register_person({"Wilma", "Erfunden", "wilma@example.org", kPassword}, caller);
    ASSERT_TRUE(known);
    const auto hint = mailed();
    ASSERT_EQ(hint.size(), 1u);
    EXPECT_EQ(hint[0].to, "wilma@example.org");
    EXPECT_FALSE(door->confirm_registration(*known, "000000", caller));
    EXPECT_FALSE(door->confirm_registration(*known, "", caller));
    EXPECT_TRUE(door->forgotten("nobody@example.org", caller));
    EXPECT_TRUE(mailed().empty());
    EXPECT_EQ(door->sign_in("nobody@example.org", kPassword, caller).error(), door->sign_in("wilma@example.org", "falsch geraten", caller).error());
}

TEST_P(Doors, refuse_passwords_that_are_tried_first) {
    for (const auto* bad : {"kurz", "password", "P4ssw0rd!", "Passwort2026", "wilma.erfunden", "aaaaaaaaaa", "12345678", "qwertzuiop"})
        EXPECT_FALSE(door->register_person({"Wilma", "Erfunden", "wilma.erfunden@example.org", bad}, caller)) << bad;
    for (const auto* good : {"drei Krähen im Regen", "x9-Lampe-Teich", "correct horse battery"})
        EXPECT_TRUE(door->register_person({"Wilma", "Erfunden", "wilma@example.org", good}, caller)) << good;
    EXPECT_TRUE(door->register_person({"Wilma", "Erfunden", "w2@example.org", std::string(64, 'a') + "unter dem Apfelbaum"}, caller)) << "64 and more are allowed";
    EXPECT_EQ(door->register_person({"Wilma", "Erfunden", "wilma@example.org\r\nBcc: x@y.de", kPassword}, caller).error().code, "account_email_wrong");
}

TEST_P(Doors, ask_for_the_second_factor_and_take_each_code_once) {
    const auto session = registered();
    const auto id = session.person->subject;
    EXPECT_TRUE(door->fresh(session));
    const auto [secret, printed] = with_app(id);
    EXPECT_FALSE(door->fresh(session)) << "a session that showed no second factor changes nothing";
    EXPECT_EQ(printed.size(), 10u);
    const auto entered = *door->sign_in("WILMA@example.org", kPassword, caller);
    ASSERT_FALSE(entered.session);
    EXPECT_EQ(door->second_factor(entered.step, other(code_of(secret)), caller).error().code, "account_code_wrong");
    const auto in = door->second_factor(entered.step, code_of(secret), caller);
    ASSERT_TRUE(in);
    EXPECT_EQ(in->level, "low");
    EXPECT_EQ(in->method, "password_and_code");
    const auto again = *door->sign_in("wilma@example.org", kPassword, caller);
    EXPECT_FALSE(door->second_factor(again.step, code_of(secret), caller)) << "the code of this half minute is used up";
    EXPECT_TRUE(door->second_factor(again.step, printed[3], caller));
    const auto third = *door->sign_in("wilma@example.org", kPassword, caller);
    EXPECT_FALSE(door->second_factor(third.step, printed[3], caller)) << "a printed code serves once";
    EXPECT_EQ(accounts->credentials(id, "recovery_code").size(), 9u);
    for (const auto& each : accounts->credentials(id)) EXPECT_EQ(each.data.find(secret), std::string::npos);
}

TEST_P(Doors, stop_who_guesses_at_the_second_factor_and_tell_her) {
    const auto session = registered();
    const auto [secret, printed] = with_app(session.person->subject);
    std::string last;
    for (int i = 0; i < 30; ++i) {
        const auto entered = door->sign_in("wilma@example.org", kPassword, caller);
        last = door->second_factor(entered->step, "000000", caller).error().code;
    }
    EXPECT_EQ(last, "account_throttled");
    EXPECT_EQ(mailed().size(), 1u);
    clock.advance(minutes(16));
    const auto entered = *door->sign_in("wilma@example.org", kPassword, caller);
    EXPECT_TRUE(door->second_factor(entered.step, code_of(secret), caller));
}

TEST_P(Doors, cannot_be_shut_by_somebody_who_guesses_elsewhere) {
    registered();
    Caller attacker{"203.0.113.9", {}, "de", {}, false};
    std::string last;
    for (int i = 0; i < 12; ++i) last = door->sign_in("wilma@example.org", "falsch geraten", attacker).error().code;
    EXPECT_EQ(last, "account_throttled");
    EXPECT_EQ(door->sign_in("wilma@example.org", kPassword, attacker).error().code, "account_throttled");
    EXPECT_TRUE(door->sign_in("wilma@example.org", kPassword, caller)->session);
}

TEST_P(Doors, reset_a_password_by_mail_but_never_past_the_second_factor) {
    const auto session = registered();
    const auto id = session.person->subject;
    const auto [secret, printed] = with_app(id);
    const auto handle = *door->forgotten("wilma@example.org", caller);
    const auto code = mailed_code();
    const auto entered = *door->reset(handle, code, "Möwen über dem Dach", caller);
    ASSERT_FALSE(entered.session);
    EXPECT_FALSE(door->sign_in("wilma@example.org", "Möwen über dem Dach", caller)) << "nothing has changed yet";
    EXPECT_EQ(door->reset(handle, code, "Möwen über dem Dach", caller).error().code, "account_code_dead");
    ASSERT_TRUE(door->second_factor(entered.step, code_of(secret), caller));
    EXPECT_FALSE(identity->session(session.token)) << "all sessions before ended";
    EXPECT_FALSE(door->sign_in("wilma@example.org", kPassword, caller));
    EXPECT_TRUE(door->sign_in("wilma@example.org", "Möwen über dem Dach", caller));
}

TEST_P(Doors, keep_the_last_way_and_the_last_factor) {
    const auto session = registered();
    const auto id = session.person->subject;
    const auto password = accounts->credentials(id, "password").at(0).id;
    EXPECT_EQ(door->remove(id, password).error().code, "account_last_way");
    with_app(id);
    const auto app = accounts->credentials(id, "totp").at(0).id;
    EXPECT_EQ(door->remove(id, app).error().code, "account_last_factor");
    EXPECT_EQ(door->remove("account:other", app).error().code, "account_way_unknown");
    EXPECT_FALSE(door->rename("account:other", app, "meins"));
    EXPECT_TRUE(door->rename(id, app, "Altes Handy"));
    with_app(id);
    EXPECT_TRUE(door->remove(id, app));
}

TEST_P(Doors, change_the_address_with_a_code_and_tell_both) {
    const auto session = registered();
    const auto id = session.person->subject;
    const auto handle = *door->change_email(id, "neu@example.org", caller);
    const auto code = mailed_code();
    EXPECT_EQ(door->confirm_email("account:other", handle, code).error().code, "account_code_dead");
    ASSERT_TRUE(door->confirm_email(id, handle, code));
    const auto told = mailed();
    ASSERT_EQ(told.size(), 2u);
    EXPECT_NE(told[0].to, told[1].to);
    EXPECT_TRUE(accounts->by_email("neu@example.org"));
    EXPECT_FALSE(accounts->by_email("wilma@example.org"));
}

TEST_P(Doors, want_a_fresh_proof_and_forget_what_was_never_confirmed) {
    const auto session = registered();
    clock.advance(minutes(10));
    EXPECT_FALSE(door->fresh(session));
    caller.old_token = session.token;
    EXPECT_FALSE(door->prove(session, "falsch geraten", "", caller));
    const auto proved = door->prove(session, kPassword, "", caller);
    ASSERT_TRUE(proved);
    EXPECT_NE(proved->token, session.token);
    EXPECT_TRUE(door->fresh(*proved));
    ASSERT_TRUE(door->register_person({"Emre", "Muster", "emre@example.org", kPassword}, caller));
    clock.advance(std::chrono::hours(24));
    (void)mailed();
    database().read([](store::Session& store) { EXPECT_EQ(store.query({"select count(*) from account_steps", "select count(*) from account_steps"}).at(0).number(0), 0); });
}

INSTANTIATE_TEST_SUITE_P(Engines, Doors, testing::ValuesIn(store::kEngines));

TEST(TimeCodes, say_what_the_standard_says) {  // RFC 6238, appendix B, the last six of eight digits
    const std::string secret = "12345678901234567890";
    EXPECT_EQ(time_code(secret, 59 / 30), "287082");
    EXPECT_EQ(time_code(secret, 1111111109 / 30), "081804");
    EXPECT_EQ(time_code(secret, 20000000000 / 30), "353130");
    const Moment now{seconds(59)};
    EXPECT_EQ(matching_step(secret, "287082", now), 1);
    EXPECT_EQ(matching_step(secret, "287082", now + seconds(30)), 1);
    EXPECT_FALSE(matching_step(secret, "287082", now + seconds(61)));
    EXPECT_NE(authenticator_link(secret, "Stadt Münster", "a@b.de").find("otpauth://totp/Stadt%20M%C3%BCnster:a%40b.de?secret=GEZDGNBV"), std::string::npos);
}

TEST(SecretBoxes, open_for_their_owner_alone) {
    const SecretBox box(std::string(32, 'a')), other(std::string(32, 'b'));
    const auto sealed = box.seal("geheim", "account:1");
    EXPECT_EQ(box.open(sealed, "account:1"), "geheim");
    EXPECT_FALSE(box.open(sealed, "account:2"));
    EXPECT_FALSE(other.open(sealed, "account:1"));
    EXPECT_FALSE(box.open("", "account:1"));
    EXPECT_FALSE(box.open("?" + sealed, "account:1"));
    EXPECT_NE(box.seal("geheim", "account:1"), sealed);
}

TEST(DeviceWords, name_browser_and_system) {
    EXPECT_EQ(device_words("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"), "Firefox, Linux");
    EXPECT_EQ(device_words("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0"), "Edge, Windows");
    EXPECT_EQ(device_words("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1"), "Safari, iPhone");
    EXPECT_EQ(device_words("curl/8"), "");
}

}  // namespace
}  // namespace kiepe::identity
