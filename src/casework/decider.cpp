#include "casework/decider.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/date.h"
#include "base/id.h"
#include "casework/gate.h"
#include "casework/surroundings.h"

namespace kiepe::casework {

using feel::Value;

std::optional<Level> parse_level(std::string_view name) {
    if (name == "stated") return Level::stated;
    if (name == "document") return Level::document;
    if (name == "checked") return Level::checked;
    if (name == "register") return Level::registered;
    return std::nullopt;
}

std::string_view name_of(Level level) {
    switch (level) {
        case Level::document: return "document";
        case Level::checked: return "checked";
        case Level::registered: return "register";
        case Level::stated: break;
    }
    return "stated";
}

std::string Held::text() const {
    const auto arg = [&](const char* name) {
        const auto found = args.find(name);
        return found == args.end() ? std::string() : found->second;
    };
    if (code == "fact") return fmt::format("fact {} is only {}", arg("path"), arg("level"));
    if (code == "no_provision") return "no rule allows it";
    if (code == "consultation") return "consultation " + arg("duty");
    if (code == "look") return "look " + arg("reason");
    if (code == "spot_check") return "spot check";
    if (code == "no_automation") return "no automation";
    if (code == "law_unknown") return "law unknown after " + arg("until");
    if (code == "months_differ") return "months differ";
    if (code == "outcome" || code == "effect") return code + " " + arg("outcome");
    return code;
}

namespace {

std::vector<std::string> texts_of(const Value& value) {
    std::vector<std::string> result;
    if (value.kind() == feel::Kind::string) result.push_back(value.as_string());
    if (value.kind() == feel::Kind::list)
        for (const auto& item : value.as_list())
            if (item.kind() == feel::Kind::string) result.push_back(item.as_string());
    return result;
}

void add_new(std::vector<std::string>& to, const std::vector<std::string>& from) {
    for (const auto& text : from)
        if (std::find(to.begin(), to.end(), text) == to.end()) to.push_back(text);
}

/// One run of the model: every decision's value, or why there is none.
struct Run {
    std::map<std::string, Value> values;
    std::string problem;
};

Run run_model(const catalogue::Package& package, const Value& inputs) {
    Run run;
    const auto outcome = package.model->evaluate_all(inputs);
    if (outcome.value.kind() == feel::Kind::context)
        for (const auto& [name, value] : outcome.value.as_context()) run.values.emplace(name, value);
    for (const auto& error : outcome.errors)
        if (!error.code.starts_with("feel.")) run.problem = error.code + " " + error.element + ": " + error.message;  // FEEL's own errors are nulls, as specified
    return run;
}

Value value_of(const Run& run, const std::string& decision) {
    const auto found = run.values.find(decision);
    return found == run.values.end() ? Value() : found->second;
}

void take_codes(const catalogue::Service& service, const Run& run, Preparation& result) {
    add_new(result.reasons, texts_of(value_of(run, service.decision_reasons)));
    add_new(result.looks, texts_of(value_of(run, service.decision_looks)));
    if (result.problem.empty()) result.problem = run.problem;
}

std::string outcome_of(const catalogue::Service& service, const Run& run) {
    const Value value = value_of(run, service.decision_outcome);
    return value.kind() == feel::Kind::string ? value.as_string() : std::string();
}

std::optional<std::int64_t> whole(const Value& value) {
    return value.is_number() ? value.as_number().to_int() : std::nullopt;
}

/// The inputs of one month: case.month and the law of that month's first day.
Value month_inputs(const catalogue::Package& package, const catalogue::Law& law, const Value& context, Day month) {
    Value inputs = context.with(package.service.months_as.empty() ? "case.month" : package.service.months_as, Value::date(month));
    for (const auto& act : package.service.acts) inputs = inputs.with(catalogue::Law::feel_name(act), law.on(act, month));
    return inputs;
}

/// Period benefits: the one-month model once a month, each with that month's law; equal months merge (package-format, section 3).
void run_months(const catalogue::Package& package, const catalogue::Law& law, Preparation& result, bool& differ) {
    const auto& service = package.service;
    const Value from = service.months_from->evaluate(result.context);
    const auto count = whole(service.months_count->evaluate(result.context));
    if (from.kind() != feel::Kind::date || !count || *count < 1 || *count > 120) {
        result.problem = "months";
        return;
    }
    const auto inputs_of_model = package.model->inputs();
    const bool sees_month = std::find(inputs_of_model.begin(), inputs_of_model.end(), "case") != inputs_of_model.end();
    Value last_inputs;
    Run run;
    for (int i = 0; i < *count; ++i) {
        const Day month = add_months(first_of_month(from.as_date()), i);
        const Value inputs = month_inputs(package, law, result.context, month);
        const Value compared = sees_month ? inputs : inputs.without(service.months_as.empty() ? "case.month" : service.months_as);
        if (i == 0 || !(compared == last_inputs)) {
            run = run_model(package, inputs);
            take_codes(service, run, result);
            last_inputs = compared;
        }
        if (i == 0) {
            result.values = run.values;
            result.outcome = outcome_of(service, run);
        } else if (outcome_of(service, run) != result.outcome) {
            differ = true;
        }
        const Day last = add_months(month, 1) - std::chrono::days(1);
        if (!result.periods.empty() && result.periods.back().values == run.values) result.periods.back().to = last;
        else result.periods.push_back({month, last, run.values});
    }
}

std::string as_line(const catalogue::MissingPaper& paper) {
    if (!paper.office.empty()) return fmt::format("paper {} from office {}", paper.name, paper.office);
    return fmt::format("paper {}{}", paper.name, paper.later ? " (later)" : "");
}

/// Nothing is decided while an answer, or a paper that cannot come later, is missing.
bool may_be_decided(const Preparation& result) {
    return result.missing_answers.empty() &&
           std::all_of(result.missing_papers.begin(), result.missing_papers.end(), [](const auto& paper) { return paper.later; });
}

void evaluate_form(const catalogue::Package& package, const catalogue::Law& law, const catalogue::City& city,
                   const Application& application, Preparation& result) {
    result.law_day = law_day_of(package, law, city, application);
    result.evaluation = package.form.evaluate(application.answers, surround(package, law, city, application, result.law_day));
    result.context = result.evaluation.context;
    result.failed = result.evaluation.failed;
    result.missing_answers = result.evaluation.missing;
    result.missing_papers = package.form.missing_papers(result.evaluation, application.papers);
    for (const auto& path : result.missing_answers) result.missing.push_back("answer " + path);
    for (const auto& paper : result.missing_papers) result.missing.push_back(as_line(paper));
    for (const auto& consultation : package.service.consultations)
        if (!consultation.when || consultation.when->evaluate(result.context).is_true()) result.consult.push_back(consultation.duty);
    result.package_hash = package.hash;
    result.law_hash = law.hash(package.service.acts);
}

}  // namespace

Preparation prepare(const catalogue::Package& package, const catalogue::Law& law, const catalogue::City& city,
                    const Application& application) {
    Preparation result;
    evaluate_form(package, law, city, application, result);
    GateFacts facts;
    const auto known = known_until(package, law);
    if (known && result.law_day > *known) facts.law_unknown_after = known;
    if (!package.model) {
        result.problem = "no_model";
    } else if (may_be_decided(result)) {
        if (package.service.months_count && package.service.months_from) {
            run_months(package, law, result, facts.months_differ);
        } else {
            const Run run = run_model(package, result.context);
            take_codes(package.service, run, result);
            result.values = run.values;
            result.outcome = outcome_of(package.service, run);
        }
        if (result.outcome.empty() && result.problem.empty()) result.problem = "no_outcome";
    }
    result.held_by = walk_gate(package, application, result, facts);
    result.automatic = result.held_by.empty();
    return result;
}

Preparation pre_check(const catalogue::Package& package, const catalogue::Law& law, const catalogue::City& city,
                      const Application& application) {
    Preparation result;
    evaluate_form(package, law, city, application, result);
    result.held_by.push_back({"missing", {}});
    if (!package.model) return result;
    // Only reasons: an outcome over facts that are not known would be a promise that nobody can keep.
    const auto evaluate = [&](const std::string& decision) {
        return decision.empty() ? Value() : package.model->evaluate(decision, result.context).value;
    };
    add_new(result.reasons, texts_of(evaluate(package.service.decision_reasons)));
    add_new(result.looks, texts_of(evaluate(package.service.decision_looks)));
    for (const auto& info : package.model->decisions()) result.values[info.name] = evaluate(info.name);
    return result;
}

std::vector<dmn::Step> trace(const catalogue::Package& package, const Preparation& preparation) {
    std::vector<dmn::Step> steps;
    if (!package.model) return steps;
    steps.push_back(package.model->explain(package.service.decision_outcome, preparation.context));
    for (const auto& name : package.service.decision_steps) steps.push_back(package.model->explain(name, preparation.context));
    return steps;
}

}  // namespace kiepe::casework
