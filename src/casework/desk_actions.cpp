// What a clerk does with a case. Each form carries the version that she saw; whoever is second is told and loses nothing.
#include <algorithm>

#include "base/date.h"
#include "base/text.h"
#include "casework/desk_support.h"

namespace kiepe::casework {

using web::Response;

namespace {

/// The desk's own words for a refusal, or else the house's text of the error.
std::string refusal_key(const Pages& pages, const std::string& code) {
    for (const auto& key : {"desk_refused_" + code, code})
        if (pages.texts.has("de", key)) return key;
    return "desk_refused_other";
}

}  // namespace

Response after_action(const Pages& pages, const web::Request& request, const Case& c, const Result<void>& done, std::string_view done_code) {
    const auto back = desk_case_path(request, c.number);
    if (done) return web::redirect(back + "?done=" + std::string(done_code));
    auto data = pages.site.frame(request, pages.say(request, "desk_changed_title"));
    const bool changed = done.error().code == "case_changed";
    data.set("BASE", back).set("CASE_NUMBER", c.number);
    data.set("CHANGED_TITLE", pages.say(request, changed ? "desk_changed_title" : "desk_refused_title"));
    data.set("CHANGED_TEXT", pages.say(request, changed ? "desk_changed_text" : refusal_key(pages, done.error().code)));
    if (!c.timeline.empty())
        data.add("LAST").set("LAST_TEXT", desk_event_text(pages, request, c.timeline.back())).set("LAST_WHEN", language::format_moment(request.language, c.timeline.back().at));
    if (auto typed = request.field("text"); !typed.empty()) put_lines(data.add("TYPED"), "TYPED_LINES", replace_all(std::string(typed), "\r\n", "\n"));
    return pages.site.render(request, "desk-changed.html", data, 409);
}

namespace {

std::optional<Case> acting_on(const Pages& pages, const web::Request& request, const identity::Staff& who) { return open_for_staff(pages, request, who); }

Response unknown(const Pages& pages, const web::Request& request) { return pages.site.error(request, 404, "case_unknown"); }

Response assign(const Pages& pages, const web::Request& request, const identity::Staff& who) {
    auto c = acting_on(pages, request, who);
    if (!c) return unknown(pages, request);
    std::string to{request.field("to")};
    if (to == "me") to = who.id;
    return after_action(pages, request, *c, pages.cases.assign(c->id, version_of(request), who, to), "assigned");
}

Response ask(const Pages& pages, const web::Request& request, const identity::Staff& who) {
    auto c = acting_on(pages, request, who);
    if (!c) return unknown(pages, request);
    std::vector<std::string> papers, answers;
    for (auto value : request.all("paper")) papers.emplace_back(value);
    for (auto value : request.all("answer")) answers.emplace_back(value);
    auto two = [](std::string_view text) { return text.size() == 1 ? "0" + std::string(text) : std::string(text); };
    auto until = parse_day(std::string(request.field("until-year")) + "-" + two(request.field("until-month")) + "-" + two(request.field("until-day")));
    const std::string text{trim(request.field("text"))};
    if (!until || *until <= local_day(pages.clock.now())) return after_action(pages, request, *c, Error{"until"}, "");
    if (papers.empty() && answers.empty() && text.empty()) return after_action(pages, request, *c, Error{"nothing_asked"}, "");
    return after_action(pages, request, *c, pages.cases.ask(c->id, version_of(request), who, answers, papers, *until, text), "asked");
}

Response reply(const Pages& pages, const web::Request& request, const identity::Staff& who) {
    auto c = acting_on(pages, request, who);
    if (!c) return unknown(pages, request);
    const std::string text{trim(request.field("text"))};
    if (text.empty()) return after_action(pages, request, *c, Error{"empty"}, "");
    return after_action(pages, request, *c, pages.cases.reply(c->id, version_of(request), who, text), "replied");
}

Response note(const Pages& pages, const web::Request& request, const identity::Staff& who) {
    auto c = acting_on(pages, request, who);
    if (!c) return unknown(pages, request);
    const std::string text{trim(request.field("text"))};
    if (text.empty()) return after_action(pages, request, *c, Error{"empty"}, "");
    return after_action(pages, request, *c, pages.cases.note(c->id, who, text), "noted");
}

Response check_paper(const Pages& pages, const web::Request& request, const identity::Staff& who) {
    auto c = acting_on(pages, request, who);
    const auto& file = request.parameters.at("file");
    if (!c || file.empty() || file.size() > 19 || file.find_first_not_of("0123456789") != std::string::npos) return unknown(pages, request);
    const bool good = request.field("verdict") == "good";
    const std::string why{trim(request.field("text"))};
    if (!good && why.empty()) return after_action(pages, request, *c, Error{"reason_missing"}, "");
    return after_action(pages, request, *c, pages.cases.check_paper(c->id, version_of(request), who, std::stoll(file), good, why), good ? "checked" : "refused");
}

/// Saves the text, or goes on to the page where the decision is confirmed: both keep what was written.
Response save_notice(const Pages& pages, const web::Request& request, const identity::Staff& who) {
    auto c = acting_on(pages, request, who);
    if (!c) return unknown(pages, request);
    const std::string outcome{request.field("outcome")};
    auto done = pages.cases.save_notice_draft(c->id, version_of(request), who, outcome, replace_all(std::string(request.field("text")), "\r\n", "\n"));
    if (done && request.field("go") == "decide") return web::redirect(desk_case_path(request, c->number) + "/decide/" + outcome);
    return after_action(pages, request, *c, done, "saved");
}

Response confirm(const Pages& pages, const web::Request& request, const identity::Staff& who) {
    auto c = acting_on(pages, request, who);
    if (!c) return unknown(pages, request);
    auto package = pages.cases.form_version(*c);
    const auto& outcome = request.parameters.at("outcome");
    auto rule = package->service.outcomes.find(outcome);
    if (rule == package->service.outcomes.end() || rule->second.letter.empty() || c->state == State::decided) return unknown(pages, request);
    auto saved = pages.cases.notice_draft(c->id);
    const std::string text = saved && saved->first == outcome ? saved->second : to_editable(pages.cases.drafted_notice(*c, outcome, c->language, who.name).blocks);
    auto data = pages.site.frame(request, pages.say(request, "desk_confirm_title"));
    data.set("BASE", desk_case_path(request, c->number))
        .set("CASE_NUMBER", c->number)
        .set("PERSON", c->person_name)
        .set("OUTCOME", outcome)
        .set("OUTCOME_TEXT", package->say(request.language, rule->second.title).text)
        .set("VERSION", std::int64_t{c->version})
        .set("DELIVERY", pages.say(request, "desk_way_" + c->delivery))
        .set("SIGNED_BY", who.name);
    data.set("LETTER_LANG", c->language);
    put_lines(data, "NOTICE_LINES", text);
    if (auto blocks = documents::parse_markdown(text)) {
        blocks->push_back(documents::paragraph(pages.cases.version_line(*c, c->language, false)));  // the house adds it to every notice
        put_blocks(data, *blocks);
    }
    if (!rule->second.hear_first.empty()) data.add("HEAR_FIRST").set("HEAR_NORM", rule->second.hear_first);
    const auto prepared = pages.cases.preparation(*c);
    if (prepared.outcome != outcome) data.show("AGAINST_RULES");
    if (!prepared.missing_answers.empty() || !prepared.missing_papers.empty()) data.show("STILL_MISSING");
    return pages.site.render(request, "desk-confirm.html", data);
}

Response decide(const Pages& pages, const web::Request& request, const identity::Staff& who) {
    auto c = acting_on(pages, request, who);
    if (!c) return unknown(pages, request);
    const auto text = replace_all(std::string(request.field("text")), "\r\n", "\n");
    return after_action(pages, request, *c, pages.cases.decide(c->id, version_of(request), who, request.parameters.at("outcome"), text), "decided");
}

Response show_print(const Pages& pages, const web::Request& request, const identity::Staff& who) {
    auto data = pages.site.frame(request, pages.say(request, "desk_nav_print"));
    const bool everywhere = request.query_value("office") == "all";
    const auto items = pages.cases.print_queue(false, everywhere ? "" : who.office);
    data.set("OTHER_PATH", "/" + request.language + "/desk/print" + (everywhere ? "" : "?office=all"))
        .set("OTHER_TEXT", pages.say(request, everywhere ? "desk_print_own" : "desk_print_all"));
    for (const auto& item : items) {
        data.add("ITEMS")
            .set("ITEM_NUMBER", item.number)
            .set("ITEM_PERSON", item.person_name)
            .set("ITEM_TITLE", item.title)
            .set("ITEM_WAY", pages.say(request, "desk_way_" + item.delivery))
            .set("ITEM_WHEN", language::format_moment(request.language, item.at))
            .set("ITEM_PDF", desk_case_path(request, item.number) + "/notices/" + std::to_string(item.notice) + ".pdf")
            .set("ITEM_CASE", desk_case_path(request, item.number))
            .set("ITEM_ACTION", desk_case_path(request, item.number) + "/printed/" + std::to_string(item.notice));
    }
    data.show_if(!items.empty(), "HAS_ITEMS").show_if(items.empty(), "NO_ITEMS");
    return pages.site.render(request, "desk-print.html", data);
}

Response printed(const Pages& pages, const web::Request& request, const identity::Staff& who) {
    auto id = pages.cases.id_of(request.parameters.at("number"));
    const auto& notice = request.parameters.at("notice");
    if (!id || notice.empty() || notice.size() > 9 || notice.find_first_not_of("0123456789") != std::string::npos) return unknown(pages, request);
    auto done = pages.cases.printed(*id, std::stoll(notice), who);
    if (!done) return pages.site.error(request, 409, done.error().code);
    return web::redirect("/" + request.language + "/desk/print");
}

}  // namespace

std::vector<web::Route> desk_action_routes(const Pages& pages) {
    const std::string base = "/{lang}/desk/cases/{number}";
    return {{"POST", base + "/assign", web::Kind::form, for_staff_only(pages, assign)},
            {"POST", base + "/ask", web::Kind::form, for_staff_only(pages, ask)},
            {"POST", base + "/reply", web::Kind::form, for_staff_only(pages, reply)},
            {"POST", base + "/note", web::Kind::form, for_staff_only(pages, note)},
            {"POST", base + "/papers/{file}", web::Kind::form, for_staff_only(pages, check_paper)},
            {"POST", base + "/notice", web::Kind::form, for_staff_only(pages, save_notice)},
            {"GET", base + "/decide/{outcome}", web::Kind::page, for_staff_only(pages, confirm)},
            {"POST", base + "/decide/{outcome}", web::Kind::form, for_staff_only(pages, decide)},
            {"POST", base + "/printed/{notice}", web::Kind::form, for_staff_only(pages, printed)},
            {"GET", "/{lang}/desk/print", web::Kind::page, for_staff_only(pages, show_print)}};
}

}  // namespace kiepe::casework
