#include "casework/pdf_maker.h"

#include "base/log.h"

namespace kiepe::casework {

PdfMaker::PdfMaker(documents::Typesetter& typesetter) : typesetter_(typesetter), thread_([this] { run(); }) {}

PdfMaker::~PdfMaker() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

void PdfMaker::run() {
    while (true) {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return ends_ || !waiting_.empty(); });
        if (ends_) return;
        Work work = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        auto pdf = typesetter_.pdf(work.letter);
        if (!pdf) log::write(log::Level::error, "letter_not_set", {{"code", pdf.error().code}});
        work.done.set_value(pdf ? std::optional(std::move(pdf).value()) : std::nullopt);
    }
}

std::optional<std::string> PdfMaker::make(const documents::Letter& letter, std::chrono::milliseconds patience) {
    std::future<std::optional<std::string>> future;
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back({letter, {}});
        future = waiting_.back().done.get_future();
    }
    wake_.notify_one();
    if (future.wait_for(patience) != std::future_status::ready) return std::nullopt;
    return future.get();
}

}  // namespace kiepe::casework
