// Receipt, the case page of the resident, supplying what is missing, messages, withdrawing, my matters.
#include <algorithm>

#include "base/date.h"
#include "base/id.h"
#include "base/text.h"
#include "casework/apply_support.h"
#include "casework/case_support.h"
#include "casework/question_data.h"

namespace kiepe::casework {
namespace {

using web::Data;
using web::Response;

}  // namespace

std::optional<Seen> open_case(const Pages& pages, const web::Request& request) {
    auto session = pages.session(request);
    const bool resident = session && session->kind == identity::Session::Kind::resident;
    if (auto number = request.parameters.find("number"); number != request.parameters.end()) {
        if (!resident) return std::nullopt;
        auto c = pages.cases.by_number_for(number->second, session->person->subject);
        if (!c) return std::nullopt;
        return Seen{std::move(*c), "/" + request.language + "/my/" + number->second, true, false};
    }
    auto c = pages.cases.by_token(request.parameters.at("token"), resident ? session->person->subject : std::string());
    if (!c) return std::nullopt;
    const bool proved = resident && !c->subject.empty() && session->person->subject == c->subject;
    if (!c->subject.empty() && !proved) return std::nullopt;  // once it is on an account, its link alone opens nothing any more
    return Seen{std::move(*c), "/" + request.language + "/cases/" + request.parameters.at("token"), proved, true};
}

Response no_case(const Pages& pages, const web::Request& request) {
    const auto token = request.parameters.find("token");
    if (token == request.parameters.end() || !pages.cases.by_token(token->second)) return pages.site.error(request, 404, "case_unknown");
    const auto session = pages.session(request);
    if (session && (session->person || session->staff)) return pages.site.error(request, 403, "case_of_somebody_else");
    return web::redirect("/" + request.language + "/sign-in?return=/cases/" + token->second);
}

namespace {

Response unknown(const Pages& pages, const web::Request& request) { return no_case(pages, request); }

Response show_receipt(const Pages& pages, const web::Request& request) {
    auto seen = open_case(pages, request);
    if (!seen) return unknown(pages, request);
    const auto& c = seen->c;
    const bool decided = c.state == State::decided;
    auto data = pages.site.frame(request, pages.say(request, decided ? "receipt_decided_title" : "receipt_title"));
    put_case(pages, request, data, c, seen->base, seen->proved);
    data.set("RECEIPT_TITLE", pages.say(request, decided ? "receipt_decided_title" : "receipt_title"))
        .set("RECEIPT_TEXT", pages.say(request, decided ? (seen->proved ? "receipt_decided_text" : "receipt_decided_post") : "receipt_text"))
        .set("PROMISE_LABEL", pages.say(request, decided ? "receipt_answered" : "answer_by"))
        .set("NEXT_LINE", decided ? pages.say(request, "receipt_decided_next") : promise_text(pages, request.language, c))
        .set("PROMISE_DATE", decided ? pages.say(request, "receipt_done") : language::format_weekday_date(request.language, c.promise.due))
        .set("LINK", pages.origin(request) + seen->base)
        .set("QR_PATH", seen->base + "/qr.svg");
    if (!decided && !c.promise.running) data.add("PROMISE_CONDITION").set("CONDITION_TEXT", promise_text(pages, request.language, c));
    data.show_if(seen->by_link && c.subject.empty(), "ON_LINK");
    data.show_if(!decided && !c.email.empty(), "HAS_EMAIL");
    return pages.site.render(request, "receipt.html", data);
}

Response show_case(const Pages& pages, const web::Request& request) {
    auto seen = open_case(pages, request);
    if (!seen) return unknown(pages, request);
    const auto& c = seen->c;
    auto data = pages.site.frame(request, pages.say(request, "case_title", {{"number", c.number}}));
    put_case(pages, request, data, c, seen->base, seen->proved);
    data.set("MESSAGE_ACTION", seen->base + "/messages").set("MESSAGE_KEY", random_token());
    if (const auto about = request.query_value("about"); !about.empty()) {
        const auto package = pages.cases.form_version(c);
        if (package->form.question_at(std::string(about)))
            data.add("MESSAGE_BEGINS").set("MESSAGE_BEGIN", pages.say(request, "why_correct_begin", {{"label", answer_label(*package, pages.cases.preparation(c), about, request.language)}}));
    }
    if (seen->proved || c.notices.empty()) data.add("CAN_ASK_WHY").set("WHY_PATH", seen->base + "/why");
    data.set("MESSAGE_TO", pages.say(request, "case_write"));
    for (const char* done : {"supplied", "written", "more-time", "attached", "contested"})
        if (request.query_value("done") == done) data.add("DONE").set("DONE_TEXT", pages.say(request, std::string("case_done_") + done));
    if (request.query_value("done") == "too-long") data.add("NOT_DONE").set("NOT_DONE_TEXT", pages.say(request, "message_too_long"));
    if (!seen->by_link) data.add("MINE").set("MINE_PATH", "/" + request.language + "/my");
    auto session = pages.session(request);
    data.show_if(seen->by_link && c.subject.empty() && session && session->kind == identity::Session::Kind::resident, "CAN_ATTACH");
    data.show_if(seen->by_link && c.subject.empty(), "ON_LINK");
    return pages.site.render(request, "case.html", data);
}

Response case_qr(const Pages& pages, const web::Request& request) {
    auto seen = open_case(pages, request);
    if (!seen) return unknown(pages, request);
    return web::bytes(documents::qr_svg(pages.origin(request) + seen->base), "image/svg+xml", "");
}

Response show_case_file(const Pages& pages, const web::Request& request) {
    auto seen = open_case(pages, request);
    if (!seen) return unknown(pages, request);
    for (const auto& file : seen->c.files)
        if (std::to_string(file.attachment) == request.parameters.at("file"))
            if (auto bytes = pages.cases.file_bytes(seen->c.id, file.attachment)) return web::bytes(*bytes, file.type, file.name);
    return pages.site.error(request, 404, "file_unknown");
}

Response show_notice(const Pages& pages, const web::Request& request) {
    auto seen = open_case(pages, request);
    if (!seen) return unknown(pages, request);
    if (!seen->proved) return pages.site.error(request, 403, "notice_needs_sign_in");
    auto name = request.parameters.at("notice");
    if (name.ends_with(".pdf")) name.resize(name.size() - 4);
    if (name.empty() || name.size() > 9 || name.find_first_not_of("0123456789") != std::string::npos) return pages.site.error(request, 404, "notice_unknown");
    return notice_pdf(pages, request, seen->c, std::stoll(name));
}

// -- everything as PDF -------------------------------------------------------------------------------------------------------------

Response print_case(const Pages& pages, const web::Request& request) {
    auto seen = open_case(pages, request);
    if (!seen) return unknown(pages, request);
    const auto& c = seen->c;
    auto package = pages.cases.form_version(c);
    const auto prepared = pages.cases.preparation(c);
    std::vector<documents::Block> blocks{documents::heading(package->say(request.language, package->service.name).text),
                                         documents::paragraph(promise_text(pages, request.language, c)),
                                         documents::heading(pages.say(request, "case_answers"), 2)};
    std::vector<std::pair<std::string, std::string>> rows;
    for (const auto& fact : pages.cases.facts(c))
        if (fact.question && !fact.value.is_null())
            rows.emplace_back(answer_label(*package, prepared, fact.path, request.language),
                              catalogue::answer_text(*fact.question, fact.value, request.language, *package));
    blocks.push_back(documents::pairs(rows));
    if (!c.messages.empty()) blocks.push_back(documents::heading(pages.say(request, "case_messages"), 2));
    for (const auto& message : c.messages)
        blocks.push_back(documents::paragraph(language::format_moment(request.language, message.at) + ": " + message.text));
    Rendered rendered;
    rendered.title = package->say(request.language, package->service.name).text;
    rendered.blocks = std::move(blocks);
    auto catalogue = pages.catalogue();
    LetterFacts facts;
    facts.case_number = c.number;
    facts.date = local_day(pages.clock.now());
    auto office = catalogue->city().offices.find(c.office);
    facts.office = office == catalogue->city().offices.end() ? nullptr : &office->second;
    auto pdf = pages.typesetter.pdf(as_letter(rendered, catalogue->city(), request.language, facts, pages.texts));
    if (!pdf) return pages.site.error(request, 503, pdf.error().code);
    return web::bytes(*pdf, "application/pdf", c.number + ".pdf");
}

// -- supply what is missing ----------------------------------------------------------------------------------------------------------

struct OpenItems {
    std::vector<std::string> papers;
    std::vector<catalogue::Asked> answers;
};

OpenItems open_items(const Case& c, const catalogue::Package& package) {
    OpenItems items;
    for (const auto& asked : c.requests) {
        if (asked.answered) continue;
        for (const auto& need : asked.papers)
            if (std::find(items.papers.begin(), items.papers.end(), need) == items.papers.end()) items.papers.push_back(need);
        for (const auto& path : asked.answers)
            if (const auto* question = package.form.question_at(path)) items.answers.push_back({question, path});
    }
    return items;
}

const catalogue::Need* need_of(const catalogue::Package& package, std::string_view name) {
    const auto plain = name.substr(0, name.find('/'));
    for (const auto& need : package.form.needs)
        if (need.name == plain) return &need;
    return nullptr;
}

Response render_supply(const Pages& pages, const web::Request& request, const Seen& seen, const std::map<std::string, std::string>& errors,
                       const std::map<std::string, std::string>& typed) {
    auto package = pages.cases.form_version(seen.c);
    auto prepared = pages.cases.preparation(seen.c);
    auto data = pages.site.frame(request, pages.say(request, "supply_title"));
    data.set("ACTION", seen.base + "/supply").set("CASE_PATH", seen.base).set("CASE_NUMBER", seen.c.number);
    const auto items = open_items(seen.c, *package);
    for (const auto& name : items.papers) {
        const auto* need = need_of(*package, name);
        if (!need) continue;
        auto& paper = data.add("SUPPLY_PAPERS");
        put_upload(pages, request, paper, *package, *need, name, {}, seen.base);
        paper.set("NEED", name).set("Q_LABEL", need_label(*package, prepared.evaluation, name, request.language, pages.say(request, "apply_or")));
        paper.show("Q_LABELLED");
        if (auto error = errors.find(name); error != errors.end()) paper.add("Q_ERROR").set("ERROR_TEXT", error->second);
    }
    for (const auto& asked : items.answers) {
        auto error = errors.find(asked.path);
        put_question(data.add("QUESTIONS"), {*package, pages.texts, request.language, asked, seen.c.application.answers.at(asked.path), typed,
                                             error == errors.end() ? "" : error->second, answer_label(*package, prepared, asked.path, request.language),
                                             render_text(*package, asked.question->help, request.language, prepared), false});
    }
    data.show_if(!items.answers.empty(), "HAS_QUESTIONS").show_if(items.answers.empty() && items.papers.empty(), "NOTHING_OPEN");
    if (!errors.empty()) {
        auto& section = data.add("ERRORS_SHOWN");
        section.set("ERROR_COUNT_TEXT", pages.texts.get_n(request.language, "errors_count", std::int64_t(errors.size())));
        for (const auto& [name, line] : errors) section.add("ERRORS").set("ERROR_ID", field_id(name)).set("ERROR_LINE", line);
    }
    return pages.site.render(request, "case-supply.html", data, errors.empty() ? 200 : 422);
}

Response show_supply(const Pages& pages, const web::Request& request) {
    auto seen = open_case(pages, request);
    if (!seen) return unknown(pages, request);
    return render_supply(pages, request, *seen, {}, {});
}

Response supply_paper(const Pages& pages, const web::Request& request, const Seen& seen, const catalogue::Package& package) {
    const std::string name{request.field("need")};
    const auto* need = need_of(package, name);
    const auto items = open_items(seen.c, package);
    if (!need || std::find(items.papers.begin(), items.papers.end(), name) == items.papers.end())
        return web::redirect(seen.base);
    const auto* sent = request.file("file");
    if (!sent) return render_supply(pages, request, seen, {{name, pages.say(request, "upload_choose_first")}}, {});
    std::string paper{request.field("paper")};
    if (std::find(need->any_of.begin(), need->any_of.end(), paper) == need->any_of.end()) paper = need->any_of.front();
    auto verdict = documents::check_upload(sent->value, sent->filename, upload_rules(pages, package, paper));
    if (!verdict.accepted) return render_supply(pages, request, seen, {{name, pages.say(request, verdict.code)}}, {});
    auto done = pages.cases.supply_file(seen.c.id, name, paper, verdict.bytes, verdict.type, verdict.name, std::max(1, verdict.pages), verdict.text);
    if (!done) return pages.site.error(request, 409, done.error().code);
    const bool more = items.papers.size() + items.answers.size() > 1;
    return web::redirect(more ? seen.base + "/supply" : seen.base + "?done=supplied");
}

Response supply_answers(const Pages& pages, const web::Request& request, const Seen& seen, const catalogue::Package& package) {
    auto catalogue = pages.catalogue();
    const auto& c = seen.c;
    auto around = surroundings_of(*catalogue, package, c.application.received, c.channel);
    auto evaluation = package.form.evaluate(c.application.answers, around);
    std::multimap<std::string, std::string> fields;
    std::map<std::string, std::string> typed, errors;
    for (const auto& field : request.fields)
        if (!field.is_file) fields.emplace(field.name, field.value), typed[field.name] = field.value;
    std::vector<std::pair<std::string, feel::Value>> values;
    const auto items = open_items(c, package);
    for (const auto& step : evaluation.steps) {
        const auto asked = package.form.asked_on(step, evaluation.context);
        const bool here = std::any_of(asked.begin(), asked.end(), [&](const auto& a) {
            return std::any_of(items.answers.begin(), items.answers.end(), [&](const auto& open) { return open.path == a.path; });
        });
        if (!here) continue;
        auto posted = package.form.parse(step, evaluation, c.application.answers, around, fields, request.language, catalogue->city());
        for (const auto& open : items.answers) {
            for (const auto& [path, value] : posted.values)
                if (path == open.path && !value.is_null()) values.emplace_back(path, value);
            for (const auto& failed : posted.failed)
                if (failed.path == open.path)
                    errors[failed.path] = failed.check ? package.say(request.language, failed.check->say).text : pages.say(request, failed.code, failed.args);
        }
    }
    if (!errors.empty()) return render_supply(pages, request, seen, errors, typed);
    auto done = pages.cases.supply_answers(c.id, values);
    if (!done) return pages.site.error(request, 409, done.error().code);
    return web::redirect(items.papers.empty() ? seen.base + "?done=supplied" : seen.base + "/supply");
}

Response post_supply(const Pages& pages, const web::Request& request) {
    auto seen = open_case(pages, request);
    if (!seen) return unknown(pages, request);
    auto package = pages.cases.form_version(seen->c);
    return request.field("need").empty() ? supply_answers(pages, request, *seen, *package) : supply_paper(pages, request, *seen, *package);
}

// -- write, more time, withdraw ----------------------------------------------------------------------------------------------------------

constexpr std::size_t kLongestMessage = 4000;

Response post_message(const Pages& pages, const web::Request& request) {
    auto seen = open_case(pages, request);
    if (!seen) return unknown(pages, request);
    const std::string text{trim(request.field("message"))};
    if (text.empty()) return web::redirect(seen->base + "#message");
    if (length_utf8(text) > kLongestMessage) return web::redirect(seen->base + "?done=too-long");
    auto done = pages.cases.write_message(seen->c.id, text, "message:" + std::to_string(seen->c.id) + ":" + std::string(request.field("key").substr(0, 64)));
    if (!done) return pages.site.error(request, 409, done.error().code);
    return web::redirect(seen->base + "?done=written");
}

Response ask_more_time(const Pages& pages, const web::Request& request) {
    auto seen = open_case(pages, request);
    if (!seen) return unknown(pages, request);
    auto data = pages.site.frame(request, pages.say(request, "more_time_title"));
    data.set("CONFIRM_TITLE", pages.say(request, "more_time_title")).set("CONFIRM_TEXT", pages.say(request, "more_time_text"));
    data.set("CONFIRM_ACTION", seen->base + "/more-time").set("CONFIRM_BUTTON", pages.say(request, "more_time_button"));
    data.set("CANCEL_PATH", seen->base).set("CANCEL_TEXT", pages.say(request, "back"));
    return pages.site.render(request, "confirm.html", data);
}

Response post_more_time(const Pages& pages, const web::Request& request) {
    auto seen = open_case(pages, request);
    if (!seen) return unknown(pages, request);
    auto done = pages.cases.more_time(seen->c.id);
    if (!done) return pages.site.error(request, 409, done.error().code);
    return web::redirect(seen->base + "?done=more-time");
}

Response ask_withdraw(const Pages& pages, const web::Request& request) {
    auto seen = open_case(pages, request);
    if (!seen) return unknown(pages, request);
    auto data = pages.site.frame(request, pages.say(request, "withdraw_title"));
    data.set("CONFIRM_TITLE", pages.say(request, "withdraw_title")).set("CONFIRM_TEXT", pages.say(request, "withdraw_text"));
    data.set("CONFIRM_ACTION", seen->base + "/withdraw").set("CONFIRM_BUTTON", pages.say(request, "withdraw_button"));
    data.set("CANCEL_PATH", seen->base).set("CANCEL_TEXT", pages.say(request, "withdraw_keep"));
    return pages.site.render(request, "confirm.html", data);
}

Response post_withdraw(const Pages& pages, const web::Request& request) {
    auto seen = open_case(pages, request);
    if (!seen) return unknown(pages, request);
    auto done = pages.cases.withdraw(seen->c.id);
    if (!done) return pages.site.error(request, 409, done.error().code);
    return web::redirect(seen->base);
}

Response post_attach(const Pages& pages, const web::Request& request) {
    auto seen = open_case(pages, request);
    auto session = pages.session(request);
    if (!seen || !session || !session->person) return unknown(pages, request);
    auto done = pages.cases.attach(seen->c.id, *session->person);
    if (!done) return pages.site.error(request, 409, done.error().code);
    return web::redirect("/" + request.language + "/my/" + seen->c.number + "?done=attached");
}

// -- my matters ------------------------------------------------------------------------------------------------------------------------------

Response show_mine(const Pages& pages, const web::Request& request) {
    auto session = pages.session(request);
    if (!session || session->kind != identity::Session::Kind::resident) return web::redirect("/" + request.language + "/sign-in?return=/my");
    auto data = pages.site.frame(request, pages.say(request, "my_title"));
    auto cases = pages.cases.of_person(session->person->subject);
    for (const auto& c : cases) {
        auto package = pages.cases.form_version(c);
        const bool waits = c.state == State::waiting_for_applicant;
        data.add("CASES")
            .set("CASE_PATH", "/" + request.language + "/my/" + c.number)
            .set("CASE_TITLE", package->say(request.language, package->service.name).text)
            .set("CASE_NUMBER", c.number)
            .set("CASE_STATE", pages.say(request, "state_" + std::string(name_of(c.state))))
            .set("CASE_ICON", c.state == State::decided ? "tick" : waits ? "warning" : "clock")
            .set("CASE_NEXT", promise_text(pages, request.language, c))
            .show_if(waits, "CASE_TODO");
    }
    if (cases.empty()) data.add("EMPTY").set("EMPTY_TITLE", pages.say(request, "my_empty_title")).set("EMPTY_TEXT", pages.say(request, "my_empty_text"));
    data.show_if(!cases.empty(), "HAS_CASES");
    return pages.site.render(request, "my.html", data);
}

}  // namespace

std::vector<web::Route> case_routes(const Pages& pages) {
    auto with = [pages](auto handler) { return [pages, handler](const web::Request& request) { return handler(pages, request); }; };
    std::vector<web::Route> routes{{"GET", "/{lang}/my", web::Kind::page, with(show_mine)},
                                   {"GET", "/{lang}/cases/{token}/receipt", web::Kind::page, with(show_receipt)},
                                   {"POST", "/{lang}/cases/{token}/attach", web::Kind::form, with(post_attach)}};
    for (const std::string base : {"/{lang}/cases/{token}", "/{lang}/my/{number}"}) {
        routes.push_back({"GET", base, web::Kind::page, with(show_case)});
        routes.push_back({"GET", base + "/qr.svg", web::Kind::page, with(case_qr)});
        routes.push_back({"GET", base + "/files/{file}", web::Kind::page, with(show_case_file)});
        routes.push_back({"GET", base + "/notices/{notice}", web::Kind::page, with(show_notice)});
        routes.push_back({"GET", base + "/all.pdf", web::Kind::page, with(print_case)});
        routes.push_back({"GET", base + "/supply", web::Kind::page, with(show_supply)});
        routes.push_back({"POST", base + "/supply", web::Kind::upload, with(post_supply)});
        routes.push_back({"POST", base + "/messages", web::Kind::form, with(post_message)});
        routes.push_back({"GET", base + "/more-time", web::Kind::page, with(ask_more_time)});
        routes.push_back({"POST", base + "/more-time", web::Kind::form, with(post_more_time)});
        routes.push_back({"GET", base + "/withdraw", web::Kind::page, with(ask_withdraw)});
        routes.push_back({"POST", base + "/withdraw", web::Kind::form, with(post_withdraw)});
    }
    for (auto& route : why_routes(pages)) routes.push_back(std::move(route));
    return routes;
}

}  // namespace kiepe::casework
