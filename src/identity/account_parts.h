#pragma once
// Inside the room: what the parts of AccountDoor share.
#include "identity/account_door.h"
#include "identity/common_passwords.h"
#include "identity/passwords.h"
#include "identity/secret_box.h"
#include "identity/steps.h"
#include "identity/throttle.h"

namespace kiepe::identity {

struct AccountDoor::Impl {
    explicit Impl(DoorSurround surround);

    DoorSurround around;
    SecretBox box;
    Passwords passwords;
    CommonPasswords common;
    Steps steps;
    Throttle throttle;

    /// Empty: good. Else the key of the text that says what is wrong.
    std::string wrong_password(std::string_view password, const std::vector<std::string>& own) const;
    /// Put down as a job, sealed: the page takes as long for known as for unknown addresses.
    void send(const std::string& to, const std::string& language, const std::string& key, const language::Arguments& arguments);
    std::string first_steps(const Step& step, const Caller& caller, const std::string& mail);

    std::optional<Credential> password_of(std::string_view account);
    bool second_factor_fits(const std::string& account, std::string_view code);
    Result<Session> open(const std::string& account, const Caller& caller, bool two_factors);
    void set_password(const std::string& account, const std::string& hash);
    /// Counted for the account: only who knows the password comes here, or who has her session.
    std::optional<Error> second_blocked(const std::string& account) const;
    void second_wrong(const std::string& account);
};

/// Blanks around go, capital letters become small: hardly any provider tells them apart, and people do not.
std::string plain_address(std::string_view typed);
/// Spaces and dashes go that people type with a code.
std::string plain_code(std::string_view typed);

}  // namespace kiepe::identity
