#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "store/engine.h"
#include "store/sql.h"
#include "store/sqlite_connection.h"

namespace kiepe::store {
namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;

constexpr std::size_t kLargestGroup = 512;
constexpr std::size_t kBulkInGroup = 4;         // about 1 MiB of chunks for one fsync
constexpr auto kLongestGroup = std::chrono::milliseconds(20);
constexpr auto kGather = microseconds(400);     // how long a group waits for the writers of the last one to come back
constexpr std::size_t kReaders = 16;

/// A write waiting for its turn; lives on the stack of the thread that waits.
class Request {
public:
    explicit Request(const std::function<void(Session&)>& what) : work(what) {}

    void wait() {
        std::unique_lock lock(mutex_);
        done_changed_.wait(lock, [this] { return done_; });
    }
    void finish() {
        std::lock_guard lock(mutex_);  // held while notifying: the waiter destroys this right afterwards
        done_ = true;
        done_changed_.notify_one();
    }

    const std::function<void(Session&)>& work;
    std::exception_ptr error;

private:
    std::mutex mutex_;
    std::condition_variable done_changed_;
    bool done_ = false;
};

/// Keeps a second process (a command beside a running server) from writing or checkpointing at the same moment.
class WriterLock {
public:
    explicit WriterLock(const std::string& file) : descriptor_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
        if (descriptor_ < 0) throw Failure(Failure::Kind::unavailable, "the folder of the database cannot be written");
    }
    ~WriterLock() { ::close(descriptor_); }
    WriterLock(const WriterLock&) = delete;
    WriterLock& operator=(const WriterLock&) = delete;
    void lock() {
        while (::flock(descriptor_, LOCK_EX) != 0) {
        }
    }
    void unlock() { ::flock(descriptor_, LOCK_UN); }

private:
    int descriptor_;
};

/// Read-only connections, made when needed, handed back after use.
class Readers {
public:
    explicit Readers(std::string path) : path_(std::move(path)) {}

    std::unique_ptr<SqliteConnection> take() {
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return !free_.empty() || made_ < kReaders; });
            if (!free_.empty()) {
                auto connection = std::move(free_.back());
                free_.pop_back();
                return connection;
            }
            ++made_;
        }
        try {
            return std::make_unique<SqliteConnection>(path_, SqliteConnection::Role::reader);
        } catch (...) {
            give_up();
            throw;
        }
    }
    void give(std::unique_ptr<SqliteConnection> connection) {
        {
            std::lock_guard lock(mutex_);
            free_.push_back(std::move(connection));
        }
        changed_.notify_one();
    }
    void give_up() {
        {
            std::lock_guard lock(mutex_);
            --made_;
        }
        changed_.notify_one();
    }

private:
    const std::string path_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::unique_ptr<SqliteConnection>> free_;
    std::size_t made_ = 0;
};

class SqliteDatabase final : public Database {
public:
    explicit SqliteDatabase(const std::string& path)
        : path_(path), file_lock_(path + "-writer"), writer_(opened(path, file_lock_)), readers_(path), thread_([this] { loop(); }) {}
    ~SqliteDatabase() override;

    void write(const std::function<void(Session&)>& work, bool small) override;
    void read(const std::function<void(Session&)>& work) override;
    void migrate(const std::vector<Migration>& migrations, Moment now) override;
    std::string_view engine() const override { return "sqlite"; }
    void backup(const std::string& file) override;

private:
    static std::unique_ptr<SqliteConnection> opened(const std::string& path, WriterLock& lock) {
        std::lock_guard guard(lock);
        return std::make_unique<SqliteConnection>(path, SqliteConnection::Role::writer);
    }
    void loop();
    Request* next(std::size_t in_group, std::size_t bulk_in_group, bool* bulk);
    void run_group(Request* first, bool bulk);
    void gather(Request* first, bool bulk, std::vector<Request*>& group);
    void run_one(Request& request);
    void roll_back();

    const std::string path_;
    WriterLock file_lock_;
    std::unique_ptr<SqliteConnection> writer_;
    Readers readers_;

    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<Request*> small_, bulk_;
    bool closing_ = false;
    std::size_t last_group_ = 1;
    std::thread thread_;  // last: starts when everything else is there
};

SqliteDatabase::~SqliteDatabase() {
    {
        std::lock_guard lock(mutex_);
        closing_ = true;
    }
    arrived_.notify_one();
    thread_.join();
    std::lock_guard guard(file_lock_);
    writer_->checkpoint();
    writer_.reset();
}

void SqliteDatabase::write(const std::function<void(Session&)>& work, bool small) {
    if (std::this_thread::get_id() == thread_.get_id()) throw std::logic_error("a write inside a write");
    Request request(work);
    {
        std::lock_guard lock(mutex_);
        if (closing_) throw Failure(Failure::Kind::unavailable, "the database is being closed");
        (small ? small_ : bulk_).push_back(&request);
    }
    arrived_.notify_one();
    request.wait();
    if (request.error) std::rethrow_exception(request.error);
}

