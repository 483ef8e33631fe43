#include "casework/why.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "base/text.h"
#include "casework/case_support.h"
#include "casework/printing.h"
#include "casework/surroundings.h"
#include "catalogue/norm_link.h"
#include "dmn/outline.h"
#include "language/language.h"

namespace kiepe::casework {
namespace {

using feel::Value;

bool is_name_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

/// "wogg.least_income[min([size, 12])]" -> wogg, least_income. Both empty where the text is no such path.
std::pair<std::string, std::string> first_two(std::string_view text) {
    std::size_t end = 0;
    while (end < text.size() && is_name_char(text[end])) ++end;
    if (end == 0 || end >= text.size() || text[end] != '.') return {};
    std::size_t last = end + 1;
    while (last < text.size() && is_name_char(text[last])) ++last;
    if (last == end + 1 || (last < text.size() && text[last] != '[' && text[last] != '.')) return {};
    return {std::string(text.substr(0, end)), std::string(text.substr(end + 1, last - end - 1))};
}

/// The names of a plain path ("home.address.ags"); empty for anything else.
std::vector<std::string> names_in(std::string_view text) {
    if (text.empty() || !std::all_of(text.begin(), text.end(), [](char c) { return is_name_char(c) || c == '.'; })) return {};
    return split(text, '.');
}

/// What the steps of one decision looked at.
struct Uses {
    std::set<std::string> names;                                       ///< every name that was read
    std::vector<std::pair<std::string, std::string>> parameters;       ///< act's FEEL name, parameter; in order
    std::map<std::pair<std::string, std::string>, Value> values;       ///< the entry of it that was used
    std::vector<std::string> decisions;                                ///< explained on their own
};

using Bound = std::map<std::string, std::string>;                      ///< parameter of a function -> act that it stands for

struct Walker {
    const catalogue::Package& package;
    const Value& context;

    std::string act_of(const std::string& name, const Bound& bound) const {
        if (const auto known = bound.find(name); known != bound.end()) return known->second;
        for (const auto& code : package.service.acts)
            if (catalogue::Law::feel_name(code) == name) return name;
        return "";
    }

    /// A knowledge model may get the whole act as an argument: then "act.work_expenses" is the act's.
    Bound bound_by(const dmn::Step& call) const {
        Bound bound;
        for (const auto& part : call.parts) {
            if (part.kind != "input" || !part.text.empty() || part.value.kind() != feel::Kind::context) continue;
            for (const auto& code : package.service.acts) {
                const auto name = catalogue::Law::feel_name(code);
                if (part.value == context.get(name)) bound[part.name] = name;
            }
        }
        return bound;
    }

    void look_at(const dmn::Step& step, const Bound& bound, Uses& uses) const {
        for (const auto& name : names_in(step.text)) uses.names.insert(name);
        const auto [base, name] = first_two(step.text);
        const auto act = base.empty() ? std::string() : act_of(base, bound);
        if (act.empty()) return;
        const std::pair<std::string, std::string> key{act, name};
        if (std::find(uses.parameters.begin(), uses.parameters.end(), key) == uses.parameters.end()) uses.parameters.push_back(key);
        const bool whole = step.text.size() == base.size() + 1 + name.size();
        if (!whole || !uses.values.contains(key)) uses.values.emplace(key, step.value);
    }

