// The sockets (Boost.Asio). One io_context a thread, each with its own listening socket (SO_REUSEPORT): a connection never changes
// its thread, so nothing here needs a lock. Heads and chunks are read by head.h and chunked.h and not by Beast, whose parser (1.81)
// repairs messages that other servers read differently, and whose stream closes at a deadline before a refusal can be sent.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <atomic>
#include <csignal>
#include <list>
#include <stdexcept>
#include <thread>

#include "base/log.h"
#include "web/answer.h"
#include "web/chunked.h"
#include "web/workers.h"

namespace kiepe::web {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using Executor = asio::io_context::executor_type;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;
using Socket = asio::basic_stream_socket<tcp, Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;
template <class T>
using Task = asio::awaitable<T, Executor>;
constexpr asio::use_awaitable_t<Executor> kAwait;
constexpr auto kQuiet = asio::as_tuple(kAwait);
using std::chrono::seconds;
using Instant = std::chrono::steady_clock::time_point;

constexpr auto kDrain = seconds(10);             // how long a refused sender is listened to, so that the refusal reaches it
constexpr auto kTick = std::chrono::milliseconds(200);  // how exact deadlines are
constexpr std::size_t kSlowest = 64 * 1024;      // bytes a second that a body or a response must make

/// One connection while it lives.
struct Connection {
    Socket socket;
    std::string peer;
    std::string buffer;                          ///< bytes that came and were not used yet
    bool answering = false;                      ///< a request is being read or answered: stop() lets it finish
    bool refused = false;
    Instant deadline = Instant::max();           ///< of the present phase; then what is waited for is cancelled

    void expires_after(std::chrono::seconds time) { deadline = std::chrono::steady_clock::now() + time; }
    void expires_never() { deadline = Instant::max(); }
};

/// What one I/O thread has for itself.
struct Lane {
    asio::io_context io{1};
    asio::executor_work_guard<Executor> work{io.get_executor()};
    Acceptor acceptor{io};
    Timer pause{io}, tick{io};
    Instant cut_off = Instant::max();            ///< after stop(): who still sends or reads then is cut off
    std::list<Connection> connections;
    std::array<char, 64 * 1024> scratch{};       ///< what is read to be thrown away: one for all connections
    bool stopping = false;
    std::thread thread;
};

}  // namespace

struct Server::Impl {
    Impl(Settings settings, std::vector<Route> routes, ErrorPage error_page, SessionStore* sessions)
        : answerer(std::move(settings), routes, std::move(error_page), sessions) {}

    Answerer answerer;
    std::list<Lane> lanes;
    std::unique_ptr<Workers> workers;
    std::atomic<std::size_t> waiting{0};
    std::uint16_t port = 0;

    const Settings& settings() const { return answerer.settings(); }
    void listen(Lane& lane);
    Task<void> accept(Lane& lane);
    Task<void> watch(Lane& lane);
    Task<void> serve(Lane& lane, std::list<Connection>::iterator at);
    Task<bool> serve_one(Lane& lane, Connection& c);
    Task<std::optional<std::size_t>> read_head(Connection& c);
    Task<std::optional<Refusal>> read_body(Connection& c, const Head& head, std::size_t limit, std::string& body);
    Task<bool> read_more(Connection& c, std::size_t most = 16 * 1024);
    Task<bool> write(Connection& c, const Reply& reply);
    Task<bool> refuse(Connection& c, const Request& request, Refusal refusal);
    Task<void> drain(Lane& lane, Connection& c);
    template <class Work>
    Task<void> on_worker(Connection& c, Workers::Job kind, Work work);
    void end(Lane& lane);
};

void Server::Impl::listen(Lane& lane) {
    const tcp::endpoint endpoint(asio::ip::make_address(settings().address), port ? port : settings().port);
    lane.acceptor.open(endpoint.protocol());
    lane.acceptor.set_option(asio::socket_base::reuse_address(true));
    lane.acceptor.set_option(asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>(true));
    lane.acceptor.bind(endpoint);
    lane.acceptor.listen(1024);
    port = lane.acceptor.local_endpoint().port();
}

