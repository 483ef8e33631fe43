#include "feel/external.h"
#include <algorithm>

#include "feel/parser.h"

namespace kiepe::feel {

using detail::Range;

Typed Parser::parse_primary() {
    const std::size_t begin = start();
    if (in_.at_end()) throw SyntaxError{"an expression is expected here", begin, {}};
    const char c = in_.peek();
    if ((c >= '0' && c <= '9') || (c == '.' && in_.peek(1) >= '0' && in_.peek(1) <= '9')) return parse_number();
    switch (c) {
        case '"': {
            std::string text = in_.string_literal();
            return made(std::make_unique<Constant>(Value::string(std::move(text))), types::string(), begin);
        }
        case '@': return parse_at_literal();
        case '(': return parse_parenthesis();
        case '[': return parse_list_or_range();
        case ']': return parse_open_range();
        case '{': return parse_context();
        case '<': case '>': case '=': case '!':
            if (at_comparison_sign()) return parse_operator_range(begin);
            break;
        default: break;
    }
    if (!is_name_start(in_.text(), begin)) {
        throw SyntaxError{"an expression is expected here", begin, {}};
    }
    return parse_name();
}

Typed Parser::parse_number() {
    const std::size_t begin = in_.at();
    std::size_t end = begin;
    const std::string_view text = in_.text();
    const auto digits = [&] {
        while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    };
    const auto digit_at = [&](std::size_t place) { return place < text.size() && text[place] >= '0' && text[place] <= '9'; };
    digits();
    if (end < text.size() && text[end] == '.' && digit_at(end + 1)) {
        ++end;
        digits();
    }
    if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
        const std::size_t sign = end + 1 < text.size() && (text[end + 1] == '+' || text[end + 1] == '-') ? 1 : 0;
        if (digit_at(end + 1 + sign)) {
            end += 1 + sign;
            digits();
        }
    }
    const auto number = Decimal::parse(text.substr(begin, end - begin));
    in_.go_to(end);
    Value value = number ? Value::number(*number) : Value{};
    return made(std::make_unique<Constant>(std::move(value)), types::number(), begin);
}

Typed Parser::parse_at_literal() {
    const std::size_t begin = in_.at();
    in_.take("@");
    in_.skip();
    if (in_.peek() != '"') throw SyntaxError{"@ needs a text in quotation marks", in_.at(), {}};
    const std::string text = in_.string_literal();
    if (const auto days = parse_date(text)) return made(std::make_unique<Constant>(Value::days(*days)), types::named("date"), begin);
    Value value = Value::date_time(text);
    if (value.is_null()) value = Value::time(text);
    if (value.is_null()) value = Value::duration(text);
    const char* type = value.is_null() ? "Any" : kind_name(value.kind());
    return made(std::make_unique<Constant>(std::move(value)), types::named(type), begin);
}

Typed Parser::parse_if() {
    const std::size_t begin = start();
    in_.take_word("if");
    Typed condition = parse_expression();
    if (!in_.take_word("then")) throw SyntaxError{"\"then\" is expected here", in_.at(), {}};
    Typed then = parse_expression();
    if (!in_.take_word("else")) throw SyntaxError{"\"else\" is expected here", in_.at(), {}};
    Typed otherwise = parse_expression();
    use(condition);
    use(then);
    use(otherwise);
    const auto is_null = [](const Typed& t) { return t.node->is_constant() && static_cast<const Constant&>(*t.node).value.is_null(); };
    TypePtr type = is_null(otherwise) ? then.type : is_null(then) ? otherwise.type
                 : then.type->simple == otherwise.type->simple && then.type->fields.empty() && !then.type->item ? then.type : types::any();
    return made(std::make_unique<If>(std::move(condition.node), std::move(then.node), std::move(otherwise.node)), std::move(type), begin);
}

std::vector<Iteration> Parser::parse_iterations(bool is_for) {
    std::vector<Iteration> iterations;
    do {
        const std::string name = in_.declared_name(",:", true);
        if (!is_for && in_.take(":")) read_type(in_, names_);
        if (!in_.take_word("in")) throw SyntaxError{"\"in\" is expected after the variable", in_.at(), {}};
        Iteration iteration;
        Typed domain = parse_expression();
        use(domain);
        TypePtr type = types::item_of(domain.type);
        iteration.domain = std::move(domain.node);
        if (in_.take("..")) {
            Typed upto = parse_expression();
            use(upto);
            iteration.upto = std::move(upto.node);
        }
        iteration.slot = declare(name, std::move(type));
        remember_key(name);
        iterations.push_back(std::move(iteration));
    } while (in_.take(","));
    return iterations;
}

