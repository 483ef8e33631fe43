#include "store/sqlite_connection.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "store/sql.h"

namespace kiepe::store {
namespace {

constexpr std::size_t kStatementsKept = 1000;

Failure::Kind kind_of(int extended) {
    switch (extended) {
        case SQLITE_CONSTRAINT_UNIQUE:
        case SQLITE_CONSTRAINT_PRIMARYKEY:
        case SQLITE_CONSTRAINT_ROWID: return Failure::Kind::unique;
        case SQLITE_CONSTRAINT_FOREIGNKEY: return Failure::Kind::foreign_key;
        default: break;
    }
    switch (extended & 0xff) {
        case SQLITE_CONSTRAINT: return Failure::Kind::constraint;
        case SQLITE_BUSY:
        case SQLITE_LOCKED: return Failure::Kind::busy;
        case SQLITE_FULL: return Failure::Kind::full;
        case SQLITE_CANTOPEN:
        case SQLITE_NOTADB: return Failure::Kind::unavailable;
        default: return Failure::Kind::other;
    }
}

Datum column(sqlite3_stmt* statement, int i) {
    switch (sqlite3_column_type(statement, i)) {
        case SQLITE_NULL: return {};
        case SQLITE_INTEGER: return std::int64_t{sqlite3_column_int64(statement, i)};
        case SQLITE_TEXT: {
            const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
            return std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, i)));
        }
        case SQLITE_BLOB: {
            const auto* data = static_cast<const char*>(sqlite3_column_blob(statement, i));
            return Bytes{std::string(data ? data : "", static_cast<std::size_t>(sqlite3_column_bytes(statement, i)))};
        }
        default: throw std::logic_error("fractions are no part of the dialect: cast them in the statement");
    }
}

}  // namespace

SqliteConnection::SqliteConnection(const std::string& path, Role role) {
    const bool writer = role == Role::writer;
    const int flags = (writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX;
    try {
        if (sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr) != SQLITE_OK) fail("open");
        sqlite3_extended_result_codes(handle_, 1);
        sqlite3_busy_timeout(handle_, 5000);
        // One connection alone writes and checkpoints: SQLite before 3.51.3 could damage the file with two that do.
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
        script(std::string(writer ? sql::open_writer.sqlite : sql::open_reader.sqlite));
    } catch (...) {
        sqlite3_close_v2(handle_);
        throw;
    }
}

SqliteConnection::~SqliteConnection() {
    forget_statements();
    sqlite3_close_v2(handle_);
}

void SqliteConnection::script(const std::string& text) {
    if (sqlite3_exec(handle_, text.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail("script");
}

bool SqliteConnection::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

void SqliteConnection::checkpoint() {
    sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
}

void SqliteConnection::backup_to(const std::string& file) {
    sqlite3* target = nullptr;
    int code = sqlite3_open_v2(file.c_str(), &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    if (code == SQLITE_OK) {
        if (auto* copy = sqlite3_backup_init(target, "main", handle_, "main")) {
            // All pages in one step: with small steps every commit starts the copy afresh and it never ends under load.
            sqlite3_backup_step(copy, -1);
            code = sqlite3_backup_finish(copy);
        } else {
            code = sqlite3_extended_errcode(target);
        }
    }
    sqlite3_close_v2(target);
    if (code != SQLITE_OK) throw Failure(kind_of(code), fmt::format("backup: {}", sqlite3_errstr(code)));
}

void SqliteConnection::forget_statements() {
    for (auto& [text, prepared] : prepared_) sqlite3_finalize(prepared.statement);
    prepared_.clear();
}

SqliteConnection::Prepared& SqliteConnection::prepare(std::string_view text) {
    if (const auto found = prepared_.find(text); found != prepared_.end()) return found->second;
    if (prepared_.size() >= kStatementsKept) forget_statements();
    Prepared fresh;
    const char* rest = nullptr;
    if (sqlite3_prepare_v3(handle_, text.data(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT, &fresh.statement, &rest) !=
        SQLITE_OK) {
        fail("prepare");
    }
    if (!fresh.statement) throw std::logic_error("a statement without words");
    for (int i = 1; i <= sqlite3_bind_parameter_count(fresh.statement); ++i) {
        const std::string_view name = sqlite3_bind_parameter_name(fresh.statement, i) ? sqlite3_bind_parameter_name(fresh.statement, i) : "";
        int number = 0;
        if (name.size() > 1 && name[0] == '$') std::from_chars(name.data() + 1, name.data() + name.size(), number);
        if (number < 1) {
            sqlite3_finalize(fresh.statement);
            throw std::logic_error("parameters are named $1, $2 ...");
        }
        fresh.numbers.push_back(number);
        fresh.highest = std::max(fresh.highest, number);
    }
    fresh.reads_only = sqlite3_stmt_readonly(fresh.statement) != 0;
    return prepared_.emplace(std::string(text), std::move(fresh)).first->second;
}

void SqliteConnection::bind(Prepared& prepared, const Parameters& parameters) {
    if (static_cast<std::size_t>(prepared.highest) != parameters.size()) {
        throw std::logic_error(fmt::format("{} parameters given, {} wanted", parameters.size(), prepared.highest));
    }
    for (std::size_t i = 0; i < prepared.numbers.size(); ++i) {
        const auto& value = parameters[static_cast<std::size_t>(prepared.numbers[i] - 1)];
        const int at = static_cast<int>(i) + 1;
        int code = SQLITE_OK;
        // The values outlive the step, so SQLite need not copy them.
        if (const auto* s = std::get_if<std::string>(&value)) {
            code = sqlite3_bind_text64(prepared.statement, at, s->data(), s->size(), SQLITE_STATIC, SQLITE_UTF8);
        } else if (const auto* n = std::get_if<std::int64_t>(&value)) {
            code = sqlite3_bind_int64(prepared.statement, at, *n);
        } else if (const auto* b = std::get_if<bool>(&value)) {
            code = sqlite3_bind_int(prepared.statement, at, *b ? 1 : 0);
        } else if (const auto* d = std::get_if<Bytes>(&value)) {
            code = sqlite3_bind_blob64(prepared.statement, at, d->data.data(), d->data.size(), SQLITE_STATIC);
        } else {
            code = sqlite3_bind_null(prepared.statement, at);
        }
        if (code != SQLITE_OK) fail("bind");
    }
}

std::int64_t SqliteConnection::execute(const SqlText& statement, const Parameters& parameters, Rows* rows) {
    auto& prepared = prepare(statement.sqlite);
    struct Reset {
        sqlite3_stmt* statement;
        ~Reset() { sqlite3_reset(statement); }
    } reset{prepared.statement};
    bind(prepared, parameters);
    int code = SQLITE_OK;
    while ((code = sqlite3_step(prepared.statement)) == SQLITE_ROW) {
        if (!rows) continue;
        const int count = sqlite3_column_count(prepared.statement);
        std::vector<Datum> columns;
        columns.reserve(static_cast<std::size_t>(count));
        for (int i = 0; i < count; ++i) columns.push_back(column(prepared.statement, i));
        rows->emplace_back(std::move(columns));
    }
    if (code != SQLITE_DONE) fail("step");
    return prepared.reads_only ? 0 : sqlite3_changes64(handle_);
}

void SqliteConnection::fail(std::string_view doing) const {
    const int code = handle_ ? sqlite3_extended_errcode(handle_) : SQLITE_NOMEM;
    throw Failure(kind_of(code), fmt::format("{}: {} ({})", doing, handle_ ? sqlite3_errmsg(handle_) : "no memory", code));
}

}  // namespace kiepe::store
