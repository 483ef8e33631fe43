#include "catalogue/form_walk.h"

#include <algorithm>

#include "base/text.h"
#include "catalogue/answers.h"

namespace kiepe::catalogue {
namespace {

std::string indexed(const std::string& list, int index) { return list + "[" + std::to_string(index) + "]"; }

bool belongs_to(std::string_view name, std::string_view variable) {
    return !variable.empty() && name.size() > variable.size() && name.substr(0, variable.size()) == variable && name[variable.size()] == '.';
}

bool uses_variable(const feel::Expression& expression, const std::string& variable) {
    if (variable.empty()) return false;
    const auto& uses = expression.uses();
    return std::any_of(uses.begin(), uses.end(), [&](const std::string& use) { return use == variable || belongs_to(use, variable); });
}

std::string without_indexes(std::string_view path) {
    std::string name;
    bool inside = false;
    for (const char c : path) {
        if (c == '[') inside = true;
        if (!inside) name += c;
        if (c == ']') inside = false;
    }
    return name;
}

}  // namespace

std::size_t entries_in(const feel::Value& list) { return list.kind() == feel::Kind::list ? list.as_list().size() : 0; }

bool is_shown(const std::optional<feel::Expression>& show, const feel::Value& scope) { return !show || show->evaluate(scope).is_true(); }

std::string for_entry(const Page& page, const std::vector<int>& indexes) {
    if (page.for_variable.empty() || indexes.empty()) return "";
    return indexed(page.for_list, indexes.front());
}

std::string add_list_path(const Page& page, const std::vector<int>& indexes) {
    if (belongs_to(page.add_list, page.for_variable)) return for_entry(page, indexes) + page.add_list.substr(page.for_variable.size());
    return page.add_list;
}

std::string add_entry(const Page& page, const std::vector<int>& indexes) {
    const std::size_t at = page.for_variable.empty() ? 0 : 1;
    if (page.add_variable.empty() || indexes.size() <= at) return "";
    return indexed(add_list_path(page, indexes), indexes[at]);
}

std::string answer_path(const Page& page, const std::vector<int>& indexes, std::string_view name) {
    if (belongs_to(name, page.add_variable)) return add_entry(page, indexes) + std::string(name.substr(page.add_variable.size()));
    if (belongs_to(name, page.for_variable)) return for_entry(page, indexes) + std::string(name.substr(page.for_variable.size()));
    return std::string(name);
}

std::string global_name(const Page& page, std::string_view name) { return without_indexes(answer_path(page, {1, 1}, name)); }

feel::Value scope_of(const Page& page, const std::vector<int>& indexes, const feel::Value& context) {
    feel::Value scope = context;
    if (const std::string entry = for_entry(page, indexes); !entry.empty()) scope = scope.with(page.for_variable, context.at(entry));
    if (const std::string entry = add_entry(page, indexes); !entry.empty()) scope = scope.with(page.add_variable, context.at(entry));
    return scope;
}

FormWalk::FormWalk(const Form& form, const feel::Value& given, const Surroundings& around, Options options)
    : answers(given), form_(form), options_(options) {
    feel::Context context{{"case", around.case_facts}, {"city", around.city}};
    for (const auto& [name, parameters] : around.acts) context.emplace_back(name, parameters);
    result.context = feel::Value::context(std::move(context));
    // what nobody has asked is null, not absent: rules may name it
    for (const auto& page : form.pages) {
        if (!page.add_variable.empty() && page.add_list.find('.') == std::string::npos) set(page.add_list, {});
        for (const auto& question : page.questions)
            if (page.for_variable.empty() && page.add_variable.empty()) set(question.name, {});
    }
}

void FormWalk::run() {
    for (const auto& p : form_.pages) {
        if (p.for_variable.empty()) {
            page(p, {});
            continue;
        }
        const std::size_t count = entries_in(result.context.at(p.for_list));
        for (std::size_t i = 1; i <= count; ++i) page(p, {static_cast<int>(i)});
    }
    needs();
}

void FormWalk::page(const Page& page, std::vector<int> indexes) {
    if (!is_shown(page.show, scope_of(page, indexes, result.context))) {
        hide(page, indexes);
    } else if (!page.add_variable.empty()) {
        adding_page(page, indexes);
    } else {
        questions(page, indexes, Step::Kind::questions);
        page_checks(page, indexes, false);
    }
}

void FormWalk::hide(const Page& page, const std::vector<int>& indexes) {
    if (!page.add_variable.empty()) {
        set(add_list_path(page, indexes), {});
        return;
    }
    for (const auto& question : page.questions) set(answer_path(page, indexes, question.name), {});
}

void FormWalk::adding_page(const Page& page, const std::vector<int>& indexes) {
    const std::string list = add_list_path(page, indexes);
    const feel::Value given = answers.at(list);
    const std::size_t count = entries_in(given);
    // null: not answered yet; []: closed without an entry
    set(list, given.kind() == feel::Kind::list ? feel::Value::list({}) : feel::Value{});
    for (std::size_t i = 1; i <= count; ++i) {
        std::vector<int> entry = indexes;
        entry.push_back(static_cast<int>(i));
        set(indexed(list, static_cast<int>(i)), feel::Value::context({}));
        questions(page, entry, Step::Kind::entry);
        page_checks(page, entry, true);
    }
    const bool too_few = given.kind() != feel::Kind::list || count < static_cast<std::size_t>(std::max(0, page.least));
    if (too_few) result.missing.push_back(list);
    if (count < static_cast<std::size_t>(std::max(0, page.least)) && count == 0) {
        std::vector<int> first = indexes;
        first.push_back(1);
        step(page, first, Step::Kind::entry);
    }
    step(page, indexes, Step::Kind::entries);
    page_checks(page, indexes, false);
}

void FormWalk::questions(const Page& page, const std::vector<int>& indexes, Step::Kind kind) {
    bool any = false;
    for (const auto& question : page.questions) {
        if (question.kind == Question::Kind::ask) any = ask(page, indexes, question) || any;
        if (question.kind == Question::Kind::derive) derive(page, indexes, question);
        if (question.kind == Question::Kind::look_up) look_up(page, indexes, question);
    }
    if (any || kind == Step::Kind::entry) step(page, indexes, kind);
}

bool FormWalk::ask(const Page& page, const std::vector<int>& indexes, const Question& question) {
    const std::string path = answer_path(page, indexes, question.name);
    const feel::Value scope = scope_of(page, indexes, result.context);
    if (!is_shown(question.show, scope)) {
        set(path, {});
        return false;
    }
    feel::Value given = answers.at(path);
    if (given.is_null() && options_.defaults && question.default_value) {
        given = question.default_value->evaluate(scope);
        answers = answers.with(path, given);
    }
    Typed typed = accept(question, given);
    if (!typed.code.empty()) result.failed.push_back({path, typed.code, typed.args});
    const bool open = typed.value.is_null();
    if (!open && question.type == QuestionType::remark) result.has_remark = true;
    set(path, std::move(typed.value));
    result.visible.push_back({&question, path});
    const bool required = question.required ? question.required->evaluate(scope).is_true() : !question.optional;
    if (open && required) result.missing.push_back(path);
    if (!open)
        for (const auto& c : question.checks) check(page, indexes, c, path);
    return true;
}

void FormWalk::derive(const Page& page, const std::vector<int>& indexes, const Question& question) {
    const feel::Value scope = scope_of(page, indexes, result.context);
    const bool known = is_shown(question.show, scope) && question.value;
    set(answer_path(page, indexes, question.name), known ? question.value->evaluate(scope) : feel::Value{});
}

void FormWalk::look_up(const Page& page, const std::vector<int>& indexes, const Question& question) {
    const std::string path = answer_path(page, indexes, question.name);
    const feel::Value scope = scope_of(page, indexes, result.context);
    const feel::Value address = scope.at(question.look_up_by);
    if (address.is_null() || !is_shown(question.show, scope)) {
        set(path, {});
        return;
    }
    feel::Value fact = answers.at(path);
    if (fact.is_null() && options_.look_ups) {
        fact = options_.look_ups->look_up(question.look_up_in, address);
        if (fact.kind() == feel::Kind::context) {
            feel::Context kept{{"found", fact.get("found")}};
            for (const auto& [name, type] : question.gives)
                if (name != "found") kept.emplace_back(name, fact.get(name));
            fact = feel::Value::context(std::move(kept));
            answers = answers.with(path, fact);
        }
    }
    set(path, fact.kind() == feel::Kind::context ? fact : feel::Value{});
}

void FormWalk::check(const Page& page, const std::vector<int>& indexes, const Check& c, const std::string& path) {
    if (!c.that.evaluate(scope_of(page, indexes, result.context)).is_false()) return;
    const std::string at = c.at.empty() ? path : answer_path(page, indexes, c.at.front());
    result.failed.push_back({at, "", {}, &c, c.warn});
}

void FormWalk::page_checks(const Page& page, const std::vector<int>& indexes, bool of_entry) {
    for (const auto& c : page.checks)
        if (uses_variable(c.that, page.add_variable) == of_entry) check(page, indexes, c, "");
}

std::string FormWalk::entry_title(const Page& page, const std::vector<int>& indexes) const {
    if (indexes.empty()) return "";
    const Page* adding = &page;
    std::vector<int> entry = indexes;
    if (!page.for_variable.empty()) {  // named by the page that made the entries
        entry.resize(1);
        const auto made = std::find_if(form_.pages.begin(), form_.pages.end(), [&](const Page& p) {
            return p.for_variable.empty() && p.add_list == page.for_list;
        });
        if (made == form_.pages.end()) return "";
        adding = &*made;
    }
    if (!adding->called) return "";
    const feel::Value name = adding->called->evaluate(scope_of(*adding, entry, result.context));
    return name.kind() == feel::Kind::string ? std::string(trim(name.as_string())) : "";
}

void FormWalk::step(const Page& page, const std::vector<int>& indexes, Step::Kind kind) {
    Step step;
    step.kind = kind;
    step.page = &page;
    step.indexes = indexes;
    step.key = page.id;
    for (const int index : indexes) step.key += "/" + std::to_string(index);
    step.title_suffix = entry_title(page, indexes);
    result.steps.push_back(std::move(step));
}

void FormWalk::needs() {
    for (const auto& need : form_.needs) {
        if (need.for_variable.empty()) {
            if (is_shown(need.when, result.context)) result.needs.emplace_back(&need, std::vector<int>{});
            continue;
        }
        const feel::Value list = result.context.at(need.for_list);
        for (std::size_t i = 0; i < entries_in(list); ++i)
            if (is_shown(need.when, result.context.with(need.for_variable, list.as_list()[i])))
                result.needs.emplace_back(&need, std::vector<int>{static_cast<int>(i) + 1});
    }
}

}  // namespace kiepe::catalogue
