// The desk: what is due first. The case of a clerk is in desk_case.cpp, her actions in desk_actions.cpp.
#include <algorithm>

#include "base/date.h"
#include "base/text.h"
#include "casework/desk_support.h"
#include "web/url.h"

namespace kiepe::casework {

using web::Data;

using web::Response;

web::Handler for_staff_only(const Pages& pages, DeskHandler handler) {
    return [pages, handler](const web::Request& request) {
        auto session = pages.session(request);
        if (!session || session->kind != identity::Session::Kind::staff) {
            const auto below = request.path.substr(std::min(request.path.size(), request.language.size() + 1));
            return web::redirect("/" + request.language + "/desk/sign-in" + (request.method == "GET" ? "?return=" + below : ""));
        }
        return handler(pages, request, *session->staff);
    };
}

std::string desk_case_path(const web::Request& request, const std::string& number) { return "/" + request.language + "/desk/cases/" + number; }

std::int64_t version_of(const web::Request& request) {
    const auto text = request.field("version");
    if (text.empty() || text.size() > 9 || text.find_first_not_of("0123456789") != std::string_view::npos) return 0;
    return std::stoll(std::string(text));
}

std::optional<Case> open_for_staff(const Pages& pages, const web::Request& request, const identity::Staff& who) {
    auto id = pages.cases.id_of(request.parameters.at("number"));
    if (!id) return std::nullopt;
    DeskFilter hers;
    hers.office = who.office;
    hers.words = request.parameters.at("number");
    const auto row = pages.cases.desk(hers);
    return pages.cases.for_staff(*id, who, row.empty() ? "access_other" : "access_task");
}

std::string light_of(const Case& c) {
    if (c.state == State::decided || c.withdrawn) return "done";
    if (!c.promise.running) return "hold";
    return c.promise.overdue ? "over" : c.promise.soon ? "now" : "ok";
}

namespace {

constexpr int kPageSize = 50;

std::string query_of(const web::Request& request, std::string_view name) { return std::string(request.query_value(name)); }

DeskFilter filter_of(const web::Request& request, const identity::Staff& who) {
    DeskFilter filter;
    filter.service = query_of(request, "service");
    filter.state = query_of(request, "state");
    filter.assigned = query_of(request, "assigned") == "me" ? who.id : "";
    filter.office = query_of(request, "office") == "all" ? "" : who.office;
    filter.words = std::string(trim(request.query_value("q")));
    if (auto order = query_of(request, "order"); order == "received" || order == "name") filter.order = order;
    const auto page = query_of(request, "page");
    if (!page.empty() && page.size() < 6 && page.find_first_not_of("0123456789") == std::string::npos) filter.page = std::max(1, std::stoi(page));
    filter.page_size = kPageSize;
    return filter;
}

/// The address with one filter changed: filters stay in it, so that a view can be bookmarked and sent to a colleague.
std::string with_filter(const web::Request& request, std::string_view name, std::string_view value) {
    std::string query;
    for (const char* key : {"service", "state", "assigned", "office", "q", "order", "page"}) {
        const std::string now = name == key ? std::string(value) : std::string_view(key) == "page" ? "" : query_of(request, key);
        if (!now.empty()) query += (query.empty() ? "?" : "&") + std::string(key) + "=" + web::percent_encode(now);
    }
    return "/" + request.language + "/desk" + query;
}

struct Choice {
    const char* name;
    const char* value;
    const char* text_key;
};

void put_filters(const Pages& pages, const web::Request& request, Data& data) {
    static constexpr Choice kChoices[] = {{"state", "", "desk_all_open"},           {"state", "in_review", "desk_to_check"},
                                          {"state", "waiting_for_applicant", "desk_waiting"}, {"state", "decided", "desk_decided"},
                                          {"assigned", "", "desk_everybody"},        {"assigned", "me", "desk_mine"},
                                          {"office", "", "desk_my_office"},          {"office", "all", "desk_all_offices"},
                                          {"order", "", "desk_by_due"},              {"order", "received", "desk_by_received"},
                                          {"order", "name", "desk_by_name"}};
    const char* group = "";
    Data* section = nullptr;
    for (const auto& choice : kChoices) {
        if (std::string_view(group) != choice.name) {
            group = choice.name;
            section = &data.add("FILTERS");
            section->set("FILTER_NAME", pages.say(request, "desk_filter_" + std::string(group)));
        }
        section->add("CHOICES")
            .set("CHOICE_PATH", with_filter(request, choice.name, choice.value))
            .set("CHOICE_TEXT", pages.say(request, choice.text_key))
            .show_if(query_of(request, choice.name) == choice.value, "CHOSEN");
    }
    auto& services = data.add("FILTERS");
    services.set("FILTER_NAME", pages.say(request, "desk_filter_service"));
    services.add("CHOICES").set("CHOICE_PATH", with_filter(request, "service", "")).set("CHOICE_TEXT", pages.say(request, "desk_all_services")).show_if(query_of(request, "service").empty(), "CHOSEN");
    for (const auto* package : pages.catalogue()->packages())
        services.add("CHOICES")
            .set("CHOICE_PATH", with_filter(request, "service", package->service.id))
            .set("CHOICE_TEXT", package->say(request.language, package->service.name).text)
            .show_if(query_of(request, "service") == package->service.id, "CHOSEN");
}

std::string row_light(const DeskRow& row, Day today) {
    if (row.state == "decided" || row.state == "withdrawn") return "done";
    if (row.waiting) return "hold";
    return row.overdue ? "over" : row.due <= today ? "now" : "ok";
}

void put_row(const Pages& pages, const web::Request& request, Data& data, const DeskRow& row, Day today) {
    auto catalogue = pages.catalogue();
    const auto* package = catalogue->package(row.service);
    const auto light = row_light(row, today);
    auto assigned = row.assigned.empty() ? std::nullopt : pages.identity.staff(row.assigned);
    auto& line = data.add("ROWS");
    line.set("ROW_PATH", desk_case_path(request, row.number))
        .set("ROW_NUMBER", row.number)
        .set("ROW_PERSON", row.person_name.empty() ? row.number : row.person_name)
        .set("ROW_SERVICE", package ? package->say(request.language, package->service.name).text : row.service)
        .set("ROW_LIGHT", light)
        .set("ROW_DUE", light == "hold" || light == "done" ? pages.say(request, "desk_light_" + light) : language::format_date_short(request.language, row.due))
        .set("ROW_LIGHT_TEXT", pages.say(request, "desk_light_" + light))
        .set("ROW_WHO", assigned ? assigned->name : pages.say(request, "desk_nobody"))
        .set("ROW_CHANNEL", pages.say(request, "channel_" + row.channel))
        .set("ROW_RECEIVED", language::format_date_short(request.language, local_day(row.received)));
    line.show_if(row.has_new, "ROW_NEW");
    if (!row.prepared_outcome.empty() && package)
        if (auto rule = package->service.outcomes.find(row.prepared_outcome); rule != package->service.outcomes.end())
            line.add("ROW_PREPARED").set("PREPARED_TEXT", package->say(request.language, rule->second.title.empty() ? rule->second.task : rule->second.title).text);
}

Response show_desk(const Pages& pages, const web::Request& request, const identity::Staff& who) {
    const auto filter = filter_of(request, who);
    const auto rows = pages.cases.desk(filter);
    const auto count = pages.cases.desk_count(filter);
    auto data = pages.site.frame(request, pages.say(request, "desk_nav_cases"));
    data.set("COUNT_TEXT", pages.texts.get_n(request.language, "desk_count", count));
    put_filters(pages, request, data);
    const auto today = local_day(pages.clock.now());
    for (const auto& row : rows) put_row(pages, request, data, row, today);
    data.show_if(!rows.empty(), "HAS_ROWS").show_if(rows.empty(), "NO_ROWS");
    if (!filter.words.empty()) {
        data.add("SEARCH_TEXT").set("SEARCH_VALUE", filter.words);
        data.add("SEARCHED").set("SEARCHED_TEXT", pages.say(request, "desk_searched", {{"words", filter.words}})).set("CLEAR_PATH", with_filter(request, "q", ""));
    }
    const auto last = int((count + kPageSize - 1) / kPageSize);
    if (last > 1) {
        auto& paging = data.add("PAGING");
        paging.set("PAGE_TEXT", pages.say(request, "page_of", {{"page", std::to_string(filter.page)}, {"pages", std::to_string(last)}}));
        if (filter.page > 1) paging.add("PAGE_PREVIOUS").set("PREVIOUS_PATH", with_filter(request, "page", std::to_string(filter.page - 1)));
        if (filter.page < last) paging.add("PAGE_NEXT").set("NEXT_PATH", with_filter(request, "page", std::to_string(filter.page + 1)));
    }
    return pages.site.render(request, "desk.html", data);
}

Response search(const Pages& pages, const web::Request& request, const identity::Staff&) {
    const std::string words{trim(request.query_value("q"))};
    if (auto id = pages.cases.id_of(words)) return web::redirect(desk_case_path(request, words));
    return web::redirect("/" + request.language + "/desk?office=all&q=" + web::percent_encode(words));
}

Response show_new(const Pages& pages, const web::Request& request, const identity::Staff&) {
    auto data = pages.site.frame(request, pages.say(request, "desk_nav_new"));
    for (const auto* package : pages.catalogue()->packages()) {
        if (package->form.pages.empty()) continue;
        data.add("SERVICES")
            .set("SERVICE_NAME", package->say(request.language, package->service.name).text)
            .set("BEGIN_PATH", "/" + request.language + "/services/" + package->service.id + "/begin");
    }
    return pages.site.render(request, "desk-new.html", data);
}

}  // namespace

std::vector<web::Route> desk_routes(const Pages& pages) {
    std::vector<web::Route> routes{{"GET", "/{lang}/desk", web::Kind::page, for_staff_only(pages, show_desk)},
                                   {"GET", "/{lang}/desk/search", web::Kind::page, for_staff_only(pages, search)},
                                   {"GET", "/{lang}/desk/new", web::Kind::page, for_staff_only(pages, show_new)}};
    for (auto* more : {desk_case_routes, desk_action_routes})
        for (auto& route : more(pages)) routes.push_back(std::move(route));
    return routes;
}

}  // namespace kiepe::casework
