#pragma once
// The compiled model: what the reader builds once and a Run evaluates often. Internal to this room; read dmn.h first.
// Everything here is const after loading. Elements point at each other and live as long as Model::Impl.
#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "dmn/dmn.h"
#include "dmn/table_index.h"
#include "feel/feel.h"

namespace kiepe::dmn {

/// DMN 1.5 section 7.3.2: an item definition, or one of FEEL's own types.
struct ItemType {
    enum class Base {
        any, number, string, boolean, date, time, date_time, days_time_duration, years_months_duration, context, list, range, function
    };
    std::string name = {};
    Base base = Base::any;
    bool collection = false;                                            ///< a list of `item`
    const ItemType* item = nullptr;                                     ///< of a list; of a function what it gives
    std::vector<std::pair<std::string, const ItemType*>> fields = {};   ///< of a structure (base is context)
    std::optional<feel::Expression> allowed = {};                       ///< allowedValues as unary tests
    std::optional<feel::Expression> constraint = {};                    ///< typeConstraint, on the whole value
    std::shared_ptr<const ColumnIndex> allowed_index = nullptr;         ///< of `allowed`, where it is made of constants
    std::optional<feel::Kind> plain = {};                               ///< all that there is to say: values are of this kind
    std::uint32_t number = 0;                                           ///< of its own in this process; 0: there were too many
    std::string allowed_text = {};
    feel::Type feel = {};                                               ///< the same for FEEL's static checks
};

struct Node;
using NodePtr = std::unique_ptr<const Node>;

/// A FEEL text that was compiled, or could not be: then the diagnostics of the model say why and it gives null.
struct Text {
    std::string id = {};
    std::string text = {};
    std::optional<feel::Expression> code = {};
};

struct Literal {
    Text text;
};

/// DMN 1.5 chapter 8.
struct InputColumn {
    std::string id, label;
    Text expression;
    const ItemType* type = nullptr;
    std::optional<feel::Expression> allowed = {};
    std::shared_ptr<const ColumnIndex> allowed_index = nullptr;
    std::optional<std::uint32_t> place = {};            ///< of the value, where the expression is just a name
};

struct OutputColumn {
    std::string id, name, label;
    const ItemType* type = nullptr;
    std::vector<feel::Value> order = {};                ///< output values, most important first (hit policies P and O)
    std::optional<feel::Expression> allowed = {};
    std::shared_ptr<const ColumnIndex> allowed_index = nullptr;
    std::optional<Text> fallback = {};                  ///< defaultOutputEntry
};

struct Rule {
    std::string id, label;
    std::vector<Text> tests;                            ///< no code and text "-": always true
    std::vector<Text> outputs;
    std::vector<std::optional<feel::Value>> ready = {}; ///< outputs that are constants, already conforming and allowed
};

enum class HitPolicy { unique, any, priority, first, rule_order, output_order, collect };
enum class Aggregation { none, sum, min, max, count };

struct Table {
    HitPolicy policy = HitPolicy::unique;
    Aggregation aggregation = Aggregation::none;
    std::vector<InputColumn> inputs;
    std::vector<OutputColumn> outputs;
    std::vector<Rule> rules;
    std::optional<TableIndex> index = {};
    std::uint32_t place = 0;                            ///< of `?`
};

struct Entry {
    std::string id, name, label;                        ///< no name: the result of a boxed context
    const ItemType* type = nullptr;
    NodePtr value;
    std::uint32_t place = 0;                            ///< of a boxed context's entry
};

struct ContextBox {
    std::vector<Entry> entries;
};

struct ListBox {
    std::vector<NodePtr> items;
};

struct RelationBox {
    std::vector<std::string> columns;
    std::vector<const ItemType*> types;
    std::vector<std::vector<NodePtr>> rows;
};

struct InvocationBox {
    NodePtr callee;
    std::vector<Entry> bindings;
};

struct Parameter {
    std::string name;
    const ItemType* type = nullptr;
};

struct FunctionBox {
    std::vector<Parameter> parameters;
    const ItemType* result = nullptr;
    NodePtr body;
};

struct ConditionalBox {
    NodePtr test, then, otherwise;
};

struct IterationBox {
    enum class Kind { loop, some, every };
    Kind kind = Kind::loop;
    std::string variable;
    bool partial = false;                               ///< the body reads the results so far
    NodePtr in, body;
    std::uint32_t place = 0, partial_place = 0;
};

struct FilterBox {
    NodePtr in, match;
};

/// A boxed expression (DMN 1.5 section 10.2.2).
struct Node {
    std::string id, label;
    const ItemType* type = nullptr;
    std::variant<Literal, Table, ContextBox, ListBox, RelationBox, InvocationBox, FunctionBox, ConditionalBox, IterationBox, FilterBox> box;
};

struct Unit;
struct Decision;
struct Knowledge;
struct Service;

struct Input {
    std::string id, name, label;
    const ItemType* type = nullptr;
    const Unit* unit = nullptr;
    std::size_t index = 0;
};

using Element = std::variant<std::monostate, const Input*, const Decision*, const Knowledge*, const Service*>;

/// An edge of the requirement graph; `prefix` is the name of the import through which the element is seen, empty at home.
struct Requirement {
    Element element;
    std::string prefix = {};
    std::string name = {};
};

struct Decision {
    DecisionInfo info;
    std::string variable;                               ///< the name under which others see it
    const ItemType* type = nullptr;
    NodePtr logic = nullptr;
    std::vector<Requirement> requires_ = {};
    const Unit* unit = nullptr;
    std::size_t index = 0;
    bool cyclic = false;
    bool placed = false;                                ///< its logic can be evaluated from places
};

/// Business knowledge model: a function (section 10.4).
struct Knowledge {
    std::string id, name, label;
    const ItemType* type = nullptr;
    std::vector<Parameter> parameters = {};
    NodePtr body = nullptr;
    bool external = false;                              ///< the body gives the function itself
    bool placed = false;                                ///< see Decision
    std::uint32_t places = 0;                           ///< how many: parameters, what it requires, local names
    std::vector<Requirement> requires_ = {};
    const Unit* unit = nullptr;
    std::size_t index = 0;
};

struct Service {
    std::string id, name, label;
    const ItemType* type = nullptr;
    std::vector<const Input*> inputs = {};
    std::vector<const Decision*> input_decisions = {};
    std::vector<const Decision*> outputs = {};
    const Unit* unit = nullptr;
    std::size_t index = 0;
};

// Places. A decision's expressions read the values of names at places of the run: inputs, decisions, functions, then the names of boxed
// contexts and loops. A knowledge model has places of its own for each call: parameters, required functions, local names.

/// One DMN file: the model itself or one that it imports.
struct Unit {
    std::string name_space, name;
    std::deque<Input> inputs = {};
    std::deque<Decision> decisions = {};
    std::deque<Knowledge> knowledge = {};
    std::deque<Service> services = {};
    std::map<std::string, Element> by_id = {};
    std::vector<std::pair<std::string, const Unit*>> imports = {};
    std::map<std::string, const ItemType*> types = {};
};

struct Model::Impl {
    Limits limits;
    std::deque<Unit> units = {};                        ///< the first is the model that was asked for
    std::deque<ItemType> types = {};
    std::vector<Diagnostic> diagnostics = {};
    std::vector<DecisionInfo> decisions = {};
    std::size_t input_count = 0, decision_count = 0, function_count = 0;
    std::uint32_t place_count = 0;
    std::unique_ptr<std::atomic<std::uint32_t>[]> hints = {};   ///< where each input stood among the given values: callers keep one order
    std::vector<std::variant<const Knowledge*, const Service*>> callables = {};   ///< by index
    std::vector<feel::Value> functions = {};            ///< the same as FEEL calls them; null for those that the body gives
    std::uint32_t serial = 0;                           ///< of its own in this process
    feel::Expression spread;                            ///< gives the numbers of a range `r` as a list
    std::map<std::string, Element, std::less<>> by_name = {};   ///< of the home unit: what find() finds first

