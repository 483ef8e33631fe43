#include "documents/child.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <thread>

#include "base/text.h"

namespace kiepe::documents {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

class Fd {
public:
    explicit Fd(int fd = -1) : fd_(fd) {}
    Fd(const Fd&) = delete;
    Fd& operator=(const Fd&) = delete;
    ~Fd() { reset(); }
    int get() const { return fd_; }
    void reset(int fd = -1) {
        if (fd_ >= 0) close(fd_);
        fd_ = fd;
    }

private:
    int fd_;
};

/// What none of our helpers ever has to do: talk to the network, look into other processes, change files.
std::vector<sock_filter> make_filter() {
    const auto context = seccomp_init(SCMP_ACT_ALLOW);
    if (context == nullptr) return {};
    const auto refuse = SCMP_ACT_ERRNO(EPERM);
    for (const int call : {SCMP_SYS(socket), SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(listen), SCMP_SYS(ptrace),
                           SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(mount), SCMP_SYS(unshare),
                           SCMP_SYS(setns), SCMP_SYS(bpf), SCMP_SYS(perf_event_open), SCMP_SYS(keyctl), SCMP_SYS(add_key),
                           SCMP_SYS(io_uring_setup), SCMP_SYS(creat), SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(rename),
                           SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(mkdir), SCMP_SYS(mkdirat), SCMP_SYS(symlink),
                           SCMP_SYS(symlinkat), SCMP_SYS(link), SCMP_SYS(linkat), SCMP_SYS(chmod), SCMP_SYS(fchmodat),
                           SCMP_SYS(truncate), SCMP_SYS(openat2)}) {
        seccomp_rule_add(context, refuse, call, 0);
    }
    for (const auto mode : {O_WRONLY, O_RDWR}) {
        const auto access = static_cast<scmp_datum_t>(O_ACCMODE);
        seccomp_rule_add(context, refuse, SCMP_SYS(open), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, access, static_cast<scmp_datum_t>(mode)));
        seccomp_rule_add(context, refuse, SCMP_SYS(openat), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, access, static_cast<scmp_datum_t>(mode)));
    }
    const auto create = static_cast<scmp_datum_t>(O_CREAT);
    seccomp_rule_add(context, refuse, SCMP_SYS(open), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, create, create));
    seccomp_rule_add(context, refuse, SCMP_SYS(openat), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, create, create));
    const Fd file(memfd_create("filter", MFD_CLOEXEC));
    std::vector<sock_filter> filter;
    if (file.get() >= 0 && seccomp_export_bpf(context, file.get()) == 0) {
        filter.resize(static_cast<std::size_t>(lseek(file.get(), 0, SEEK_END)) / sizeof(sock_filter));
        if (pread(file.get(), filter.data(), filter.size() * sizeof(sock_filter), 0) < 0) filter.clear();
    }
    seccomp_release(context);
    return filter;
}

const std::vector<sock_filter>& filter_of_children() {
    static const auto filter = make_filter();
    return filter;
}

void set_limit(decltype(RLIMIT_CPU) what, rlim_t value) {
    const rlimit limit{value, value};
    setrlimit(what, &limit);
}

struct Prepared {
    std::vector<char*> argv;
    std::vector<char*> environment;
    sock_fprog program;
    ChildLimits limits;
};

/// Between fork and exec of a program with threads only system calls are allowed: everything else was prepared before.
[[noreturn]] void become(const Prepared& prepared, int in, int out) {
    setpgid(0, 0);
    const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    in = fcntl(in, F_DUPFD, 3);  // out of the way of the three numbers that are about to be taken
    out = fcntl(out, F_DUPFD, 3);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(prepared.limits.errors ? out : nothing, STDERR_FILENO);
    close_range(3, ~0U, 0);
    set_limit(RLIMIT_CORE, 0);
    set_limit(RLIMIT_CPU, static_cast<rlim_t>(prepared.limits.cpu.count()));
    set_limit(RLIMIT_NOFILE, 512);
    if (prepared.limits.memory != 0) set_limit(RLIMIT_AS, prepared.limits.memory);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    signal(SIGPIPE, SIG_DFL);
    // A program that was to be confined and could not be is not started at all.
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prepared.program) != 0) _exit(127);
    execve(prepared.argv[0], prepared.argv.data(), prepared.environment.data());
    _exit(127);
}

