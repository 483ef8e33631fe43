// "Warum?": the resident's page from the result to its reasons, to the steps, to answers and law. The switch "Einfach erklärt" says
// the sentences in plain German where there are some.
#include <algorithm>

#include "base/date.h"
#include "base/text.h"
#include "casework/case_support.h"
#include "casework/what_if_pages.h"
#include "casework/why.h"
#include "catalogue/catalogue_pages.h"
#include "web/url.h"

namespace kiepe::casework {
namespace {

using web::Data;
using web::Response;

constexpr const char* kPlain = "de-simple";

struct Page {
    const Pages& pages;
    const web::Request& request;
    const Seen& seen;
    const Considered& considered;
    bool plain = false;
    bool some_german = false;

    std::string say(std::string_view key, const language::Arguments& arguments = {}) const { return pages.say(request, key, arguments); }

    void put_norm(Data& row, const std::string& norm, const std::string& link) const {
        if (norm.empty()) return;
        auto& shown = row.add(link.empty() ? "NORM_ONLY" : "NORM_LINKED");
        shown.set("NORM", catalogue::norm_text(norm));
        if (!link.empty()) shown.set("NORM_PATH", link);
    }

    void put_fact(Data& row, const WhyFact& fact) const {
        const bool reg = fact.level == Level::registered, paper = fact.level == Level::document || fact.level == Level::checked;
        row.set("FACT_LABEL", fact.label)
            .set("FACT_TEXT", fact.value)
            .set("FACT_ICON", reg ? "lock" : paper ? "paper" : "pen")
            .set("FACT_FROM", say(reg ? pages.facts_register.source_key() : "level_" + std::string(name_of(fact.level))))
            .set("CORRECT_PATH", seen.base + "?about=" + web::percent_encode(fact.path) + "#message");
    }

    void put_parameter(Data& row, const WhyParameter& parameter) const {
        row.set("LAW_ABOUT", parameter.about)
            .set("LAW_VALUE", parameter.value)
            .set("LAW_SINCE", say("why_law_since", {{"date", language::format_date(request.language, parameter.since)}, {"source", parameter.published}}));
        if (parameter.norm.empty()) return;
        auto& shown = row.add(parameter.link.empty() ? "LAW_PLAIN" : "LAW_LINKED");
        shown.set("LAW_NORM", catalogue::norm_text(parameter.norm));
        if (!parameter.link.empty()) shown.set("LAW_PATH", parameter.link);
    }

    /// A line and what is below it, as entries that open and close: the depth of the tree is the package's own.
    void put_line(Data& group, const WhyLine& line, bool open) {
        const bool below = !line.facts.empty() || !line.parameters.empty() || !line.parts.empty();
        auto& row = group.add("NODES").add("NODE_BEGINS");
        row.set("SENTENCE", line.text);
        const bool foreign = line.in_german && (plain || request.language != "de");
        some_german = some_german || foreign;
        row.show_if(foreign && plain, "STILL_HARD").show_if(foreign && !plain, "STILL_GERMAN").set("SENTENCE_LANG", line.in_german ? "de" : plain ? "de" : request.language);
        put_norm(row, line.norm, line.link);
        if (!line.what_now.empty()) row.add("NOW").set("WHAT_NOW", line.what_now);
        row.show_if(line.again, "AGAIN");
        if (below) {
            auto& more = row.add("MORE");
            more.show_if(open, "MORE_OPEN").show_if(!line.facts.empty(), "HAS_USED").show_if(!line.parameters.empty(), "HAS_LAW").show_if(!line.parts.empty(), "HAS_PARTS");
            for (const auto& fact : line.facts) put_fact(more.add("USED"), fact);
            for (const auto& parameter : line.parameters) put_parameter(more.add("LAW"), parameter);
        }
        for (const auto& part : line.parts) put_line(group, part, false);
        auto& end = group.add("NODES").add("NODE_ENDS");
        if (below) end.add("MORE_ENDS").show_if(!line.parts.empty(), "PARTS_END");
    }

    void put_group(Data& data, const char* title, const char* text, const std::vector<WhyLine>& lines, bool open) {
        if (lines.empty()) return;
        auto& group = data.add("GROUPS");
        group.set("GROUP_TITLE", say(title)).set("GROUP_TEXT", say(text));
        for (const auto& line : lines) put_line(group, line, open);
    }

    void put_result(Data& data) const {
        const auto& outcome = considered.decided ? considered.outcome : considered.preparation.outcome;
        if (!considered.decided) {
            const auto& notices = seen.c.notices;
            const bool reopened = std::any_of(notices.begin(), notices.end(), [](const Notice& notice) { return notice.under_review; });
            data.set("RESULT_TITLE", say(reopened ? "why_reopened_title" : "why_open_title"));
            const bool complete = considered.preparation.missing_answers.empty() && !considered.preparation.outcome.empty();
            data.add("RESULT_LINES").set("RESULT_LINE", say(!complete ? "why_open_missing" : reopened ? "why_reopened_text" : "why_open_text"));
            return;
        }
        const auto rule = considered.package->service.outcomes.find(outcome);
        const auto title = rule == considered.package->service.outcomes.end() ? outcome : considered.package->say(request.language, rule->second.title).text;
        data.set("RESULT_TITLE", title);
        const auto& notice = *seen.c.decision();
        data.add("RESULT_LINES").set("RESULT_LINE", say(notice.automatic ? "why_by_machine" : "why_by_person",
                                                        {{"date", language::format_date(request.language, local_day(notice.at))}, {"name", notice.signed_by}}));
        if (outcome != considered.preparation.outcome) data.add("RESULT_LINES").set("RESULT_LINE", say("why_person_differs"));
    }

