#pragma once
// Threads for handlers that may block.
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace kiepe::web {

/// Many threads, but no more of them awake than needed: waking one costs more than a short handler takes, so a short job wakes a
/// thread only while fewer than `usual` are awake; when these do not get on (they wait for a disk or another server), one more is
/// woken each millisecond. A job that is known to wait (a form that is stored) wakes a thread at once, so that many of them wait for
/// the same commit together. Thread-safe.
class Workers {
public:
    Workers(unsigned most, unsigned usual);
    ~Workers();                              ///< finishes all jobs
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    enum class Job { is_short, waits };
    template <class Work>
    void post(Job kind, Work work) {
        put(kind, std::make_unique<Held<Work>>(std::move(work)));
    }

private:
    struct Task {
        virtual ~Task() = default;
        virtual void run() = 0;
    };
    template <class Work>
    struct Held final : Task {
        explicit Held(Work w) : work(std::move(w)) {}
        void run() override { work(); }
        Work work;
    };
    void put(Job kind, std::unique_ptr<Task> task);
    void work();
    void watch();
    void wake_one();

    const unsigned usual_;
    std::mutex mutex_;
    std::condition_variable work_comes_, watch_comes_;
    std::deque<std::unique_ptr<Task>> queue_;
    unsigned awake_, called_ = 0;            ///< threads that work or look for work; calls that were not heard yet
    std::uint64_t taken_ = 0;                ///< jobs so far
    bool watching_ = false, ending_ = false;
    std::vector<std::thread> threads_;
    std::thread watcher_;
};

}  // namespace kiepe::web
