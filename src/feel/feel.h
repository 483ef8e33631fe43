#pragma once
// FEEL, the Friendly Enough Expression Language (DMN 1.5 chapter 10): the one language in which packages write visibility, validity,
// completeness, rules, fees and letters. Compiled once, evaluated often.
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "feel/value.h"

namespace kiepe::feel {

/// What a name may be, known before anything is evaluated: so that a mistyped name is an error with a place and a hint, not a null.
/// Simple types: "number", "string", "boolean", "date", "time", "date and time", "days and time duration",
/// "years and months duration", "Any"; `context` lists fields; `list` has an item. Also "list", "context", "range", "function" for
/// those of anything, and "Null".
struct Type {
    std::string simple = "Any";
    std::map<std::string, std::shared_ptr<const Type>> fields = {};  ///< not empty: a context
    std::shared_ptr<const Type> item = nullptr;                      ///< set: a list of this
    std::shared_ptr<const Type> result = nullptr;                    ///< set: a function (simple is "function") that gives this
    std::vector<std::shared_ptr<const Type>> parameters = {};        ///< of a function
    std::shared_ptr<const Type> range_of = nullptr;                  ///< set: a range of this
};

/// The names that an expression may use. `open`: unknown names are allowed and evaluate to null (DMN TCK).
struct Names {
    std::map<std::string, Type> names = {};
    bool open = false;
    /// Item definitions by name ("tPerson", "myimport.tPerson") for `instance of`, `list<tPerson>` and typed parameters.
    std::shared_ptr<const std::map<std::string, Type>> types = nullptr;
    /// Where the caller keeps the values of names: an expression compiled with it can be evaluated from an array of values, without a
    /// context and without looking for names (Expression::evaluate_at).
    std::shared_ptr<const std::map<std::string, std::uint32_t>> places = nullptr;
};

struct CompileOptions {
    bool refuse_now = true;   ///< refuse today() and now(): a decision is a function of answers, law and day
};

/// A message for the writer of an expression: `position` counts bytes from 0 within the expression.
struct Diagnostic {
    std::string message;      ///< English, one sentence
    std::size_t position = 0;
    std::string hint = {};    ///< e.g. did you mean "vehicle.length"?
};

/// One node of an explanation: what was computed, from what, with which result.
struct Step {
    std::string text;         ///< the source text of this node ("vehicle.length > 5.25")
    Value value;
    std::vector<Step> parts = {};
};

/// A compiled expression. Immutable, shareable between threads.
class Expression {
public:
    Expression();
    /// Evaluates against a context of values. Errors inside FEEL give null (10.3.2.2); they are added to `errors` if given.
    Value evaluate(const Value& context, std::vector<Diagnostic>* errors = nullptr) const;
    /// The same with the values of the outer names at their Names::places; a name without a place is unknown. What it calls and what it
    /// is called from share one budget. Precondition: placeable().
    Value evaluate_at(const Value* places, std::vector<Diagnostic>* errors = nullptr) const;
    /// False where a function is written in the expression: it may outlive the places, so it needs a context to keep.
    bool placeable() const;
    /// The same, with the tree of all parts.
    Step explain(const Value& context) const;
    /// Dotted paths that are read from outside ("vehicle.length", "persons"), sorted.
    const std::set<std::string>& uses() const;
    const std::string& text() const;
    /// The static type of the result, "Any" where not known.
    const Type& type() const;

    struct Code;
    explicit Expression(std::shared_ptr<const Code> code);
    const Code& code() const { return *code_; }

private:
    std::shared_ptr<const Code> code_;
};

/// Compiles an expression; on failure the error's code is "feel.syntax" or "feel.unknown_name" and so on, `where` is "line:column"
/// (from 1), `detail` the message, args {"hint", ...} where there is one.
Result<Expression> compile(std::string_view text, const Names& names, const CompileOptions& options = {});

/// Compiles the unary tests of a decision table's cell ("> 10", "[18..65], > 100", "not(\"a\")", "-"). The value tested is bound
/// to `?`; evaluate() with a context that holds "?" gives true, false or null.
Result<Expression> compile_unary_tests(std::string_view text, const Names& names, const CompileOptions& options = {});

/// One test of a cell that is the same in every context: a value (`5`, `= 5`, `!= 5`) or an interval, which may lack an end (`> 5`).
struct ConstantTest {
    enum class Form { equals, differs, interval };
    Form form = Form::equals;
    Value low = {}, high = {};                 ///< low: the value where it is none
    bool has_low = false, has_high = false, low_included = false, high_included = false;
};
struct ConstantTests {
    bool any = false;                          ///< "-"
    bool negated = false;                      ///< not(...)
    std::vector<ConstantTest> tests = {};
};
/// The tests of a cell, where all of them are constants of kinds that can be sorted; nullopt otherwise.
std::optional<ConstantTests> constant_tests(const Expression& tests);
/// The value of an expression that is the same in every context; nullptr where it depends on something.
const Value* constant_of(const Expression& expression);
/// The place of the name that is all of the expression.
std::optional<std::uint32_t> place_of(const Expression& expression);

/// Reads a type as FEEL writes it: "number", "list<string>", "context<a: number>", "range<date>", "function<number>->string", or a
/// name of `names.types`.
Result<Type> parse_type(std::string_view text, const Names& names = {});

/// True where the value is of the type (10.3.2.9); null is of every type here.
bool conforms(const Value& value, const Type& type);
/// `instance of`: the same, but null is an instance of nothing.
bool instance_of(const Value& value, const Type& type);
/// The implicit conversions of 10.3.2.9.4: a list of one to its item, one value to a list of one, a date to its midnight; null where
/// the value conforms neither way.
Value coerce(const Value& value, const Type& type);

/// `input in test` for a value that a unary test gave: a range that contains it, a list that does, or an equal value.
/// nullopt is FEEL's null.
std::optional<bool> satisfies(const Value& input, const Value& test);

/// FEEL's three-valued `=` and `<` (table 53): nullopt is FEEL's null.
std::optional<bool> equal(const Value& a, const Value& b);
std::optional<bool> less(const Value& a, const Value& b);

/// A function from outside of FEEL: a business knowledge model, a decision service. FEEL calls it with positional or named arguments,
/// always exactly as many as `parameters` (else the call is null with an error); what `body` gives is the result.
Value make_function(std::vector<std::string> parameters, std::function<Value(const List&)> body, Type type = {});
/// The same for a function that is called often and gets its arguments where they lie: `count` of them, as many as parameters. `tag`
/// says which one is meant.
using NativeBody = Value (*)(std::uint64_t tag, const Value* arguments, std::size_t count);
Value make_native_function(std::vector<std::string> parameters, NativeBody body, std::uint64_t tag);
/// Parameter names of a function value (also one written in FEEL); empty for anything else.
std::vector<std::string> parameters_of(const Value& function);
/// Calls any function value; null with an error where it is none or the number of arguments is wrong.
Value call(const Value& function, const List& arguments, std::vector<Diagnostic>* errors = nullptr);

}  // namespace kiepe::feel
