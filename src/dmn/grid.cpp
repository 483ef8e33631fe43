#include "dmn/grid.h"

#include <algorithm>

#include "base/text.h"

namespace kiepe::dmn {
namespace {

using feel::Value;

void visit(const dmn::Node* node, const std::string& owner, const Decision* whole, std::vector<Site>& sites) {
    if (node == nullptr) return;
    const auto into = [&](const NodePtr& part) { visit(part.get(), owner, nullptr, sites); };
    if (const auto* table = std::get_if<Table>(&node->box)) sites.push_back({table, node, owner, whole});
    if (const auto* box = std::get_if<ContextBox>(&node->box)) for (const auto& entry : box->entries) into(entry.value);
    if (const auto* box = std::get_if<ListBox>(&node->box)) for (const auto& item : box->items) into(item);
    if (const auto* box = std::get_if<RelationBox>(&node->box))
        for (const auto& row : box->rows) for (const auto& cell : row) into(cell);
    if (const auto* box = std::get_if<InvocationBox>(&node->box)) {
        into(box->callee);
        for (const auto& binding : box->bindings) into(binding.value);
    }
    if (const auto* box = std::get_if<FunctionBox>(&node->box)) into(box->body);
    if (const auto* box = std::get_if<ConditionalBox>(&node->box)) for (const auto* part : {&box->test, &box->then, &box->otherwise}) into(*part);
    if (const auto* box = std::get_if<IterationBox>(&node->box)) for (const auto* part : {&box->in, &box->body}) into(*part);
    if (const auto* box = std::get_if<FilterBox>(&node->box)) for (const auto* part : {&box->in, &box->match}) into(*part);
}

bool is_path(std::string_view text) {
    return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) { return std::string_view("()[]{}\"<>=!+-*/,? ").find(c) != std::string_view::npos; });
}

bool known_before(const feel::Expression& code, const Value& fixed) {
    return std::all_of(code.uses().begin(), code.uses().end(), [&](const std::string& use) {
        const auto& names = fixed.as_context();
        return std::any_of(names.begin(), names.end(), [&](const auto& entry) { return use == entry.first || use.starts_with(entry.first + "."); });
    });
}

const ItemType* field_of(const ItemType* type, std::string_view name, bool of_items) {
    if (type != nullptr && type->collection && of_items) type = type->item;
    if (type == nullptr || type->collection) return nullptr;
    for (const auto& [field, of] : type->fields)
        if (field == name) return of;
    return nullptr;
}

}  // namespace

std::vector<Site> tables_of(const Model::Impl& model) {
    std::vector<Site> sites;
    for (const auto& decision : model.home().decisions) visit(decision.logic.get(), decision.info.name, &decision, sites);
    for (const auto& knowledge : model.home().knowledge) visit(knowledge.body.get(), knowledge.name, nullptr, sites);
    return sites;
}

const ItemType* input_type_at(const Model::Impl& model, std::string_view path, bool of_items) {
    const auto names = split(path, '.');
    for (const auto& input : model.home().inputs) {
        if (input.name != names.front()) continue;
        const ItemType* type = input.type;
        for (std::size_t i = 1; i < names.size(); ++i) type = field_of(type, names[i], of_items);
        return type;
    }
    return nullptr;
}

Domain domain_of_type(const ItemType* type) {
    Domain domain;
    if (type == nullptr || type->collection) return domain;
    switch (type->base) {
        case ItemType::Base::number: domain.type = Domain::Type::number; break;
        case ItemType::Base::string: domain.type = Domain::Type::text; break;
        case ItemType::Base::boolean: domain.type = Domain::Type::boolean; break;
        case ItemType::Base::date: domain.type = Domain::Type::date; break;
        default: break;  // other kinds are known by what their cells compare with
    }
    return domain;
}

Grid::Grid(const Model::Impl& model, const Site& site, const AnalysisOptions& options)
    : model_(model), table_(*site.table), options_(options) {
    for (std::size_t column = 0; column < table_.inputs.size(); ++column) add_axis(column);
    for (auto& axis : axes_) cut(axis);
    std::size_t parts = 0;
    for (const auto& axis : axes_) parts += axis.parts.size();
    too_large_ = parts * table_.rules.size() > options_.effort / 20;  // each is an evaluation
    if (too_large_) return;
    const Box all = space(true);
    surely_.assign(table_.rules.size(), all);
    perhaps_ = surely_;
    for (std::size_t i = 0; i < axes_.size(); ++i) take(axes_[i], i);
}

