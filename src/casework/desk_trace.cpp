// The clerk's trace: every decision of the model as it was reached in this case, with the row that matched, the values on the way, the
// knowledge models that were called, and the law that was used.
#include <algorithm>
#include <set>

#include "base/date.h"
#include "base/text.h"
#include "casework/desk_support.h"
#include "casework/printing.h"
#include "casework/value_words.h"
#include "casework/why.h"
#include "catalogue/catalogue_pages.h"
#include "catalogue/norm_link.h"
#include "dmn/outline.h"

namespace kiepe::casework {
namespace {

using web::Data;

constexpr std::size_t kLongestLine = 90, kMostValues = 40, kMostCalls = 40;

using OnTheWay = std::vector<std::pair<std::string, feel::Value>>;

bool is_record(const feel::Value& value) {
    const auto kind = value.kind();
    return kind == feel::Kind::context || kind == feel::Kind::function ||
           (kind == feel::Kind::list && !value.as_list().empty() && value.as_list().front().kind() == feel::Kind::context);
}

/// Values on the way, innermost first, as they were computed; the named ones of a context by their names. What says nothing
/// (constants, whole records) is left out.
void values_on_the_way(const dmn::Step& step, OnTheWay& to, std::set<std::string>& seen) {
    for (const auto& part : step.parts) {
        if (part.kind != "literal") continue;
        values_on_the_way(part, to, seen);
        if (part.text.starts_with("{") && part.value.kind() == feel::Kind::context)
            for (const auto& [name, value] : part.value.as_context())
                if (!is_record(value) && to.size() < kMostValues && seen.insert(name).second) to.emplace_back(name, value);
        const bool readable = !part.text.empty() && part.text.size() <= kLongestLine && part.text.find('\n') == std::string::npos;
        if (readable && !is_record(part.value) && part.text != part.value.text() && to.size() < kMostValues && seen.insert(part.text).second)
            to.emplace_back(part.text, part.value);
    }
}

/// "0 instead of nothing" of something: a call that gives back what it got says nothing.
bool gives_back(const dmn::Step& call) {
    const dmn::Step* only = nullptr;
    for (const auto& part : call.parts) {
        if (part.kind != "input") continue;
        if (only) return false;
        only = &part;
    }
    return only && only->value == call.value;
}

/// Calls of knowledge models with their depth; the same call twice is told once.
void calls_in(const dmn::Step& step, int depth, std::vector<std::pair<const dmn::Step*, int>>& to, std::set<std::string>& seen) {
    for (const auto& part : step.parts) {
        if (part.kind == "decision") continue;
        if (part.kind == "function") {
            std::string key = part.name;
            for (const auto& argument : part.parts)
                if (argument.kind == "input") key += "|" + argument.value.text();
            if (to.size() >= kMostCalls || gives_back(part) || !seen.insert(key).second) continue;
            to.emplace_back(&part, depth);
            calls_in(part, depth + 1, to, seen);
        } else {
            calls_in(part, depth, to, seen);
        }
    }
}

const dmn::Step* part_of(const dmn::Step& step, std::string_view kind) {
    const auto found = std::find_if(step.parts.begin(), step.parts.end(), [&](const auto& part) { return part.kind == kind; });
    return found == step.parts.end() ? nullptr : &*found;
}

struct Trace {
    const Pages& pages;
    const web::Request& request;
    const Considered& considered;
    const dmn::Outline outline;
    ValueWords words;
    std::set<std::string> shown = {};

    std::string say(std::string_view key, const language::Arguments& arguments = {}) const { return pages.say(request, key, arguments); }

    void put_norm(Data& row, const std::string& norm, const std::string& link) const {
        if (norm.empty()) return;
        auto& told = row.add(link.empty() ? "NORM_ONLY" : "NORM_LINKED");
        told.set("NORM", catalogue::norm_text(norm));
        if (!link.empty()) told.set("NORM_PATH", link);
    }

