#include "identity/identity.h"

#include <algorithm>
#include <stdexcept>

#include "base/date.h"
#include "base/id.h"
#include "base/text.h"
#include "identity/passwords.h"
#include "identity/sql.h"

namespace kiepe::identity {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// ASVS 7.3: idle and absolute timeouts.
constexpr auto kIdle = minutes(30);
constexpr auto kTouch = minutes(1);            // a page more or less within it is not written down
// ASVS 6.3.1: guesses of one name, and from one client over many names, within the window.
constexpr auto kWindow = minutes(15);
constexpr std::int64_t kFailuresOfName = 10, kFailuresOfClient = 30;
constexpr auto kOneReading = minutes(30);

// A public terminal stands in a library, with a queue behind it.
constexpr auto kTerminalIdle = minutes(5), kTerminalLongest = minutes(20);

minutes longest(Session::Kind kind) {
    switch (kind) {
        case Session::Kind::staff: return hours(8);
        case Session::Kind::resident: return hours(2);
        case Session::Kind::anonymous: break;
    }
    return hours(24);
}

/// A form that somebody has begun may lie for a day; whoever is signed in must come back within half an hour.
Moment dead_at(Session::Kind kind, Moment seen, Moment ends, bool terminal) {
    return kind == Session::Kind::anonymous ? ends : std::min<Moment>(seen + (terminal ? kTerminalIdle : kIdle), ends);
}

std::string name_of(Session::Kind kind) {
    switch (kind) {
        case Session::Kind::staff: return "staff";
        case Session::Kind::resident: return "resident";
        case Session::Kind::anonymous: break;
    }
    return "anonymous";
}

Session::Kind kind_of(const std::string& name) {
    if (name == "staff") return Session::Kind::staff;
    if (name == "resident") return Session::Kind::resident;
    return Session::Kind::anonymous;
}

std::string hash_of(std::string_view token) { return sha256_hex(token); }
/// Made from the token, so that the database holds nothing with which a form could be forged.
std::string csrf_from(std::string_view token) { return sha256_hex("csrf:" + std::string(token)); }

Staff staff_of(const store::Row& row) {
    Staff staff{row.text(0), row.text(1), row.text(2), {}, row.text(4)};
    for (const auto& role : split(row.text(3), ',')) {
        if (!role.empty()) staff.roles.insert(role);
    }
    return staff;
}

Error sign_in_error(const char* code) { return Error{.code = code}; }

}  // namespace

struct Identity::Impl {
    store::Database& database;
    const Clock& clock;
    std::shared_ptr<const SignIn> sign_in;
    Passwords passwords = {};

    struct Stored {
        Session::Kind kind;
        std::string subject;
        Moment started, last_seen, ends;
        std::string level, method, device;
        Moment proved;
        bool terminal;
    };

    std::optional<Stored> live(std::string_view token) {
        if (token.empty()) return std::nullopt;
        std::optional<Stored> out;
        database.read([&](store::Session& session) {
            const auto rows = session.query(sql::session_by_hash, {hash_of(token), to_iso(clock.now())});
            if (rows.empty()) return;
            const auto& row = rows[0];
            const auto moment = [&](std::size_t i) { return parse_moment(row.text(i)).value_or(Moment{}); };
            out = Stored{kind_of(row.text(0)), row.text(1), moment(2), moment(3), moment(4), row.text(5), row.text(6), row.text(9), moment(7), row.flag(8)};
        });
        return out;
    }

    /// The new session takes the place of the old one in one transaction (ASVS 7.2.4: a new token at every sign-in). `ends`: of a session that goes on.
    Session begin(const Opening& opening, std::string_view old_token, std::optional<Moment> ends = {}) {
        Session out;
        out.kind = opening.kind;
        out.token = random_token();
        out.csrf = csrf_from(out.token);
        out.started = out.last_seen = out.proved = clock.now();
        out.level = opening.level;
        out.method = opening.method;
        out.terminal = opening.terminal;
        const Moment end = ends.value_or(out.started + (opening.terminal ? kTerminalLongest : longest(opening.kind)));
        database.write([&](store::Session& session) {
            if (!old_token.empty()) session.run(sql::session_delete, {hash_of(old_token)});
            session.run(sql::session_insert, {hash_of(out.token), name_of(out.kind), opening.subject, to_iso(out.started), to_iso(end),
                                              to_iso(dead_at(out.kind, out.started, end, out.terminal)), out.level, out.method,
                                              opening.device, out.terminal});
        });
        return out;
    }

