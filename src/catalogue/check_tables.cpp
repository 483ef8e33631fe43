// Decision tables against what the form lets people answer: gaps, clashes, rules that never apply, outcomes in spite of reasons.
#include <algorithm>

#include "base/date.h"
#include "base/text.h"
#include "catalogue/check.h"
#include "dmn/analysis.h"

namespace kiepe::catalogue {
namespace {

using dmn::Domain;
using dmn::TableFinding;
using feel::Value;

Domain::Type domain_type(QuestionType type) {
    switch (type) {
        case QuestionType::yes_no:
        case QuestionType::confirm: return Domain::Type::boolean;
        case QuestionType::number:
        case QuestionType::money: return Domain::Type::number;
        case QuestionType::date: return Domain::Type::date;
        case QuestionType::month: return Domain::Type::month;
        case QuestionType::choices:
        case QuestionType::address:
        case QuestionType::file: return Domain::Type::unknown;
        default: return Domain::Type::text;
    }
}

/// What the form knows of answers: their values, when they are open, which never come together.
class FormFacts {
public:
    FormFacts(const Form& form, Value fixed) : form_(form), fixed_(std::move(fixed)) {
        for (const auto& page : form.pages)
            for (const auto& question : page.questions) places_.push_back({global_name(page, question.name), &question, &page});
    }

    const Value& fixed() const { return fixed_; }

    std::optional<Domain> domain(const std::string& path) const {
        for (const auto& [name, question, page] : places_) {
            if (name == path) return of(*question, *page);
            if (!path.starts_with(name + ".")) continue;
            Domain part;  // a fact of the map, or of an address: open where the address is not known
            part.null = Domain::Null::yes;
            const std::string field = path.substr(name.size() + 1);
            for (const auto& [key, type] : question->gives)
                if (key == field) part.type = domain_type(type);
            if (question->kind == Question::Kind::look_up && field == "found") part.type = Domain::Type::boolean;
            return part;
        }
        return std::nullopt;
    }

    /// False where the form's own rules say for certain that nobody can answer so: a hidden question has no answer, a shown one must
    /// have one, a derived value follows from others, a check forbids it.
    bool possible(const dmn::Example& example) const {
        Value known = fixed_;
        std::set<std::string> paths;
        for (const auto& [path, value] : example) {
            if (path.find_first_of("( =<>") != std::string::npos) continue;
            known = known.with(path, value);
            paths.insert(path);
        }
        const Scene scene{*this, known, paths};
        return std::all_of(example.begin(), example.end(), [&](const auto& entry) { return scene.fits(entry.first, entry.second); }) && scene.checks_pass();
    }

private:
    struct Place {
        std::string name;
        const Question* question;
        const Page* page;
    };

    struct Scene {
        const FormFacts& facts;
        const Value& known;
        const std::set<std::string>& paths;

        /// The value of an expression all of whose names are known; nullopt otherwise.
        std::optional<Value> value(const std::optional<feel::Expression>& expression) const {
            if (!expression) return std::nullopt;
            for (const auto& use : expression->uses()) {
                const std::string root = use.substr(0, use.find('.'));
                if (!paths.count(use) && facts.fixed_.get(root).is_null()) return std::nullopt;
            }
            return expression->evaluate(known);
        }

        bool fits(const std::string& path, const Value& answer) const {
            for (const auto& [name, question, page] : facts.places_) {
                if (name != path) continue;
                const auto own = value(question->show), around = value(page->show);
                const bool hidden = (own && !own->is_true()) || (around && !around->is_true());
                const bool shown = (!question->show || own) && (!page->show || around) && !hidden;
                if (question->kind == Question::Kind::ask && hidden && !answer.is_null()) return false;
                if (question->kind == Question::Kind::ask && shown && !question->optional && answer.is_null()) return false;
                if (question->kind != Question::Kind::derive) continue;
                if (const auto derived = value(question->value); derived && !(*derived == answer)) return false;
            }
            return true;
        }

