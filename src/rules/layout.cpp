// Places boxes and arrows; see drawing.h.
#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "rules/drawing.h"

namespace kiepe::rules {
namespace {

constexpr int kColumnGap = 80, kRowGap = 26, kLane = 14, kMargin = 20;

/// A box, or one station of a long arrow.
struct Place {
    int box = -1;
    int rank = 0;
    int height = kLane;
    double y = 0;                                         ///< of the middle
    std::vector<int> left = {}, right = {};               ///< neighbours one rank away
};

struct Layers {
    std::vector<Box>& boxes;
    std::vector<Arrow>& arrows;
    std::vector<Place> places = {};
    std::vector<std::vector<int>> ranks = {};
    std::vector<std::vector<int>> stations = {};          ///< by arrow: its places from left to right, ends included
    std::map<std::string, int> by_id = {};

    void index() {
        for (std::size_t i = 0; i < boxes.size(); ++i) by_id[boxes[i].id] = static_cast<int>(i);
        std::erase_if(arrows, [&](const Arrow& a) { return !by_id.count(a.from) || !by_id.count(a.to) || a.from == a.to; });
    }

    int rank_of_decision(int box, std::vector<int>& known, std::set<int>& open) const {
        if (known[static_cast<std::size_t>(box)] >= 0 || !open.insert(box).second) return std::max(0, known[static_cast<std::size_t>(box)]);
        int rank = 0;
        for (const auto& arrow : arrows)
            if (by_id.at(arrow.to) == box) rank = std::max(rank, 1 + rank_of_decision(by_id.at(arrow.from), known, open));
        open.erase(box);
        return known[static_cast<std::size_t>(box)] = rank;
    }

    /// Decisions as far left as what they need allows; answers and knowledge right before the first that needs them.
    void give_ranks() {
        std::vector<int> rank(boxes.size(), -1);
        std::set<int> open;
        for (std::size_t i = 0; i < boxes.size(); ++i) rank_of_decision(static_cast<int>(i), rank, open);
        std::vector<int> order(boxes.size());
        std::iota(order.begin(), order.end(), 0);
        std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return rank[static_cast<std::size_t>(a)] > rank[static_cast<std::size_t>(b)]; });
        for (const int box : order) {
            if (boxes[static_cast<std::size_t>(box)].kind == Box::Kind::decision) continue;
            int first = -1;
            for (const auto& arrow : arrows)
                if (by_id.at(arrow.from) == box) {
                    const int consumer = rank[static_cast<std::size_t>(by_id.at(arrow.to))];
                    first = first < 0 ? consumer : std::min(first, consumer);
                }
            if (first > 0) rank[static_cast<std::size_t>(box)] = first - 1;
        }
        for (std::size_t i = 0; i < boxes.size(); ++i) places.push_back({static_cast<int>(i), rank[i], boxes[i].height});
    }

    void link(int a, int b) {
        places[static_cast<std::size_t>(a)].right.push_back(b);
        places[static_cast<std::size_t>(b)].left.push_back(a);
    }

    /// An arrow over several ranks gets a station in each between, so that no box stands in its way. Arrows from one box share their
    /// stations: the law that ten decisions need is one line that branches.
    void add_stations() {
        std::map<std::pair<int, int>, int> shared;
        for (const auto& arrow : arrows) {
            const int source = by_id.at(arrow.from), target = by_id.at(arrow.to);
            std::vector<int> way{source};
            for (int rank = places[static_cast<std::size_t>(source)].rank + 1; rank < places[static_cast<std::size_t>(target)].rank; ++rank) {
                auto& station = shared.try_emplace({source, rank}, -1).first->second;
                if (station < 0) {
                    station = static_cast<int>(places.size());
                    places.push_back({-1, rank});
                    link(way.back(), station);
                }
                way.push_back(station);
            }
            link(way.back(), target);
            way.push_back(target);
            stations.push_back(std::move(way));
        }
        int most = 0;
        for (const auto& place : places) most = std::max(most, place.rank);
        ranks.resize(static_cast<std::size_t>(most) + 1);
        for (std::size_t i = 0; i < places.size(); ++i) ranks[static_cast<std::size_t>(places[i].rank)].push_back(static_cast<int>(i));
    }

