#pragma once
// Sets of points of a grid as boxes, for the analysis of decision tables: which part of a space do some boxes leave open?
#include <cstdint>
#include <functional>
#include <vector>

namespace kiepe::dmn {

/// A set of small numbers.
class Bits {
public:
    explicit Bits(std::size_t size = 0, bool all = false);
    std::size_t size() const { return size_; }
    bool has(std::size_t i) const { return (words_[i / 64] >> (i % 64) & 1) != 0; }
    void put(std::size_t i, bool in = true);
    bool none() const;
    bool intersects(const Bits& other) const;
    bool within(const Bits& other) const;                ///< every one of these is in the other
    std::size_t first() const;                           ///< size() where there is none
    Bits& operator&=(const Bits& other);
    Bits& operator|=(const Bits& other);
    Bits& operator-=(const Bits& other);
    bool operator==(const Bits&) const = default;
    std::size_t hash() const;
    std::size_t words() const { return words_.size(); }

private:
    std::size_t size_ = 0;
    std::vector<std::uint64_t> words_;
};

/// One set of parts for each axis; their product.
using Box = std::vector<Bits>;
bool empty(const Box& box);
bool intersects(const Box& a, const Box& b);
bool within(const Box& a, const Box& b);
Box intersection(const Box& a, const Box& b);

/// Steps that may still be taken. Finding a hole is hard in the worst case (it is the complement of satisfiability).
struct Effort {
    std::size_t left;
    bool spent() const { return left == 0; }
    bool take(std::size_t n) {
        left = n < left ? left - n : 0;
        return left > 0;
    }
};

/// Boxes in one grid, prepared to be asked many times.
class Boxes {
public:
    explicit Boxes(const std::vector<const Box*>& boxes);
    /// Calls `found` with disjoint boxes that together are all of `space` that none of the chosen boxes covers, until it returns false or
    /// the effort is spent.
    void each_hole(const Box& space, const Bits& chosen, Effort& effort, const std::function<bool(const Box&)>& found) const;
    /// True where the chosen boxes cover the space for certain: not where the effort was spent.
    bool cover(const Box& space, const Bits& chosen, Effort& effort) const;
    std::size_t count() const { return boxes_.size(); }

private:
    friend class HoleSearch;
    std::vector<const Box*> boxes_;
    std::vector<std::vector<Bits>> holders_ = {};        ///< axis -> part -> boxes that have it
};

}  // namespace kiepe::dmn
