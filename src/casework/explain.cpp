#include "casework/printing.h"
#include "casework/surroundings.h"
#include "language/language.h"

namespace kiepe::casework {
namespace {

using catalogue::Question;
using feel::Value;

std::string text_of(Printer& printer, const catalogue::Text& text, const Value& scope, const feel::Names& names) {
    return documents::to_text(printer.print(text, scope, names));
}

std::string source_key(Level level) { return level == Level::stated ? "said" : std::string(name_of(level)); }

bool below(const std::string& pattern, const std::string& path) {
    const std::string plain = without_indexes(path);
    return plain == pattern || plain.starts_with(pattern + ".");
}

struct Explainer {
    const catalogue::Package& package;
    const Preparation& preparation;
    const Application& application;
    std::string language;
    Printer printer{package, language};
    feel::Names names = catalogue::sentence_names(package);
    Value scope = sentence_scope(package, preparation, language);

    Explained fact(const catalogue::Asked& asked) {
        Explained line;
        line.text = text_of(printer, asked.question->label, scope, names);
        line.norm = asked.question->needed_for;
        line.value = catalogue::answer_text(*asked.question, preparation.context.at(asked.path), language, package);
        line.source = source_key(level_at(application.sure, asked.path));
        return line;
    }

    /// The answers below `pattern` that were given here.
    void add_facts(const std::string& pattern, Explained& to) {
        for (const auto& asked : preparation.evaluation.visible)
            if (below(pattern, asked.path) && !preparation.context.at(asked.path).is_null()) to.parts.push_back(fact(asked));
    }

    void add_reason(const std::string& code, std::vector<Explained>& to) {
        const auto reason = package.reasons.find(code);
        if (reason == package.reasons.end()) return;
        Explained line;
        line.text = text_of(printer, reason->second.say, scope, names);
        line.norm = reason->second.norm;
        for (const auto& pattern : reason->second.facts) add_facts(pattern, line);
        to.push_back(std::move(line));
    }

    void add_step(const std::string& decision, std::vector<Explained>& to) {
        const auto step = package.step_texts.find(decision);
        if (step == package.step_texts.end() || !preparation.values.contains(decision)) return;
        Explained line;
        line.text = text_of(printer, step->second.say, scope, names);
        line.norm = step->second.norm;
        const Value& value = preparation.values.at(decision);
        if (value.kind() == feel::Kind::date || package.service.decision_results.contains(decision))
            line.value = printer.value_text(decision, value);
        to.push_back(std::move(line));
    }
};

}  // namespace

std::vector<Explained> explain(const catalogue::Package& package, const Preparation& preparation, const Application& application,
                               std::string_view language) {
    Explainer explainer{package, preparation, application, std::string(language)};
    std::vector<Explained> lines;
    for (const auto& code : preparation.reasons) explainer.add_reason(code, lines);
    for (const auto& code : preparation.looks) explainer.add_reason(code, lines);
    for (const auto& decision : package.service.decision_steps) explainer.add_step(decision, lines);
    // Nothing speaks against it: the facts that the decision rests on, each with where it comes from.
    if (preparation.reasons.empty() && preparation.looks.empty() && !preparation.outcome.empty()) {
        Explained line;
        line.text = package.program_text(language, "explain_nothing_against");
        for (const auto& asked : preparation.evaluation.visible)
            if (!preparation.context.at(asked.path).is_null()) line.parts.push_back(explainer.fact(asked));
        lines.insert(lines.begin(), std::move(line));
    }
    return lines;
}

}  // namespace kiepe::casework
