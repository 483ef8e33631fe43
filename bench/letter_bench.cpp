// Letters a second from a warm helper: kiepe_letter_bench [SECONDS]. Run it from the top folder.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <vector>

#include "documents/documents.h"

int main(int argc, char** argv) {
    using namespace kiepe::documents;
    using SteadyClock = std::chrono::steady_clock;
    const auto typesetter = make_typesetter({});
    Letter letter{.title = "Bescheid", .office = {"Bürgerbüro", "Am Markt 1", "48143 Kiepstadt", "0251 1", ""},
                  .recipient = {"Erika Mustermann", "Gasse 3", "48143 Kiepstadt"}, .date = "24. November 2026", .draft = false};
    const auto set = [&](int i) {
        letter.number = fmt::format("K-2026-{:06}", i);
        letter.blocks = {heading("Ihr Bewohnerparkausweis"), paragraph("Guten Tag Erika Mustermann,"), bullets({"Kennzeichen: MS-K 123", letter.number}),
                         heading("Was Sie beachten müssen", 2), paragraph("Legen Sie den Ausweis gut sichtbar ins Auto.")};
        const auto begin = SteadyClock::now();
        const auto pdf = typesetter->pdf(letter);
        if (!pdf.ok()) fmt::print(stderr, "{} {}\n", pdf.error().code, pdf.error().detail);
        return std::chrono::duration<double, std::milli>(SteadyClock::now() - begin).count();
    };
    fmt::print("first letter (starts the helper): {:.0f} ms\n", set(0));
    const auto end = SteadyClock::now() + std::chrono::seconds(argc > 1 ? std::max(1, std::atoi(argv[1])) : 5);
    std::vector<double> times;
    while (SteadyClock::now() < end) times.push_back(set(static_cast<int>(times.size()) + 1));
    std::sort(times.begin(), times.end());
    double sum = 0;
    for (const auto time : times) sum += time;
    fmt::print("{} letters: {:.0f} a second, median {:.1f} ms, 99 % below {:.1f} ms\n", times.size(), 1000.0 * static_cast<double>(times.size()) / sum,
               times[times.size() / 2], times[times.size() * 99 / 100]);
}
