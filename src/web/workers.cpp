#include "web/workers.h"

#include <algorithm>
#include <chrono>

namespace kiepe::web {

Workers::Workers(unsigned most, unsigned usual) : usual_(std::clamp(usual, 1u, std::max(1u, most))), awake_(std::max(1u, most)) {
    for (unsigned i = 0; i < std::max(1u, most); ++i) threads_.emplace_back([this] { work(); });
    watcher_ = std::thread([this] { watch(); });
}

Workers::~Workers() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    work_comes_.notify_all();
    watch_comes_.notify_all();
    for (auto& thread : threads_) thread.join();
    watcher_.join();
}

/// With the lock held.
void Workers::wake_one() {
    if (awake_ == threads_.size()) return;
    ++awake_;
    ++called_;
    work_comes_.notify_one();
}

void Workers::put(Job kind, std::unique_ptr<Task> task) {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(task));
    if (kind == Job::waits || awake_ < usual_) return wake_one();
    if (!watching_) {
        watching_ = true;
        watch_comes_.notify_one();
    }
}

void Workers::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        while (!queue_.empty()) {
            const auto task = std::move(queue_.front());
            queue_.pop_front();
            ++taken_;
            lock.unlock();
            task->run();
            lock.lock();
        }
        if (ending_) return;
        --awake_;
        work_comes_.wait(lock, [this] { return called_ > 0 || ending_; });
        if (called_ > 0) --called_;
        else ++awake_;  // ending: nobody called
    }
}

/// Looks whether the threads that are awake get on.
void Workers::watch() {
    std::unique_lock lock(mutex_);
    while (!ending_) {
        watch_comes_.wait(lock, [this] { return watching_ || ending_; });
        while (!queue_.empty() && !ending_) {
            const auto before = taken_;
            watch_comes_.wait_for(lock, std::chrono::milliseconds(1), [this] { return ending_; });
            if (taken_ == before && !queue_.empty()) wake_one();
        }
        watching_ = false;
    }
}

}  // namespace kiepe::web
