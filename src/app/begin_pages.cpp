#include "app/begin_pages.h"

#include <algorithm>
#include <filesystem>

#include "base/date.h"
#include "base/text.h"
#include "casework/value_words.h"
#include "identity/assurance.h"

namespace kiepe::app {
namespace {

using casework::Pages;
using documents::Block;
using documents::FormField;
using web::Request;
using web::Response;

Response show_begin(const Pages& pages, const Request& request) {
    auto catalogue = pages.catalogue();
    const auto* package = catalogue->package(request.parameters.at("service"));
    if (!package || package->form.pages.empty()) return pages.site.error(request, 404, "service_unknown");
    auto data = pages.site.frame(request, pages.say(request, "begin_title"));
    const std::string service = "/services/" + package->service.id;
    auto session = pages.session(request);
    const bool proved = session && session->person && identity::is_enough(session->person->level, package->service.identity_level);
    const bool known = session && (proved || session->kind == identity::Session::Kind::staff);
    const bool must = package->service.identity_level != "none";
    data.set("SERVICE_NAME", package->say(request.language, package->service.name).text)
        .set("ACTION", "/" + request.language + service + "/begin")
        .set("SIGN_IN_PATH", "/" + request.language + "/sign-in?return=" + service + "/begin")
        .set("BACK_PATH", "/" + request.language + service)
        .set("LEVEL_TEXT", pages.say(request, "begin_level", {{"norm", package->service.norms.empty() ? "" : package->service.norms.front()}}));
    if (known) data.add("KNOWN").set("KNOWN_NAME", session->person ? session->person->first_name + " " + session->person->last_name : session->staff->name);
    data.show_if(!known, "MAY_SIGN_IN").show_if(must && !known, "MUST_SIGN_IN").show_if(!known && !must, "WITHOUT");
    return pages.site.render(request, "begin.html", data);
}

// -- the same questions on paper ------------------------------------------------------------------------------------------------------

Block field(const std::string& label, FormField::Kind kind, int count, std::vector<std::string> choices, std::string help) {
    Block block;
    block.kind = Block::Kind::form_field;
    block.runs = {{label, false}};
    block.field.kind = kind;
    block.field.count = count;
    block.field.choices = std::move(choices);
    block.field.help = std::move(help);
    return block;
}

Block question_field(const Pages& pages, const Request& request, const catalogue::Package& package, const catalogue::Question& question) {
    using Type = catalogue::QuestionType;
    auto plain = [&](const catalogue::Text& text) {  // a printed form has no answers yet: what depends on them stays open
        return text.empty() ? std::string() : casework::without_values(package.say(request.language, text).text);
    };
    const auto label = plain(question.label);
    const auto help = question.help.german.find("{{") == std::string::npos ? plain(question.help) : std::string();
    switch (question.type) {
        case Type::yes_no:
            return field(label, FormField::Kind::choices, 1, {pages.say(request, "yes"), pages.say(request, "no")}, help);
        case Type::choice:
        case Type::choices: {
            std::vector<std::string> options;
            for (const auto& [code, text] : question.options) options.push_back(package.say(request.language, text).text);
            return field(label, FormField::Kind::choices, 1, options, help);
        }
        case Type::date: return field(label, FormField::Kind::boxes, 8, {}, help);
        case Type::month: return field(label, FormField::Kind::boxes, 6, {}, help);
        case Type::iban: return field(label, FormField::Kind::boxes, 22, {}, help);
        case Type::long_text:
        case Type::remark: return field(label, FormField::Kind::lines, 4, {}, help);
        case Type::address: return field(label, FormField::Kind::lines, 2, {}, help);
        default: return field(label, FormField::Kind::line, 1, {}, help);
    }
}

void put_papers(const Pages& pages, const Request& request, const catalogue::Package& package, std::vector<Block>& blocks) {
    if (package.form.needs.empty()) return;
    blocks.push_back(documents::heading(pages.say(request, "papers"), 2));
    std::vector<std::string> lines;
    for (const auto& need : package.form.needs) {
        std::vector<std::string> labels;
        for (const auto& code : need.any_of)
            if (const auto* paper = package.form.paper(code)) labels.push_back(package.say(request.language, paper->label).text);
        lines.push_back(join(labels, pages.say(request, "apply_or")) + (need.when ? " (" + pages.say(request, "paper_when_needed") + ")" : ""));
    }
    blocks.push_back(documents::bullets(lines));
}

Response print_form(const Pages& pages, const Request& request) {
    auto catalogue = pages.catalogue();
    const auto* package = catalogue->package(request.parameters.at("service"));
    if (!package || package->form.pages.empty()) return pages.site.error(request, 404, "service_unknown");
    const auto name = package->say(request.language, package->service.name).text;
    const auto& office = catalogue->city().office_of(package->service.office_duty);
    documents::PrintForm form;
    form.letter.title = name;
    form.letter.language = request.language;
    form.letter.office = {office.name, office.street, office.postcode + " " + office.place, office.phone, office.email};
    form.letter.blocks = {documents::heading(name), documents::paragraph(pages.say(request, "form_intro"))};
    for (const auto& page : package->form.pages) {
        form.letter.blocks.push_back(documents::heading(package->say(request.language, page.title).text, 2));
        if (!page.add_list.empty() || !page.for_list.empty()) form.letter.blocks.push_back(documents::paragraph(pages.say(request, "form_each")));
        for (const auto& question : page.questions)
            if (question.kind == catalogue::Question::Kind::ask) form.letter.blocks.push_back(question_field(pages, request, *package, question));
    }
    put_papers(pages, request, *package, form.letter.blocks);
    form.letter.blocks.push_back(field(pages.say(request, "form_signature"), FormField::Kind::line, 1, {}, ""));
    form.link = pages.origin(request) + "/" + request.language + "/services/" + package->service.id;
    form.link_label = pages.say(request, "form_link");
    auto pdf = pages.typesetter.form_pdf(form);
    if (!pdf) return pages.site.error(request, 503, pdf.error().code);
    auto response = web::bytes(*pdf, "application/pdf", package->service.id + ".pdf");
    response.cacheable = true;
    return response;
}

}  // namespace

std::vector<web::Route> begin_routes(const Pages& pages) {
    return {{"GET", "/{lang}/services/{service}/begin", web::Kind::page, [pages](const Request& r) { return show_begin(pages, r); }},
            {"GET", "/{lang}/services/{service}/form.pdf", web::Kind::page, [pages](const Request& r) { return print_form(pages, r); }}};
}

std::vector<web::Route> root_files(const std::string& folder) {
    static const std::map<std::string, std::string> kTypes{{".svg", "image/svg+xml"}, {".png", "image/png"}, {".ico", "image/x-icon"},
                                                           {".webmanifest", "application/manifest+json"}, {".js", "text/javascript; charset=utf-8"},
                                                           {".txt", "text/plain; charset=utf-8"}};
    std::vector<web::Route> routes;
    if (!std::filesystem::is_directory(folder)) return routes;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        auto type = kTypes.find(file.path().extension().string());
        if (type == kTypes.end()) continue;
        web::Response response;
        response.body = read_file(file.path().string());
        response.type = type->second;
        response.cacheable = true;
        response.compress = type->second.find("png") == std::string::npos;
        routes.push_back({"GET", "/" + file.path().filename().string(), web::Kind::page, [response](const Request&) { return response; }, true});
    }
    return routes;
}

}  // namespace kiepe::app
