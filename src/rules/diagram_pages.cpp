// Public: a service's rules as diagram, tables and text. Staff: the same with the path of one case.
#include <algorithm>

#include "base/date.h"
#include "base/text.h"
#include "casework/pages.h"
#include "casework/value_words.h"
#include "casework/why.h"
#include "catalogue/catalogue_pages.h"
#include "catalogue/norm_link.h"
#include "rules/diagram.h"
#include "rules/drawing.h"
#include "rules/pages.h"
#include "web/memo.h"
#include "web/url.h"

namespace kiepe::rules {
namespace {

using web::Data;
using web::Request;
using web::Response;

std::vector<std::string> lines_of(std::string_view text) { return split(text, '\n'); }

/// One page of rules. `path`: of a case, else empty.
struct Body {
    const Pages& pages;
    const Request& request;
    const catalogue::Package& package;
    const catalogue::Law& law;
    Day day;
    CasePath path;
    bool with_path = false;
    dmn::Outline outline = package.model->outline();
    casework::ValueWords words{package, law, day, request.language};

    std::string say(std::string_view key, const language::Arguments& arguments = {}) const { return pages.say(request, key, arguments); }
    static std::string anchor(const std::string& name) { return "r-" + replace_all(name, " ", "-"); }

    void put_norm(Data& row, const std::string& norm, std::string_view act = {}) const {
        if (norm.empty()) return;
        const auto link = catalogue::norm_link(law, norm, act);
        auto& told = row.add(link.empty() ? "NORM_ONLY" : "NORM_LINKED");
        told.set("NORM", catalogue::norm_text(norm));
        if (!link.empty()) told.set("NORM_PATH", link);
    }

    void put_table(Data& section, const dmn::DecisionOutline& decision, const Reached* reached) const {
        auto& table = section.add("TABLE");
        table.set("POLICY", say("rules_policy_" + decision.logic.hit_policy));
        for (std::size_t i = 0; i < decision.logic.inputs.size(); ++i) {
            const auto& column = decision.logic.inputs[i];
            table.add("COLUMNS").set("COLUMN", column.label.empty() ? column.text : column.label).set("COLUMN_FEEL", column.text);
        }
        for (const auto& column : decision.logic.outputs) table.add("OUTPUTS").set("OUTPUT", column.label.empty() ? column.name : column.label);
        if (reached && !reached->columns.empty()) {
            auto& here = table.add("IN_CASE");
            for (std::size_t i = 0; i < decision.logic.inputs.size(); ++i)
                here.add("HERE").set("HERE_VALUE", i < reached->columns.size() ? words.text(decision.logic.inputs[i].text, reached->columns[i]) : "");
            for (std::size_t i = 0; i < decision.logic.outputs.size(); ++i) here.show("BLANKS");
        }
        int number = 0;
        for (const auto& rule : decision.logic.rules) {
            auto& row = table.add("ROWS");
            ++number;
            row.set("ROW_NUMBER", std::int64_t{number}).set("ROW_ID", rule.id);
            row.show_if(reached && std::find(reached->rows.begin(), reached->rows.end(), number) != reached->rows.end(), "ROW_HIT");
            for (std::size_t i = 0; i < rule.tests.size(); ++i)
                row.add("CELLS").set("CELL", words.test(decision.logic.inputs[i].text, rule.tests[i])).show_if(rule.tests[i] == "-", "CELL_ANY");
            for (const auto& output : rule.outputs) row.add("GIVES").set("GIVEN", words.test("", output));
        }
        table.show_if(reached && reached->rows.empty(), "NO_ROW");
    }

    void put_literal(Data& section, const dmn::LogicOutline& logic) const {
        auto texts = dmn::texts_of(logic);
        if (texts.empty()) return;
        auto& literal = section.add("LITERAL");
        for (const auto& text : texts)
            for (const auto& line : lines_of(text)) literal.add("LITERAL_LINES").set("LITERAL_LINE", line);
    }

    void put_needs(Data& section, const dmn::DecisionOutline& decision) const {
        const auto link = [&](const char* list, const std::string& name, const std::string& label) {
            section.add(list).set("LINK_PATH", "#" + anchor(name)).set("LINK_TEXT", label);
        };
        for (const auto& name : decision.info.requires_decisions)
            if (const auto* needed = outline.decision(name)) link("NEEDS", name, label_of(*needed));
        for (const auto& name : decision.requires_knowledge)
            if (const auto* needed = outline.knowledge_model(name)) link("NEEDS", "k-" + name, needed->label.empty() ? name : needed->label);
        for (const auto& name : decision.info.requires_inputs)
            for (const auto& input : outline.inputs)
                if (input.name == name) section.add("NEEDS_INPUT").set("INPUT_TEXT", label_of_input(input));
        section.show_if(!decision.info.requires_decisions.empty() || !decision.requires_knowledge.empty(), "HAS_NEEDS");
        section.show_if(!decision.info.requires_inputs.empty(), "HAS_NEEDS_INPUT");
    }