    std::vector<int> positions() const {
        std::vector<int> position(places.size());
        for (const auto& rank : ranks)
            for (std::size_t i = 0; i < rank.size(); ++i) position[static_cast<std::size_t>(rank[i])] = static_cast<int>(i);
        return position;
    }

    int crossings() const {
        const auto position = positions();
        int count = 0;
        for (const auto& rank : ranks)
            for (std::size_t i = 0; i < rank.size(); ++i)
                for (std::size_t j = i + 1; j < rank.size(); ++j)
                    for (const int a : places[static_cast<std::size_t>(rank[i])].right)
                        for (const int b : places[static_cast<std::size_t>(rank[j])].right)
                            count += position[static_cast<std::size_t>(a)] > position[static_cast<std::size_t>(b)] ? 1 : 0;
        return count;
    }

    /// Barycentres, to the right and back again; the best order found stays.
    void order() {
        auto best = ranks;
        int least = crossings();
        for (int round = 0; round < 24 && least > 0; ++round) {
            const bool to_the_right = round % 2 == 0;
            for (std::size_t k = 0; k < ranks.size(); ++k) {
                auto& rank = ranks[to_the_right ? k : ranks.size() - 1 - k];
                const auto position = positions();
                std::map<int, double> wanted;
                for (const int place : rank) {
                    const auto& near = to_the_right ? places[static_cast<std::size_t>(place)].left : places[static_cast<std::size_t>(place)].right;
                    double sum = 0;
                    for (const int other : near) sum += position[static_cast<std::size_t>(other)];
                    wanted[place] = near.empty() ? position[static_cast<std::size_t>(place)] : sum / static_cast<double>(near.size());
                }
                std::stable_sort(rank.begin(), rank.end(), [&](int a, int b) { return wanted[a] < wanted[b]; });
            }
            if (const int now = crossings(); now < least) {
                least = now;
                best = ranks;
            }
        }
        ranks = std::move(best);
    }

    double gap(int above, int below) const {
        const auto& a = places[static_cast<std::size_t>(above)];
        const auto& b = places[static_cast<std::size_t>(below)];
        return (a.height + b.height) / 2.0 + (a.box < 0 && b.box < 0 ? kLane / 2.0 : kRowGap);
    }

    /// Keeps the order and the distances, with each place as near to where it wants to be as the others allow.
    void settle(const std::vector<int>& rank, const std::map<int, double>& wanted) {
        std::vector<double> low(rank.size()), high(rank.size());
        for (std::size_t i = 0; i < rank.size(); ++i) {
            low[i] = wanted.at(rank[i]);
            if (i > 0) low[i] = std::max(low[i], low[i - 1] + gap(rank[i - 1], rank[i]));
        }
        for (std::size_t i = rank.size(); i-- > 0;) {
            high[i] = wanted.at(rank[i]);
            if (i + 1 < rank.size()) high[i] = std::min(high[i], high[i + 1] - gap(rank[i], rank[i + 1]));
        }
        // The mean of both keeps every distance, since each of them keeps it.
        for (std::size_t i = 0; i < rank.size(); ++i) places[static_cast<std::size_t>(rank[i])].y = (low[i] + high[i]) / 2;
    }