Task<void> Server::Impl::accept(Lane& lane) {
    while (!lane.stopping) {
        auto [error, socket] = co_await lane.acceptor.async_accept(kQuiet);
        if (lane.stopping || error == asio::error::operation_aborted) co_return;
        if (error) {  // out of file descriptors: others must end first
            log::write(log::Level::warn, "accept_failed", {{"what", error.message()}});
            lane.pause.expires_after(std::chrono::milliseconds(50));
            co_await lane.pause.async_wait(kQuiet);
            continue;
        }
        boost::system::error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        const auto remote = socket.remote_endpoint(ignored);
        lane.connections.push_front(Connection{std::move(socket), ignored ? "" : remote.address().to_string(), {}, false, false});
        asio::co_spawn(lane.io.get_executor(), serve(lane, lane.connections.begin()), asio::detached);
    }
}

/// Deadlines: one look over all connections now and then costs less than a timer for each of their phases.
Task<void> Server::Impl::watch(Lane& lane) {
    boost::system::error_code ignored;
    while (!(lane.stopping && lane.connections.empty())) {
        lane.tick.expires_after(kTick);
        co_await lane.tick.async_wait(kQuiet);
        const auto now = std::chrono::steady_clock::now();
        if (now > lane.cut_off) {
            lane.io.stop();
            co_return;
        }
        for (Connection& c : lane.connections)
            if (now > c.deadline) c.socket.cancel(ignored);
    }
}

Task<void> Server::Impl::serve(Lane& lane, std::list<Connection>::iterator at) {
    try {
        while (co_await serve_one(lane, *at)) {}
        if (at->refused) co_await drain(lane, *at);
    } catch (const std::exception& e) {
        log::write(log::Level::error, "connection_failed", {{"what", e.what()}});
    }
    boost::system::error_code ignored;
    at->socket.close(ignored);
    lane.connections.erase(at);
    if (lane.stopping && lane.connections.empty()) end(lane);
}

Task<bool> Server::Impl::read_more(Connection& c, std::size_t most) {
    const std::size_t had = c.buffer.size();
    c.buffer.resize(had + most);
    auto [error, count] = co_await c.socket.async_read_some(asio::buffer(c.buffer.data() + had, most), kQuiet);
    c.buffer.resize(had + count);
    co_return !error && count > 0;
}

/// Length of the head in the buffer; 0: closed or silent, nothing to answer; nullopt: refused for its length, its time or its bytes
/// (then `refused` is not set yet: the caller finds out which by the buffer).
Task<std::optional<std::size_t>> Server::Impl::read_head(Connection& c) {
    const auto limit = settings().header_limit;
    std::size_t searched = 0;
    bool started = !c.buffer.empty();
    if (started) c.expires_after(seconds(settings().header_seconds));
    while (true) {
        if (const auto end = find_head_end(c.buffer, searched)) {
            if (*end <= limit) co_return *end;
            co_return std::nullopt;
        }
        if (c.buffer.size() > limit || hopeless(c.buffer)) co_return std::nullopt;
        searched = c.buffer.size();
        if (!co_await read_more(c, started ? 4096 : 2048)) {
            if (c.buffer.empty()) co_return 0;
            co_return std::nullopt;  // too slow, or the end in the middle of a head
        }
        // The deadline is for the whole head, set once: a byte now and then does not move it.
        if (!started) c.expires_after(seconds(settings().header_seconds));
        started = true;
    }
}

