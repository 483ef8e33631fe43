#pragma once
// The table of `kiepe bench dmn`: each line is one piece of work, done by us and by somebody else in turns.
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "peers.h"

namespace kiepe::bench {

struct Row {
    std::string work;                        ///< what is done
    double ours_ns = 0;                      ///< median
    std::string peer;                        ///< done by whom, and what that includes ("feelin 8.2.0, parses at each call")
    std::optional<double> peer_ns = {};      ///< median of the same rounds; empty: there is no such peer, or it is not installed
    std::string goal = {};                   ///< as printed: ">= 5,000x", "<= 4x its time", "<= 1 ms"; empty: for information
    std::optional<bool> met = {};            ///< empty: no goal, or nothing to compare with
};

/// Keeps the compiler from dropping the work whose result nobody reads, and from knowing a value in advance.
template <class T>
inline void keep(T&& value) {
    asm volatile("" : : "g"(&value) : "memory");
}

double median(std::vector<double> values);

/// Processor time that this process has used up, all threads: what a busy machine does not lengthen.
std::chrono::nanoseconds processor_time();

/// Nanoseconds of one call of `work`: the median of short slices.
template <class Work>
double time_ns(Work&& work, std::chrono::nanoseconds slice = std::chrono::microseconds(500)) {
    const auto run = [&](std::uint64_t calls) {
        const auto begin = processor_time();
        for (std::uint64_t i = 0; i < calls; ++i) work();
        return processor_time() - begin;
    };
    std::uint64_t calls = 1;
    while (run(calls) < slice) calls *= 2;
    std::vector<double> slices;
    for (int i = 0; i < 21; ++i) slices.push_back(double(run(calls).count()) / double(calls));
    return median(std::move(slices));
}

/// How one side is measured in one round: nanoseconds of an operation, nullopt where it cannot be done here.
using Side = std::function<std::optional<double>()>;
template <class Work>
Side side(Work work) {
    return [work = std::move(work)]() mutable -> std::optional<double> { return time_ns(work); };
}

struct Medians {
    double ours = 0;
    std::optional<double> peer;
};
/// Measures both sides in turns, so that a busy moment of the machine hits both.
Medians median_ns(const Side& ours, const Side& peer, int rounds);
/// One side alone.
double median_ns(const Side& ours, int rounds);

/// Lines with a goal: the peer takes at least `times` our time; we take at most `times` the peer's time; we take at most `most_ns`.
Row at_least(std::string work, std::string peer, Medians measured, double times);
Row at_most(std::string work, std::string peer, Medians measured, double times);
Row within(std::string work, double ours_ns, double most_ns);
/// A line without a goal.
Row for_information(std::string work, std::string peer, Medians measured);

/// What every file of rows is given.
struct Bench {
    int rounds;
    std::string root;                        ///< the checkout: packages/, law/, node_modules/
    Peers& peers;
};

std::vector<Row> feel_rows(Bench& bench);
std::vector<Row> table_rows(Bench& bench);
std::vector<Row> wohngeld_rows(Bench& bench);
std::vector<Row> load_rows(Bench& bench);

}  // namespace kiepe::bench
