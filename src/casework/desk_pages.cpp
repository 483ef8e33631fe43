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
        const auto& who = *session->staff;
        if (!(request.method == "POST" ? may_act_on_cases(who) : may_read_cases(who))) return pages.site.error(request, 403, "not_for_your_role");
        return handler(pages, request, who);
    };
}

std::string desk_case_path(const web::Request& request, const std::string& number) { return "/" + request.language + "/desk/cases/" + number; }

std::int64_t version_of(const web::Request& request) {
    const auto text = request.field("version");
    if (text.empty() || text.size() > 9 || text.find_first_not_of("0123456789") != std::string_view::npos) return 0;
    return std::stoll(std::string(text));
}

std::optional<Case> case_for_staff(Cases& cases, const std::string& number, const identity::Staff& who) {
    auto id = cases.id_of(number);
    if (!id) return std::nullopt;
    DeskFilter hers;
    hers.office = who.office;
    hers.words = number;
    bool of_her_office = false;
    for (const char* state : {"open", "closed"}) {
        hers.state = state;
        of_her_office = of_her_office || cases.desk_count(hers) > 0;
    }
    return cases.for_staff(*id, who, of_her_office ? "access_task" : "access_other");
}

std::optional<Case> open_for_staff(const Pages& pages, const web::Request& request, const identity::Staff& who) {
    return case_for_staff(pages.cases, request.parameters.at("number"), who);
}

std::string light_of(const Case& c) {
    if ((c.state == State::decided && !c.contested()) || c.withdrawn) return "done";
    if (!c.promise.running) return "hold";
    return c.promise.overdue ? "over" : c.promise.soon ? "now" : "ok";
}

language::Arguments desk_arguments(const web::Request& request, const std::map<std::string, std::string>& args) {
    language::Arguments arguments;
    for (const auto& [name, value] : args) {
        auto day = parse_day(value);
        arguments.emplace_back(name, day ? language::format_date(request.language, *day) : value);
    }
    return arguments;
}

void put_lines(Data& data, const std::string& name, std::string_view text) {
    for (const auto& line : split(text, '\n')) data.add(name).set("LINE", std::string(line));
}

