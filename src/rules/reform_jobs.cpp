#include "rules/reform_jobs.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/date.h"
#include "base/log.h"
#include "rules/law_change.h"
#include "rules/made_cases.h"

namespace kiepe::rules {
namespace {

constexpr std::size_t kMostDecisions = 20'000;
constexpr auto kLateLawKey = "rules.late_law";

std::vector<Subject> subjects_of(const std::vector<casework::Decided>& decisions) {
    std::vector<Subject> subjects;
    for (const auto& decided : decisions) subjects.push_back({decided.number, decided.application});
    return subjects;
}

std::vector<Subject> made_subjects(const RuleSet& rules, Day received) {
    std::vector<Subject> subjects;
    for (auto& application : made_cases(rules.package, rules.law, rules.city, {1, kMadeApplications, received}))
        subjects.push_back({std::to_string(subjects.size() + 1), std::move(application)});
    return subjects;
}

/// One comparison of a proposal: keeps its progress, at most twice a second.
class Run {
public:
    Run(const Work& work, const Proposal& proposal, std::shared_ptr<const catalogue::Catalogue> now, std::shared_ptr<const catalogue::Catalogue> then)
        : work_(work), proposal_(proposal), proposals_(work.database), now_(std::move(now)), then_(std::move(then)) {}

    void go() {
        const auto decisions = last_decisions(work_.cases, proposal_.service, start_of(add_months(today(), -proposal_.months)));
        const auto stored = subjects_of(decisions);
        // Both sides as on the day on which the change begins: only the proposal differs, not the law's own history.
        const auto law_now = law_as_on(now_->law(), proposal_.in_force), law_then = law_as_on(then_->law(), proposal_.in_force);
        const auto* package = now_->package(proposal_.service);
        const RuleSet before{*package, law_now, now_->city()}, after{*then_->package(proposal_.service), law_then, then_->city()};
        std::vector<Subject> made;
        if (std::int64_t(stored.size()) < kEnoughDecisions) made = made_subjects(before, today());
        whole_ = std::int64_t(stored.size() + made.size());
        Preview preview{package->hash, now_->law().hash(package->service.acts), {}, {}, !made.empty()};
        if (!step(before, after, stored, false, preview.stored)) return;
        protect(preview.stored);
        if (!made.empty() && !step(before, after, made, true, preview.made)) return;
        proposals_.finish(proposal_.id, preview, work_.clock.now());
    }

private:
    Day today() const { return local_day(work_.clock.now()); }

    bool step(const RuleSet& before, const RuleSet& after, const std::vector<Subject>& subjects, bool facts, Comparison& into) {
        CompareOptions options;
        options.languages = work_.texts.languages();
        options.facts = facts;
        options.threads = std::max(1u, std::thread::hardware_concurrency() / 2);  // the desk goes on meanwhile
        auto last = std::chrono::steady_clock::now();
        options.progress = [&](std::int64_t done, std::int64_t) {
            const auto at = std::chrono::steady_clock::now();
            if (at - last < std::chrono::milliseconds(500)) return true;
            last = at;
            return proposals_.set_progress(proposal_.id, before_ + done, whole_);
        };
        if (!proposals_.set_progress(proposal_.id, before_, whole_)) return false;
        into = compare(before, after, subjects, options);
        before_ += std::int64_t(subjects.size());
        return !into.stopped;
    }

