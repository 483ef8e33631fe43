#pragma once
// A plain blocking socket for tests: sends bytes as they are and shows bytes as they come.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <string_view>

namespace kiepe::web {

class TestClient {
public:
    explicit TestClient(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }
    ~TestClient() { close(fd_); }
    TestClient(const TestClient&) = delete;
    TestClient& operator=(const TestClient&) = delete;

    bool connected() const { return connected_; }
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (n <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
        return true;
    }
    void end_sending() { shutdown(fd_, SHUT_WR); }

    /// One response by its Content-Length ("" when the peer closed before it was whole). `head_only`: the answer to HEAD.
    std::string response(bool head_only = false) {
        while (true) {
            if (const auto end = in_.find("\r\n\r\n"); end != std::string::npos) {
                const auto at = in_.find("Content-Length: ");
                const std::size_t length = head_only || at == std::string::npos || at > end ? 0 : std::stoul(in_.substr(at + 16));
                if (in_.size() >= end + 4 + length) {
                    std::string out = in_.substr(0, end + 4 + length);
                    in_.erase(0, out.size());
                    return out;
                }
            }
            if (!read_some()) return {};
        }
    }
    /// All bytes until the peer closes; `closed` tells whether it did within the time.
    std::string rest(bool& closed, int milliseconds = 3000) {
        patience_ = milliseconds;
        while (read_some()) {}
        closed = closed_;
        return in_;
    }

private:
    bool read_some() {
        pollfd p{fd_, POLLIN, 0};
        if (poll(&p, 1, patience_) <= 0) return false;
        char bytes[16384];
        const ssize_t n = recv(fd_, bytes, sizeof bytes, 0);
        if (n <= 0) {
            closed_ = true;
            return false;
        }
        in_.append(bytes, static_cast<std::size_t>(n));
        return true;
    }
    int fd_;
    bool connected_ = false, closed_ = false;
    int patience_ = 5000;
    std::string in_;
};

inline int status_of(std::string_view response) { return response.size() > 12 ? std::stoi(std::string(response.substr(9, 3))) : 0; }

}  // namespace kiepe::web
