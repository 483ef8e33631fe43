#pragma once
// What is wrong with decision tables, found without running a case: inputs that no rule covers, rules that clash, rules that never
// apply. Exact for columns of numbers, dates, durations, enumerations and booleans: each column is cut at the values its cells mention,
// within a part every cell gives one answer, and tables are compared as boxes of such parts. What cannot be known is said, not guessed.
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dmn/dmn.h"

namespace kiepe::dmn {

/// The values that an input can have, as far as somebody outside of the model knows (a form).
struct Domain {
    enum class Type { unknown, number, text, boolean, date, month };   ///< a month is the date of its first day
    enum class Null { maybe, yes, no };                                ///< maybe: no gap is reported for it, no rule is dead without it
    Type type = Type::unknown;
    Null null = Null::maybe;
    std::optional<feel::Value> least, most;                            ///< both included
    std::optional<int> digits;                                         ///< numbers have at most so many places behind the point
    std::vector<feel::Value> values;                                   ///< not empty: only these
};

/// One value for each input expression of a table: what a designer types in to see the problem.
using Example = std::vector<std::pair<std::string, feel::Value>>;

struct AnalysisOptions {
    std::function<std::optional<Domain>(const std::string& path)> domain;   ///< of an input, "vehicle.length"; may be empty
    feel::Value fixed = feel::Value::context({});                           ///< names with a value known beforehand: the law of a day
    std::function<bool(const Example&)> possible;                           ///< false: these inputs never come together; may be empty
    std::size_t effort = 200'000'000;                                       ///< steps for one table, then "too large"
};

struct TableFinding {
    enum class Kind {
        gap,            ///< no rule matches `example`, and the table has no default output
        overlap,        ///< `rules` (two) match `example`: UNIQUE allows one; with ANY their outputs differ
        covered,        ///< rule `rules[0]` never decides: rules before it (PRIORITY: more important ones) take all its inputs
        foreign,        ///< a cell of rule `rules[0]` names the value `text`, which `expression` never has: mostly a mistyped code
        impossible,     ///< rule `rules[0]` never matches: `expression` has no value for which `text` is true
        duplicate,      ///< rule `rules[1]` gives what `rules[0]` gives wherever it matches
        not_analysed,   ///< the cell `text` of rule `rules[0]` compares with something that is not known beforehand
        too_large
    };
    Kind kind;
    std::string decision;      ///< name of the decision or knowledge model
    std::string element;       ///< id of the rule or cell, else of the table
    std::vector<int> rules;    ///< from 1
    Example example = {};      ///< the inputs that matter; any value of the others does
    std::string expression = {}, text = {};
    bool computed = false;     ///< the example gives values of computed columns: whether inputs lead to it is not known
};

/// All decision tables of a model, those inside of contexts and knowledge models included.
std::vector<TableFinding> analyse(const Model& model, const AnalysisOptions& options = {});

/// An example in which the decision's table gives an output that is `wanted`, while the column `expression` fulfils the unary tests
/// `tests`; nullopt where there is none, or the decision is no table or has no such column.
std::optional<Example> reaches(const Model& model, std::string_view decision, const std::function<bool(const feel::Value&)>& wanted,
                               const std::string& expression, const std::string& tests, const AnalysisOptions& options = {});

/// A value of `domain` that the type of the input at `path` ("vehicle.kind", "dogs.breed" of each entry) does not allow: the model would
/// refuse a form's answer.
std::optional<feel::Value> refused(const Model& model, std::string_view path, const Domain& domain);

/// A text that a rule or the default of the decision's table can give, and the id of its cell.
struct GivenText {
    std::string text, element;
};
std::vector<GivenText> given_texts(const Model& model, std::string_view decision);

/// The type that the decision's variable declares, "Any" where it declares none.
feel::Type decision_type(const Model& model, std::string_view decision);

/// Every FEEL text of the model with the decision or knowledge model it stands in.
struct Written {
    std::string owner;         ///< name
    std::string element;       ///< id of the element that holds the text
    std::string text;
    std::set<std::string> uses;
};
std::vector<Written> written(const Model& model);

/// A value as FEEL writes it: text in quotes.
std::string as_feel(const feel::Value& value);

}  // namespace kiepe::dmn