        bool checks_pass() const {
            const auto fails = [&](const Check& check) {
                const auto result = check.warn ? std::nullopt : value(check.that);
                return result && result->is_false();
            };
            return std::none_of(facts.form_.pages.begin(), facts.form_.pages.end(), [&](const Page& page) {
                return std::any_of(page.checks.begin(), page.checks.end(), fails) ||
                       std::any_of(page.questions.begin(), page.questions.end(),
                                   [&](const Question& q) { return std::any_of(q.checks.begin(), q.checks.end(), fails); });
            });
        }
    };

    static Domain of(const Question& question, const Page& page) {
        Domain domain;
        domain.type = domain_type(question.type);
        const bool hidable = question.show || page.show || !page.for_list.empty();
        if (question.kind == Question::Kind::ask) domain.null = question.optional || hidable ? Domain::Null::yes : Domain::Null::no;
        if (question.required) domain.null = Domain::Null::maybe;
        if (domain.type == Domain::Type::number && question.kind == Question::Kind::ask) domain.digits = question.digits;
        if (question.least) domain.least = Value::number(*question.least);
        if (question.most) domain.most = Value::number(*question.most);
        if (question.type == QuestionType::choice)
            for (const auto& [code, label] : question.options) domain.values.push_back(Value::string(code));
        return domain;
    }

    const Form& form_;
    Value fixed_;
    std::vector<Place> places_ = {};
};

/// The days whose law is put into cells such as "> parking_order.longest_vehicle": today, and the newest, so that an amount of next year
/// is tried before it is in force.
std::set<Day> days_of_law(const Checking& c, std::optional<Day> today) {
    Day newest{};
    for (const auto& code : c.package.service.acts)
        if (const Act* act = c.catalogue.law().act(code))
            for (const auto& parameter : act->parameters)
                for (const auto& value : parameter.values) newest = std::max(newest, value.from);
    std::set<Day> days{newest};
    if (today) days.insert(*today);
    return days;
}

std::string say(const dmn::Example& example) {
    std::vector<std::string> parts;
    for (const auto& [path, value] : example) parts.push_back(path + " = " + dmn::as_feel(value));
    return join(parts, ", ");
}

class TableCheck {
public:
    TableCheck(Checking& c, Day day, std::set<std::string>& told) : c_(c), told_(told), facts_(c.package.form, fixed(c, day)) {
        options_.domain = [this](const std::string& path) { return facts_.domain(path); };
        options_.possible = [this](const dmn::Example& example) { return facts_.possible(example); };
        options_.fixed = facts_.fixed();
    }

    void tables() {
        for (const auto& finding : dmn::analyse(model(), options_)) {
            std::string key = std::to_string(static_cast<int>(finding.kind)) + " " + finding.element + " " + finding.text;
            for (const int rule : finding.rules) key += " " + std::to_string(rule);
            if (finding.kind == TableFinding::Kind::gap) key += say(finding.example);
            if (told_.insert(std::move(key)).second) tell(finding);
        }
    }

    void refused_answers() {
        for (const auto& page : c_.package.form.pages)
            for (const auto& question : page.questions) {
                const std::string path = global_name(page, question.name);
                const auto domain = question.kind == Question::Kind::ask ? facts_.domain(path) : std::nullopt;
                const auto value = domain ? dmn::refused(model(), path, *domain) : std::nullopt;
                if (value) c_.report("form.yaml").error(question.line, "model_refuses_answer", {{"name", path}, {"value", dmn::as_feel(*value)}});
            }
    }

