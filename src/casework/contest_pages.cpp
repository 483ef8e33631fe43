// "I do not agree": what a resident says against a decision, what this way can do and what it cannot, and the ways that keep the period.
#include <algorithm>

#include "base/date.h"
#include "base/id.h"
#include "base/text.h"
#include "casework/case_support.h"
#include "casework/cases_impl.h"
#include "casework/what_if_pages.h"
#include "catalogue/catalogue_pages.h"

namespace kiepe::casework {
namespace {

using web::Data;
using web::Response;

constexpr std::size_t kLongest = 4000;

const catalogue::Office& office_of(const catalogue::Catalogue& catalogue, const Case& c, const catalogue::Package& package) {
    const auto office = catalogue.city().offices.find(c.office);
    return office != catalogue.city().offices.end() ? office->second : catalogue.city().office_of(package.service.office_duty);
}

bool may_contest(const Case& c) {
    const Notice* notice = c.decision();
    return notice && may_contest(c, *notice);
}

/// VwGO section 70: an objection wants writing with a signature, an electronic form of VwVfG section 3a, or to be written down at the
/// office; section 81, 55a: so does an action. A message here is neither, and says so.
void put_ways(const Pages& pages, const web::Request& request, Data& data, const Seen& seen, const catalogue::Package& package) {
    const auto catalogue = pages.catalogue();
    const auto& office = office_of(*catalogue, seen.c, package);
    const std::string kind = package.service.remedy.kind;
    const std::string address = office.name + ", " + office.street + ", " + office.postcode + " " + office.place;
    const language::Arguments arguments{{"office", address}, {"court", office.remedy_court}, {"phone", office.phone}, {"norm", catalogue::norm_text(package.service.remedy.norm)}};
    for (const char* point : {"comes", "checks", "form"})
        data.add("CAN").set("CAN_TEXT", pages.say(request, "contest_can_" + std::string(point) + "_" + (kind.empty() ? "none" : kind), arguments));
    if (kind.empty()) return;
    // Fees and taxes stay due in spite of an objection or an action.
    if (!package.service.fee.decision.empty() && !decided_against(pages, seen.c)) data.add("CAN").set("CAN_TEXT", pages.say(request, "contest_can_pay"));
    auto& ways = data.add("WAYS");
    for (const char* way : {"letter", "spoken", "electronic"})
        ways.add("WAY").set("WAY_TITLE", pages.say(request, "contest_way_" + std::string(way))).set("WAY_TEXT", pages.say(request, "contest_" + std::string(way) + "_" + kind, arguments));
    if (kind == "objection") ways.add("LETTER").set("LETTER_PATH", seen.base + "/contest/letter");
    ways.set("TALK_TEXT", pages.say(request, "contest_talk", arguments));
}

void put_period(const Pages& pages, const web::Request& request, Data& data, const Case& c, const catalogue::Package& package) {
    const auto until = pages.cases.remedy_until(c);
    if (!until) return;
    const bool past = local_day(pages.clock.now()) > *until;
    data.add(past ? "PAST" : "UNTIL")
        .set("PERIOD_TEXT", pages.say(request, std::string(past ? "contest_past_" : "contest_until_") + package.service.remedy.kind,
                                      {{"date", language::format_weekday_date(request.language, *until)}, {"norm", catalogue::norm_text(package.service.remedy.norm)}}));
}

Response render(const Pages& pages, const web::Request& request, const Seen& seen, const std::string& typed, const std::string& key, const std::string& error) {
    const auto package = pages.cases.form_version(seen.c);
    auto data = pages.site.frame(request, pages.say(request, "contest_title"));
    data.set("BASE", seen.base)
        .set("CASE_NUMBER", seen.c.number)
        .set("ACTION", seen.base + "/contest")
        .set("KEY", key)
        .set("CONTEST_LEAD", pages.say(request, "contest_lead", {{"date", language::format_date(request.language, local_day(seen.c.decision()->at))}}));
    for (const auto& line : split(typed, '\n')) data.add("TYPED_LINES").set("LINE", line);
    put_period(pages, request, data, seen.c, *package);
    put_ways(pages, request, data, seen, *package);
    if (!error.empty()) {
        auto& section = data.add("ERRORS_SHOWN");
        section.set("ERROR_COUNT_TEXT", pages.texts.get_n(request.language, "errors_count", 1));
        section.add("ERRORS").set("ERROR_ID", "objection").set("ERROR_LINE", pages.say(request, error));
        data.add("FIELD_ERROR").set("ERROR_TEXT", pages.say(request, error));
    }
    return pages.site.render(request, "contest.html", data, error.empty() ? 200 : 422);
}

Response show(const Pages& pages, const web::Request& request) {
    const auto seen = open_case(pages, request);
    if (!seen) return no_case(pages, request);
    if (!may_contest(seen->c)) return web::redirect(seen->base);
    return render(pages, request, *seen, "", random_token(), "");
}

Response post(const Pages& pages, const web::Request& request) {
    const auto seen = open_case(pages, request);
    if (!seen) return no_case(pages, request);
    const std::string key(request.field("key").substr(0, 64));
    const std::string text = replace_all(std::string(trim(request.field("text"))), "\r\n", "\n");
    if (may_contest(seen->c) && (text.empty() || length_utf8(text) > kLongest))
        return render(pages, request, *seen, text, key, text.empty() ? "contest_empty" : "message_too_long");
    const auto done = pages.cases.contest(seen->c.id, text, key);
    if (!done) return pages.site.error(request, 409, done.error().code);
    return web::redirect(seen->base + "?done=contested#objections");
}

/// The objection as a letter to be signed: to print, with what was written here, or with lines to write on.
Response letter(const Pages& pages, const web::Request& request) {
    const auto seen = open_case(pages, request);
    if (!seen) return no_case(pages, request);
    const auto& c = seen->c;
    const Notice* notice = c.decision();
    const auto package = pages.cases.form_version(c);
    if (!notice || package->service.remedy.kind != "objection") return web::redirect(seen->base);  // an action is no letter to us
    const auto catalogue = pages.catalogue();
    const auto& office = office_of(*catalogue, c, *package);
    auto data = pages.site.frame(request, pages.say(request, "contest_letter_title"));
    data.set("BASE", seen->base)
        .set("OFFICE_NAME", office.name)
        .set("OFFICE_STREET", office.street)
        .set("OFFICE_PLACE", office.postcode + " " + office.place)
        .set("TODAY", language::format_date(request.language, local_day(pages.clock.now())))
        .set("SUBJECT", pages.say(request, "contest_letter_subject", {{"date", language::format_date(request.language, local_day(notice->at))}, {"number", c.number}}));
    for (const auto& line : recipient_of(c, *package))
        if (!line.empty()) data.add("SENDER").set("SENDER_LINE", line);
    const auto said = std::find_if(c.objections.begin(), c.objections.end(), [&](const auto& objection) { return objection.notice == notice->number; });
    if (said != c.objections.end())
        for (const auto& line : split(said->text, '\n')) data.add("TEXT_LINES").set("LINE", line);
    data.show_if(said == c.objections.end(), "BLANK");
    return pages.site.render(request, "contest-letter.html", data);
}

}  // namespace

std::vector<web::Route> contest_routes(const Pages& pages) {
    auto with = [pages](auto handler) { return [pages, handler](const web::Request& request) { return handler(pages, request); }; };
    std::vector<web::Route> routes;
    for (const std::string base : {"/{lang}/cases/{token}", "/{lang}/my/{number}"}) {
        routes.push_back({"GET", base + "/contest", web::Kind::page, with(show)});
        routes.push_back({"POST", base + "/contest", web::Kind::form, with(post)});
        routes.push_back({"GET", base + "/contest/letter", web::Kind::page, with(letter)});
    }
    return routes;
}

}  // namespace kiepe::casework
