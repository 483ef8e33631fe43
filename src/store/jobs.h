#pragma once
// Work that takes long or comes later is a job in the database, taken with a lease, so that any instance can do it.
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "store/store.h"

namespace kiepe::store {

struct Job {
    std::int64_t id = 0;
    std::string kind;
    std::string payload;       ///< JSON
    Moment due{};
    int attempts = 0;
};

/// Adds a job inside the transaction that makes it necessary. `key` (may be empty): no second job with the same key is added while
/// one waits. One that already runs may have read what was true before, so it does not keep a new one out.
void enqueue(Session& session, const std::string& kind, const std::string& payload, Moment due, const std::string& key = {});
/// Removes jobs not yet done with this key (e.g. the reminder after the paper came).
void cancel_jobs(Session& session, const std::string& key);

/// Takes the next due job for `lease`; nobody else gets it meanwhile.
std::optional<Job> take_job(Database& database, Moment now, std::chrono::seconds lease);
void finish_job(Database& database, std::int64_t id, Moment now);
/// Retries later: 10 s, 1 min, 10 min, 1 h, then 6 h; after 12 attempts it is set aside as failed (seen on the health page).
void fail_job(Database& database, std::int64_t id, const std::string& error_code, Moment now);

/// Jobs set aside after all attempts.
std::int64_t failed_jobs(Session& session);

/// Runs due jobs of all registered kinds on its own thread until destroyed. `poke()` wakes it (after a commit that added a job).
class Worker {
public:
    /// Throws to fail; `what()` is kept where it is a code ([a-z0-9_.]). A job may run more than once: its effects must stand that.
    using Handler = std::function<void(const Job&)>;
    /// Without `background` only run_due() works: for tests and commands.
    Worker(Database& database, const Clock& clock, std::map<std::string, Handler> handlers, bool background = true);
    ~Worker();
    void poke();
    /// Runs everything that is due now, in the calling thread: for tests and for `kiepe jobs run`. What the background thread has
    /// in hand is finished when this returns.
    int run_due();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Idempotency: the first caller with a key gets nullopt and later stores its result in the same transaction; a second one gets
/// the stored result. Keys are kept for 14 days.
std::optional<std::string> remembered(Session& session, const std::string& key);
void remember(Session& session, const std::string& key, const std::string& result, Moment now);
/// Deletes keys past their 14 days; returns how many.
int forget_old_keys(Session& session, Moment now);

}  // namespace kiepe::store
