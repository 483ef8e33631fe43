#pragma once
// Inside the room: one SQLite connection with its prepared statements. Used by one thread at a time.
#include <string>
#include <unordered_map>

#include "store/engine.h"

struct sqlite3;
struct sqlite3_stmt;

namespace kiepe::store {

class SqliteConnection final : public Connection {
public:
    enum class Role { writer, reader };
    SqliteConnection(const std::string& path, Role role);
    ~SqliteConnection() override;
    SqliteConnection(const SqliteConnection&) = delete;
    SqliteConnection& operator=(const SqliteConnection&) = delete;

    void script(const std::string& text) override;
    /// False after an error that made SQLite roll the whole transaction back by itself (disk full, I/O error).
    bool in_transaction() const;
    /// A control statement (begin, savepoint, commit ...), not subject to spoilt().
    void control(const SqlText& statement) { execute(statement, {}, nullptr); }
    void checkpoint();
    void backup_to(const std::string& file);

protected:
    std::int64_t execute(const SqlText& statement, const Parameters& parameters, Rows* rows) override;

private:
    struct Prepared {
        sqlite3_stmt* statement = nullptr;
        std::vector<int> numbers;  ///< SQLite's index i + 1 is parameter $numbers[i]
        int highest = 0;
        bool reads_only = false;
    };
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    Prepared& prepare(std::string_view text);
    void forget_statements();
    void bind(Prepared& prepared, const Parameters& parameters);
    [[noreturn]] void fail(std::string_view doing) const;

    sqlite3* handle_ = nullptr;
    std::unordered_map<std::string, Prepared, Hash, std::equal_to<>> prepared_;
};

}  // namespace kiepe::store
