#pragma once
// Child processes of this room: without network, without writing, within limits, and never left over.
#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kiepe::documents {

struct ChildLimits {
    std::chrono::milliseconds wall{10'000};
    std::chrono::seconds cpu{10};
    std::size_t memory = 0;                               ///< address space in bytes; 0: as it is
    std::size_t output = std::size_t{64} << 20;
    bool errors = false;                                  ///< standard error goes into the output too
};

struct ChildResult {
    bool started = false;
    bool finished = false;   ///< false: killed for time or output, or died by a signal
    int exit_code = -1;
    std::string out = {};
};

/// Runs one program to its end with `input` as a (seekable) standard input. `argv[0]` is a path.
ChildResult run_child(const std::vector<std::string>& argv, std::string_view input, const ChildLimits& limits);

/// Starts a confined program whose standard input and output are `fd` (the caller keeps the other end). -1: not started.
pid_t start_child(const std::vector<std::string>& argv, int in, int out, const ChildLimits& limits);

/// Where a program without a slash in its name lies on PATH; empty: nowhere.
std::string find_program(const std::string& name);

}  // namespace kiepe::documents