    std::uint32_t place_of(const Input& input) const { return static_cast<std::uint32_t>(input.index); }
    std::uint32_t place_of(const Decision& decision) const { return static_cast<std::uint32_t>(input_count + decision.index); }
    std::uint32_t place_of_function(std::size_t index) const { return static_cast<std::uint32_t>(input_count + decision_count + index); }

    const Unit& home() const { return units.front(); }
    Element find(std::string_view name_or_id) const;
};

/// Collapses white space as FEEL names do ("A  Person" is "A Person").
std::string tidy_name(std::string_view name);

/// DMN 1.5 table 57: the value as `type` wants it, with FEEL's implicit conversions (a single item to a list and back, a date to a date
/// and time); nullopt where it does not conform. `lenient` (inputs): a missing component is null instead of an error, because a
/// pre-check evaluates with half-filled forms.
std::optional<feel::Value> conform(const feel::Value& value, const ItemType* type, bool lenient = false);
/// The same without a copy of what already conforms (nearly everything): `changed` is set where another value takes its place.
bool fits_closely(const feel::Value& value, const ItemType& type, std::optional<feel::Value>& changed, bool lenient);
inline bool fits(const feel::Value& value, const ItemType* type, std::optional<feel::Value>& changed, bool lenient = false) {
    if (type == nullptr || value.is_null() || type->plain == value.kind()) return true;
    return fits_closely(value, *type, changed, lenient);
}
/// The kind of which all values conform, where the type says nothing else.
std::optional<feel::Kind> plain_kind(const ItemType& type);
/// What a function element gives: its variable has the type of the function (since DMN 1.2) or of the result.
inline const ItemType* result_type(const ItemType* type) {
    return type != nullptr && type->base == ItemType::Base::function ? type->item : type;
}
/// "number", "list of string", ...: for messages.
std::string type_name(const ItemType* type);
std::string kind_name(feel::Kind kind);

/// "line:column" from 1 of a byte offset.
std::string line_column(std::string_view text, std::size_t offset);

}  // namespace kiepe::dmn
