#pragma once
// Looking a decision table up instead of walking through its rules. Internal to this room.
//
// Each column whose cells are constants (values, enumerations, intervals, not(...)) divides the values of a kind into classes at the
// sorted boundaries of its cells; each class knows the rules that hold for it as bits. What remains of all columns' bits are the rules
// that match. Cells that depend on anything (`> parking_order.longest_vehicle`) are evaluated, for the rules that are left only.
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "feel/feel.h"

namespace kiepe::dmn {

struct Table;

/// One bit a rule.
using RuleBits = std::vector<std::uint64_t>;

/// Boundaries of one kind of values in order; between and on them lie the classes: 2i is the gap below boundary i, 2i+1 the boundary.
class Boundaries {
public:
    void add(const feel::Value& value) { values_.push_back(value); }
    void sort();
    std::size_t classes() const { return 2 * values_.size() + 1; }
    /// The class of a value of the same kind.
    std::size_t find(const feel::Value& value) const;

private:
    std::size_t find_number(Decimal number) const;
    std::size_t find_string(const std::string& text) const;
    std::size_t find_key(std::int64_t key, bool exact) const;

    std::vector<feel::Value> values_ = {};
    std::vector<std::int64_t> keys_ = {};        ///< numbers as whole multiples of 10^-scale, days, or the first bytes of texts
    int scale_ = 0;
    bool keyed_ = false;                         ///< keys_ stand for values_ exactly (numbers) or by their beginning (texts)
};

/// The cells of one column.
class ColumnIndex {
public:
    /// `cells`: nothing for "-"; `rules`: how many there are.
    void build(const std::vector<const feel::Expression*>& cells, std::size_t words);
    /// The rules whose cell holds, or has to be evaluated; nullptr where the index does not know values of this kind.
    const std::uint64_t* find(const feel::Value& value) const;
    const RuleBits& to_evaluate() const { return to_evaluate_; }   ///< cells that are no constants
    const RuleBits& written() const { return written_; }           ///< cells that are not "-"
    bool idle() const { return idle_; }                            ///< all cells are "-"
    /// The index of one test, whose bit is the first; nullptr where it is no constant.
    static std::shared_ptr<const ColumnIndex> of(const std::optional<feel::Expression>& test);

private:
    struct Section {
        feel::Kind kind;
        Boundaries boundaries = {};
        RuleBits bits = {};                      ///< words_ a class
    };
    void gather(const feel::ConstantTests& tests);
    void fill(Section& section, std::size_t rule, const feel::ConstantTests& tests);
    Section& section(feel::Kind kind);

    std::size_t words_ = 0;
    std::vector<Section> sections_ = {};
    std::array<std::uint8_t, 16> section_of_ = {};   ///< by kind, counted from 1; 0: there is none
    RuleBits null_ = {}, to_evaluate_ = {}, written_ = {};
    bool idle_ = true;
};

class TableIndex {
public:
    /// nullopt where the table has no rules, or where the index would be larger than it is worth.
    static std::optional<TableIndex> of(const Table& table);
    std::size_t words() const { return words_; }
    const std::vector<ColumnIndex>& columns() const { return columns_; }
    /// Some cell is no constant.
    bool evaluates() const { return evaluates_; }

private:
    std::size_t words_ = 0;
    std::vector<ColumnIndex> columns_ = {};
    bool evaluates_ = false;
};

}  // namespace kiepe::dmn
