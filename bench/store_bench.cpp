// Durable submissions through the store's interface against the raw limit of each engine: the same rows in the same batches through
// the bare C API, without savepoints and hashes. Both run in turns in one process; medians of the rounds are compared.
//
//   kiepe_store_bench [rounds] [seconds a round]     PostgreSQL too where KIEPE_TEST_POSTGRES holds a URI (script/with-postgres --durable)
#include <fmt/format.h>
#include <libpq-fe.h>
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/date.h"
#include "base/id.h"
#include "store/journal.h"
#include "store/store.h"

using namespace kiepe;
using std::chrono::steady_clock;

namespace {

constexpr int kProducers = 64;
constexpr int kPostgresConnections = 16;
const std::string kPayload = std::string(R"({"answers":{"plate":"M-AB 1234","address":")") + std::string(300, 'x') + "\"}}";
const Moment kNow = *parse_moment("2026-11-24T10:00:00.000Z");

constexpr const char* kTables[] = {
    "create table cases (id bigint not null primary key, service text not null, state text not null, created text not null)",
    "create table promises (case_id bigint not null primary key, due text not null, state text not null)",
    "create table access_keys (hash text not null primary key, case_id bigint not null)"};
constexpr const char* kCase = "insert into cases (id, service, state, created) values ($1, $2, 'open', $3)";
constexpr const char* kPromise = "insert into promises (case_id, due, state) values ($1, $2, 'running')";
constexpr const char* kKey = "insert into access_keys (hash, case_id) values ($1, $2)";
constexpr const char* kEvent =
    "insert into events (case_id, number, kind, at, role, actor, payload_hash, hash) values ($1, $2, 'submitted', $3, 'applicant', '', $4, $5)";
constexpr const char* kEventPayload = "insert into event_payloads (case_id, number, salt, payload, delete_on) values ($1, 1, $2, $3, null)";
constexpr const char* kEventsBefore =
    "with recursive n (i) as (select cast(1 as bigint) union all select i + 1 from n where i < 200000) "
    "insert into events (case_id, number, kind, at, role, actor, payload_hash, hash) "
    "select i * 46116860184273, 1, 'submitted', '2026-11-24T10:00:00.000Z', 'applicant', '', '', "
    "'0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef' from n";
const std::string kHash(64, 'a');
const std::string kSalt(16, 's');
const std::string kAt = "2026-11-24T10:00:00.000Z";

SqlText both(std::string_view text) { return {text, text}; }

struct Figures {
    double per_second = 0, p50 = 0, p99 = 0;
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// Lets `threads` do `step` for `seconds`; figures over all of them, times in milliseconds.
Figures measure(int threads, double seconds, const std::function<void(int)>& step) {
    std::vector<std::vector<double>> times(static_cast<std::size_t>(threads));
    std::atomic<bool> stop = false;
    std::vector<std::thread> running;
    const auto begin = steady_clock::now();
    for (int i = 0; i < threads; ++i) {
        running.emplace_back([&, i] {
            while (!stop) {
                const auto before = steady_clock::now();
                step(i);
                times[static_cast<std::size_t>(i)].push_back(std::chrono::duration<double, std::milli>(steady_clock::now() - before).count());
            }
        });
    }
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    stop = true;
    for (auto& thread : running) thread.join();
    const double took = std::chrono::duration<double>(steady_clock::now() - begin).count();
    std::vector<double> all;
    for (const auto& part : times) all.insert(all.end(), part.begin(), part.end());
    std::sort(all.begin(), all.end());
    if (all.empty()) return {};
    return {static_cast<double>(all.size()) / took, all[all.size() / 2], all[all.size() * 99 / 100]};
}

void through_the_store(store::Database& database) {
    const auto id = random_id();
    const auto key = sha256_hex(random_token());
    database.write([&](store::Session& session) {
        session.run(both(kCase), {id, std::string("resident-parking"), kAt});
        session.run(both(kPromise), {id, std::string("2026-12-04")});
        session.run(both(kKey), {key, id});
        store::append(session, id, "submitted", kNow, "applicant", "", kPayload);
    });
}

void prepare(store::Database& database) {
    database.migrate(store::migrations(), kNow);
    database.write([](store::Session& session) {
        for (const auto* table : kTables) session.run(both(table));
        // A city's events of a year or two: in tables of a few pages all writers meet, which no city sees after its first days.
        session.run(both(kEventsBefore));
    });
}

/// The limit: one thread, one connection, `batch` submissions for one commit.
class BareSqlite {
public:
    explicit BareSqlite(const std::string& file) {
        check(sqlite3_open(file.c_str(), &handle_));
        check(sqlite3_exec(handle_, "pragma journal_mode=wal; pragma synchronous=full; pragma foreign_keys=on; pragma wal_autocheckpoint=8000; "
                                    "pragma cache_size=-16384; pragma temp_store=memory", nullptr, nullptr, nullptr));
        const char* texts[] = {kCase, kPromise, kKey, kEvent, kEventPayload};
        for (const auto* text : texts) {
            sqlite3_stmt* statement = nullptr;
            check(sqlite3_prepare_v2(handle_, text, -1, &statement, nullptr));
            statements_.push_back(statement);
        }
    }
    ~BareSqlite() {
        for (auto* statement : statements_) sqlite3_finalize(statement);
        sqlite3_close(handle_);
    }
    BareSqlite(const BareSqlite&) = delete;
    BareSqlite& operator=(const BareSqlite&) = delete;

