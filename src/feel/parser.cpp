#include "feel/parser.h"

#include <algorithm>

#include "base/text.h"

namespace kiepe::feel {

namespace types {

TypePtr named(const char* name) { return std::make_shared<const Type>(Type{.simple = name}); }
TypePtr any() {
    static const TypePtr type = named("Any");
    return type;
}
TypePtr number() {
    static const TypePtr type = named("number");
    return type;
}
TypePtr string() {
    static const TypePtr type = named("string");
    return type;
}
TypePtr boolean() {
    static const TypePtr type = named("boolean");
    return type;
}
TypePtr list_of(TypePtr item) {
    Type type{.simple = "list"};
    type.item = std::move(item);
    return std::make_shared<const Type>(std::move(type));
}
TypePtr range_of(TypePtr item) {
    Type type{.simple = "range"};
    type.range_of = std::move(item);
    return std::make_shared<const Type>(std::move(type));
}
TypePtr item_of(const TypePtr& type) {
    if (type->item) return type->item;
    if (type->simple == "list" || type->simple == "range") return type->range_of ? type->range_of : any();
    return type;
}
bool is_any(const Type& type) { return type.simple == "Any" && type.fields.empty() && !type.item && !type.range_of; }

}  // namespace types

Parser::Parser(std::string_view text, const Names& names, const CompileOptions& options)
    : in_(text), names_(names), options_(options) {
    for (const auto& [name, type] : names_.names) {
        if (!is_simple_name(name)) special_outer_.push_back(name);
    }
    open_scope();
}

std::size_t Parser::last_end() const {
    std::size_t end = in_.at();
    while (end > 0 && static_cast<unsigned char>(in_.text()[end - 1]) <= ' ') --end;
    return end;
}

TypePtr Parser::outer_type(const std::string& name, const Type& type) {
    TypePtr& known = outer_types_[name];
    if (!known) known = types::is_any(type) && !type.result ? types::any() : std::make_shared<const Type>(type);
    return known;
}

std::uint32_t Parser::place_of(const std::string& name) const {
    if (!names_.places) return Outer::kNoPlace;
    const auto found = names_.places->find(name);
    return found == names_.places->end() ? Outer::kNoPlace : found->second;
}

std::size_t Parser::new_slot() {
    const std::size_t slot = next_slot_++;
    if (next_slot_ > 10000) throw SyntaxError{"the expression has too many variables", in_.at(), {}};
    slots_ = std::max(slots_, next_slot_);
    return slot;
}

std::size_t Parser::declare(const std::string& name, TypePtr type) {
    const std::size_t slot = new_slot();
    scopes_.back().locals.push_back({name, slot, std::move(type)});
    return slot;
}

void Parser::close_scope() {
    // Slots are not given back: a filter's or loop's results may still be computed from them by what follows.
    scopes_.pop_back();
}

void Parser::remember_key(const std::string& name) {
    if (!is_simple_name(name) && !name.empty()) special_keys_.push_back(name);
}

void Parser::use(Typed& typed) {
    if (typed.outer_path.empty()) return;
    uses_.insert(std::move(typed.outer_path));
    typed.outer_path.clear();
}

Typed Parser::folded(Typed typed) {
    static const Value nothing;
    Run run;
    Frame frame{&nothing, nullptr, 0, &run, nullptr};
    Value value = typed.node->eval(frame);
    if (value.is_null()) return typed;  // an error belongs to the evaluation
    auto constant = std::make_unique<Constant>(std::move(value));
    constant->begin = typed.node->begin;
    constant->end = typed.node->end;
    typed.node = std::move(constant);
    return typed;
}

std::shared_ptr<Expression::Code> Parser::finish(Typed root) {
    in_.skip();
    if (!in_.at_end()) {
        const std::size_t rest = in_.at();
        throw SyntaxError{"the expression ends before \"" + std::string(in_.text().substr(rest, 12)) + "\"", rest, {}};
    }
    use(root);
    auto code = std::make_shared<Expression::Code>();
    code->text = std::string(in_.text());
    code->root = std::move(root.node);
    code->slots = slots_;
    code->uses = std::move(uses_);
    code->closures = closures_;
    code->type = *root.type;
    return code;
}

std::shared_ptr<Expression::Code> Parser::expression() { return finish(parse_expression()); }

std::shared_ptr<Expression::Code> Parser::unary_tests() {
    auto cell = std::make_unique<In>();
    cell->unary = true;
    cell->input_slot = new_slot();
    scopes_.back().locals.push_back({"?", cell->input_slot, types::any()});
    const auto input_type = names_.names.find("?");
    if (input_type != names_.names.end()) scopes_.back().locals.back().type = outer_type("?", input_type->second);
    cell->value = Operand(std::make_unique<Outer>("?", place_of("?")));
    const std::size_t begin = start();
    if (in_.take("-")) {
        in_.skip();
        cell->any = in_.at_end();
        if (!cell->any) in_.go_to(begin);
    }
    if (!cell->any) {
        // `not(...)` around the whole cell negates the tests; not(x) = y and the like are expressions.
        if (in_.take_word("not") && in_.take("(")) {
            try {
                do {
                    cell->tests.push_back(parse_test());
                } while (in_.take(","));
                in_.expect(")");
                in_.skip();
                cell->negated = in_.at_end();
            } catch (const SyntaxError&) {
                scopes_.resize(1);
                cell->negated = false;
            }
        }
        if (!cell->negated) {
            cell->tests.clear();
            in_.go_to(begin);
            do {
                cell->tests.push_back(parse_test());
            } while (in_.take(","));
        }
    }
    cell->prepare();
    auto code = finish(made(std::move(cell), types::boolean(), begin));
    code->uses.erase("?");
    if (mentions_input_ == 0 && slots_ == 1) code->slots = 0;  // nobody reads the slot of the input
    const auto& made_cell = static_cast<const In&>(*code->root);
    if (!made_cell.number_tests.empty() && place_of("?") != Outer::kNoPlace) {
        code->number_tests = &made_cell;
        code->input_place = place_of("?");
    }
    return code;
}

Typed Parser::parse_expression() {
    const Level level(*this);
    const bool outer_no_filter = no_filter_;
    no_filter_ = false;
    Typed result = parse_or();
    no_filter_ = outer_no_filter;
    return result;
}

Typed Parser::parse_or() {
    const std::size_t begin = start();
    Typed left = parse_and();
    if (!in_.peek_word("or")) return left;
    Nodes operands;
    use(left);
    operands.push_back(std::move(left.node));
    while (in_.take_word("or")) {
        Typed right = parse_and();
        use(right);
        operands.push_back(std::move(right.node));
    }
    return made(std::make_unique<Logic>(false, std::move(operands)), types::boolean(), begin);
}

Typed Parser::parse_and() {
    const std::size_t begin = start();
    Typed left = parse_comparison();
    if (!in_.peek_word("and")) return left;
    Nodes operands;
    use(left);
    operands.push_back(std::move(left.node));
    while (in_.take_word("and")) {
        Typed right = parse_comparison();
        use(right);
        operands.push_back(std::move(right.node));
    }
    return made(std::make_unique<Logic>(true, std::move(operands)), types::boolean(), begin);
}

Typed Parser::parse_comparison() {
    const std::size_t begin = start();
    Typed left = parse_sum();
    for (int links = 0;;) {
        in_.skip();
        static constexpr std::pair<const char*, Compare> signs[] = {
            {"!=", Compare::not_equal}, {"<=", Compare::less_equal}, {">=", Compare::greater_equal},
            {"=", Compare::equal}, {"<", Compare::less}, {">", Compare::greater}};
        const auto* sign = std::find_if(std::begin(signs), std::end(signs), [&](const auto& s) { return in_.starts_with(s.first); });
        if (sign != std::end(signs)) {
            link(links);
            in_.take(sign->first);
            Typed right = parse_sum();
            use(left);
            use(right);
            left = made(std::make_unique<Comparison>(sign->second, std::move(left.node), std::move(right.node)), types::boolean(), begin);
        } else if (in_.take_word("between")) {
            link(links);
            left = parse_between(std::move(left), begin);
        } else if (in_.take_word("in")) {
            link(links);
            left = parse_in(std::move(left), begin);
        } else {
            return left;
        }
    }
}

Typed Parser::parse_between(Typed left, std::size_t begin) {
    Typed low = parse_sum();
    if (!in_.take_word("and")) throw SyntaxError{"between needs \"and\" and a second limit", in_.at(), {}};
    Typed high = parse_sum();
    use(left);
    use(low);
    use(high);
    return made(std::make_unique<Between>(std::move(left.node), std::move(low.node), std::move(high.node)), types::boolean(), begin);
}

Typed Parser::parse_in(Typed left, std::size_t begin) {
    auto node = std::make_unique<In>();
    use(left);
    node->value = Operand(std::move(left.node));
    open_scope();
    node->input_slot = new_slot();
    scopes_.back().locals.push_back({"?", node->input_slot, left.type});
    // `in (1, > 5)` lists tests; `in (1..5)` and `in (a + b) * c` are one test that begins with a parenthesis.
    in_.skip();
    const std::size_t place = in_.at();
    bool listed = false;
    const std::size_t scopes = scopes_.size();
    if (in_.take("(")) {
        try {
            do {
                node->tests.push_back(parse_test());
            } while (in_.take(","));
            listed = in_.take(")");
        } catch (const SyntaxError&) {
            listed = false;
            scopes_.resize(scopes);
        }
    }
    if (!listed) {
        node->tests.clear();
        in_.go_to(place);
        node->tests.push_back(parse_test());
    }
    close_scope();
    node->prepare();
    return made(std::move(node), types::boolean(), begin);
}

In::Test Parser::parse_test() {
    const std::size_t begin = start();
    const std::size_t mentions = mentions_input_;
    Typed test;
    if (at_comparison_sign()) {
        test = parse_operator_range(begin);
    } else {
        test = parse_expression();
    }
    use(test);
    return {Operand(std::move(test.node)), mentions_input_ != mentions};
}

Typed Parser::parse_sum() {
    const std::size_t begin = start();
    Typed left = parse_product();
    for (int links = 0;;) {
        in_.skip();
        const char sign = in_.peek();
        if ((sign != '+' && sign != '-') || in_.starts_with("->")) return left;
        link(links);
        in_.go_to(in_.at() + 1);
        Typed right = parse_product();
        use(left);
        use(right);
        TypePtr type = left.type->simple == "number" && right.type->simple == "number" ? types::number()
                     : left.type->simple == "string" && right.type->simple == "string" && sign == '+' ? types::string()
                     : types::any();
        left = made(std::make_unique<Arithmetic>(sign == '+' ? Arithmetic::Op::add : Arithmetic::Op::subtract, std::move(left.node),
                                                 std::move(right.node)), std::move(type), begin);
    }
}

Typed Parser::parse_product() {
    const std::size_t begin = start();
    Typed left = parse_power();
    for (int links = 0;;) {
        in_.skip();
        const char sign = in_.peek();
        if ((sign != '*' && sign != '/') || in_.starts_with("**")) return left;
        link(links);
        in_.go_to(in_.at() + 1);
        Typed right = parse_power();
        use(left);
        use(right);
        TypePtr type = left.type->simple == "number" && right.type->simple == "number" ? types::number() : types::any();
        left = made(std::make_unique<Arithmetic>(sign == '*' ? Arithmetic::Op::multiply : Arithmetic::Op::divide, std::move(left.node),
                                                 std::move(right.node)), std::move(type), begin);
    }
}

Typed Parser::parse_power() {
    const std::size_t begin = start();
    Typed left = parse_unary();
    for (int links = 0; in_.take("**");) {
        link(links);
        Typed right = parse_unary();
        use(left);
        use(right);
        left = made(std::make_unique<Arithmetic>(Arithmetic::Op::power, std::move(left.node), std::move(right.node)), types::number(), begin);
    }
    return left;
}

Typed Parser::parse_unary() {
    const std::size_t begin = start();
    if (!in_.take("-")) return parse_postfix();
    const Level level(*this);
    Typed operand = parse_unary();
    use(operand);
    if (operand.node->is_constant()) {
        const Value& value = static_cast<const Constant&>(*operand.node).value;
        if (value.is_number()) return made(std::make_unique<Constant>(negate(value)), types::number(), begin);
    }
    TypePtr type = operand.type;
    return made(std::make_unique<Negation>(std::move(operand.node)), std::move(type), begin);
}

Typed Parser::parse_postfix() {
    const std::size_t begin = start();
    Typed left = parse_primary();
    int links = -1;
    for (;;) {
        in_.skip();
        link(links);
        if (links > 1000) throw SyntaxError{"the expression is nested too deeply", in_.at(), {}};
        if (in_.peek() == '.' && in_.peek(1) != '.') {
            left = parse_path(std::move(left), begin);
        } else if (in_.peek() == '[' && !no_filter_) {
            left = parse_filter(std::move(left), begin);
        } else if (in_.peek() == '(') {
            left = parse_call(std::move(left), begin);
        } else if (in_.peek_word("instance")) {
            left = parse_instance_of(std::move(left), begin);
        } else {
            return left;
        }
    }
}

Typed Parser::parse_path(Typed object, std::size_t begin) {
    in_.take(".");
    in_.skip();
    const std::size_t name_begin = in_.at();
    const std::string name = path_name(object.type);
    TypePtr type = field_type(object.type, name, name_begin);
    std::string outer_path;
    if (!object.outer_path.empty()) {
        const Type& item = *types::item_of(object.type);
        if (!item.fields.empty() || types::is_any(item) || item.simple == "context") outer_path = object.outer_path + "." + name;
        else use(object);
    }
    const auto* literal = dynamic_cast<const ContextLiteral*>(object.node.get());
    auto path = std::make_unique<Path>(std::move(object.node), name);
    if (literal != nullptr) {
        const auto entry = std::find_if(literal->entries.begin(), literal->entries.end(), [&](const auto& e) { return e.name == name; });
        if (entry != literal->entries.end()) {
            path->begin = static_cast<std::uint32_t>(begin);
            path->end = static_cast<std::uint32_t>(last_end());
            return made(std::make_unique<EntryOf>(std::move(path), *literal, entry->slot), std::move(type), begin);
        }
    }
    Typed result = made(std::move(path), std::move(type), begin);
    result.outer_path = std::move(outer_path);
    return result;
}

Typed Parser::parse_filter(Typed list, std::size_t begin) {
    use(list);
    in_.take("[");
    auto node = std::make_unique<Filter>();
    node->list = Operand(std::move(list.node));
    TypePtr item_type = types::item_of(list.type);
    open_scope();
    node->item_slot = declare("item", item_type);
    scopes_.back().is_item = true;
    scopes_.back().item_slot = node->item_slot;
    scopes_.back().item_type = item_type;
    Typed condition = parse_expression();
    use(condition);
    in_.expect("]");
    node->per_item = scopes_.back().touched;
    close_scope();
    const bool index = condition.type->simple == "number";
    node->condition = std::move(condition.node);
    TypePtr type = index ? item_type : (list.type->item ? list.type : types::list_of(item_type));
    return made(std::move(node), std::move(type), begin);
}

Typed Parser::parse_instance_of(Typed value, std::size_t begin) {
    in_.take_word("instance");
    if (!in_.take_word("of")) throw SyntaxError{"\"of\" is expected after instance", in_.at(), {}};
    Type type = read_type(in_, names_);
    use(value);
    return made(std::make_unique<InstanceOf>(std::move(value.node), std::move(type)), types::boolean(), begin);
}

namespace {

template <class Work>
Result<Expression> compiled(std::string_view text, const Work& work) {
    if (text.size() > (1u << 20)) return Error{"feel.syntax", "1:1", {}, "the expression is longer than a megabyte"};
    if (!valid_utf8(text)) return Error{"feel.syntax", "1:1", {}, "the expression is no valid UTF-8"};
    try {
        return Expression(work());
    } catch (const SyntaxError& e) {
        return error_of(e, text);
    }
}

}  // namespace

Result<Expression> compile(std::string_view text, const Names& names, const CompileOptions& options) {
    return compiled(text, [&] { return Parser(text, names, options).expression(); });
}

Result<Expression> compile_unary_tests(std::string_view text, const Names& names, const CompileOptions& options) {
    return compiled(text, [&] { return Parser(text, names, options).unary_tests(); });
}

}  // namespace kiepe::feel
