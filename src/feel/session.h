#pragma once
// What an evaluation may use up, shared by everything that it calls. Read feel.h first; this is for the room `dmn`, whose decisions
// consist of many expressions.
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

/// While it lives, all expressions that this thread evaluates share one run.
class Session {
public:
    Session();
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

private:
    Run run_;
    Run* outer_;
};

}  // namespace kiepe::feel
