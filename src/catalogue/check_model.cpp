#include <algorithm>
#include <set>

#include "base/text.h"
#include "catalogue/check.h"

namespace kiepe::catalogue {
namespace {

struct ModelCheck {
    Checking& c;
    const dmn::Model& model;
    std::string file;

    /// The line of an element in the model's file, by its id or else its name.
    int line_of(const std::string& element) const {
        const auto content = c.package.files.find(file);
        if (content == c.package.files.end() || element.empty()) return 1;
        for (const char* attribute : {"id=\"", "name=\""}) {
            const auto at = content->second.find(attribute + element + "\"");
            if (at != std::string::npos)
                return 1 + static_cast<int>(std::count(content->second.begin(), content->second.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
        }
        return 1;
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
                    c.report(file).error(line_of(decision), "reasons_code_without_text", {{"code", code}, {"decision", decision}, {"hint", near(code)}});
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
                c.report(file).error(line_of(c.package.service.decision_outcome), "service_unknown_outcome",
                                     {{"outcome", code}, {"hint", did_you_mean(code, known)}});
        if (given.empty()) return;  // given by an expression: not known before it runs
        for (const auto& code : known)
            if (std::find(given.begin(), given.end(), code) == given.end() && code != c.package.service.missing.then)
                c.warn("service.yaml", {"outcomes", code}, "service_outcome_never_given", {{"outcome", code}});
    }

    static bool any(const feel::Type& type) { return type.simple == "Any" && type.fields.empty() && !type.item; }

    void compare(const feel::Type& model_type, const feel::Type& known, const std::string& path) {
        if (any(model_type) || any(known)) return;
        const Args args{{"name", path}};
        if ((model_type.item != nullptr) != (known.item != nullptr) || model_type.fields.empty() != known.fields.empty()) {
            c.report(file).error(line_of("input_" + path.substr(0, path.find('.'))), "model_other_type", args);
            return;
        }
        if (model_type.item) return compare(*model_type.item, *known.item, path);
        if (model_type.fields.empty()) {
            if (model_type.simple != known.simple)
                c.report(file).error(line_of("input_" + path.substr(0, path.find('.'))), "model_other_type",
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
            c.report(file).error(line_of("input_" + path.substr(0, path.find('.'))), "model_unknown_input",
                                 {{"name", path + "." + name}, {"hint", did_you_mean(name, names)}});
        }
    }

    void inputs() {
        std::vector<std::string> known;
        for (const auto& [name, type] : c.package.names.names) known.push_back(name);
        for (const auto& input : model.inputs()) {
            const auto found = c.package.names.names.find(input);
            if (found == c.package.names.names.end())
                c.report(file).error(line_of("input_" + input), "model_unknown_input", {{"name", input}, {"hint", did_you_mean(input, known)}});
            else
                compare(model.input_type(input), found->second, input);
        }
    }
};

}  // namespace

void check_model(Checking& c) {
    if (!c.package.model) return;
    ModelCheck check{c, *c.package.model, "decision.dmn"};
    check.diagnostics();
    check.codes();
    check.outcomes();
    check.inputs();
}

}  // namespace kiepe::catalogue