int left_until(SteadyTime end) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
    return static_cast<int>(std::clamp<long long>(left, 0, 1'000'000));
}

bool read_until_end(int fd, std::string& out, std::size_t most, SteadyTime end) {
    std::array<char, 65536> part;
    for (;;) {
        pollfd wait{fd, POLLIN, 0};
        const int ready = poll(&wait, 1, left_until(end));
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) return false;
        const auto got = read(fd, part.data(), part.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return false;
        if (got == 0) return true;
        if (out.size() + static_cast<std::size_t>(got) > most) return false;
        out.append(part.data(), static_cast<std::size_t>(got));
    }
}

int write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = write(fd, bytes.data(), bytes.size());
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return -1;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return 0;
}

/// Reaps; after `end` by force. The exit code, or -1 for a death by signal.
int reap(pid_t pid, SteadyTime end) {
    int status = 0;
    for (;;) {
        const auto done = waitpid(pid, &status, WNOHANG);
        if (done == pid) return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        if (done < 0 && errno != EINTR) return -1;
        if (std::chrono::steady_clock::now() >= end) {
            kill(-pid, SIGKILL);
            kill(pid, SIGKILL);
        }
        std::this_thread::sleep_for(std::chrono::microseconds(300));
    }
}

}  // namespace

pid_t start_child(const std::vector<std::string>& argv, int in, int out, const ChildLimits& limits) {
    const auto& filter = filter_of_children();
    if (argv.empty() || filter.empty()) return -1;
    auto words = argv;
    std::vector<std::string> environment{"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "OMP_THREAD_LIMIT=1"};
    Prepared prepared{.argv = {}, .environment = {}, .program = {}, .limits = limits};
    for (auto& word : words) prepared.argv.push_back(word.data());
    for (auto& word : environment) prepared.environment.push_back(word.data());
    prepared.argv.push_back(nullptr);
    prepared.environment.push_back(nullptr);
    prepared.program = {static_cast<unsigned short>(filter.size()), const_cast<sock_filter*>(filter.data())};
    const pid_t pid = fork();
    if (pid == 0) become(prepared, in, out);
    if (pid > 0) setpgid(pid, pid);
    return pid;
}

ChildResult run_child(const std::vector<std::string>& argv, std::string_view input, const ChildLimits& limits) {
    ChildResult result;
    const auto end = std::chrono::steady_clock::now() + limits.wall;
    const Fd in(memfd_create("input", MFD_CLOEXEC));
    int ends[2] = {-1, -1};
    if (in.get() < 0 || write_all(in.get(), input) != 0 || lseek(in.get(), 0, SEEK_SET) != 0 || pipe2(ends, O_CLOEXEC) != 0) return result;
    const Fd from(ends[0]);
    Fd to(ends[1]);
    const pid_t pid = start_child(argv, in.get(), to.get(), limits);
    if (pid < 0) return result;
    to.reset();
    const bool whole = read_until_end(from.get(), result.out, limits.output, end);
    result.exit_code = reap(pid, whole ? end : SteadyTime{});
    result.started = result.exit_code != 127;
    result.finished = whole && result.exit_code >= 0 && result.started;
    return result;
}

std::string find_program(const std::string& name) {
    if (name.find('/') != name.npos) return access(name.c_str(), X_OK) == 0 ? name : std::string();
    const char* path = std::getenv("PATH");
    for (const auto& folder : split(path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path, ':')) {
        auto file = folder + '/' + name;
        if (!folder.empty() && access(file.c_str(), X_OK) == 0) return file;
    }
    return {};
}

}  // namespace kiepe::documents