    void submit(int batch) {
        check(sqlite3_exec(handle_, "begin immediate", nullptr, nullptr, nullptr));
        for (int i = 0; i < batch; ++i) one();
        check(sqlite3_exec(handle_, "commit", nullptr, nullptr, nullptr));
    }

private:
    void one() {
        const auto id = random_id();
        const auto key = sha256_hex(random_token());
        number(0, 1, id), text(0, 2, "resident-parking"), text(0, 3, kAt), step(0);
        number(1, 1, id), text(1, 2, "2026-12-04"), step(1);
        text(2, 1, key), number(2, 2, id), step(2);
        number(3, 1, id), number(3, 2, 1), text(3, 3, kAt), text(3, 4, kHash), text(3, 5, kHash), step(3);
        number(4, 1, id), check(sqlite3_bind_blob(statements_[4], 2, kSalt.data(), 16, SQLITE_STATIC)), text(4, 3, kPayload), step(4);
    }
    void number(std::size_t s, int at, std::int64_t value) { check(sqlite3_bind_int64(statements_[s], at, value)); }
    void text(std::size_t s, int at, const std::string& value) {
        check(sqlite3_bind_text(statements_[s], at, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT));
    }
    void step(std::size_t s) {
        if (sqlite3_step(statements_[s]) != SQLITE_DONE) check(SQLITE_ERROR);
        sqlite3_reset(statements_[s]);
    }
    void check(int code) {
        if (code != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(handle_));
    }

    sqlite3* handle_ = nullptr;
    std::vector<sqlite3_stmt*> statements_;
};

/// The limit: as many connections as the store's pool has, a thread for each, five prepared statements for one commit.
class BarePostgresql {
public:
    explicit BarePostgresql(const std::string& uri) : handle_(PQconnectdb(uri.c_str())) {
        const char* texts[] = {kCase, kPromise, kKey, kEvent, kEventPayload};
        for (const auto* text : texts) check(PQprepare(handle_, std::to_string(names_++).c_str(), text, 0, nullptr));
    }
    ~BarePostgresql() { PQfinish(handle_); }
    BarePostgresql(const BarePostgresql&) = delete;
    BarePostgresql& operator=(const BarePostgresql&) = delete;

