#include "dmn/analysis.h"

#include <algorithm>

#include "base/text.h"
#include "dmn/grid.h"

namespace kiepe::dmn {
namespace {

using feel::Value;
using Kind = TableFinding::Kind;

/// Reports stay readable: of more than this many of a kind in one table the rest follows when the first are mended.
constexpr std::size_t kMost = 10;

int number_of(std::size_t rule) { return static_cast<int>(rule) + 1; }

bool same(const std::vector<Value>& a, const std::vector<Value>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Value& x, const Value& y) { return feel::equal(x, y) == true; });
}

class TableAnalysis {
public:
    TableAnalysis(const Model& model, const Site& site, const AnalysisOptions& options)
        : model_(model), site_(site), table_(*site.table), options_(options), grid_(model.impl(), site, options), effort_{options.effort} {}

    std::vector<TableFinding> run() {
        if (grid_.too_large()) return {about(Kind::too_large, {}, site_.node->id)};
        for (const auto& cell : grid_.unanalysed()) {
            TableFinding finding = about(Kind::not_analysed, {number_of(cell.rule)}, cell.element);
            finding.text = cell.text;
            findings_.push_back(std::move(finding));
        }
        for (std::size_t rule = 0; rule < table_.rules.size(); ++rule)
            if (!foreign(rule)) impossible(rule);
        overlaps();
        covered_rules();
        duplicates();
        gaps();
        if (effort_.spent()) findings_.push_back(about(Kind::too_large, {}, site_.node->id));
        return std::move(findings_);
    }

private:
    TableFinding about(Kind kind, std::vector<int> rules, std::string element) const {
        return {kind, site_.owner, std::move(element), std::move(rules)};
    }
    const std::string& id_of(std::size_t rule) const { return table_.rules[rule].id.empty() ? site_.node->id : table_.rules[rule].id; }

    bool foreign(std::size_t rule) {
        bool any = false;
        for (const Axis& axis : grid_.axes()) {
            if (!axis.known || !axis.closed) continue;
            for (const std::size_t column : axis.columns) {
                const Text& cell = table_.rules[rule].tests[column];
                const auto named = cell.code ? compared(cell.text, options_.fixed) : std::nullopt;
                for (std::size_t i = 0; named && i < named->values.size(); ++i) {
                    const Value& value = named->values[i];
                    const bool there = std::any_of(axis.parts.begin(), axis.parts.end(), [&](const Part& part) { return feel::equal(part.value, value) == true; });
                    if (there || value.kind() != feel::Kind::string) continue;
                    TableFinding finding = about(Kind::foreign, {number_of(rule)}, cell.id.empty() ? id_of(rule) : cell.id);
                    finding.expression = axis.expression;
                    finding.text = as_feel(value);
                    findings_.push_back(std::move(finding));
                    any = true;
                }
            }
        }
        return any;
    }

    /// A cell that no value of its column fulfils: mostly a limit that the form does not reach.
    void impossible(std::size_t rule) {
        for (std::size_t i = 0; i < grid_.axes().size(); ++i) {
            const Axis& axis = grid_.axes()[i];
            if (!axis.known || axis.parts.empty() || !grid_.perhaps(rule)[i].none()) continue;
            TableFinding finding = about(Kind::impossible, {number_of(rule)}, id_of(rule));
            finding.expression = axis.expression;
            for (const std::size_t column : axis.columns) {
                const Text& cell = table_.rules[rule].tests[column];
                if (!cell.code) continue;
                if (finding.text.empty() && !cell.id.empty()) finding.element = cell.id;
                finding.text += (finding.text.empty() ? "" : "; ") + cell.text;
            }
            findings_.push_back(std::move(finding));
            return;
        }
    }

