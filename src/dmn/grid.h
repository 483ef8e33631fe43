#pragma once
// A decision table as boxes: its columns cut into parts, its rules as the parts that they take. Internal to this room.
#include <set>
#include <string>
#include <vector>

#include "dmn/analysis.h"
#include "dmn/boxes.h"
#include "dmn/model.h"
#include "dmn/parts.h"

namespace kiepe::dmn {

/// A table and where it stands.
struct Site {
    const Table* table;
    const dmn::Node* node;
    std::string owner;                 ///< name of the decision or knowledge model
    const Decision* decision;          ///< where the table is the decision's whole logic, else nullptr
};
/// Every decision table of the model's own file.
std::vector<Site> tables_of(const Model::Impl& model);

/// Columns with the same input expression are one axis.
struct Axis {
    std::string expression;
    std::vector<std::size_t> columns = {};
    std::vector<Part> parts = {};
    bool known = true;                 ///< false: cut nowhere, its cells are not analysed
    bool plain = false;                ///< an input or an entry of one, not a computed value
    bool tested = false;               ///< a cell other than "-"
    bool closed = false;               ///< an enumeration of texts: whatever else a cell names is never there
};

struct Unanalysed {
    std::size_t rule;
    std::string element, text;
};

class Grid {
public:
    Grid(const Model::Impl& model, const Site& site, const AnalysisOptions& options);

    /// More cells times parts to try than the effort allows: then nothing else of the grid is there.
    bool too_large() const { return too_large_; }
    const std::vector<Axis>& axes() const { return axes_; }
    /// Parts that a rule takes for certain, and those that it may take; they differ where a cell could not be analysed.
    const Box& surely(std::size_t rule) const { return surely_[rule]; }
    const Box& perhaps(std::size_t rule) const { return perhaps_[rule]; }
    const std::vector<Unanalysed>& unanalysed() const { return unanalysed_; }
    Box space(bool with_maybe) const;
    Bits matching(std::size_t axis, const feel::Expression& tests) const;
    /// The first point of the box that is `possible`; nullopt where none is among the first some hundred.
    std::optional<std::vector<std::size_t>> point_in(const Box& box, Effort& effort) const;
    Example example(const std::vector<std::size_t>& point, const std::set<std::size_t>& without = {}) const;
    bool computed(const std::set<std::size_t>& without) const;
    /// A rule's outputs where they are constant.
    std::optional<std::vector<feel::Value>> outputs(std::size_t rule) const;

private:
    void add_axis(std::size_t column);
    Domain domain_of(const Axis& axis) const;
    void limit(Axis& axis, const std::vector<const feel::Expression*>& allowed) const;
    std::vector<const feel::Expression*> limits_of(const Axis& axis) const;
    std::optional<feel::Value> fixed_value(const Axis& axis) const;
    void cut(Axis& axis);
    void take(Axis& axis, std::size_t index);
    const ItemType* type_at(const std::string& path) const;
    std::optional<feel::Value> constant(const Text& text) const;
    feel::Value context(const feel::Value& input) const { return options_.fixed.with("?", input); }
    std::optional<bool> answer(const feel::Expression& tests, const Part& part) const;

    const Model::Impl& model_;
    const Table& table_;
    const AnalysisOptions& options_;
    bool too_large_ = false;
    std::vector<Axis> axes_ = {};
    std::vector<Box> surely_ = {}, perhaps_ = {};
    std::vector<Unanalysed> unanalysed_ = {};
};

/// The type of an input or of an entry of it, "vehicle.length"; nullptr where there is none. `of_items`: paths go on inside of lists.
const ItemType* input_type_at(const Model::Impl& model, std::string_view path, bool of_items = false);
/// What a type says of its values; the allowed ones apart.
Domain domain_of_type(const ItemType* type);

}  // namespace kiepe::dmn