    /// `enter(decision)`: what to do with a decision inside.
    template <typename Enter>
    void walk(const dmn::Step& step, const Bound& bound, Uses& uses, const Enter& enter) const {
        for (const auto& part : step.parts) {
            if (part.kind == "decision") {
                enter(part);
                continue;
            }
            look_at(part, bound, uses);
            walk(part, part.kind == "function" ? bound_by(part) : bound, uses, enter);
        }
    }
};

const catalogue::Parameter* parameter_of(const catalogue::Act& act, const std::string& name) {
    const auto found = std::find_if(act.parameters.begin(), act.parameters.end(), [&](const auto& p) { return p.name == name; });
    return found == act.parameters.end() ? nullptr : &*found;
}

std::vector<WhyParameter> parameters_in(const catalogue::Package& package, const catalogue::Law& law, Day day, const Uses& uses,
                                        std::string_view language) {
    std::vector<WhyParameter> told;
    for (const auto& key : uses.parameters) {
        const auto* act = law.act(key.first);
        const auto* parameter = act ? parameter_of(*act, key.second) : nullptr;
        if (!parameter) continue;
        const catalogue::LawValue* holds = nullptr;
        for (const auto& value : parameter->values)
            if (value.from <= day) holds = &value;
        if (!holds) continue;
        const auto used = uses.values.find(key);
        told.push_back({act->code, parameter->name, parameter->about.empty() ? parameter->name : parameter->about,
                        amount_text(package, *parameter, used == uses.values.end() ? holds->is : used->second, language), parameter->norm,
                        catalogue::norm_link(law, parameter->norm, act->code), holds->from, holds->source, holds->to_check});
    }
    return told;
}

class Explainer {
public:
    Explainer(const catalogue::Package& package, const catalogue::Law& law, const Preparation& preparation, const Application& application,
              std::string_view language)
        : package_(package), law_(law), preparation_(preparation), application_(application), language_(language), printer_(package, language),
          names_(catalogue::sentence_names(package)), scope_(sentence_scope(package, preparation, language)),
          walker_{package, preparation.context} {
        if (package.model) outline_ = package.model->outline();
        for (const auto& [decision, step] : package.step_texts)
            if (matters(decision)) told_.insert(decision);
    }

    Why all() {
        Why result;
        for (const auto& code : preparation_.reasons) add_reason(code, package_.service.decision_reasons, result.reasons);
        for (const auto& code : preparation_.looks) add_reason(code, package_.service.decision_looks, result.looks);
        for (const auto& decision : roots()) result.steps.push_back(step(decision));
        if (preparation_.reasons.empty())
            for (const auto& asked : preparation_.evaluation.visible)
                if (!preparation_.context.at(asked.path).is_null()) result.facts.push_back(fact(asked));
        return result;
    }

private:
    /// What the outcome needs. After a refusal nobody wants to read what the permit would have cost.
    bool needed_by_outcome(const std::string& decision, const std::string& by) const {
        if (decision == by) return true;
        const auto* known = outline_.decision(by);
        return known && std::any_of(known->info.requires_decisions.begin(), known->info.requires_decisions.end(),
                                    [&](const auto& required) { return needed_by_outcome(decision, required); });
    }

    bool matters(const std::string& decision) const {
        const auto value = preparation_.values.find(decision);
        if (value == preparation_.values.end() || value->second.is_null()) return false;
        const auto rule = package_.service.outcomes.find(preparation_.outcome);
        const bool refused = rule != package_.service.outcomes.end() && rule->second.effect == catalogue::OutcomeRule::Effect::unfavourable;
        return !refused || needed_by_outcome(decision, package_.service.decision_outcome);
    }

    const Uses& uses_of(const std::string& decision) {
        if (const auto known = uses_.find(decision); known != uses_.end()) return known->second;
        Uses uses;
        std::set<std::string> entered;
        collect(decision, uses, entered);
        return uses_.emplace(decision, std::move(uses)).first->second;
    }

    /// Decisions inside that have no sentence of their own count as part of this one.
    void collect(const std::string& decision, Uses& uses, std::set<std::string>& entered) {
        if (!entered.insert(decision).second) return;
        walker_.walk(package_.model->explain(decision, preparation_.context), {}, uses, [&](const dmn::Step& inner) {
            if (!told_.contains(inner.name)) return collect(inner.name, uses, entered);
            if (std::find(uses.decisions.begin(), uses.decisions.end(), inner.name) == uses.decisions.end()) uses.decisions.push_back(inner.name);
        });
    }

