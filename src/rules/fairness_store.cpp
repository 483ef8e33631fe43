#include "rules/fairness_store.h"

#include <chrono>
#include <nlohmann/json.hpp>

#include "base/date.h"
#include "base/log.h"
#include "rules/sql.h"

namespace kiepe::rules {
namespace {

constexpr int kCases = 500;
/// What residents wait for (notices, letters) goes first after a start.
constexpr auto kLater = std::chrono::seconds(30);

std::optional<StoredFairness> stored_in(const store::Rows& rows) {
    if (rows.empty()) return std::nullopt;
    const auto made = parse_moment(rows.front().text(0));
    auto report = fairness_from_json(rows.front().text(1));
    if (!made || !report) return std::nullopt;
    return StoredFairness{*made, std::move(*report)};
}

bool is_known(store::Database& database, const catalogue::Package& package, const catalogue::Law& law) {
    bool known = false;
    database.read([&](store::Session& session) { known = fairness_under(session, package.hash, law.hash(package.service.acts)).has_value(); });
    return known;
}

void check_fairness(const Work& work, const store::Job& job) {
    const auto payload = nlohmann::json::parse(job.payload, nullptr, false);
    if (!payload.is_object() || !payload.contains("service")) throw std::runtime_error("rules.job_payload");
    const auto catalogue = work.catalogue();
    const auto* package = catalogue->package(payload["service"].get<std::string>());
    if (!package || is_known(work.database, *package, catalogue->law())) return;
    FairnessOptions options;
    options.cases = kCases;
    options.received = fairness_day(*package, catalogue->law(), local_day(work.clock.now()));
    const auto report = fairness_of(*package, *catalogue, options);
    store_fairness(work.database, report, work.clock.now());
    log::write(report.changed() == 0 ? log::Level::info : log::Level::error, "fairness_checked",
               {{"service", report.service}, {"flips", std::to_string(report.flips())}, {"changed", std::to_string(report.changed())}});
}

}  // namespace

void store_fairness(store::Database& database, const FairnessReport& report, Moment now) {
    database.write([&](store::Session& session) {
        session.run(sql::fairness_put,
                    {report.package_hash, report.law_hash, report.service, to_iso(now), std::int64_t{report.changed()}, to_json(report)});
    });
}

std::optional<StoredFairness> last_fairness(store::Session& session, std::string_view package_hash) {
    return stored_in(session.query(sql::fairness_last, {std::string(package_hash)}));
}

std::optional<StoredFairness> fairness_under(store::Session& session, std::string_view package_hash, std::string_view law_hash) {
    return stored_in(session.query(sql::fairness_under, {std::string(package_hash), std::string(law_hash)}));
}

std::map<std::string, std::function<void(const store::Job&)>> fairness_jobs(const Work& work) {
    const auto catalogue = work.catalogue();
    for (const auto* package : catalogue->packages()) {
        if (package->service.link_only || !package->model || is_known(work.database, *package, catalogue->law())) continue;
        const std::string payload = nlohmann::json{{"service", package->service.id}}.dump();
        work.database.write([&](store::Session& session) {
            store::enqueue(session, "fairness", payload, work.clock.now() + kLater, "fairness " + package->service.id);
        });
    }
    return {{"fairness", [work](const store::Job& job) { check_fairness(work, job); }}};
}

}  // namespace kiepe::rules
