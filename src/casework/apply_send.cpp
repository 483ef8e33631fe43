// Overview of a draft, papers, check your answers, send, discard.
#include <algorithm>

#include "base/date.h"
#include "base/text.h"
#include "casework/apply_support.h"
#include "casework/question_data.h"
#include "catalogue/catalogue_pages.h"
#include "identity/assurance.h"

namespace kiepe::casework {

using web::Data;
using web::Response;

// -- papers --------------------------------------------------------------------------------------------------------------------------

void put_upload(const Pages& pages, const web::Request& request, Data& question, const catalogue::Package& package, const catalogue::Need& need,
                const std::string& name, const std::vector<DraftFile>& files, const std::string& base) {
    auto label = [&](const std::string& code) {
        const auto* paper = package.form.paper(code);
        return paper ? package.say(request.language, paper->label).text : code;
    };
    std::vector<std::string> labels;
    for (const auto& code : need.any_of) labels.push_back(label(code));
    question.set("Q_ID", field_id(name)).set("Q_NAME", "file").set("Q_LABEL", join(labels, pages.say(request, "apply_or")));
    question.set("UPLOAD_PATH", base + "/files/" + name).set("UPLOAD_LIMIT_TEXT", pages.say(request, "upload_limit", {{"size", language::format_size(request.language, std::int64_t(pages.uploads.max_bytes))}})).set("ACCEPT", "image/*,application/pdf");
    if (!need.needed_for.empty()) question.add("Q_HINT").set("HINT_TEXT", pages.say(request, "apply_paper_why", {{"norm", catalogue::norm_text(need.needed_for)}}));
    if (need.any_of.size() > 1) {
        auto& several = question.add("SEVERAL_KINDS");
        for (std::size_t i = 0; i < need.any_of.size(); ++i)
            several.add("PAPER_KINDS").set("PAPER_KIND", need.any_of[i]).set("PAPER_KIND_TEXT", labels[i]).show_if(i == 0, "PAPER_KIND_CHOSEN");
    }
    if (!need.later.empty()) question.add("UPLOAD_LATER").set("LATER_TEXT", pages.say(request, "apply_paper_later"));
    for (const auto& file : files) {
        if (file.need != name) continue;
        auto& entry = question.add("FILES");
        entry.set("FILE_NAME", file.name.empty() ? label(file.paper) : file.name)
            .set("FILE_SIZE", language::format_size(request.language, file.size))
            .set("FILE_KEY", std::to_string(file.attachment))
            .set("VERDICT_TEXT", pages.say(request, "upload_readable", {{"paper", label(file.paper)}}));
        entry.show("VERDICT_OK").add("FILE_VIEW").set("VIEW_PATH", base + "/file/" + std::to_string(file.attachment));
    }
}

namespace {

struct Taken {
    std::string error;      ///< sentence for people; empty: taken
    DraftFile file;
};

/// Judges one file and puts it, encrypted, beside the draft.
Taken take_file(const Pages& pages, const web::Request& request, const DraftView& view, const catalogue::Need& need, const std::string& name,
                const web::Field& sent) {
    std::string paper{request.field("paper")};
    if (std::find(need.any_of.begin(), need.any_of.end(), paper) == need.any_of.end()) paper = need.any_of.front();
    auto verdict = documents::check_upload(sent.value, sent.filename, upload_rules(pages, *view.package, paper));
    if (!verdict.accepted) return {pages.say(request, verdict.code), {}};
    Taken taken;
    taken.file = {0, name, paper, verdict.name, verdict.type, std::int64_t(verdict.bytes.size()), std::max(1, verdict.pages), verdict.text.substr(0, 20'000)};
    taken.file.attachment = pages.drafts.put_file(view.token, verdict.bytes, verdict.type, verdict.name);
    return taken;
}

constexpr std::size_t kMostFiles = 60;

const Screen* paper_screen(const DraftView& view, std::string_view name) { return find_screen(view.screens, "paper/" + std::string(name)); }

/// For the script: one file, judged at once, answered as JSON. The sentences come from the catalogue; only quotes need care here.
Response post_file(const Pages& pages, const web::Request& request) {
    auto view = open_draft(pages, request);
    const auto* screen = view ? paper_screen(*view, request.parameters.at("rest")) : nullptr;
    const auto* sent = request.file("file");
    auto json = [](bool ok, const std::string& text, const std::string& name, const std::string& size) {
        auto quoted = [](const std::string& t) { return feel::to_json(feel::Value::string(t)); };
        auto response = web::text("{\"verdict\":\"" + std::string(ok ? "ok" : "warn") + "\",\"text\":" + quoted(text) + ",\"name\":" + quoted(name) +
                                      ",\"size\":" + quoted(size) + "}", 200);  // the request was understood: the verdict is its answer
        response.type = "application/json; charset=utf-8";
        return response;
    };
    if (!screen || !sent) return json(false, pages.say(request, "upload.broken"), "", "");
    if (view->draft.files.size() >= kMostFiles) return json(false, pages.say(request, "upload_too_many_files"), "", "");
    auto taken = take_file(pages, request, *view, *screen->need, need_name(*screen->need, screen->indexes), *sent);
    if (!taken.error.empty()) return json(false, taken.error, sent->filename, language::format_size(request.language, std::int64_t(sent->value.size())));
    const std::string key = screen->key;
    bool saved = false;
    for (int attempt = 0; attempt < 3 && view && !saved; ++attempt) {  // the page itself may be sent meanwhile: put the file into what is there now
        if (attempt > 0) view = open_draft(pages, request);
        if (!view) break;
        view->draft.files.push_back(taken.file);
        view->draft.errors.erase(key);
        saved = pages.drafts.save(view->token, view->draft);
    }
    if (!saved) return json(false, pages.say(request, "error_409_title"), sent->filename, "");
    return json(true, pages.say(request, "upload_ok"), taken.file.name, language::format_size(request.language, taken.file.size));
}

Response show_file(const Pages& pages, const web::Request& request) {
    auto view = open_draft(pages, request);
    if (!view) return pages.site.error(request, 404, "draft_unknown");
    for (const auto& file : view->draft.files)
        if (std::to_string(file.attachment) == request.parameters.at("file"))
            if (auto bytes = pages.drafts.file_bytes(view->token, file.attachment)) return web::bytes(*bytes, file.type, file.name);
    return pages.site.error(request, 404, "file_unknown");
}

// -- overview ------------------------------------------------------------------------------------------------------------------------

Response show_draft(const Pages& pages, const web::Request& request) {
    auto view = open_draft(pages, request);
    if (!view) return pages.site.error(request, 404, "draft_unknown");
    auto data = pages.site.frame(request, pages.say(request, "draft_title"));
    const std::string base = draft_path(request, view->token);
    auto answered = std::count_if(view->screens.begin(), view->screens.end(), [&](const Screen& s) {
        return std::find(view->draft.seen.begin(), view->draft.seen.end(), s.key) != view->draft.seen.end();
    });
    auto next = std::find_if(view->screens.begin(), view->screens.end(), [&](const Screen& s) {
        return std::find(view->draft.seen.begin(), view->draft.seen.end(), s.key) == view->draft.seen.end();
    });
    data.set("SERVICE_NAME", view->package->say(request.language, view->package->service.name).text)
        .set("CONTINUE_PATH", next == view->screens.end() ? base + "/check" : base + "/steps/" + next->key)
        .set("LINK", pages.origin(request) + base)
        .set("EXPIRES", language::format_date(request.language, view->draft.expires))
        .set("ANSWERED", pages.say(request, "draft_answered", {{"done", std::to_string(answered)}, {"all", std::to_string(view->screens.size())}}))
        .set("QR_PATH", base + "/qr.svg")
        .set("DISCARD_PATH", base + "/discard");
    return pages.site.render(request, "draft.html", data);
}

Response draft_qr(const Pages& pages, const web::Request& request) {
    if (!pages.drafts.load(request.parameters.at("token"))) return pages.site.error(request, 404, "draft_unknown");
    return web::bytes(documents::qr_svg(pages.origin(request) + draft_path(request, request.parameters.at("token"))), "image/svg+xml", "");
}

Response ask_discard(const Pages& pages, const web::Request& request) {
    auto view = open_draft(pages, request);
    if (!view) return pages.site.error(request, 404, "draft_unknown");
    auto data = pages.site.frame(request, pages.say(request, "draft_discard_title"));
    data.set("CONFIRM_TITLE", pages.say(request, "draft_discard_title")).set("CONFIRM_TEXT", pages.say(request, "draft_discard_text"));
    data.set("CONFIRM_ACTION", draft_path(request, view->token) + "/discard").set("CONFIRM_BUTTON", pages.say(request, "draft_discard_button"));
    data.set("CANCEL_PATH", draft_path(request, view->token)).set("CANCEL_TEXT", pages.say(request, "draft_keep"));
    return pages.site.render(request, "confirm.html", data);
}

Response discard(const Pages& pages, const web::Request& request) {
    pages.drafts.discard(request.parameters.at("token"));
    auto data = pages.site.frame(request, pages.say(request, "draft_discarded_title"));
    data.set("DONE_TITLE", pages.say(request, "draft_discarded_title")).set("DONE_TEXT", pages.say(request, "draft_discarded_text"));
    return pages.site.render(request, "done.html", data);
}

// -- check and send ----------------------------------------------------------------------------------------------------------------------

/// "Inge Muster" for what is asked about her; "Inge Muster, Rente" for one of her incomes.
std::string group_about(const DraftView& view, const Screen& screen, std::string_view language) {
    const auto& step = screen.step;
    if (step.kind != catalogue::Step::Kind::entry || step.page->for_list.empty()) return step.title_suffix;
    const auto name = view.entry_name(step, language, "");
    return name.empty() ? step.title_suffix : step.title_suffix + ", " + name;
}

/// A list as one row, so that an entry can be added or taken away from here.
void put_list(const Pages& pages, const web::Request& request, Data& data, const DraftView& view, const Screen& screen) {
    std::vector<std::string> names;
    for (const auto& other : view.screens)
        if (other.step.kind == catalogue::Step::Kind::entry && other.step.page == screen.step.page && other.key.starts_with(screen.key + "/"))
            names.push_back(view.entry_name(other.step, request.language, pages.say(request, "apply_entry", {{"number", std::to_string(names.size() + 1)}})));
    auto& group = data.add("GROUPS");
    group.set("GROUP_TITLE", pages.say(request, "check_list", {{"list", view.package->say(request.language, screen.step.page->title).text}}));
    if (!screen.step.title_suffix.empty()) group.add("GROUP_ABOUT").set("ABOUT_TEXT", screen.step.title_suffix);
    auto& fact = group.add("FACTS");
    fact.set("FACT_LABEL", pages.say(request, "check_list_label")).set("FACT_TEXT", names.empty() ? pages.say(request, "no_entries") : join(names, ", "));
    fact.add("FACT_CHANGE").set("CHANGE_PATH", draft_path(request, view.token) + "/steps/" + screen.key + "?from=check");
}

/// The list that a screen is, or is an entry of: it stands above its entries.
const Screen* list_of(const DraftView& view, const Screen& screen) {
    if (screen.kind == Screen::Kind::entries) return &screen;
    if (screen.step.kind != catalogue::Step::Kind::entry || screen.asked.empty()) return nullptr;
    return find_screen(view.screens, screen.step.key.substr(0, screen.step.key.rfind('/')));
}

void put_facts(const Pages& pages, const web::Request& request, Data& data, const DraftView& view) {
    const std::string base = draft_path(request, view.token);
    Data* group = nullptr;
    std::string group_key;
    const Screen* listed = nullptr;
    for (const auto& screen : view.screens) {
        if (const auto* list = list_of(view, screen); list && list != listed) put_list(pages, request, data, view, *(listed = list));
        if (screen.asked.empty()) continue;
        const std::string key = screen.step.key;
        if (key != group_key) {
            group = &data.add("GROUPS");
            group->set("GROUP_TITLE", view.package->say(request.language, screen.step.page->title).text);
            if (auto about = group_about(view, screen, request.language); !about.empty()) group->add("GROUP_ABOUT").set("ABOUT_TEXT", about);
            group_key = key;
        }
        for (const auto& asked : screen.asked) {
            auto value = view.draft.answers.at(asked.path);
            if (value.is_null() && asked.question->optional) continue;
            auto& fact = group->add("FACTS");
            fact.set("FACT_LABEL", fill_text(view, asked.question->label, request.language));
            fact.set("FACT_TEXT", value.is_null() ? pages.say(request, "apply_not_answered")
                                                  : catalogue::answer_text(*asked.question, value, request.language, *view.package));
            if (value.is_null()) fact.add("FACT_WARNING").set("WARNING_TEXT", pages.say(request, "apply_missing"));
            if (view.draft.sure.contains(asked.path))
                fact.add("FACT_SOURCE").set("SOURCE_ICON", "lock").set("SOURCE_TEXT", pages.say(request, pages.facts_register.source_key()));
            fact.add("FACT_CHANGE").set("CHANGE_PATH", base + "/steps/" + screen.key + "?from=check");
        }
    }
}

std::string paper_label(const Pages& pages, const web::Request& request, const DraftView& view, const Screen& screen) {
    std::vector<std::string> labels;
    for (const auto& code : screen.need->any_of)
        if (const auto* paper = view.package->form.paper(code)) labels.push_back(view.package->say(request.language, paper->label).text);
    const auto about = view.about_person(screen);
    return join(labels, pages.say(request, "apply_or")) + (about.empty() ? "" : " (" + about + ")");
}

void put_papers(const Pages& pages, const web::Request& request, Data& data, const DraftView& view) {
    const std::string base = draft_path(request, view.token);
    for (const auto& screen : view.screens) {
        if (screen.kind != Screen::Kind::paper) continue;
        const auto name = need_name(*screen.need, screen.indexes);
        std::vector<std::string> files;
        for (const auto& file : view.draft.files)
            if (file.need == name) files.push_back(file.name);
        auto& fact = data.add("PAPERS_SHOWN_ROWS");
        fact.set("FACT_LABEL", paper_label(pages, request, view, screen));
        fact.set("FACT_TEXT", files.empty() ? pages.say(request, screen.need->later.empty() ? "apply_paper_missing" : "apply_paper_follows") : join(files, ", "));
        if (files.empty()) fact.add("FACT_WARNING").set("WARNING_TEXT", pages.say(request, screen.need->later.empty() ? "apply_missing" : "apply_paper_we_ask"));
        fact.add("FACT_CHANGE").set("CHANGE_PATH", base + "/steps/" + screen.key + "?from=check");
    }
}

/// What stands in the way of sending, each with the screen that mends it: Cases::submit refuses the same things.
std::vector<std::pair<std::string, const Screen*>> obstacles(const Pages& pages, const web::Request& request, const DraftView& view) {
    std::vector<std::pair<std::string, const Screen*>> found;
    for (const auto& path : view.evaluation.missing) {
        const auto* screen = screen_of_path(view.screens, path);
        const auto* question = view.package->form.question_at(path);
        auto text = question ? fill_text(view, question->label, request.language)
                    : screen ? view.package->say(request.language, screen->step.page->title).text
                             : path;
        if (screen && !screen->step.title_suffix.empty()) text += " (" + screen->step.title_suffix + ")";
        found.emplace_back(text, screen);
    }
    const auto& confirmed = view.draft.confirmed_warnings;
    for (const auto& failed : view.evaluation.failed) {
        const bool accepted = failed.warn && failed.check && std::find(confirmed.begin(), confirmed.end(), failed.check->say.place) != confirmed.end();
        if (accepted) continue;
        found.emplace_back(failed.check ? fill_text(view, failed.check->say, request.language) : pages.say(request, failed.code, failed.args),
                           screen_of_path(view.screens, failed.path));
    }
    for (const auto& screen : view.screens) {
        if (screen.kind != Screen::Kind::paper || !screen.need->later.empty()) continue;
        const auto name = need_name(*screen.need, screen.indexes);
        if (std::none_of(view.draft.files.begin(), view.draft.files.end(), [&](const DraftFile& file) { return file.need == name; }))
            found.emplace_back(paper_label(pages, request, view, screen), &screen);
    }
    return found;
}

void put_missing(const Pages& pages, const web::Request& request, Data& data, const DraftView& view) {
    const auto found = obstacles(pages, request, view);
    data.show_if(found.empty(), "CAN_SEND");
    if (found.empty()) return;
    auto& section = data.add("ERRORS_SHOWN");
    section.set("ERROR_COUNT_TEXT", pages.texts.get_n(request.language, "missing_count", std::int64_t(found.size())));
    for (const auto& [text, screen] : found)
        section.add("MISSING").set("MISSING_TEXT", text).set("MISSING_PATH", draft_path(request, view.token) + "/steps/" +
                                                                                (screen ? screen->key : view.screens.front().key) + "?from=check");
}

Response show_check(const Pages& pages, const web::Request& request) {
    auto view = open_draft(pages, request);
    if (!view) return pages.site.error(request, 404, "draft_unknown");
    auto catalogue = pages.catalogue();
    const auto today = local_day(pages.clock.now());
    const std::string base = draft_path(request, view->token);
    auto data = pages.site.frame(request, pages.say(request, "check_title"));
    data.set("SERVICE_NAME", view->package->say(request.language, view->package->service.name).text)
        .set("ACTION", base + "/send")
        .set("DRAFT_PATH", base)
        .set("CONTACT_PATH", base + "/steps/contact?from=check")
        .set("EMAIL", view->draft.email.empty() ? pages.say(request, "check_no_email") : view->draft.email)
        .set("DELIVERY", pages.say(request, "delivery_" + view->draft.delivery));
    data.add("BACK").set("BACK_PATH", base + "/steps/contact");
    put_missing(pages, request, data, *view);
    put_facts(pages, request, data, *view);
    put_papers(pages, request, data, *view);
    data.show_if(!view->evaluation.needs.empty(), "PAPERS_SHOWN");
    auto prepared = prepare(*view->package, catalogue->law(), catalogue->city(), application_of(*view, today));
    // Reasons that stand already are said before anybody looks for papers or answers the rest.
    const auto standing = prepared.outcome.empty() ? pre_check(*view->package, catalogue->law(), catalogue->city(), application_of(*view, today)) : prepared;
    for (const auto& code : standing.reasons)
        if (auto reason = view->package->reasons.find(code); reason != view->package->reasons.end())
            data.add("AGAINST").set("AGAINST_TEXT", render_text(*view->package, reason->second.say, request.language, standing));
    if (auto fee = prepared.values.find(view->package->service.fee.decision);
        !view->package->service.fee.none && fee != prepared.values.end() && fee->second.kind() == feel::Kind::number)
        data.add("FEE").set("FEE_TEXT", language::format_money(request.language, fee->second.as_number()));
    if (!standing.reasons.empty()) data.add("HAS_AGAINST").set("WHAT_IF_PATH", base + "/what-if");
    data.show_if(view->evaluation.has_remark, "HAS_REMARK").show_if(view->draft.subject.empty(), "ON_LINK");
    return pages.site.render(request, "apply-check.html", data);
}

Response send(const Pages& pages, const web::Request& request) {
    const auto& token = request.parameters.at("token");
    std::vector<std::string> confirmed;
    if (auto draft = pages.drafts.load(token)) {
        // The level belongs to the submission: whoever began with a better sign-in sends with one as well.
        const auto* package = pages.catalogue()->package(draft->service);
        const auto session = pages.session(request);
        if (package && draft->entered_by.empty() && !draft->subject.empty() &&
            !identity::is_enough(session && session->person ? session->person->level : "none", package->service.identity_level))
            return pages.site.error(request, 403, "level_too_low");
        confirmed = draft->confirmed_warnings;
    }
    auto receipt = pages.cases.submit(token, confirmed);
    if (receipt) return web::redirect("/" + request.language + "/cases/" + receipt->case_token + "/receipt");
    if (receipt.error().code == "draft_incomplete" || receipt.error().code == "warning_open") return web::redirect(draft_path(request, token) + "/check");
    if (receipt.error().code == "sign_in_needed") return web::redirect("/" + request.language + "/sign-in?return=/drafts/" + token + "/check");
    return pages.site.error(request, 404, receipt.error().code);
}

}  // namespace

Application application_of(const DraftView& view, Day received) {
    Application application;
    application.answers = view.draft.answers;
    application.sure = view.draft.sure;
    application.papers = papers_of(view.draft);
    application.received = received;
    application.channel = view.draft.channel;
    return application;
}

Response post_paper(const Pages& pages, const web::Request& request, DraftView& view, const Screen& screen) {
    auto& draft = view.draft;
    const auto name = need_name(*screen.need, screen.indexes);
    const std::string here = draft_path(request, view.token) + "/steps/" + screen.key;
    draft.errors.erase(screen.key);
    if (auto remove = request.field("remove"); !remove.empty()) {
        auto file = std::find_if(draft.files.begin(), draft.files.end(),
                                 [&](const DraftFile& f) { return f.need == name && std::to_string(f.attachment) == remove; });
        if (file != draft.files.end()) {
            pages.drafts.remove_file(view.token, file->attachment);
            draft.files.erase(file);
        }
        return save_and_go(pages, request, view, here);
    }
    const auto* sent = request.file("file");
    if (sent && draft.files.size() >= kMostFiles) {
        draft.errors[screen.key] = pages.say(request, "upload_too_many_files");
        return save_and_go(pages, request, view, here);
    }
    if (sent) {
        auto taken = take_file(pages, request, view, *screen.need, name, *sent);
        if (!taken.error.empty())
            draft.errors[screen.key] = taken.error;
        else
            draft.files.push_back(taken.file);
        if (!taken.error.empty() || !request.field("upload").empty()) return save_and_go(pages, request, view, here);
    } else if (!request.field("upload").empty()) {
        draft.errors[screen.key] = pages.say(request, "upload_choose_first");
        return save_and_go(pages, request, view, here);
    }
    return save_and_go_on(pages, request, view, screen.key);
}

std::vector<web::Route> send_routes(const Pages& pages) {
    auto with = [pages](DraftHandler handler) { return for_owner(pages, handler); };
    return {
        {"GET", "/{lang}/drafts/{token}", web::Kind::page, with(show_draft)},
        {"GET", "/{lang}/drafts/{token}/qr.svg", web::Kind::page, with(draft_qr)},
        {"GET", "/{lang}/drafts/{token}/discard", web::Kind::page, with(ask_discard)},
        {"POST", "/{lang}/drafts/{token}/discard", web::Kind::form, with(discard)},
        {"POST", "/{lang}/drafts/{token}/files/{rest...}", web::Kind::upload, with(post_file)},
        {"GET", "/{lang}/drafts/{token}/file/{file}", web::Kind::page, with(show_file)},
        {"GET", "/{lang}/drafts/{token}/check", web::Kind::page, with(show_check)},
        {"POST", "/{lang}/drafts/{token}/send", web::Kind::form, with(send)},
    };
}

}  // namespace kiepe::casework