void Grid::add_axis(std::size_t column) {
    const std::string expression = tidy_name(trim(table_.inputs[column].expression.text));
    const auto known = std::find_if(axes_.begin(), axes_.end(), [&](const Axis& axis) { return axis.expression == expression; });
    Axis& axis = known != axes_.end() ? *known : axes_.emplace_back(Axis{expression});
    axis.columns.push_back(column);
    for (const auto& rule : table_.rules)
        if (rule.tests[column].code || rule.tests[column].text != "-") axis.tested = true;
}

const ItemType* Grid::type_at(const std::string& path) const { return is_path(path) ? input_type_at(model_, path) : nullptr; }

Domain Grid::domain_of(const Axis& axis) const {
    const InputColumn& column = table_.inputs[axis.columns.front()];
    if (axis.plain && options_.domain)
        if (auto domain = options_.domain(axis.expression)) return *domain;
    Domain domain = domain_of_type(column.type != nullptr ? column.type : type_at(axis.expression));
    if (axis.expression.starts_with("count(") && axis.expression.find(')') == axis.expression.size() - 1) {
        domain.type = Domain::Type::number;
        domain.digits = 0;
        domain.least = Value::number(0);
        domain.null = Domain::Null::no;
    }
    return domain;
}

std::optional<bool> Grid::answer(const feel::Expression& tests, const Part& part) const {
    const bool first = tests.evaluate(context(part.value)).is_true();
    for (const auto& other : part.others)
        if (tests.evaluate(context(other)).is_true() != first) return std::nullopt;
    return first;
}

/// Leaves out what the table's input values and the types do not allow.
void Grid::limit(Axis& axis, const std::vector<const feel::Expression*>& allowed) const {
    for (const auto* tests : allowed) {
        std::vector<Part> kept;
        for (auto& part : axis.parts) {
            const auto in = part.value.is_null() ? std::optional(true) : answer(*tests, part);
            if (in == false) continue;
            if (!in) part.maybe = true;
            kept.push_back(std::move(part));
        }
        axis.parts = std::move(kept);
    }
}

/// The input values of the axis' columns, and the allowed values and constraints of their types.
std::vector<const feel::Expression*> Grid::limits_of(const Axis& axis) const {
    std::vector<const feel::Expression*> limits;
    const auto add = [&](const std::optional<feel::Expression>& tests) {
        if (tests) limits.push_back(&*tests);
    };
    for (const std::size_t column : axis.columns) {
        add(table_.inputs[column].allowed);
        for (const ItemType* type : {table_.inputs[column].type, type_at(axis.expression)}) {
            if (type == nullptr) continue;
            add(type->allowed);
            add(type->constraint);
        }
    }
    return limits;
}

/// The value of a column that depends on fixed names alone, such as the city's.
std::optional<Value> Grid::fixed_value(const Axis& axis) const {
    const auto& code = table_.inputs[axis.columns.front()].expression.code;
    if (!code || code->uses().empty() || !known_before(*code, options_.fixed)) return std::nullopt;
    return code->evaluate(options_.fixed);
}

void Grid::cut(Axis& axis) {
    axis.plain = is_path(axis.expression) && std::any_of(model_.home().inputs.begin(), model_.home().inputs.end(), [&](const Input& input) {
        return axis.expression == input.name || axis.expression.starts_with(input.name + ".");
    });
    const Domain domain = domain_of(axis);
    std::vector<Value> mentioned;
    bool ordered = false, all = true;
    const auto mention = [&](std::string_view tests) {
        const auto found = compared(tests, options_.fixed);
        all = all && found.has_value();
        if (!found) return;
        mentioned.insert(mentioned.end(), found->values.begin(), found->values.end());
        ordered = ordered || found->ordered;
    };
    const auto allowed = limits_of(axis);
    for (const auto* tests : allowed) mention(tests->text());
    const bool limits_known = all;
    for (const auto& rule : table_.rules)
        for (const std::size_t column : axis.columns)
            if (rule.tests[column].code) mention(rule.tests[column].text);
    const auto fixed = fixed_value(axis);
    if (fixed) mentioned.push_back(*fixed);
    auto parts = axis.tested ? parts_of(domain, std::move(mentioned), ordered) : std::nullopt;
    axis.known = parts.has_value();
    if (!axis.known) {
        axis.parts = {{Value::string("anything"), {}}};
        return;
    }
    axis.parts = std::move(*parts);
    limit(axis, allowed);
    // without an enumeration a part stands for all texts that no cell names
    axis.closed = limits_known && std::all_of(axis.parts.begin(), axis.parts.end(), [](const Part& part) {
        return part.value.is_null() || (part.value.kind() == feel::Kind::string && part.others.empty());
    });
    // a row for another city is not dead, but only this city's rows must be complete
    for (auto& part : axis.parts) part.maybe = part.maybe || !limits_known || (fixed && !(part.value == *fixed));
}