    struct Account {
        Staff staff;
        std::string password;
    };
    std::optional<Account> account(std::string_view id) {
        std::optional<Account> out;
        database.read([&](store::Session& session) {
            const auto rows = session.query(sql::staff_by_id, {std::string(id)});
            if (!rows.empty()) out = Account{staff_of(rows[0]), rows[0].text(5)};
        });
        return out;
    }

    bool throttled(const std::string& name, const std::string& client) {
        bool out = false;
        const auto since = to_iso(clock.now() - kWindow);
        database.read([&](store::Session& session) {
            const auto failures = [&](const std::string& who) { return session.query(sql::failures_count, {who, since}).at(0).number(0); };
            out = failures(name) >= kFailuresOfName || failures(client) >= kFailuresOfClient;
        });
        return out;
    }

    void note_failure(const std::string& name, const std::string& client) {
        database.write([&](store::Session& session) {
            for (const auto& who : {name, client}) session.run(sql::failure_insert, {random_id(), who, to_iso(clock.now())});
        });
    }
};

Identity::Identity(store::Database& database, const Clock& clock, std::shared_ptr<const SignIn> sign_in)
    : impl_(new Impl{database, clock, std::move(sign_in)}) {}
Identity::~Identity() = default;

std::vector<store::Migration> Identity::migrations() {
    return {{"identity", 1, sql::m001_create}, {"identity", 2, sql::m002_accounts}, {"identity", 3, sql::m003_steps}, {"identity", 4, sql::m004_passkeys}};
}

std::optional<std::string> Identity::csrf_of(std::string_view token) {
    if (!impl_->live(token)) return std::nullopt;
    return csrf_from(token);
}

std::optional<Session> Identity::session(std::string_view token) {
    const auto stored = impl_->live(token);
    if (!stored) return std::nullopt;
    Session out{stored->kind, std::string(token), csrf_from(token), {}, {}, stored->started, stored->last_seen,
                stored->level, stored->method, stored->proved, stored->terminal};
    if (out.kind == Session::Kind::resident) {
        if (impl_->sign_in) out.person = impl_->sign_in->person(stored->subject);
        if (!out.person) return std::nullopt;
        if (!out.level.empty()) out.person->level = out.level;
    } else if (out.kind == Session::Kind::staff) {
        out.staff = staff(stored->subject);
        if (!out.staff) return std::nullopt;
    }
    const auto now = impl_->clock.now();
    if (now >= stored->last_seen + kTouch) {
        out.last_seen = now;
        impl_->database.write([&](store::Session& session) {
            session.run(sql::session_touch, {hash_of(token), to_iso(now), to_iso(dead_at(out.kind, now, stored->ends, stored->terminal))});
        });
    }
    return out;
}

Session Identity::begin_anonymous() { return impl_->begin({Session::Kind::anonymous, {}, "none", {}, {}, false}, {}); }

Result<Session> Identity::open(const Opening& opening, std::string_view old_token) {
    std::optional<Person> person;
    std::optional<Staff> staff_of_it;
    if (opening.kind == Session::Kind::resident && impl_->sign_in) person = impl_->sign_in->person(opening.subject);
    if (opening.kind == Session::Kind::staff) staff_of_it = staff(opening.subject);
    if (!person && !staff_of_it) return sign_in_error("sign_in_failed");
    auto out = impl_->begin(opening, old_token);
    if (person) person->level = opening.level;
    out.person = std::move(person);
    out.staff = std::move(staff_of_it);
    return out;
}

std::optional<Session> Identity::prove(std::string_view token, std::string_view level, std::string_view method) {
    const auto stored = impl_->live(token);
    if (!stored || stored->kind == Session::Kind::anonymous) return std::nullopt;
    const auto fresh = impl_->begin({stored->kind, stored->subject, std::string(level), std::string(method), stored->device, stored->terminal}, token, stored->ends);
    return session(fresh.token);
}

std::vector<Identity::SessionInfo> Identity::sessions(Session::Kind kind, std::string_view subject, std::string_view current_token) {
    std::vector<SessionInfo> all;
    const auto current = hash_of(current_token);
    impl_->database.read([&](store::Session& session) {
        for (const auto& row : session.query(sql::sessions_of, {name_of(kind), std::string(subject), to_iso(impl_->clock.now())}))
            all.push_back({row.text(0), parse_moment(row.text(1)).value_or(Moment{}), parse_moment(row.text(2)).value_or(Moment{}), row.text(3), row.text(4),
                           row.flag(5), row.text(0) == current});
    });
    return all;
}

