#include "catalogue/form.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "catalogue/answers.h"
#include "catalogue/form_walk.h"

namespace kiepe::catalogue {

const Paper* Form::paper(std::string_view name) const {
    const auto found = std::find_if(papers.begin(), papers.end(), [name](const Paper& p) { return p.name == name; });
    return found == papers.end() ? nullptr : &*found;
}

const Question* Form::question(std::string_view name) const {
    for (const auto& page : pages)
        for (const auto& q : page.questions)
            if (q.name == name) return &q;
    return nullptr;
}

const Question* Form::question_at(std::string_view path) const {
    std::string name;
    bool inside = false;
    for (const char c : path) {
        if (c == '[') inside = true;
        if (!inside) name += c;
        if (c == ']') inside = false;
    }
    for (const auto& page : pages)
        for (const auto& q : page.questions)
            if (q.path == name) return &q;
    return nullptr;
}

Evaluation Form::evaluate(const feel::Value& answers, const Surroundings& around) const {
    FormWalk walk(*this, answers, around, {});
    walk.run();
    return std::move(walk.result);
}

feel::Value Form::completed(const feel::Value& answers, const Surroundings& around, const LookUps* look_ups, bool defaults) const {
    FormWalk walk(*this, answers, around, {look_ups, defaults});
    walk.run();
    return std::move(walk.answers);
}

std::vector<Asked> Form::asked_on(const Step& step, const feel::Value& context) const {
    std::vector<Asked> asked;
    if (step.kind == Step::Kind::entries) return asked;
    const feel::Value scope = scope_of(*step.page, step.indexes, context);
    for (const auto& question : step.page->questions)
        if (question.kind == Question::Kind::ask && is_shown(question.show, scope))
            asked.push_back({&question, answer_path(*step.page, step.indexes, question.name)});
    return asked;
}

const Step* Form::find_step(const Evaluation& evaluation, std::string_view key) const {
    const auto found = std::find_if(evaluation.steps.begin(), evaluation.steps.end(), [key](const Step& s) { return s.key == key; });
    return found == evaluation.steps.end() ? nullptr : &*found;
}

std::vector<std::pair<std::string, feel::Value>> Form::defaults(const Step& step, const Evaluation& evaluation) const {
    std::vector<std::pair<std::string, feel::Value>> values;
    const feel::Value scope = scope_of(*step.page, step.indexes, evaluation.context);
    for (const auto& [question, path] : asked_on(step, evaluation.context)) {
        if (!question->default_value || !evaluation.context.at(path).is_null()) continue;
        feel::Value value = question->default_value->evaluate(scope);
        if (!value.is_null()) values.emplace_back(path, std::move(value));
    }
    return values;
}

std::vector<MissingPaper> Form::missing_papers(const Evaluation& evaluation, const std::map<std::string, std::string>& given) const {
    std::vector<MissingPaper> missing;
    for (const auto& [need, indexes] : evaluation.needs) {
        std::string name = need->name;
        for (const int index : indexes) name += "/" + std::to_string(index);
        const auto paper = given.find(name);
        const bool there = paper != given.end() && std::find(need->any_of.begin(), need->any_of.end(), paper->second) != need->any_of.end();
        if (!there) missing.push_back({name, need, indexes, !need->later.empty(), need->ask_office});
    }
    return missing;
}

namespace {

using FieldsPosted = std::multimap<std::string, std::string>;

/// Reads the posted fields of one step.
struct Reading {
    const FieldsPosted& fields;
    std::string_view language;
    const LookUps& look_ups;
    Posted posted = {};

    std::string field(const std::string& name) const {
        const auto found = fields.find(name);
        return found == fields.end() ? "" : found->second;
    }
    bool has(const std::string& path) const {
        const auto next = fields.lower_bound(path);
        if (next == fields.end() || next->first.rfind(path, 0) != 0) return false;
        return next->first.size() == path.size() || next->first[path.size()] == '-';
    }

    Typed choices(const Question& question, const std::string& path) const {
        feel::List chosen;
        const auto [first, last] = fields.equal_range(path);
        for (auto it = first; it != last; ++it)
            if (!it->second.empty()) chosen.push_back(feel::Value::string(it->second));
        // a page that was sent without a tick says "none of these"
        return accept(question, feel::Value::list(std::move(chosen)));
    }

    Typed address(const std::string& path) {
        Typed typed = parse_address(field(path + "-street"), field(path + "-number"), field(path + "-postcode"), field(path + "-place"));
        if (typed.value.is_null()) return typed;
        // new houses exist: an address that the register lacks may be confirmed, but no fact hangs on it
        if (auto known = look_ups.find_address(typed.value)) typed.value = *known;
        else posted.failed.push_back({path, "field_address_unknown", {}, nullptr, true});
        return typed;
    }

