// What an account is opened with: passwords, authenticators, printed codes, the address.
#include <algorithm>

#include "base/date.h"
#include "base/id.h"
#include "base/text.h"
#include "identity/account_parts.h"
#include "identity/time_codes.h"

namespace kiepe::identity {
namespace {

constexpr int kPrinted = 10;
constexpr std::size_t kPrintedLength = 8;
constexpr std::size_t kLongestLabel = 60;

Error says(const char* code) { return Error{.code = code}; }
/// The only letters of Crockford's base 32 that people misread.
std::string printed_digits(std::string code) {
    for (auto& c : code) c = c == 'o' ? '0' : c == 'i' || c == 'l' ? '1' : c;
    return code;
}

}  // namespace

std::optional<Credential> AccountDoor::Impl::password_of(std::string_view account) {
    const auto all = around.accounts.credentials(account, "password");
    if (all.empty()) return std::nullopt;
    return all.front();
}

void AccountDoor::Impl::set_password(const std::string& account, const std::string& hash) {
    around.accounts.remove_all(account, "password");
    (void)around.accounts.add({random_token(), account, "password", {}, hash, 0, {}, {}});
    steps.end_of(account);
}

/// A time code of one of her apps that was not used, or a printed code, which is used up by it. The first sign of a printed code names the
/// one it is compared with: one hash is computed, not ten.
bool AccountDoor::Impl::second_factor_fits(const std::string& account, std::string_view typed) {
    const auto code = plain_code(typed);
    if (code.size() == 6 && code.find_first_not_of("0123456789") == std::string::npos) {
        for (const auto& app : around.accounts.credentials(account, "totp")) {
            const auto secret = box.open(app.data, app.id);
            if (!secret) continue;
            if (const auto step = matching_step(*secret, code, around.clock.now())) return around.accounts.use(app.id, *step);
        }
        return false;
    }
    if (code.size() != kPrintedLength + 1) return false;
    for (const auto& printed : around.accounts.credentials(account, "recovery_code")) {
        if (printed.label != code.substr(0, 1)) continue;
        return passwords.matches(printed.data, printed_digits(code.substr(1))).value_or(false) && around.accounts.remove(printed.id, account);
    }
    return false;
}

Result<Session> AccountDoor::Impl::open(const std::string& account, const Caller& caller, bool two_factors) {
    auto session = around.identity.open({Session::Kind::resident, account, two_factors ? "low" : "none", two_factors ? "password_and_code" : "password",
                                         caller.device, caller.terminal}, caller.old_token);
    if (!session) return says("account_failed");
    around.accounts.signed_in(account);
    return *session;
}

bool AccountDoor::has_second_factor(const std::string& account) {
    return !impl_->around.accounts.credentials(account, "totp").empty() || !impl_->around.accounts.credentials(account, "recovery_code").empty();
}

std::string AccountDoor::offer_authenticator(const std::string& account) { return impl_->box.seal(new_time_secret(), "offer:" + account); }

std::optional<AccountDoor::Offer> AccountDoor::read_offer(const std::string& account, std::string_view offer) {
    const auto secret = impl_->box.open(offer, "offer:" + account);
    const auto hers = impl_->around.accounts.account(account);
    if (!secret || !hers) return std::nullopt;
    return Offer{readable_secret(*secret), authenticator_link(*secret, impl_->around.city, hers->email)};
}

Result<std::vector<std::string>> AccountDoor::add_authenticator(const std::string& account, std::string_view offer, std::string_view code, std::string_view label) {
    const auto secret = impl_->box.open(offer, "offer:" + account);
    const auto hers = impl_->around.accounts.account(account);
    if (!secret || !hers) return says("account_code_dead");
    const auto step = matching_step(*secret, plain_code(code), impl_->around.clock.now());
    if (!step) return says("account_code_wrong");
    // Named after its secret: the same form sent twice adds one authenticator.
    const auto same = "totp-" + sha256_hex(*secret).substr(0, 32);
    auto added = impl_->around.accounts.add({same, account, "totp", std::string(trim(label)).substr(0, kLongestLabel), impl_->box.seal(*secret, same), 0, {}, {}});
    if (!added) return says("account_code_dead");
    impl_->around.accounts.use(same, *step);
    tell(*hers, "way_added");
    if (!impl_->around.accounts.credentials(account, "recovery_code").empty()) return std::vector<std::string>{};
    return new_recovery_codes(account);
}

std::vector<std::string> AccountDoor::new_recovery_codes(const std::string& account) {
    impl_->around.accounts.remove_all(account, "recovery_code");
    std::vector<std::string> shown;
    for (int i = 0; i < kPrinted; ++i) {
        const auto code = random_token().substr(0, kPrintedLength);
        const auto place = std::to_string(i);
        (void)impl_->around.accounts.add({random_token(), account, "recovery_code", place, impl_->passwords.hash(code), 0, {}, {}});
        shown.push_back(place + "-" + code.substr(0, 4) + "-" + code.substr(4));
    }
    return shown;
}

/// The last way in stays, and the last second factor stays: whoever wants another adds that first.
Result<void> AccountDoor::remove(const std::string& account, const std::string& credential) {
    const auto found = impl_->around.accounts.credential(credential);
    if (!found || found->owner != account) return says("account_way_unknown");
    const auto count = [&](const char* kind) { return impl_->around.accounts.credentials(account, kind).size(); };
    const auto passkeys = count("passkey"), apps = count("totp");
    bool linked = false;
    for (const auto& [issuer, subject] : impl_->around.accounts.identities(account)) linked = linked || issuer != "local";
    if (found->kind == "password" && passkeys == 0 && !linked) return says("account_last_way");
    if (found->kind == "passkey" && passkeys == 1 && count("password") == 0 && !linked) return says("account_last_way");
    if (found->kind == "totp" && apps == 1 && passkeys == 0) return says("account_last_factor");
    if (found->kind == "passkey" && passkeys == 1 && apps == 0) return says("account_last_factor");
    if (found->kind == "recovery_code") return says("account_way_unknown");
    if (!impl_->around.accounts.remove(credential, account)) return says("account_way_unknown");
    if (const auto hers = impl_->around.accounts.account(account)) tell(*hers, "way_removed");
    return {};
}

Result<void> AccountDoor::rename(const std::string& account, const std::string& credential, std::string_view label) {
    const auto name = std::string(trim(label));
    const auto found = impl_->around.accounts.credential(credential);
    if (!found || found->owner != account || name.empty() || length_utf8(name) > kLongestLabel || !valid_utf8(name)) return says("account_way_unknown");
    impl_->around.accounts.rename(credential, account, name);
    return {};
}

Result<void> AccountDoor::change_password(const Session& session, std::string_view password) {
    const auto hers = impl_->around.accounts.account(session.person->subject);
    if (!hers) return says("account_failed");
    if (const auto wrong = impl_->wrong_password(password, {hers->email, hers->first_name, hers->last_name}); !wrong.empty()) return Error{.code = wrong};
    impl_->set_password(hers->id, impl_->passwords.hash(password));
    impl_->around.identity.end_others(session.token, Session::Kind::resident, hers->id);
    tell(*hers, "password");
    return {};
}

Result<std::string> AccountDoor::change_email(const std::string& account, std::string_view typed, const Caller& caller) {
    const auto email = plain_address(typed);
    if (!mail::valid_address(email)) return says("account_email_wrong");
    const bool known = impl_->around.accounts.by_email(email).has_value();
    Step step{"email", account, email, {}, {}, {}, caller.language, known ? "" : Steps::new_code(), false};
    return impl_->first_steps(step, caller, known ? "known" : "code");
}

Result<void> AccountDoor::confirm_email(const std::string& account, std::string_view handle, std::string_view code) {
    auto step = impl_->steps.tried(handle, "email");
    if (!step || step->account != account) return says("account_code_dead");
    if (step->code.empty() || !equal_secret(step->code, plain_code(code))) return says("account_code_wrong");
    auto hers = impl_->around.accounts.account(account);
    if (!hers || !impl_->steps.end(handle)) return says("account_code_dead");
    const auto before = *hers;
    hers->email = step->email;
    hers->email_confirmed = true;
    if (auto done = impl_->around.accounts.update(*hers); !done) return says("account_email_taken");
    tell(before, "email");  // the old address too: whoever holds it must learn that it is no longer asked
    tell(*hers, "email");
    return {};
}

void AccountDoor::remove_account(const std::string& account) {
    const auto hers = impl_->around.accounts.account(account);
    impl_->steps.end_of(account);
    impl_->around.accounts.remove(account);
    if (hers) tell(*hers, "deleted");
}

void AccountDoor::tell(const Account& account, const std::string& key) {
    if (account.email.empty() || !account.email_confirmed) return;
    impl_->send(account.email, account.language, key, {{"city", impl_->around.city}, {"when", language::format_moment(account.language, impl_->around.clock.now())}});
}

}  // namespace kiepe::identity
