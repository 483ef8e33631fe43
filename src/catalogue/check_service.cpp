#include <algorithm>

#include "base/text.h"
#include "catalogue/check.h"
#include "catalogue/form_reader.h"
#include "dmn/analysis.h"

namespace kiepe::catalogue {
namespace {

const std::string kFile = "service.yaml";

struct ServiceCheck {
    Checking& c;
    const Service& service;
    std::vector<std::string> decisions;

    bool has_decision(const std::string& name) const { return std::find(decisions.begin(), decisions.end(), name) != decisions.end(); }

    void decision_exists(const std::string& name, const std::vector<std::string>& keys) {
        if (name.empty() || has_decision(name)) return;
        c.error(kFile, keys, "model_unknown_decision", {{"decision", name}, {"hint", did_you_mean(name, decisions)}});
    }

    void letter_exists(const std::string& letter, const std::vector<std::string>& keys) {
        if (!letter.empty() && !c.package.letters.count(letter)) c.error(kFile, keys, "package_file_missing", {{"file", letter}});
    }

    void outcomes() {
        bool adverse = false;
        for (const auto& [code, rule] : service.outcomes) {
            letter_exists(rule.letter, {"outcomes", code, "letter"});
            const bool decided = rule.effect != OutcomeRule::Effect::none;
            adverse = adverse || rule.effect == OutcomeRule::Effect::unfavourable || rule.effect == OutcomeRule::Effect::burden;
            if (decided && rule.letter.empty()) c.error(kFile, {"outcomes", code}, "service_outcome_without_letter", {{"outcome", code}});
            if (decided && rule.title.empty()) c.error(kFile, {"outcomes", code}, "service_outcome_without_title", {{"outcome", code}});
            if (rule.effect == OutcomeRule::Effect::unfavourable || rule.effect == OutcomeRule::Effect::burden) against(code, rule);
        }
        // VwVfG section 37(6): an administrative act tells the remedy; without it the period for it is a year (VwGO section 58(2))
        if (adverse && service.remedy.kind.empty()) c.error(kFile, {}, "service_without_remedy");
        if (!service.missing.then.empty() && !service.outcomes.count(service.missing.then))
            c.error(kFile, {"missing", "then"}, "service_unknown_outcome", {{"outcome", service.missing.then}});
        letter_exists(service.missing.request, {"missing", "request"});
    }

    /// What goes against somebody says its law (VwVfG section 39(1): the legal grounds) and is signed by a person, whatever
    /// `automation` may list one day.
    void against(const std::string& code, const OutcomeRule& rule) {
        const auto letter = c.package.letters.find(rule.letter);
        const bool told = letter != c.package.letters.end() && (letter->second.find("{{> reasons }}") != std::string::npos ||
                                                                letter->second.find("{{> steps }}") != std::string::npos);
        if (rule.norm.empty() && !told) c.error(kFile, {"outcomes", code}, "service_outcome_without_norm", {{"outcome", code}});
        if (!rule.by_person) c.error(kFile, {"outcomes", code}, "service_outcome_not_by_person", {{"outcome", code}});
    }

    /// VwVfG section 35a: wholly automatic only where a provision allows it and there is neither discretion nor latitude; this house
    /// adds: only what is favourable.
    void automation() {
        if (!service.automation) return;
        const Automation& a = *service.automation;
        for (const auto& code : a.outcomes) {
            const auto rule = service.outcomes.find(code);
            if (rule == service.outcomes.end())
                c.error(kFile, {"automation", "outcomes"}, "service_unknown_outcome", {{"outcome", code}});
            else if (rule->second.effect != OutcomeRule::Effect::favourable)
                c.error(kFile, {"automation", "outcomes"}, "service_automation_not_favourable", {{"outcome", code}});
        }
        unfavourable_rows(a);
        if (a.discretion != "none") c.error(kFile, {"automation"}, "service_automation_discretion");
        // SGB X section 31a and AO section 155(4) permit it themselves; everything else is section 35a, as the gate sees it, too
        const auto has = [&](const char* part) { return a.norm.find(part) != std::string::npos; };
        const bool permitted = (has("SGB X") && has("31a")) || (has("AO") && has("155"));
        if (!cites_law(a.norm)) c.error(kFile, {"automation", "norm"}, "service_automation_without_norm", {{"norm", a.norm}});
        else if (!permitted && a.allowed_by.empty()) c.error(kFile, {"automation"}, "service_automation_without_provision", {{"norm", a.norm}});
        if (!a.allowed_by.empty()) provision(a.allowed_by);
        for (const auto& [path, level] : a.facts)
            if (!form_knows(c.package.form, path))
                c.error(kFile, {"automation", "facts", path}, "form_unknown_name",
                        {{"name", path}, {"hint", did_you_mean(path, form_names_of(c.package.form))}});
        if (a.register_text.empty()) c.error(kFile, {"automation"}, "package_missing_key", {{"key", "register_text"}});
    }

