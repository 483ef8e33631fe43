// kiepe-bench-dmn: the speed of the decision engine beside others, in one run. `kiepe bench dmn` starts it.
//
//   kiepe-bench-dmn [--rounds N] [--root CHECKOUT] [feel | tables | wohngeld | load ...]
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include <fmt/format.h>

#include "rows.h"

namespace {

using namespace kiepe::bench;

struct Part {
    const char* name;
    std::vector<Row> (*rows)(Bench&);
};
constexpr Part kParts[] = {{"feel", feel_rows}, {"tables", table_rows}, {"wohngeld", wohngeld_rows}, {"load", load_rows}};

struct Wishes {
    int rounds = 5;
    std::string root = ".";
    std::vector<std::string> parts = {};
};

/// nullopt where an argument is not known.
std::optional<Wishes> wishes_of(int argc, char** argv) {
    Wishes wishes;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        const bool has_value = i + 1 < argc;
        if (argument == "--rounds" && has_value) wishes.rounds = std::max(1, std::atoi(argv[++i]));
        else if (argument == "--root" && has_value) wishes.root = argv[++i];
        else if (std::any_of(std::begin(kParts), std::end(kParts), [&](const Part& part) { return part.name == argument; })) wishes.parts.push_back(argument);
        else return std::nullopt;
    }
    return wishes;
}

std::string time_text(double ns) {
    if (ns < 1e3) return fmt::format("{:.1f} ns", ns);
    if (ns < 1e6) return fmt::format("{:.2f} us", ns / 1e3);
    return fmt::format("{:.2f} ms", ns / 1e6);
}

/// How the two times stand to each other: "6,100x" faster, or "1.8x its time".
std::string ratio_text(const Row& row) {
    if (!row.peer_ns || row.ours_ns <= 0 || *row.peer_ns <= 0) return "";
    const double faster = *row.peer_ns / row.ours_ns;
    return faster >= 10 ? fmt::format("{:.0f}x", faster) : fmt::format("{:.2f}x its time", 1 / faster);
}

void print(const Row& row) {
    constexpr const char* line = "{:<44} {:>9}  {:<54} {:>9}  {:>14}  {:<14} {}\n";
    fmt::print(line, row.work, time_text(row.ours_ns), row.peer, row.peer_ns ? time_text(*row.peer_ns) : "", ratio_text(row), row.goal,
               row.met ? (*row.met ? "met" : "MISSED") : (row.goal.empty() ? "" : "not measured"));
    std::fflush(stdout);
}

std::string processor() {
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);) {
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    }
    return "unknown processor";
}

std::string load() {
    double now[3] = {};
    return getloadavg(now, 3) > 0 ? fmt::format("{:.1f}", now[0]) : "?";
}

}  // namespace

int main(int argc, char** argv) {
    const auto wishes = wishes_of(argc, argv);
    if (!wishes) return std::cerr << "kiepe-bench-dmn [--rounds N] [--root CHECKOUT] [feel]\n", 2;
    Peers peers(wishes->root);
    Bench bench{wishes->rounds, wishes->root, peers};
    fmt::print("{}, {} processors, {} waiting for them at the start; medians of {} rounds in turns; one thread\n", processor(),
               sysconf(_SC_NPROCESSORS_ONLN), load(), wishes->rounds);
    fmt::print("{:<44} {:>9}  {:<54} {:>9}  {:>14}  {:<14} {}\n", "work", "ours", "against", "peer", "ratio", "goal", "");
    int missed = 0;
    for (const auto& part : kParts) {
        if (!wishes->parts.empty() && std::find(wishes->parts.begin(), wishes->parts.end(), part.name) == wishes->parts.end()) continue;
        for (const auto& row : part.rows(bench)) {
            print(row);
            missed += row.met && !*row.met ? 1 : 0;
        }
    }
    fmt::print("{} waiting for a processor at the end\n", load());
    return missed == 0 ? 0 : 1;
}
