#pragma once
// DMN 1.2 to 1.5 models: read, compile, evaluate, explain. Expressions are FEEL (room `feel`).
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "feel/feel.h"
#include "feel/value.h"

namespace kiepe::dmn {

/// What is wrong with a model or went wrong in an evaluation.
struct Diagnostic {
    std::string code;          ///< "dmn.xml", "dmn.unknown_decision", "feel.syntax", ...
    std::string message;       ///< English
    std::string element = {};  ///< id of the DMN element, else its name
    std::string position = {}; ///< "line:column" inside the expression
    std::string hint = {};
};

/// One step of a decision in the order of the requirement graph: a decision, business knowledge model call, table row ...
/// The tree is plain data so that it can be stored, compared at replay and shown to people.
struct Step {
    std::string kind;                 ///< decision | table | rule | input | output | literal | context_entry | invocation | function
    std::string id;                   ///< element id in the model
    std::string name;                 ///< name of the decision or entry
    std::string label;                ///< label attribute, German, for people
    std::string text;                 ///< FEEL source where there is one
    feel::Value value;
    int rule = 0;                     ///< 1-based index of the matched rule, for kind == rule
    std::vector<Step> parts = {};
};

struct Outcome {
    feel::Value value;
    std::vector<Diagnostic> errors = {};
};

/// Limits that end hostile or careless models with an error, never with a crash.
struct Limits {
    std::size_t xml_bytes = 8 << 20;
    int depth = 200;                  ///< nesting of XML elements and of calls
    std::size_t operations = 50'000'000;
    std::size_t memory = 256 << 20;
    bool compiled = true;             ///< false: names are looked for, tables walked through, as explanations do; the results are the same
    bool clock = false;               ///< today() and now() may be used: for the conformance kit, never for a city's decisions
};

struct DecisionInfo {
    std::string id, name, label, question;
    std::vector<std::string> requires_decisions, requires_inputs;
};

struct Outline;   // outline.h

/// A decision that is asked often, its names resolved once. Immutable, shareable between threads.
class Prepared {
public:
    /// What Model::evaluate gives for a context of the prepared names with these values, in their order; those that lack are null.
    Outcome evaluate(std::span<const feel::Value> inputs) const;

    struct Plan;
    explicit Prepared(std::shared_ptr<const Plan> plan);

private:
    std::shared_ptr<const Plan> plan_;
};

/// A compiled model. Immutable, shareable between threads.
class Model {
public:
    /// Reads and compiles. `imported` gives the text of models named by <import> (by namespace), or an empty string.
    /// Problems of single expressions end up in diagnostics(); the Result fails where nothing can be evaluated at all.
    static Result<Model> load(std::string_view xml, const std::function<std::string(std::string_view)>& imported = {},
                              const Limits& limits = {});

    const std::string& name() const;
    const std::vector<Diagnostic>& diagnostics() const;
    const std::vector<DecisionInfo>& decisions() const;

    /// Evaluates one decision (or decision service) by name or id. `inputs`: a context with one entry an input data element.
    Outcome evaluate(std::string_view decision, const feel::Value& inputs) const;
    /// The same for many cases: resolves the names of the decision and of the inputs, which the caller gives in his own order, once.
    /// Names that the model does not know are passed over, as evaluate() does.
    Result<Prepared> prepare(std::string_view decision, const std::vector<std::string>& inputs) const;
    /// All decisions at once: a context name -> value. Each is computed once.
    Outcome evaluate_all(const feel::Value& inputs) const;
    /// Replays `decision` and returns its tree, requirements inside.
    Step explain(std::string_view decision, const feel::Value& inputs) const;
    /// Every string that the output column(s) of a table decision can give ("too_long", ...): codes for reasons.yaml.
    std::vector<std::string> possible_outputs(std::string_view decision) const;
    /// Type of an input as the item definitions declare it.
    feel::Type input_type(std::string_view input) const;
    std::vector<std::string> inputs() const;
    /// The model as plain data, for pages that show it.
    Outline outline() const;

    struct Impl;
    explicit Model(std::shared_ptr<const Impl> impl);
    const Impl& impl() const { return *impl_; }   ///< for the room's own tools (analysis.h)

private:
    std::shared_ptr<const Impl> impl_;
};

/// A step tree as JSON (see feel::to_json for values) and back: what the journal keeps of a decision.
std::string to_json(const Step& step);
Result<Step> step_from_json(std::string_view json);

}  // namespace kiepe::dmn
