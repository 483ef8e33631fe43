#pragma once
// Sets letters on a thread of its own, so that nobody waits longer than they want. Only inside this room.
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <optional>
#include <thread>

#include "documents/documents.h"

namespace kiepe::casework {

class PdfMaker {
public:
    explicit PdfMaker(documents::Typesetter& typesetter);
    ~PdfMaker();
    /// nullopt where it was not ready within `patience` (the work is then thrown away) or failed.
    std::optional<std::string> make(const documents::Letter& letter, std::chrono::milliseconds patience);

private:
    struct Work {
        documents::Letter letter;
        std::promise<std::optional<std::string>> done;
    };
    void run();

    documents::Typesetter& typesetter_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Work> waiting_;
    bool ends_ = false;
    std::thread thread_;
};

}  // namespace kiepe::casework
