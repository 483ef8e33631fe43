#include <algorithm>

#include "base/text.h"
#include "feel/parser.h"

namespace kiepe::feel {

namespace {

const std::vector<std::string>& special_builtins() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> found;
        for (const Builtin* builtin : all_builtins()) {
            if (!is_simple_name(builtin->name)) found.emplace_back(builtin->name);
        }
        return found;
    }();
    return names;
}

bool is_temporal_or_range(const Type& type) {
    static const std::vector<std::string> names = {"date", "time", "date and time", "days and time duration",
                                                   "years and months duration", "range"};
    return std::find(names.begin(), names.end(), type.simple) != names.end();
}

const std::vector<std::string>& property_names() {
    static const std::vector<std::string> names = {"year", "month", "day", "weekday", "hour", "minute", "second", "time offset", "timezone",
        "years", "months", "days", "hours", "minutes", "seconds", "start", "end", "start included", "end included"};
    return names;
}

}  // namespace

std::string Parser::known_name_here() {
    const std::size_t simple_end = in_.identifier_end(in_.at());
    std::string best(in_.text().substr(in_.at(), simple_end - in_.at()));
    std::size_t best_end = simple_end;
    const auto consider = [&](const std::string& name) {
        const std::size_t end = in_.match_name(name);
        if (end > best_end) {
            best = name;
            best_end = end;
        }
    };
    for (const auto& scope : scopes_) {
        for (const auto& local : scope.locals) {
            if (!is_simple_name(local.name)) consider(local.name);
        }
        if (!scope.is_item) continue;
        for (const auto& [name, type] : scope.item_type->fields) {
            if (!is_simple_name(name)) consider(name);
        }
        if (types::is_any(*scope.item_type)) std::for_each(special_keys_.begin(), special_keys_.end(), consider);
    }
    std::for_each(special_outer_.begin(), special_outer_.end(), consider);
    std::for_each(special_builtins().begin(), special_builtins().end(), consider);
    in_.go_to(best_end);
    return best;
}

Typed Parser::parse_name() {
    const std::size_t begin = start();
    const std::string name = known_name_here();
    const auto constant = [&](Value value, const char* type) {
        return made(std::make_unique<Constant>(std::move(value)), types::named(type), begin);
    };
    if (name == "true") return constant(Value::boolean(true), "boolean");
    if (name == "false") return constant(Value::boolean(false), "boolean");
    if (name == "null") return constant(Value{}, "Any");
    static const std::vector<std::string> keywords = {"if", "for", "some", "every", "function"};
    if (std::find(keywords.begin(), keywords.end(), name) != keywords.end() && !is_variable(name)) {
        in_.go_to(begin);
        if (name == "if") return parse_if();
        if (name == "for") return parse_for();
        if (name == "function") return parse_function();
        return parse_quantified(name == "every");
    }
    static const std::vector<std::string> reserved = {"then", "else", "return", "in", "satisfies", "and", "or", "between", "instance", "external"};
    if (std::find(reserved.begin(), reserved.end(), name) != reserved.end() && !is_variable(name)) {
        throw SyntaxError{"an expression is expected here instead of \"" + name + "\"", begin, {}};
    }
    const std::size_t end = in_.at();
    const Builtin* builtin = is_variable(name) ? nullptr : find_builtin(name);
    in_.skip();
    if (builtin != nullptr && in_.peek() == '(') return parse_builtin_call(*builtin, begin);
    in_.go_to(end);
    return resolve(name, begin);
}

bool Parser::is_variable(const std::string& name) const {
    for (const auto& scope : scopes_) {
        for (const auto& local : scope.locals) {
            if (local.name == name) return true;
        }
        if (scope.is_item && scope.item_type->fields.contains(name)) return true;
    }
    return names_.names.contains(name);
}