    void overlaps() {
        if (table_.policy != HitPolicy::unique && table_.policy != HitPolicy::any) return;
        const Box certain = grid_.space(false);
        std::size_t found = 0;
        for (std::size_t second = 1; second < table_.rules.size(); ++second) {
            for (std::size_t first = 0; first < second && found < kMost; ++first) {
                if (!effort_.take(grid_.axes().size())) return;
                if (!intersects(grid_.surely(first), grid_.surely(second))) continue;
                const Box both = intersection(intersection(grid_.surely(first), grid_.surely(second)), certain);
                if (empty(both) || agree(first, second)) continue;
                const auto point = grid_.point_in(both, effort_);
                if (!point) continue;
                TableFinding finding = about(Kind::overlap, {number_of(first), number_of(second)}, id_of(second));
                const auto free = free_axes(both, grid_.space(true));
                finding.example = grid_.example(*point, free);
                finding.computed = grid_.computed(free);
                if (!confirmed(finding, grid_.example(*point))) continue;
                findings_.push_back(std::move(finding));
                ++found;
            }
        }
    }

    /// With ANY, rules may meet where they give the same; where an output is computed nobody can say beforehand.
    bool agree(std::size_t first, std::size_t second) const {
        if (table_.policy == HitPolicy::unique) return false;
        const auto a = grid_.outputs(first), b = grid_.outputs(second);
        return !a || !b || same(*a, *b);
    }

    static std::set<std::size_t> free_axes(const Box& box, const Box& all) {
        std::set<std::size_t> free;
        for (std::size_t i = 0; i < box.size(); ++i)
            if (all[i].within(box[i])) free.insert(i);
        return free.size() == box.size() ? std::set<std::size_t>{} : free;
    }

    /// Importance of a rule's outputs among the output values (hit policy PRIORITY); nullopt where they are computed.
    std::optional<std::vector<std::size_t>> rank(std::size_t rule) const {
        const auto values = grid_.outputs(rule);
        if (!values) return std::nullopt;
        std::vector<std::size_t> ranks;
        for (std::size_t i = 0; i < values->size() && i < table_.outputs.size(); ++i) {
            const auto& order = table_.outputs[i].order;
            const auto place = std::find_if(order.begin(), order.end(), [&](const Value& each) { return feel::equal(each, (*values)[i]) == true; });
            ranks.push_back(static_cast<std::size_t>(place - order.begin()));
        }
        return ranks;
    }

    /// The rules that decide before this one.
    Bits before(std::size_t rule) const {
        Bits others(table_.rules.size());
        for (std::size_t other = 0; table_.policy == HitPolicy::first && other < rule; ++other) others.put(other);
        if (table_.policy != HitPolicy::priority || !ranks_[rule]) return others;
        for (std::size_t other = 0; other < table_.rules.size(); ++other)
            if (other != rule && ranks_[other] && (*ranks_[other] < *ranks_[rule] || (*ranks_[other] == *ranks_[rule] && other < rule))) others.put(other);
        return others;
    }

    void covered_rules() {
        if (table_.policy != HitPolicy::first && table_.policy != HitPolicy::priority) return;
        std::vector<const Box*> taken;
        for (std::size_t rule = 0; rule < table_.rules.size(); ++rule) {
            taken.push_back(&grid_.surely(rule));
            ranks_.push_back(table_.policy == HitPolicy::priority ? rank(rule) : std::nullopt);
        }
        const Boxes boxes(taken);
        for (std::size_t rule = 0; rule < table_.rules.size() && !effort_.spent(); ++rule) {
            const Bits others = before(rule);
            if (others.none() || empty(grid_.perhaps(rule)) || !boxes.cover(grid_.perhaps(rule), others, effort_)) continue;
            findings_.push_back(about(Kind::covered, {number_of(rule)}, id_of(rule)));
        }
    }

    /// With lists a second row that gives the same says a reason twice; with sums it may be meant, unless both take the very same inputs.
    void duplicates() {
        const bool list = table_.policy == HitPolicy::rule_order || table_.policy == HitPolicy::output_order ||
                          (table_.policy == HitPolicy::collect && table_.aggregation == Aggregation::none);
        if (!list && table_.policy != HitPolicy::collect && table_.policy != HitPolicy::any) return;
        std::vector<std::optional<std::vector<Value>>> outputs;
        for (std::size_t rule = 0; rule < table_.rules.size(); ++rule) outputs.push_back(grid_.outputs(rule));
        for (std::size_t rule = 1; rule < table_.rules.size(); ++rule) {
            for (std::size_t other = 0; other < rule; ++other) {
                if (!effort_.take(1)) return;
                if (!outputs[rule] || !outputs[other] || !same(*outputs[rule], *outputs[other])) continue;
                if (empty(grid_.perhaps(rule)) || empty(grid_.perhaps(other))) continue;
                const bool inside = within(grid_.perhaps(rule), grid_.surely(other)), outside = within(grid_.perhaps(other), grid_.surely(rule));
                if (list ? !inside && !outside : !inside || !outside) continue;
                const std::size_t idle = inside ? rule : other;
                findings_.push_back(about(Kind::duplicate, {number_of(idle == rule ? other : rule), number_of(idle)}, id_of(idle)));
                break;
            }
        }
    }

