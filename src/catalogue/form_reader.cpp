#include "catalogue/form_reader.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "catalogue/form_names.h"

namespace kiepe::catalogue {
namespace {

const std::vector<std::string> kQuestionKeys{"ask",      "derive",       "look_up",   "type",     "label", "help",  "options", "unit", "per",
                                             "digits",   "least",        "most",      "show",     "required", "default", "check", "value",
                                             "optional", "fixed",        "needed_for",   "from_profile", "protected", "category", "fim",  "in",  "by",
                                             "gives",    "say"};
const std::vector<std::string> kPageKeys{"page", "title", "show", "for", "add", "least", "most", "called", "another", "first", "ask", "check"};

struct Reader {
    Report& report;
    feel::Names names;
    FormNames form_names;
    Form form;

    feel::Names scope_of(const Page& page) const {
        feel::Names scope = names;
        for (const auto& variable : {page.for_variable, page.add_variable}) {
            if (variable.empty()) continue;
            const auto path = form_names.variables.find(variable);
            if (path == form_names.variables.end()) continue;
            if (const NameTree* list = form_names.tree.find(path->second)) scope.names[variable] = list->entry_type();
        }
        return scope;
    }

    std::vector<Check> checks(const Node* node, const feel::Names& scope, const std::string& place) {
        std::vector<Check> result;
        if (!node) return result;
        if (!node->is_list()) {
            report.error(node->line, "package_not_a_list", {{"key", "check"}});
            return result;
        }
        int number = 0;
        for (const auto& item : node->items) {
            const Fields fields(item, report, {"that", "say", "at", "warn"});
            ++number;
            Check check;
            fields.need("say");
            check.say = fields.say("say", place + "/check/" + std::to_string(number) + "/say");
            check.at = fields.texts("at");
            check.warn = fields.flag("warn");
            check.line = item.line;
            if (!fields.has("that")) fields.need("that");
            if (auto that = compile_node(fields.node("that"), scope, report)) {
                check.that = std::move(*that);
                result.push_back(std::move(check));
            }
        }
        return result;
    }

    std::optional<Decimal> decimal(const Fields& fields, std::string_view key) {
        const std::string text = fields.text(key);
        if (text.empty()) return std::nullopt;
        auto number = Decimal::parse(text);
        if (!number) report.error(fields.line_of(key), "package_not_a_number", {{"key", std::string(key)}, {"value", text}});
        return number;
    }

    void kind_and_name(const Fields& fields, Question& q) {
        int kinds = 0;
        const std::pair<const char*, Question::Kind> all[] = {
            {"ask", Question::Kind::ask}, {"derive", Question::Kind::derive}, {"look_up", Question::Kind::look_up}};
        for (const auto& [key, kind] : all) {
            if (!fields.has(key)) continue;
            ++kinds;
            q.kind = kind;
            q.name = fields.text(key);
        }
        if (kinds != 1) report.error(q.line, "form_question_without_kind");
        if (q.kind == Question::Kind::derive && !fields.has("value")) fields.need("value");
    }

    Question question(const Node& node, const Page& page, const feel::Names& scope) {
        const Fields fields(node, report, kQuestionKeys);
        Question q;
        q.line = node.line;
        kind_and_name(fields, q);
        const std::string place = "form/" + q.name;
        if (q.kind != Question::Kind::look_up) {
            fields.need("type");
            q.type = question_type(fields.one_of("type", "text", question_type_names()));
        }
        q.label = fields.say("label", place + "/label");
        q.help = fields.say("help", place + "/help");
        q.say = fields.say("say", place + "/say");
        options(fields, q, place);
        q.unit = fields.text("unit");
        q.per = fields.text("per");
        q.digits = fields.whole("digits", q.type == QuestionType::money ? 2 : 0);
        q.least = decimal(fields, "least");
        q.most = decimal(fields, "most");
        q.show = compile_node(fields.node("show"), scope, report);
        q.required = compile_node(fields.node("required"), scope, report);
        q.default_value = compile_node(fields.node("default"), scope, report);
        q.value = compile_node(fields.node("value"), scope, report);
        q.checks = checks(fields.node("check"), scope, place);
        q.optional = fields.flag("optional");
        q.fixed = fields.flag("fixed");
        q.needed_for = fields.text("needed_for");
        q.from_profile = fields.text("from_profile");
        q.protected_attribute = fields.text("protected");
        q.category = fields.text("category", "ordinary");
        q.fim = fields.text("fim");
        looked_up(fields, q);
        complete(q, page);
        return q;
    }

