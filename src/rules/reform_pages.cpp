// Previews of changed rules. Nothing here puts anything in force; names of persons never stand here. Overview and late law: rules_desk.cpp.
#include <algorithm>

#include "base/date.h"
#include "base/text.h"
#include "rules/law_change.h"
#include "rules/reform_jobs.h"
#include "rules/reform_view.h"
#include "rules/rules_desk.h"

namespace kiepe::rules {
namespace {

using web::Data;
using web::Request;
using web::Response;

constexpr std::size_t kMostFile = 2 << 20;
constexpr int kMonths[] = {3, 12, 24};

std::string home(const Request& request) { return "/" + request.language + "/desk/reform"; }
std::string path_of(const Request& request, std::int64_t id) { return home(request) + "/" + std::to_string(id); }

/// What was typed into the form of a new proposal.
struct Typed {
    std::string service, name, day, month, year;
    int months = 12;
};

struct Mistake {
    std::string field, text;
};

std::string trimmed(const Request& request, std::string_view name) { return std::string(trim(request.field(name))); }

Typed typed_in(const Request& request) {
    Typed typed{trimmed(request, "service"), trimmed(request, "name"), trimmed(request, "in-force-day"), trimmed(request, "in-force-month"),
                trimmed(request, "in-force-year")};
    const auto months = trimmed(request, "months");
    for (const int each : kMonths)
        if (months == std::to_string(each)) typed.months = each;
    return typed;
}

std::optional<Day> day_in(const Typed& typed) {
    auto two = [](const std::string& text) { return text.size() == 1 ? "0" + text : text; };
    return parse_day(typed.year + "-" + two(typed.month) + "-" + two(typed.day));
}

std::string state_text(const Pages& pages, const Request& request, const Proposal& proposal) { return pages.say(request, "reform_state_" + proposal.state); }

void put_list(const Pages& pages, const Request& request, Data& data) {
    const auto all = Proposals(pages.database).newest();
    data.show_if(all.empty(), "NO_PROPOSALS");
    if (all.empty()) return;
    auto& list = data.add("HAS_PROPOSALS");
    for (const auto& proposal : all)
        list.add("PROPOSALS")
            .set("PROPOSAL_NAME", proposal.name)
            .set("PROPOSAL_PATH", path_of(request, proposal.id))
            .set("PROPOSAL_SERVICE", service_name(pages, request, proposal.service))
            .set("PROPOSAL_DAY", language::format_date_short(request.language, proposal.in_force))
            .set("PROPOSAL_STATE", state_text(pages, request, proposal))
            .set("PROPOSAL_CREATED", language::format_date_short(request.language, local_day(proposal.created)));
}

Response show_list_with(const Pages& pages, const Request& request, const identity::Staff& who, const Typed& typed, const std::vector<Mistake>& mistakes) {
    auto data = pages.site.frame(request, pages.say(request, "reform_title"));
    put_list(pages, request, data);
    if (may_propose_rules(who)) {
        auto& form = data.add("MAY_PROPOSE");
        form.set("ACTION", home(request)).set("NAME_VALUE", typed.name).set("DAY_VALUE", typed.day).set("MONTH_VALUE", typed.month).set("YEAR_VALUE", typed.year);
        const auto catalogue = pages.catalogue();
        for (const auto* package : deciding(*catalogue))
            form.add("SERVICES")
                .set("SERVICE_ID", package->service.id)
                .set("SERVICE_NAME", package->say(request.language, package->service.name).text)
                .show_if(package->service.id == typed.service, "SERVICE_CHOSEN");
        for (const int months : kMonths)
            form.add("PERIODS")
                .set("PERIOD_MONTHS", std::int64_t{months})
                .set("PERIOD_TEXT", pages.texts.get_n(request.language, "reform_period", months))
                .show_if(months == typed.months, "PERIOD_CHOSEN");
    }
    if (!mistakes.empty()) {
        auto& errors = data.add("ERRORS_SHOWN");
        errors.set("ERROR_COUNT_TEXT", pages.texts.get_n(request.language, "reform_errors", std::int64_t(mistakes.size())));
        for (const auto& mistake : mistakes) errors.add("ERRORS").set("ERROR_ID", mistake.field).set("ERROR_LINE", mistake.text);
    }
    return pages.site.render(request, "reform.html", data, mistakes.empty() ? 200 : 422);
}

Response show_list(const Pages& pages, const Request& request, const identity::Staff& who) { return show_list_with(pages, request, who, {}, {}); }

bool has_file(const Request& request) {
    return std::any_of(request.fields.begin(), request.fields.end(),
                       [](const auto& field) { return field.name == "file" && field.is_file && !(field.filename.empty() && field.value.empty()); });
}

/// The files of the form, each where it belongs; what has no place is a mistake.
ProposedFiles files_in(const Pages& pages, const Request& request, const catalogue::Package& package, const catalogue::Law& law,
                       ProposedFiles files, std::vector<Mistake>& mistakes) {
    for (const auto& field : request.fields) {
        if (field.name != "file" || !field.is_file || (field.filename.empty() && field.value.empty())) continue;
        language::Arguments arguments{{"file", field.filename}};
        if (field.value.size() > kMostFile || !valid_utf8(field.value)) {
            mistakes.push_back({"file", pages.say(request, field.value.size() > kMostFile ? "reform_error_large" : "reform_error_text", arguments)});
            continue;
        }
        const auto placed = place(package, law, field.filename, field.value, files);
        if (placed) continue;
        for (const auto& argument : placed.error().args) arguments.push_back(argument);
        mistakes.push_back({"file", pages.say(request, "reform_error_" + placed.error().code, arguments)});
    }
    if (!has_file(request)) mistakes.push_back({"file", pages.say(request, "reform_error_no_file")});
    return files;
}

Response create(const Pages& pages, const Request& request, const identity::Staff& who) {
    const auto typed = typed_in(request);
    std::vector<Mistake> mistakes;
    const auto catalogue = pages.catalogue();
    const auto services = deciding(*catalogue);
    const auto chosen = std::find_if(services.begin(), services.end(), [&](const auto* each) { return each->service.id == typed.service; });
    if (chosen == services.end()) mistakes.push_back({"service", pages.say(request, "reform_error_service")});
    const bool no_day = typed.day.empty() && typed.month.empty() && typed.year.empty();
    if (!no_day && !day_in(typed)) mistakes.push_back({"in-force-day", pages.say(request, "reform_error_day")});
    if (length_utf8(typed.name) > 120) mistakes.push_back({"name", pages.say(request, "reform_error_name")});
    ProposedFiles files;
    if (chosen == services.end() && !has_file(request)) mistakes.push_back({"file", pages.say(request, "reform_error_no_file")});
    if (chosen != services.end()) files = files_in(pages, request, **chosen, catalogue->law(), {}, mistakes);
    if (!mistakes.empty()) return show_list_with(pages, request, who, typed, mistakes);

    const auto now = pages.clock.now();
    std::vector<catalogue::Finding> findings;
    const auto then = with_proposal(catalogue, typed.service, files, findings);
    Proposal proposal;
    proposal.name = typed.name.empty() ? pages.say(request, "reform_unnamed", {{"day", language::format_date_short(request.language, local_day(now))}}) : typed.name;
    proposal.service = typed.service;
    proposal.months = typed.months;
    proposal.created_by = who.id;
    proposal.files = std::move(files);
    proposal.state = then ? "waiting" : "broken";
    proposal.in_force = local_day(now);
    if (!no_day) proposal.in_force = *day_in(typed);
    else if (then) proposal.in_force = day_of_change(catalogue->law(), then->law(), (*chosen)->service.acts, local_day(now)).value_or(local_day(now));
    const auto id = Proposals(pages.database).add(std::move(proposal), now);
    pages.poke_worker();
    return web::redirect(path_of(request, id));
}

std::optional<Proposal> asked_for(const Pages& pages, const Request& request) {
    const auto& id = request.parameters.at("id");
    if (id.empty() || id.size() > 18 + 1 || id.find_first_not_of("0123456789") != std::string::npos || (id.size() == 19 && id > "9223372036854775807")) return std::nullopt;
    return Proposals(pages.database).find(std::stoll(id));
}

Response unknown(const Pages& pages, const Request& request) { return pages.site.error(request, 404, "proposal_unknown"); }

void put_findings(const Pages& pages, const Request& request, Data& data, const std::vector<catalogue::Finding>& findings) {
    for (const auto& finding : findings) {
        const bool error = finding.severity == catalogue::Finding::Severity::error;
        auto& row = data.add("FINDINGS");
        row.set("FINDING_FILE", finding.file).set("FINDING_TEXT", catalogue::finding_text(pages.texts, request.language, finding)).set("FINDING_KIND", pages.say(request, error ? "reform_finding_error" : "reform_finding_warning"));
        if (finding.line > 0) row.add("FINDING_LINE").set("LINE_NUMBER", std::int64_t{finding.line});
    }
}

void put_files(const Pages& pages, const Request& request, Data& data, const Proposal& proposal) {
    for (const auto* files : {&proposal.files.package, &proposal.files.law})
        for (const auto& [path, content] : *files)
            data.add("FILES").set("FILE_PATH", path).set("FILE_SIZE", language::format_size(request.language, std::int64_t(content.size())));
    if (const auto staff = pages.identity.staff(proposal.created_by)) data.add("CREATED_BY").set("CREATED_NAME", staff->name);
}

void put_result(const Pages& pages, const Request& request, const identity::Staff& who, Data& data, const Proposal& proposal) {
    const auto& preview = *proposal.preview;
    const auto catalogue = pages.catalogue();
    auto& result = data.add("RESULT");
    result.set("RESULT_CSV", path_of(request, proposal.id) + "/changes.csv");
    const auto* package = catalogue->package(proposal.service);
    result.show_if(!package || package->hash != preview.package_hash || catalogue->law().hash(package->service.acts) != preview.law_hash, "OUTDATED");
    if (preview.stored.compared > 0) {
        auto& part = result.add("PARTS");
        part.set("PART_TITLE", pages.texts.get_n(request.language, "reform_part_stored", proposal.months)).set("PART_ID", "stored").set("PART_ABOUT", pages.say(request, "reform_part_stored_about"));
        put_comparison(pages, request, part, preview.stored, true, casework::may_read_cases(who));
    } else {
        result.add("NO_DECISIONS").set("NO_DECISIONS_TEXT", pages.texts.get_n(request.language, "reform_no_decisions", proposal.months));
    }
    if (!preview.has_made) return;
    auto& part = result.add("PARTS");
    part.set("PART_TITLE", pages.say(request, "reform_part_made")).set("PART_ID", "made").set("PART_ABOUT", pages.say(request, "reform_part_made_about"));
    put_comparison(pages, request, part, preview.made, false, true);
}

Response show_with(const Pages& pages, const Request& request, const identity::Staff& who, const Proposal& proposal, const std::vector<Mistake>& mistakes) {
    auto data = pages.site.frame(request, proposal.name);
    const auto path = path_of(request, proposal.id);
    data.set("BACK_PATH", home(request))
        .set("PROPOSAL_NAME", proposal.name)
        .set("PROPOSAL_SERVICE", service_name(pages, request, proposal.service))
        .set("PROPOSAL_DAY", language::format_date(request.language, proposal.in_force))
        .set("PROPOSAL_STATE", state_text(pages, request, proposal))
        .set("CREATED_WHEN", language::format_moment(request.language, proposal.created));
    put_files(pages, request, data, proposal);
    if (proposal.finished) data.add("FINISHED").set("FINISHED_WHEN", language::format_moment(request.language, *proposal.finished));
    std::vector<catalogue::Finding> findings;
    // Reading the files again takes a moment: not while the page only waits.
    const auto then = proposal.under_way() ? nullptr : with_proposal(pages.catalogue(), proposal.service, proposal.files, findings);
    if (!findings.empty()) put_findings(pages, request, data.add(then ? "WARNED" : "BROKEN"), findings);
    if (proposal.under_way())
        data.add("RUNNING")
            .set("RUN_DONE", proposal.done)
            .set("RUN_WHOLE", std::max<std::int64_t>(proposal.whole, 1))
            .set("RUN_TEXT", proposal.whole == 0 ? pages.say(request, "reform_running_soon")
                                                 : pages.say(request, "reform_running", {{"done", language::format_number(request.language, proposal.done)},
                                                                                         {"all", language::format_number(request.language, proposal.whole)}}));
    if (proposal.state == "done" && proposal.preview) put_result(pages, request, who, data, proposal);
    if (may_propose_rules(who)) data.add("MAY_CHANGE").set("FILES_ACTION", path + "/files").set("AGAIN_ACTION", path + "/again").set("DELETE_PATH", path + "/delete");
    if (!mistakes.empty()) {
        auto& errors = data.add("ERRORS_SHOWN");
        errors.set("ERROR_COUNT_TEXT", pages.texts.get_n(request.language, "reform_errors", std::int64_t(mistakes.size())));
        for (const auto& mistake : mistakes) errors.add("ERRORS").set("ERROR_ID", mistake.field).set("ERROR_LINE", mistake.text);
    }
    auto answer = pages.site.render(request, "reform-proposal.html", data, mistakes.empty() ? 200 : 422);
    // The page looks again by itself, but only while it waits for something, and without a script.
    if (proposal.under_way()) answer.headers.emplace_back("Refresh", "2");
    return answer;
}

Response show(const Pages& pages, const Request& request, const identity::Staff& who) {
    const auto proposal = asked_for(pages, request);
    return proposal ? show_with(pages, request, who, *proposal, {}) : unknown(pages, request);
}

/// Corrected or further files: what was handed in before stays.
Response change_files(const Pages& pages, const Request& request, const identity::Staff& who) {
    const auto proposal = asked_for(pages, request);
    if (!proposal) return unknown(pages, request);
    const auto catalogue = pages.catalogue();
    const auto* package = catalogue->package(proposal->service);
    if (!package) return unknown(pages, request);
    std::vector<Mistake> mistakes;
    const auto files = files_in(pages, request, *package, catalogue->law(), proposal->files, mistakes);
    if (!mistakes.empty()) return show_with(pages, request, who, *proposal, mistakes);
    std::vector<catalogue::Finding> findings;
    const bool broken = !with_proposal(catalogue, proposal->service, files, findings);
    Proposals(pages.database).set_files(proposal->id, files, broken, pages.clock.now());
    pages.poke_worker();
    return web::redirect(path_of(request, proposal->id));
}

Response again(const Pages& pages, const Request& request, const identity::Staff&) {
    const auto proposal = asked_for(pages, request);
    if (!proposal) return unknown(pages, request);
    std::vector<catalogue::Finding> findings;
    const bool broken = !with_proposal(pages.catalogue(), proposal->service, proposal->files, findings);
    if (!proposal->under_way()) Proposals(pages.database).set_files(proposal->id, proposal->files, broken, pages.clock.now());
    pages.poke_worker();
    return web::redirect(path_of(request, proposal->id));
}

Response ask_delete(const Pages& pages, const Request& request, const identity::Staff& who) {
    const auto proposal = asked_for(pages, request);
    if (!proposal) return unknown(pages, request);
    if (!may_propose_rules(who)) return pages.site.error(request, 403, "rules_not_for_you");
    auto data = pages.site.frame(request, pages.say(request, "reform_delete"));
    data.set("PROPOSAL_NAME", proposal->name).set("BACK_PATH", path_of(request, proposal->id)).set("ACTION", path_of(request, proposal->id) + "/delete");
    return pages.site.render(request, "reform-delete.html", data);
}

Response do_delete(const Pages& pages, const Request& request, const identity::Staff&) {
    const auto proposal = asked_for(pages, request);
    if (!proposal) return unknown(pages, request);
    Proposals(pages.database).remove(proposal->id);
    return web::redirect(home(request));
}

/// RFC 4180. A cell that a spreadsheet would take for a formula gets an apostrophe before it.
std::string cell(std::string text) {
    if (!text.empty() && std::string_view("=+@\t\r").find(text[0]) != std::string_view::npos) text.insert(0, "'");
    if (text.find_first_of(",;\"\n\r") == std::string::npos) return text;
    return "\"" + replace_all(text, "\"", "\"\"") + "\"";
}

std::string amount_cell(const std::optional<Decimal>& amount) { return amount ? amount->text() : ""; }

void add_rows(std::string& csv, const Comparison& comparison, const std::string& kind, bool named) {
    for (const auto& change : comparison.changes) {
        const std::vector<std::string> cells{kind, named ? change.name : "", std::to_string(change.group + 1), std::string(name_of(change.effect)),
                                             change.before.outcome, change.after.outcome, change.before.automatic ? "yes" : "no",
                                             change.after.automatic ? "yes" : "no", join(change.before.reasons, " "), join(change.after.reasons, " "),
                                             amount_cell(change.before.amount), amount_cell(change.after.amount)};
        for (std::size_t i = 0; i < cells.size(); ++i) csv += (i ? "," : "") + cell(cells[i]);
        csv += "\r\n";
    }
}

Response changes_csv(const Pages& pages, const Request& request, const identity::Staff& who) {
    const auto proposal = asked_for(pages, request);
    if (!proposal || !proposal->preview) return unknown(pages, request);
    std::string csv = "\xEF\xBB\xBFkind,case,group,effect,outcome_before,outcome_after,automatic_before,automatic_after,reasons_before,reasons_after,amount_before,amount_after\r\n";
    add_rows(csv, proposal->preview->stored, "decision", casework::may_read_cases(who));
    if (proposal->preview->has_made) add_rows(csv, proposal->preview->made, "made", true);
    return web::bytes(std::move(csv), "text/csv; charset=utf-8", "changes.csv");
}

}  // namespace

std::vector<web::Route> reform_routes(const Pages& pages) {
    return {{"GET", "/{lang}/desk/rules", web::Kind::page, for_rules(pages, show_overview)},
            {"GET", "/{lang}/desk/late-law", web::Kind::page, for_rules(pages, show_late_law)},
            {"GET", "/{lang}/desk/reform", web::Kind::page, for_rules(pages, show_list)},
            {"POST", "/{lang}/desk/reform", web::Kind::upload, for_rules(pages, create)},
            {"GET", "/{lang}/desk/reform/{id}", web::Kind::page, for_rules(pages, show)},
            {"POST", "/{lang}/desk/reform/{id}/files", web::Kind::upload, for_rules(pages, change_files)},
            {"POST", "/{lang}/desk/reform/{id}/again", web::Kind::form, for_rules(pages, again)},
            {"GET", "/{lang}/desk/reform/{id}/delete", web::Kind::page, for_rules(pages, ask_delete)},
            {"POST", "/{lang}/desk/reform/{id}/delete", web::Kind::form, for_rules(pages, do_delete)},
            {"GET", "/{lang}/desk/reform/{id}/changes.csv", web::Kind::page, for_rules(pages, changes_csv)}};
}

}  // namespace kiepe::rules
