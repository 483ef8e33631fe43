#include "store/postgresql_connection.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <stdexcept>
#include <utility>

#include "store/sql.h"

namespace kiepe::store {
namespace {

constexpr std::size_t kStatementsKept = 1000;

// Type numbers of PostgreSQL's catalogue (pg_type.dat), fixed for ever.
constexpr Oid kBool = 16, kBytea = 17, kInt8 = 20, kInt2 = 21, kInt4 = 23, kFloat4 = 700, kFloat8 = 701, kNumeric = 1700;

struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, Clear>;

Failure::Kind kind_of(std::string_view state) {
    if (state == "23505") return Failure::Kind::unique;
    if (state == "23503") return Failure::Kind::foreign_key;
    if (state.starts_with("23")) return Failure::Kind::constraint;
    if (state == "40001" || state == "40P01") return Failure::Kind::busy;
    if (state == "53100") return Failure::Kind::full;
    if (state.starts_with("08") || state.starts_with("57P") || state == "53300") return Failure::Kind::unavailable;
    return Failure::Kind::other;
}

std::uint64_t big_endian(const char* data, int length) {
    std::uint64_t value = 0;
    for (int i = 0; i < length; ++i) value = value << 8 | static_cast<unsigned char>(data[i]);
    return value;
}

[[noreturn]] void no_fractions() { throw std::logic_error("fractions are no part of the dialect: cast them in the statement"); }

/// sum() of bigint is numeric: groups of four decimal digits, the first one worth 10000^weight.
std::int64_t whole_numeric(const char* data) {
    const auto groups = static_cast<int>(big_endian(data, 2));
    const auto weight = static_cast<std::int16_t>(big_endian(data + 2, 2));
    const auto sign = big_endian(data + 4, 2);
    if (sign > 0x4000 || weight > 4) no_fractions();
    std::int64_t value = 0;
    for (int i = 0; i <= weight; ++i) {
        const auto group = i < groups ? static_cast<std::int64_t>(big_endian(data + 8 + 2 * i, 2)) : 0;
        if (__builtin_mul_overflow(value, 10000, &value) || __builtin_add_overflow(value, group, &value)) no_fractions();
    }
    for (int i = weight < 0 ? 0 : weight + 1; i < groups; ++i) {
        if (big_endian(data + 8 + 2 * i, 2) != 0) no_fractions();
    }
    return sign ? -value : value;
}

Datum column(const PGresult* result, int row, int i) {
    if (PQgetisnull(result, row, i)) return {};
    const char* data = PQgetvalue(result, row, i);
    const auto length = PQgetlength(result, row, i);
    switch (PQftype(result, i)) {
        case kBool: return data[0] != 0;
        case kInt8: return static_cast<std::int64_t>(big_endian(data, 8));
        case kInt4: return std::int64_t{static_cast<std::int32_t>(big_endian(data, 4))};
        case kInt2: return std::int64_t{static_cast<std::int16_t>(big_endian(data, 2))};
        case kNumeric: return whole_numeric(data);
        case kFloat4:
        case kFloat8: no_fractions();
        case kBytea: return Bytes{std::string(data, static_cast<std::size_t>(length))};
        default: return std::string(data, static_cast<std::size_t>(length));
    }
}

}  // namespace

/// Parameters as libpq wants them: text, but bytes in binary.
struct PostgresqlConnection::Bound {
    explicit Bound(const Parameters& parameters) : texts(parameters.size()) {
        for (std::size_t i = 0; i < parameters.size(); ++i) add(parameters[i], texts[i]);
    }
    void add(const Datum& value, std::string& text) {
        const std::string* data = &text;
        bool binary = false;
        if (const auto* s = std::get_if<std::string>(&value)) {
            data = s;
            if (s->find('\0') != std::string::npos) throw std::logic_error("text with NUL");
        } else if (const auto* n = std::get_if<std::int64_t>(&value)) {
            text = std::to_string(*n);
        } else if (const auto* b = std::get_if<bool>(&value)) {
            text = *b ? "t" : "f";
        } else if (const auto* d = std::get_if<Bytes>(&value)) {
            data = &d->data;
            binary = true;
        } else {
            data = nullptr;
        }
        values.push_back(data ? data->c_str() : nullptr);
        lengths.push_back(data ? static_cast<int>(data->size()) : 0);
        formats.push_back(binary ? 1 : 0);
    }
    std::vector<std::string> texts;
    std::vector<const char*> values;
    std::vector<int> lengths, formats;
};

PostgresqlConnection::PostgresqlConnection(const std::string& uri) {
    // Later entries win over what the URI says; a dead network is noticed in 10 s, not in a quarter of an hour.
    const char* names[] = {"dbname", "tcp_user_timeout", "keepalives_idle", "keepalives_interval", "keepalives_count",
                           "connect_timeout", "client_encoding", "fallback_application_name", nullptr};
    const char* values[] = {uri.c_str(), "10000", "10", "5", "2", "5", "UTF8", "kiepe", nullptr};
    handle_ = PQconnectdbParams(names, values, 1);
    if (PQstatus(handle_) != CONNECTION_OK) {
        PQfinish(handle_);
        throw Failure(Failure::Kind::unavailable, "no connection to PostgreSQL");
    }
    PQsetNoticeProcessor(handle_, [](void*, const char*) {}, nullptr);
}

PostgresqlConnection::~PostgresqlConnection() { PQfinish(handle_); }

bool PostgresqlConnection::alive() const { return PQstatus(handle_) == CONNECTION_OK; }

void PostgresqlConnection::fail(const PGresult* result) const {
    const char* state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    const char* text = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : nullptr;
    if (!alive() || !state) throw Failure(Failure::Kind::unavailable, "the connection to PostgreSQL is lost");
    const std::string_view code(state);
    // Class 22 (data exception) quotes the value, which may be personal.
    const bool quotes = code.starts_with("22");
    throw Failure(kind_of(code), fmt::format("{} ({})", quotes || !text ? "the data do not fit" : text, code));
}

void PostgresqlConnection::script(const std::string& text) {
    if (!begin_.empty()) script(std::string(std::exchange(begin_, {})));
    const Answer answer(PQexec(handle_, text.c_str()));
    const auto status = PQresultStatus(answer.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) fail(answer.get());
}

void PostgresqlConnection::control(const SqlText& statement) {
    begin_ = {};  // a rollback before the first statement has nothing to roll back
    script(std::string(statement.postgresql));
}

void PostgresqlConnection::commit(const SqlText& statement) {
    if (begin_.empty()) {
        control(statement);
    } else {
        begin_ = {};
    }
}

PGresult* PostgresqlConnection::ask(const std::string& name, const Bound& bound) {
    const auto count = static_cast<int>(bound.values.size());
    if (begin_.empty()) {
        return PQexecPrepared(handle_, name.c_str(), count, bound.values.data(), bound.lengths.data(), bound.formats.data(), 1);
    }
    const std::string begin(std::exchange(begin_, {}));
    PQenterPipelineMode(handle_);
    PQsendQueryParams(handle_, begin.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0);
    PQsendQueryPrepared(handle_, name.c_str(), count, bound.values.data(), bound.lengths.data(), bound.formats.data(), 1);
    PQpipelineSync(handle_);
    // Three answers, the first two of them closed by a null: that of begin (which counts only where it failed), ours, the sync.
    Answer begun(PQgetResult(handle_));
    const bool begins = PQresultStatus(begun.get()) == PGRES_COMMAND_OK;
    PQclear(PQgetResult(handle_));
    Answer ours(PQgetResult(handle_));
    PQclear(PQgetResult(handle_));
    PQclear(PQgetResult(handle_));
    PQexitPipelineMode(handle_);
    return begins ? ours.release() : begun.release();
}

void PostgresqlConnection::forget_statements() {
    for (const auto& [text, name] : prepared_) PQclear(PQexec(handle_, ("deallocate " + name).c_str()));
    prepared_.clear();
}

const std::string& PostgresqlConnection::prepare(std::string_view text) {
    if (const auto found = prepared_.find(text); found != prepared_.end()) return found->second;
    // Preparing takes a trip of its own, and one that fails must find a transaction to spoil.
    if (!begin_.empty()) script(std::string(std::exchange(begin_, {})));
    if (prepared_.size() >= kStatementsKept) forget_statements();
    const auto name = fmt::format("s{}", ++names_);
    const std::string statement(text);
    const Answer answer(PQprepare(handle_, name.c_str(), statement.c_str(), 0, nullptr));
    if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) fail(answer.get());
    return prepared_.emplace(statement, name).first->second;
}

std::int64_t PostgresqlConnection::execute(const SqlText& statement, const Parameters& parameters, Rows* rows) {
    const auto& name = prepare(statement.postgresql);
    const Bound bound(parameters);
    const Answer answer(ask(name, bound));
    const auto status = PQresultStatus(answer.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) fail(answer.get());
    const int count = status == PGRES_TUPLES_OK && rows ? PQntuples(answer.get()) : 0;
    const int width = PQnfields(answer.get());
    for (int row = 0; row < count; ++row) {
        std::vector<Datum> columns;
        columns.reserve(static_cast<std::size_t>(width));
        for (int i = 0; i < width; ++i) columns.push_back(column(answer.get(), row, i));
        rows->emplace_back(std::move(columns));
    }
    const std::string_view command(PQcmdStatus(answer.get()));
    if (command.starts_with("SELECT")) return 0;
    const std::string_view changed(PQcmdTuples(answer.get()));
    return changed.empty() ? 0 : std::stoll(std::string(changed));
}

}  // namespace kiepe::store