std::string desk_event_text(const Pages& pages, const web::Request& request, const TimelineEntry& entry) {
    const std::string key = "desk_event_" + entry.code;
    return pages.say(request, pages.texts.has("de", key) ? key : "event_" + entry.code, desk_arguments(request, entry.args));
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

void put_choice(const web::Request& request, Data& filter, std::string_view name, std::string_view value, const std::string& text) {
    const bool chosen = query_of(request, name) == value;
    filter.add("CHOICES").set("CHOICE_PATH", with_filter(request, name, value)).set("CHOICE_TEXT", text).show_if(chosen, "CHOSEN");
    if (chosen) filter.set("FILTER_CHOSEN", text).show_if(!value.empty(), "FILTER_SET");
}

void put_tabs(const Pages& pages, const web::Request& request, Data& data) {
    static constexpr Choice kTabs[] = {{"state", "", "desk_all_open"}, {"state", "in_review", "desk_to_check"},
                                       {"state", "waiting_for_applicant", "desk_waiting"}, {"state", "decided", "desk_decided"}};
    for (const auto& tab : kTabs)
        data.add("TABS").set("TAB_PATH", with_filter(request, tab.name, tab.value)).set("TAB_TEXT", pages.say(request, tab.text_key)).show_if(query_of(request, tab.name) == tab.value, "TAB_NOW");
}

void put_filters(const Pages& pages, const web::Request& request, Data& data) {
    static constexpr Choice kChoices[] = {{"assigned", "", "desk_everybody"}, {"assigned", "me", "desk_mine"},
                                          {"office", "", "desk_my_office"},   {"office", "all", "desk_all_offices"},
                                          {"order", "", "desk_by_due"},       {"order", "received", "desk_by_received"},
                                          {"order", "name", "desk_by_name"}};
    put_tabs(pages, request, data);
    auto& services = data.add("FILTERS");
    services.set("FILTER_NAME", pages.say(request, "desk_filter_service")).set("FILTER_CHOSEN", query_of(request, "service"));
    put_choice(request, services, "service", "", pages.say(request, "desk_all_services"));
    auto catalogue = pages.catalogue();
    for (const auto* package : catalogue->packages())
        put_choice(request, services, "service", package->service.id, package->say(request.language, package->service.name).text);
    std::string_view group;
    Data* filter = nullptr;
    for (const auto& choice : kChoices) {
        if (group != choice.name) {
            group = choice.name;
            filter = &data.add("FILTERS");
            filter->set("FILTER_NAME", pages.say(request, "desk_filter_" + std::string(group))).set("FILTER_CHOSEN", query_of(request, group));
        }
        put_choice(request, *filter, choice.name, choice.value, pages.say(request, choice.text_key));
    }
}

std::string row_light(const DeskRow& row, Day today) {
    if ((row.state == "decided" && !row.contested) || row.state == "withdrawn") return "done";
    if (row.waiting) return "hold";
    return row.overdue ? "over" : row.due <= today ? "now" : "ok";
}

void put_row(const Pages& pages, const web::Request& request, Data& group, const DeskRow& row, Day today) {
    auto catalogue = pages.catalogue();
    const auto* package = catalogue->package(row.service);
    const auto light = row_light(row, today);
    const bool dated = light != "hold" && light != "done";
    auto assigned = row.assigned.empty() ? std::nullopt : pages.identity.staff(row.assigned);
    auto& line = group.add("ROWS");
    line.set("ROW_PATH", desk_case_path(request, row.number))
        .set("ROW_NUMBER", row.number)
        .set("ROW_PERSON", row.person_name.empty() ? row.number : row.person_name)
        .set("ROW_SERVICE", package ? package->say(request.language, package->service.name).text : row.service)
        .set("ROW_LIGHT", light)
        .set("ROW_DUE", dated ? language::format_date_short(request.language, row.due) : pages.say(request, "desk_light_" + light))
        .set("ROW_LIGHT_TEXT", dated ? pages.say(request, "desk_light_" + light) : "")
        .set("ROW_WHO", assigned ? assigned->name : pages.say(request, "desk_nobody"))
        .set("ROW_CHANNEL", pages.say(request, "channel_" + row.channel))
        .set("ROW_RECEIVED", language::format_date_short(request.language, local_day(row.received)));
    line.show_if(row.has_new, "ROW_NEW").show_if(row.channel != "online", "ROW_PAPER");
    bool prepared = row.contested;
    if (row.contested) line.add("ROW_PREPARED").set("PREPARED_TEXT", pages.say(request, "desk_contested"));
    if (!row.contested && !row.prepared_outcome.empty() && package)
        if (auto rule = package->service.outcomes.find(row.prepared_outcome); rule != package->service.outcomes.end()) {
            prepared = true;
            line.add("ROW_PREPARED").set("PREPARED_TEXT", package->say(request.language, rule->second.title.empty() ? rule->second.task : rule->second.title).text);
        }
    line.show_if(!prepared, "ROW_NO_PREPARED");
}

/// Where the order is that of the promise, the list says what is broken, due today, this week and later; otherwise it is one group.
void put_rows(const Pages& pages, const web::Request& request, Data& data, const std::vector<DeskRow>& rows, Day today, bool by_due) {
    static constexpr std::string_view kGroups[] = {"over", "now", "week", "ok", "hold", "done"};
    auto group_of = [&](const DeskRow& row) -> std::string {
        const auto light = row_light(row, today);
        return light == "ok" && row.due <= today + std::chrono::days(7) ? "week" : light;
    };
    if (!by_due) {
        auto& all = data.add("GROUPS");
        for (const auto& row : rows) put_row(pages, request, all, row, today);
        return;
    }
    for (auto name : kGroups) {
        const auto count = std::count_if(rows.begin(), rows.end(), [&](const DeskRow& row) { return group_of(row) == name; });
        if (count == 0) continue;
        auto& group = data.add("GROUPS");
        group.add("GROUP_TITLE").set("GROUP_TEXT", pages.say(request, "desk_group_" + std::string(name))).set("GROUP_COUNT", std::int64_t{count});
        for (const auto& row : rows)
            if (group_of(row) == name) put_row(pages, request, group, row, today);
    }
}

Response show_desk(const Pages& pages, const web::Request& request, const identity::Staff& who) {
    const auto filter = filter_of(request, who);
    const auto rows = pages.cases.desk(filter);
    const auto count = pages.cases.desk_count(filter);
    auto data = pages.site.frame(request, pages.say(request, "desk_nav_cases"));
    data.set("COUNT_TEXT", pages.texts.get_n(request.language, "desk_count", count));
    put_filters(pages, request, data);
    const auto today = local_day(pages.clock.now());
    data.set("DAY_TITLE", language::format_weekday_date(request.language, today));
    data.set("ALL_PATH", "/" + request.language + "/desk?office=all");
    put_rows(pages, request, data, rows, today, filter.order == "due");
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
    for (auto* more : {desk_case_routes, desk_action_routes, desk_correction_routes})
        for (auto& route : more(pages)) routes.push_back(std::move(route));
    return routes;
}

}  // namespace kiepe::casework