void SqliteDatabase::read(const std::function<void(Session&)>& work) {
    auto connection = readers_.take();
    try {
        connection->control(sql::begin_read);
        work(*connection);
        if (connection->spoilt()) throw Failure(*connection->spoilt());
        connection->control(sql::commit);
        readers_.give(std::move(connection));
    } catch (...) {
        connection.reset();  // whatever state it is in, the next one is fresh
        readers_.give_up();
        throw;
    }
}

void SqliteDatabase::migrate(const std::vector<Migration>& migrations, Moment now) {
    for (const auto& migration : migrations) {
        write([&](Session& session) { apply_migration(static_cast<Connection&>(session), migration, true, now); }, true);
    }
}

void SqliteDatabase::backup(const std::string& file) {
    const auto unfinished = file + ".part";
    std::remove(unfinished.c_str());
    SqliteConnection(path_, SqliteConnection::Role::reader).backup_to(unfinished);
    if (std::rename(unfinished.c_str(), file.c_str()) != 0) throw Failure(Failure::Kind::other, "backup: the file cannot be named");
    // A rename is durable only once its folder is.
    const auto slash = file.rfind('/');
    const int folder = ::open(slash == std::string::npos ? "." : file.substr(0, slash + 1).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
}

void SqliteDatabase::loop() {
    while (true) {
        Request* first = nullptr;
        bool bulk = false;
        {
            std::unique_lock lock(mutex_);
            arrived_.wait(lock, [this] { return closing_ || !small_.empty() || !bulk_.empty(); });
            auto& queue = small_.empty() ? bulk_ : small_;
            if (queue.empty()) return;  // closing, and nobody waits any more
            bulk = small_.empty();
            first = queue.front();
            queue.pop_front();
        }
        run_group(first, bulk);
    }
}

/// The next request for a group that already has some; small ones first. Waits a moment for writers that were just acknowledged:
/// without that, one early bird would pay for an fsync of its own and keep the others waiting.
Request* SqliteDatabase::next(std::size_t in_group, std::size_t bulk_in_group, bool* bulk) {
    std::unique_lock lock(mutex_);
    if (small_.empty() && in_group < last_group_ && !closing_) {
        arrived_.wait_for(lock, kGather, [this] { return closing_ || !small_.empty(); });
    }
    auto& queue = small_.empty() && bulk_in_group < kBulkInGroup ? bulk_ : small_;
    if (queue.empty()) return nullptr;
    *bulk = &queue == &bulk_;
    auto* request = queue.front();
    queue.pop_front();
    return request;
}

void SqliteDatabase::run_group(Request* first, bool bulk) {
    std::vector<Request*> group{first};
    std::exception_ptr lost;
    try {
        std::lock_guard guard(file_lock_);
        writer_->control(sql::begin_write);
        gather(first, bulk, group);
        if (!writer_->in_transaction()) throw Failure(Failure::Kind::full, "the disk is full or broken: the group was rolled back");
        writer_->control(sql::commit);
    } catch (...) {
        lost = std::current_exception();
        roll_back();
    }
    last_group_ = group.size();
    for (auto* request : group) {
        if (lost && !request->error) request->error = lost;
        request->finish();
    }
}

void SqliteDatabase::gather(Request* first, bool bulk, std::vector<Request*>& group) {
    const auto until = steady_clock::now() + kLongestGroup;
    std::size_t bulks = 0;
    for (auto* request = first; request;) {
        bulks += bulk ? 1 : 0;
        run_one(*request);
        if (!writer_->in_transaction() || group.size() >= kLargestGroup || steady_clock::now() > until) return;
        request = next(group.size(), bulks, &bulk);
        if (request) group.push_back(request);
    }
}

void SqliteDatabase::run_one(Request& request) {
    writer_->forget_failure();
    try {
        writer_->control(sql::savepoint);
        request.work(*writer_);
        if (writer_->spoilt()) throw Failure(*writer_->spoilt());
    } catch (...) {
        request.error = std::current_exception();
    }
    if (!writer_->in_transaction()) return;
    if (request.error) writer_->control(sql::rollback_to);
    writer_->control(sql::release);
}

void SqliteDatabase::roll_back() {
    try {
        if (writer_->in_transaction()) writer_->control(sql::rollback);
    } catch (const Failure&) {
        // Nothing is lost by it: the next begin reports what is wrong.
    }
}

}  // namespace

std::unique_ptr<Database> open_sqlite(const std::string& path) { return std::make_unique<SqliteDatabase>(path); }

}  // namespace kiepe::store
