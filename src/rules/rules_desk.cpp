// Overview of the rules, and decisions that late law reaches.
#include "rules/rules_desk.h"

#include <algorithm>

#include "base/date.h"
#include "rules/proposals.h"
#include "rules/reform_view.h"

namespace kiepe::rules {

using web::Data;
using web::Request;
using web::Response;

web::Handler for_rules(const Pages& pages, RulesHandler handler) {
    return [pages, handler](const Request& request) {
        const auto who = pages.staff(request);
        if (!who) {
            const auto below = request.path.substr(std::min(request.path.size(), request.language.size() + 1));
            return web::redirect("/" + request.language + "/desk/sign-in" + (request.method == "GET" ? "?return=" + below : ""));
        }
        if (!(request.method == "POST" ? may_propose_rules(*who) : may_see_rules(*who))) return pages.site.error(request, 403, "rules_not_for_you");
        return handler(pages, request, *who);
    };
}

std::string service_name(const Pages& pages, const Request& request, const std::string& service) {
    const auto catalogue = pages.catalogue();
    const auto* package = catalogue->package(service);
    return package ? package->say(request.language, package->service.name).text : service;
}

/// Services that decide something.
std::vector<const catalogue::Package*> deciding(const catalogue::Catalogue& catalogue) {
    std::vector<const catalogue::Package*> all;
    for (const auto* package : catalogue.packages())
        if (package->model && !package->form.pages.empty()) all.push_back(package);
    return all;
}

Response show_overview(const Pages& pages, const Request& request, const identity::Staff&) {
    auto data = pages.site.frame(request, pages.say(request, "rules_nav"));
    const auto catalogue = pages.catalogue();
    for (const auto* package : deciding(*catalogue))
        data.add("SERVICES")
            .set("SERVICE_NAME", package->say(request.language, package->service.name).text)
            .set("SERVICE_RULES", "/" + request.language + "/services/" + package->service.id + "/rules");
    Proposals proposals(pages.database);
    const auto count = std::int64_t(proposals.newest().size());
    std::int64_t late = 0;
    for (const auto& row : proposals.late_law())
        for (const auto& change : row.late.changes) late += std::int64_t(change.cases.size());
    data.set("REFORM_PATH", "/" + request.language + "/desk/reform")
        .set("REFORM_COUNT", pages.texts.get_n(request.language, "reform_count", count))
        .set("LATE_PATH", "/" + request.language + "/desk/late-law")
        .set("LATE_COUNT", late == 0 ? pages.say(request, "late_count_none") : pages.texts.get_n(request.language, "late_count", late))
        .set("REGISTER_PATH", "/" + request.language + "/algorithms");
    return pages.site.render(request, "rules-desk.html", data);
}

namespace {

void put_late(const Pages& pages, const Request& request, Data& data, const LateChange& change, bool named) {
    const auto& parameter = change.parameter;
    auto& row = data.add("CHANGES");
    row.set("CHANGE_NAME", parameter.about.empty() ? parameter.parameter : parameter.about)
        .set("CHANGE_CODE", parameter.act + "." + parameter.parameter)
        .set("CHANGE_NORM", parameter.norm)
        .set("CHANGE_SERVICE", service_name(pages, request, change.service))
        .set("CHANGE_BEFORE", value_text(pages.texts, request.language, parameter.before))
        .set("CHANGE_AFTER", value_text(pages.texts, request.language, parameter.after))
        .set("CHANGE_FROM", parameter.source.empty() ? pages.say(request, "reform_no_value") : language::format_date(request.language, parameter.from))
        .set("CHANGE_SOURCE", parameter.source.empty() ? pages.say(request, "reform_no_value") : parameter.source)
        .set("CHANGE_USED", pages.texts.get_n(request.language, "late_used", change.used));
    std::int64_t counts[3] = {0, 0, 0};
    for (const auto& each : change.cases) ++counts[int(each.effect)];
    auto text = [&](int index) { return language::format_number(request.language, counts[index]); };
    row.set("CHANGE_HEADLINE", change.cases.empty() ? pages.say(request, "late_headline_none")
                                                    : pages.texts.get_n(request.language, "late_headline", std::int64_t(change.cases.size()),
                                                                        {{"gain", text(0)}, {"lose", text(1)}, {"differ", text(2)}}));
    if (change.cases.empty() || !named) return;
    auto& cases = row.add("CASES_SHOWN");
    for (const auto& each : change.cases)
        cases.add("CASES")
            .set("CASE_NUMBER", each.number)
            .set("CASE_PATH", "/" + request.language + "/desk/cases/" + each.number)
            .set("CASE_DAY", language::format_date_short(request.language, each.law_day))
            .set("CASE_EFFECT", pages.say(request, "reform_effect_" + std::string(name_of(each.effect))));
}

}  // namespace

Response show_late_law(const Pages& pages, const Request& request, const identity::Staff& who) {
    auto data = pages.site.frame(request, pages.say(request, "late_title"));
    const auto rows = Proposals(pages.database).late_law();
    std::optional<Moment> computed;
    bool any = false;
    std::int64_t gone = 0;
    for (const auto& row : rows) {
        computed = std::max(computed.value_or(row.computed), row.computed);
        gone += row.late.gone;
        for (const auto& change : row.late.changes) {
            any = true;
            put_late(pages, request, data, change, casework::may_read_cases(who));
        }
    }
    data.set("COMPUTED_TEXT", computed ? pages.say(request, "late_computed", {{"when", language::format_moment(request.language, *computed)}})
                                       : pages.say(request, "late_not_yet"));
    data.show_if(!any, "NOTHING").show_if(any, "SOMETHING");
    if (gone > 0) data.add("GONE").set("GONE_TEXT", pages.texts.get_n(request.language, "late_gone", gone));
    return pages.site.render(request, "late-law.html", data);
}

}  // namespace kiepe::rules
