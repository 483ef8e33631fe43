#pragma once
// One piece of work many times over, on all cores. Only inside this room.
#include <cstddef>
#include <cstdint>
#include <functional>

namespace kiepe::rules {

/// Called in the calling thread now and then; false stops.
using Progress = std::function<bool(std::int64_t done, std::int64_t all)>;

/// Runs `one(i)` for each index below `count` on up to `threads` threads (0: as many as the machine has) and waits for them. False where
/// `progress` stopped it. What `one` throws is thrown here.
bool run_all(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& one, const Progress& progress = {});

}  // namespace kiepe::rules