    void submit() {
        const auto id = std::to_string(random_id());
        const auto key = sha256_hex(random_token());
        check(PQexec(handle_, "begin"));
        run("0", {id, "resident-parking", kAt});
        run("1", {id, "2026-12-04"});
        run("2", {key, id});
        run("3", {id, "1", kAt, kHash, kHash});
        run("4", {id, kSalt, kPayload});
        check(PQexec(handle_, "commit"));
    }

private:
    void run(const char* name, const std::vector<std::string>& values) {
        std::vector<const char*> pointers;
        for (const auto& value : values) pointers.push_back(value.c_str());
        check(PQexecPrepared(handle_, name, static_cast<int>(values.size()), pointers.data(), nullptr, nullptr, 1));
    }
    void check(PGresult* result) {
        const auto status = PQresultStatus(result);
        PQclear(result);
        if (status != PGRES_COMMAND_OK) throw std::runtime_error(PQerrorMessage(handle_));
    }

    PGconn* handle_;
    int names_ = 0;
};

void report(const char* what, std::vector<Figures>& rounds) {
    std::vector<double> rate, p50, p99;
    for (const auto& round : rounds) rate.push_back(round.per_second), p50.push_back(round.p50), p99.push_back(round.p99);
    fmt::print("{:<44} {:>8.0f} /s   p50 {:>6.2f} ms   p99 {:>6.2f} ms\n", what, median(rate), median(p50), median(p99));
}

void compare(const char* engine, const char* limit, int rounds, const std::function<Figures()>& ours, const std::function<Figures()>& bare) {
    std::vector<Figures> a, b;
    std::vector<double> ratios;
    for (int i = 0; i < rounds; ++i) {
        a.push_back(ours());
        b.push_back(bare());
        ratios.push_back(a.back().per_second / b.back().per_second);
    }
    report(fmt::format("{}, store, {} producers", engine, kProducers).c_str(), a);
    report(limit, b);
    fmt::print("{:<44} {:>8.2f}      goal 0.8\n", fmt::format("{}, ratio (median of rounds)", engine), median(ratios));
}

void sqlite(int rounds, double seconds) {
    const auto folder = std::filesystem::temp_directory_path() / ("kiepe-bench-" + random_token());
    std::filesystem::create_directories(folder);
    const auto ours = (folder / "ours.db").string(), bare = (folder / "bare.db").string();
    prepare(*store::open("sqlite:" + bare));
    {
        const auto database = store::open("sqlite:" + ours);
        prepare(*database);
        BareSqlite limit(bare);
        compare("SQLite", "SQLite, bare C API, batches of 64", rounds,
                [&] { return measure(kProducers, seconds, [&](int) { through_the_store(*database); }); },
                [&] {
                    auto figures = measure(1, seconds, [&](int) { limit.submit(kProducers); });
                    figures.per_second *= kProducers;
                    return figures;
                });
    }
    std::filesystem::remove_all(folder);
}

void postgresql(const std::string& server, int rounds, double seconds) {
    std::vector<std::string> uris;
    for (const auto* name : {"ours", "bare"}) {
        const auto schema = name + random_token();
        const auto statement = "create schema " + schema;
        store::open(server)->write([&](store::Session& session) { session.run(both(statement)); });
        uris.push_back(server + (server.find('?') == std::string::npos ? "?" : "&") + "options=-csearch_path%3D" + schema);
        prepare(*store::open(uris.back()));
    }
    const auto database = store::open(uris[0]);
    std::vector<std::unique_ptr<BarePostgresql>> limit;
    for (int i = 0; i < kPostgresConnections; ++i) limit.push_back(std::make_unique<BarePostgresql>(uris[1]));
    compare("PostgreSQL", "PostgreSQL, bare libpq, 16 connections", rounds,
            [&] { return measure(kProducers, seconds, [&](int) { through_the_store(*database); }); },
            [&] { return measure(kPostgresConnections, seconds, [&](int i) { limit[static_cast<std::size_t>(i)]->submit(); }); });
}

}  // namespace

int main(int argc, char** argv) {
    const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 7;
    const double seconds = argc > 2 ? std::atof(argv[2]) : 2;
    sqlite(rounds, seconds);
    if (const char* server = std::getenv("KIEPE_TEST_POSTGRES")) postgresql(server, rounds, seconds);
}
