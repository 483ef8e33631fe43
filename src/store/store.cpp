#include "store/store.h"

#include <fmt/format.h>

#include <stdexcept>

#include "base/date.h"
#include "base/id.h"
#include "base/text.h"
#include "store/engine.h"
#include "store/sql.h"

namespace kiepe::store {
namespace {

const std::string kEmpty;

[[noreturn]] void wrong_column(std::size_t i, std::string_view wanted) {
    throw std::logic_error(fmt::format("column {} is no {}", i, wanted));
}

}  // namespace

bool Row::is_null(std::size_t i) const { return std::holds_alternative<std::monostate>(columns_.at(i)); }

std::int64_t Row::number(std::size_t i) const {
    if (const auto* n = std::get_if<std::int64_t>(&columns_.at(i))) return *n;
    wrong_column(i, "number");
}

bool Row::flag(std::size_t i) const {
    if (const auto* b = std::get_if<bool>(&columns_.at(i))) return *b;
    if (const auto* n = std::get_if<std::int64_t>(&columns_.at(i))) return *n != 0;  // SQLite has no boolean
    wrong_column(i, "flag");
}

const std::string& Row::text(std::size_t i) const {
    if (const auto* s = std::get_if<std::string>(&columns_.at(i))) return *s;
    if (is_null(i)) return kEmpty;
    wrong_column(i, "text");
}

const std::string& Row::bytes(std::size_t i) const {
    if (const auto* b = std::get_if<Bytes>(&columns_.at(i))) return b->data;
    if (is_null(i)) return kEmpty;
    wrong_column(i, "bytes");
}

Rows Connection::query(const SqlText& statement, const Parameters& parameters) {
    Rows rows;
    guarded(statement, parameters, &rows);
    return rows;
}

std::int64_t Connection::run(const SqlText& statement, const Parameters& parameters) {
    return guarded(statement, parameters, nullptr);
}

std::int64_t Connection::guarded(const SqlText& statement, const Parameters& parameters, Rows* rows) {
    if (spoilt_) throw *spoilt_;
    try {
        return execute(statement, parameters, rows);
    } catch (const Failure& failure) {
        spoilt_ = failure;
        throw;
    }
}

void apply_migration(Connection& connection, const Migration& migration, bool sqlite, Moment now) {
    connection.run(sql::migrations_lock);
    connection.run(sql::migrations_create);
    const std::string text(sqlite ? migration.text.sqlite : migration.text.postgresql);
    const auto hash = sha256_hex(text);
    const auto before = connection.query(sql::migration_hash, {migration.room, std::int64_t{migration.number}});
    if (!before.empty()) {
        if (before[0].text(0) == hash) return;
        throw Failure(Failure::Kind::other,
                      fmt::format("migration {} {} was changed after it ran", migration.room, migration.number));
    }
    std::string statement;
    for (const auto& line : split(text + "\n--;", '\n')) {
        if (trim(line) != "--;") {
            statement += line + "\n";
        } else if (!trim(statement).empty()) {
            connection.script(statement);
            statement.clear();
        }
    }
    connection.run(sql::migration_insert, {migration.room, std::int64_t{migration.number}, to_iso(now), hash});
}

std::unique_ptr<Database> open(const std::string& where) {
    if (where.starts_with("sqlite:")) return open_sqlite(where.substr(7));
    if (where.starts_with("postgresql:") || where.starts_with("postgres:")) return open_postgresql(where);
    throw Failure(Failure::Kind::unavailable, "a database is named sqlite:FILE or postgresql://USER@HOST/NAME");
}

std::vector<Migration> migrations() {
    return {{"store", 1, sql::m001_create}, {"store", 2, sql::m002_journal_is_append_only}};
}

}  // namespace kiepe::store
