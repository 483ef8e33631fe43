#pragma once
// What a model says, as plain data: for pages and tools that show rules to people. Nothing is evaluated here; read dmn.h first.
#include <string>
#include <vector>

#include "dmn/dmn.h"

namespace kiepe::dmn {

/// A column of a decision table (DMN 1.5 section 8.2.3 and 8.2.4).
struct ColumnOutline {
    std::string id, name, label;
    std::string text;                                   ///< FEEL of an input column
    std::string type;                                   ///< "string", "t_money", ...; empty: any
};

struct RuleOutline {
    std::string id, label;
    std::vector<std::string> tests, outputs;            ///< FEEL, one a column; "-" is always true
};

/// The boxed expression of a decision or of a knowledge model.
struct LogicOutline {
    std::string kind;                                   ///< as Step::kind: literal | table | context | ...; empty: none
    std::string id, label;
    std::string text;                                   ///< of a literal expression
    std::string hit_policy, aggregation;                ///< of a table: "unique", "first", "collect"; "sum", "count", or empty
    std::vector<ColumnOutline> inputs, outputs;
    std::vector<RuleOutline> rules;
    std::string name;                                   ///< under which it stands among the parts of the one above
    std::vector<LogicOutline> parts;                    ///< entries of a context, items of a list ...
};

struct InputOutline {
    std::string id, name, label, type;
};

struct DecisionOutline {
    DecisionInfo info;
    std::string type;
    std::vector<std::string> requires_knowledge;        ///< names
    LogicOutline logic;
};

struct KnowledgeOutline {
    std::string id, name, label;
    std::vector<std::string> parameters, requires_knowledge;
    LogicOutline logic;
};

/// Elements of the model itself (not of imported ones) in the order of the file.
struct Outline {
    std::string name;
    std::vector<InputOutline> inputs;
    std::vector<DecisionOutline> decisions;
    std::vector<KnowledgeOutline> knowledge;

    const DecisionOutline* decision(std::string_view name) const;
    const KnowledgeOutline* knowledge_model(std::string_view name) const;
};

/// All FEEL texts of a boxed expression, in the order in which they stand.
std::vector<std::string> texts_of(const LogicOutline& logic);

}  // namespace kiepe::dmn
