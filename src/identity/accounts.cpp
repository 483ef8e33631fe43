#include "identity/accounts.h"

#include "base/date.h"
#include "base/id.h"
#include "identity/sql.h"

namespace kiepe::identity {
namespace {

Moment moment_of(const std::string& iso) { return parse_moment(iso).value_or(Moment{}); }

Account account_of(const store::Row& row) {
    return {row.text(0), row.text(1), row.text(2), row.text(3), row.flag(4), row.text(5), moment_of(row.text(6)), moment_of(row.text(7))};
}

Credential credential_of(const store::Row& row) {
    return {row.text(0), row.text(1), row.text(2), row.text(3), row.text(4), row.number(5), moment_of(row.text(6)), moment_of(row.text(7))};
}

std::optional<Account> one(store::Database& database, const SqlText& statement, const store::Parameters& parameters) {
    std::optional<Account> found;
    database.read([&](store::Session& session) {
        for (const auto& row : session.query(statement, parameters)) found = account_of(row);
    });
    return found;
}

}  // namespace

Accounts::Accounts(store::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

std::string Accounts::new_id() { return "account:" + random_token(); }

Result<Account> Accounts::create(const Account& facts, std::string_view issuer, std::string_view subject) {
    Account made = facts;
    if (made.id.empty()) made.id = new_id();
    made.created = clock_.now();
    const std::string known_as = issuer == "local" && subject.empty() ? made.id : std::string(subject);
    bool known = false;
    database_.write([&](store::Session& session) {
        known = !session.query(sql::account_by_identity, {std::string(issuer), known_as}).empty() ||
                (made.email_confirmed && !session.query(sql::account_by_email, {made.email}).empty());
        if (known) return;
        session.run(sql::account_insert, {made.id, made.first_name, made.last_name, made.email, made.email_confirmed, made.language, to_iso(made.created)});
        session.run(sql::account_identity_insert, {std::string(issuer), known_as, made.id});
    });
    if (known) return Error{.code = "account_known"};
    return made;
}

std::optional<Account> Accounts::account(std::string_view id) { return one(database_, sql::account_by_id, {std::string(id)}); }
std::optional<Account> Accounts::by_email(std::string_view email) { return one(database_, sql::account_by_email, {std::string(email)}); }
std::optional<Account> Accounts::by_identity(std::string_view issuer, std::string_view subject) {
    return one(database_, sql::account_by_identity, {std::string(issuer), std::string(subject)});
}

std::vector<std::pair<std::string, std::string>> Accounts::identities(std::string_view id) {
    std::vector<std::pair<std::string, std::string>> all;
    database_.read([&](store::Session& session) {
        for (const auto& row : session.query(sql::account_identities_of, {std::string(id)})) all.emplace_back(row.text(0), row.text(1));
    });
    return all;
}

Result<void> Accounts::link(std::string_view id, std::string_view issuer, std::string_view subject) {
    bool hers = false;
    database_.write([&](store::Session& session) {
        session.run(sql::account_identity_insert, {std::string(issuer), std::string(subject), std::string(id)});
        for (const auto& row : session.query(sql::account_by_identity, {std::string(issuer), std::string(subject)})) hers = row.text(0) == id;
    });
    if (!hers) return Error{.code = "account_known"};
    return {};
}

Result<void> Accounts::update(const Account& account) {
    bool taken = false;
    database_.write([&](store::Session& session) {
        if (account.email_confirmed)
            for (const auto& row : session.query(sql::account_by_email, {account.email})) taken = taken || row.text(0) != account.id;
        if (!taken)
            session.run(sql::account_update, {account.id, account.first_name, account.last_name, account.email, account.email_confirmed, account.language});
    });
    if (taken) return Error{.code = "email_taken"};
    return {};
}

void Accounts::signed_in(std::string_view id) {
    database_.write([&](store::Session& session) { session.run(sql::account_signed_in, {std::string(id), to_iso(clock_.now())}); });
}

void Accounts::remove(std::string_view id) {
    database_.write([&](store::Session& session) {
        session.run(sql::credentials_delete_of, {std::string(id), std::string()});
        session.run(sql::sessions_delete_others, {std::string("resident"), std::string(id), std::string()});
        session.run(sql::account_delete, {std::string(id)});
    });
}

std::vector<Credential> Accounts::credentials(std::string_view owner, std::string_view kind) {
    std::vector<Credential> all;
    database_.read([&](store::Session& session) {
        for (const auto& row : session.query(sql::credentials_of, {std::string(owner), std::string(kind)})) all.push_back(credential_of(row));
    });
    return all;
}

std::optional<Credential> Accounts::credential(std::string_view id) {
    std::optional<Credential> found;
    database_.read([&](store::Session& session) {
        for (const auto& row : session.query(sql::credential_by_id, {std::string(id)})) found = credential_of(row);
    });
    return found;
}

Result<void> Accounts::add(const Credential& credential) {
    bool known = false;
    database_.write([&](store::Session& session) {
        known = !session.query(sql::credential_by_id, {credential.id}).empty();
        if (!known)
            session.run(sql::credential_insert, {credential.id, credential.owner, credential.kind, credential.label, credential.data, credential.counter, to_iso(clock_.now())});
    });
    if (known) return Error{.code = "credential_known"};
    return {};
}

bool Accounts::use(std::string_view id, std::int64_t counter) {
    bool fresh = false;
    database_.write([&](store::Session& session) { fresh = session.run(sql::credential_used, {std::string(id), counter, to_iso(clock_.now())}) == 1; });
    return fresh;
}

bool Accounts::remove(std::string_view id, std::string_view owner) {
    bool removed = false;
    database_.write([&](store::Session& session) { removed = session.run(sql::credential_delete, {std::string(id), std::string(owner)}) == 1; });
    return removed;
}

void Accounts::rename(std::string_view id, std::string_view owner, std::string_view label) {
    database_.write([&](store::Session& session) { session.run(sql::credential_rename, {std::string(id), std::string(owner), std::string(label)}); });
}

void Accounts::remove_all(std::string_view owner, std::string_view kind) {
    database_.write([&](store::Session& session) { session.run(sql::credentials_delete_of, {std::string(owner), std::string(kind)}); });
}

std::optional<Person> Accounts::person(std::string_view subject) const {
    if (!subject.starts_with("account:")) return std::nullopt;
    const auto account = one(database_, sql::account_by_id, {std::string(subject)});
    if (!account) return std::nullopt;
    Person person;
    person.subject = account->id;
    person.first_name = account->first_name;
    person.last_name = account->last_name;
    person.email = account->email_confirmed ? account->email : "";
    person.level = "none";  // what an account proves is said by the session that it opened
    return person;
}

std::vector<Person> People::invented_persons() const {
    std::vector<Person> all;
    for (const auto& source : sources_)
        for (auto& person : source->invented_persons()) all.push_back(std::move(person));
    return all;
}

std::optional<Person> People::person(std::string_view subject) const {
    for (const auto& source : sources_)
        if (auto person = source->person(subject)) return person;
    return std::nullopt;
}

}  // namespace kiepe::identity