Task<std::optional<Refusal>> Server::Impl::read_body(Connection& c, const Head& head, std::size_t limit, std::string& body) {
    constexpr Refusal kTooLarge{413, "error_too_large"}, kTimeout{408, "error_timeout"};
    if (head.content_length.value_or(0) > limit) co_return kTooLarge;  // before a byte of it is read
    if (head.expects_continue) {
        static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
        co_await asio::async_write(c.socket, asio::buffer(kContinue), kQuiet);
    }
    const std::size_t expected = head.chunked ? limit : static_cast<std::size_t>(*head.content_length);
    c.expires_after(seconds(settings().body_seconds + static_cast<int>(expected / kSlowest)));
    if (!head.chunked) {
        const std::size_t here = std::min(expected, c.buffer.size());
        body.assign(c.buffer, 0, here);
        c.buffer.erase(0, here);
        while (body.size() < expected) {
            const std::size_t had = body.size(), most = std::min<std::size_t>(expected - had, 256 * 1024);
            body.resize(had + most);
            auto [error, count] = co_await c.socket.async_read_some(asio::buffer(body.data() + had, most), kQuiet);
            body.resize(had + count);
            if (error) co_return kTimeout;
        }
        co_return std::nullopt;
    }
    ChunkedReader reader(limit);
    while (true) {
        std::size_t used = 0;
        const auto state = reader.read(c.buffer, used, body);
        c.buffer.erase(0, used);
        if (state == ChunkedReader::State::done) co_return std::nullopt;
        if (state == ChunkedReader::State::too_large) co_return kTooLarge;
        if (state == ChunkedReader::State::bad) co_return Refusal{};
        if (!co_await read_more(c, 64 * 1024)) co_return kTimeout;
    }
}

Task<bool> Server::Impl::write(Connection& c, const Reply& reply) {
    c.expires_after(seconds(30 + static_cast<int>(reply.view().size() / kSlowest)));
    const std::array<asio::const_buffer, 2> parts = {asio::buffer(reply.head), asio::buffer(reply.view())};
    auto [error, count] = co_await asio::async_write(c.socket, parts, kQuiet);
    (void)count;
    co_return !error;
}

/// Answers and closes: what follows on this connection cannot be trusted to be the next request.
Task<bool> Server::Impl::refuse(Connection& c, const Request& request, Refusal refusal) {
    const Reply reply = answerer.refuse(request, refusal, true);
    log::write(log::Level::info, "refused", {{"id", request.id}, {"status", std::to_string(refusal.status)}, {"code", std::string(refusal.code)}});
    c.refused = true;
    co_await write(c, reply);
    co_return false;
}

/// Shuts down sending and listens on for a while: closing with unread bytes would make the kernel send RST, which destroys the answer
/// on its way (RFC 9112 section 9.6).
Task<void> Server::Impl::drain(Lane& lane, Connection& c) {
    boost::system::error_code ignored;
    c.socket.shutdown(tcp::socket::shutdown_send, ignored);
    c.expires_after(kDrain);
    c.buffer = {};
    while (true) {
        auto [error, count] = co_await c.socket.async_read_some(asio::buffer(lane.scratch), kQuiet);
        if (error || count == 0) co_return;
    }
}

/// Runs `work` on a worker; goes on here, on the connection's own thread.
template <class Work>
Task<void> Server::Impl::on_worker(Connection& c, Workers::Job kind, Work work) {
    c.expires_never();
    const auto executor = c.socket.get_executor();
    co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void()>(
        [this, kind, executor, &work](auto handler) {
            workers->post(kind, [this, executor, &work, handler = std::move(handler)]() mutable {
                work();
                --waiting;
                asio::post(executor, std::move(handler));
            });
        },
        kAwait);
}

namespace {

Refusal head_refusal(const std::string& buffer, std::size_t limit) {
    if (hopeless(buffer)) return {400, "error_bad_request"};
    if (buffer.size() <= limit) return {408, "error_timeout"};
    const bool in_first_line = std::min(buffer.find('\n'), buffer.size()) > kLongestTarget;
    return in_first_line ? Refusal{414, "error_target_too_long"} : Refusal{431, "error_header_too_large"};
}

void log_request(const Request& request, const Reply& reply, std::chrono::steady_clock::time_point began) {
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began).count();
    log::write(log::Level::info, "request",
               {{"id", request.id}, {"method", request.method}, {"status", std::to_string(reply.status)}, {"us", std::to_string(us)},
                {"bytes", std::to_string(reply.view().size())}, {"route", reply.pattern}});
}

}  // namespace