    /// Steps that no other step is made from: the package's own order first, then by name.
    std::vector<std::string> roots() {
        std::vector<std::string> order;
        for (const auto& decision : package_.service.decision_steps)
            if (told_.contains(decision)) order.push_back(decision);
        for (const auto& decision : told_)
            if (std::find(order.begin(), order.end(), decision) == order.end()) order.push_back(decision);
        std::set<std::string> inner;
        for (const auto& decision : order)
            for (const auto& part : uses_of(decision).decisions) inner.insert(part);
        std::erase_if(order, [&](const auto& decision) { return inner.contains(decision); });
        return order;
    }

    std::string say(const catalogue::Text& text, bool* in_german = nullptr) {
        printer_.in_german = false;
        auto words = documents::to_text(printer_.print(text, scope_, names_));
        if (in_german) *in_german = printer_.in_german;
        return words;
    }

    WhyLine step(const std::string& decision) {
        const auto& about = package_.step_texts.at(decision);
        WhyLine line;
        line.code = decision;
        line.text = say(about.say, &line.in_german);
        line.norm = about.norm;
        line.link = catalogue::norm_link(law_, about.norm);
        line.again = !said_.insert(decision).second;
        if (line.again) return line;
        const auto& uses = uses_of(decision);
        line.facts = facts_of(decision, uses);
        line.parameters = parameters_in(package_, law_, preparation_.law_day, uses, language_);
        for (const auto& part : uses.decisions) line.parts.push_back(step(part));
        return line;
    }

    WhyFact fact(const catalogue::Asked& asked) {
        return {asked.path,
                answer_label(package_, preparation_, asked.path, language_),
                catalogue::answer_text(*asked.question, preparation_.context.at(asked.path), language_, package_),
                level_at(application_.sure, asked.path),
                asked.question->needed_for,
                catalogue::norm_link(law_, asked.question->needed_for)};
    }

    /// Something computed from answers (an age) leads back to them.
    std::set<std::string> read_names(const Uses& uses) const {
        auto names = uses.names;
        for (const auto& page : package_.form.pages)
            for (const auto& question : page.questions) {
                if (question.kind == catalogue::Question::Kind::ask || !names.contains(split(question.name, '.').back()) || !question.value) continue;
                for (const auto& path : question.value->uses())
                    for (const auto& part : split(path, '.')) names.insert(part);
            }
        return names;
    }

    /// Inputs that reach a decision, also through others: "for p in counted" reads what was answered about persons.
    void inputs_of(const std::string& decision, std::set<std::string>& inputs, std::set<std::string>& seen) const {
        const auto* known = outline_.decision(decision);
        if (!known || !seen.insert(decision).second) return;
        inputs.insert(known->info.requires_inputs.begin(), known->info.requires_inputs.end());
        for (const auto& required : known->info.requires_decisions) inputs_of(required, inputs, seen);
    }

    std::vector<WhyFact> facts_of(const std::string& decision, const Uses& uses) {
        const auto names = read_names(uses);
        std::set<std::string> inputs, seen;
        inputs_of(decision, inputs, seen);
        std::vector<WhyFact> facts;
        for (const auto& asked : preparation_.evaluation.visible) {
            const auto path = split(without_indexes(asked.path), '.');
            if (inputs.contains(path.front()) && names.contains(path.back()) && !preparation_.context.at(asked.path).is_null())
                facts.push_back(fact(asked));
        }
        return facts;
    }

