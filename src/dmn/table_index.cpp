#include "dmn/table_index.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "base/decimal_bits.h"
#include "dmn/model.h"

namespace kiepe::dmn {
namespace {

using feel::ConstantTest;
using feel::ConstantTests;
using feel::Kind;
using feel::Value;

constexpr std::size_t kMostBytes = 4 << 20;

void set(std::uint64_t* bits, std::size_t rule) { bits[rule / 64] |= std::uint64_t{1} << (rule % 64); }

/// Kinds whose values have an order or are few: the others are left to FEEL.
bool sortable(Kind kind) { return kind == Kind::number || kind == Kind::string || kind == Kind::date || kind == Kind::boolean; }

/// The first eight bytes as a number, in the order of the texts.
std::int64_t beginning(const std::string& text) {
    unsigned char bytes[8] = {};
    std::memcpy(bytes, text.data(), std::min<std::size_t>(text.size(), 8));
    std::uint64_t key = 0;
    for (const unsigned char byte : bytes) key = key << 8 | byte;
    return std::bit_cast<std::int64_t>(key ^ (std::uint64_t{1} << 63));
}

bool before(const Value& a, const Value& b) {
    if (a.kind() == Kind::boolean) return a.is_false() && b.is_true();
    return feel::less(a, b).value_or(false);
}

constexpr int kLargestPower = 14;
constexpr std::int64_t kFarAway = std::int64_t{1} << 62;

/// The number as a whole multiple of 10^-scale, rounded down; a number beyond all keys is the farthest key.
std::int64_t scaled(Decimal number, int scale, bool& exact) {
    const auto parts = decimal_bits::take_apart(number);
    const int shift = parts.exponent + scale;
    if (shift == 0 && parts.coefficient < std::uint64_t(kFarAway)) {
        exact = true;
        const auto key = static_cast<std::int64_t>(parts.coefficient);
        return parts.negative ? -key : key;
    }
    decimal_bits::Wide size = parts.coefficient;
    exact = true;
    if (shift < 0) {
        if (shift < -38) {
            exact = size == 0;
            return exact || !parts.negative ? 0 : -1;
        }
        const decimal_bits::Wide unit = decimal_bits::kPowers.of[-shift];
        const decimal_bits::Wide quotient = size >> 64 == 0 && -shift < 20 ? std::uint64_t(size) / std::uint64_t(unit) : size / unit;
        exact = quotient * unit == size;
        size = quotient;
    } else if (shift > 0 && size != 0) {
        if (shift > 18 || size > std::uint64_t(kFarAway)) size = std::uint64_t(kFarAway);
        else size *= decimal_bits::kPowers.of[shift];
    }
    if (size >= std::uint64_t(kFarAway)) size = std::uint64_t(kFarAway);
    const auto key = static_cast<std::int64_t>(size);
    if (!parts.negative) return key;
    return exact ? -key : -key - 1;
}

}  // namespace

void Boundaries::sort() {
    std::sort(values_.begin(), values_.end(), before);
    const auto last = std::unique(values_.begin(), values_.end(), [](const Value& a, const Value& b) { return feel::equal(a, b) == true; });
    values_.erase(last, values_.end());
    if (values_.empty()) return;
    const Kind kind = values_.front().kind();
    if (kind == Kind::string) {
        for (const auto& value : values_) keys_.push_back(beginning(value.as_string()));
        keyed_ = true;
    } else if (kind == Kind::date) {
        for (const auto& value : values_) keys_.push_back(value.as_days());
        keyed_ = true;
    } else if (kind == Kind::number) {
        for (const auto& value : values_) scale_ = std::max(scale_, -decimal_bits::take_apart(value.as_number()).exponent);
        keyed_ = scale_ <= kLargestPower;
        for (const auto& value : values_) {
            bool exact = false;
            const std::int64_t key = keyed_ ? scaled(value.as_number(), scale_, exact) : 0;
            keyed_ = keyed_ && exact && key < kFarAway && key > -kFarAway;
            keys_.push_back(key);
        }
    }
}

std::size_t Boundaries::find_key(std::int64_t key, bool exact) const {
    // Without branches: which way a search goes is what a processor cannot foresee.
    const std::int64_t* base = keys_.data();
    for (std::size_t n = keys_.size(); n > 1; n -= n / 2) base = base[n / 2 - 1] < key ? base + n / 2 : base;
    const auto place = static_cast<std::size_t>(base - keys_.data()) + (*base < key ? 1 : 0);
    const bool met = place < keys_.size() && keys_[place] == key;
    return 2 * place + (met ? (exact ? 1 : 2) : 0);
}

std::size_t Boundaries::find_number(Decimal number) const {
    if (keyed_) {
        bool exact = true;
        const std::int64_t key = scaled(number, scale_, exact);
        return find_key(key, exact);
    }
    const auto place = std::lower_bound(values_.begin(), values_.end(), number, [](const Value& a, Decimal b) { return compare(a.number_bits(), b) < 0; });
    const auto index = static_cast<std::size_t>(place - values_.begin());
    return 2 * index + (place != values_.end() && place->number_bits() == number ? 1 : 0);
}

std::size_t Boundaries::find_string(const std::string& text) const {
    const std::int64_t key = beginning(text);
    std::size_t place = find_key(key, true) / 2;
    while (place < keys_.size() && keys_[place] == key) {
        const int order = values_[place].as_string().compare(text);
        if (order == 0) return 2 * place + 1;
        if (order > 0) break;
        ++place;
    }
    return 2 * place;
}

std::size_t Boundaries::find(const Value& value) const {
    if (values_.empty()) return 0;
    switch (value.kind()) {
        case Kind::number: return find_number(value.number_bits());
        case Kind::string: return find_string(value.as_string());
        case Kind::date: return find_key(value.as_days(), true);
        default: break;
    }
    // booleans: false before true
    for (std::size_t i = 0; i < values_.size(); ++i) {
        if (values_[i].is_true() == value.is_true()) return 2 * i + 1;
    }
    return value.is_true() ? 2 * values_.size() : 0;
}

ColumnIndex::Section& ColumnIndex::section(Kind kind) {
    const auto known = std::find_if(sections_.begin(), sections_.end(), [&](const Section& s) { return s.kind == kind; });
    if (known != sections_.end()) return *known;
    sections_.push_back({kind});
    section_of_[static_cast<std::size_t>(kind)] = static_cast<std::uint8_t>(sections_.size());
    return sections_.back();
}

void ColumnIndex::gather(const ConstantTests& tests) {
    for (const auto& test : tests.tests) {
        for (const Value* end : {&test.low, &test.high}) {
            if (sortable(end->kind())) section(end->kind()).boundaries.add(*end);
        }
    }
}

namespace {

/// The classes for which one test holds: from `first` up to, not including, `last`; `known` false: the answer is FEEL's null.
struct Held {
    std::size_t first = 0, last = 0;
    bool known = true;
};

Held held_by(const ConstantTest& test, const Boundaries& boundaries, Kind kind) {
    const std::size_t all = boundaries.classes();
    if (test.form == ConstantTest::Form::interval) {
        const bool ordered = kind != Kind::boolean && (!test.has_low || test.low.kind() == kind) && (!test.has_high || test.high.kind() == kind);
        if (!ordered) return {0, 0, false};
        Held held{0, all, true};
        if (test.has_low) held.first = boundaries.find(test.low) + (test.low_included ? 0 : 1);
        if (test.has_high) held.last = boundaries.find(test.high) + (test.high_included ? 1 : 0);
        return held;
    }
    if (test.low.is_null()) return {0, 0, true};  // no value equals null, every value differs from it: see differs below
    if (test.low.kind() != kind) return {0, 0, false};
    const std::size_t place = boundaries.find(test.low);
    return {place, place + 1, true};
}

/// What a cell says of a value of a kind, class by class: 1 where it holds.
std::vector<std::uint8_t> answers(const ConstantTests& tests, const Boundaries& boundaries, Kind kind) {
    const std::size_t all = boundaries.classes();
    std::vector<std::uint8_t> met(all, 0);
    bool unknown = false;
    for (const auto& test : tests.tests) {
        const Held held = held_by(test, boundaries, kind);
        unknown = unknown || !held.known;
        const bool differs = test.form == ConstantTest::Form::differs && held.known;
        for (std::size_t i = differs ? 0 : held.first; i < (differs ? all : held.last); ++i) {
            if (!differs || i < held.first || i >= held.last) met[i] = 1;
        }
    }
    if (!tests.negated) return met;
    // Three-valued, as In::run: one that holds decides; else one that is unknown makes all unknown, also behind not().
    for (auto& each : met) each = each == 0 && !unknown ? 1 : 0;
    return met;
}

/// The same for null, which only `null` equals; nothing has an order with it.
bool holds_for_null(const ConstantTests& tests) {
    bool met = false, unknown = false;
    for (const auto& test : tests.tests) {
        if (test.form == ConstantTest::Form::interval) unknown = true;
        else met = met || test.low.is_null() == (test.form == ConstantTest::Form::equals);
    }
    return met ? !tests.negated : !unknown && tests.negated;
}

}  // namespace

void ColumnIndex::fill(Section& section, std::size_t rule, const ConstantTests& tests) {
    const auto met = answers(tests, section.boundaries, section.kind);
    for (std::size_t i = 0; i < met.size(); ++i) {
        if (met[i] != 0) set(&section.bits[i * words_], rule);
    }
}

void ColumnIndex::build(const std::vector<const feel::Expression*>& cells, std::size_t words) {
    words_ = words;
    to_evaluate_.assign(words, 0);
    written_.assign(words, 0);
    null_.assign(words, 0);
    std::vector<std::optional<ConstantTests>> tests(cells.size());
    for (const Kind kind : {Kind::number, Kind::string, Kind::date, Kind::boolean}) (void)section(kind);
    for (std::size_t rule = 0; rule < cells.size(); ++rule) {
        if (cells[rule] == nullptr) continue;
        idle_ = false;
        set(written_.data(), rule);
        tests[rule] = feel::constant_tests(*cells[rule]);
        if (tests[rule]) gather(*tests[rule]);
        else set(to_evaluate_.data(), rule);
    }
    for (auto& each : sections_) {
        each.boundaries.sort();
        each.bits.assign(each.boundaries.classes() * words, 0);
    }
    for (std::size_t rule = 0; rule < cells.size(); ++rule) {
        const bool always = cells[rule] == nullptr || !tests[rule] || tests[rule]->any;
        for (auto& each : sections_) {
            if (!always) fill(each, rule, *tests[rule]);
            for (std::size_t i = 0; always && i < each.boundaries.classes(); ++i) set(&each.bits[i * words], rule);
        }
        if (always || holds_for_null(*tests[rule])) set(null_.data(), rule);
    }
}

std::shared_ptr<const ColumnIndex> ColumnIndex::of(const std::optional<feel::Expression>& test) {
    if (!test || !feel::constant_tests(*test)) return nullptr;
    ColumnIndex index;
    index.build({&*test}, 1);
    return std::make_shared<const ColumnIndex>(std::move(index));
}

const std::uint64_t* ColumnIndex::find(const Value& value) const {
    const Kind kind = value.kind();
    if (kind == Kind::null) return null_.data();
    const std::uint8_t place = section_of_[static_cast<std::size_t>(kind)];
    if (place == 0) return nullptr;
    const Section& found = sections_[place - 1u];
    return &found.bits[found.boundaries.find(value) * words_];
}

std::optional<TableIndex> TableIndex::of(const Table& table) {
    const std::size_t rules = table.rules.size();
    if (rules == 0) return std::nullopt;
    TableIndex index;
    index.words_ = (rules + 63) / 64;
    // A column has at most two boundaries a test; a text of so many tests is not worth an index.
    std::size_t most = 0;
    for (const auto& rule : table.rules) {
        for (const auto& cell : rule.tests) most += 4 * (1 + std::size_t(std::count(cell.text.begin(), cell.text.end(), ',')));
    }
    if (most * index.words_ * 8 > kMostBytes) return std::nullopt;
    for (std::size_t column = 0; column < table.inputs.size(); ++column) {
        std::vector<const feel::Expression*> cells;
        for (const auto& rule : table.rules) {
            const Text& cell = rule.tests[column];
            if (!cell.code && cell.text != "-") return std::nullopt;  // a cell that could not be compiled never holds
            cells.push_back(cell.code ? &*cell.code : nullptr);
        }
        index.columns_.emplace_back();
        index.columns_.back().build(cells, index.words_);
        const auto& checked = index.columns_.back().to_evaluate();
        index.evaluates_ = index.evaluates_ || std::any_of(checked.begin(), checked.end(), [](std::uint64_t word) { return word != 0; });
    }
    return index;
}

}  // namespace kiepe::dmn
