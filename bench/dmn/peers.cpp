#include "peers.h"

#include <csignal>
#include <filesystem>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

namespace kiepe::bench {

Peers::Peers(const std::string& root) {
    const std::string node = root + "/node_modules/node/bin/node";
    const std::string script = root + "/bench/dmn/peers.mjs";
    int down[2], up[2];
    if (!std::filesystem::exists(node) || !std::filesystem::exists(script) || pipe(down) != 0) return;
    if (pipe(up) != 0) return;
    std::signal(SIGPIPE, SIG_IGN);  // a child that died is a missing answer
    child_ = fork();
    if (child_ == 0) {
        dup2(down[0], STDIN_FILENO);
        dup2(up[1], STDOUT_FILENO);
        for (const int end : {down[0], down[1], up[0], up[1]}) close(end);
        execl(node.c_str(), node.c_str(), script.c_str(), nullptr);
        _exit(127);
    }
    close(down[0]);
    close(up[1]);
    in_ = fdopen(down[1], "w");
    out_ = fdopen(up[0], "r");
}

Peers::~Peers() {
    if (in_ != nullptr) std::fclose(in_);  // the end of its questions ends it
    if (out_ != nullptr) std::fclose(out_);
    if (child_ > 0) waitpid(child_, nullptr, 0);
}

std::optional<std::string> Peers::ask(const std::string& question) {
    if (in_ == nullptr || out_ == nullptr) return std::nullopt;
    if (std::fprintf(in_, "%s\n", question.c_str()) < 0 || std::fflush(in_) != 0) return std::nullopt;
    char line[4096];
    if (std::fgets(line, sizeof line, out_) == nullptr) return std::nullopt;
    return std::string(line);
}

std::optional<double> Peers::measure(const std::string& task) {
    const auto answer = ask("time " + task);
    if (!answer) return std::nullopt;
    const auto json = nlohmann::json::parse(*answer, nullptr, false);
    if (!json.is_object() || !json.contains("ns")) return std::nullopt;
    return json["ns"].get<double>();
}

std::string Peers::name(const std::string& package) {
    if (const auto answer = ask("version " + package)) {
        const auto json = nlohmann::json::parse(*answer, nullptr, false);
        if (json.is_object() && json.contains("version")) return package + " " + json["version"].get<std::string>();
    }
    return package + " (not installed: npm install)";
}

}  // namespace kiepe::bench
