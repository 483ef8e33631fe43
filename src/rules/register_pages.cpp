// "Where programs help to decide": the public register of algorithms, for people and as JSON.
#include <fmt/core.h>

#include <algorithm>
#include <mutex>

#include "base/date.h"
#include "catalogue/catalogue_pages.h"
#include "rules/fairness_store.h"
#include "rules/pages.h"
#include "rules/register.h"

namespace kiepe::rules {
namespace {

using web::Data;
using web::Request;
using web::Response;

std::string home(const Request& request) { return "/" + request.language + "/algorithms"; }

FairnessRun run_of(const StoredFairness& stored) {
    FairnessRun run{stored.report.flips(), 0, 0, 0, stored.made};
    for (const auto& line : stored.report.lines) {
        if (!line.must_not_matter()) continue;
        run.decisions += line.decisions;
        run.wordings += line.wordings;
        run.promises += line.promises;
    }
    return run;
}

/// What the content says of a service, until content or day change. Thread-safe.
class Entries {
public:
    RegisterEntry get(const catalogue::Package& package, const std::shared_ptr<const catalogue::Catalogue>& catalogue, const std::string& language, Day today) {
        const std::lock_guard lock(mutex_);
        if (catalogue_ != catalogue || today_ != today) {
            known_.clear();
            catalogue_ = catalogue;
            today_ = today;
        }
        const auto key = std::make_pair(package.service.id, language);
        auto found = known_.find(key);
        if (found == known_.end()) found = known_.emplace(key, register_entry(package, *catalogue, language, today)).first;
        return found->second;
    }

private:
    std::mutex mutex_;
    std::shared_ptr<const catalogue::Catalogue> catalogue_;
    Day today_{};
    std::map<std::pair<std::string, std::string>, RegisterEntry> known_;
};

struct Register {
    Pages pages;
    std::shared_ptr<Entries> entries;
};

/// Entry with what the database knows of it: a handful of rows by index, whatever the number of cases.
RegisterEntry entry_of(const Register& all, const catalogue::Package& package, const std::shared_ptr<const catalogue::Catalogue>& catalogue,
                       const std::string& language) {
    const Pages& pages = all.pages;
    const Day today = local_day(pages.clock.now());
    auto entry = all.entries->get(package, catalogue, language, today);
    pages.database.read([&](store::Session& session) {
        entry.since = catalogue::version_kept_at(session, entry.package_hash);
        entry.tests = tests_of(session, entry.package_hash, entry.law_hash);
        if (const auto fairness = last_fairness(session, entry.package_hash)) entry.fairness = run_of(*fairness);
    });
    entry.counts = pages.cases.decision_counts(entry.service, start_of(add_months(today, -12)));
    return entry;
}

std::string number(std::string_view language, std::int64_t count) { return language::format_number(language, Decimal(count)); }

std::string per_cent(std::string_view language, int tenths) {
    return language::format_number(language, *Decimal::parse(fmt::format("{}.{}", tenths / 10, tenths % 10)), 1) + "\u00a0%";
}

/// The same for everybody, but with numbers of this moment: nothing is kept.
Response publish(const Pages& pages, const Request& request, std::string_view name, const Data& data) {
    auto response = pages.site.render(request, name, data);
    response.compress = request.session_token.empty();
    return response;
}

void put_norm(Data& row, const CitedNorm& norm) {
    if (norm.text.empty()) return;
    if (norm.link.empty()) row.add("NORM_PLAIN").set("NORM_TEXT", norm.text);
    else row.add("NORM_LINK").set("NORM_TEXT", norm.text).set("NORM_PATH", norm.link);
}

void put_list(Data& data, const char* list, const std::vector<std::string>& titles) {
    for (const auto& title : titles) data.add(list).set("OUTCOME_TITLE", title);
}

void put_inputs(const Pages& pages, const Request& request, Data& data, const RegisterEntry& entry) {
    bool any = false;
    for (const auto& group : entry.groups) {
        auto& section = data.add("GROUPS");
        section.set("GROUP_TITLE", group.title);
        for (const auto& input : group.inputs) {
            auto& row = section.add("INPUTS");
            row.set("INPUT_LABEL", input.label);
            put_norm(row, input.norm);
            if (input.protected_as.empty()) continue;
            any = true;
            const std::string key = "register_protected_" + input.protected_as;
            row.add("PROTECTED").set("PROTECTED_TEXT", pages.texts.has("de", key) ? pages.say(request, key) : input.protected_as);
        }
    }
    data.show_if(!any, "NONE_PROTECTED").show_if(any, "SOME_PROTECTED");
}

void put_side(const Pages& pages, const Request& request, Data& data, const char* name, const casework::DecisionCounts::Side& side) {
    auto& row = data.add("SIDES");
    row.set("SIDE_TITLE", pages.say(request, name)).set("SIDE_MADE", number(request.language, side.made));
    if (side.made < kFewestDecisions) {
        row.show("SIDE_FEW");
        return;
    }
    auto& shown = row.add("SIDE_CORRECTED");
    shown.set("SIDE_CONTESTED", number(request.language, side.contested));
    for (const auto kind : casework::kCorrectionKinds) {
        const auto found = side.corrected.find(std::string(kind));
        shown.add("KINDS")
            .set("KIND_TITLE", pages.say(request, "correction_" + std::string(kind)))
            .set("KIND_COUNT", number(request.language, found == side.corrected.end() ? 0 : found->second));
    }
    const Share rate = share_of(errors_of(side), side.made);
    shown.set("RATE_TEXT", pages.say(request, "register_rate", {{"rate", per_cent(request.language, rate.value)},
                                                                {"low", per_cent(request.language, rate.low)},
                                                                {"high", per_cent(request.language, rate.high)}}));
}

void put_numbers(const Pages& pages, const Request& request, Data& data, const RegisterEntry& entry) {
    const auto& counts = entry.counts;
    const auto all = counts.automatic.made + counts.by_hand.made;
    data.set("NUMBERS_AS_OF", pages.say(request, "register_as_of", {{"when", language::format_moment(request.language, pages.clock.now())}}));
    if (all == 0) {
        data.show("NO_NUMBERS");
        return;
    }
    auto& numbers = data.add("NUMBERS");
    numbers.set("SHARE_TEXT", pages.say(request, "register_share", {{"automatic", number(request.language, counts.automatic.made)},
                                                                  {"all", number(request.language, all)},
                                                                  {"share", per_cent(request.language, share_of(counts.automatic.made, all).value)}}));
    if (entry.mode == "full" || counts.automatic.made > 0) put_side(pages, request, numbers, "register_by_program", counts.automatic);
    put_side(pages, request, numbers, "register_by_person", counts.by_hand);
}

void put_version(const Pages& pages, const Request& request, Data& data, const RegisterEntry& entry) {
    data.set("VERSION", entry.version).set("PACKAGE_HASH", entry.package_hash.substr(0, 16)).set("LAW_HASH", entry.law_hash.substr(0, 16));
    if (entry.since) data.add("SINCE").set("SINCE_TEXT", language::format_date(request.language, local_day(*entry.since)));
    if (const auto& fairness = entry.fairness) {
        const auto changed = std::max({fairness->decisions, fairness->wordings, fairness->promises});
        data.add("FAIRNESS").set("FAIRNESS_TEXT", pages.say(request, changed == 0 ? "register_fairness_passed" : "register_fairness_failed",
                                                           {{"count", number(request.language, fairness->tried)},
                                                            {"changed", number(request.language, changed)},
                                                            {"when", language::format_date(request.language, local_day(fairness->at))}}));
    }
    if (!entry.tests) {
        data.show("NOT_TESTED");
        return;
    }
    const auto all = entry.tests->passed + entry.tests->failed;
    data.add("TESTED").set("TESTS_TEXT", pages.say(request, entry.tests->failed == 0 ? "register_tests_passed" : "register_tests_failed",
                                                  {{"count", number(request.language, all)},
                                                   {"failed", number(request.language, entry.tests->failed)},
                                                   {"when", language::format_date(request.language, local_day(entry.tests->at))}}));
}

void put_contest(const Pages& pages, const Request& request, Data& data, const RegisterEntry& entry) {
    if (entry.remedy_kind.empty()) return;
    data.add("REMEDY").set("REMEDY_TEXT", pages.say(request, "remedy_about_" + entry.remedy_kind,
                                                   {{"within", catalogue::period_text(entry.remedy_within, pages.texts, request.language)},
                                                    {"court", entry.office->remedy_court},
                                                    {"office", entry.office->name},
                                                    {"norm", entry.remedy_norm}}));
}

Response show_list(const Register& all, const Request& request) {
    const Pages& pages = all.pages;
    const auto catalogue = pages.catalogue();
    auto data = pages.site.frame(request, pages.say(request, "register_title"));
    bool any = false;
    for (const auto* package : catalogue->packages()) {
        if (!package->model) continue;
        any = true;
        const auto entry = entry_of(all, *package, catalogue, request.language);
        data.add("ENTRIES")
            .set("ENTRY_PATH", home(request) + "/" + entry.service)
            .set("ENTRY_NAME", entry.name)
            .set("ENTRY_MODE", pages.say(request, "register_mode_" + entry.mode))
            .set("ENTRY_MACHINE", entry.machine)
            .set("ENTRY_NUMBERS", pages.say(request, "register_numbers", {{"automatic", number(request.language, entry.counts.automatic.made)},
                                                                          {"by_hand", number(request.language, entry.counts.by_hand.made)}}));
    }
    data.show_if(!any, "EMPTY").show_if(any, "HAS_ENTRIES");
    return publish(pages, request, "register.html", data);
}

Response show_entry(const Register& all, const Request& request) {
    const Pages& pages = all.pages;
    const auto catalogue = pages.catalogue();
    const auto* package = catalogue->package(request.parameters.at("service"));
    if (!package || !package->model) return pages.site.error(request, 404, "service_unknown");
    const auto entry = entry_of(all, *package, catalogue, request.language);
    auto data = pages.site.frame(request, pages.say(request, "register_entry_title", {{"service", entry.name}}));
    data.set("BACK_PATH", home(request))
        .set("SERVICE_NAME", entry.name)
        .set("SERVICE_PATH", "/" + request.language + "/services/" + entry.service)
        .set("PURPOSE", entry.purpose)
        .set("DATA_PURPOSE", entry.data_purpose)
        .set("MODE_TEXT", pages.say(request, "register_mode_" + entry.mode))
        .set("OFFICE_NAME", entry.office->name)
        .set("OFFICE_PHONE", entry.office->phone)
        .set("OFFICE_ADDRESS", entry.office->street + ", " + entry.office->postcode + " " + entry.office->place);
    if (!entry.machine.empty()) data.add("MACHINE").set("MACHINE_TEXT", entry.machine);
    put_list(data, "AUTOMATIC", entry.automatic);
    put_list(data, "NEVER", entry.never);
    data.show_if(!entry.automatic.empty(), "HAS_AUTOMATIC").show_if(!entry.never.empty(), "HAS_NEVER");
    if (entry.mode == "full" && entry.spot_check_percent > 0)
        data.add("SPOT_CHECK").set("SPOT_TEXT", pages.say(request, "register_spot_check", {{"percent", std::to_string(entry.spot_check_percent)}}));
    if (!entry.automation_norm.text.empty()) put_norm(data.add("ALLOWED"), entry.automation_norm);
    if (!entry.provision.empty()) put_norm(data.add("PROVISION"), {entry.provision, entry.provision_act.link});
    for (const auto& norm : entry.norms) put_norm(data.add("NORMS"), norm);
    put_inputs(pages, request, data, entry);
    put_numbers(pages, request, data, entry);
    put_version(pages, request, data, entry);
    put_contest(pages, request, data, entry);
    return publish(pages, request, "register-entry.html", data);
}

/// Without the language in its path: `?language=en` chooses another one of the site.
Response show_json(const Register& all, const Request& request) {
    const Pages& pages = all.pages;
    const auto catalogue = pages.catalogue();
    std::string language = "de";
    for (const auto& offered : pages.site.settings().languages)
        if (offered == request.query_value("language")) language = offered;
    std::vector<RegisterEntry> entries;
    for (const auto* package : catalogue->packages())
        if (package->model) entries.push_back(entry_of(all, *package, catalogue, language));
    auto response = web::text(to_json(entries, language, pages.clock.now(), catalogue->city().name));
    response.type = "application/json";
    response.compress = true;
    return response;
}

}  // namespace

std::vector<web::Route> register_routes(const Pages& pages) {
    const Register all{pages, std::make_shared<Entries>()};
    auto with = [all](auto handler) { return [all, handler](const Request& request) { return handler(all, request); }; };
    return {{"GET", "/{lang}/algorithms", web::Kind::page, with(show_list)},
            {"GET", "/{lang}/algorithms/{service}", web::Kind::page, with(show_entry)},
            {"GET", "/algorithms.json", web::Kind::api, with(show_json)}};
}

}  // namespace kiepe::rules
