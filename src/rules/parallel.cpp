#include "rules/parallel.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <thread>
#include <vector>

namespace kiepe::rules {
namespace {

constexpr std::size_t kWorthAThread = 8;
constexpr auto kLook = std::chrono::milliseconds(20);

}  // namespace

bool run_all(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& one, const Progress& progress) {
    const unsigned machine = std::max(1u, std::thread::hardware_concurrency());
    const auto wanted = std::clamp<std::size_t>(count / kWorthAThread, 1, threads ? threads : machine);
    std::atomic<std::size_t> next = 0, done = 0;
    std::atomic<bool> stop = false, failed = false;
    std::exception_ptr failure;
    const auto work = [&] {
        try {
            for (std::size_t i; !stop && (i = next++) < count; ++done) one(i);
        } catch (...) {
            if (!failed.exchange(true)) failure = std::current_exception();
            stop = true;
        }
    };
    std::vector<std::thread> workers;
    for (std::size_t i = 0; i < wanted; ++i) workers.emplace_back(work);
    while (progress && !stop && done < count) {
        std::this_thread::sleep_for(kLook);
        if (!progress(std::int64_t(done), std::int64_t(count))) stop = true;
    }
    for (auto& worker : workers) worker.join();
    if (failure) std::rethrow_exception(failure);
    return done == count;
}

}  // namespace kiepe::rules