    void give_heights() {
        for (const auto& rank : ranks) {
            double y = 0;
            for (std::size_t i = 0; i < rank.size(); ++i) {
                if (i > 0) y += gap(rank[i - 1], rank[i]);
                places[static_cast<std::size_t>(rank[i])].y = y;
            }
        }
        for (int round = 0; round < 12; ++round)
            for (std::size_t k = 0; k < ranks.size(); ++k) {
                const auto& rank = ranks[round % 2 == 0 ? k : ranks.size() - 1 - k];
                std::map<int, double> wanted;
                for (const int place : rank) {
                    const auto& p = places[static_cast<std::size_t>(place)];
                    double sum = 0;
                    for (const auto* near : {&p.left, &p.right})
                        for (const int other : *near) sum += places[static_cast<std::size_t>(other)].y;
                    const auto count = p.left.size() + p.right.size();
                    wanted[place] = count == 0 ? p.y : sum / static_cast<double>(count);
                }
                settle(rank, wanted);
            }
    }

    void place_boxes() {
        double least = 0;
        for (const auto& place : places) least = std::min(least, place.y - place.height / 2.0);
        int x = kMargin;
        for (const auto& rank : ranks) {
            int widest = 0;
            for (const int place : rank)
                if (const int box = places[static_cast<std::size_t>(place)].box; box >= 0) widest = std::max(widest, boxes[static_cast<std::size_t>(box)].width);
            for (const int place : rank) {
                auto& p = places[static_cast<std::size_t>(place)];
                p.y += kMargin - least;
                if (p.box < 0) continue;
                auto& box = boxes[static_cast<std::size_t>(p.box)];
                box.x = x + (widest - box.width) / 2;
                box.y = static_cast<int>(p.y - box.height / 2.0);
            }
            column_left.push_back(x);
            column_right.push_back(x + widest);
            x += widest + kColumnGap;
        }
    }

    /// Where arrows meet a side of a box they are spread over it, in the order in which they come; those that share a station share it.
    std::map<std::pair<std::size_t, bool>, int> docks() const {
        std::map<std::pair<int, bool>, std::map<std::pair<double, int>, std::vector<std::size_t>>> at;
        for (std::size_t i = 0; i < arrows.size(); ++i) {
            const auto& way = stations[i];
            const int next = way[1], last = way[way.size() - 2];
            at[{way.front(), true}][{places[static_cast<std::size_t>(next)].y, next}].push_back(i);
            at[{way.back(), false}][{places[static_cast<std::size_t>(last)].y, last}].push_back(i);
        }
        std::map<std::pair<std::size_t, bool>, int> y;
        for (const auto& [side, neighbours] : at) {
            const auto& box = boxes[static_cast<std::size_t>(places[static_cast<std::size_t>(side.first)].box)];
            int k = 0;
            for (const auto& [neighbour, together] : neighbours) {
                ++k;
                for (const auto arrow : together) y[{arrow, side.second}] = box.y + k * box.height / (static_cast<int>(neighbours.size()) + 1);
            }
        }
        return y;
    }

    void draw_arrows() {
        const auto dock = docks();
        for (std::size_t i = 0; i < arrows.size(); ++i) {
            auto& points = arrows[i].points;
            points.clear();
            const auto& way = stations[i];
            const auto& from = boxes[static_cast<std::size_t>(way.front())];
            const auto& to = boxes[static_cast<std::size_t>(way.back())];
            points.emplace_back(from.x + from.width, dock.at({i, true}));
            for (std::size_t k = 1; k + 1 < way.size(); ++k) {
                const auto& station = places[static_cast<std::size_t>(way[k])];
                points.emplace_back(column_left[static_cast<std::size_t>(station.rank)], static_cast<int>(station.y));
                points.emplace_back(column_right[static_cast<std::size_t>(station.rank)], static_cast<int>(station.y));
            }
            points.emplace_back(to.x, dock.at({i, false}));
        }
    }

    std::vector<int> column_left = {}, column_right = {};
};

}  // namespace

Layout lay_out(std::vector<Box> boxes, std::vector<Arrow> arrows) {
    Layout layout{std::move(boxes), std::move(arrows)};
    Layers layers{layout.boxes, layout.arrows};
    layers.index();
    layers.give_ranks();
    layers.add_stations();
    layers.order();
    layers.give_heights();
    layers.place_boxes();
    layers.draw_arrows();
    return layout;
}

}  // namespace kiepe::rules
