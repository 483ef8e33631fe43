#include "rules/compare_told.h"

#include <set>

#include "casework/value_words.h"
#include "rules/parallel.h"

namespace kiepe::rules {
namespace {

using casework::Explained;

/// Answers carry where they come from; what was computed or said by the rules does not.
bool is_fact(const Explained& line) { return !line.source.empty(); }

/// `all_of_them`: the sentence that nothing speaks against it, under which every answer stands. Answers are the same on both sides; only those
/// on which a reason rests say something about a difference.
void flatten(const std::vector<Explained>& tree, int depth, bool facts, const std::string& all_of_them, std::vector<Line>& lines) {
    for (const auto& node : tree) {
        if (is_fact(node) && !facts) continue;
        lines.push_back({node.text, node.value, node.norm, depth});
        if (node.text != all_of_them) flatten(node.parts, depth + 1, facts, all_of_them, lines);
    }
}

std::vector<Line> only_in(const std::vector<Line>& lines, const std::vector<Line>& other) {
    std::set<std::pair<std::string, std::string>> known;
    for (const auto& line : other) known.emplace(line.text, line.value);
    std::vector<Line> rest;
    for (const auto& line : lines)
        if (!known.contains({line.text, line.value})) rest.push_back(line);
    return rest;
}

struct Teller {
    const RuleSet& before;
    const RuleSet& after;
    const CompareOptions& options;

    std::vector<Line> lines(const RuleSet& rules, const casework::Application& application, const std::string& language) const {
        const auto preparation = casework::prepare(rules.package, rules.law, rules.city, application);
        std::vector<Line> flat;
        flatten(casework::explain(rules.package, preparation, application, language), 0, options.facts,
                rules.package.program_text(language, "explain_nothing_against"), flat);
        return flat;
    }

    std::map<std::string, Told> told(const casework::Application& application) const {
        std::map<std::string, Told> all;
        for (const auto& language : options.languages) {
            const auto was = lines(before, application, language), is = lines(after, application, language);
            all[language] = {only_in(was, is), only_in(is, was)};
        }
        return all;
    }

    static std::string title(const catalogue::Package& package, const std::string& outcome, const std::string& language) {
        const auto rule = package.service.outcomes.find(outcome);
        if (rule == package.service.outcomes.end()) return outcome;
        return package.say(language, rule->second.title.empty() ? rule->second.task : rule->second.title).text;
    }
};

}  // namespace

namespace {

std::string reason_text(const catalogue::Package& package, const std::string& code, const std::string& language) {
    const auto reason = package.reasons.find(code);
    return reason == package.reasons.end() ? std::string() : casework::without_values(package.say(language, reason->second.say).text);
}

std::string label_of(const catalogue::Package& package, const std::string& decision) {
    if (package.model)
        for (const auto& info : package.model->decisions())
            if (info.name == decision && !info.label.empty()) return info.label;
    return decision;
}

void name_things(const RuleSet& before, const RuleSet& after, const CompareOptions& options, Comparison& comparison) {
    if (!comparison.amount.empty()) comparison.labels[comparison.amount] = label_of(after.package, comparison.amount);
    for (const auto& group : comparison.groups) {
        for (const auto& name : group.results) comparison.labels[name] = label_of(after.package, name);
        for (const auto* codes : {&group.before.reasons, &group.before.looks, &group.after.reasons, &group.after.looks})
            for (const auto& code : *codes)
                for (const auto& language : options.languages) {
                    auto text = reason_text(after.package, code, language);
                    if (text.empty()) text = reason_text(before.package, code, language);
                    comparison.reason_texts[language][code] = text.empty() ? code : text;
                }
    }
}

}  // namespace

void tell(const RuleSet& before, const RuleSet& after, const std::vector<Subject>& subjects, const CompareOptions& options, Comparison& comparison) {
    name_things(before, after, options, comparison);
    const Teller teller{before, after, options};
    for (auto& group : comparison.groups)
        for (const auto& language : options.languages)
            group.titles[language] = {Teller::title(before.package, group.before.outcome, language), Teller::title(after.package, group.after.outcome, language)};
    std::vector<bool> begun(comparison.groups.size());
    std::vector<std::size_t> wanted;  // the first of each group, or all
    for (std::size_t i = 0; i < comparison.changes.size(); ++i) {
        const bool first = !begun[comparison.changes[i].group];
        begun[comparison.changes[i].group] = true;
        if (first || options.tell_each) wanted.push_back(i);
    }
    run_all(wanted.size(), options.threads, [&](std::size_t i) {
        auto& change = comparison.changes[wanted[i]];
        change.told = teller.told(subjects[change.subject].application);
    });
    for (const auto i : wanted) {
        auto& change = comparison.changes[i];
        if (auto& group = comparison.groups[change.group]; group.told.empty()) group.told = change.told;
        if (!options.tell_each) change.told.clear();
    }
}

}  // namespace kiepe::rules