    std::string label_of_input(const dmn::InputOutline& input) const { return input_label(package, law, input, request.language); }
    static std::string label_of(const dmn::DecisionOutline& decision) { return decision.info.label.empty() ? decision.info.name : decision.info.label; }

    void put_decisions(Data& data) const {
        for (const auto* decision : from_the_result(outline, package.service.decision_outcome)) {
            const auto known = path.find(decision->info.name);
            const Reached* reached = known == path.end() ? nullptr : &known->second;
            auto& entry = data.add("CONTENTS");
            entry.set("LINK_PATH", "#" + anchor(decision->info.name)).set("LINK_TEXT", label_of(*decision));
            entry.show_if(reached != nullptr, "ENTRY_REACHED");
            auto& section = data.add("DECISIONS");
            section.set("DECISION", label_of(*decision)).set("DECISION_ID", decision->info.id).set("DECISION_ANCHOR", anchor(decision->info.name));
            if (reached) section.add("REACHED").set("REACHED_VALUE", words.text(decision->info.name, reached->value));
            section.show_if(with_path && !reached, "NOT_REACHED");
            put_norm(section, decision->info.question);
            if (decision->logic.kind == "table") put_table(section, *decision, reached);
            else put_literal(section, decision->logic);
            put_needs(section, *decision);
        }
    }

    void put_knowledge(Data& data) const {
        if (outline.knowledge.empty()) return;
        auto& list = data.add("HAS_KNOWLEDGE");
        for (const auto& knowledge : outline.knowledge) {
            auto& section = list.add("KNOWLEDGE");
            section.set("KNOWLEDGE_NAME", knowledge.label.empty() ? knowledge.name : knowledge.label)
                .set("KNOWLEDGE_ANCHOR", anchor("k-" + knowledge.name))
                .set("KNOWLEDGE_CALL", knowledge.name + "(" + join(knowledge.parameters, ", ") + ")");
            put_literal(section, knowledge.logic);
        }
    }

    void put_parameters(Data& data) const {
        const auto named = parameters_named(package, law, outline);
        data.show_if(named.empty(), "NO_LAW");
        if (named.empty()) return;
        auto& list = data.add("HAS_LAW");
        for (const auto& [act, parameter] : named) {
            auto& row = list.add("LAW");
            row.set("LAW_ABOUT", parameter->about.empty() ? parameter->name : parameter->about)
                .set("LAW_NAME", catalogue::Law::feel_name(act->code) + "." + parameter->name)
                .set("LAW_ACT", act->name.empty() ? act->code : act->name);
            const catalogue::LawValue* holds = nullptr;
            for (const auto& value : parameter->values)
                if (value.from <= day) holds = &value;
            const bool list_of = holds && holds->is.kind() == feel::Kind::list;
            row.set("LAW_VALUE", !holds ? say("rules_no_value_yet") : list_of ? words.text("", holds->is) : casework::amount_text(package, *parameter, holds->is, request.language))
                .set("LAW_SINCE", holds ? language::format_date(request.language, holds->from) : "")
                .set("LAW_SOURCE", holds ? holds->source : "")
                .show_if(holds && holds->to_check, "LAW_UNCHECKED");
            const auto link = catalogue::norm_link(law, parameter->norm, act->code);
            auto& norm = row.add(link.empty() ? "LAW_PLAIN" : "LAW_LINKED");
            norm.set("LAW_NORM", catalogue::norm_text(parameter->norm));
            if (!link.empty()) norm.set("LAW_PATH", link);
        }
    }

    void put_inputs(Data& data) const {
        for (const auto& input : outline.inputs) data.add("INPUTS").set("INPUT_TEXT", label_of_input(input)).set("INPUT_NAME", input.name);
    }

