#include "casework/house_parts.h"

#include <fmt/core.h>

#include "base/text.h"
#include "casework/surroundings.h"
#include "language/language.h"

namespace kiepe::casework {
namespace {

using documents::Block;
using documents::Runs;
using feel::Value;

struct Part {
    const LetterWork& work;
    Printer& printer;
    const Value& scope;
    std::vector<Block>& blocks;

    std::string text(const std::string& key, const language::Arguments& arguments = {}) const {
        return language::fill(work.package.program_text(work.language, key), arguments);
    }
    void paragraph(std::string words) { blocks.push_back(documents::paragraph(std::move(words))); }
};

/// "sentence (norm)"
Runs with_norm(Runs runs, const std::string& norm) {
    if (norm.empty()) return runs;
    if (runs.empty() || runs.back().bold) runs.push_back({"", false});
    runs.back().text += " (" + norm + ")";
    return runs;
}

void add_list(std::vector<Block>& blocks, Block::Kind kind, std::vector<Runs> items) {
    if (items.empty()) return;
    Block block;
    block.kind = kind;
    block.items = std::move(items);
    blocks.push_back(std::move(block));
}

/// VwVfG section 39: the essential facts and legal grounds, each with its norm.
void reasons(Part& part) {
    std::vector<Runs> items;
    const auto names = catalogue::sentence_names(part.work.package);
    for (const auto& code : part.work.preparation.reasons) {
        const auto reason = part.work.package.reasons.find(code);
        if (reason == part.work.package.reasons.end()) {
            part.printer.problems.push_back("reason " + code);
            continue;
        }
        Runs runs = with_norm(part.printer.print(reason->second.say, part.scope, names), reason->second.norm);
        if (!reason->second.what_now.empty())
            runs.push_back({" " + documents::to_text(part.printer.print(reason->second.what_now, part.scope, names)), false});
        items.push_back(std::move(runs));
    }
    if (items.size() != 1) return add_list(part.blocks, Block::Kind::bullets, std::move(items));
    part.blocks.emplace_back();
    part.blocks.back().runs = std::move(items.front());
}

void steps_over(Part& part, const Value& scope) {
    std::vector<Runs> items;
    const auto names = catalogue::sentence_names(part.work.package);
    for (const auto& decision : part.work.package.service.decision_steps) {
        const auto step = part.work.package.step_texts.find(decision);
        if (step == part.work.package.step_texts.end() || scope.get(decision).is_null()) continue;  // not reached in this case
        items.push_back(with_norm(part.printer.print(step->second.say, scope, names), step->second.norm));
    }
    add_list(part.blocks, Block::Kind::numbers, std::move(items));
}

/// The way of the calculation, once for each period, with that period's law.
void steps(Part& part) {
    const auto& work = part.work;
    if (work.preparation.periods.size() < 2) return steps_over(part, part.scope);
    for (const auto& period : work.preparation.periods) {
        auto values = period.values;
        for (const auto& act : work.package.service.acts) values[catalogue::Law::feel_name(act)] = work.law.on(act, period.from);
        Block head;
        head.runs = {{part.text("letter_period", {{"from", language::format_date_short(work.language, period.from)},
                                                  {"to", language::format_date_short(work.language, period.to)}}),
                      true}};
        part.blocks.push_back(std::move(head));
        steps_over(part, with_values(part.scope, values));
    }
}

/// Ancillary clauses (VwVfG section 36) and information.
void clauses(Part& part) {
    std::vector<Runs> items;
    const auto names = catalogue::sentence_names(part.work.package);
    for (const auto& clause : part.work.package.service.clauses)
        if (!clause.when || clause.when->evaluate(part.scope).is_true())
            items.push_back(with_norm(part.printer.print(clause.say, part.scope, names), clause.norm));
    add_list(part.blocks, Block::Kind::bullets, std::move(items));
}

void missing(Part& part) {
    std::vector<Runs> items;
    for (const auto& line : part.work.facts.missing) items.push_back({{line, false}});
    add_list(part.blocks, Block::Kind::bullets, std::move(items));
}

void payment(Part& part) {
    const auto& fee = part.work.package.service.fee;
    if (fee.none || fee.decision.empty()) return;
    const Value amount = part.scope.get(fee.decision);
    if (!amount.is_number() || compare(amount.as_number(), Decimal(0)) <= 0) return;
    const std::string norm = fee.norm.empty() ? "" : " (" + fee.norm + ")";
    part.paragraph(part.text("letter_payment", {{"amount", language::format_money(part.work.language, amount.as_number())},
                                                {"norm", norm},
                                                {"number", part.work.facts.case_number}}));
}

/// GDPR Art. 22, VwVfG section 35a: people are told that no person decided, and that one will look if they wish.
void automated(Part& part) {
    const auto& automation = part.work.package.service.automation;
    if (!part.work.facts.automatic || !automation) return;
    std::string norm = automation->norm;
    const Value provision = automation->allowed_by.empty() ? Value() : part.work.preparation.context.at(automation->allowed_by);
    if (provision.kind() == feel::Kind::string) norm += ", " + provision.as_string();
    part.paragraph(part.text("letter_automated", {{"norm", norm}}));
}

std::string within(Part& part, const catalogue::Period& period) {
    const char* unit = period.unit == catalogue::Period::Unit::months  ? "letter_within_months"
                       : period.unit == catalogue::Period::Unit::weeks ? "letter_within_weeks"
                                                                       : "letter_within_days";
    return part.work.package.texts ? part.work.package.texts->get_n(part.work.language, unit, period.count) : std::string();
}

/// VwGO section 58: remedy, authority or court with its seat, and period.
void remedy(Part& part) {
    const auto& rule = part.work.package.service.remedy;
    if (rule.kind.empty()) return;
    const auto* office = part.work.facts.office;
    const std::string place = !office ? part.work.city.name
                                      : fmt::format("{}, {}, {} {}", office->name, office->street, office->postcode, office->place);
    part.blocks.push_back(documents::heading(part.text("letter_remedy_title"), 2));
    part.paragraph(part.text("letter_remedy_" + rule.kind, {{"within", within(part, rule.within)},
                                                            {"office", place},
                                                            {"court", office ? office->remedy_court : std::string()},
                                                            {"norm", rule.norm}}));
    if (rule.kind == "action" && (!office || office->remedy_court.empty())) part.printer.problems.push_back("no court");
}

void salutation(Part& part) { part.paragraph(part.text("letter_salutation")); }

void signature(Part& part) {
    if (part.work.facts.signed_by.empty()) return;
    part.paragraph(part.text("letter_greeting"));
    part.paragraph(part.work.facts.signed_by);
}

}  // namespace

void house_part(const std::string& name, const LetterWork& work, Printer& printer, const Value& scope, std::vector<Block>& blocks) {
    static const std::map<std::string, void (*)(Part&)> parts = {
        {"salutation", salutation}, {"reasons", reasons},     {"steps", steps},   {"clauses", clauses},    {"missing", missing},
        {"payment", payment},       {"automated", automated}, {"remedy", remedy}, {"signature", signature}};
    Part part{work, printer, scope, blocks};
    const auto found = parts.find(name);
    if (found == parts.end()) printer.problems.push_back("part " + name);
    else found->second(part);
}

}  // namespace kiepe::casework