    /// An outcome that a machine may decide, given while a reason speaks against it or a person should look: the gate would hold it back,
    /// but the table contradicts the notice.
    void outcomes() {
        const Service& service = c_.package.service;
        if (!service.automation) return;
        const auto& listed = service.automation->outcomes;
        const auto wanted = [&](const Value& value) {
            return value.kind() == feel::Kind::string && std::find(listed.begin(), listed.end(), value.as_string()) != listed.end();
        };
        const auto example = dmn::reaches(model(), service.decision_outcome, wanted, "count(" + service.decision_reasons + ")", "> 0", options_);
        if (example)
            c_.report(Checking::kModel).warn(c_.model_line(service.decision_outcome), "model_outcome_despite_reasons", {{"example", say(*example)}});
        else if (!reads_reasons())
            c_.report(Checking::kModel).warn(c_.model_line(service.decision_outcome), "model_outcome_ignores_reasons",
                                             {{"decision", service.decision_outcome}, {"reasons", service.decision_reasons}});
    }

private:
    const dmn::Model& model() const { return *c_.package.model; }

    static Value fixed(const Checking& c, Day day) {
        Value names = Value::context({{"city", Value::context({{"ags", Value::string(c.catalogue.city().ags)}, {"name", Value::string(c.catalogue.city().name)}})}});
        for (const auto& code : c.package.service.acts) names = names.with(Law::feel_name(code), c.catalogue.law().on(code, day));
        return names;
    }

    bool reads_reasons() const {
        const Service& service = c_.package.service;
        std::set<std::string> seen{service.decision_outcome};
        std::vector<std::string> open{service.decision_outcome};
        while (!open.empty()) {
            const std::string name = open.back();
            open.pop_back();
            if (name == service.decision_reasons) return true;
            for (const auto& decision : model().decisions())
                for (const auto& needed : decision.requires_decisions)
                    if (decision.name == name && seen.insert(needed).second) open.push_back(needed);
        }
        return model().possible_outputs(service.decision_reasons).empty();
    }

    void tell(const TableFinding& finding) {
        Args args{{"decision", finding.decision}, {"example", say(finding.example)}};
        if (!finding.rules.empty()) args.emplace_back("rule", std::to_string(finding.rules.front()));
        if (finding.rules.size() > 1) args.emplace_back("other", std::to_string(finding.rules[1]));
        args.emplace_back("expression", finding.expression);
        args.emplace_back("cell", finding.text);
        Report report = c_.report(Checking::kModel);
        const int line = c_.model_line(finding.element);
        switch (finding.kind) {
            case TableFinding::Kind::gap: return report.warn(line, finding.computed ? "table_gap_computed" : "table_gap", args);
            case TableFinding::Kind::overlap:
                if (finding.computed) return report.warn(line, "table_overlap_computed", args);
                return report.error(line, "table_overlap", args);
            case TableFinding::Kind::covered: return report.warn(line, "table_rule_covered", args);
            case TableFinding::Kind::foreign: return not_offered(finding, line, std::move(args));
            case TableFinding::Kind::impossible: return report.warn(line, "table_rule_impossible", args);
            case TableFinding::Kind::duplicate: return report.warn(line, "table_rule_twice", args);
            case TableFinding::Kind::not_analysed: return report.note(line, "table_not_analysed", args);
            case TableFinding::Kind::too_large: return report.note(line, "table_too_large", args);
        }
    }

    void not_offered(const TableFinding& finding, int line, Args args) {
        std::vector<std::string> options;
        if (const auto domain = facts_.domain(finding.expression))
            for (const auto& value : domain->values) options.push_back(value.as_string());
        args.emplace_back("known", join(options, ", "));
        c_.report(Checking::kModel).error(line, options.empty() ? "table_cell_no_value" : "table_cell_no_option", std::move(args));
    }

    Checking& c_;
    std::set<std::string>& told_;        ///< what was said for the law of another day
    FormFacts facts_;
    dmn::AnalysisOptions options_ = {};
};

}  // namespace

void check_tables(Checking& c, std::optional<Day> today) {
    if (!c.package.model || !c.package.model->diagnostics().empty()) return;  // what does not compile has no values to try
    std::set<std::string> told;
    std::size_t day_number = 0;
    for (const Day day : days_of_law(c, today)) {
        TableCheck check(c, day, told);
        check.tables();
        if (++day_number > 1) continue;   // the rest does not depend on amounts
        check.refused_answers();
        check.outcomes();
    }
}

}  // namespace kiepe::catalogue
