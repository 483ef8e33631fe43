#include <algorithm>
#include <set>

#include "base/text.h"
#include "catalogue/check.h"
#include "dmn/analysis.h"

namespace kiepe::catalogue {
namespace {

struct ModelCheck {
    Checking& c;
    const dmn::Model& model;
    std::string file;

    int line_of(const std::string& element) const { return c.model_line(element); }

    /// The cell of the decision's table that gives the code, else the decision.
    int line_of_code(const std::string& decision, const std::string& code) const {
        for (const auto& given : dmn::given_texts(model, decision))
            if (given.text == code && !given.element.empty()) return line_of(given.element);
        return line_of(decision);
    }

    void diagnostics() {
        for (const auto& d : model.diagnostics())
            c.report(file).error(line_of(d.element), "model_diagnostic",
                                 {{"element", d.element}, {"message", d.message}, {"position", d.position}, {"hint", d.hint}});
    }

    /// Both ways: a code without a sentence cannot be told, a sentence without a code is never told.
    void codes() {
        std::set<std::string> given;
        const auto collect = [&](const std::string& decision, Reason::Effect effect) {
            for (const auto& code : model.possible_outputs(decision)) {
                given.insert(code);
                const auto reason = c.package.reasons.find(code);
                if (reason == c.package.reasons.end()) {
                    c.report(file).error(line_of_code(decision, code), "reasons_code_without_text", {{"code", code}, {"decision", decision}, {"hint", near(code)}});
                } else if (reason->second.effect != effect) {
                    c.error("reasons.yaml", {"reasons", code, "effect"}, "reasons_wrong_effect", {{"code", code}, {"decision", decision}});
                }
            }
        };
        collect(c.package.service.decision_reasons, Reason::Effect::against);
        if (c.package.service.decision_looks != c.package.service.decision_reasons)
            collect(c.package.service.decision_looks, Reason::Effect::look);
        for (const auto& [code, reason] : c.package.reasons) {
            if (!given.count(code))
                c.error("reasons.yaml", {"reasons", code}, "reasons_never_given", {{"code", code}, {"hint", did_you_mean(code, {given.begin(), given.end()})}});
            for (const auto& fact : reason.facts)
                if (!form_knows(c.package.form, fact))
                    c.error("reasons.yaml", {"reasons", code, "facts"}, "form_unknown_name",
                            {{"name", fact}, {"hint", did_you_mean(fact, form_names_of(c.package.form))}});
        }
    }

    std::string near(const std::string& code) const {
        std::vector<std::string> known;
        for (const auto& [name, reason] : c.package.reasons) known.push_back(name);
        return did_you_mean(code, known);
    }

    void outcomes() {
        const auto& rules = c.package.service.outcomes;
        std::vector<std::string> known;
        for (const auto& [code, rule] : rules) known.push_back(code);
        const auto given = model.possible_outputs(c.package.service.decision_outcome);
        for (const auto& code : given)
            if (!rules.count(code))
                c.report(file).error(line_of_code(c.package.service.decision_outcome, code), "service_unknown_outcome",
                                     {{"outcome", code}, {"hint", did_you_mean(code, known)}});
        if (given.empty()) return;  // given by an expression: not known before it runs
        for (const auto& code : known)
            if (std::find(given.begin(), given.end(), code) == given.end() && code != c.package.service.missing.then)
                c.warn("service.yaml", {"outcomes", code}, "service_outcome_never_given", {{"outcome", code}});
    }

    int line_of_input(const std::string& path) const {
        const std::string name = path.substr(0, path.find('.'));
        const int line = line_of("input_" + name);
        return line > 1 ? line : line_of(name);
    }

    static bool any(const feel::Type& type) { return type.simple == "Any" && type.fields.empty() && !type.item; }

    void compare(const feel::Type& model_type, const feel::Type& known, const std::string& path) {
        if (any(model_type) || any(known)) return;
        const Args args{{"name", path}};
        if ((model_type.item != nullptr) != (known.item != nullptr) || model_type.fields.empty() != known.fields.empty()) {
            c.report(file).error(line_of_input(path), "model_other_type", args);
            return;
        }
        if (model_type.item) return compare(*model_type.item, *known.item, path);
        if (model_type.fields.empty()) {
            if (model_type.simple != known.simple)
                c.report(file).error(line_of_input(path), "model_other_type",
                                     {{"name", path}, {"model", model_type.simple}, {"form", known.simple}});
            return;
        }
        for (const auto& [name, field] : model_type.fields) {
            const auto other = known.fields.find(name);
            if (other != known.fields.end()) {
                compare(*field, *other->second, path + "." + name);
                continue;
            }
            std::vector<std::string> names;
            for (const auto& [n, t] : known.fields) names.push_back(n);
            c.report(file).error(line_of_input(path), "model_unknown_input",
                                 {{"name", path + "." + name}, {"hint", did_you_mean(name, names)}});
        }
    }

    void inputs() {
        std::vector<std::string> known;
        for (const auto& [name, type] : c.package.names.names) known.push_back(name);
        for (const auto& input : model.inputs()) {
            const auto found = c.package.names.names.find(input);
            if (found == c.package.names.names.end())
                c.report(file).error(line_of_input(input), "model_unknown_input", {{"name", input}, {"hint", did_you_mean(input, known)}});
            else
                compare(model.input_type(input), found->second, input);
        }
    }

    /// What is drawn but never read misleads whoever reads the diagram, and hides which facts a decision rests on.
    void idle() {
        const auto texts = dmn::written(model);
        const auto reads = [&](const std::string& owner, const std::string& name) {
            return std::any_of(texts.begin(), texts.end(), [&](const dmn::Written& written) {
                return written.owner == owner && std::any_of(written.uses.begin(), written.uses.end(), [&](const auto& use) { return touches(use, name); });
            });
        };
        std::set<std::string> needed;
        for (const auto& decision : model.decisions()) {
            for (const auto* list : {&decision.requires_inputs, &decision.requires_decisions})
                for (const auto& name : *list) {
                    needed.insert(name);
                    if (!reads(decision.name, name))
                        c.report(file).warn(line_of(decision.id), "model_requirement_unused", {{"decision", decision.name}, {"name", name}});
                }
        }
        for (const auto& input : model.inputs())
            if (!needed.count(input)) c.report(file).warn(line_of_input(input), "model_input_unused", {{"name", input}});
    }

    /// `results` of service.yaml say how a decision's value is printed.
    void results() {
        for (const auto& [name, wanted] : c.package.service.decision_results) {
            const std::string type = dmn::decision_type(model, name).simple;
            const std::string known = wanted == "money" ? "number" : wanted == "text" ? "string" : wanted;
            if (type == "Any" || type == known) continue;
            c.error("service.yaml", {"decision", "results", name}, "service_result_type", {{"name", name}, {"wanted", wanted}, {"model", type}});
        }
    }
};

}  // namespace

void check_model(Checking& c) {
    if (!c.package.model) return;
    ModelCheck check{c, *c.package.model, Checking::kModel};
    check.diagnostics();
    check.codes();
    check.outcomes();
    check.inputs();
    check.idle();
    check.results();
}

}  // namespace kiepe::catalogue
