// One case at the desk: everything in one place, in the order in which a clerk thinks: what is missing, what was said and by what it is
// proved, what the rules say and why, the notice.
#include <algorithm>
#include <set>

#include "base/date.h"
#include "base/text.h"
#include "casework/desk_support.h"
#include "casework/what_if_pages.h"
#include "catalogue/catalogue_pages.h"
#include "catalogue/norm_link.h"

namespace kiepe::casework {
namespace {

using web::Data;
using web::Response;

void put_head(const Pages& pages, const web::Request& request, Data& data, const Case& c, const catalogue::Package& package,
              const identity::Staff& who) {
    auto assigned = c.assigned.empty() ? std::nullopt : pages.identity.staff(c.assigned);
    const auto light = light_of(c);
    data.set("CASE_NUMBER", c.number)
        .set("PERSON", c.person_name.empty() ? pages.say(request, "desk_unnamed") : c.person_name)
        .set("SERVICE_NAME", package.say(request.language, package.service.name).text)
        .set("LIGHT", light)
        .set("LIGHT_TEXT", promise_text(pages, request.language, c))
        .set("PROMISE_DAYS", pages.say(request, "desk_days", {{"used", std::to_string(c.promise.used)}, {"all", std::to_string(c.promise.working_days)}}))
        .set("RECEIVED", language::format_moment(request.language, c.received))
        .set("CHANNEL", pages.say(request, "channel_" + c.channel))
        .set("DELIVERY", pages.say(request, "desk_way_" + c.delivery))
        .set("STATE", pages.say(request, "desk_state_" + std::string(c.withdrawn ? "withdrawn" : name_of(c.state))))
        .set("ASSIGNED", assigned ? assigned->name : pages.say(request, "desk_nobody"))
        .set("VERSION", std::int64_t{c.version})
        .set("BASE", desk_case_path(request, c.number));
    for (const auto& name : pages.cases.also_looking(c.id, who))
        data.add("ALSO").set("ALSO_TEXT", pages.say(request, "desk_also_looking", {{"name", name}}));
    data.show_if(c.subject.empty(), "ON_LINK");
}

void put_answers(const Pages& pages, const web::Request& request, Data& data, const Case& c, const catalogue::Package& package,
                 const Preparation& prepared, const identity::Staff& who) {
    bool remarks = false;
    for (const auto& fact : pages.cases.facts(c)) {
        if (!fact.question || fact.value.is_null()) continue;
        const bool open_to_her = may_see(package.service, fact.question->category, who);
        const bool remark = fact.question->type == catalogue::QuestionType::remark;
        auto& row = data.add(remark ? "REMARKS" : "ANSWERS");
        row.set("ANSWER_LABEL", answer_label(package, prepared, fact.path, request.language));
        const auto text = open_to_her ? catalogue::answer_text(*fact.question, fact.value, request.language, package)
                                      : pages.say(request, "desk_not_for_your_role");
        put_lines(row, "ANSWER_LINES", text);
        remarks = remarks || remark;
        const bool reg = fact.level == Level::registered, paper = fact.level == Level::document || fact.level == Level::checked;
        if (!remark) row.show(reg ? "ANSWER_REGISTER" : paper ? "ANSWER_PROVED" : "ANSWER_SAID");
        std::string source = pages.say(request, reg ? pages.facts_register.source_key() : paper ? "desk_level_" + std::string(name_of(fact.level)) : "desk_level_said");
        if (const auto* known = fact.proved_by.empty() ? nullptr : package.form.paper(fact.proved_by))
            source += ": " + package.say(request.language, known->label).text;
        row.set("ANSWER_SOURCE", source);
    }
    data.show_if(remarks, "HAS_REMARKS");
}

/// Papers have categories like answers: a notice about health is not for every role.
bool may_open(const catalogue::Package& package, const CaseFile& file, const identity::Staff& who) {
    const auto* paper = package.form.paper(file.paper);
    return !paper || may_see(package.service, paper->category, who);
}

void put_files(const Pages& pages, const web::Request& request, Data& data, const Case& c, const catalogue::Package& package,
               const Preparation& prepared, const identity::Staff& who) {
    const auto base = desk_case_path(request, c.number);
    for (const auto& file : c.files) {
        const auto* paper = package.form.paper(file.paper);
        auto& row = data.add("PAPERS");
        row.set("PAPER_NAME", paper ? package.say(request.language, paper->label).text : file.paper)
            .set("PAPER_FOR", need_label(package, prepared.evaluation, file.need, request.language, pages.say(request, "apply_or")))
            .set("PAPER_FILE", file.name)
            .set("PAPER_WHEN", language::format_moment(request.language, file.received))
            .set("PAPER_STATE", pages.say(request, "file_" + file.state))
            .set("PAPER_VIEW", base + "/view/" + std::to_string(file.attachment))
            .set("PAPER_ACTION", base + "/papers/" + std::to_string(file.id))
            .set("PAPER_ID", file.id)
            .set("PAPER_PAGES", pages.texts.get_n(request.language, "desk_pages", file.pages))
            .set("PAPER_ALT", pages.say(request, "desk_page_of_file", {{"page", "1"}, {"name", file.name}}));
        if (!file.refused_why.empty()) row.add("PAPER_WHY").set("REFUSED_WHY", file.refused_why);
        const bool open_to_her = may_open(package, file, who);
        const bool again = file.state == "checked" && c.application.corrected;  // it may have been misread
        row.show_if(open_to_her && (file.state == "new" || again) && c.state != State::decided && !c.withdrawn, "PAPER_OPEN").show_if(!open_to_her, "PAPER_SHUT");
        auto& shown = open_to_her ? row.add("PAPER_SHOWN") : row;
        shown.show(file.type == "application/pdf" ? "PAPER_PDF" : "PAPER_IMAGE").set("PAPER_BYTES", base + "/files/" + std::to_string(file.attachment));
    }
    data.show_if(!c.files.empty(), "HAS_PAPERS").show_if(c.files.empty(), "NO_PAPERS");
}

void put_missing(const Pages& pages, const web::Request& request, Data& data, const Case& c, const catalogue::Package& package,
                 const Preparation& prepared) {
    const auto asked = [&](const std::string& name) {
        return std::any_of(c.requests.begin(), c.requests.end(), [&](const casework::Request& r) {
            return !r.answered && (std::find(r.papers.begin(), r.papers.end(), name) != r.papers.end() ||
                                   std::find(r.answers.begin(), r.answers.end(), name) != r.answers.end());
        });
    };
    for (const auto& missing : prepared.missing_papers)
        data.add("MISSING")
            .set("MISSING_TEXT", need_label(package, prepared.evaluation, missing.name, request.language, pages.say(request, "apply_or")))
            .set("MISSING_STATE", pages.say(request, asked(missing.name) ? "desk_already_asked" : missing.later ? "desk_may_follow" : "desk_not_asked"));
    for (const auto& path : prepared.missing_answers)
        data.add("MISSING")
            .set("MISSING_TEXT", answer_label(package, prepared, path, request.language))
            .set("MISSING_STATE", pages.say(request, asked(path) ? "desk_already_asked" : "desk_not_asked"));
    const bool none = prepared.missing_papers.empty() && prepared.missing_answers.empty();
    data.show_if(none, "NOTHING_MISSING").show_if(!none, "HAS_MISSING");
    data.show_if(!c.requests.empty(), "HAS_REQUESTS").show_if(c.requests.empty() && none, "NO_REQUESTS");
    for (const auto& r : c.requests)
        data.add("REQUESTS").set("REQUEST_TEXT", pages.say(request, r.answered ? "desk_request_answered" : "desk_request_open",
                                                           {{"sent", language::format_date(request.language, local_day(r.sent))},
                                                            {"until", language::format_date(request.language, r.until)}}));
}

void put_ask_form(const Pages& pages, const web::Request& request, Data& data, const catalogue::Package& package,
                  const Preparation& prepared) {
    for (const auto& [need, indexes] : prepared.evaluation.needs) {
        std::string name = need->name;
        for (int index : indexes) name += "/" + std::to_string(index);
        data.add("ASK_PAPERS")
            .set("ASK_VALUE", name)
            .set("ASK_ID", "ask-" + replace_all(name, "/", "-"))
            .set("ASK_TEXT", need_label(package, prepared.evaluation, name, request.language, pages.say(request, "apply_or")));
    }
    std::chrono::year_month_day until{catalogue::add(local_day(pages.clock.now()), package.service.missing.within, pages.catalogue()->law().holidays(pages.catalogue()->city().state))};
    data.set("ASK_DAY", std::to_string(unsigned(until.day()))).set("ASK_MONTH", std::to_string(unsigned(until.month()))).set("ASK_YEAR", std::to_string(int(until.year())));
    for (const auto& asked : prepared.evaluation.visible)
        data.add("ASK_ANSWERS")
            .set("ASK_VALUE", asked.path)
            .set("ASK_ID", "ask-" + replace_all(replace_all(replace_all(asked.path, ".", "-"), "[", "-"), "]", ""))
            .set("ASK_TEXT", answer_label(package, prepared, asked.path, request.language));
    data.show_if(!prepared.evaluation.needs.empty(), "HAS_ASK_PAPERS");
}

/// Labels of answers that her role may not see: the reasons show the answers again.
std::set<std::string> shut_labels(const Pages& pages, const web::Request& request, const Case& c, const catalogue::Package& package,
                                  const Preparation& prepared, const identity::Staff& who) {
    std::set<std::string> labels;
    for (const auto& fact : pages.cases.facts(c))
        if (fact.question && !may_see(package.service, fact.question->category, who))
            labels.insert(render_text(package, fact.question->label, request.language, prepared));
    return labels;
}

void put_tree(const Pages& pages, const web::Request& request, Data& data, const std::vector<Explained>& tree,
              const std::set<std::string>& shut, int depth) {
    for (const auto& node : tree) {
        auto& row = data.add("WHY");
        row.set("WHY_TEXT", node.text).set("WHY_DEPTH", std::int64_t{std::min(depth, 4)});
        if (!node.value.empty() && node.text.find(node.value) == std::string::npos)
            row.add("WHY_HAS_VALUE").set("WHY_VALUE", shut.contains(node.text) ? pages.say(request, "desk_not_for_your_role") : node.value);
        if (!node.norm.empty()) {
            auto link = catalogue::norm_link(pages.catalogue()->law(), node.norm);
            auto& norm = row.add(link.empty() ? "WHY_HAS_NORM" : "WHY_NORM_LINKED");
            norm.set("WHY_NORM", catalogue::norm_text(node.norm));
            if (!link.empty()) norm.set("WHY_NORM_PATH", std::move(link));
        }
        if (!node.source.empty()) row.add("WHY_HAS_SOURCE").set("WHY_SOURCE", pages.say(request, "desk_level_" + node.source));
        put_tree(pages, request, data, node.parts, shut, depth + 1);
    }
}

void put_result(const Pages& pages, const web::Request& request, Data& data, const Case& c, const catalogue::Package& package,
                const Preparation& prepared, const identity::Staff& who) {
    auto rule = package.service.outcomes.find(prepared.outcome);
    const bool known = rule != package.service.outcomes.end();
    data.set("RESULT", !known ? pages.say(request, "desk_no_result")
                              : package.say(request.language, rule->second.title.empty() ? rule->second.task : rule->second.title).text);
    for (const auto& held : prepared.held_by) {
        auto args = held.args;
        if (auto path = args.find("path"); path != args.end()) path->second = answer_label(package, prepared, path->second, request.language);
        std::string text = pages.say(request, held.code == "fact" ? "desk_held_fact" : "held_" + held.code, desk_arguments(request, args));
        if (held.code == "look")
            if (auto reason = package.reasons.find(args["reason"]); reason != package.reasons.end())
                text += " " + render_text(package, reason->second.say, request.language, prepared);
        data.add("HELD").set("HELD_TEXT", text);
    }
    data.show_if(!prepared.held_by.empty(), "HAS_HELD").show_if(prepared.held_by.empty(), "NO_HELD");
    const auto shut = shut_labels(pages, request, c, package, prepared, who);
    data.show_if(shut.empty(), "TRACE_OPEN");
    put_tree(pages, request, data, pages.cases.explanation(c, request.language), shut, 0);
    if (!prepared.problem.empty()) data.add("PROBLEM").set("PROBLEM_TEXT", prepared.problem);
}

void put_notice(const Pages& pages, const web::Request& request, Data& data, const Case& c, const catalogue::Package& package,
                const Preparation& prepared, const identity::Staff& who) {
    auto saved = pages.cases.notice_draft(c.id);
    std::string outcome{request.query_value("outcome")};
    if (!package.service.outcomes.contains(outcome) || package.service.outcomes.at(outcome).letter.empty()) outcome = saved ? saved->first : prepared.outcome;
    auto rule = package.service.outcomes.find(outcome);
    if (rule == package.service.outcomes.end() || rule->second.letter.empty()) {
        for (const auto& [code, known] : package.service.outcomes)
            if (!known.letter.empty() && outcome != code) {
                outcome = code;
                break;
            }
    }
    const bool use_saved = saved && saved->first == outcome;
    const auto drafted = pages.cases.drafted_notice(c, outcome, c.language, who.name);
    data.set("NOTICE_OUTCOME", outcome);
    put_lines(data, "NOTICE_LINES", use_saved ? saved->second : to_editable(drafted.blocks));
    data.show_if(use_saved, "NOTICE_SAVED");
    for (const auto& problem : drafted.problems) data.add("NOTICE_PROBLEMS").set("PROBLEM_TEXT", problem);
    for (const auto& [code, known] : package.service.outcomes) {
        if (known.letter.empty()) continue;
        const auto base = desk_case_path(request, c.number);
        auto& button = data.add("OUTCOMES");
        button.set("OUTCOME", code)
            .set("OUTCOME_TEXT", package.say(request.language, known.title).text)
            .set("OUTCOME_LETTER", base + "?outcome=" + code + "#notice")
            .show_if(code == outcome, "OUTCOME_CHOSEN")
            .show_if(code == prepared.outcome, "OUTCOME_PREPARED");
    }
    data.set("NOTICE_LANGUAGE", language::own_name(c.language)).set("LETTER_LANG", drafted.in_german ? "de" : c.language);
}

void put_talk(const Pages& pages, const web::Request& request, Data& data, const Case& c) {
    for (const auto& message : c.messages) {
        auto& row = data.add("TALK");
        row.set("TALK_FROM", message.role == "applicant" ? (c.person_name.empty() ? pages.say(request, "desk_applicant") : c.person_name)
                              : message.author.empty()    ? pages.say(request, "message_program")
                                                          : message.author)
            .set("TALK_WHEN", language::format_moment(request.language, message.at));
        put_lines(row, "TALK_LINES", message.text);
    }
    for (const auto& note : c.notes) {
        auto& row = data.add("NOTES");
        row.set("NOTE_FROM", note.author).set("NOTE_WHEN", language::format_moment(request.language, note.at));
        put_lines(row, "NOTE_LINES", note.text);
    }
    for (auto entry = c.timeline.rbegin(); entry != c.timeline.rend(); ++entry) {
        data.add("EVENTS").set("EVENT_WHEN", language::format_moment(request.language, entry->at)).set("EVENT_TEXT", desk_event_text(pages, request, *entry));
    }
    data.show_if(!c.messages.empty(), "HAS_TALK").show_if(c.messages.empty(), "NO_TALK").show_if(!c.notes.empty(), "HAS_NOTES");
    for (const auto& other : pages.identity.all_staff())
        data.add("COLLEAGUES").set("COLLEAGUE", other.id).set("COLLEAGUE_NAME", other.name).show_if(other.id == c.assigned, "COLLEAGUE_CHOSEN");
    for (const auto& notice : c.notices) {
        auto& row = data.add("SENT_NOTICES");
        row.set("SENT_TITLE", notice.title).set("SENT_WHEN", language::format_moment(request.language, notice.at));
        row.set("SENT_BY", notice.automatic ? pages.say(request, "message_program") : notice.signed_by);
        row.set("SENT_PDF", desk_case_path(request, c.number) + "/notices/" + std::to_string(notice.number) + ".pdf");
        if (notice.under_review || notice.replaced_by != 0) row.add("SENT_STATE").set("SENT_STATE_TEXT", pages.say(request, notice.under_review ? "desk_sent_under_review" : "desk_sent_replaced"));
        if (!notice.rules.package_hash.empty()) row.add("SENT_RULES").set("SENT_RULES_TEXT", version_text(pages, request.language, notice.rules));
        if (notice.keeps == 0) row.add("SENT_REPLAY").set("REPLAY_PATH", desk_case_path(request, c.number) + "/replay/" + std::to_string(notice.number));
    }
    data.show_if(!c.notices.empty(), "HAS_SENT");
}

Response show_case(const Pages& pages, const web::Request& request, const identity::Staff& who) {
    auto c = open_for_staff(pages, request, who);
    if (!c) return pages.site.error(request, 404, "case_unknown");
    auto package = pages.cases.form_version(*c);
    const auto prepared = pages.cases.preparation(*c);
    auto data = pages.site.frame(request, c->number + " " + c->person_name);
    put_head(pages, request, data, *c, *package, who);
    put_missing(pages, request, data, *c, *package, prepared);
    put_answers(pages, request, data, *c, *package, prepared, who);
    put_files(pages, request, data, *c, *package, prepared, who);
    put_result(pages, request, data, *c, *package, prepared, who);
    put_what_if(pages, request, data, *c, prepared, who);
    put_talk(pages, request, data, *c);
    put_corrections(pages, request, data, *c, *package);
    const bool open = c->state != State::decided && !c->withdrawn;
    if (open) {
        auto& forms = data.add("OPEN");
        put_notice(pages, request, forms, *c, *package, prepared, who);
        put_ask_form(pages, request, forms, *package, prepared);
    }
    if (auto done = request.query_value("done"); !done.empty()) {
        const std::string key = "desk_done_" + std::string(done);
        if (pages.texts.has("de", key)) data.add("DONE").set("DONE_TEXT", pages.say(request, key));
    }
    return pages.site.render(request, "desk-case.html", data);
}

const CaseFile* file_of(const Pages& pages, const Case& c, const std::string& id, const identity::Staff& who) {
    for (const auto& file : c.files)
        if (std::to_string(file.attachment) == id) return may_open(*pages.cases.form_version(c), file, who) ? &file : nullptr;
    return nullptr;
}

Response show_bytes(const Pages& pages, const web::Request& request, const identity::Staff& who) {
    auto c = open_for_staff(pages, request, who);
    const auto* file = c ? file_of(pages, *c, request.parameters.at("file"), who) : nullptr;
    auto bytes = file ? pages.cases.file_bytes(c->id, file->attachment) : std::nullopt;
    if (!bytes) return pages.site.error(request, 404, "file_unknown");
    Response response;
    if (auto page = request.query_value("page"); !page.empty() && file->type == "application/pdf" && page.size() < 4 &&
                                                 page.find_first_not_of("0123456789") == std::string_view::npos) {
        response.body = documents::page_preview(*bytes, std::stoi(std::string(page)), 1000);
        response.type = "image/png";
    } else {
        response.body = std::move(*bytes);
        response.type = file->type;
    }
    return response;
}

/// The document in the page: a picture for each page, so that nothing of an uploaded file runs in a clerk's browser.
Response show_view(const Pages& pages, const web::Request& request, const identity::Staff& who) {
    auto c = open_for_staff(pages, request, who);
    const auto* file = c ? file_of(pages, *c, request.parameters.at("file"), who) : nullptr;
    if (!file) return pages.site.error(request, 404, "file_unknown");
    auto data = pages.site.frame(request, file->name);
    const auto base = desk_case_path(request, c->number);
    data.set("FILE_NAME", file->name).set("BASE", base).set("CASE_NUMBER", c->number).set("DOWNLOAD", base + "/files/" + std::to_string(file->attachment));
    const int pictures = file->type == "application/pdf" ? std::min(file->pages, 30) : 1;
    for (int i = 1; i <= pictures; ++i)
        data.add("PICTURES")
            .set("PICTURE", base + "/files/" + std::to_string(file->attachment) + (file->type == "application/pdf" ? "?page=" + std::to_string(i) : ""))
            .set("PICTURE_ALT", pages.say(request, "desk_page_of_file", {{"page", std::to_string(i)}, {"name", file->name}}));
    return pages.site.render(request, "desk-view.html", data);
}

/// Exactly what the resident sees: the same template and the same values, in a frame of its own.
Response show_resident(const Pages& pages, const web::Request& request, const identity::Staff& who) {
    auto c = open_for_staff(pages, request, who);
    if (!c) return pages.site.error(request, 404, "case_unknown");
    auto data = pages.site.frame(request, pages.say(request, "desk_as_resident"));
    put_case(pages, request, data, *c, desk_case_path(request, c->number), !c->subject.empty());
    data.show_if(c->messages.empty(), "NO_MESSAGES");
    return pages.site.render(request, "desk-resident.html", data);
}

Response show_notice_pdf(const Pages& pages, const web::Request& request, const identity::Staff& who) {
    auto c = open_for_staff(pages, request, who);
    auto name = request.parameters.at("notice");
    if (name.ends_with(".pdf")) name.resize(name.size() - 4);
    if (!c || name.empty() || name.size() > 9 || name.find_first_not_of("0123456789") != std::string::npos) return pages.site.error(request, 404, "case_unknown");
    return notice_pdf(pages, request, *c, std::stoll(name));
}

Response replay(const Pages& pages, const web::Request& request, const identity::Staff& who) {
    auto c = open_for_staff(pages, request, who);
    const auto& name = request.parameters.at("notice");
    if (!c || name.size() > 9 || name.find_first_not_of("0123456789") != std::string::npos) return pages.site.error(request, 404, "case_unknown");
    auto same = pages.cases.replay(c->id, std::stoll(name));
    auto data = pages.site.frame(request, pages.say(request, "desk_replay"));
    data.set("BASE", desk_case_path(request, c->number)).set("CASE_NUMBER", c->number);
    data.show(!same ? "REPLAY_GONE" : *same ? "REPLAY_SAME" : "REPLAY_DIFFERS");
    data.set("REPLAY_TEXT", pages.say(request, !same ? "desk_replay_gone" : *same ? "desk_replay_same" : "desk_replay_differs"));
    return pages.site.render(request, "desk-replay.html", data);
}

}  // namespace

std::vector<web::Route> desk_case_routes(const Pages& pages) {
    const std::string base = "/{lang}/desk/cases/{number}";
    return {{"GET", base, web::Kind::page, for_staff_only(pages, show_case)},
            {"GET", base + "/files/{file}", web::Kind::page, for_staff_only(pages, show_bytes)},
            {"GET", base + "/view/{file}", web::Kind::page, for_staff_only(pages, show_view)},
            {"GET", base + "/resident", web::Kind::page, for_staff_only(pages, show_resident)},
            {"GET", base + "/trace", web::Kind::page, for_staff_only(pages, show_trace)},
            {"GET", base + "/notices/{notice}", web::Kind::page, for_staff_only(pages, show_notice_pdf)},
            {"GET", base + "/replay/{notice}", web::Kind::page, for_staff_only(pages, replay)}};
}

}  // namespace kiepe::casework