    void gaps() {
        const bool one = table_.policy == HitPolicy::unique || table_.policy == HitPolicy::any || table_.policy == HitPolicy::priority ||
                         table_.policy == HitPolicy::first;
        const bool fallback = std::any_of(table_.outputs.begin(), table_.outputs.end(), [](const auto& output) { return output.fallback.has_value(); });
        if (!one || fallback || effort_.spent()) return;
        std::vector<const Box*> boxes;
        for (std::size_t rule = 0; rule < table_.rules.size(); ++rule) boxes.push_back(&grid_.perhaps(rule));
        const Box space = grid_.space(false);
        std::vector<Box> reported;
        Boxes(boxes).each_hole(space, Bits(boxes.size(), true), effort_, [&](const Box& hole) {
            if (std::any_of(reported.begin(), reported.end(), [&](const Box& known) { return within(hole, known); })) return true;
            const auto point = grid_.point_in(hole, effort_);
            if (!point) return true;
            Box wide = widened(hole, *point, space);
            const auto free = free_axes(wide, space);
            TableFinding finding = about(Kind::gap, {}, site_.node->id);
            finding.example = grid_.example(*point, free);
            finding.computed = grid_.computed(free);
            if (confirmed(finding, grid_.example(*point))) findings_.push_back(std::move(finding));
            reported.push_back(std::move(wide));
            return reported.size() < kMost;
        });
    }

    /// The hole, made as large as it goes, so that one report says all that belongs together.
    Box widened(const Box& hole, const std::vector<std::size_t>& point, const Box& space) const {
        Box wide = hole;
        for (std::size_t axis = hole.size(); axis-- > 0;) {
            for (std::size_t part = 0; part < space[axis].size(); ++part) {
                if (!space[axis].has(part) || wide[axis].has(part) || part == point[axis]) continue;
                Box slab = wide;
                slab[axis] = Bits(space[axis].size());
                slab[axis].put(part);
                bool taken = false;
                for (std::size_t rule = 0; !taken && rule < table_.rules.size(); ++rule) taken = intersects(slab, grid_.perhaps(rule));
                if (!taken) wide[axis].put(part);
            }
        }
        return wide;
    }

    /// What was found is tried on the engine itself where the columns are plain inputs: a report that does not hold would be worse than none.
    bool confirmed(const TableFinding& finding, const Example& inputs) const {
        if (site_.decision == nullptr || grid_.computed({}) || !grid_.unanalysed().empty()) return true;
        Value context = options_.fixed;
        for (const auto& [path, value] : inputs) context = context.with(path, value);
        const Outcome outcome = model_.evaluate(site_.owner, context);
        const bool clash = std::any_of(outcome.errors.begin(), outcome.errors.end(), [](const Diagnostic& d) { return d.code == "dmn.hit_policy"; });
        return finding.kind == Kind::overlap ? clash : outcome.value.is_null() && !clash;
    }

    const Model& model_;
    const Site& site_;
    const Table& table_;
    const AnalysisOptions& options_;
    Grid grid_;
    Effort effort_;
    std::vector<std::optional<std::vector<std::size_t>>> ranks_ = {};
    std::vector<TableFinding> findings_ = {};
};

const Decision* decision_of(const Model& model, std::string_view name) {
    const Element element = model.impl().find(name);
    const auto* decision = std::get_if<const Decision*>(&element);
    return decision == nullptr ? nullptr : *decision;
}

void texts_in(const Text& text, std::vector<GivenText>& found) {
    const Value value = text.code && text.code->uses().empty() ? text.code->evaluate(Value::context({})) : Value();
    if (value.kind() == feel::Kind::string) found.push_back({value.as_string(), text.id});
    if (value.kind() != feel::Kind::list) return;
    for (const auto& item : value.as_list())
        if (item.kind() == feel::Kind::string) found.push_back({item.as_string(), text.id});
}

}  // namespace

