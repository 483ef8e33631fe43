#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <fstream>
#include <mutex>
#include <optional>
#include <nlohmann/json.hpp>

#include "documents/child.h"
#include "documents/documents.h"
#include "documents/letter_json.h"

namespace kiepe::documents {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::size_t kMostBytes = std::size_t{64} << 20;  // of one letter, in both directions

std::string with_length(std::string_view body) {
    const auto n = static_cast<std::uint32_t>(body.size());
    std::string message{static_cast<char>(n >> 24), static_cast<char>(n >> 16), static_cast<char>(n >> 8), static_cast<char>(n)};
    return message.append(body);
}

std::size_t length_of(std::string_view head) {
    std::size_t n = 0;
    for (const char c : head.substr(0, 4)) n = (n << 8) | static_cast<unsigned char>(c);
    return n;
}

/// The one helper process and the line to it. Not thread-safe: the typesetter holds its lock.
class Helper {
public:
    explicit Helper(const TypesetterSettings& settings) : settings_(settings) {}
    Helper(const Helper&) = delete;
    Helper& operator=(const Helper&) = delete;
    ~Helper() { stop(); }

    /// The answer to one request: a status byte and a body.
    Result<std::string> ask(std::string_view request) {
        const auto end = std::chrono::steady_clock::now() + settings_.timeout;
        if (pid_ < 0 && !start()) return failed("letter.unavailable", "the helper cannot be started");
        auto answer = exchange(request, end);
        if (!answer.ok() || resident() > settings_.memory_limit) stop();
        return answer;
    }

private:
    static Error failed(const char* code, std::string detail) { return {.code = code, .detail = std::move(detail)}; }

    bool start() {
        const auto node = find_program(settings_.node);
        int ends[2];
        if (node.empty() || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return false;
        const ChildLimits limits{.cpu = std::chrono::hours(24 * 365)};
        pid_ = start_child({node, "--max-old-space-size=256", settings_.worker}, ends[1], ends[1], limits);
        close(ends[1]);
        line_ = ends[0];
        fcntl(line_, F_SETFL, fcntl(line_, F_GETFL) | O_NONBLOCK);
        outbox_ = with_length(nlohmann::json{{"look", settings_.look}, {"fonts", settings_.fonts}}.dump());
        if (pid_ < 0) stop();
        return pid_ >= 0;
    }

    void stop() {
        if (line_ >= 0) close(line_);
        if (pid_ > 0) {
            kill(pid_, SIGKILL);
            while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {}
        }
        line_ = -1;
        pid_ = -1;
        outbox_.clear();
        inbox_.clear();
    }

    /// Bytes resident (proc(5), statm): an address-space limit says nothing about a JavaScript engine.
    std::size_t resident() const {
        if (pid_ <= 0) return 0;
        std::ifstream file("/proc/" + std::to_string(pid_) + "/statm");
        std::size_t total = 0, pages = 0;
        file >> total >> pages;
        return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    }

    Result<std::string> exchange(std::string_view request, SteadyTime end) {
        outbox_ += with_length(request);
        for (;;) {
            if (auto body = take_answer()) return std::move(*body);
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
            if (left <= 0) return failed("letter.timeout", "no answer in time");
            if (resident() > settings_.memory_limit) return failed("letter.memory", "the helper grew over its limit");
            const short wanted = outbox_.empty() ? POLLIN : POLLIN | POLLOUT;
            pollfd wait{line_, wanted, 0};
            if (poll(&wait, 1, static_cast<int>(std::min<long long>(left, 50))) < 0 && errno != EINTR) {
                return failed("letter.unavailable", "poll");
            }
            if ((wait.revents & POLLOUT) != 0 && !send_some()) return failed("letter.unavailable", "the helper hung up");
            if ((wait.revents & (POLLIN | POLLHUP | POLLERR)) != 0 && !receive_some()) return failed("letter.unavailable", "the helper ended");
        }
    }

    bool send_some() {
        const auto sent = send(line_, outbox_.data(), outbox_.size(), MSG_NOSIGNAL);
        if (sent > 0) outbox_.erase(0, static_cast<std::size_t>(sent));
        return sent > 0 || errno == EAGAIN || errno == EINTR;
    }

    bool receive_some() {
        std::array<char, 65536> part;
        const auto got = recv(line_, part.data(), part.size(), 0);
        if (got > 0) inbox_.append(part.data(), static_cast<std::size_t>(got));
        return (got > 0 && inbox_.size() <= kMostBytes) || (got < 0 && (errno == EAGAIN || errno == EINTR));
    }

    std::optional<std::string> take_answer() {
        if (inbox_.size() < 4 || inbox_.size() < 4 + length_of(inbox_)) return std::nullopt;
        auto body = inbox_.substr(4);
        inbox_.clear();
        return body;
    }

    const TypesetterSettings& settings_;
    pid_t pid_ = -1;
    int line_ = -1;
    std::string outbox_, inbox_;
};

class TypstTypesetter final : public Typesetter {
public:
    explicit TypstTypesetter(TypesetterSettings settings) : settings_(std::move(settings)), helper_(settings_) {}

    Result<std::string> pdf(const Letter& letter) override { return set(letter_json(letter)); }
    Result<std::string> form_pdf(const PrintForm& form) override { return set(form_json(form)); }

private:
    Result<std::string> set(const std::string& json) {
        if (json.size() > kMostBytes) return Error{.code = "letter.failed", .detail = "the letter is too long"};
        const std::lock_guard lock(mutex_);
        auto answer = helper_.ask(json);
        if (!answer.ok()) return answer.error();
        if (answer->empty() || answer->front() != '\1') {
            return Error{.code = "letter.failed", .detail = answer->substr(std::min<std::size_t>(1, answer->size()), 500)};
        }
        return answer->substr(1);
    }

    const TypesetterSettings settings_;
    std::mutex mutex_;
    Helper helper_;
};

}  // namespace

std::unique_ptr<Typesetter> make_typesetter(TypesetterSettings settings) {
    return std::make_unique<TypstTypesetter>(std::move(settings));
}

}  // namespace kiepe::documents