Typed Parser::parse_for() {
    const std::size_t begin = start();
    in_.take_word("for");
    open_scope();
    auto node = std::make_unique<For>();
    node->iterations = parse_iterations(true);
    if (!in_.take_word("return")) throw SyntaxError{"\"return\" is expected here", in_.at(), {}};
    node->partial_slot = declare("partial", types::list_of(types::any()));
    const std::size_t before = mentions_partial_;
    Typed body = parse_expression();
    use(body);
    node->uses_partial = mentions_partial_ != before;
    close_scope();
    node->body = std::move(body.node);
    return made(std::move(node), types::list_of(body.type), begin);
}

Typed Parser::parse_quantified(bool every) {
    const std::size_t begin = start();
    in_.take_word(every ? "every" : "some");
    open_scope();
    auto node = std::make_unique<Quantified>();
    node->every = every;
    node->iterations = parse_iterations(false);
    if (!in_.take_word("satisfies")) throw SyntaxError{"\"satisfies\" is expected here", in_.at(), {}};
    Typed condition = parse_expression();
    use(condition);
    close_scope();
    node->condition = std::move(condition.node);
    return made(std::move(node), types::boolean(), begin);
}

Typed Parser::parse_function() {
    const std::size_t begin = start();
    in_.take_word("function");
    in_.expect("(");
    auto node = std::make_unique<FunctionLiteral>();
    closures_ = true;
    open_scope();
    node->first_slot = next_slot_;
    if (!in_.take(")")) {
        do {
            node->parameters.push_back(in_.declared_name(",:)"));
            Type type;
            if (in_.take(":")) type = read_type(in_, names_);
            declare(node->parameters.back(), std::make_shared<const Type>(type));
            remember_key(node->parameters.back());
            node->types.push_back(std::move(type));
        } while (in_.take(","));
        in_.expect(")");
    }
    if (in_.take_word("external")) {
        close_scope();
        return parse_external(std::move(node->parameters), begin);
    }
    Typed body = parse_expression();
    use(body);
    close_scope();
    node->body = std::move(body.node);
    node->result = body.type;
    Type type{.simple = "function"};
    type.result = body.type;
    for (const auto& parameter : node->types) type.parameters.push_back(std::make_shared<const Type>(parameter));
    return made(std::move(node), std::make_shared<const Type>(std::move(type)), begin);
}

/// `external {java: {class: "java.lang.Math", method signature: "max(double,double)"}}`: a constant, known or refused now.
Typed Parser::parse_external(std::vector<std::string> parameters, std::size_t begin) {
    Typed mapping = parse_context();
    auto code = std::make_shared<Expression::Code>();
    code->root = std::move(mapping.node);
    code->slots = slots_;
    const Value java = Expression(std::move(code)).evaluate(Value::context({})).get("java");
    const Value name = java.get("class"), method = java.get("method signature");
    std::optional<Value> function;
    if (name.kind() == Kind::string && method.kind() == Kind::string) {
        function = external_function(name.as_string(), method.as_string(), std::move(parameters));
    }
    if (!function) throw SyntaxError{"this external function is not among those that may be called", begin, {}, "feel.external"};
    return made(std::make_unique<Constant>(std::move(*function)), types::any(), begin);
}

bool Parser::at_comparison_sign() {
    in_.skip();
    return in_.starts_with("<") || in_.starts_with(">") || in_.starts_with("=") || in_.starts_with("!=");
}

Typed Parser::parse_operator_range(std::size_t begin) {
    using Form = Range::Form;
    auto node = std::make_unique<RangeLiteral>();
    node->form = in_.take("<=") ? Form::less_equal : in_.take(">=") ? Form::greater_equal : in_.take("!=") ? Form::differs
               : in_.take("<") ? Form::less : in_.take(">") ? Form::greater : Form::equals;
    if (node->form == Form::equals) in_.expect("=");
    Typed end = parse_sum();
    use(end);
    const bool upper = node->form == Form::less || node->form == Form::less_equal;
    node->high_included = node->form == Form::less_equal;
    node->low_included = node->form == Form::greater_equal || node->form == Form::equals;
    if (node->form == Form::equals) node->high_included = true;
    const bool constant = end.node->is_constant();
    (upper ? node->high : node->low) = std::move(end.node);
    Typed range = made(std::move(node), types::range_of(end.type), begin);
    return constant ? folded(std::move(range)) : std::move(range);
}

