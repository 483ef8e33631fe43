#pragma once
#include <cstdint>
#include <ctime>

namespace kiepe::bench {

/// The time that this thread has worked: for work that cannot be repeated until a pause does not matter.
inline std::int64_t worked_ns() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace kiepe::bench