    const Work& work_;
    const Proposal& proposal_;
    Proposals proposals_;
    std::shared_ptr<const catalogue::Catalogue> now_, then_;
    std::int64_t before_ = 0, whole_ = 0;
};

void compare_proposal(const Work& work, const store::Job& job) {
    const auto payload = nlohmann::json::parse(job.payload, nullptr, false);
    if (!payload.is_object() || !payload.contains("proposal")) throw std::runtime_error("rules.job_payload");
    Proposals proposals(work.database);
    const auto proposal = proposals.find(payload["proposal"].get<std::int64_t>());
    if (!proposal || !proposal->under_way()) return;
    const auto now = work.catalogue();
    std::vector<catalogue::Finding> findings;
    const auto then = with_proposal(now, proposal->service, proposal->files, findings);
    if (!then) return proposals.set_broken(proposal->id, work.clock.now());
    Run(work, *proposal, now, then).go();
}

void look_for_late_law(const Work& work) {
    Proposals proposals(work.database);
    const auto now = work.catalogue();
    std::int64_t found = 0;
    for (const auto* package : now->packages()) {
        if (package->form.pages.empty()) continue;
        auto late = late_law_of(work.cases, work.database, *now, *package);
        found += std::int64_t(late.changes.size());
        proposals.put_late_law({package->service.id, now->law().hash(package->service.acts), work.clock.now(), std::move(late)});
    }
    if (found > 0) log::write(log::Level::info, "late_law", {{"parameters", std::to_string(found)}});
    const Day tomorrow = local_day(work.clock.now()) + std::chrono::days(1);
    work.database.write([&](store::Session& session) {
        store::enqueue(session, "rules.late_law", "{}", start_of(tomorrow) + std::chrono::hours(4), kLateLawKey);
    });
}

/// Now, where a service was never looked at or its law is another one since; else the night that is planned already will do.
void plan_late_law(const Work& work) {
    std::map<std::string, std::string> known;
    for (const auto& row : Proposals(work.database).late_law()) known[row.service] = row.law_hash;
    const auto now = work.catalogue();
    bool at_once = false;
    for (const auto* package : now->packages())
        if (!package->form.pages.empty()) at_once = at_once || known[package->service.id] != now->law().hash(package->service.acts);
    work.database.write([&](store::Session& session) {
        if (at_once) store::cancel_jobs(session, kLateLawKey);
        store::enqueue(session, "rules.late_law", "{}", work.clock.now(), kLateLawKey);
    });
}

}  // namespace

std::vector<casework::Decided> last_decisions(casework::Cases& cases, const std::string& service, Moment since) {
    std::vector<casework::Decided> last;
    for (std::int64_t after = 0; last.size() < kMostDecisions;) {
        auto page = cases.decided(service, since, after);
        for (auto& decided : page.decisions) {
            if (!last.empty() && last.back().case_id == decided.case_id) last.back() = std::move(decided);
            else last.push_back(std::move(decided));
        }
        if (page.next == 0) break;
        after = page.next;
    }
    return last;
}

RulesThen rules_then(store::Database& database, const catalogue::City& city, std::shared_ptr<const language::Texts> texts) {
    auto packages = std::make_shared<std::map<std::string, std::shared_ptr<const catalogue::Package>>>();
    RulesThen then;
    then.law = [&database](const std::string& hash) {
        std::optional<catalogue::Law> law;
        database.read([&](store::Session& session) { law = catalogue::law_version(session, hash); });
        return law;
    };
    then.package = [&database, &city, texts, packages](const std::string& hash, const catalogue::Law& law) -> std::shared_ptr<const catalogue::Package> {
        if (const auto known = packages->find(hash); known != packages->end()) return known->second;
        std::optional<std::map<std::string, std::string>> files;
        database.read([&](store::Session& session) { files = catalogue::version(session, hash); });
        if (!files) return nullptr;
        std::vector<catalogue::Finding> findings;  // they were checked when they were kept
        auto package = catalogue::read_package(*files, law, city, texts, findings);
        return (*packages)[hash] = package ? *package : nullptr;
    };
    return then;
}

LateLaw late_law_of(casework::Cases& cases, store::Database& database, const catalogue::Catalogue& now, const catalogue::Package& package) {
    const auto decisions = last_decisions(cases, package.service.id, Moment{});
    return late_law(decisions, rules_then(database, now.city(), package.texts), now.law(), now.city());
}

std::map<std::string, std::function<void(const store::Job&)>> reform_jobs(const Work& work) {
    plan_late_law(work);
    return {{"rules.reform", [work](const store::Job& job) { compare_proposal(work, job); }},
            {"rules.late_law", [work](const store::Job&) { look_for_late_law(work); }}};
}

}  // namespace kiepe::rules
