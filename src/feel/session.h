#pragma once
// What an evaluation may use up, shared by everything that it calls. Read feel.h first; this is for the room `dmn`, whose decisions
// consist of many expressions.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "feel/feel.h"

namespace kiepe::feel {

/// What one evaluation from outside may still use up; shared by everything that it calls.
struct Run {
    std::vector<Diagnostic>* errors = nullptr;
    Step* trace = nullptr;                 // where the next step goes; nullptr: nobody asks
    std::int64_t budget = 20'000'000;      // loop turns, list items, bytes of text
    const char* stack_end = nullptr;       // calls deeper than this end with null
    bool exhausted = false;

    bool spend(std::int64_t n) {
        budget -= n;
        if (budget < 0) exhausted = true;
        return !exhausted;
    }
};

/// The run that this thread is in, nullptr outside. Functions called through std::function find their limits here.
Run*& current_run();

inline const char* stack_here() { return static_cast<const char*>(__builtin_frame_address(0)); }

/// While it lives, all expressions that this thread evaluates share one run: what is left of the run around it, where there is one.
class Session {
public:
    explicit Session(std::vector<Diagnostic>* errors = nullptr, Step* trace = nullptr) : outer_(current_run()) {
        if (outer_ != nullptr) {
            run_.budget = outer_->budget;
            run_.exhausted = outer_->exhausted;
            run_.stack_end = outer_->stack_end;
        } else {
            run_.stack_end = stack_here() - kStackBytes;
        }
        run_.errors = errors;
        run_.trace = trace;
        current_run() = &run_;
    }
    ~Session() {
        current_run() = outer_;
        if (outer_ == nullptr) return;
        outer_->budget = run_.budget;
        outer_->exhausted = run_.exhausted;
    }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    Run& run() { return run_; }

private:
    /// How far calls may grow the stack: threads have 8 MB, of which others need some as well.
    static constexpr std::ptrdiff_t kStackBytes = 3 << 20;

    Run run_;
    Run* outer_;
};

}  // namespace kiepe::feel
