#include "rows.h"

#include <time.h>

#include <algorithm>

#include <fmt/format.h>

namespace kiepe::bench {
namespace {

/// 5000 is "5,000".
std::string grouped(double number) {
    std::string text = fmt::format("{:.0f}", number);
    for (auto place = std::ptrdiff_t(text.size()) - 3; place > 0; place -= 3) text.insert(std::size_t(place), 1, ',');
    return text;
}

}  // namespace

double median(std::vector<double> values) {
    const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

std::chrono::nanoseconds processor_time() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

Medians median_ns(const Side& ours, const Side& peer, int rounds) {
    std::vector<double> own, others;
    for (int round = 0; round < rounds; ++round) {
        if (const auto ns = ours()) own.push_back(*ns);
        if (const auto ns = peer()) others.push_back(*ns);
    }
    Medians medians{own.empty() ? 0 : median(std::move(own)), {}};
    if (!others.empty()) medians.peer = median(std::move(others));
    return medians;
}

double median_ns(const Side& ours, int rounds) {
    return median_ns(ours, [] { return std::nullopt; }, rounds).ours;
}

Row at_least(std::string work, std::string peer, Medians measured, double times) {
    Row row = for_information(std::move(work), std::move(peer), measured);
    row.goal = fmt::format(">= {}x", grouped(times));
    if (row.peer_ns) row.met = *row.peer_ns >= times * row.ours_ns;
    return row;
}

Row at_most(std::string work, std::string peer, Medians measured, double times) {
    Row row = for_information(std::move(work), std::move(peer), measured);
    row.goal = fmt::format("<= {}x its time", grouped(times));
    if (row.peer_ns) row.met = row.ours_ns <= times * *row.peer_ns;
    return row;
}

Row within(std::string work, double ours_ns, double most_ns) {
    Row row = for_information(std::move(work), "", {ours_ns, {}});
    row.goal = most_ns < 1e6 ? fmt::format("<= {} ns", grouped(most_ns)) : fmt::format("<= {:g} ms", most_ns / 1e6);
    row.met = ours_ns <= most_ns;
    return row;
}

Row for_information(std::string work, std::string peer, Medians measured) {
    return {std::move(work), measured.ours, std::move(peer), measured.peer};
}

}  // namespace kiepe::bench
