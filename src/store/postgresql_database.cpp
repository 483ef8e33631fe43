#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>

#include "store/postgresql_connection.h"
#include "store/sql.h"

namespace kiepe::store {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kConnections = 16;
constexpr std::size_t kBulkConnections = 4;               // the others stay free for small commits
constexpr int kAttempts = 60;                             // after serialisation failures
constexpr auto kReconnectFor = std::chrono::seconds(5);   // then the caller hears that the database is away

class Pool {
public:
    explicit Pool(std::string uri) : uri_(std::move(uri)) {}

    std::unique_ptr<PostgresqlConnection> take(bool small) {
        {
            std::unique_lock lock(mutex_);
            ++(small ? waiting_small_ : waiting_bulk_);
            (small ? small_may_go_ : bulk_may_go_).wait(lock, [&] { return may_go(small); });
            --(small ? waiting_small_ : waiting_bulk_);
            ++lent_;
            bulk_ += small ? 0 : 1;
            if (!free_.empty()) {
                auto connection = std::move(free_.back());
                free_.pop_back();
                return connection;
            }
        }
        try {
            return std::make_unique<PostgresqlConnection>(uri_);
        } catch (...) {
            give(nullptr, small);
            throw;
        }
    }
    /// Null: the connection was thrown away.
    void give(std::unique_ptr<PostgresqlConnection> connection, bool small) {
        std::lock_guard lock(mutex_);
        --lent_;
        bulk_ -= small ? 0 : 1;
        if (connection && connection->alive()) {
            connection->forget_failure();
            free_.push_back(std::move(connection));
        } else {
            free_.clear();  // when one is dead the others most likely are: a restart, a failover
        }
        // Exactly one is woken: with many waiting, waking all of them for each connection costs more than the statements.
        if (waiting_small_ > 0) {
            small_may_go_.notify_one();
        } else if (waiting_bulk_ > 0 && may_go(false)) {
            bulk_may_go_.notify_one();
        }
    }

private:
    bool may_go(bool small) const { return lent_ < kConnections && (small || bulk_ < kBulkConnections); }

    const std::string uri_;
    std::mutex mutex_;
    std::condition_variable small_may_go_, bulk_may_go_;
    std::vector<std::unique_ptr<PostgresqlConnection>> free_;
    std::size_t lent_ = 0, bulk_ = 0, waiting_small_ = 0, waiting_bulk_ = 0;
};

/// A connection of the pool for one attempt.
class Lent {
public:
    Lent(Pool& pool, bool small) : pool_(pool), small_(small), connection_(pool.take(small)) {}
    ~Lent() { pool_.give(std::move(connection_), small_); }
    Lent(const Lent&) = delete;
    Lent& operator=(const Lent&) = delete;
    PostgresqlConnection& operator*() { return *connection_; }
    PostgresqlConnection* operator->() { return connection_.get(); }

    void roll_back() {
        try {
            if (connection_->alive()) connection_->control(sql::rollback);
        } catch (const Failure&) {
            connection_ = nullptr;
        }
        if (connection_) connection_->forget_failure();
    }

private:
    Pool& pool_;
    bool small_;
    std::unique_ptr<PostgresqlConnection> connection_;
};

/// When to try again. Tells by the failure that spoilt the transaction, also where `work` turned it into something else.
class Patience {
public:
    bool again(Failure::Kind kind) {
        ++attempts_;
        // Two writers that both found no row and inserted it: the second attempt sees the first one's row. A real duplicate
        // fails again in the same way.
        if (kind == Failure::Kind::unique) return attempts_ == 1;
        if (kind == Failure::Kind::unavailable) {
            std::this_thread::sleep_for(milliseconds(100));
            return steady_clock::now() < reconnect_until_;
        }
        if (kind != Failure::Kind::busy || attempts_ >= kAttempts) return false;
        if (attempts_ > 2) std::this_thread::sleep_for(milliseconds(std::random_device{}() % static_cast<unsigned>(attempts_)));
        return true;
    }

private:
    int attempts_ = 0;
    steady_clock::time_point reconnect_until_ = steady_clock::now() + kReconnectFor;
};

class PostgresqlDatabase final : public Database {
public:
    explicit PostgresqlDatabase(const std::string& uri) : uri_(uri), pool_(uri) { Lent(pool_, true); }

    void write(const std::function<void(Session&)>& work, bool small) override {
        transaction(sql::begin_write, small, [&](Connection& connection) { work(connection); });
    }
    void read(const std::function<void(Session&)>& work) override {
        transaction(sql::begin_read, true, [&](Connection& connection) { work(connection); });
    }
    void migrate(const std::vector<Migration>& migrations, Moment now) override {
        for (const auto& migration : migrations) {
            transaction(sql::begin_migration, true,
                        [&](Connection& connection) { apply_migration(connection, migration, false, now); });
        }
    }
    std::string_view engine() const override { return "postgresql"; }
    void backup(const std::string& file) override { dump_postgresql(uri_, file); }

private:
    using Work = std::function<void(Connection&)>;
    void transaction(const SqlText& begin, bool small, const Work& work);
    std::optional<Failure> attempt(const SqlText& begin, bool small, const Work& work);

    const std::string uri_;
    Pool pool_;
};

void PostgresqlDatabase::transaction(const SqlText& begin, bool small, const Work& work) {
    Patience patience;
    while (const auto failure = attempt(begin, small, work)) {
        if (!patience.again(failure->kind)) throw Failure(*failure);
    }
}

/// Nothing when the commit stands, else the failure after which another attempt may make sense. Throws what needs no second attempt.
std::optional<Failure> PostgresqlDatabase::attempt(const SqlText& begin, bool small, const Work& work) {
    std::optional<Lent> lent;
    try {
        lent.emplace(pool_, small);
    } catch (const Failure& unconnected) {
        return unconnected;
    }
    auto& connection = *lent;
    try {
        connection->begin_with_next(begin);
        work(*connection);
    } catch (const Failure& failure) {
        const auto first = connection->spoilt().value_or(failure);
        connection.roll_back();
        return first;
    } catch (...) {
        const auto spoilt = connection->spoilt();
        connection.roll_back();
        if (spoilt && (spoilt->kind == Failure::Kind::busy || spoilt->kind == Failure::Kind::unavailable)) return spoilt;
        throw;
    }
    if (const auto swallowed = connection->spoilt()) {
        connection.roll_back();
        return swallowed;
    }
    try {
        connection->commit(sql::commit);
    } catch (const Failure& failure) {
        connection.roll_back();
        // Whether the commit stands is not known: only the caller can find out, by its idempotency key.
        if (failure.kind == Failure::Kind::unavailable) throw;
        return failure;
    }
    return std::nullopt;
}

}  // namespace

std::unique_ptr<Database> open_postgresql(const std::string& uri) { return std::make_unique<PostgresqlDatabase>(uri); }

}  // namespace kiepe::store