/// Reads and answers one request; true: the connection goes on.
Task<bool> Server::Impl::serve_one(Lane& lane, Connection& c) {
    c.answering = !c.buffer.empty();
    if (c.buffer.empty()) {
        c.buffer.shrink_to_fit();  // idle connections hold no memory for what they may send one day
        c.expires_after(seconds(lane.stopping ? 0 : settings().idle_seconds));
    }
    const auto length = co_await read_head(c);
    c.answering = true;
    if (length && *length == 0) co_return false;
    std::optional<Refusal> refusal;
    Head head;
    if (!length) {
        refusal = head_refusal(c.buffer, settings().header_limit);
    } else {
        HeadResult parsed = parse_head(std::string_view(c.buffer).substr(0, *length));
        c.buffer.erase(0, *length);
        if (parsed.head) head = std::move(*parsed.head);
        else refusal = parsed.refusal;
    }
    const auto began = std::chrono::steady_clock::now();
    std::optional<Refusal> target_refusal;
    if (refusal) head.target = "/";
    Request request = answerer.request_of(head, c.peer, target_refusal);
    if (refusal || target_refusal) co_return co_await refuse(c, request, refusal ? *refusal : *target_refusal);
    const Match match = answerer.find(request);
    if (head.has_body()) {
        if (!match.route) {
            // Nobody wants this body: answered at once, not read.
            const Reply reply = answerer.answer(request, match, true);
            log_request(request, reply, began);
            c.refused = true;
            co_await write(c, reply);
            co_return false;
        }
        const auto failed = co_await read_body(c, head, answerer.body_limit(match), request.body);
        if (failed) co_return co_await refuse(c, request, *failed);
    }
    const bool close = !head.keep_alive || lane.stopping;
    Reply reply;
    // Whoever brings a cookie may have a session, and looking it up may wait.
    if (match.route && (!match.route->quick || !request.header("cookie").empty())) {
        if (waiting.load() >= settings().most_waiting) co_return co_await refuse(c, request, {503, "error_busy"});
        ++waiting;
        const auto kind = match.route->kind == Kind::page ? Workers::Job::is_short : Workers::Job::waits;
        co_await on_worker(c, kind, [&] { reply = answerer.answer(request, match, close); });
    } else {
        reply = answerer.answer(request, match, close);
    }
    log_request(request, reply, began);
    const bool written = co_await write(c, reply);
    co_return written && !close && !lane.stopping;
}

/// Nothing lives on this lane any more.
void Server::Impl::end(Lane& lane) {
    lane.pause.cancel();
    lane.tick.cancel();
    lane.work.reset();
}

Server::Server(Settings settings, std::vector<Route> routes, ErrorPage error_page, SessionStore* sessions)
    : impl_(std::make_unique<Impl>(std::move(settings), std::move(routes), std::move(error_page), sessions)) {}

Server::~Server() { stop(); }

void Server::start() {
    std::signal(SIGPIPE, SIG_IGN);  // a peer that goes away is an error code, not the end of the program
    Impl& impl = *impl_;
    impl.workers = std::make_unique<Workers>(impl.settings().workers, impl.settings().threads);
    for (unsigned i = 0; i < std::max(1u, impl.settings().threads); ++i) {
        Lane& lane = impl.lanes.emplace_back();
        impl.listen(lane);
        asio::co_spawn(lane.io.get_executor(), impl.accept(lane), asio::detached);
        asio::co_spawn(lane.io.get_executor(), impl.watch(lane), asio::detached);
    }
    for (Lane& lane : impl.lanes) lane.thread = std::thread([&lane] { lane.io.run(); });
}

void Server::stop() {
    Impl& impl = *impl_;
    for (Lane& lane : impl.lanes) {
        asio::post(lane.io, [&impl, &lane] {
            lane.stopping = true;
            lane.acceptor.close();
            lane.cut_off = std::chrono::steady_clock::now() + kDrain + seconds(2);
            boost::system::error_code ignored;
            for (Connection& c : lane.connections)
                if (!c.answering) c.socket.close(ignored);
            if (lane.connections.empty()) impl.end(lane);
        });
    }
    for (Lane& lane : impl.lanes)
        if (lane.thread.joinable()) lane.thread.join();
    impl.workers.reset();  // may still post to the lanes: they end after it
    impl.lanes.clear();
}

std::uint16_t Server::port() const { return impl_->port; }

}  // namespace kiepe::web
