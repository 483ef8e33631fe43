#pragma once
// How residents get an account, prove that it is theirs, and change what they prove it with. No page is made here.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "identity/accounts.h"
#include "identity/identity.h"
#include "language/language.h"
#include "mail/mail.h"
#include "store/jobs.h"

namespace kiepe::identity {

/// What the door needs of the house.
struct DoorSurround {
    store::Database& database;
    const Clock& clock;
    Accounts& accounts;
    Identity& identity;
    mail::Mailer& mailer;
    const language::Texts& texts;
    std::string key;                     ///< 32 bytes (SecretBox::key_of)
    std::string city;                    ///< "Stadt Münster": in mails and in the authenticator app
    std::vector<std::string> word_lists; ///< of passwords that are tried first; empty: Debian's
    std::function<void()> poke;          ///< wakes the worker after a mail was put down
};

/// Who is at the door: for counting wrong tries, and for what the new session is.
struct Caller {
    std::string client, device, language = "de", old_token;
    bool terminal = false;
};

/// Thread-safe. Errors are text keys: "account_failed" (unknown or wrong), "account_throttled", "account_busy", "account_code_wrong",
/// "account_code_dead", "account_name_missing", "account_email_wrong", "account_password_short", "account_password_long",
/// "account_password_common", "account_last_way", "account_last_factor", "account_email_taken".
class AccountDoor {
public:
    explicit AccountDoor(DoorSurround around);
    ~AccountDoor();

    struct Registration {
        std::string first_name, last_name, email, password;
    };
    /// A code goes out by mail, or a hint where the address has an account already: who asks cannot tell which. Gives the handle of the step.
    Result<std::string> register_person(const Registration& facts, const Caller& caller);
    Result<Session> confirm_registration(std::string_view handle, std::string_view code, const Caller& caller);

    /// Signed in, or the handle of the step that asks for the second factor.
    struct Entered {
        std::optional<Session> session;
        std::string step;
    };
    /// Wrong tries count for the client, and for name and client together: nobody can shut out somebody else. Where many have guessed at
    /// an account without a second factor, the right password is answered with a code by mail as its second factor.
    Result<Entered> sign_in(std::string_view email, std::string_view password, const Caller& caller);
    /// From here on only who knew the password counts. A code of the app or of the mail, or a printed one.
    Result<Session> second_factor(std::string_view handle, std::string_view code, const Caller& caller);

    /// Always a handle, for known and unknown addresses.
    Result<std::string> forgotten(std::string_view email, const Caller& caller);
    /// The new password takes effect when the second factor is proved as well, where there is one: all sessions end.
    Result<Entered> reset(std::string_view handle, std::string_view code, std::string_view password, const Caller& caller);
    bool step_lives(std::string_view handle, std::string_view kind) const;

    /// She proves herself again: password, and the second factor where there is one. Gives the session that takes the place of the old.
    Result<Session> prove(const Session& session, std::string_view password, std::string_view code, const Caller& caller);
    /// Within ten minutes and as strong as her account can be (OWASP ASVS 5.0, 7.5.1): else sensitive changes ask her to prove herself.
    bool fresh(const Session& session);

    /// The secret of a new authenticator, sealed for this account: travels in the form, and counts for nothing until a code proves it.
    std::string offer_authenticator(const std::string& account);
    struct Offer { std::string readable, link; };
    std::optional<Offer> read_offer(const std::string& account, std::string_view offer);
    /// Gives the printed codes where she had none.
    Result<std::vector<std::string>> add_authenticator(const std::string& account, std::string_view offer, std::string_view code, std::string_view label);
    /// Ten new ones; the old ones are void.
    std::vector<std::string> new_recovery_codes(const std::string& account);
    bool has_second_factor(const std::string& account);
    Result<void> remove(const std::string& account, const std::string& credential);
    Result<void> rename(const std::string& account, const std::string& credential, std::string_view label);
    Result<void> change_password(const Session& session, std::string_view password);
    Result<std::string> change_email(const std::string& account, std::string_view email, const Caller& caller);
    Result<void> confirm_email(const std::string& account, std::string_view handle, std::string_view code);
    void remove_account(const std::string& account);
    /// To her, in her language: that a way of signing in came, went or changed (`key`: text account_mail_<key>_subject and _text).
    void tell(const Account& account, const std::string& key);

    /// Jobs: "identity.mail" and "identity.daily" (deletes what was never confirmed and dead sessions).
    std::map<std::string, std::function<void(const store::Job&)>> jobs();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// "Firefox, Linux": what the browser says of itself, in words; empty where it says nothing known.
std::string device_words(std::string_view user_agent);

}  // namespace kiepe::identity
