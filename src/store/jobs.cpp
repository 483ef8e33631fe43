#include "store/jobs.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/date.h"
#include "base/id.h"
#include "base/log.h"
#include "store/sql.h"

namespace kiepe::store {
namespace {

using std::chrono::seconds;

constexpr int kAttempts = 12;
constexpr auto kLease = std::chrono::minutes(10);
constexpr auto kPoll = std::chrono::seconds(1);
constexpr auto kKeysKept = std::chrono::hours(24 * 14);

seconds pause_after(std::int64_t attempts) {
    static constexpr std::array<seconds, 5> kPauses{seconds(10), seconds(60), seconds(600), seconds(3600), seconds(6 * 3600)};
    return kPauses[static_cast<std::size_t>(std::clamp<std::int64_t>(attempts - 1, 0, kPauses.size() - 1))];
}

/// What a handler throws may hold anything; only codes go into the database and the log.
std::string code_of(std::string_view what) {
    const bool code = !what.empty() && what.size() <= 80 && std::all_of(what.begin(), what.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
    });
    return code ? std::string(what) : "job.exception";
}

std::string kinds_text(const std::map<std::string, Worker::Handler>& handlers) {
    std::string out = ",";
    for (const auto& [kind, handler] : handlers) out += kind + ",";
    return out;
}

void give_back(Session& session, std::int64_t id, std::int64_t attempts, const std::string& code, Moment now) {
    if (attempts >= kAttempts) {
        session.run(sql::job_set_aside, {id, to_iso(now), code});
    } else if (session.run(sql::job_retry, {id, to_iso(now + pause_after(attempts)), code}) == 0) {
        session.run(sql::job_delete, {id});
    }
}

std::optional<Job> take(Database& database, Moment now, seconds lease, const std::string& kinds) {
    while (true) {
        std::optional<Job> job;
        bool worn_out = false;
        database.write([&](Session& session) {
            job.reset();
            const auto rows = session.query(sql::job_take, {to_iso(now), to_iso(now + lease), kinds});
            if (rows.empty()) return;
            const auto& row = rows[0];
            job = Job{row.number(0), row.text(1), row.text(2), parse_moment(row.text(3)).value_or(now), static_cast<int>(row.number(4))};
            // A job that ends its process each time never reports a failure; it is set aside here.
            worn_out = job->attempts > kAttempts;
            if (worn_out) session.run(sql::job_set_aside, {job->id, to_iso(now), "job.never_ended"});
        });
        if (!worn_out) return job;
    }
}

}  // namespace

void enqueue(Session& session, const std::string& kind, const std::string& payload, Moment due, const std::string& key) {
    session.run(sql::job_insert, {random_id(), kind, payload, key.empty() ? Datum{} : Datum{key}, to_iso(due)});
}

void cancel_jobs(Session& session, const std::string& key) { session.run(sql::jobs_cancel, {key}); }

std::optional<Job> take_job(Database& database, Moment now, seconds lease) { return take(database, now, lease, "*"); }

void finish_job(Database& database, std::int64_t id, Moment) {
    database.write([&](Session& session) { session.run(sql::job_delete, {id}); });
}

void fail_job(Database& database, std::int64_t id, const std::string& error_code, Moment now) {
    database.write([&](Session& session) {
        const auto rows = session.query(sql::job_attempts, {id});
        if (!rows.empty()) give_back(session, id, rows[0].number(0), code_of(error_code), now);
    });
}

std::int64_t failed_jobs(Session& session) { return session.query(sql::jobs_failed).at(0).number(0); }

struct Worker::Impl {
    Impl(Database& d, const Clock& c, std::map<std::string, Handler> h) : database(d), clock(c), handlers(std::move(h)), kinds(kinds_text(handlers)) {}

    bool run_one() {
        std::lock_guard one_at_a_time(running);
        const auto job = take(database, clock.now(), kLease, kinds);
        if (!job) return false;
        std::string error;
        try {
            handlers.at(job->kind)(*job);
        } catch (const std::exception& failure) {
            error = code_of(failure.what());
        } catch (...) {
            error = code_of({});
        }
        if (error.empty()) {
            finish_job(database, job->id, clock.now());
        } else {
            log::write(log::Level::warn, "job_failed",
                       {{"kind", job->kind}, {"job", std::to_string(job->id)}, {"code", error}, {"attempt", std::to_string(job->attempts)}});
            fail_job(database, job->id, error, clock.now());
        }
        return true;
    }

    void loop() {
        while (!stopping()) {
            bool more = false;
            try {
                more = run_one();
            } catch (const std::exception&) {
                log::write(log::Level::error, "jobs_unavailable");  // the database is away: the next poll tries again
            }
            if (more) continue;
            std::unique_lock lock(mutex);
            changed.wait_for(lock, kPoll, [this] { return stop || poked; });
            poked = false;
        }
    }

    bool stopping() {
        std::lock_guard lock(mutex);
        return stop;
    }

    Database& database;
    const Clock& clock;
    const std::map<std::string, Handler> handlers;
    const std::string kinds;
    std::mutex running, mutex;
    std::condition_variable changed;
    bool stop = false, poked = false;
    std::thread thread;
};

Worker::Worker(Database& database, const Clock& clock, std::map<std::string, Handler> handlers, bool background)
    : impl_(std::make_unique<Impl>(database, clock, std::move(handlers))) {
    if (background) impl_->thread = std::thread([impl = impl_.get()] { impl->loop(); });
}

Worker::~Worker() {
    {
        std::lock_guard lock(impl_->mutex);
        impl_->stop = true;
    }
    impl_->changed.notify_all();
    if (impl_->thread.joinable()) impl_->thread.join();
}

void Worker::poke() {
    {
        std::lock_guard lock(impl_->mutex);
        impl_->poked = true;
    }
    impl_->changed.notify_all();
}

int Worker::run_due() {
    int done = 0;
    while (impl_->run_one()) ++done;
    return done;
}

std::optional<std::string> remembered(Session& session, const std::string& key) {
    const auto rows = session.query(sql::remembered_by_key, {key});
    if (rows.empty()) return std::nullopt;
    return rows[0].text(0);
}

void remember(Session& session, const std::string& key, const std::string& result, Moment now) {
    session.run(sql::remembered_insert, {key, result, to_iso(now)});
}

int forget_old_keys(Session& session, Moment now) {
    return static_cast<int>(session.run(sql::remembered_delete_old, {to_iso(now - kKeysKept)}));
}

}  // namespace kiepe::store
