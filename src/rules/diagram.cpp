#include "rules/diagram.h"

#include <algorithm>
#include <cctype>

namespace kiepe::rules {
namespace {

void follow(const dmn::Step& step, CasePath& path) {
    if (step.kind == "decision") {
        const bool new_here = !path.contains(step.name);
        auto& reached = path[step.name];
        if (new_here) reached.value = step.value;
        for (const auto& part : step.parts) {
            if (part.kind != "table" || !reached.columns.empty() || !reached.rows.empty()) continue;
            for (const auto& below : part.parts) {
                if (below.kind == "input") reached.columns.push_back(below.value);
                if (below.kind == "rule") reached.rows.push_back(below.rule);
            }
        }
    }
    for (const auto& part : step.parts)
        if (part.kind == "decision") follow(part, path);
}

bool names(const std::string& text, const std::string& parameter) {
    const std::string wanted = "." + parameter;
    for (auto at = text.find(wanted); at != std::string::npos; at = text.find(wanted, at + 1)) {
        const auto end = at + wanted.size();
        if (end == text.size() || !(std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_')) return true;
    }
    return false;
}

}  // namespace

CasePath path_of(const std::vector<dmn::Step>& trace) {
    CasePath path;
    for (const auto& step : trace) follow(step, path);
    return path;
}

std::vector<const dmn::DecisionOutline*> from_the_result(const dmn::Outline& outline, const std::string& outcome) {
    std::vector<const dmn::DecisionOutline*> order;
    std::set<std::string> seen;
    std::vector<std::string> waiting{outcome};
    for (const auto& decision : outline.decisions) waiting.push_back(decision.info.name);
    const auto visit = [&](const std::string& first) {
        std::vector<std::string> level{first};
        for (std::size_t i = 0; i < level.size(); ++i) {
            const auto* decision = outline.decision(level[i]);
            if (!decision || !seen.insert(level[i]).second) continue;
            order.push_back(decision);
            for (const auto& needed : decision->info.requires_decisions) level.push_back(needed);
        }
    };
    for (const auto& name : waiting) visit(name);
    return order;
}

std::vector<std::pair<const catalogue::Act*, const catalogue::Parameter*>> parameters_named(const catalogue::Package& package, const catalogue::Law& law,
                                                                                             const dmn::Outline& outline) {
    std::vector<std::string> texts;
    const auto add = [&](const dmn::LogicOutline& logic) {
        for (auto& text : dmn::texts_of(logic)) texts.push_back(std::move(text));
    };
    for (const auto& decision : outline.decisions) add(decision.logic);
    for (const auto& knowledge : outline.knowledge) add(knowledge.logic);
    std::vector<std::pair<const catalogue::Act*, const catalogue::Parameter*>> found;
    for (const auto& code : package.service.acts) {
        const auto* act = law.act(code);
        if (!act) continue;
        for (const auto& parameter : act->parameters)
            if (std::any_of(texts.begin(), texts.end(), [&](const auto& text) { return names(text, parameter.name); })) found.emplace_back(act, &parameter);
    }
    return found;
}

std::string input_label(const catalogue::Package& package, const catalogue::Law& law, const dmn::InputOutline& input, std::string_view language) {
    if (!input.label.empty()) return input.label;
    for (const auto& code : package.service.acts)
        if (catalogue::Law::feel_name(code) == input.name)
            if (const auto* act = law.act(code)) return act->name.empty() ? act->code : act->name;
    if (const auto* question = package.form.question(input.name)) return package.say(language, question->label).text;
    return input.name;
}

const std::string* model_file(const std::map<std::string, std::string>& files) {
    for (const auto& [path, content] : files)
        if (path.ends_with(".dmn")) return &content;
    return nullptr;
}

std::map<std::string, std::string> drawing_labels(const catalogue::Package& package, const catalogue::Law& law, std::string_view language) {
    std::map<std::string, std::string> labels;
    if (!package.model) return labels;
    for (const auto& input : package.model->outline().inputs) labels[input.name] = input_label(package, law, input, language);
    return labels;
}

}  // namespace kiepe::rules
