#pragma once
#include <chrono>

namespace kiepe {

/// A moment in UTC, to the millisecond.
using Moment = std::chrono::sys_time<std::chrono::milliseconds>;
/// A day without a time of day; the city's days are days in Europe/Berlin.
using Day = std::chrono::sys_days;

/// Time is a parameter: whoever needs "now" gets a Clock. Thread-safe.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Moment now() const = 0;
};

class SystemClock final : public Clock {
public:
    Moment now() const override { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }
};

/// For tests and for replaying a day.
class FixedClock final : public Clock {
public:
    explicit FixedClock(Moment at) : at_(at) {}
    Moment now() const override { return at_; }
    void set(Moment at) { at_ = at; }
    void advance(std::chrono::milliseconds by) { at_ += by; }

private:
    Moment at_;
};

}  // namespace kiepe