    /// The rows of the model that give an outcome which may not be automated, so that both places are found.
    void unfavourable_rows(const Automation& a) {
        if (!c.package.model) return;
        for (const auto& given : dmn::given_texts(*c.package.model, service.decision_outcome)) {
            const auto rule = service.outcomes.find(given.text);
            const bool listed = std::find(a.outcomes.begin(), a.outcomes.end(), given.text) != a.outcomes.end();
            if (listed && rule != service.outcomes.end() && rule->second.effect != OutcomeRule::Effect::favourable)
                c.report(Checking::kModel).error(c.model_line(given.element), "model_row_automates_unfavourable", {{"outcome", given.text}});
        }
    }

    void provision(const std::string& path) {
        Report report = c.report(kFile);
        compile_text(path, c.line(kFile, {"automation", "allowed_by"}), c.package.names, report);
        const auto dot = path.find('.');
        for (const auto& code : service.acts)
            if (Law::feel_name(code) == path.substr(0, dot)) return;
        c.error(kFile, {"automation", "allowed_by"}, "service_provision_not_law", {{"path", path}});
    }

    void around() {
        const City& city = c.catalogue.city();
        const auto duty = [&](const std::string& name, const std::vector<std::string>& keys) {
            if (!name.empty() && !city.duties.count(name)) c.warn(kFile, keys, "service_duty_unknown", {{"duty", name}});
        };
        duty(service.office_duty, {"office"});
        for (const auto& consultation : service.consultations) duty(consultation.duty, {"consult"});
        std::vector<std::string> known;
        for (const auto& situation : c.catalogue.situations()) known.push_back(situation.id);
        for (const auto& id : service.situations)
            if (std::find(known.begin(), known.end(), id) == known.end())
                c.warn(kFile, {"situations"}, "service_unknown_situation", {{"situation", id}, {"hint", did_you_mean(id, known)}});
        if (service.norms.empty()) c.error(kFile, {}, "package_missing_key", {{"key", "norms"}});
        if (service.link_only) return;
        if (!service.missing.request.empty() && !service.missing.then.empty() && !cites_law(service.missing.norm))
            c.error(kFile, {"missing"}, "service_missing_without_norm");
        if (service.promise.answer.count == 0) c.error(kFile, {}, "package_missing_key", {{"key", "promise"}});
        if (service.data.purpose.empty()) c.error(kFile, {}, "package_missing_key", {{"key", "data"}});
    }
};

}  // namespace

void check_service(Checking& c) {
    ServiceCheck check{c, c.package.service, {}};
    if (c.package.model)
        for (const auto& decision : c.package.model->decisions()) check.decisions.push_back(decision.name);
    check.around();
    check.outcomes();
    check.automation();
    if (c.package.service.link_only) return;
    if (!c.package.model) {
        c.error(kFile, {"decision"}, "package_file_missing", {{"file", "decision.dmn"}});
        return;
    }
    const Service& service = c.package.service;
    check.decision_exists(service.decision_outcome, {"decision", "outcome"});
    check.decision_exists(service.decision_reasons, {"decision", "reasons"});
    check.decision_exists(service.decision_looks, {"decision", "looks"});
    check.decision_exists(service.fee.decision, {"fee", "decision"});
    for (const auto& step : service.decision_steps) {
        check.decision_exists(step, {"decision", "steps"});
        if (!c.package.step_texts.count(step)) c.error("reasons.yaml", {"steps"}, "reasons_step_without_text", {{"decision", step}});
    }
    for (const auto& [name, type] : service.decision_results) check.decision_exists(name, {"decision", "results", name});
}

}  // namespace kiepe::catalogue