    void put(Data& data, const std::string& source) const {
        data.set("DRAWN_PATH", source)
            .set("RULES_VERSION", say("rules_version", {{"version", package.service.version}, {"hash", package.hash}}))
            .set("LAW_AS_OF", say("rules_as_of", {{"date", language::format_date(request.language, day)}}));
        put_decisions(data);
        put_knowledge(data);
        put_parameters(data);
        put_inputs(data);
    }
};

std::string rules_path(const Request& request, const std::string& service) { return "/" + request.language + "/services/" + service + "/rules"; }

Response show_public(const Pages& pages, const Request& request) {
    const auto catalogue = pages.catalogue();
    const auto* package = catalogue->package(request.parameters.at("service"));
    if (!package) return pages.site.error(request, 404, "service_unknown");
    const auto name = package->say(request.language, package->service.name).text;
    auto data = pages.site.frame(request, pages.say(request, "rules_title", {{"name", name}}));
    const auto base = rules_path(request, package->service.id);
    data.set("SERVICE_NAME", name).set("SERVICE_PATH", "/" + request.language + "/services/" + package->service.id).set("DOWNLOAD_PATH", base + ".dmn");
    data.show_if(!package->model, "NO_MODEL");
    if (package->model) {
        auto& body = data.add("MODEL");
        Body{pages, request, *package, catalogue->law(), local_day(pages.clock.now()), {}}.put(body, base + "/drawing.dmn");
    }
    auto response = pages.site.render(request, "rules.html", data);
    if (request.session_token.empty()) response.cacheable = response.compress = true;
    return response;
}

Response show_file(const Pages& pages, const Request& request) {
    const auto catalogue = pages.catalogue();
    const auto* package = catalogue->package(request.parameters.at("service"));
    const auto* file = package ? model_file(package->files) : nullptr;
    if (!file) return pages.site.error(request, 404, "service_unknown");
    return web::bytes(*file, "application/xml", package->service.id + "-" + package->hash.substr(0, 12) + ".dmn");
}

/// The drawing of today's rules, or, with `version`, of older ones by which somebody's case was decided: rules are never secret.
Response show_drawing(const Pages& pages, const Request& request) {
    const auto catalogue = pages.catalogue();
    const auto* package = catalogue->package(request.parameters.at("service"));
    if (!package) return pages.site.error(request, 404, "service_unknown");
    std::optional<std::map<std::string, std::string>> files;
    if (const auto hash = request.query_value("version"); !hash.empty() && hash != package->hash)
        pages.database.read([&](store::Session& session) { files = catalogue::version(session, hash); });
    const auto* file = model_file(files ? *files : package->files);
    if (!file) return pages.site.error(request, 404, "not_found");
    Response response;
    response.body = drawn(*file, drawing_labels(*package, catalogue->law(), request.language));
    response.type = "application/xml";
    response.cacheable = response.compress = true;
    return response;
}

Response show_for_case(const Pages& pages, const Request& request) {
    const auto who = pages.staff(request);
    if (!who) return web::redirect("/" + request.language + "/desk/sign-in?return=" + request.path.substr(std::min(request.path.size(), request.language.size() + 1)));
    if (!casework::may_read_cases(*who)) return pages.site.error(request, 403, "not_for_your_role");
    const auto c = casework::case_for_staff(pages.cases, request.parameters.at("number"), *who);
    if (!c) return pages.site.error(request, 404, "case_unknown");
    const auto considered = pages.cases.considered(*c);
    if (!considered || !considered->package->model) return pages.site.error(request, 404, "service_unknown");
    const auto& package = *considered->package;
    const bool open_to_her = casework::sees_all(pages.cases, *c, package, *who);
    const bool run = !considered->preparation.outcome.empty();
    auto data = pages.site.frame(request, pages.say(request, "rules_case_title"));
    data.set("CASE_NUMBER", c->number)
        .set("BASE", "/" + request.language + "/desk/cases/" + c->number)
        .set("SERVICE_NAME", package.say(request.language, package.service.name).text);
    data.show(!open_to_her ? "PATH_HIDDEN" : run ? "PATH_SHOWN" : "PATH_OPEN");
    data.show_if(open_to_her, "TRACE_OPEN");
    const bool with_path = open_to_her && run;
    Body body{pages,  request, package, *considered->law, considered->preparation.law_day, with_path ? path_of(trace(package, considered->preparation)) : CasePath{},
              with_path};
    auto& model = data.add("MODEL");
    body.put(model, rules_path(request, package.service.id) + "/drawing.dmn?version=" + package.hash);
    return pages.site.render(request, "desk-rules.html", data);
}

}  // namespace

std::vector<web::Route> diagram_routes(const Pages& pages) {
    auto memo = std::make_shared<web::PageMemo>();
    const auto with = [pages](auto handler) { return [pages, handler](const Request& request) { return handler(pages, request); }; };
    const auto kept = [pages, memo](auto handler) {
        return [pages, memo, handler](const Request& request) {
            const auto catalogue = pages.catalogue();
            const std::string stamp = std::to_string(reinterpret_cast<std::uintptr_t>(catalogue.get())) + to_iso(local_day(pages.clock.now()));
            return memo->get(request, stamp, [&] { return handler(pages, request); });
        };
    };
    return {{"GET", "/{lang}/services/{service}/rules", web::Kind::page, kept(show_public)},
            {"GET", "/{lang}/services/{service}/rules.dmn", web::Kind::page, with(show_file)},
            {"GET", "/{lang}/services/{service}/rules/drawing.dmn", web::Kind::page, kept(show_drawing)},
            {"GET", "/{lang}/desk/cases/{number}/rules", web::Kind::page, with(show_for_case)}};
}

}  // namespace kiepe::rules
