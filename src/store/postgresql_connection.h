#pragma once
// Inside the room: one PostgreSQL connection with its prepared statements. Used by one thread at a time.
#include <string>
#include <unordered_map>

#include "store/engine.h"

struct pg_conn;
struct pg_result;

namespace kiepe::store {

class PostgresqlConnection final : public Connection {
public:
    explicit PostgresqlConnection(const std::string& uri);
    ~PostgresqlConnection() override;
    PostgresqlConnection(const PostgresqlConnection&) = delete;
    PostgresqlConnection& operator=(const PostgresqlConnection&) = delete;

    void script(const std::string& text) override;
    void control(const SqlText& statement);
    /// Begins a transaction with the next statement, in one trip to the server and back.
    void begin_with_next(const SqlText& begin) { begin_ = begin.postgresql; }
    /// Ends it; nothing to do where no statement came.
    void commit(const SqlText& statement);
    /// False once the server or the network is gone: throw the connection away.
    bool alive() const;

protected:
    std::int64_t execute(const SqlText& statement, const Parameters& parameters, Rows* rows) override;

private:
    /// A statement's answer, in libpq's hands.
    struct Bound;
    pg_result* ask(const std::string& name, const Bound& bound);
    const std::string& prepare(std::string_view text);
    void forget_statements();
    [[noreturn]] void fail(const pg_result* result) const;

    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    pg_conn* handle_ = nullptr;
    std::unordered_map<std::string, std::string, Hash, std::equal_to<>> prepared_;
    std::size_t names_ = 0;
    std::string_view begin_;  ///< not empty: still to be sent
};

/// pg_dump as a child process; the password travels in the environment, never in the arguments that all users of a machine see.
void dump_postgresql(const std::string& uri, const std::string& file);

}  // namespace kiepe::store
