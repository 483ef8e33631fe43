#pragma once
// The compiler: one pass over the text that reads, resolves every name and builds the tree of nodes.
#include <memory>

#include "feel/builtin.h"
#include "feel/node.h"
#include "feel/scanner.h"

namespace kiepe::feel {

using TypePtr = std::shared_ptr<const Type>;

/// A node and what is known about its values.
struct Typed {
    NodePtr node;
    TypePtr type;
    std::string outer_path = {};    ///< "vehicle.length" where the node reads from outside
};

class Parser {
public:
    Parser(std::string_view text, const Names& names, const CompileOptions& options);
    std::shared_ptr<Expression::Code> expression();
    std::shared_ptr<Expression::Code> unary_tests();

private:
    struct Local {
        std::string name;
        std::size_t slot;
        TypePtr type;
    };
    struct Scope {
        std::vector<Local> locals = {};
        bool is_item = false;           ///< inside a filter: the item's entries are names
        std::size_t item_slot = 0;
        TypePtr item_type = nullptr;
        bool touched = false;           ///< the filter's condition depends on the item
    };
    /// One level of nesting: guards the compiler's own stack, and its time where it has to try twice.
    class Level {
    public:
        explicit Level(Parser& p) : parser_(p) {
            ++parser_.steps_;
            if (parser_.depth_ >= 200) throw SyntaxError{"the expression is nested too deeply", parser_.in_.at(), {}};
            if (parser_.steps_ > 100'000 + 20 * parser_.in_.text().size()) {
                throw SyntaxError{"the expression is too complicated", parser_.in_.at(), {}};
            }
            ++parser_.depth_;
        }
        ~Level() { --parser_.depth_; }
        Level(const Level&) = delete;
        Level& operator=(const Level&) = delete;

    private:
        Parser& parser_;
    };
    /// `a + b + c` and `a.b.c` are trees as deep as they are long, and whoever walks through one does so on the stack. A first link
    /// goes no deeper than its level; `links` counts those of one chain.
    void link(int& links) {
        if (++links > 1 && ++all_links_ > 3'000) throw SyntaxError{"the expression is nested too deeply", in_.at(), {}};
    }

    // parser.cpp: precedence from loose to tight
    Typed parse_expression();
    Typed parse_or();
    Typed parse_and();
    Typed parse_comparison();
    Typed parse_between(Typed left, std::size_t begin);
    Typed parse_in(Typed left, std::size_t begin);
    Typed parse_sum();
    Typed parse_product();
    Typed parse_power();
    Typed parse_unary();
    Typed parse_postfix();
    Typed parse_filter(Typed list, std::size_t begin);
    Typed parse_path(Typed object, std::size_t begin);
    Typed parse_instance_of(Typed value, std::size_t begin);

    // parser_primary.cpp
    Typed parse_primary();
    Typed parse_number();
    Typed parse_at_literal();
    Typed parse_if();
    Typed parse_for();
    Typed parse_quantified(bool every);
    Typed parse_function();
    Typed parse_external(std::vector<std::string> parameters, std::size_t begin);
    Typed parse_list_or_range();
    Typed parse_parenthesis();
    Typed parse_open_range();           ///< `]a..b[`
    Typed parse_context();
    Typed finish_range(Typed low, bool low_included, std::size_t begin);
    Typed parse_operator_range(std::size_t begin);
    bool at_comparison_sign();
    In::Test parse_test();
    std::vector<Iteration> parse_iterations(bool is_for);

    // parser_names.cpp
    Typed parse_name();
    Typed parse_call(Typed function, std::size_t begin);
    Typed parse_builtin_call(const Builtin& builtin, std::size_t begin);
    Typed finish_builtin_call(std::unique_ptr<BuiltinCall> node, Nodes arguments, TypePtr type, std::size_t begin);
    std::string known_name_here();      ///< the longest known name that stands here
    Typed resolve(const std::string& name, std::size_t begin);
    /// The same in the inner `scopes` and outside; an empty node where the name is not known.
    Typed resolve_in(std::size_t scopes, const std::string& name, std::size_t begin);
    Typed from_item(std::size_t scope, const std::string& name, std::size_t begin);
    bool is_variable(const std::string& name) const;
    std::vector<NodePtr> parse_arguments(std::vector<std::string>& names, std::vector<TypePtr>& types);
    [[noreturn]] void unknown(const std::string& name, std::size_t begin, const std::vector<std::string>& candidates);
    std::vector<std::string> names_in_sight() const;
    bool named_argument_here();
    std::string path_name(const TypePtr& type);
    TypePtr field_type(const TypePtr& type, const std::string& name, std::size_t begin);
    TypePtr result_type(const Builtin& builtin, const std::vector<TypePtr>& arguments) const;

    std::size_t declare(const std::string& name, TypePtr type);
    std::size_t new_slot();
    void open_scope() { scopes_.emplace_back(); }
    void close_scope();
    void remember_key(const std::string& name);
    void use(Typed& typed);

    template <class T>
    Typed made(std::unique_ptr<T> node, TypePtr type, std::size_t begin) {
        node->begin = static_cast<std::uint32_t>(begin);
        node->end = static_cast<std::uint32_t>(last_end());
        return {std::move(node), std::move(type)};
    }
    std::size_t start() {
        in_.skip();
        return in_.at();
    }
    /// A range or list of constants, a date("..."): computed once, when it is compiled.
    Typed folded(Typed typed);
    std::size_t last_end() const;       ///< end of what was read, without trailing blanks
    std::shared_ptr<Expression::Code> finish(Typed root);
    /// The type of an outer name: a copy, for expressions live longer than the names that they were compiled with.
    TypePtr outer_type(const std::string& name, const Type& type);
    std::uint32_t place_of(const std::string& name) const;

    Scanner in_;
    const Names& names_;
    const CompileOptions& options_;
    std::vector<Scope> scopes_;
    std::vector<std::string> special_outer_;    ///< outer names with blanks or operators
    std::vector<std::string> special_keys_;     ///< entry names with blanks or operators seen anywhere
    std::map<std::string, TypePtr> outer_types_;
    std::set<std::string> uses_;
    std::size_t next_slot_ = 0, slots_ = 0;
    std::size_t mentions_input_ = 0;            ///< how often `?` was read
    std::size_t mentions_partial_ = 0;
    bool no_filter_ = false;                    ///< `[` closes a range here
    bool closures_ = false;                     ///< a function was written
    int depth_ = 0;
    int all_links_ = 0;
    std::size_t steps_ = 0;
};

/// Types that are used everywhere.
namespace types {
TypePtr any();
TypePtr number();
TypePtr string();
TypePtr boolean();
TypePtr list_of(TypePtr item);
TypePtr range_of(TypePtr item);
TypePtr named(const char* name);
/// Item of a list; the type itself where it is none; Any where nothing is known.
TypePtr item_of(const TypePtr& type);
bool is_any(const Type& type);
}  // namespace types

}  // namespace kiepe::feel
