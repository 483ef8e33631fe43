// Data minimisation (GDPR Art. 5(1)(c)): every question is needed by a rule, a letter, an office or a proof; and what the law protects
// (AGG section 1) is read only where a law is cited for it.
#include <algorithm>
#include <functional>

#include "base/text.h"
#include "catalogue/check.h"
#include "catalogue/letter_template.h"
#include "dmn/analysis.h"

namespace kiepe::catalogue {
namespace {

using Expressions = std::vector<const std::optional<feel::Expression>*>;

/// Everything that reads answers. Entries of lists are known by the list and the words of the texts that read it, because FEEL reads
/// them under names of its own ("some p in persons satisfies p.age < 18").
class Readers {
public:
    explicit Readers(const Checking& c) : c_(c) {
        if (c.package.model)
            for (const auto& text : dmn::written(*c.package.model)) read(text.uses, text.text, nullptr);
        form();
        service();
        letters();
    }

    /// True where something else than the question itself reads it.
    bool need(const std::string& name, const Question& question, bool of_list) const {
        const std::string last = name.substr(name.rfind('.') + 1);
        return std::any_of(reads_.begin(), reads_.end(), [&](const Read& read) {
            if (read.by == &question) return false;
            if (read.path == name || read.path.starts_with(name + ".")) return true;
            const bool around = name.starts_with(read.path + ".");
            if (read.exact) return around;
            return (around || (of_list && root(read.path) == root(name))) && words_.count(last) > 0;
        });
    }

private:
    struct Read {
        std::string path;
        const Question* by;
        bool exact = false;      ///< said as a path of the form, not read by FEEL
    };

    static std::string root(std::string_view path) { return std::string(path.substr(0, path.find('.'))); }

    std::string global(const std::string& path) const {
        for (const auto& page : c_.package.form.pages)
            if (const std::string mapped = global_name(page, path); mapped != path) return mapped;
        return path;
    }

    void read(const std::set<std::string>& uses, const std::string& text, const Question* by) {
        for (const auto& use : uses) reads_.push_back({global(use), by});
        if (by == nullptr) words_.merge(words_of(text));
        else words_.merge(words_without(text, by->name));
    }
    /// A question's own rules do not make it needed.
    static std::set<std::string> words_without(const std::string& text, const std::string& name) {
        auto words = words_of(text);
        words.erase(name.substr(name.rfind('.') + 1));
        return words;
    }
    void read(const std::optional<feel::Expression>& expression, const Question* by = nullptr) {
        if (expression) read(expression->uses(), expression->text(), by);
    }
    void read(const feel::Expression& expression, const Question* by = nullptr) { read(expression.uses(), expression.text(), by); }
    void name(const std::string& path, const Question* by = nullptr) {
        if (!path.empty()) reads_.push_back({global(path), by, true});
    }
    /// Placeholders of a sentence.
    void sentence(const Text& text, const Question* by = nullptr) {
        const auto sources = placeholders(text.german);
        for (std::size_t i = 0; sources && i < sources->size(); ++i)
            for (const auto& word : words_of((*sources)[i])) {
                words_.insert(word);
                reads_.push_back({word, by});
            }
    }

    void form() {
        for (const auto& page : c_.package.form.pages) {
            read(page.show);
            read(page.called);
            for (const auto& check : page.checks) read(check.that);
            for (const auto& q : page.questions) {
                for (const auto* rule : Expressions{&q.show, &q.required, &q.default_value, &q.value}) read(*rule, &q);
                for (const auto& check : q.checks) read(check.that, &q);
                for (const auto* text : {&q.label, &q.help, &q.say}) sentence(*text, &q);
                name(q.look_up_by, &q);
            }
        }
        for (const auto& need : c_.package.form.needs) {
            read(need.when);
            for (const auto& fact : need.proves) name(fact);
        }
    }

    void service() {
        const Service& s = c_.package.service;
        for (const auto* rule : Expressions{&s.office_rule, &s.decision_day, &s.months_from, &s.months_count, &s.combine, &s.award.from, &s.award.months}) read(*rule);
        for (const auto& consultation : s.consultations) {
            read(consultation.when);
            sentence(consultation.question);
        }
        for (const auto& clause : s.clauses) {
            read(clause.when);
            sentence(clause.say);
        }
        for (const auto& [code, rule] : s.outcomes) {
            sentence(rule.title);
            sentence(rule.task);
        }
        if (s.automation)
            for (const auto& [path, level] : s.automation->facts) name(path);
        for (const auto& [code, reason] : c_.package.reasons) {
            sentence(reason.say);
            sentence(reason.what_now);
            for (const auto& fact : reason.facts) name(fact);
        }
        for (const auto& [decision, step] : c_.package.step_texts) sentence(step.say);
    }

    void letters() {
        const auto names = letter_names(c_.package);
        for (const auto& [path, content] : c_.package.letters)
            if (auto letter = parse_letter(content, path, names)) nodes(letter->nodes);
    }