Typed Parser::resolve(const std::string& name, std::size_t begin) {
    Typed found = resolve_in(scopes_.size(), name, begin);
    if (found.node) return found;
    if (names_.open) return made(std::make_unique<Outer>(name), types::any(), begin);
    unknown(name, begin, names_in_sight());
}

Typed Parser::resolve_in(std::size_t scopes, const std::string& name, std::size_t begin) {
    for (std::size_t i = scopes; i-- > 0;) {
        Scope& scope = scopes_[i];
        for (auto local = scope.locals.rbegin(); local != scope.locals.rend(); ++local) {
            if (local->name != name) continue;
            if (scope.is_item) {
                scope.touched = true;
                // 10.3.2.5: an entry of the item that is itself called "item" comes first.
                const bool unknown_fields = scope.item_type->fields.empty() && (types::is_any(*scope.item_type) || scope.item_type->simple == "context");
                if (name == "item" && scope.item_type->fields.contains(name)) return from_item(i, name, begin);
                if (name == "item" && unknown_fields) {
                    Typed item = made(std::make_unique<Slot>(local->slot), local->type, begin);
                    return made(std::make_unique<ItemName>(local->slot, name, std::move(item.node)), types::any(), begin);
                }
            }
            if (name == "?") ++mentions_input_;
            if (name == "partial") ++mentions_partial_;
            return made(std::make_unique<Slot>(local->slot), local->type, begin);
        }
        if (scope.is_item) {
            Typed found = from_item(i, name, begin);
            if (found.node) return found;
        }
    }
    const auto outer = names_.names.find(name);
    if (outer != names_.names.end()) {
        Typed found = made(std::make_unique<Outer>(name, place_of(name)), outer_type(name, outer->second), begin);
        found.outer_path = name;
        if (name == "?") ++mentions_input_;
        return found;
    }
    if (const Builtin* builtin = find_builtin(name)) {
        return made(std::make_unique<Constant>(builtin_value(*builtin)), types::named("function"), begin);
    }
    return {};
}

Typed Parser::from_item(std::size_t scope, const std::string& name, std::size_t begin) {
    const TypePtr type = scopes_[scope].item_type;
    const std::size_t slot = scopes_[scope].item_slot;
    const auto field = type->fields.find(name);
    if (field != type->fields.end()) {
        scopes_[scope].touched = true;
        auto item = std::make_unique<Slot>(slot);
        item->begin = static_cast<std::uint32_t>(begin);
        item->end = item->begin;
        return made(std::make_unique<Path>(std::move(item), name), field->second, begin);
    }
    if (!type->fields.empty() || (!types::is_any(*type) && type->simple != "context")) {
        const bool has_property = is_temporal_or_range(*type) &&
            std::find(property_names().begin(), property_names().end(), name) != property_names().end();
        if (!has_property || is_variable(name)) return {};
        scopes_[scope].touched = true;
        return made(std::make_unique<Path>(std::make_unique<Slot>(slot), name), types::any(), begin);
    }
    // What the items hold is not known: the entry of the item wins, then the meaning outside.
    scopes_[scope].touched = true;
    Typed outside = resolve_in(scope, name, begin);
    use(outside);
    return made(std::make_unique<ItemName>(slot, name, std::move(outside.node)), types::any(), begin);
}

std::vector<std::string> Parser::names_in_sight() const {
    std::vector<std::string> all;
    for (const auto& scope : scopes_) {
        for (const auto& local : scope.locals) all.push_back(local.name);
        if (scope.is_item) {
            for (const auto& [name, type] : scope.item_type->fields) all.push_back(name);
        }
    }
    for (const auto& [name, type] : names_.names) all.push_back(name);
    for (const Builtin* builtin : all_builtins()) all.emplace_back(builtin->name);
    return all;
}

void Parser::unknown(const std::string& name, std::size_t begin, const std::vector<std::string>& candidates) {
    std::string hint;
    std::size_t best = 2 + name.size() / 4;
    for (const auto& candidate : candidates) {
        const std::size_t distance = edit_distance(name, candidate);
        if (distance < best && distance < name.size()) {
            best = distance;
            hint = "did you mean \"" + candidate + "\"?";
        }
    }
    throw SyntaxError{"the name \"" + name + "\" is not known here", begin, std::move(hint), "feel.unknown_name"};
}