    /// The law in the row of the table that gives the code, and in the reason's own sentence.
    Uses uses_of_reason(const std::string& code, const std::string& decision, const std::string& sentence) const {
        std::vector<std::string> texts{sentence};
        if (const auto* table = outline_.decision(decision))
            for (const auto& rule : table->logic.rules)
                if (std::any_of(rule.outputs.begin(), rule.outputs.end(), [&](const auto& out) { return out.find("\"" + code + "\"") != std::string::npos; }))
                    texts.insert(texts.end(), rule.tests.begin(), rule.tests.end());
        Uses uses;
        for (const auto& text : texts)
            for (std::size_t at = 0; at < text.size(); ++at) {
                if (!is_name_char(text[at]) || (at > 0 && (is_name_char(text[at - 1]) || text[at - 1] == '.'))) continue;
                std::size_t end = at;
                while (end < text.size() && (is_name_char(text[end]) || (text[end] == '.' && end + 1 < text.size() && is_name_char(text[end + 1])))) ++end;
                dmn::Step named;
                named.text = text.substr(at, end - at);
                named.value = preparation_.context.at(named.text);
                walker_.look_at(named, {}, uses);
            }
        return uses;
    }

    void add_reason(const std::string& code, const std::string& decision, std::vector<WhyLine>& to) {
        const auto reason = package_.reasons.find(code);
        if (reason == package_.reasons.end()) return;
        WhyLine line;
        line.code = code;
        line.text = say(reason->second.say, &line.in_german);
        if (!reason->second.what_now.empty()) line.what_now = say(reason->second.what_now);
        line.norm = reason->second.norm;
        line.link = catalogue::norm_link(law_, line.norm);
        for (const auto& pattern : reason->second.facts)
            for (const auto& asked : preparation_.evaluation.visible) {
                const auto plain = without_indexes(asked.path);
                if ((plain == pattern || plain.starts_with(pattern + ".")) && !preparation_.context.at(asked.path).is_null())
                    line.facts.push_back(fact(asked));
            }
        const auto uses = uses_of_reason(code, decision, reason->second.say.german);
        line.parameters = parameters_in(package_, law_, preparation_.law_day, uses, language_);
        to.push_back(std::move(line));
    }

    const catalogue::Package& package_;
    const catalogue::Law& law_;
    const Preparation& preparation_;
    const Application& application_;
    std::string language_;
    Printer printer_;
    feel::Names names_;
    Value scope_;
    Walker walker_;
    dmn::Outline outline_;
    std::set<std::string> told_, said_;
    std::map<std::string, Uses> uses_;
};

}  // namespace

std::string amount_text(const catalogue::Package& package, const catalogue::Parameter& parameter, const Value& value, std::string_view language) {
    const bool money = parameter.unit.starts_with("euro");
    const auto plain = [&](const Value& one) {
        if (one.is_number()) return money ? language::format_money(language, one.as_number()) : language::format_number(language, one.as_number());
        if (one.kind() == feel::Kind::date) return language::format_date(language, one.as_date());
        if (one.kind() == feel::Kind::boolean) return package.program_text(language, one.as_boolean() ? "yes" : "no");
        return one.kind() == feel::Kind::string ? one.as_string() : std::string();
    };
    std::string text = plain(value);
    if (value.kind() == feel::Kind::context) {
        std::vector<std::string> parts;
        for (const auto& [name, entry] : value.as_context()) parts.push_back(name + " = " + plain(entry));
        return join(parts, ", ");
    }
    if (text.empty()) return package.program_text(language, value.is_null() ? "why_no_value" : "why_whole_table");
    if (parameter.unit.empty() || !value.is_number()) return text;
    return language::fill(package.program_text(language, "why_unit_" + replace_all(parameter.unit, " ", "_")), {{"value", text}});
}

std::vector<WhyParameter> parameters_used(const catalogue::Package& package, const catalogue::Law& law, const Preparation& preparation,
                                          const dmn::Step& step, std::string_view language) {
    Uses uses;
    Walker walker{package, preparation.context};
    walker.walk(step, {}, uses, [](const dmn::Step&) {});
    return parameters_in(package, law, preparation.law_day, uses, language);
}

Why why(const catalogue::Package& package, const catalogue::Law& law, const Preparation& preparation, const Application& application,
        std::string_view language) {
    return Explainer(package, law, preparation, application, language).all();
}

}  // namespace kiepe::casework
