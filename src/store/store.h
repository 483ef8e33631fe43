#pragma once
// The one database of the house behind one small interface: SQLite or PostgreSQL, nobody above knows which. Read this first.
//
// Rules of the dialect that both engines speak: $1..$n parameters; ids are bigint given by the application; text, boolean;
// moments are fixed-width UTC text (base/date.h); money is bigint in cents; JSON is text.
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/sql_text.h"

namespace kiepe::store {

/// A parameter or a column. `Bytes` are blob/bytea.
struct Bytes {
    std::string data;
    bool operator==(const Bytes&) const = default;
};
using Datum = std::variant<std::monostate, bool, std::int64_t, std::string, Bytes>;
using Parameters = std::vector<Datum>;

/// Null where the optional is empty.
template <class T>
Datum nullable(const std::optional<T>& value) {
    return value ? Datum{*value} : Datum{};
}

class Row {
public:
    explicit Row(std::vector<Datum> columns) : columns_(std::move(columns)) {}
    bool is_null(std::size_t i) const;
    std::int64_t number(std::size_t i) const;       ///< precondition: a number column that is not null, else std::logic_error
    bool flag(std::size_t i) const;
    const std::string& text(std::size_t i) const;   ///< null reads as ""
    const std::string& bytes(std::size_t i) const;
    std::size_t size() const { return columns_.size(); }

private:
    std::vector<Datum> columns_;
};
using Rows = std::vector<Row>;

/// Statements inside one transaction or snapshot. Throws store::Failure on errors of the engine (constraint, connection ...).
class Session {
public:
    virtual ~Session() = default;
    virtual Rows query(const SqlText& statement, const Parameters& parameters = {}) = 0;
    /// Number of rows changed.
    virtual std::int64_t run(const SqlText& statement, const Parameters& parameters = {}) = 0;
};

/// Thrown by Session and Database; `kind` tells what a caller can do about it.
struct Failure : std::exception {
    enum class Kind { unique, foreign_key, constraint, busy, full, unavailable, other };
    Failure(Kind k, std::string m) : kind(k), message(std::move(m)) {}
    const char* what() const noexcept override { return message.c_str(); }
    Kind kind;
    std::string message;  ///< for the log, without personal data
};

/// Numbered migration files of one room, in order: "001_create.sql" has number 1. Expand, later contract; never edited after release.
struct Migration {
    std::string room;
    int number;
    SqlText text;       ///< several statements, separated by lines with only `--;`
};

/// Thread-safe. SQLite: one writer thread with group commit (several writes share one fsync), many readers.
class Database {
public:
    virtual ~Database() = default;

    /// Runs `work` in a write transaction and returns after it is durable. An exception rolls back only this work (others in the
    /// same commit group stand) and is rethrown here. `work` may run again after a serialisation failure: it must have no side
    /// effects but through its session. `small`: goes before bulk writes such as chunks of attachments.
    /// A statement that failed spoils the whole write, also where `work` catches the Failure. Failure::unavailable: the server went
    /// away, perhaps just after the commit; whoever repeats looks up its idempotency key first (jobs.h). Never write within a write.
    virtual void write(const std::function<void(Session&)>& work, bool small = true) = 0;
    /// Runs `work` on a consistent snapshot; writing there fails.
    virtual void read(const std::function<void(Session&)>& work) = 0;

    /// Brings the schema up to date, each migration in its own transaction, recorded in table `migrations` (room, number, at, hash).
    virtual void migrate(const std::vector<Migration>& migrations, Moment now) = 0;
    virtual std::string_view engine() const = 0;      ///< "sqlite" | "postgresql"
    /// A consistent copy of everything into one file (SQLite: backup API; PostgreSQL: pg_dump custom format by child process).
    virtual void backup(const std::string& file) = 0;
};

/// `where`: "sqlite:/path/kiepe.db" or a libpq URI "postgresql://user@host/db".
std::unique_ptr<Database> open(const std::string& where);

/// The store's own tables (journal, attachments, jobs, idempotency keys): run before the rooms' migrations.
std::vector<Migration> migrations();

}  // namespace kiepe::store