    /// Where the law changed within the time that is granted for, each part has its own result.
    void put_periods(Data& data) const {
        const auto& results = considered.package->service.decision_results;
        if (considered.preparation.periods.size() < 2 || results.empty()) return;
        auto& shown = data.add("HAS_PERIODS");
        for (const auto& period : considered.preparation.periods) {
            const auto value = period.values.find(results.begin()->first);
            if (value == period.values.end() || !value->second.is_number()) continue;
            shown.add("PERIODS")
                .set("PERIOD", say("why_period", {{"from", language::format_date(request.language, period.from)}, {"to", language::format_date(request.language, period.to)}}))
                .set("PERIOD_VALUE", results.begin()->second == "money" ? language::format_money(request.language, value->second.as_number())
                                                                        : language::format_number(request.language, value->second.as_number()));
        }
    }

    Response show() {
        auto data = pages.site.frame(request, say("why_title"));
        const auto& package = *considered.package;
        // What a person decided counts, not what the rules proposed: after a refusal nobody reads until when the permit is valid.
        auto preparation = considered.preparation;
        if (considered.decided) preparation.outcome = considered.outcome;
        const bool as_proposed = preparation.outcome == considered.preparation.outcome && !preparation.outcome.empty();
        const auto told = why(package, *considered.law, preparation, considered.application, plain ? kPlain : request.language);
        data.set("SERVICE_NAME", package.say(request.language, package.service.name).text)
            .set("CASE_NUMBER", seen.c.number)
            .set("CASE_PATH", seen.base)
            .set("MESSAGE_PATH", seen.base + "#message")
            .set("RULES_PATH", "/" + request.language + "/services/" + package.service.id + "/rules")
            .set("RULES_VERSION", say("why_version", {{"version", package.service.version}, {"hash", considered.preparation.package_hash.substr(0, 12)},
                                                      {"day", language::format_date(request.language, considered.preparation.law_day)}}));
        put_result(data);
        const auto* notice = seen.c.decision();
        if (notice && may_contest(seen.c, *notice)) {
            data.add("CONTEST").set("CONTEST_PATH", seen.base + "/contest");
            if (decided_against(pages, seen.c)) data.add("WHAT_IF").set("WHAT_IF_PATH", seen.base + "/what-if");
        }
        put_group(data, "why_against", "why_against_text", told.reasons, true);
        put_group(data, "why_look", "why_look_text", told.looks, true);
        put_group(data, "why_steps", "why_steps_text", told.steps, told.reasons.empty());
        if (!told.facts.empty()) {
            auto& all = data.add("ALL_FACTS");
            all.set("ALL_TITLE", say(told.looks.empty() && as_proposed ? "why_nothing_against" : "why_all_facts"));
            for (const auto& fact : told.facts) put_fact(all.add("USED"), fact);
        }
        put_periods(data);
        if (request.language == "de") data.add(plain ? "SWITCH_OFF" : "SWITCH_ON").set("SWITCH_PATH", seen.base + (plain ? "/why" : "/why?plain=1"));
        data.show_if(some_german, "SOME_GERMAN").show_if(some_german && plain, "SOME_HARD").show_if(some_german && !plain, "SOME_FOREIGN");
        data.show_if(told.reasons.empty() && told.looks.empty() && told.steps.empty() && told.facts.empty(), "NOTHING_YET");
        return pages.site.render(request, "why.html", data);
    }
};

Response show_why(const Pages& pages, const web::Request& request) {
    const auto seen = open_case(pages, request);
    if (!seen) return no_case(pages, request);
    // The reasons of a decision are the notice once more: who holds the link has not proved who she is.
    if (!seen->c.notices.empty() && !seen->proved) return pages.site.error(request, 403, "notice_needs_sign_in");
    const auto considered = pages.cases.considered(seen->c);
    if (!considered) return pages.site.error(request, 404, "service_unknown");
    Page page{pages, request, *seen, *considered, request.language == "de" && request.query_value("plain") == "1"};
    return page.show();
}

}  // namespace

std::vector<web::Route> why_routes(const Pages& pages) {
    std::vector<web::Route> routes;
    for (const std::string base : {"/{lang}/cases/{token}", "/{lang}/my/{number}"})
        routes.push_back({"GET", base + "/why", web::Kind::page, [pages](const web::Request& request) { return show_why(pages, request); }});
    return routes;
}

}  // namespace kiepe::casework
