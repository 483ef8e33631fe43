#pragma once
// Passkeys of residents and of staff: challenges, what is kept, and signing in. The checks themselves stand in webauthn.h.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "identity/accounts.h"
#include "identity/webauthn.h"
#include "store/store.h"

namespace kiepe::identity {

/// What a challenge is for; one that was given for one purpose serves no other.
enum class PasskeyUse { sign_in, staff_sign_in, add };

/// Thread-safe.
class Passkeys {
public:
    Passkeys(store::Database& database, const Clock& clock, Accounts& accounts) : database_(database), clock_(clock), accounts_(accounts) {}

    /// 256 random bits in base64url, for five minutes, once, for this session alone. It takes the place of the session's last one for `use`.
    std::string begin(std::string_view session_token, PasskeyUse use, std::string_view owner = {});

    /// A new passkey of the owner for whom the challenge was begun. Errors: those of webauthn.h, "webauthn_challenge" also for one that was
    /// used, is too old or was given to another session; "credential_known".
    struct Made {
        std::string client_data, attestation;    ///< raw, from the browser
        std::string label;                       ///< for people
    };
    /// Checks and gives the credential with its owner; nothing is kept before `keep`: a new account is made in between.
    Result<Credential> check(const webauthn::Site& site, std::string_view session_token, const Made& made);
    Result<void> keep(const Credential& credential) { return accounts_.add(credential); }

    /// Whose passkey it is. Errors as above; "passkey_unknown" (removed here, or of another city), "passkey_blocked",
    /// "passkey_copied": the counter has gone back, two of them exist (Web Authentication Level 2, section 6.1.1). It is blocked from now on;
    /// `where` of the error names the owner, who has to be told.
    struct Used {
        std::string id;                          ///< base64url
        std::string client_data, authenticator_data, signature, user_handle;
    };
    Result<Credential> use(const webauthn::Site& site, std::string_view session_token, PasskeyUse use, const Used& used);

    std::vector<Credential> of(std::string_view owner) { return accounts_.credentials(owner, "passkey"); }
    /// One of hers by its public handle (below); nullopt for those of others.
    std::optional<Credential> find(std::string_view owner, std::string_view handle);
    bool rename(const Credential& passkey, std::string_view label);
    bool remove(const Credential& passkey) { return accounts_.remove(passkey.id, passkey.owner); }

    static bool blocked(const Credential& passkey);
    /// Names a passkey in addresses: ids of credentials are too long for that.
    static std::string handle_of(const Credential& passkey);
    /// What authenticators keep of the owner: says nothing about her, and is equal for all her passkeys (section 14.6.1).
    static std::string user_handle(std::string_view owner);

private:
    Result<std::string> take(std::string_view session_token, PasskeyUse use, const std::string& challenge);
    void block(const std::string& id);

    store::Database& database_;
    const Clock& clock_;
    Accounts& accounts_;
};

}  // namespace kiepe::identity