std::string Parser::path_name(const TypePtr& type) {
    const std::size_t place = in_.at();
    const std::size_t simple_end = in_.identifier_end(place);
    std::string best(in_.text().substr(place, simple_end - place));
    std::size_t best_end = simple_end;
    const auto consider = [&](const std::string& name) {
        const std::size_t end = in_.match_name(name);
        if (end > best_end) {
            best = name;
            best_end = end;
        }
    };
    for (const auto& [name, field] : types::item_of(type)->fields) consider(name);
    if (best_end == simple_end) {
        for (const char* name : {"time offset", "start included", "end included"}) consider(name);
        std::for_each(special_keys_.begin(), special_keys_.end(), consider);
    }
    if (best_end == place) throw SyntaxError{"a name is expected after the point", place, {}};
    in_.go_to(best_end);
    return best;
}

TypePtr Parser::field_type(const TypePtr& type, const std::string& name, std::size_t begin) {
    const bool is_list = type->item != nullptr;
    const Type& object = is_list ? *type->item : *type;
    const auto wrapped = [&](TypePtr t) { return is_list ? types::list_of(std::move(t)) : t; };
    if (object.item) return types::any();  // a list of lists
    const auto field = object.fields.find(name);
    if (field != object.fields.end()) return wrapped(field->second);
    if (names_.open) return types::any();
    if (!object.fields.empty()) {
        std::vector<std::string> candidates;
        for (const auto& [known, t] : object.fields) candidates.push_back(known);
        unknown(name, begin, candidates);
    }
    if (is_temporal_or_range(object)) {
        const auto& known = property_names();
        if (std::find(known.begin(), known.end(), name) == known.end()) unknown(name, begin, known);
        const bool is_number = name != "timezone" && name != "time offset" && object.simple != "range";
        return is_number ? wrapped(types::number()) : types::any();
    }
    if (object.simple == "number" || object.simple == "string" || object.simple == "boolean") {
        throw SyntaxError{"a " + object.simple + " has no entry \"" + name + "\"", begin, {}, "feel.unknown_name"};
    }
    return types::any();
}

bool Parser::named_argument_here() {
    in_.skip();
    const std::size_t place = in_.at();
    bool named = false;
    try {
        in_.declared_name(":,()");
        named = in_.take(":");
    } catch (const SyntaxError&) {
        named = false;
    }
    in_.go_to(place);
    return named;
}

std::vector<NodePtr> Parser::parse_arguments(std::vector<std::string>& names, std::vector<TypePtr>& argument_types) {
    std::vector<NodePtr> arguments;
    in_.expect("(");
    if (in_.take(")")) return arguments;
    const bool named = named_argument_here();
    do {
        if (named) {
            in_.skip();
            const std::size_t place = in_.at();
            names.push_back(in_.declared_name(":,()"));
            if (std::count(names.begin(), names.end(), names.back()) > 1) {
                throw SyntaxError{"the argument " + names.back() + " is given twice", place, {}};
            }
            in_.expect(":");
        }
        Typed argument = parse_expression();
        use(argument);
        argument_types.push_back(argument.type);
        arguments.push_back(std::move(argument.node));
    } while (in_.take(","));
    in_.expect(")");
    return arguments;
}

Typed Parser::parse_call(Typed function, std::size_t begin) {
    use(function);
    auto node = std::make_unique<Call>();
    node->function = std::move(function.node);
    std::vector<TypePtr> argument_types;
    node->arguments = parse_arguments(node->names, argument_types);
    TypePtr type = function.type->result ? function.type->result : types::any();
    return made(std::move(node), std::move(type), begin);
}