    void put_table(Data& card, const dmn::Step& table, const dmn::DecisionOutline& about) {
        auto& shown_table = card.add("TABLE");
        shown_table.set("POLICY", say("rules_policy_" + about.logic.hit_policy));
        std::vector<const dmn::Step*> inputs;
        for (const auto& part : table.parts)
            if (part.kind == "input") inputs.push_back(&part);
        for (std::size_t i = 0; i < about.logic.inputs.size(); ++i) {
            const auto& column = about.logic.inputs[i];
            shown_table.add("COLUMNS").set("COLUMN", column.label.empty() ? column.text : column.label).set("COLUMN_FEEL", column.text);
            shown_table.add("HERE").set("HERE_VALUE", i < inputs.size() ? words.text(column.text, inputs[i]->value) : "");
        }
        for (const auto& column : about.logic.outputs) shown_table.add("OUTPUTS").set("OUTPUT", column.label.empty() ? column.name : column.label);
        bool any = false;
        for (const auto& part : table.parts) {
            if (part.kind != "rule") continue;
            any = true;
            const auto& rule = about.logic.rules.at(static_cast<std::size_t>(part.rule - 1));
            auto& row = shown_table.add("ROWS");
            row.set("ROW_NUMBER", std::int64_t{part.rule});
            for (std::size_t i = 0; i < rule.tests.size(); ++i)
                row.add("CELLS").set("CELL", words.test(about.logic.inputs[i].text, rule.tests[i])).show_if(rule.tests[i] != "-", "CELL_TESTS");
            for (const auto& output : rule.outputs) row.add("GIVES").set("GIVEN", words.test("", output));
        }
        shown_table.show_if(!any, "NO_ROW");
    }

    void put_values(Data& card, const dmn::Step& literal) {
        OnTheWay steps;
        std::set<std::string> seen;
        values_on_the_way(literal, steps, seen);
        if (steps.empty()) return;
        auto& list = card.add("HAS_VALUES");
        for (const auto& [text, value] : steps) list.add("VALUES").set("VALUE_OF", text).set("VALUE", words.text(text, value));
    }

    void put_calls(Data& card, const dmn::Step& decision) {
        std::vector<std::pair<const dmn::Step*, int>> calls;
        std::set<std::string> seen;
        calls_in(decision, 0, calls, seen);
        if (calls.empty()) return;
        auto& list = card.add("HAS_CALLS");
        std::set<std::string> told;
        for (const auto& [call, depth] : calls) {
            std::vector<std::string> arguments;
            for (const auto& part : call->parts)
                if (part.kind == "input" && part.value.kind() != feel::Kind::context) arguments.push_back(part.name + " = " + words.text(part.name, part.value));
            auto& row = list.add("CALLS");
            row.set("CALL", call->label.empty() ? call->name : call->label)
                .set("CALL_WITH", join(arguments, "; "))
                .set("CALL_VALUE", words.text(call->name, call->value))
                .set("CALL_DEPTH", std::int64_t{std::min(depth, 4)});
            const auto* literal = part_of(*call, "literal");
            if (!literal) continue;
            if (told.insert(call->name).second) row.add("CALL_FEEL").set("CALL_SOURCE", literal->text);
            for (const auto& part : literal->parts)
                if (part.text.starts_with("{") && part.value.kind() == feel::Kind::context) row.add("CALL_PARTS").set("CALL_PART", words.text("", part.value));
        }
    }

    void put_law(Data& card, const dmn::Step& decision) const {
        const auto used = parameters_used(*considered.package, *considered.law, considered.preparation, decision, request.language);
        if (used.empty()) return;
        auto& list = card.add("HAS_LAW");
        for (const auto& parameter : used) {
            auto& row = list.add("LAW");
            row.set("LAW_ABOUT", parameter.about)
                .set("LAW_NAME", catalogue::Law::feel_name(parameter.act) + "." + parameter.name)
                .set("LAW_VALUE", parameter.value)
                .set("LAW_SINCE", language::format_date(request.language, parameter.since))
                .set("LAW_SOURCE", parameter.published)
                .show_if(parameter.to_check, "LAW_UNCHECKED");
            auto& norm = row.add(parameter.link.empty() ? "LAW_PLAIN" : "LAW_LINKED");
            norm.set("LAW_NORM", catalogue::norm_text(parameter.norm));
            if (!parameter.link.empty()) norm.set("LAW_PATH", parameter.link);
        }
    }

