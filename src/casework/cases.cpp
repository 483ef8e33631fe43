#include "casework/cases.h"

#include "base/date.h"
#include "base/log.h"
#include "casework/cases_impl.h"
#include "casework/sql.h"

namespace kiepe::casework {

Cases::Impl::Impl(Surround s) : around(std::move(s)), numbers(around.database), pdfs(around.typesetter) {}

Cases::Cases(Surround surround) : impl_(std::make_unique<Impl>(std::move(surround))) {}
Cases::~Cases() = default;

std::vector<store::Migration> Cases::migrations() { 
    return {{"casework", 1, sql::m001_create}, {"casework", 2, sql::m002_service}, {"casework", 3, sql::m003_decisions}};
}

Day Cases::Impl::today() const { return local_day(around.clock.now()); }

Rules Cases::Impl::rules_for(const std::string& service, const std::string& hash) {
    Rules rules;
    rules.catalogue = around.catalogue();
    if (const auto* newest = rules.catalogue->package(service))  // lives as long as its catalogue
        rules.package = std::shared_ptr<const catalogue::Package>(rules.catalogue, newest);
    else
        rules.package = version(hash, rules);
    return rules;
}

std::shared_ptr<const catalogue::Package> Cases::Impl::version(const std::string& hash, const Rules& rules) {
    for (const auto* package : rules.catalogue->packages())
        if (package->hash == hash) return std::shared_ptr<const catalogue::Package>(rules.catalogue, package);
    const std::lock_guard lock(versions_mutex);
    if (const auto known = versions.find(hash); known != versions.end()) return known->second;
    std::optional<std::map<std::string, std::string>> files;
    around.database.read([&](store::Session& session) { files = catalogue::version(session, hash); });
    if (!files) return nullptr;
    std::vector<catalogue::Finding> findings;
    const auto texts = std::make_shared<const language::Texts>(around.texts);
    auto package = catalogue::read_package(*files, rules.law(), rules.city(), texts, findings);
    if (!package) {
        log::write(log::Level::error, "package_version_broken", {{"hash", hash}, {"code", package.error().code}});
        return nullptr;
    }
    return versions[hash] = *package;
}

void Cases::Impl::keep_version(const Rules& rules) {
    const std::string key = rules.package->hash + rules.law().hash(rules.package->service.acts);
    {
        const std::lock_guard lock(versions_mutex);
        if (kept_versions.contains(key)) return;
    }
    catalogue::keep_version(around.database, *rules.package, rules.law(), around.clock.now());
    const std::lock_guard lock(versions_mutex);
    kept_versions.insert(key);
}

Case Cases::Impl::folded(const Stored& stored, const Rules& rules) const {
    return fold(stored, *rules.package, today(), rules.holidays());
}

std::optional<Case> Cases::Impl::read_case(std::int64_t id) {
    const auto stored = load(id);
    if (!stored) return std::nullopt;
    const Rules rules = rules_for(stored->row.service, stored->row.package_hash);
    if (!rules.package) return std::nullopt;
    return folded(*stored, rules);
}

Result<void> Cases::Impl::change(std::int64_t id, const std::function<Result<void>(const Case&, const Stored&, const Rules&, Plan&)>& make) {
    for (int attempt = 0; attempt < 8; ++attempt) {
        const auto stored = load(id);
        if (!stored) return Error{"case_unknown"};
        const Rules rules = rules_for(stored->row.service, stored->row.package_hash);
        if (!rules.package) return Error{"unknown_service"};
        Plan plan;
        if (auto made = make(folded(*stored, rules), *stored, rules, plan); !made) return made;
        if (plan.events.empty()) return {};
        keep_version(rules);
        if (!commit(*stored, plan, rules)) continue;
        make_pdfs(id);
        around.poke_worker();
        return {};
    }
    return Error{"case_changed"};
}

Result<void> Cases::Impl::change_as_clerk(std::int64_t id, std::int64_t version,
                                          const std::function<Result<void>(const Case&, const Stored&, const Rules&, Plan&)>& make) {
    const auto stored = load(id);
    if (!stored) return Error{"case_unknown"};
    if (stored->row.version != version) return Error{"case_changed"};
    const Rules rules = rules_for(stored->row.service, stored->row.package_hash);
    if (!rules.package) return Error{"unknown_service"};
    Plan plan;
    plan.has_new = false;
    if (auto made = make(folded(*stored, rules), *stored, rules, plan); !made) return made;
    keep_version(rules);
    if (!commit(*stored, plan, rules)) return Error{"case_changed"};
    make_pdfs(id);
    around.poke_worker();
    return {};
}

}  // namespace kiepe::casework