TypePtr Parser::result_type(const Builtin& builtin, const std::vector<TypePtr>& arguments) const {
    const std::string_view result = builtin.result;
    if (result == "same") return arguments.empty() ? types::any() : arguments.front();
    if (result == "item") return arguments.size() == 1 ? types::item_of(arguments.front()) : arguments.empty() ? types::any() : arguments.front();
    if (result == "strings") return types::list_of(types::string());
    if (result == "numbers") return types::list_of(types::number());
    return types::named(builtin.result);
}

Typed Parser::finish_builtin_call(std::unique_ptr<BuiltinCall> node, Nodes arguments, TypePtr type, std::size_t begin) {
    const std::string_view name = node->builtin->name;
    const bool conversion = name == "date" || name == "time" || name == "date and time" || name == "duration";
    const bool constant = conversion && std::all_of(arguments.begin(), arguments.end(), [](const NodePtr& a) { return a->is_constant(); });
    const auto* loop = arguments.size() == 1 ? dynamic_cast<const For*>(arguments.front().get()) : nullptr;
    // min([a, b]) is min(a, b); with one item it would be another function of that item (10.3.4.4)
    const bool joins = name == "min" || name == "max" || name == "sum";
    const auto* list = joins && arguments.size() == 1 ? dynamic_cast<const ListLiteral*>(arguments.front().get()) : nullptr;
    if (list != nullptr && list->items.size() > 1) node->spread = list;
    node->arguments = std::move(arguments);
    if (name == "sum" && loop != nullptr && loop->iterations.size() == 1 && !loop->uses_partial) {
        auto sum = std::make_unique<SumFor>();
        node->begin = static_cast<std::uint32_t>(begin);
        node->end = static_cast<std::uint32_t>(last_end());
        sum->whole = std::move(node);
        sum->loop = loop;
        return made(std::move(sum), std::move(type), begin);
    }
    Typed call = made(std::move(node), std::move(type), begin);
    return constant ? folded(std::move(call)) : std::move(call);
}

Typed Parser::parse_builtin_call(const Builtin& builtin, std::size_t begin) {
    if (builtin.reads_clock && options_.refuse_now) {
        throw SyntaxError{std::string(builtin.name) + "() is refused: a decision depends on answers, law and the day that it is given", begin,
                          {}, "feel.now"};
    }
    auto node = std::make_unique<BuiltinCall>();
    node->builtin = &builtin;
    std::vector<std::string> names;
    std::vector<TypePtr> argument_types;
    Nodes given = parse_arguments(names, argument_types);
    if (names.empty()) {
        if (given.size() < builtin.least || given.size() > builtin.most) {
            throw SyntaxError{std::string(builtin.name) + "() does not take " + std::to_string(given.size()) + " arguments", begin, {},
                              "feel.arguments"};
        }
        return finish_builtin_call(std::move(node), std::move(given), result_type(builtin, argument_types), begin);
    }
    for (const auto& form : forms_of(builtin)) {
        Nodes placed;
        std::vector<std::size_t> places;
        for (const auto& name : names) {
            const auto found = std::find(form.begin(), form.end(), name);
            if (found == form.end()) break;
            places.push_back(static_cast<std::size_t>(found - form.begin()));
        }
        if (places.size() != names.size()) continue;
        placed.resize(*std::max_element(places.begin(), places.end()) + 1);
        if (std::string_view(builtin.name) == "is") placed.resize(2);  // 10.3.4.6 compares with null where one is left out
        if (placed.size() < builtin.least) continue;
        for (std::size_t i = 0; i < places.size(); ++i) placed[places[i]] = std::move(given[i]);
        node->arguments = std::move(placed);
        return made(std::move(node), result_type(builtin, places.front() == 0 ? argument_types : std::vector<TypePtr>{}), begin);
    }
    throw SyntaxError{std::string(builtin.name) + "() has other parameters: " + builtin.parameters, begin, {}, "feel.arguments"};
}

}  // namespace kiepe::feel