bool Identity::end_session(std::string_view id, Session::Kind kind, std::string_view subject) {
    bool ended = false;
    impl_->database.write([&](store::Session& session) {
        ended = session.run(sql::session_delete_of, {std::string(id), name_of(kind), std::string(subject)}) == 1;
    });
    return ended;
}

void Identity::end_others(std::string_view token, Session::Kind kind, std::string_view subject) {
    impl_->database.write([&](store::Session& session) {
        session.run(sql::sessions_delete_others, {name_of(kind), std::string(subject), hash_of(token)});
    });
}

Result<Session> Identity::sign_in_resident(std::string_view subject, std::string_view old_token) {
    auto person = impl_->sign_in ? impl_->sign_in->person(subject) : std::nullopt;
    if (!person) return sign_in_error("sign_in_failed");
    auto out = impl_->begin({Session::Kind::resident, person->subject, person->level, "demo", {}, false}, old_token);
    out.person = std::move(person);
    return out;
}

Result<Session> Identity::sign_in_staff(std::string_view id, std::string_view password, std::string_view old_token, std::string_view client) {
    const auto name = hash_of("name:" + std::string(id)), from = hash_of("client:" + std::string(client));
    if (impl_->throttled(name, from)) return sign_in_error("sign_in_throttled");
    const auto account = valid_utf8(id) ? impl_->account(id) : std::nullopt;
    const auto matches = impl_->passwords.matches(account ? std::optional(account->password) : std::nullopt, password);
    if (!matches) return sign_in_error("sign_in_busy");
    if (!*matches) {
        impl_->note_failure(name, from);
        return sign_in_error("sign_in_failed");
    }
    impl_->database.write([&](store::Session& session) { session.run(sql::failures_delete_of, {name}); });
    auto out = impl_->begin({Session::Kind::staff, account->staff.id, "low", "password", {}, false}, old_token);
    out.staff = account->staff;
    return out;
}

void Identity::end(std::string_view token) {
    if (token.empty()) return;
    impl_->database.write([&](store::Session& session) { session.run(sql::session_delete, {hash_of(token)}); });
}

int Identity::end_expired() {
    const auto now = impl_->clock.now();
    std::int64_t ended = 0;
    impl_->database.write([&](store::Session& session) {
        ended = session.run(sql::sessions_delete_dead, {to_iso(now)});
        session.run(sql::failures_delete_old, {to_iso(now - kWindow)});
    });
    return static_cast<int>(ended);
}

void Identity::put_staff(const Staff& staff, std::string_view password) {
    if (staff.id.empty() || !acceptable_length(password)) throw std::logic_error("an account needs a name and a password of 8 characters");
    // The same password again (a demo that starts anew, a changed phone number) logs nobody out; a new one ends all sessions.
    const auto before = impl_->account(staff.id);
    const bool same = before && impl_->passwords.matches(before->password, password).value_or(false);
    const auto hash = same ? before->password : impl_->passwords.hash(password);
    const auto roles = join({staff.roles.begin(), staff.roles.end()}, ",");
    impl_->database.write([&](store::Session& session) {
        session.run(sql::staff_put, {staff.id, staff.name, staff.office, roles, staff.phone, hash});
        if (!same) session.run(sql::sessions_delete_of_staff, {staff.id});
    });
}

std::optional<Staff> Identity::staff(std::string_view id) {
    const auto account = impl_->account(id);
    if (!account) return std::nullopt;
    return account->staff;
}

std::vector<Staff> Identity::all_staff() {
    std::vector<Staff> out;
    impl_->database.read([&](store::Session& session) {
        for (const auto& row : session.query(sql::staff_all)) out.push_back(staff_of(row));
    });
    return out;
}

void Identity::record_access(std::int64_t case_id, const Staff& who, std::string_view reason) {
    const auto now = impl_->clock.now();
    impl_->database.write([&](store::Session& session) {
        session.run(sql::access_insert, {random_id(), case_id, who.id, who.name, who.office, std::string(reason), to_iso(now),
                                         to_iso(now - kOneReading)});
    });
}

std::vector<Identity::Access> Identity::accesses(std::int64_t case_id) {
    std::vector<Access> out;
    impl_->database.read([&](store::Session& session) {
        for (const auto& row : session.query(sql::accesses_of_case, {case_id})) {
            out.push_back({parse_moment(row.text(0)).value_or(Moment{}), row.text(1), row.text(2), row.text(3), row.text(4)});
        }
    });
    return out;
}

}  // namespace kiepe::identity