Typed Parser::finish_range(Typed low, bool low_included, std::size_t begin) {
    in_.expect("..");
    const std::size_t place = in_.at();
    // `[1..10[`: the last bracket closes the range unless it opens a filter that is closed as well.
    for (const bool no_filter : {false, true}) {
        const std::size_t slot = next_slot_;
        const std::size_t scopes = scopes_.size();
        try {
            in_.go_to(place);
            const bool outer = no_filter_;
            no_filter_ = no_filter;
            Typed high = parse_sum();
            no_filter_ = outer;
            in_.skip();
            const char close = in_.peek();
            if (close != ']' && close != ')' && close != '[') throw SyntaxError{"the range is not closed", in_.at(), {}};
            in_.go_to(in_.at() + 1);
            auto node = std::make_unique<RangeLiteral>();
            use(low);
            use(high);
            node->low_included = low_included;
            node->high_included = close == ']';
            TypePtr type = types::range_of(low.type);
            const bool constant = low.node->is_constant() && high.node->is_constant();
            node->low = std::move(low.node);
            node->high = std::move(high.node);
            Typed range = made(std::move(node), std::move(type), begin);
            return constant ? folded(std::move(range)) : std::move(range);
        } catch (const SyntaxError&) {
            if (no_filter) throw;
            next_slot_ = slot;
            scopes_.resize(scopes);
            no_filter_ = false;
        }
    }
    throw SyntaxError{"the range is not closed", in_.at(), {}};
}

Typed Parser::parse_open_range() {
    const std::size_t begin = start();
    in_.take("]");
    Typed low = parse_expression();
    return finish_range(std::move(low), false, begin);
}

Typed Parser::parse_parenthesis() {
    const std::size_t begin = start();
    in_.take("(");
    if (at_comparison_sign()) {
        Typed range = parse_operator_range(begin);
        in_.expect(")");
        range.node->end = static_cast<std::uint32_t>(last_end());
        return range;
    }
    Typed inner = parse_expression();
    in_.skip();
    if (in_.starts_with("..")) return finish_range(std::move(inner), false, begin);
    in_.expect(")");
    return inner;
}

Typed Parser::parse_list_or_range() {
    const std::size_t begin = start();
    in_.take("[");
    auto node = std::make_unique<ListLiteral>();
    if (in_.take("]")) return made(std::move(node), types::list_of(types::any()), begin);
    TypePtr type;
    do {
        Typed item = parse_expression();
        in_.skip();
        if (node->items.empty() && in_.starts_with("..")) return finish_range(std::move(item), true, begin);
        use(item);
        type = !type || type->simple == item.type->simple ? item.type : types::any();
        if (!types::is_any(*type) && !item.type->fields.empty() && node->items.size() > 0) type = types::any();
        node->items.push_back(std::move(item.node));
    } while (in_.take(","));
    in_.expect("]");
    const bool constant = std::all_of(node->items.begin(), node->items.end(), [](const NodePtr& item) { return item->is_constant(); });
    Typed list = made(std::move(node), types::list_of(std::move(type)), begin);
    return constant ? folded(std::move(list)) : std::move(list);
}

Typed Parser::parse_context() {
    const std::size_t begin = start();
    const Level level(*this);
    in_.take("{");
    open_scope();
    auto node = std::make_unique<ContextLiteral>();
    Type type{.simple = "context"};
    if (!in_.take("}")) {
        do {
            in_.skip();
            const std::size_t key_begin = in_.at();
            std::string key = in_.peek() == '"' ? in_.string_literal() : in_.declared_name(":");
            in_.expect(":");
            if (type.fields.contains(key)) throw SyntaxError{"the context has two entries " + key, key_begin, {}};
            Typed value = parse_expression();
            use(value);
            const std::size_t slot = declare(key, value.type);
            remember_key(key);
            type.fields[key] = value.type;
            node->entries.push_back({std::move(key), slot, std::move(value.node)});
        } while (in_.take(","));
        in_.expect("}");
    }
    close_scope();
    return made(std::move(node), std::make_shared<const Type>(std::move(type)), begin);
}

}  // namespace kiepe::feel
