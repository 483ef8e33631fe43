// The pages on which a resident applies: begin, one thing a screen, papers, contact. Checking and sending: apply_send.cpp.
#include <algorithm>

#include "base/date.h"
#include "base/text.h"
#include "casework/apply_support.h"
#include "casework/question_data.h"
#include "casework/what_if_pages.h"
#include "catalogue/catalogue_pages.h"
#include "identity/assurance.h"

namespace kiepe::casework {
namespace {

using web::Data;
using web::Response;

std::multimap<std::string, std::string> fields_of(const web::Request& request) {
    std::multimap<std::string, std::string> fields;
    for (const auto& field : request.fields)
        if (!field.is_file) fields.emplace(field.name, field.value);
    return fields;
}

// -- begin -------------------------------------------------------------------------------------------------------------------

/// Facts that the register has are put into the answers of a person who signed in; each says where it comes from and can be changed.
void take_over(Draft& draft, const catalogue::Package& package, const identity::Register& facts) {
    if (draft.subject.empty()) return;
    for (const auto& page : package.form.pages) {
        if (!page.for_list.empty()) continue;
        const std::string entry = page.add_list.empty() ? "" : page.first == "applicant" ? page.add_list + "[1]" : "-";
        if (entry == "-") continue;
        for (const auto& question : page.questions) {
            if (question.kind != catalogue::Question::Kind::ask || question.from_profile.empty()) continue;
            auto value = facts.attribute(draft.subject, question.from_profile);
            if (value.is_null()) continue;
            const std::string path = entry.empty() ? question.name : entry + question.name.substr(question.name.find('.'));
            draft.answers = draft.answers.with(path, value);
            if (auto level = parse_level(facts.level())) draft.sure[path] = *level;
        }
    }
}

/// Looks up what depends on facts that were taken over (the parking zone of the registered address).
void look_up(Draft& draft, const catalogue::Package& package, const catalogue::City& city) {
    for (const auto& page : package.form.pages)
        for (const auto& question : page.questions) {
            if (question.kind != catalogue::Question::Kind::look_up) continue;
            auto by = draft.answers.at(question.look_up_by);
            if (!by.is_null()) draft.answers = draft.answers.with(question.name, city.look_up(question.look_up_in, by));
        }
}

Response begin(const Pages& pages, const web::Request& request) {
    auto catalogue = pages.catalogue();
    const auto* package = catalogue->package(request.parameters.at("service"));
    if (!package || package->form.pages.empty()) return pages.site.error(request, 404, "service_unknown");
    auto session = pages.session(request);
    const bool resident = session && session->kind == identity::Session::Kind::resident;
    const bool staff = session && session->kind == identity::Session::Kind::staff;
    if (!staff && !identity::is_enough(resident ? session->person->level : "none", package->service.identity_level))
        return resident ? pages.site.error(request, 403, "level_too_low") : web::redirect("/" + request.language + "/sign-in?return=/services/" + package->service.id);
    Draft draft;
    draft.service = package->service.id;
    draft.package_hash = package->hash;
    draft.language = request.language;
    if (resident) draft.subject = session->person->subject, draft.email = session->person->email;
    if (staff) draft.channel = "paper", draft.entered_by = session->staff->id;
    draft.delivery = resident ? "inbox" : "post";
    take_over(draft, *package, pages.facts_register);
    look_up(draft, *package, catalogue->city());
    draft.begun = draft.changed = pages.clock.now();
    return web::redirect(draft_path(request, pages.drafts.begin(draft)) + "/steps");
}

// -- one screen ------------------------------------------------------------------------------------------------------------------

void put_progress(const Pages& pages, const web::Request& request, Data& data, const std::vector<Screen>& all, const Screen& now) {
    const auto at = std::int64_t(&now - all.data()) + 1;
    const auto count = std::int64_t(all.size());
    data.set("STEP", at).set("STEPS", count);
    data.set("STEP_TEXT", pages.say(request, "apply_step", {{"step", std::to_string(at)}, {"steps", std::to_string(count)}}));
}

void put_errors(const Pages& pages, const web::Request& request, Data& data, const Draft& draft, const Screen& screen) {
    std::vector<std::pair<std::string, std::string>> shown;
    for (const auto& asked : screen.asked)
        if (auto error = draft.errors.find(asked.path); error != draft.errors.end()) {
            auto part = draft.typed.find(wrong_part_key(asked.path));
            const bool within = part != draft.typed.end() && part->second != "street";  // the first field wears the id of the question
            shown.emplace_back(field_id(asked.path) + (within ? "-" + part->second : ""), error->second);
        }
    if (auto error = draft.errors.find("email"); error != draft.errors.end() && screen.kind == Screen::Kind::contact)
        shown.emplace_back("email", error->second);
    if (auto error = draft.errors.find(screen.key); error != draft.errors.end())
        shown.emplace_back(screen.need ? field_id(need_name(*screen.need, screen.indexes)) : screen.asked.empty() ? "entries" : field_id(screen.asked.front().path),
                           error->second);
    if (shown.empty()) return;
    auto& section = data.add("ERRORS_SHOWN");
    section.set("ERROR_COUNT_TEXT", pages.texts.get_n(request.language, "errors_count", std::int64_t(shown.size())));
    for (const auto& [id, line] : shown) section.add("ERRORS").set("ERROR_ID", id).set("ERROR_LINE", line);
}

void put_origin(const Pages& pages, const web::Request& request, Data& data, const Draft& draft, const Screen& screen) {
    for (const auto& asked : screen.asked) {
        if (!draft.sure.contains(asked.path)) continue;
        data.add("ORIGIN")
            .set("ORIGIN_SOURCE", pages.say(request, pages.facts_register.source_key()))
            .set("ORIGIN_DATE", language::format_date(request.language, local_day(draft.begun)))
            .set("ORIGIN_CONSENT", catalogue::norm_text(asked.question->needed_for));
        return;
    }
}

Data step_frame(const Pages& pages, const web::Request& request, const DraftView& view, const Screen& screen, const std::string& title) {
    auto data = pages.site.frame(request, title);
    const std::string base = draft_path(request, view.token);
    data.set("SERVICE_NAME", view.package->say(request.language, view.package->service.name).text);
    data.set("ACTION", base + "/steps/" + screen.key).set("DRAFT_PATH", base).set("NEXT_TEXT", pages.say(request, "apply_next"));
    put_progress(pages, request, data, view.screens, screen);
    put_errors(pages, request, data, view.draft, screen);
    put_standing(pages, request, data, view, screen);
    if (request.query_value("from") == "check")
        data.add("BACK").set("BACK_PATH", base + "/check");
    else if (&screen != view.screens.data())
        data.add("BACK").set("BACK_PATH", base + "/steps/" + (&screen - 1)->key);
    else
        data.add("BACK").set("BACK_PATH", "/" + request.language + "/services/" + view.draft.service);
    data.add("LATER").set("LATER_NAME", "later").set("LATER_VALUE", "yes");
    data.add("PAPER_FORM").set("PAPER_PATH", "/" + request.language + "/services/" + view.draft.service + "/form.pdf");
    data.show_if(!view.draft.entered_by.empty(), "ENTERED_FOR");
    if (request.query_value("from") == "check") data.show("FROM_CHECK");
    return data;
}

Response show_questions(const Pages& pages, const web::Request& request, const DraftView& view, const Screen& screen) {
    const auto& package = *view.package;
    const bool single = screen.asked.size() == 1;
    std::string title = package.say(request.language, screen.step.page->title).text;
    auto data = step_frame(pages, request, view, screen, title);
    data.set("PAGE_TITLE", title);
    const bool names_itself = screen.step.kind == catalogue::Step::Kind::entry && screen.step.page->for_list.empty();  // the person is being entered
    if (!screen.step.title_suffix.empty() && !names_itself) data.add("ABOUT").set("ABOUT_TEXT", screen.step.title_suffix);
    if (!single) data.show("HAS_TITLE");
    const auto defaults = package.form.defaults(screen.step, view.evaluation);
    bool in_german = false;
    for (const auto& asked : screen.asked) {
        auto value = view.draft.answers.at(asked.path);
        if (value.is_null())
            for (const auto& [path, given] : defaults)
                if (path == asked.path) value = given;
        auto error = view.draft.errors.find(asked.path);
        put_question(data.add("QUESTIONS"), {package, pages.texts, request.language, asked, value, view.draft.typed,
                                             error == view.draft.errors.end() ? "" : error->second, fill_text(view, asked.question->label, request.language),
                                             fill_text(view, asked.question->help, request.language), single});
        in_german = in_german || package.say(request.language, asked.question->label).in_german;
    }
    put_origin(pages, request, data, view.draft, screen);
    if (view.draft.typed.contains("warn:" + screen.key)) data.add("WARNING").set("WARNING_TEXT", view.draft.typed.at("warn:" + screen.key));
    for (const auto& asked : screen.asked)
        if (!asked.question->needed_for.empty()) {
            data.add("WHY").set("WHY_NORM", catalogue::norm_text(asked.question->needed_for));
            break;
        }
    data.show_if(in_german, "IN_GERMAN");
    return pages.site.render(request, "apply-step.html", data);
}

/// Somebody added an entry and left it: something in it is not answered yet.
bool unfinished(const DraftView& view, const catalogue::Step& step) {
    const auto path = entry_path(*step.page, step.indexes) + ".";
    const auto& missing = view.evaluation.missing;
    return std::any_of(view.evaluation.visible.begin(), view.evaluation.visible.end(), [&](const catalogue::Asked& asked) {
        const bool here = std::any_of(step.page->questions.begin(), step.page->questions.end(), [&](const auto& q) { return &q == asked.question; });
        return here && asked.path.starts_with(path) && std::find(missing.begin(), missing.end(), asked.path) != missing.end();
    });
}

Response show_entries(const Pages& pages, const web::Request& request, const DraftView& view, const Screen& screen) {
    const auto& page = *screen.step.page;
    auto data = step_frame(pages, request, view, screen, view.package->say(request.language, page.title).text);
    data.set("PAGE_TITLE", view.package->say(request.language, page.title).text);
    data.set("ANOTHER_TEXT", view.package->say(request.language, page.another).text);
    int count = 0;
    const std::string base = draft_path(request, view.token);
    for (const auto& other : view.screens) {
        if (other.step.kind != catalogue::Step::Kind::entry || other.step.page != &page || other.step.key.rfind(screen.key + "/", 0) != 0) continue;
        ++count;
        data.add("ENTRIES")
            .set("ENTRY_NAME", view.entry_name(other.step, request.language, pages.say(request, "apply_entry", {{"number", std::to_string(count)}})))
            .set("ENTRY_PATH", base + "/steps/" + other.key + (request.query_value("from") == "check" ? "?from=check" : ""))
            .set("ENTRY_NUMBER", std::int64_t{count})
            .show_if(unfinished(view, other.step), "ENTRY_OPEN");
    }
    if (!screen.step.title_suffix.empty()) data.add("ABOUT").set("ABOUT_TEXT", screen.step.title_suffix);
    data.show_if(count == 0, "NO_ENTRIES").show_if(count < page.most, "CAN_ADD");
    return pages.site.render(request, "apply-entries.html", data);
}

Response show_paper(const Pages& pages, const web::Request& request, const DraftView& view, const Screen& screen) {
    const auto name = need_name(*screen.need, screen.indexes);
    auto data = step_frame(pages, request, view, screen, pages.say(request, "apply_papers_title"));
    auto& question = data.add("QUESTIONS");
    put_upload(pages, request, question, *view.package, *screen.need, name, view.draft.files, draft_path(request, view.token));
    question.show("Q_TITLE");
    if (auto error = view.draft.errors.find(screen.key); error != view.draft.errors.end()) question.add("Q_ERROR").set("ERROR_TEXT", error->second);
    if (!view.about_person(screen).empty()) data.add("ABOUT").set("ABOUT_TEXT", view.about_person(screen));
    return pages.site.render(request, "apply-paper.html", data);
}

Response show_contact(const Pages& pages, const web::Request& request, const DraftView& view, const Screen& screen) {
    auto data = step_frame(pages, request, view, screen, pages.say(request, "apply_contact_title"));
    auto typed = view.draft.typed.find("email");
    data.set("EMAIL", typed == view.draft.typed.end() ? view.draft.email : typed->second);
    if (auto error = view.draft.errors.find("email"); error != view.draft.errors.end()) data.add("EMAIL_ERROR").set("ERROR_TEXT", error->second);
    const bool signed_in = !view.draft.subject.empty();
    for (std::string_view way : {"inbox", "post", "counter"}) {
        if (way == "inbox" && !signed_in) continue;  // a notice is shown only to somebody who has proved who she is
        data.add("WAYS")
            .set("WAY", std::string(way))
            .set("WAY_TEXT", pages.say(request, "delivery_" + std::string(way)))
            .set("WAY_HINT", pages.say(request, "delivery_" + std::string(way) + "_hint"))
            .show_if(view.draft.delivery == way, "WAY_CHOSEN");
    }
    data.show_if(!signed_in, "ON_LINK");
    return pages.site.render(request, "apply-contact.html", data);
}

Response show_screen(const Pages& pages, const web::Request& request) {
    auto view = open_draft(pages, request);
    if (!view) return pages.site.error(request, 404, "draft_unknown");
    auto key = request.parameters.contains("rest") ? request.parameters.at("rest") : "";
    if (key.empty()) return web::redirect(draft_path(request, view->token) + "/steps/" + view->screens.front().key);
    const auto* screen = find_screen(view->screens, key);
    if (!screen) return web::redirect(draft_path(request, view->token) + "/check");  // no longer asked of this household
    switch (screen->kind) {
        case Screen::Kind::entries: return show_entries(pages, request, *view, *screen);
        case Screen::Kind::paper: return show_paper(pages, request, *view, *screen);
        case Screen::Kind::contact: return show_contact(pages, request, *view, *screen);
        case Screen::Kind::questions: break;
    }
    return show_questions(pages, request, *view, *screen);
}

// -- answers come in ---------------------------------------------------------------------------------------------------------------

bool on_screen(const Screen& screen, std::string_view path) {
    return std::any_of(screen.asked.begin(), screen.asked.end(), [&](const auto& asked) { return asked.path == path; });
}

/// Failures that belong to this screen: of its own fields, and page-wide ones when it is the last of its page or the field is here.
std::vector<catalogue::Failed> failures_here(const Screen& screen, const std::vector<catalogue::Failed>& all) {
    std::vector<catalogue::Failed> here;
    for (const auto& failed : all)
        if (on_screen(screen, failed.path) || (failed.check && screen.last_of_step)) here.push_back(failed);
    return here;
}

void forget_typed(Draft& draft, const Screen& screen) {
    for (const auto& asked : screen.asked) {
        draft.errors.erase(asked.path);
        for (const char* suffix : {"", "-day", "-month", "-year", "-street", "-number", "-postcode", "-place"}) draft.typed.erase(asked.path + suffix);
    }
    for (const auto& asked : screen.asked) draft.typed.erase(wrong_part_key(asked.path));
    draft.typed.erase("warn:" + screen.key);
    draft.errors.erase(screen.key);
}

void keep_typed(Draft& draft, const Screen& screen, const std::multimap<std::string, std::string>& fields) {
    for (const auto& [name, value] : fields)
        if (name != "csrf" && std::any_of(screen.asked.begin(), screen.asked.end(), [&](const auto& a) { return name.starts_with(a.path); }))
            draft.typed[name] = value.substr(0, 5000);
}

void take_values(Draft& draft, const Screen& screen, const catalogue::Form& form, const catalogue::Posted& posted) {
    for (const auto& [path, value] : posted.values) {
        const auto* question = form.question_at(path);
        const bool mine = on_screen(screen, path) || (question && question->kind != catalogue::Question::Kind::ask);
        if (!mine) continue;
        if (!(draft.answers.at(path) == value)) draft.sure.erase(path);  // changed by hand: now only stated
        draft.answers = value.is_null() ? draft.answers.without(path) : draft.answers.with(path, value);
    }
}

Response post_questions(const Pages& pages, const web::Request& request, DraftView& view, const Screen& screen) {
    auto& draft = view.draft;
    const auto fields = fields_of(request);
    auto catalogue = pages.catalogue();
    auto posted = view.package->form.parse(screen.step, view.evaluation, draft.answers, view.around, fields, request.language, catalogue->city());
    auto failed = failures_here(screen, posted.failed);
    forget_typed(draft, screen);
    const bool hard = std::any_of(failed.begin(), failed.end(), [](const auto& f) { return !f.warn; });
    const bool confirmed = request.field("confirm") == "yes";
    if (hard || (!failed.empty() && !confirmed)) {
        keep_typed(draft, screen, fields);
        for (const auto& failure : failed) {
            auto sentence = failure.check ? fill_text(view, failure.check->say, request.language)
                                          : pages.say(request, failure.code, failure.args);
            if (failure.warn) {
                draft.typed["warn:" + screen.key] = sentence;
            } else {
                draft.errors[on_screen(screen, failure.path) ? failure.path : screen.key] = sentence;
                for (const char* part : {"street", "number", "postcode", "place"})
                    if (failure.code == std::string("field_address_") + part) draft.typed[wrong_part_key(failure.path)] = part;
            }
        }
        return save_and_go(pages, request, view, draft_path(request, view.token) + "/steps/" + screen.key);
    }
    for (const auto& failure : failed)
        if (failure.check) draft.confirmed_warnings.push_back(failure.check->say.place);
    take_values(draft, screen, view.package->form, posted);
    return save_and_go_on(pages, request, view, screen.key);
}

/// What is wrong with a list as a whole: an entry that was left half empty, or a check of its page ("exactly one person is you").
std::string wrong_list(const Pages& pages, const web::Request& request, const DraftView& view, const Screen& screen) {
    int number = 0;
    for (const auto& other : view.screens) {
        if (other.step.kind != catalogue::Step::Kind::entry || other.step.page != screen.step.page || !other.key.starts_with(screen.key + "/")) continue;
        ++number;
        if (unfinished(view, other.step))
            return pages.say(request, "apply_entry_open",
                             {{"entry", view.entry_name(other.step, request.language, pages.say(request, "apply_entry", {{"number", std::to_string(number)}}))}});
    }
    const auto list = list_path(*screen.step.page, screen.step.indexes);
    for (const auto& failed : view.evaluation.failed)
        if (failed.check && !failed.warn && failed.path == list) return fill_text(view, failed.check->say, request.language);
    return "";
}

Response post_entries(const Pages& pages, const web::Request& request, DraftView& view, const Screen& screen) {
    const auto& page = *screen.step.page;
    const std::string list = list_path(page, screen.step.indexes);
    const auto entries = view.draft.answers.at(list);
    const std::size_t count = entries.kind() == feel::Kind::list ? entries.as_list().size() : 0;
    const std::string here = draft_path(request, view.token) + "/steps/" + screen.key;
    view.draft.errors.erase(screen.key);
    if (auto remove = request.field("remove"); !remove.empty()) {
        const int number = remove.size() < 4 && remove.find_first_not_of("0123456789") == std::string_view::npos ? std::stoi(std::string(remove)) : 0;
        if (number < 1 || std::size_t(number) > count) return save_and_go(pages, request, view, here);
        for (const auto& file : remove_entry(view.draft, view.package->form, screen.step, number)) pages.drafts.remove_file(view.token, file.attachment);
        return save_and_go(pages, request, view, here);
    }
    if (request.field("action") == "add" && int(count) < page.most) {
        view.draft.answers = view.draft.answers.with(list + "[" + std::to_string(count + 1) + "]", feel::Value::context({}));
        return save_and_go(pages, request, view, here + "/" + std::to_string(count + 1));
    }
    if (int(count) < page.least) {
        view.draft.errors[screen.key] = pages.texts.get_n(request.language, "apply_too_few_entries", page.least);
        return save_and_go(pages, request, view, here);
    }
    if (auto wrong = wrong_list(pages, request, view, screen); !wrong.empty()) {
        view.draft.errors[screen.key] = wrong;
        return save_and_go(pages, request, view, here);
    }
    if (count == 0) view.draft.answers = view.draft.answers.with(list, feel::Value::list({}));
    return save_and_go_on(pages, request, view, screen.key);
}

Response post_contact(const Pages& pages, const web::Request& request, DraftView& view, const Screen& screen) {
    auto& draft = view.draft;
    draft.errors.erase("email");
    draft.typed.erase("email");
    std::string email{trim(request.field("email"))};
    if (!email.empty() && !looks_like_email(email)) {
        draft.typed["email"] = email;
        draft.errors["email"] = pages.say(request, "field_email");
        return save_and_go(pages, request, view, draft_path(request, view.token) + "/steps/" + screen.key);
    }
    draft.email = email;
    auto way = request.field("delivery");
    if (way == "post" || way == "counter" || (way == "inbox" && !draft.subject.empty())) draft.delivery = std::string(way);
    return save_and_go_on(pages, request, view, screen.key);
}

Response post_screen(const Pages& pages, const web::Request& request) {
    auto view = open_draft(pages, request);
    if (!view) return pages.site.error(request, 404, "draft_unknown");
    const auto* found = find_screen(view->screens, request.parameters.at("rest"));
    if (!found) return web::redirect(draft_path(request, view->token) + "/check");
    const Screen screen = *found;
    if (request.field("later") == "yes") return web::redirect(draft_path(request, view->token));
    switch (screen.kind) {
        case Screen::Kind::entries: return post_entries(pages, request, *view, screen);
        case Screen::Kind::contact: return post_contact(pages, request, *view, screen);
        case Screen::Kind::paper: return post_paper(pages, request, *view, screen);
        case Screen::Kind::questions: break;
    }
    return post_questions(pages, request, *view, screen);
}

}  // namespace

std::vector<web::Route> apply_routes(const Pages& pages) {
    std::vector<web::Route> routes{
        {"POST", "/{lang}/services/{service}/begin", web::Kind::form, [pages](const web::Request& request) { return begin(pages, request); }},
        {"GET", "/{lang}/drafts/{token}/steps", web::Kind::page, for_owner(pages, show_screen)},
        {"GET", "/{lang}/drafts/{token}/steps/{rest...}", web::Kind::page, for_owner(pages, show_screen)},
        {"POST", "/{lang}/drafts/{token}/steps/{rest...}", web::Kind::upload, for_owner(pages, post_screen)},
    };
    for (auto& route : send_routes(pages)) routes.push_back(std::move(route));
    for (auto& route : what_if_routes(pages)) routes.push_back(std::move(route));
    return routes;
}

}  // namespace kiepe::casework
