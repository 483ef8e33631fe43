// A decided case at the desk: what the person said against it, opening it again, or telling her that the decision stays.
#include "base/date.h"
#include "base/text.h"
#include "casework/desk_support.h"

namespace kiepe::casework {
namespace {

using web::Data;
using web::Response;

void put_objections(const Pages& pages, const web::Request& request, Data& data, const Case& c) {
    for (const auto& objection : c.objections) {
        auto& row = data.add("OBJECTIONS");
        row.set("OBJECTION_TITLE", pages.say(request, "desk_objection_received", {{"when", language::format_moment(request.language, objection.received)}}))
            .set("OBJECTION_STATE", pages.say(request, "desk_objection_" + (objection.answer.empty() ? "open" : objection.answer)));
        if (objection.late && objection.until)
            row.add("OBJECTION_LATE").set("LATE_TEXT", pages.say(request, "desk_objection_late", {{"date", language::format_date(request.language, *objection.until)}}));
        put_lines(row, "OBJECTION_LINES", objection.text);
    }
}

void put_opened(const Pages& pages, const web::Request& request, Data& data, const Case& c) {
    for (const auto& correction : c.corrections)
        data.add("CORRECTIONS")
            .set("CORRECTION_KIND", pages.say(request, "correction_" + correction.kind))
            .set("CORRECTION_WHY", correction.text)
            .set("CORRECTION_WHO", correction.author)
            .set("CORRECTION_WHEN", language::format_moment(request.language, correction.at));
}

Response reopen(const Pages& pages, const web::Request& request, const identity::Staff& who) {
    const auto c = open_for_staff(pages, request, who);
    if (!c) return pages.site.error(request, 404, "case_unknown");
    const std::string kind(request.field("reason")), why(trim(request.field("text")));
    if (kind.empty() || why.empty()) return after_action(pages, request, *c, Error{"reopen_incomplete"}, "");
    return after_action(pages, request, *c, pages.cases.reopen(c->id, version_of(request), who, kind, why), "reopened");
}

Response keep(const Pages& pages, const web::Request& request, const identity::Staff& who) {
    const auto c = open_for_staff(pages, request, who);
    if (!c) return pages.site.error(request, 404, "case_unknown");
    const auto text = replace_all(std::string(trim(request.field("text"))), "\r\n", "\n");
    if (text.empty()) return after_action(pages, request, *c, Error{"keep_empty"}, "");
    return after_action(pages, request, *c, pages.cases.keep(c->id, version_of(request), who, text), "kept");
}

}  // namespace

void put_corrections(const Pages& pages, const web::Request& request, Data& data, const Case& c, const catalogue::Package& package) {
    if (c.notices.empty()) return;
    data.show_if(c.contested() != nullptr, "CONTESTED");
    auto& card = data.add("CORRECT");
    put_objections(pages, request, card, c);
    put_opened(pages, request, card, c);
    card.show_if(c.state != State::decided && !c.withdrawn, "BEING_CORRECTED");
    if (c.state != State::decided) return;
    const bool objection = package.service.remedy.kind == "objection";
    auto& form = card.add("REOPEN");
    form.show_if(objection, "LAW_OBJECTION");  // JustG NRW section 110: most matters know none
    for (const auto kind : kCorrectionKinds) {
        const std::string name(kind);
        form.add("KINDS").set("KIND", name).set("KIND_TEXT", pages.say(request, "correction_" + name)).set("KIND_HELP", pages.say(request, "correction_" + name + "_help"));
    }
    if (!c.contested()) return;
    card.add("KEEP").set("KEEP_HELP", pages.say(request, std::string("desk_keep_help_") + (objection ? "objection" : "action")));
}

std::vector<web::Route> desk_correction_routes(const Pages& pages) {
    const std::string base = "/{lang}/desk/cases/{number}";
    return {{"POST", base + "/reopen", web::Kind::form, for_staff_only(pages, reopen)},
            {"POST", base + "/keep", web::Kind::form, for_staff_only(pages, keep)}};
}

}  // namespace kiepe::casework
