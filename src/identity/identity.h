#pragma once
// Who somebody is and what they may do. This room stands behind interfaces so that real identity providers and registers can take
// the place of the demo ones. Read this first.
//
// Levels of proof of a fact, weakest first: stated < document < checked < register. Only a register says `register`.
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "feel/value.h"
#include "store/store.h"
#include "web/web.h"

namespace kiepe::identity {

/// A resident who has signed in, as the identity provider and the register know her. In the demo all of them are invented.
struct Person {
    std::string subject;             ///< stable id at the issuer, e.g. "demo:jana-beispiel"
    std::string first_name, last_name;
    std::string email;
    std::string level = "substantial";   ///< eIDAS level of assurance of this sign-in: low | substantial | high
    bool invented = false;           ///< shown on every page as such
};

/// Asked for a person's facts by the attribute names that packages use in `from_profile`: registered_address (context street, number,
/// postcode, place, ags, district, x, y), main_home, first_name, last_name, birth_date, permits_held, dogs_held, iban, household
/// (list). A fact that the register does not have is null.
class Register {
public:
    virtual ~Register() = default;
    virtual feel::Value attribute(std::string_view subject, std::string_view name) const = 0;
    /// For people: "Melderegister (Vorführung)". A text key.
    virtual std::string source_key() const = 0;
    /// "register" for registers, "stated" for a person's own profile.
    virtual std::string level() const = 0;
};

/// Signs residents in. The demo provider lists its invented persons; a real one redirects.
class SignIn {
public:
    virtual ~SignIn() = default;
    virtual std::vector<Person> invented_persons() const = 0;
    virtual std::optional<Person> person(std::string_view subject) const = 0;
};

/// Reads cities/<city>/demo/persons.yaml: both the demo register and the demo sign-in.
class DemoRegister final : public Register, public SignIn {
public:
    static Result<DemoRegister> load(const std::string& file);
    feel::Value attribute(std::string_view subject, std::string_view name) const override;
    std::string source_key() const override { return "source_demo_register"; }
    std::string level() const override { return "register"; }
    std::vector<Person> invented_persons() const override;
    std::optional<Person> person(std::string_view subject) const override;

private:
    struct Impl;
    std::shared_ptr<const Impl> impl_;
};

/// Somebody who works for the city.
struct Staff {
    std::string id;                  ///< login name
    std::string name;                ///< "Frau Berger"
    std::string office;              ///< office id of the city folder
    std::set<std::string> roles;     ///< case_workers, parking_clerk, housing_clerk, cashier, designer, data_protection, admin
    std::string phone;
};

/// A live session: anonymous (a form was begun), a resident's, or a clerk's.
struct Session {
    enum class Kind { anonymous, resident, staff };
    Kind kind = Kind::anonymous;
    std::string token;               ///< secret, only in the cookie; the store keeps its hash
    std::string csrf;
    std::optional<Person> person;
    std::optional<Staff> staff;
    Moment started{}, last_seen{};
    std::string level;               ///< assurance of this sign-in: none | low | substantial | high
    std::string method;              ///< demo | password | password_and_code | passkey | oidc | saml
    Moment proved{};                 ///< when she last proved herself; sensitive changes want it within some minutes (ASVS 7.5.1)
    bool terminal = false;           ///< on a public terminal: short, and nothing is left behind
};

/// How a session is opened.
struct Opening {
    Session::Kind kind = Session::Kind::resident;
    std::string subject;             ///< of a person or login name of staff
    std::string level = "none", method;
    std::string device;              ///< for people: "Firefox, Linux"
    bool terminal = false;           ///< idle time-out 5 minutes, 20 at most
};

/// Accounts of staff, sessions. Thread-safe. Tokens have 130 bits and are stored hashed; new at sign-in. Idle time-out 30 minutes
/// (staff: 8 hours absolute; residents: 2 hours absolute; anonymous: 24 hours, idle or not).
class Identity final : public web::SessionStore {
public:
    Identity(store::Database& database, const Clock& clock, std::shared_ptr<const SignIn> sign_in);
    ~Identity() override;

    static std::vector<store::Migration> migrations();

    std::optional<std::string> csrf_of(std::string_view token) override;
    std::optional<Session> session(std::string_view token);
    /// Anonymous session for a form that begins.
    Session begin_anonymous();
    Result<Session> sign_in_resident(std::string_view subject, std::string_view old_token);
    /// Throttled by login name and client (ASVS 6.3.1); the same error for unknown names and wrong passwords.
    Result<Session> sign_in_staff(std::string_view id, std::string_view password, std::string_view old_token, std::string_view client);
    /// For every way of signing in that has proved the subject. Errors: "sign_in_failed" where nobody is behind it.
    Result<Session> open(const Opening& opening, std::string_view old_token);
    /// She has proved herself again, maybe better: a new token takes the place of the old one, the absolute end stays. nullopt: no live session.
    std::optional<Session> prove(std::string_view token, std::string_view level, std::string_view method);
    void end(std::string_view token);
    int end_expired();

    struct SessionInfo {
        std::string id;              ///< hash of the token: may be shown, opens nothing
        Moment started{}, last_seen{};
        std::string method, device;
        bool terminal = false, current = false;
    };
    /// Live sessions of somebody, the last used first (ASVS 7.5.2).
    std::vector<SessionInfo> sessions(Session::Kind kind, std::string_view subject, std::string_view current_token);
    bool end_session(std::string_view id, Session::Kind kind, std::string_view subject);
    void end_others(std::string_view token, Session::Kind kind, std::string_view subject);

    /// Creates or updates an account; the password is hashed with Argon2id (RFC 9106). Precondition: 8 characters and more. A changed
    /// password ends all sessions of the account.
    void put_staff(const Staff& staff, std::string_view password);
    std::optional<Staff> staff(std::string_view id);
    std::vector<Staff> all_staff();

    /// Writes down that personal data of a case was read by staff, with the reason; residents see it on the case page.
    /// The same reader with the same reason within half an hour counts once.
    struct Access {
        Moment at{};
        std::string staff_id, staff_name, office;
        std::string reason;          ///< text key: access_task, access_search, ...
    };
    void record_access(std::int64_t case_id, const Staff& who, std::string_view reason);
    std::vector<Access> accesses(std::int64_t case_id);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kiepe::identity
