// Registration, signing in, a forgotten password.
#include "identity/account_door.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/date.h"
#include "base/id.h"
#include "base/text.h"
#include "identity/account_parts.h"
#include "identity/time_codes.h"

namespace kiepe::identity {
namespace {

constexpr std::size_t kLongestName = 100;
constexpr std::int64_t kOfNameAndClient = 10, kOfClient = 30, kOfName = 100, kMails = 3, kMailsOfClient = 20, kSecond = 10;
constexpr auto kFresh = std::chrono::minutes(10);

std::string name_limit(std::string_view email) { return "account:" + std::string(email); }
std::string pair_limit(std::string_view email, const Caller& caller) { return "account:" + std::string(email) + "|" + caller.client; }
std::string client_limit(const Caller& caller) { return "client:" + caller.client; }

Error says(const char* code) { return Error{.code = code}; }

bool good_name(std::string_view name) { return !trim(name).empty() && length_utf8(name) <= kLongestName && valid_utf8(name); }

}  // namespace

std::string plain_address(std::string_view typed) { return lower_ascii(trim(typed)); }

std::string plain_code(std::string_view typed) {
    std::string out;
    for (const char c : lower_ascii(typed))
        if (c != ' ' && c != '-') out += c;
    return out;
}

AccountDoor::Impl::Impl(DoorSurround surround)
    : around(std::move(surround)),
      box(around.key),
      common(around.word_lists.empty() ? CommonPasswords::debian_lists() : around.word_lists),
      steps(around.database, around.clock, box),
      throttle(around.database, around.clock) {}

AccountDoor::AccountDoor(DoorSurround around) : impl_(new Impl(std::move(around))) {}
AccountDoor::~AccountDoor() = default;

std::string AccountDoor::Impl::wrong_password(std::string_view password, const std::vector<std::string>& own) const {
    if (length_utf8(password) < 8 || !valid_utf8(password)) return "account_password_short";
    if (!acceptable_length(password)) return "account_password_long";
    auto words = own;
    for (const auto& word : own)
        if (const auto at = word.find('@'); at != std::string::npos) words.push_back(word.substr(0, at));
    for (const auto& word : split(around.city, ' ')) words.push_back(word);
    words.push_back("kiepe");
    return common.contains(password, words) ? "account_password_common" : "";
}

void AccountDoor::Impl::send(const std::string& to, const std::string& language, const std::string& key, const language::Arguments& arguments) {
    const auto say = [&](const std::string& text) { return around.texts.get(language, text, arguments); };
    const nlohmann::json mail{{"to", to}, {"subject", say("account_mail_" + key + "_subject")}, {"language", language},
                              {"text", say("account_mail_" + key + "_text") + "\n\n" + around.city}};
    const nlohmann::json payload{{"sealed", box.seal(mail.dump(), "mail")}};
    around.database.write([&](store::Session& session) { store::enqueue(session, "identity.mail", payload.dump(), around.clock.now()); });
    if (around.poke) around.poke();
}

std::string AccountDoor::Impl::first_steps(const Step& step, const Caller& caller, const std::string& mail) {
    const std::vector<Throttle::Limit> limits{{"mail:" + step.email + "|" + caller.client, kMails}, {"mail-client:" + caller.client, kMailsOfClient}};
    const bool too_many = throttle.blocked(limits);
    throttle.count(limits);
    auto begun = step;
    if (too_many) begun.code.clear();  // the page looks the same; no mail goes out, and no code opens the step
    const auto handle = steps.begin(begun);
    if (!too_many && !mail.empty()) send(step.email, step.language, mail, {{"code", step.code}, {"city", around.city}});
    return handle;
}

// -- registration ---------------------------------------------------------------------------------------------------------------------------

Result<std::string> AccountDoor::register_person(const Registration& facts, const Caller& caller) {
    if (!good_name(facts.first_name) || !good_name(facts.last_name)) return says("account_name_missing");
    const auto email = plain_address(facts.email);
    if (!mail::valid_address(email)) return says("account_email_wrong");
    if (const auto wrong = impl_->wrong_password(facts.password, {email, facts.first_name, facts.last_name}); !wrong.empty()) return Error{.code = wrong};
    const bool known = impl_->around.accounts.by_email(email).has_value();
    Step step{"register", {}, email, std::string(trim(facts.first_name)), std::string(trim(facts.last_name)), impl_->passwords.hash(facts.password),
              caller.language, known ? "" : Steps::new_code(), caller.terminal};
    return impl_->first_steps(step, caller, known ? "known" : "code");
}

Result<Session> AccountDoor::confirm_registration(std::string_view handle, std::string_view code, const Caller& caller) {
    auto step = impl_->steps.tried(handle, "register");
    if (!step) return says("account_code_dead");
    if (step->code.empty() || !equal_secret(step->code, plain_code(code))) return says("account_code_wrong");
    if (!impl_->steps.end(handle)) return says("account_code_dead");
    Account facts;
    facts.first_name = step->first_name;
    facts.last_name = step->last_name;
    facts.email = step->email;
    facts.email_confirmed = true;
    facts.language = step->language;
    auto made = impl_->around.accounts.create(facts, "local", "");
    if (!made) return says("account_code_dead");  // somebody has confirmed the same address meanwhile
    impl_->set_password(made->id, step->password_hash);
    auto at_door = caller;
    at_door.terminal = step->terminal;
    return impl_->open(made->id, at_door, false);
}

// -- signing in -----------------------------------------------------------------------------------------------------------------------------

Result<AccountDoor::Entered> AccountDoor::sign_in(std::string_view typed, std::string_view password, const Caller& caller) {
    const auto email = plain_address(typed);
    const std::vector<Throttle::Limit> limits{{pair_limit(email, caller), kOfNameAndClient}, {client_limit(caller), kOfClient}};
    if (impl_->throttle.blocked(limits)) return says("account_throttled");
    const auto account = valid_utf8(email) ? impl_->around.accounts.by_email(email) : std::nullopt;
    const auto known = account ? impl_->password_of(account->id) : std::nullopt;
    const auto matches = impl_->passwords.matches(known ? std::optional(known->data) : std::nullopt, password);
    if (!matches) return says("account_busy");
    if (!*matches) {
        auto counted = limits;
        counted.push_back({name_limit(email)});
        impl_->throttle.count(counted);
        return says("account_failed");
    }
    impl_->throttle.forget(pair_limit(email, caller));
    const bool second = has_second_factor(account->id);
    const bool besieged = impl_->throttle.blocked({{name_limit(email), kOfName}});
    if (!second && !besieged) {
        auto session = impl_->open(account->id, caller, false);
        if (!session) return session.error();
        return Entered{*session, {}};
    }
    Step step{"second", account->id, email, {}, {}, {}, account->language, second ? "" : Steps::new_code(), caller.terminal};
    return Entered{std::nullopt, second ? impl_->steps.begin(step) : impl_->first_steps(step, caller, "second")};
}

Result<Session> AccountDoor::second_factor(std::string_view handle, std::string_view code, const Caller& caller) {
    auto step = impl_->steps.tried(handle, "second");
    if (!step) return says("account_code_dead");
    if (auto blocked = impl_->second_blocked(step->account)) return *blocked;
    const bool by_mail = !step->code.empty() && equal_secret(step->code, plain_code(code));
    if (!by_mail && !impl_->second_factor_fits(step->account, code)) {
        impl_->second_wrong(step->account);
        return says("account_code_wrong");
    }
    if (!impl_->steps.end(handle)) return says("account_code_dead");
    if (!step->password_hash.empty()) {
        impl_->set_password(step->account, step->password_hash);
        impl_->around.identity.end_others("", Session::Kind::resident, step->account);
        if (const auto account = impl_->around.accounts.account(step->account)) tell(*account, "password");
    }
    auto at_door = caller;
    at_door.terminal = step->terminal;
    return impl_->open(step->account, at_door, !by_mail);
}

// -- a forgotten password -----------------------------------------------------------------------------------------------------------------

Result<std::string> AccountDoor::forgotten(std::string_view typed, const Caller& caller) {
    const auto email = plain_address(typed);
    if (!mail::valid_address(email)) return says("account_email_wrong");
    const auto account = impl_->around.accounts.by_email(email);
    Step step{"reset", account ? account->id : "", email, {}, {}, {}, account ? account->language : caller.language, account ? Steps::new_code() : "",
              caller.terminal};
    return impl_->first_steps(step, caller, account ? "reset" : "");
}

Result<AccountDoor::Entered> AccountDoor::reset(std::string_view handle, std::string_view code, std::string_view password, const Caller& caller) {
    if (const auto wrong = impl_->wrong_password(password, {}); !wrong.empty()) return Error{.code = wrong};
    auto step = impl_->steps.tried(handle, "reset");
    if (!step) return says("account_code_dead");
    if (step->code.empty() || !equal_secret(step->code, plain_code(code))) return says("account_code_wrong");
    if (!impl_->steps.end(handle)) return says("account_code_dead");
    const auto hash = impl_->passwords.hash(password);
    if (has_second_factor(step->account)) {
        // The mailbox alone does not open the account: the second factor stays what it was (ASVS 6.4.3).
        Step next{"second", step->account, step->email, {}, {}, hash, step->language, {}, step->terminal};
        return Entered{std::nullopt, impl_->steps.begin(next)};
    }
    impl_->set_password(step->account, hash);
    impl_->around.identity.end_others("", Session::Kind::resident, step->account);
    if (const auto account = impl_->around.accounts.account(step->account)) tell(*account, "password");
    auto at_door = caller;
    at_door.terminal = step->terminal;
    auto session = impl_->open(step->account, at_door, false);
    if (!session) return session.error();
    return Entered{*session, {}};
}

bool AccountDoor::step_lives(std::string_view handle, std::string_view kind) const { return impl_->steps.lives(handle, kind); }

// -- proving oneself again -----------------------------------------------------------------------------------------------------------------

Result<Session> AccountDoor::prove(const Session& session, std::string_view password, std::string_view code, const Caller& caller) {
    if (!session.person) return says("account_failed");
    const auto& account = session.person->subject;
    if (auto blocked = impl_->second_blocked(account)) return *blocked;
    const auto known = impl_->password_of(account);
    const auto matches = impl_->passwords.matches(known ? std::optional(known->data) : std::nullopt, password);
    if (!matches) return says("account_busy");
    const bool second = has_second_factor(account);
    if (!*matches || (second && !impl_->second_factor_fits(account, code))) {
        impl_->second_wrong(account);
        return says("account_prove_failed");
    }
    auto proved = impl_->around.identity.prove(caller.old_token, second ? "low" : "none", second ? "password_and_code" : "password");
    if (!proved) return says("account_failed");
    return *proved;
}

bool AccountDoor::fresh(const Session& session) {
    if (!session.person || impl_->around.clock.now() >= session.proved + kFresh) return false;
    const auto& account = session.person->subject;
    const bool strong = has_second_factor(account) || !impl_->around.accounts.credentials(account, "passkey").empty();
    return !strong || session.level != "none";
}

std::optional<Error> AccountDoor::Impl::second_blocked(const std::string& account) const {
    if (throttle.blocked({{"second:" + account, kSecond}})) return says("account_throttled");
    return std::nullopt;
}

void AccountDoor::Impl::second_wrong(const std::string& account) {
    throttle.count({{"second:" + account}});
    if (!second_blocked(account)) return;
    // Whoever guesses here knows the password, or sits at her open session.
    if (const auto hers = around.accounts.account(account); hers && !hers->email.empty()) send(hers->email, hers->language, "guessed", {{"city", around.city}});
}

std::map<std::string, std::function<void(const store::Job&)>> AccountDoor::jobs() {
    auto* impl = impl_.get();
    const auto daily = [impl](const store::Job&) {
        impl->steps.delete_old();
        impl->around.identity.end_expired();
        const auto next = start_of(local_day(impl->around.clock.now()) + std::chrono::days(1)) + std::chrono::hours(2);
        impl->around.database.write([&](store::Session& session) { store::enqueue(session, "identity.daily", "{}", next, "identity.daily"); });
    };
    const auto mail = [impl](const store::Job& job) {
        const auto plain = impl->box.open(nlohmann::json::parse(job.payload).at("sealed").get<std::string>(), "mail");
        if (!plain) throw std::runtime_error("mail.unreadable");
        const auto data = nlohmann::json::parse(*plain);
        const auto text = [&](const char* name) { return data.at(name).get<std::string>(); };
        const auto sent = impl->around.mailer.send({text("to"), text("subject"), text("text"), text("language")});
        if (!sent && sent.error().code == "mail.later") throw std::runtime_error("mail.later");
    };
    impl->around.database.write([&](store::Session& session) { store::enqueue(session, "identity.daily", "{}", impl->around.clock.now(), "identity.daily"); });
    return {{"identity.daily", daily}, {"identity.mail", mail}};
}

}  // namespace kiepe::identity
