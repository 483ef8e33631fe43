#pragma once
// The JavaScript engines that the bench compares with: one node process (peers.mjs) that answers one line for each question.
#include <cstdio>
#include <optional>
#include <string>
#include <sys/types.h>

namespace kiepe::bench {

class Peers {
public:
    /// Starts bench/dmn/peers.mjs of the checkout with its own node. Where that is not installed every question is answered by nullopt.
    explicit Peers(const std::string& root);
    ~Peers();
    Peers(const Peers&) = delete;
    Peers& operator=(const Peers&) = delete;

    /// Nanoseconds of one operation of `task` (a key of `tasks` in peers.mjs), measured now.
    std::optional<double> measure(const std::string& task);
    /// "feelin 8.2.0", or the package's name and that it is not installed.
    std::string name(const std::string& package);

private:
    std::optional<std::string> ask(const std::string& question);

    pid_t child_ = -1;
    std::FILE* in_ = nullptr;                ///< to the child
    std::FILE* out_ = nullptr;               ///< from the child
};

}  // namespace kiepe::bench
