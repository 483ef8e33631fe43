#pragma once
// Inside the room: what both engines share. Nobody above the store includes this.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/store.h"

namespace kiepe::store {

/// One connection. After a failed statement every further one fails too, on both engines: PostgreSQL aborts the transaction, and
/// a room must not come to depend on SQLite going on.
class Connection : public Session {
public:
    Rows query(const SqlText& statement, const Parameters& parameters = {}) final;
    std::int64_t run(const SqlText& statement, const Parameters& parameters = {}) final;

    /// Several statements without parameters, separated by semicolons.
    virtual void script(const std::string& text) = 0;

    /// The failure that spoilt the transaction, also where the caller swallowed it.
    const std::optional<Failure>& spoilt() const { return spoilt_; }
    void forget_failure() { spoilt_.reset(); }

protected:
    /// Rows of a statement, or the number of changed rows where `rows` is null.
    virtual std::int64_t execute(const SqlText& statement, const Parameters& parameters, Rows* rows) = 0;

private:
    std::int64_t guarded(const SqlText& statement, const Parameters& parameters, Rows* rows);

    std::optional<Failure> spoilt_;
};

/// Runs one migration inside the open transaction of `connection` unless it ran before; a file that was edited after it ran fails.
void apply_migration(Connection& connection, const Migration& migration, bool sqlite, Moment now);

std::unique_ptr<Database> open_sqlite(const std::string& path);
std::unique_ptr<Database> open_postgresql(const std::string& uri);

}  // namespace kiepe::store