    void nodes(const std::vector<LetterNode>& list) {
        for (const auto& node : list) {
            read(node.value);
            for (const auto& piece : node.pieces) read(piece.value);
            nodes(node.children);
            nodes(node.otherwise);
        }
    }

    const Checking& c_;
    std::vector<Read> reads_ = {};
    std::set<std::string> words_ = {};
};

/// Who it is, where she lives and how to reach her: every case needs that, whatever its rules read.
bool identifies(const Question& question) {
    static const std::set<std::string> attributes{"first_name", "last_name", "registered_address"};
    return attributes.count(question.from_profile) > 0 || question.type == QuestionType::email || question.type == QuestionType::phone ||
           question.type == QuestionType::remark || question.type == QuestionType::confirm;
}

bool in_list(const Page& page) { return !page.add_list.empty() || !page.for_list.empty(); }

/// Protected answers and what is derived from them: global name -> attribute.
std::map<std::string, std::string> protected_names(const Form& form) {
    std::map<std::string, std::string> found;
    for (const auto& page : form.pages)
        for (const auto& question : page.questions) {
            const std::string name = global_name(page, question.name);
            if (!question.protected_attribute.empty()) found[name] = question.protected_attribute;
            if (question.kind != Question::Kind::derive || !question.value) continue;
            for (const auto& use : question.value->uses())
                if (const auto source = found.find(global_name(page, use)); source != found.end()) found[name] = source->second;
        }
    return found;
}

class ProtectedCheck {
public:
    explicit ProtectedCheck(Checking& c) : c_(c), model_(*c.package.model), texts_(dmn::written(model_)) {}

    void run() {
        for (const auto& [name, attribute] : protected_names(c_.package.form)) {
            std::set<std::string> told;
            for (const auto& text : texts_) {
                if (!reads(text, name)) continue;
                for (const auto& decision : decisions_behind(text.owner))
                    if (!cited(decision) && told.insert(decision).second)
                        c_.report(Checking::kModel).error(c_.model_line(decision), "model_protected_without_norm",
                                                          {{"decision", decision}, {"name", name}, {"attribute", attribute}});
            }
        }
    }

private:
    /// A list's entries are read under other names: by the last word, where the list can be seen from there.
    bool reads(const dmn::Written& text, const std::string& name) const {
        if (std::any_of(text.uses.begin(), text.uses.end(), [&](const auto& use) { return use == name || use.starts_with(name + "."); })) return true;
        const auto question = std::find_if(c_.package.form.pages.begin(), c_.package.form.pages.end(), [&](const Page& page) {
            return in_list(page) && std::any_of(page.questions.begin(), page.questions.end(), [&](const Question& q) { return global_name(page, q.name) == name; });
        });
        const bool listed = question != c_.package.form.pages.end();
        const bool whole = std::any_of(text.uses.begin(), text.uses.end(), [&](const auto& use) { return name.starts_with(use + "."); });
        return (listed || whole) && words_of(text.text).count(name.substr(name.rfind('.') + 1)) > 0;
    }

    bool is_decision(const std::string& name) const {
        const auto& all = model_.decisions();
        return std::any_of(all.begin(), all.end(), [&](const auto& decision) { return decision.name == name; });
    }

    bool cited(const std::string& decision) const {
        const auto& all = model_.decisions();
        const auto found = std::find_if(all.begin(), all.end(), [&](const auto& d) { return d.name == decision; });
        return found != all.end() && (cites_law(found->question) || cites_law(found->label));
    }

    /// A decision itself; for a knowledge model the decisions that call it, directly or through others.
    std::set<std::string> decisions_behind(const std::string& owner) const {
        std::set<std::string> seen{owner}, decisions;
        std::vector<std::string> open{owner};
        while (!open.empty()) {
            const std::string name = open.back();
            open.pop_back();
            if (is_decision(name)) {
                decisions.insert(name);
                continue;
            }
            for (const auto& text : texts_)
                if (text.uses.count(name) && seen.insert(text.owner).second) open.push_back(text.owner);
        }
        return decisions;
    }

    Checking& c_;
    const dmn::Model& model_;
    std::vector<dmn::Written> texts_;
};

}  // namespace

void check_needs(Checking& c) {
    const Readers readers(c);
    for (const auto& page : c.package.form.pages)
        for (const auto& question : page.questions) {
            if (question.kind == Question::Kind::look_up || identifies(question)) continue;
            const std::string name = global_name(page, question.name);
            if (readers.need(name, question, in_list(page))) continue;
            c.report("form.yaml").warn(question.line, question.kind == Question::Kind::derive ? "form_derived_not_needed" : "form_question_not_needed", {{"name", name}});
        }
}

void check_protected(Checking& c) {
    if (c.package.model) ProtectedCheck(c).run();
}

}  // namespace kiepe::catalogue
