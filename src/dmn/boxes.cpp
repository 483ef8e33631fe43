#include "dmn/boxes.h"

#include <algorithm>
#include <bit>
#include <unordered_map>
#include <unordered_set>

namespace kiepe::dmn {

Bits::Bits(std::size_t size, bool all) : size_(size), words_((size + 63) / 64, all ? ~std::uint64_t{0} : 0) {
    if (all && size % 64 != 0) words_.back() >>= 64 - size % 64;
}

void Bits::put(std::size_t i, bool in) {
    const std::uint64_t bit = std::uint64_t{1} << (i % 64);
    if (in) words_[i / 64] |= bit;
    else words_[i / 64] &= ~bit;
}

bool Bits::none() const {
    return std::all_of(words_.begin(), words_.end(), [](std::uint64_t word) { return word == 0; });
}

bool Bits::intersects(const Bits& other) const {
    for (std::size_t i = 0; i < words_.size(); ++i)
        if ((words_[i] & other.words_[i]) != 0) return true;
    return false;
}

bool Bits::within(const Bits& other) const {
    for (std::size_t i = 0; i < words_.size(); ++i)
        if ((words_[i] & ~other.words_[i]) != 0) return false;
    return true;
}

std::size_t Bits::first() const {
    for (std::size_t i = 0; i < words_.size(); ++i)
        if (words_[i] != 0) return i * 64 + static_cast<std::size_t>(std::countr_zero(words_[i]));
    return size_;
}

Bits& Bits::operator&=(const Bits& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
    return *this;
}

Bits& Bits::operator|=(const Bits& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
    return *this;
}

Bits& Bits::operator-=(const Bits& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= ~other.words_[i];
    return *this;
}

std::size_t Bits::hash() const {
    std::uint64_t mixed = 0x9e3779b97f4a7c15u;
    for (const std::uint64_t word : words_) mixed = (std::rotl(mixed, 27) ^ word) * 0xff51afd7ed558ccdu;
    return mixed ^ (mixed >> 32);
}

bool empty(const Box& box) {
    return std::any_of(box.begin(), box.end(), [](const Bits& side) { return side.none(); });
}

bool intersects(const Box& a, const Box& b) {
    for (std::size_t i = 0; i < a.size(); ++i)
        if (!a[i].intersects(b[i])) return false;
    return true;
}

bool within(const Box& a, const Box& b) {
    for (std::size_t i = 0; i < a.size(); ++i)
        if (!a[i].within(b[i])) return false;
    return true;
}

Box intersection(const Box& a, const Box& b) {
    Box both = a;
    for (std::size_t i = 0; i < a.size(); ++i) both[i] &= b[i];
    return both;
}

namespace {

struct Key {
    std::size_t axis;
    Bits alive;
    bool operator==(const Key&) const = default;
};
struct KeyHash {
    std::size_t operator()(const Key& key) const { return key.alive.hash() * 31 + key.axis; }
};

}  // namespace

/// Goes through the axes in order; parts of an axis that the boxes still in question treat alike are taken together. Whether the rest
/// is covered depends only on the axis and on these boxes, so each pair is settled once.
class HoleSearch {
public:
    HoleSearch(const Boxes& boxes, const Box& space, Effort& effort, const std::function<bool(const Box&)>& found)
        : boxes_(boxes), space_(space), effort_(effort), found_(found), path_(space), full_from_(space.size() + 1, Bits(boxes.count())) {}

    void run(const Bits& chosen) {
        if (empty(space_)) return;
        Bits alive = chosen;
        for (std::size_t box = 0; box < boxes_.count(); ++box) {
            if (!alive.has(box)) continue;
            if (!effort_.take(space_.size())) return;
            if (!intersects(space_, *boxes_.boxes_[box])) {
                alive.put(box, false);
                continue;
            }
            std::size_t from = space_.size();
            while (from > 0 && space_[from - 1].within((*boxes_.boxes_[box])[from - 1])) --from;
            for (std::size_t axis = from; axis <= space_.size(); ++axis) full_from_[axis].put(box);
        }
        (void)open(0, alive);
    }

private:
    /// True where something from `axis` on is open.
    bool open(std::size_t axis, const Bits& alive) {
        if (stopped_ || !effort_.take(1 + alive.words())) return true;
        if (alive.none()) {
            for (std::size_t i = axis; i < space_.size(); ++i) path_[i] = space_[i];
            stopped_ = !found_(path_);
            return true;
        }
        if (alive.intersects(full_from_[axis])) return false;
        const Key key{axis, alive};
        if (settled_.count(key)) return false;
        bool any = false;
        for (auto& [still, parts] : groups(axis, alive)) {
            path_[axis] = parts;
            any = open(axis + 1, still) || any;
            if (stopped_ || effort_.spent()) return true;
        }
        if (!any) settled_.insert(key);
        return any;
    }

    std::vector<std::pair<Bits, Bits>> groups(std::size_t axis, const Bits& alive) {
        std::vector<std::pair<Bits, Bits>> groups;   // in the order of the first part, so that reports do not change
        std::unordered_multimap<std::size_t, std::size_t> by_hash;
        for (std::size_t part = 0; part < space_[axis].size(); ++part) {
            if (!space_[axis].has(part)) continue;
            if (!effort_.take(alive.words())) break;
            Bits still = alive;
            still &= boxes_.holders_[axis][part];
            const auto [begin, end] = by_hash.equal_range(still.hash());
            const auto known = std::find_if(begin, end, [&](const auto& entry) { return groups[entry.second].first == still; });
            if (known != end) {
                groups[known->second].second.put(part);
                continue;
            }
            by_hash.emplace(still.hash(), groups.size());
            Bits parts(space_[axis].size());
            parts.put(part);
            groups.emplace_back(std::move(still), std::move(parts));
        }
        return groups;
    }

    const Boxes& boxes_;
    const Box& space_;
    Effort& effort_;
    const std::function<bool(const Box&)>& found_;
    Box path_;
    std::vector<Bits> full_from_;                      ///< axis -> boxes that have all of the space from there on
    std::unordered_set<Key, KeyHash> settled_ = {};
    bool stopped_ = false;
};

Boxes::Boxes(const std::vector<const Box*>& boxes) : boxes_(boxes) {
    for (std::size_t axis = 0; !boxes_.empty() && axis < boxes_.front()->size(); ++axis) {
        std::vector<Bits> holders((*boxes_.front())[axis].size(), Bits(boxes_.size()));
        for (std::size_t part = 0; part < holders.size(); ++part)
            for (std::size_t box = 0; box < boxes_.size(); ++box)
                if ((*boxes_[box])[axis].has(part)) holders[part].put(box);
        holders_.push_back(std::move(holders));
    }
}

void Boxes::each_hole(const Box& space, const Bits& chosen, Effort& effort, const std::function<bool(const Box&)>& found) const {
    HoleSearch(*this, space, effort, found).run(chosen);
}

bool Boxes::cover(const Box& space, const Bits& chosen, Effort& effort) const {
    bool hole = false;
    each_hole(space, chosen, effort, [&](const Box&) {
        hole = true;
        return false;
    });
    return !hole && !effort.spent();
}

}  // namespace kiepe::dmn