    void put_codes(Data& card, const dmn::Step& decision) const {
        const auto& service = considered.package->service;
        if (decision.name != service.decision_reasons && decision.name != service.decision_looks) return;
        if (decision.value.kind() != feel::Kind::list) return;
        for (const auto& code : decision.value.as_list()) {
            if (code.kind() != feel::Kind::string) continue;
            const auto reason = considered.package->reasons.find(code.as_string());
            if (reason == considered.package->reasons.end()) continue;
            auto& row = card.add("CODES");
            row.set("CODE", code.as_string()).set("CODE_TEXT", render_text(*considered.package, reason->second.say, request.language, considered.preparation));
            auto link = catalogue::norm_link(*considered.law, reason->second.norm);
            auto& norm = row.add(link.empty() ? "CODE_PLAIN" : "CODE_LINKED");
            norm.set("CODE_NORM", catalogue::norm_text(reason->second.norm));
            if (!link.empty()) norm.set("CODE_PATH", std::move(link));
        }
    }

    void put_decision(Data& data, const dmn::Step& step, int depth) {
        const auto* about = outline.decision(step.name);
        if (!about) return;
        const std::string label = step.label.empty() ? step.name : step.label;
        if (!shown.insert(step.name).second) {
            data.add("NODES").add("AGAIN").set("AGAIN_TEXT", label).set("AGAIN_VALUE", words.text(step.name, step.value)).set("AGAIN_PATH", "#d-" + step.name);
            return;
        }
        auto& card = data.add("NODES").add("BEGINS");
        card.set("DECISION", label).set("DECISION_NAME", step.name).set("DECISION_VALUE", words.text(step.name, step.value)).show_if(depth < 2, "OPEN");
        put_norm(card, about->info.question, catalogue::norm_link(*considered.law, about->info.question));
        put_codes(card, step);
        if (const auto* table = part_of(step, "table")) put_table(card, *table, *about);
        if (const auto* literal = part_of(step, "literal")) {
            put_lines(card.add("LITERAL"), "LITERAL_LINES", literal->text);
            put_values(card, *literal);
        }
        put_calls(card, step);
        put_law(card, step);
        const bool needs = part_of(step, "decision") != nullptr;
        card.show_if(needs, "HAS_NEEDS");
        for (const auto& part : step.parts)
            if (part.kind == "decision") put_decision(data, part, depth + 1);
        data.add("NODES").add("ENDS").show_if(needs, "NEEDS_END");
    }

    void put_periods(Data& data) const {
        const auto& periods = considered.preparation.periods;
        if (periods.size() < 2) return;
        auto& list = data.add("HAS_PERIODS");
        for (const auto& period : periods) {
            const auto value = [&](const std::string& name) {
                const auto found = period.values.find(name);
                return found == period.values.end() ? std::string() : words.text(name, found->second);
            };
            auto& row = list.add("PERIODS");
            row.set("PERIOD", say("why_period", {{"from", language::format_date(request.language, period.from)}, {"to", language::format_date(request.language, period.to)}}));
            std::vector<std::string> results{value(considered.package->service.decision_outcome)};
            for (const auto& [name, type] : considered.package->service.decision_results) results.push_back(value(name));
            row.set("PERIOD_VALUE", join(results, ", "));
        }
    }
};

}  // namespace

web::Response show_trace(const Pages& pages, const web::Request& request, const identity::Staff& who) {
    const auto c = open_for_staff(pages, request, who);
    if (!c) return pages.site.error(request, 404, "case_unknown");
    const auto considered = pages.cases.considered(*c);
    if (!considered || !considered->package->model) return pages.site.error(request, 404, "service_unknown");
    if (!sees_all(pages.cases, *c, *considered->package, who)) return pages.site.error(request, 403, "desk_not_for_your_role");
    const auto& package = *considered->package;
    auto data = pages.site.frame(request, pages.say(request, "desk_trace"));
    data.set("BASE", desk_case_path(request, c->number))
        .set("CASE_NUMBER", c->number)
        .set("RULES", pages.say(request, "why_version", {{"version", package.service.version}, {"hash", considered->preparation.package_hash.substr(0, 12)},
                                                         {"day", language::format_date(request.language, considered->preparation.law_day)}}));
    data.show(considered->decided ? "TRACE_DECIDED" : "TRACE_TODAY");
    Trace page{pages, request, *considered, package.model->outline(), ValueWords(package, *considered->law, considered->preparation.law_day, request.language)};
    page.put_periods(data);
    for (const auto& step : trace(package, considered->preparation))
        if (!page.shown.contains(step.name)) page.put_decision(data, step, 0);
    return pages.site.render(request, "desk-trace.html", data);
}

}  // namespace kiepe::casework
