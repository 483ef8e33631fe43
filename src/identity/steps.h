#pragma once
// Inside the room: what is begun and waits for a code, from a mail or from an app. At most five tries and ten minutes (OWASP ASVS 5.0, 6.5.5
// and 6.6.3), once; sealed, because until then it belongs to nobody who has proved anything.
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "identity/secret_box.h"
#include "store/store.h"

namespace kiepe::identity {

struct Step {
    std::string kind;                ///< register | reset | email | second
    std::string account;             ///< empty: of nobody (yet), no code opens it
    std::string email, first_name, last_name, password_hash, language;
    std::string code;                ///< that was mailed; empty: none opens it but a second factor
    bool terminal = false;
};

/// Thread-safe.
class Steps {
public:
    Steps(store::Database& database, const Clock& clock, const SecretBox& box) : database_(database), clock_(clock), box_(box) {}
    /// Gives the secret handle; the store keeps its hash.
    std::string begin(const Step& step);
    bool lives(std::string_view handle, std::string_view kind) const;
    /// Counts a try and gives what was begun, also where `code` is wrong: whoever asks compares. Errors: "code_dead".
    Result<Step> tried(std::string_view handle, std::string_view kind);
    /// True for the one who ends it: the second of two at once gets false.
    bool end(std::string_view handle);
    void end_of(std::string_view account);
    int delete_old();

    static std::string new_code();

private:
    store::Database& database_;
    const Clock& clock_;
    const SecretBox& box_;
};

}  // namespace kiepe::identity