    void options(const Fields& fields, Question& q, const std::string& place) {
        const Node* node = fields.node("options");
        const bool wanted = q.type == QuestionType::choice || q.type == QuestionType::choices;
        if (!node) {
            if (wanted && q.kind == Question::Kind::ask) report.error(q.line, "package_missing_key", {{"key", "options"}});
            return;
        }
        if (!wanted || !node->is_map()) {
            report.error(node->line, wanted ? "package_not_a_map" : "form_options_not_wanted", {{"known", "code: text"}});
            return;
        }
        for (const auto& [code, label] : node->entries) {
            if (!is_name(code)) report.error(label.line, "form_bad_code", {{"name", code}});
            q.options.emplace_back(code, Text{label.text, place + "/options/" + code});
        }
    }

    void looked_up(const Fields& fields, Question& q) {
        q.look_up_in = fields.text("in");
        q.look_up_by = fields.text("by");
        const Node* gives = fields.node("gives");
        if (gives && gives->is_map())
            for (const auto& [name, type] : gives->entries) {
                if (const auto& known = question_type_names(); std::find(known.begin(), known.end(), type.text) == known.end())
                    report.error(type.line, "package_not_one_of", {{"key", name}, {"value", type.text},
                                 {"hint", did_you_mean(type.text, known)}, {"known", join(known, ", ")}});
                q.gives.emplace_back(name, question_type(type.text));
            }
    }

    void complete(const Question& q, const Page& page) {
        const auto want = [&](bool present, const char* key) {
            if (!present) report.error(q.line, "package_missing_key", {{"key", key}});
        };
        if (q.kind == Question::Kind::ask) want(!q.label.empty(), "label");
        if (q.kind == Question::Kind::look_up) {
            want(!q.look_up_in.empty(), "in");
            want(!q.look_up_by.empty(), "by");
        }
        const std::string first = q.name.substr(0, q.name.find('.'));
        if (!page.add_variable.empty() && first != page.add_variable)
            report.error(q.line, "form_name_outside_entry", {{"name", q.name}, {"variable", page.add_variable}});
        else if (page.add_variable.empty() && !page.for_variable.empty() && first != page.for_variable)
            report.error(q.line, "form_name_outside_entry", {{"name", q.name}, {"variable", page.for_variable}});
    }

    void entries(const Fields& fields, Page& page) {
        if (fields.has("for")) {
            std::tie(page.for_variable, page.for_list) = split_for(fields.text("for"), "in");
            if (page.for_list.empty() || page.for_list.find('.') != std::string::npos)
                report.error(fields.line_of("for"), "form_bad_for", {{"value", fields.text("for")}});
            else if (const NameTree* list = form_names.tree.find({page.for_list}); !list || !list->list)
                report.error(fields.line_of("for"), "form_unknown_list", {{"name", page.for_list}});
        }
        if (fields.has("add")) {
            std::tie(page.add_list, page.add_variable) = split_for(fields.text("add"), "as");
            if (page.add_variable.empty()) report.error(fields.line_of("add"), "form_bad_add", {{"value", fields.text("add")}});
        }
        page.least = fields.whole("least", 0);
        page.most = fields.whole("most", 99);
        page.first = fields.text("first");
    }

    void page(const Node& node) {
        const Fields fields(node, report, kPageKeys);
        Page page;
        page.line = node.line;
        page.id = fields.need("page");
        fields.need("title");
        const std::string place = "form/" + page.id;
        page.title = fields.say("title", place + "/title");
        page.another = fields.say("another", place + "/another");
        entries(fields, page);
        feel::Names outer = scope_of(page);  // `show` of an adding page is asked before there is an entry
        if (!page.add_variable.empty()) outer.names.erase(page.add_variable);
        page.show = compile_node(fields.node("show"), outer, report);
        const feel::Names scope = scope_of(page);
        page.called = compile_node(fields.node("called"), scope, report);
        if (const Node* ask = fields.node("ask"); ask && ask->is_list())
            for (const auto& item : ask->items) page.questions.push_back(question(item, page, scope));
        page.checks = checks(fields.node("check"), scope, place);
        form.pages.push_back(std::move(page));
    }

