#pragma once
// Accounts of residents and what they prove themselves with. An account never says that somebody *is* who she says: that is the level of
// assurance of one sign-in, and belongs to what is sent with it (eIDAS Regulation, Art. 8).
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "identity/identity.h"
#include "store/store.h"

namespace kiepe::identity {

struct Account {
    std::string id;                  ///< "account:" and 130 random bits; the `subject` of her cases and sessions
    std::string first_name, last_name;
    std::string email;               ///< as typed, lower-case domain; may be empty
    bool email_confirmed = false;    ///< one account at most has confirmed an address
    std::string language = "de";
    Moment created{}, last_sign_in{};
};

/// One thing that somebody proves herself with.
struct Credential {
    std::string id;                  ///< random; of a passkey its credential id in base64url
    std::string owner;               ///< an account's id, or "staff:" and a login name
    std::string kind;                ///< password | totp | recovery_code | passkey
    std::string label;               ///< for people: "Handy"
    std::string data;                ///< hash, public key (COSE, base64url), or a secret encrypted with this installation's key
    std::int64_t counter = 0;        ///< of a passkey: its signature counter; of a time code: the last step that was used
    Moment created{}, used{};
};

/// Thread-safe.
class Accounts final : public SignIn {
public:
    Accounts(store::Database& database, const Clock& clock);

    /// For an account that gets its passkey before it is made.
    static std::string new_id();
    /// A new account, under `facts.id` where that is given, known as (`issuer`, `subject`); "local" and an empty subject for one that was made
    /// here. Errors: "account_known".
    Result<Account> create(const Account& facts, std::string_view issuer, std::string_view subject);
    std::optional<Account> account(std::string_view id);
    std::optional<Account> by_email(std::string_view email);                              ///< confirmed addresses only
    std::optional<Account> by_identity(std::string_view issuer, std::string_view subject);
    std::vector<std::pair<std::string, std::string>> identities(std::string_view id);     ///< issuer, subject
    /// Errors: "account_known" where the identity belongs to another account.
    Result<void> link(std::string_view id, std::string_view issuer, std::string_view subject);
    /// Errors: "email_taken" where another account has confirmed the address.
    Result<void> update(const Account& account);
    void signed_in(std::string_view id);
    /// With its identities, credentials and sessions. Cases stay: the law says how long.
    void remove(std::string_view id);

    std::vector<Credential> credentials(std::string_view owner, std::string_view kind = {});
    std::optional<Credential> credential(std::string_view id);
    Result<void> add(const Credential& credential);                                       ///< errors: "credential_known"
    /// False where the counter did not go up (both 0 is allowed: synced passkeys do not count): a copy was used.
    bool use(std::string_view id, std::int64_t counter);
    bool remove(std::string_view id, std::string_view owner);
    void rename(std::string_view id, std::string_view owner, std::string_view label);
    void remove_all(std::string_view owner, std::string_view kind);

    // SignIn: persons behind "account:..." subjects.
    std::vector<Person> invented_persons() const override { return {}; }
    std::optional<Person> person(std::string_view subject) const override;

private:
    store::Database& database_;
    const Clock& clock_;
};

/// Several sources of persons, asked in their order: the demonstration's and the accounts.
class People final : public SignIn {
public:
    explicit People(std::vector<std::shared_ptr<const SignIn>> sources) : sources_(std::move(sources)) {}
    std::vector<Person> invented_persons() const override;
    std::optional<Person> person(std::string_view subject) const override;

private:
    std::vector<std::shared_ptr<const SignIn>> sources_;
};

}  // namespace kiepe::identity