/// Which parts each rule's cells take.
void Grid::take(Axis& axis, std::size_t index) {
    for (std::size_t rule = 0; rule < table_.rules.size(); ++rule) {
        for (const std::size_t column : axis.columns) {
            const Text& cell = table_.rules[rule].tests[column];
            if (!cell.code && cell.text == "-") continue;
            Bits sure(axis.parts.size()), perhaps(axis.parts.size(), true);
            bool analysed = axis.known && cell.code && compared(cell.text, options_.fixed).has_value();
            for (std::size_t part = 0; analysed && part < axis.parts.size(); ++part) {
                const auto in = answer(*cell.code, axis.parts[part]);
                if (!in) analysed = false;
                sure.put(part, in == true);
            }
            if (analysed) {
                perhaps = sure;
            } else {
                sure = Bits(axis.parts.size());
                unanalysed_.push_back({rule, cell.id, cell.text});
            }
            surely_[rule][index] &= sure;
            perhaps_[rule][index] &= perhaps;
        }
    }
}

Box Grid::space(bool with_maybe) const {
    Box box;
    for (const auto& axis : axes_) {
        Bits side(axis.parts.size());
        for (std::size_t part = 0; part < axis.parts.size(); ++part) side.put(part, with_maybe || !axis.parts[part].maybe);
        box.push_back(std::move(side));
    }
    return box;
}

Bits Grid::matching(std::size_t axis, const feel::Expression& tests) const {
    Bits found(axes_[axis].parts.size());
    for (std::size_t part = 0; part < found.size(); ++part) found.put(part, answer(tests, axes_[axis].parts[part]) == true);
    return found;
}

std::optional<std::vector<std::size_t>> Grid::point_in(const Box& box, Effort& effort) const {
    constexpr int kMostTries = 500;
    std::vector<std::size_t> point;
    for (const auto& side : box) point.push_back(side.first());
    for (std::size_t i = 0; i < box.size(); ++i)
        if (point[i] == box[i].size()) return std::nullopt;
    for (int tries = 0; tries < kMostTries && effort.take(10 * box.size()); ++tries) {
        if (!options_.possible || options_.possible(example(point))) return point;
        std::size_t axis = 0;
        for (; axis < box.size(); ++axis) {  // the next point, as a counter counts
            std::size_t next = point[axis] + 1;
            while (next < box[axis].size() && !box[axis].has(next)) ++next;
            point[axis] = next < box[axis].size() ? next : box[axis].first();
            if (next < box[axis].size()) break;
        }
        if (axis == box.size()) return std::nullopt;
    }
    return std::nullopt;
}

Example Grid::example(const std::vector<std::size_t>& point, const std::set<std::size_t>& without) const {
    Example values;
    for (std::size_t axis = 0; axis < axes_.size(); ++axis)
        if (axes_[axis].tested && axes_[axis].known && !without.count(axis)) values.emplace_back(axes_[axis].expression, axes_[axis].parts[point[axis]].value);
    return values;
}

bool Grid::computed(const std::set<std::size_t>& without) const {
    for (std::size_t axis = 0; axis < axes_.size(); ++axis)
        if (axes_[axis].tested && !axes_[axis].plain && !without.count(axis)) return true;
    return false;
}

std::optional<Value> Grid::constant(const Text& text) const {
    if (!text.code || !known_before(*text.code, options_.fixed)) return std::nullopt;
    return text.code->evaluate(options_.fixed);
}

std::optional<std::vector<Value>> Grid::outputs(std::size_t rule) const {
    std::vector<Value> values;
    for (const auto& text : table_.rules[rule].outputs) {
        auto value = constant(text);
        if (!value) return std::nullopt;
        values.push_back(std::move(*value));
    }
    return values;
}

}  // namespace kiepe::dmn
