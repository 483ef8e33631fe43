#include "rules/register_jobs.h"

#include "base/date.h"
#include "base/log.h"
#include "casework/examples.h"
#include "rules/register.h"
#include "rules/sql.h"

namespace kiepe::rules {
namespace {

constexpr const char* kKind = "register";

void plan(store::Session& session, const char* payload, Moment due) { store::enqueue(session, kKind, payload, due, payload[1] == '}' ? "register.night" : "register.start"); }

bool tried(store::Database& database, const std::string& package_hash, const std::string& law_hash) {
    bool known = false;
    database.read([&](store::Session& session) { known = tests_of(session, package_hash, law_hash).has_value(); });
    return known;
}

void run(const Work& work, bool at_start) {
    const auto catalogue = work.catalogue();
    for (const auto* package : catalogue->packages()) {
        const std::string law_hash = catalogue->law().hash(package->service.acts);
        if (!package->model || (at_start && tried(work.database, package->hash, law_hash))) continue;
        const auto result = casework::run_examples(*package, *catalogue);
        if (result.failed > 0) log::write(log::Level::error, "examples_failed", {{"service", package->service.id}, {"count", std::to_string(result.failed)}});
        work.database.write([&](store::Session& session) {
            session.run(sql::register_tests_put, {package->hash, law_hash, std::int64_t{result.passed}, std::int64_t{result.failed}, to_iso(work.clock.now())});
        });
    }
}

}  // namespace

std::map<std::string, std::function<void(const store::Job&)>> register_jobs(const Work& work) {
    work.database.write([&](store::Session& session) { plan(session, R"({"start":true})", work.clock.now()); });
    return {{kKind, [work](const store::Job& job) {
                 run(work, job.payload != "{}");
                 work.database.write([&](store::Session& session) {
                     plan(session, "{}", start_of(local_day(work.clock.now()) + std::chrono::days(1)) + std::chrono::hours(4));
                 });
             }}};
}

}  // namespace kiepe::rules