    Typed typed(const Question& question, const std::string& path) {
        const std::string whole = field(path);
        switch (question.type) {
            case QuestionType::date:
                if (!trim(whole).empty()) return parse_whole_date(whole, false);
                return parse_date(field(path + "-day"), field(path + "-month"), field(path + "-year"));
            case QuestionType::month:
                if (!trim(whole).empty()) return parse_whole_date(whole, true);
                return parse_month(field(path + "-month"), field(path + "-year"));
            case QuestionType::address: return address(path);
            case QuestionType::choices: return choices(question, path);
            default: return parse_typed(question, whole, language);
        }
    }
};

/// A page's own failures after what was posted, and what stayed empty though it was asked.
void add_failures(const Step& step, const std::vector<Asked>& asked, const Evaluation& after, Posted& posted) {
    std::set<std::string> refused;
    for (const auto& failed : posted.failed)
        if (!failed.warn) refused.insert(failed.path);
    std::set<std::string> paths;
    for (const auto& question : asked) paths.insert(question.path);
    for (const auto& path : after.missing)
        if (paths.count(path) && !refused.count(path)) posted.failed.push_back({path, "field_missing"});
    std::set<const Check*> own;
    for (const auto& check : step.page->checks) own.insert(&check);
    for (const auto& question : step.page->questions)
        for (const auto& check : question.checks) own.insert(&check);
    const std::string entry = step.kind == Step::Kind::entry ? add_entry(*step.page, step.indexes) : for_entry(*step.page, step.indexes);
    for (const auto& failed : after.failed) {
        if (!failed.check || !own.count(failed.check) || refused.count(failed.path)) continue;
        const bool elsewhere = !entry.empty() && !failed.path.empty() && failed.path.rfind(entry + ".", 0) != 0;
        if (!elsewhere) posted.failed.push_back(failed);
    }
}

Posted parse_entries(const Step& step, const feel::Value& answers, const FieldsPosted& fields) {
    Posted posted;
    const std::string list = add_list_path(*step.page, step.indexes);
    const feel::Value given = answers.at(list);
    const int count = static_cast<int>(entries_in(given));
    if (const auto add = fields.find("add"); add != fields.end() && !add->second.empty()) {
        if (count >= step.page->most) posted.failed.push_back({list, "field_entries_most", {{"most", std::to_string(step.page->most)}}});
        else posted.values.emplace_back(list + "[" + std::to_string(count + 1) + "]", feel::Value::context({}));
        return posted;
    }
    if (const auto remove = fields.find("remove"); remove != fields.end()) {
        feel::List kept;
        for (int i = 0; i < count; ++i)
            if (std::to_string(i + 1) != remove->second) kept.push_back(given.as_list()[static_cast<std::size_t>(i)]);
        posted.values.emplace_back(list, kept.empty() && step.page->least > 0 ? feel::Value{} : feel::Value::list(std::move(kept)));
        return posted;
    }
    if (count < step.page->least) posted.failed.push_back({list, "field_entries_least", {{"least", std::to_string(step.page->least)}}});
    else if (given.kind() != feel::Kind::list) posted.values.emplace_back(list, feel::Value::list({}));
    return posted;
}

/// Look-ups that a posted page may change: the form's own, and those of the same entry.
std::vector<std::pair<std::string, std::string>> look_ups_near(const Form& form, const Step& step) {
    std::vector<std::pair<std::string, std::string>> found;  // path of the fact, path of the address
    for (const auto& page : form.pages)
        for (const auto& question : page.questions) {
            const bool of_entry = !page.for_variable.empty() || !page.add_variable.empty();
            if (question.kind != Question::Kind::look_up || (of_entry && &page != step.page)) continue;
            found.emplace_back(answer_path(page, step.indexes, question.name), answer_path(page, step.indexes, question.look_up_by));
        }
    return found;
}

Posted parse_list(const Form& form, const Step& step, const feel::Value& answers, const Surroundings& around, const FieldsPosted& fields) {
    Posted posted = parse_entries(step, answers, fields);
    feel::Value now = answers;
    for (const auto& [path, value] : posted.values) now = now.with(path, value);
    if (posted.failed.empty() && fields.count("add") == 0 && fields.count("remove") == 0)
        add_failures(step, {}, form.evaluate(now, around), posted);
    return posted;
}

/// Types what was posted for the questions shown, and for those that a script has opened on the page.
feel::Value read_answers(const Step& step, const std::vector<Asked>& asked, feel::Value answers, Reading& reading) {
    std::set<std::string> shown;
    for (const auto& question : asked) shown.insert(question.path);
    for (const auto& question : step.page->questions) {
        if (question.kind != Question::Kind::ask) continue;
        const std::string path = answer_path(*step.page, step.indexes, question.name);
        if (!shown.count(path) && !reading.has(path)) continue;
        Typed typed = reading.typed(question, path);
        if (!typed.code.empty()) reading.posted.failed.push_back({path, typed.code, typed.args});
        answers = answers.with(path, typed.value);
        reading.posted.values.emplace_back(path, std::move(typed.value));
    }
    return answers;
}

}  // namespace

Posted Form::parse(const Step& step, const Evaluation& before, const feel::Value& answers, const Surroundings& around,
                   const std::multimap<std::string, std::string>& fields, std::string_view language, const LookUps& look_ups) const {
    if (step.kind == Step::Kind::entries) return parse_list(*this, step, answers, around, fields);
    Reading reading{fields, language, look_ups};
    const std::vector<Asked> asked = asked_on(step, before.context);
    const feel::Value given = read_answers(step, asked, answers, reading);
    feel::Value now = given;
    const auto facts = look_ups_near(*this, step);
    for (const auto& [fact, address] : facts)  // a fact about an address that was changed is asked again
        if (!(now.at(address) == answers.at(address)) && !now.at(fact).is_null()) now = now.with(fact, {});
    FormWalk walk(*this, now, around, {&look_ups, false});
    walk.run();
    for (const auto& [fact, address] : facts)
        if (feel::Value known = walk.answers.at(fact); !(known == given.at(fact))) reading.posted.values.emplace_back(fact, std::move(known));
    add_failures(step, asked, walk.result, reading.posted);
    return std::move(reading.posted);
}

}  // namespace kiepe::catalogue