std::vector<TableFinding> analyse(const Model& model, const AnalysisOptions& options) {
    std::vector<TableFinding> findings;
    for (const auto& site : tables_of(model.impl()))
        for (auto& finding : TableAnalysis(model, site, options).run()) findings.push_back(std::move(finding));
    return findings;
}

std::optional<Example> reaches(const Model& model, std::string_view decision, const std::function<bool(const Value&)>& wanted,
                               const std::string& expression, const std::string& tests, const AnalysisOptions& options) {
    feel::Names names;
    names.names["?"] = {};
    const auto code = feel::compile_unary_tests(tests, names);
    for (const auto& site : tables_of(model.impl())) {
        if (!code || site.decision == nullptr || site.decision != decision_of(model, decision)) continue;
        const Grid grid(model.impl(), site, options);
        if (grid.too_large()) return std::nullopt;
        const auto axis = std::find_if(grid.axes().begin(), grid.axes().end(), [&](const Axis& a) { return a.expression == expression; });
        if (axis == grid.axes().end() || !axis->known) return std::nullopt;
        const auto index = static_cast<std::size_t>(axis - grid.axes().begin());
        std::optional<Example> example;
        std::vector<const Box*> taken;
        for (std::size_t rule = 0; rule < site.table->rules.size(); ++rule) taken.push_back(&grid.perhaps(rule));
        const Boxes boxes(taken);
        Bits earlier(taken.size());
        for (std::size_t rule = 0; rule < site.table->rules.size() && !example; ++rule) {
            const auto outputs = grid.outputs(rule);
            if (outputs && outputs->size() == 1 && wanted(outputs->front())) {
                Box box = intersection(grid.surely(rule), grid.space(false));
                box[index] &= grid.matching(index, *code);
                Effort effort{options.effort};
                boxes.each_hole(box, earlier, effort, [&](const Box& open) {
                    if (const auto point = grid.point_in(open, effort)) example = grid.example(*point);
                    return !example;
                });
            }
            if (site.table->policy == HitPolicy::first) earlier.put(rule);
        }
        return example;
    }
    return std::nullopt;
}

std::optional<Value> refused(const Model& model, std::string_view path, const Domain& domain) {
    const ItemType* type = input_type_at(model.impl(), path, true);
    if (type == nullptr || (!type->allowed && !type->constraint)) return std::nullopt;
    std::vector<Value> mentioned;
    bool ordered = false;
    for (const auto* tests : {&type->allowed, &type->constraint}) {
        if (!*tests) continue;
        const auto found = compared((*tests)->text(), Value::context({}));
        if (!found) return std::nullopt;
        mentioned.insert(mentioned.end(), found->values.begin(), found->values.end());
        ordered = ordered || found->ordered;
    }
    const auto parts = parts_of(domain, std::move(mentioned), ordered);
    for (std::size_t i = 0; parts && i < parts->size(); ++i) {
        const Value& value = (*parts)[i].value;
        if (!value.is_null() && !conform(value, type)) return value;
    }
    return std::nullopt;
}

std::vector<GivenText> given_texts(const Model& model, std::string_view name) {
    std::vector<GivenText> found;
    const Decision* decision = decision_of(model, name);
    if (decision == nullptr || !decision->logic) return found;
    if (const auto* literal = std::get_if<Literal>(&decision->logic->box)) texts_in(literal->text, found);
    if (const auto* table = std::get_if<Table>(&decision->logic->box)) {
        for (const auto& rule : table->rules)
            for (const auto& output : rule.outputs) texts_in(output, found);
        for (const auto& output : table->outputs)
            if (output.fallback) texts_in(*output.fallback, found);
    }
    return found;
}

feel::Type decision_type(const Model& model, std::string_view name) {
    const Decision* decision = decision_of(model, name);
    return decision == nullptr || decision->type == nullptr ? feel::Type{} : decision->type->feel;
}

std::string as_feel(const Value& value) {
    if (value.kind() == feel::Kind::string) return "\"" + value.as_string() + "\"";
    return value.text();
}

}  // namespace kiepe::dmn
