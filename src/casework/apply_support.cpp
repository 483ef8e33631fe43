#include "casework/apply_support.h"

#include <algorithm>
#include <mutex>

#include "base/date.h"
#include "base/text.h"

namespace kiepe::casework {
namespace {

/// A form keeps the version it began with: the newest package where the hash is the same, else the stored one.
std::shared_ptr<const catalogue::Package> package_of(const Pages& pages, const std::shared_ptr<const catalogue::Catalogue>& catalogue,
                                                     const Draft& draft) {
    const auto* newest = catalogue->package(draft.service);
    if (newest && newest->hash == draft.package_hash) return {catalogue, newest};
    std::optional<std::map<std::string, std::string>> files;
    pages.database.read([&](store::Session& session) { files = catalogue::version(session, draft.package_hash); });
    if (files) {
        std::vector<catalogue::Finding> findings;
        auto read = catalogue::read_package(*files, catalogue->law(), catalogue->city(), std::make_shared<language::Texts>(pages.texts), findings);
        if (read) return *read;
    }
    return newest ? std::shared_ptr<const catalogue::Package>(catalogue, newest) : nullptr;
}

}  // namespace

std::string Pages::origin(const web::Request& request) const {
    if (!public_origin.empty()) return public_origin;
    return "http://" + std::string(request.header("host"));
}

std::optional<identity::Session> Pages::session(const web::Request& request) const {
    if (request.session_token.empty()) return std::nullopt;
    return identity.session(request.session_token);
}

std::string DraftView::about_person(const Screen& screen) const {
    if (!screen.need || screen.need->for_list.empty() || screen.indexes.empty()) return "";
    const auto person = evaluation.context.at(screen.need->for_list + "[" + std::to_string(screen.indexes.front()) + "]");
    for (const auto& page : package->form.pages)
        if (page.add_list == screen.need->for_list && page.called) {
            auto context = evaluation.context.with(page.add_variable, person);
            auto name = page.called->evaluate(context);
            if (name.kind() == feel::Kind::string) return name.as_string();
        }
    return std::to_string(screen.indexes.front());
}

std::string DraftView::entry_name(const catalogue::Step& step, std::string_view language, const std::string& otherwise) const {
    const auto& page = *step.page;
    if (!page.called) return otherwise;
    const auto path = entry_path(page, step.indexes);
    auto context = evaluation.context.with(page.add_variable, evaluation.context.at(path));
    if (!page.for_variable.empty())
        context = context.with(page.for_variable, evaluation.context.at(page.for_list + "[" + std::to_string(step.indexes.front()) + "]"));
    const auto value = page.called->evaluate(context);
    if (value.kind() != feel::Kind::string || trim(value.as_string()).empty()) return otherwise;
    for (const auto& question : page.questions)  // called by one of its choices: the words, not the code
        for (const auto& [code, text] : question.options)
            if (code == value.as_string()) return package->say(language, text).text;
    return std::string(trim(value.as_string()));
}

web::Handler for_owner(const Pages& pages, DraftHandler handler) {
    return [pages, handler](const web::Request& request) {
        const auto& token = request.parameters.at("token");
        const auto draft = pages.drafts.load(token);
        if (!draft || (draft->subject.empty() && draft->entered_by.empty())) return handler(pages, request);
        const auto session = pages.session(request);
        const bool on_paper = !draft->entered_by.empty();
        if (on_paper ? session && session->staff && may_act_on_cases(*session->staff) : session && session->person && session->person->subject == draft->subject)
            return handler(pages, request);
        if (session && (session->person || session->staff)) return pages.site.error(request, 403, on_paper ? "draft_of_staff" : "draft_of_somebody_else");
        return web::redirect("/" + request.language + (on_paper ? "/desk" : "") + "/sign-in?return=/drafts/" + token);
    };
}

std::optional<DraftView> open_draft(const Pages& pages, const web::Request& request) {
    const auto& token = request.parameters.at("token");
    auto draft = pages.drafts.load(token);
    if (!draft) return std::nullopt;
    auto catalogue = pages.catalogue();
    auto package = package_of(pages, catalogue, *draft);
    if (!package) return std::nullopt;
    DraftView view;
    view.token = token;
    view.draft = std::move(*draft);
    view.package = std::move(package);
    view.around = surroundings_of(*catalogue, *view.package, local_day(pages.clock.now()), view.draft.channel);
    view.evaluation = view.package->form.evaluate(view.draft.answers, view.around);
    view.screens = screens(view.package->form, view.evaluation);
    return view;
}

std::string draft_path(const web::Request& request, std::string_view token) {
    return "/" + request.language + "/drafts/" + std::string(token);
}

std::string fill_text(const DraftView& view, const catalogue::Text& text, std::string_view language) {
    if (text.empty()) return "";
    if (text.german.find("{{") == std::string::npos) return view.package->say(language, text).text;
    Preparation known;
    known.context = view.evaluation.context;
    for (const auto& [name, value] : view.around.acts) known.context = known.context.with(name, value);
    return render_text(*view.package, text, language, known);
}

web::Response save_and_go(const Pages& pages, const web::Request& request, DraftView& view, const std::string& path) {
    view.draft.changed = pages.clock.now();
    view.draft.language = request.language;
    if (!pages.drafts.save(view.token, view.draft)) return pages.site.error(request, 409, "draft_changed");
    // Who came from the check page is led back to it, over however many screens.
    const bool keep = request.field("from") == "check" && path.find("/steps/") != std::string::npos;
    return web::redirect(keep ? path + "?from=check" : path);
}

web::Response save_and_go_on(const Pages& pages, const web::Request& request, DraftView& view, const std::string& key) {
    auto& seen = view.draft.seen;
    if (std::find(seen.begin(), seen.end(), key) == seen.end()) seen.push_back(key);
    const auto evaluation = view.package->form.evaluate(view.draft.answers, view.around);
    const auto all = screens(view.package->form, evaluation);
    auto now = std::find_if(all.begin(), all.end(), [&](const Screen& s) { return s.key == key; });
    auto next = now == all.end() ? all.begin() : now + 1;
    if (request.field("from") == "check")  // only what the change has made necessary, then back
        next = std::find_if(all.begin(), all.end(), [&](const Screen& s) { return std::find(seen.begin(), seen.end(), s.key) == seen.end(); });
    else if (now != all.end() && now->step.kind == catalogue::Step::Kind::entry)  // one entry is done: back to the list of them
        next = std::find_if(now, all.end(), [&](const Screen& s) { return s.kind == Screen::Kind::entries && s.step.page == now->step.page; });
    const std::string base = draft_path(request, view.token);
    return save_and_go(pages, request, view, next == all.end() ? base + "/check" : base + "/steps/" + next->key);
}

documents::UploadRules upload_rules(const Pages& pages, const catalogue::Package& package, std::string_view paper) {
    auto rules = pages.uploads;
    if (const auto* known = package.form.paper(paper)) {
        rules.pdf = std::find(known->accept.begin(), known->accept.end(), "pdf") != known->accept.end();
        rules.photo = std::find(known->accept.begin(), known->accept.end(), "photo") != known->accept.end();
    }
    return rules;
}

bool looks_like_email(std::string_view text) {
    const auto at = text.find('@');
    return at != std::string_view::npos && at > 0 && text.find('@', at + 1) == std::string_view::npos && text.size() <= 254 &&
           text.find('.', at) != std::string_view::npos && text.back() != '.' &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > ' ' && c != 0x7f && c != ',' && c != ';' && c != '<' && c != '>'; });
}

}  // namespace kiepe::casework