    void need(const Node& node) {
        const Fields fields(node, report, {"need", "when", "for", "any_of", "proves", "later", "without", "ask", "instead_of_asking", "needed_for"});
        Need need;
        need.line = node.line;
        need.name = fields.need("need");
        feel::Names scope = names;
        if (fields.has("for")) {
            std::tie(need.for_variable, need.for_list) = split_for(fields.text("for"), "in");
            const NameTree* list = form_names.tree.find({need.for_list});
            if (!list || !list->list)
                report.error(fields.line_of("for"), "form_unknown_list", {{"name", need.for_list}});
            else
                scope.names[need.for_variable] = list->entry_type();
        }
        need.when = compile_node(fields.node("when"), scope, report);
        need.any_of = fields.texts("any_of");
        if (need.any_of.empty()) fields.need("any_of");
        need.proves = fields.texts("proves");
        need.later = fields.text("later");
        need.without = fields.text("without");
        const std::string ask = fields.text("ask");
        if (!ask.empty()) {
            if (ask.rfind("office ", 0) == 0) need.ask_office = trim(std::string_view(ask).substr(7));
            else report.error(fields.line_of("ask"), "form_bad_ask_office", {{"value", ask}});
        }
        need.instead_of_asking = fields.text("instead_of_asking");
        need.needed_for = fields.text("needed_for");
        form.needs.push_back(std::move(need));
    }

    void papers(const Node& node) {
        for (const auto& [name, value] : node.entries) {
            const Fields fields(value, report, {"label", "accept", "files", "not_older", "blank", "reads", "category"});
            Paper paper;
            paper.name = name;
            paper.line = value.line;
            fields.need("label");
            paper.label = fields.say("label", "form/papers/" + name + "/label");
            if (fields.has("accept")) paper.accept = fields.texts("accept");
            paper.files = fields.whole("files", 1);
            paper.not_older = fields.text("not_older");
            paper.blank = fields.text("blank");
            paper.reads = fields.texts("reads");
            paper.category = fields.text("category", "ordinary");
            form.papers.push_back(std::move(paper));
        }
    }

    void type_previous() {
        std::map<std::string, feel::Type> old{{"until", simple_type("date")}};
        for (const auto& [name, tree] : form_names.tree.fields) old[name] = tree.value_type();
        feel::Type facts = case_type();
        if (const auto given = names.names.find("case"); given != names.names.end()) facts = given->second;
        facts.fields["previous"] = std::make_shared<const feel::Type>(make_context(std::move(old)));
        names.names["case"] = std::move(facts);
    }
};

}  // namespace

Form read_form(const Node& root, Report& report, feel::Names outside) {
    const Fields fields(root, report, {"form", "pre_check", "pages", "documents", "papers", "renamed"});
    if (fields.need("form") != "1") report.error(fields.line_of("form"), "form_version", {{"value", fields.text("form")}});
    Reader reader{report, std::move(outside), {}, {}};
    const Node* pages = fields.node("pages");
    if (!pages || !pages->is_list()) {
        report.error(root.line, "package_missing_key", {{"key", "pages"}});
        return {};
    }
    reader.form_names = collect_names(*pages, report);
    for (const auto& [name, tree] : reader.form_names.tree.fields) {
        if (reader.names.names.count(name)) report.error(root.line, "form_name_taken", {{"name", name}});
        reader.names.names[name] = tree.value_type();
        reader.form.types[name] = tree.value_type();
    }
    reader.type_previous();
    reader.form.types["case"] = reader.names.names["case"];
    reader.form.pre_check = fields.texts("pre_check");
    for (const auto& page : pages->items) reader.page(page);
    if (const Node* needs = fields.node("documents"); needs && needs->is_list())
        for (const auto& need : needs->items) reader.need(need);
    if (const Node* papers = fields.node("papers")) reader.papers(*papers);
    if (const Node* renamed = fields.node("renamed"); renamed && renamed->is_map())
        for (const auto& [old, now] : renamed->entries) reader.form.renamed[old] = now.text;
    for (auto& page : reader.form.pages)
        for (auto& question : page.questions) question.path = global_name(page, question.name);
    return std::move(reader.form);
}

}  // namespace kiepe::catalogue
