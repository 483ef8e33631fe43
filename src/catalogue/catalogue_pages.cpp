#include "catalogue/catalogue_pages.h"

#include <algorithm>
#include <map>

#include "base/date.h"
#include "base/text.h"
#include "web/memo.h"
#include "web/url.h"

namespace kiepe::catalogue {
namespace {

using web::Data;
using web::Request;
using web::Response;

std::string say(const PublicPages& pages, const Request& request, std::string_view key, const language::Arguments& arguments = {}) {
    return pages.texts.get(request.language, key, arguments);
}

std::string service_path(const Request& request, const Package& package) { return "/" + request.language + "/services/" + package.service.id; }

/// Texts of the city folder are translated in packages/common/texts, which every package carries.
std::string say_common(const Catalogue& catalogue, std::string_view language, const Text& text) {
    const auto all = catalogue.packages();
    return all.empty() ? text.german : all.front()->say(language, text).text;
}

Response cached(Response response) {
    response.cacheable = true;
    response.compress = true;
    return response;
}

std::string unit_key(Period::Unit unit) {
    switch (unit) {
        case Period::Unit::days: return "days";
        case Period::Unit::working_days: return "working_days";
        case Period::Unit::weeks: return "weeks";
        case Period::Unit::months: return "months";
    }
    return "days";
}

/// A public page is the same for everybody; with a session its head shows who is signed in and it is personal.
Response publish(const PublicPages& pages, const Request& request, std::string_view name, const Data& data) {
    auto response = pages.site.render(request, name, data);
    return request.session_token.empty() ? cached(std::move(response)) : response;
}

void put_row(const PublicPages& pages, const Request& request, Data& row, const Package& package, const Catalogue& catalogue) {
    row.set("SERVICE_PATH", service_path(request, package))
        .set("SERVICE_NAME", package.say(request.language, package.service.name).text)
        .set("SERVICE_COST", cost_text(package, catalogue, pages.texts, request.language, local_day(pages.clock.now())))
        .set("SERVICE_TIME", time_text(package, pages.texts, request.language));
}

// -- start, search, list ---------------------------------------------------------------------------------------------------------------

Response start(const PublicPages& pages, const Request& request) {
    auto catalogue = pages.catalogue();
    auto data = pages.site.frame(request, say(pages, request, "start_title"));
    const auto all = catalogue->packages();
    data.set("SERVICE_COUNT", std::int64_t(all.size()));
    for (int i = 1; i <= 4; ++i) {
        const auto words = say(pages, request, "start_example_" + std::to_string(i));
        data.add("EXAMPLES").set("EXAMPLE_TEXT", words).set("EXAMPLE_PATH", "/" + request.language + "/search?q=" + web::percent_encode(words));
    }
    for (const auto& situation : catalogue->city().situations) {
        const bool used = std::any_of(all.begin(), all.end(), [&](const Package* p) {
            return std::find(p->service.situations.begin(), p->service.situations.end(), situation.id) != p->service.situations.end();
        });
        if (!used || all.empty()) continue;
        data.add("SITUATIONS")
            .set("SITUATION_PATH", "/" + request.language + "/services?situation=" + situation.id)
            .set("SITUATION_ICON", situation.icon)
            .set("SITUATION_TITLE", say_common(*catalogue, request.language, situation.name))
            .set("SITUATION_TEXT", say_common(*catalogue, request.language, situation.hint));
    }
    for (const auto* package : all) put_row(pages, request, data.add("FREQUENT"), *package, *catalogue);
    return publish(pages, request, "start.html", data);
}

Response search(const PublicPages& pages, const Request& request) {
    auto catalogue = pages.catalogue();
    const std::string words{trim(request.query_value("q"))};
    auto data = pages.site.frame(request, say(pages, request, "search"));
    data.set("QUERY", words);
    if (words.empty()) {
        data.show("ASK");
        return pages.site.render(request, "search.html", data);
    }
    const auto hits = catalogue->search().find(request.language, std::string_view(words).substr(0, 300), 8);
    if (hits.empty())
        data.show("NOTHING");
    else
        data.add("FOUND").set("FOUND_TEXT", pages.texts.get_n(request.language, "search_found", std::int64_t(hits.size())));
    bool first = true;
    for (const auto& hit : hits) {
        const auto* package = catalogue->package(hit.service);
        if (!package) continue;
        auto& result = data.add("RESULTS");
        result.set("RESULT_PATH", service_path(request, *package))
            .set("RESULT_NAME", package->say(request.language, package->service.name).text)
            .set("RESULT_TEXT", package->say(request.language, package->service.short_text).text)
            .set("RESULT_COST", cost_text(*package, *catalogue, pages.texts, request.language, local_day(pages.clock.now())))
            .set("RESULT_TIME", time_text(*package, pages.texts, request.language));
        result.show_if(first, "RESULT_FIRST");
        if (!package->form.pages.empty()) result.add("RESULT_START").set("START_PATH", service_path(request, *package) + "/begin");
        first = false;
    }
    return pages.site.render(request, "search.html", data);  // words of a person: neither cached nor logged
}

Response list(const PublicPages& pages, const Request& request) {
    auto catalogue = pages.catalogue();
    const std::string wanted{request.query_value("situation")};
    const Situation* situation = nullptr;
    for (const auto& known : catalogue->city().situations)
        if (known.id == wanted) situation = &known;
    if (!wanted.empty() && !situation) return pages.site.error(request, 404, "not_found");
    std::vector<const Package*> shown;
    std::vector<std::pair<std::string, std::size_t>> names;
    for (const auto* package : catalogue->packages()) {
        const auto& situations = package->service.situations;
        if (situation && std::find(situations.begin(), situations.end(), wanted) == situations.end()) continue;
        names.emplace_back(package->say(request.language, package->service.name).text, shown.size());
        shown.push_back(package);
    }
    language::sort_by_locale(request.language, names);
    const auto heading = situation ? say_common(*catalogue, request.language, situation->name) : say(pages, request, "all_services");
    auto data = pages.site.frame(request, heading);
    data.set("HEADING", heading).set("LEAD", situation ? say_common(*catalogue, request.language, situation->hint) : say(pages, request, "services_lead"));
    Data* group = nullptr;
    std::string letter;
    for (const auto& [name, index] : names) {
        const std::string first = name.substr(0, (static_cast<unsigned char>(name[0]) & 0x80) ? 2 : 1);
        if (first != letter || !group) {
            letter = first;
            group = &data.add("LETTERS");
            group->set("LETTER", letter).set("LETTER_ID", "letter-" + std::to_string(static_cast<unsigned char>(letter.back())));
        }
        put_row(pages, request, group->add("SERVICES"), *shown[index], *catalogue);
    }
    data.show_if(!situation && !shown.empty(), "JUMP").show_if(shown.empty(), "EMPTY");
    return publish(pages, request, "services.html", data);
}

// -- one service --------------------------------------------------------------------------------------------------------------------------

void put_papers(const PublicPages& pages, const Request& request, Data& data, const Package& package) {
    for (const auto& need : package.form.needs) {
        std::vector<std::string> labels;
        for (const auto& code : need.any_of)
            if (const auto* paper = package.form.paper(code)) labels.push_back(package.say(request.language, paper->label).text);
        auto& row = data.add("PAPERS");
        row.set("PAPER_NAME", join(labels, say(pages, request, "apply_or")));
        if (need.when)
            row.add("PAPER_WHEN").set("WHEN_TEXT", say(pages, request, need.later.empty() ? "paper_when_needed" : "paper_when_needed_later"));
    }
    const auto count = std::int64_t(package.form.needs.size());
    data.set("PAPERS_TEXT", count == 0 ? say(pages, request, "no_papers") : pages.texts.get_n(request.language, "papers_up_to", count));
    data.show_if(count > 0, "HAS_PAPERS");
}

void put_office(const PublicPages& pages, const Request& request, Data& data, const Package& package, const City& city) {
    const auto& office = city.office_of(package.service.office_duty);
    std::string short_name;
    for (const auto& word : split(office.name, ' '))
        if (!word.empty() && word[0] >= 'A' && word[0] <= 'Z' && short_name.size() < 2) short_name += word[0];
    data.set("OFFICE_NAME", office.name)
        .set("OFFICE_INITIALS", short_name)
        .set("OFFICE_PHONE", office.phone)
        .set("OFFICE_ADDRESS", office.street + ", " + office.postcode + " " + office.place);
    for (const auto& line : office.hours.empty() ? city.office_hours : office.hours) data.add("HOURS").set("HOUR_LINE", line);
    const auto& remedy = package.service.remedy;
    if (!remedy.kind.empty())
        data.add("REMEDY").set("REMEDY_TEXT", say(pages, request, "remedy_about_" + remedy.kind,
                                                 {{"within", period_text(remedy.within, pages.texts, request.language)},
                                                  {"court", office.remedy_court},
                                                  {"office", office.name},
                                                  {"norm", remedy.norm}}));
}

void put_kept(const PublicPages& pages, const Request& request, Data& data, const Package& package) {
    const auto& kept = package.service.data;
    if (kept.purpose.empty()) return;
    data.add("DATA_KEPT").set("DATA_TEXT", say(pages, request, "data_kept", {{"purpose", kept.purpose},
                                                                                {"norm", kept.norm},
                                                                                {"years", pages.texts.get_n(request.language, "kept_years", kept.keep_years)},
                                                                                {"drafts", std::to_string(kept.draft_days)}}));
}

Response service(const PublicPages& pages, const Request& request) {
    auto catalogue = pages.catalogue();
    const auto* package = catalogue->package(request.parameters.at("service"));
    if (!package) return pages.site.error(request, 404, "service_unknown");
    const auto& about = package->service;
    const auto name = package->say(request.language, about.name);
    auto data = pages.site.frame(request, name.text);
    data.set("SERVICE_NAME", name.text)
        .set("SERVICE_SUMMARY", package->say(request.language, about.short_text).text)
        .set("COST", cost_text(*package, *catalogue, pages.texts, request.language, local_day(pages.clock.now())))
        .set("TIME", time_text(*package, pages.texts, request.language))
        .set("BACK_PATH", "/" + request.language + "/services")
        .set("BACK_TEXT", say(pages, request, "all_services"));
    data.show_if(name.in_german, "IN_GERMAN");
    if (!about.fee.none) data.add("COST_MORE").set("COST_NOTE", norm_text(about.fee.norm));
    data.add("TIME_MORE").set("TIME_NOTE", say(pages, request, about.promise.starts == "complete" ? "time_from_complete" : "time_from_received"));
    put_papers(pages, request, data, *package);
    put_office(pages, request, data, *package, catalogue->city());
    put_kept(pages, request, data, *package);
    if (!package->form.pages.empty()) {
        auto& begin = data.add("START");
        begin.set("START_PATH", service_path(request, *package) + "/begin");
        data.add("PRINT").set("PRINT_PATH", service_path(request, *package) + "/form.pdf");
    } else if (!about.link.empty()) {
        data.add("ELSEWHERE").set("ELSEWHERE_PATH", about.link);
    }
    for (const auto& condition : about.conditions) data.add("CONDITIONS").set("CONDITION", package->say(request.language, condition).text);
    for (const auto& step : about.steps) data.add("STEPS").set("STEP_LINE", package->say(request.language, step).text);
    for (const auto& norm : about.norms) data.add("NORMS").set("NORM", norm_text(norm));
    if (package->model) data.add("REGISTER").set("REGISTER_PATH", "/" + request.language + "/algorithms/" + about.id);
    data.show_if(!about.conditions.empty(), "HAS_CONDITIONS").show_if(!about.steps.empty(), "HAS_STEPS").show_if(!about.norms.empty(), "HAS_NORMS");
    if (package->model) data.add("RULES").set("RULES_PATH", service_path(request, *package) + "/rules");
    data.add("PROMISE").set("PROMISE_TEXT", say(pages, request, "promise_about", {{"time", period_text(about.promise.answer, pages.texts, request.language)}}));
    return publish(pages, request, "service.html", data);
}

// -- static pages --------------------------------------------------------------------------------------------------------------------------

Response about_data(const PublicPages& pages, const Request& request) {
    auto data = pages.site.frame(request, say(pages, request, "about_data"));
    data.set("PRIVACY_CONTACT", pages.privacy_contact);
    return publish(pages, request, "about-data.html", data);
}

Response accessibility(const PublicPages& pages, const Request& request) {
    auto data = pages.site.frame(request, say(pages, request, "accessibility"));
    auto day = parse_day(pages.reviewed_on);
    data.set("REVIEW_DATE", day ? language::format_date(request.language, *day) : pages.reviewed_on)
        .set("BARRIER_CONTACT", pages.barrier_contact)
        .set("ARBITRATION", pages.arbitration);
    return publish(pages, request, "accessibility.html", data);
}

Response imprint(const PublicPages& pages, const Request& request) {
    auto data = pages.site.frame(request, say(pages, request, "imprint"));
    data.set("CITY_EMAIL", pages.email).set("REPRESENTED_BY", pages.represented_by);
    if (!pages.source.empty()) data.add("SOURCE").set("SOURCE_PATH", pages.source);
    return publish(pages, request, "imprint.html", data);
}

}  // namespace

std::string cost_text(const Package& package, const Catalogue& catalogue, const language::Texts& texts, std::string_view language, Day today) {
    const auto& fee = package.service.fee;
    if (fee.none) return texts.get(language, "cost_free");
    if (!fee.about.empty()) return package.say(language, fee.about).text;
    // A fee that depends on no answer can be said before the first question.
    feel::Context facts{{"received", feel::Value::date(today)}, {"renewal", feel::Value::boolean(false)}};
    auto around = catalogue.surroundings(package, today, feel::Value::context(std::move(facts)));
    feel::Context inputs{{"case", around.case_facts}, {"city", around.city}};
    for (const auto& act : around.acts) inputs.push_back(act);
    if (package.model) {
        auto value = package.model->evaluate(fee.decision, feel::Value::context(std::move(inputs))).value;
        if (value.kind() == feel::Kind::number) return language::format_money(language, value.as_number());
    }
    return texts.get(language, "cost_depends");
}

std::string norm_text(std::string_view norm) {
    std::string text(norm);
    for (const std::string_view sign : {"§ ", "§§ ", "Abs. ", "Satz ", "Nr. ", "Buchst. ", "Abschnitt "})
        text = replace_all(std::move(text), sign, std::string(sign.substr(0, sign.size() - 1)) + "\u00a0");
    return text;
}

std::string period_text(Period period, const language::Texts& texts, std::string_view language) {
    return texts.get_n(language, "period_" + unit_key(period.unit), period.count);
}

std::string time_text(const Package& package, const language::Texts& texts, std::string_view language) {
    const auto& answer = package.service.promise.answer;
    return texts.get_n(language, "span_" + unit_key(answer.unit), answer.count);
}

std::vector<web::Route> public_routes(const PublicPages& pages) {
    auto memo = std::make_shared<web::PageMemo>();
    auto with = [pages, memo](auto handler) {
        return [pages, memo, handler](const Request& request) {
            const auto catalogue = pages.catalogue();
            const std::string stamp = std::to_string(reinterpret_cast<std::uintptr_t>(catalogue.get())) + to_iso(local_day(pages.clock.now()));
            return memo->get(request, stamp, [&] { return handler(pages, request); });
        };
    };
    // Nothing here waits for anything: quick, without the hand-off to a worker.
    return {
        {"GET", "/{lang}/", web::Kind::page, with(start), true},
        {"GET", "/{lang}/search", web::Kind::page, with(search), true},
        {"GET", "/{lang}/services", web::Kind::page, with(list), true},
        {"GET", "/{lang}/services/{service}", web::Kind::page, with(service), true},
        {"GET", "/{lang}/about-data", web::Kind::page, with(about_data), true},
        {"GET", "/{lang}/accessibility", web::Kind::page, with(accessibility), true},
        {"GET", "/{lang}/imprint", web::Kind::page, with(imprint), true},
    };
}

}  // namespace kiepe::catalogue
