#pragma once
// Numbers that look random and are the same on every machine. The distributions of <random> differ between standard libraries, so that
// a case found on one machine could not be made again on another.
#include <cstdint>
#include <vector>

namespace kiepe::rules {

/// SplitMix64 (Steele, Lea, Flood 2014: "Fast Splittable Pseudorandom Number Generators").
class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }
    /// 0 to sides - 1; 0 where there are no sides.
    std::size_t below(std::size_t sides) { return sides == 0 ? 0 : static_cast<std::size_t>(next() % sides); }
    /// low to high, both included.
    std::int64_t between(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(below(static_cast<std::size_t>(high - low + 1)));
    }
    bool chance(int percent) { return below(100) < static_cast<std::size_t>(percent); }
    /// Precondition: not empty.
    template <class T>
    const T& pick(const std::vector<T>& list) {
        return list[below(list.size())];
    }

private:
    std::uint64_t state_;
};

/// The dice of one case of many: cases do not depend on how many are made.
inline Dice dice_of(std::uint64_t seed, std::uint64_t number) { return Dice(Dice(seed).next() + 0x9e3779b97f4a7c15u * number); }

}  // namespace kiepe::rules
