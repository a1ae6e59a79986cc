// One connection: reads a request, hands it over, writes its answer, and again. For server.cpp
// alone.
//
// Everything here runs on the connection's I/O thread. A connection that waits has a deadline,
// which the thread's ticker checks: a timer for each wait would cost more than the request itself.
// The ticker also notices who hangs up before the answer.
#pragma once

#include <poll.h>

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <unordered_set>

#include "http/detail/dispatch.hpp"
#include "http/detail/request_parser.hpp"
#include "http/problem.hpp"
#include "http/url.hpp"
#include "runtime/log.hpp"

namespace qiao::http::detail {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using Steady = std::chrono::steady_clock;
using ErrorOfAsio = boost::system::error_code;

// What the ticker and the shutdown see of a connection.
class Connection {
public:
    virtual ~Connection() = default;
    virtual void look_after(Steady::time_point now) = 0;
    virtual void finish_soon() = 0;  // closes between two requests
    virtual void close_now() = 0;
};
using Connections = std::unordered_set<Connection*>;  // of one I/O thread

std::string new_request_id();
bool is_usable_request_id(std::string_view id);
std::string chunk_size(std::size_t bytes);  // the line before a chunk

template <class Stream>
class Session final : public Connection, public std::enable_shared_from_this<Session<Stream>> {
public:
    Session(Stream stream, asio::io_context& context, Dispatcher& dispatcher,
            const ServerOptions& options, Connections& connections)
        : stream_(std::move(stream)),
          context_(context),
          wake_timer_(context),
          dispatcher_(dispatcher),
          options_(options),
          connections_(connections) {
        connections_.insert(this);
        buffer_.reserve(buffer_bytes);
    }
    ~Session() override { connections_.erase(this); }

    asio::awaitable<void> run();

    void look_after(Steady::time_point now) override {
        if (now >= deadline_)
            expire();
        if (phase_ == Phase::waiting && peer_has_left())
            exchange_->peer_has_left = true;
    }
    void finish_soon() override {
        last_request_ = true;
        if (phase_ == Phase::idle)
            expire();
    }
    void close_now() override {
        closed_ = true;
        if (exchange_)
            exchange_->abandon();
        wake_timer_.cancel();
        ErrorOfAsio ignored;
        stream_.lowest_layer().close(ignored);
    }

private:
    static constexpr bool is_tls = !std::is_same_v<Stream, tcp::socket>;
    // Beast reads 512 bytes at a time into a buffer that has no room prepared.
    static constexpr std::size_t buffer_bytes = 64 << 10;
    static constexpr std::size_t bytes_per_extra_second = 64 << 10;

    enum class Phase { idle, reading, waiting, writing, streaming, closing };
    enum class Got { request, nothing, refusal };

    void enter(Phase phase, Duration patience, std::size_t bytes = 0) {
        phase_ = phase;
        deadline_ = Steady::now() + patience + std::chrono::seconds(bytes / bytes_per_extra_second);
    }
    void expire();
    // A peer that has closed its side reads no answer either (RFC 9112 leaves that open).
    bool peer_has_left() {
        pollfd socket{stream_.lowest_layer().native_handle(), POLLRDHUP, 0};
        return ::poll(&socket, 1, 0) == 1;
    }

    asio::awaitable<bool> shake_hands();
    asio::awaitable<bool> serve_one();
    asio::awaitable<Got> read_request();
    asio::awaitable<Got> read_header();
    asio::awaitable<Got> read_body();
    asio::awaitable<bool> fill();
    asio::awaitable<bool> send(std::string_view head, std::string_view body);
    asio::awaitable<void> await_news();
    asio::awaitable<bool> send_answer();
    asio::awaitable<bool> send_stream(bool chunked);
    asio::awaitable<void> send_refusal();
    asio::awaitable<void> part();

    Got refuse(int status, std::string_view code, std::string_view detail) {
        refusal_ = problem(status, code, detail, exchange_->request_id);
        return Got::refusal;
    }
    Got refuse_malformed() {
        return refuse(400, "http.malformed",
                      "The request does not follow HTTP/1.1. Send it with a standard client.");
    }
    Got refuse_header() {
        return refuse(431, "http.header_too_large",
                      "The header is larger than http.max_header_bytes, which is " +
                          std::to_string(options_.max_header_bytes) +
                          " bytes. Send fewer or shorter headers, or a shorter address.");
    }
    Got refuse_late() {
        return refuse(408, "http.request_timeout",
                      "The request did not arrive within http.request_timeout, which is " +
                          std::to_string(options_.request_timeout.count() / 1000) +
                          " seconds. Send it again over a better connection or in smaller parts.");
    }
    void begin_exchange();
    Got judge_header();
    void hand_over();
    void log_access(Steady::time_point started);
    std::size_t body_limit() const {
        return exchange_->match.route ? exchange_->match.route->options.max_body_bytes
                                      : RouteOptions{}.max_body_bytes;
    }

    Stream stream_;
    asio::io_context& context_;
    asio::steady_timer wake_timer_;
    Dispatcher& dispatcher_;
    const ServerOptions& options_;
    Connections& connections_;
    boost::beast::flat_buffer buffer_;
    std::optional<RequestParser> parser_;
    std::shared_ptr<Exchange> exchange_;
    Response refusal_;
    std::string remote_;
    Steady::time_point deadline_ = Steady::time_point::max();
    Phase phase_ = Phase::idle;
    bool expired_ = false;       // the deadline of this phase has passed
    bool last_request_ = false;  // the server is stopping
    bool closed_ = false;
};

template <class Stream>
void Session<Stream>::expire() {
    // Cancelling misses a step that has just completed, and a longer write then begins its next
    // one: the ticker comes again until the phase has ended.
    deadline_ = Steady::now() + std::chrono::seconds(1);
    if (phase_ == Phase::waiting) {
        auto late = problem(503, "http.handler_timeout",
                            "No answer was ready within http.handler_timeout, which is " +
                                std::to_string(options_.handler_timeout.count() / 1000) +
                                " seconds. The work may go on; look before you send it again.",
                            exchange_->request_id);
        late.headers.emplace_back("Retry-After", "10");
        exchange_->answer(std::move(late));
        return;
    }
    expired_ = true;
    wake_timer_.cancel();
    ErrorOfAsio ignored;
    stream_.lowest_layer().cancel(ignored);
}

template <class Stream>
asio::awaitable<void> Session<Stream>::run() {
    ErrorOfAsio ignored;
    const auto peer = stream_.lowest_layer().remote_endpoint(ignored);
    remote_ = ignored ? std::string() : peer.address().to_string();
    bool goes_on = co_await shake_hands();
    while (goes_on)
        goes_on = co_await serve_one();
    if (exchange_)
        exchange_->abandon();
    stream_.lowest_layer().close(ignored);
}

template <class Stream>
asio::awaitable<bool> Session<Stream>::shake_hands() {
    if constexpr (is_tls) {
        constexpr auto patience = std::chrono::seconds(10);
        enter(Phase::reading, patience);
        ErrorOfAsio failed;
        co_await stream_.async_handshake(asio::ssl::stream_base::server,
                                         asio::redirect_error(asio::use_awaitable, failed));
        co_return !failed;
    }
    co_return true;
}

// Answers whether the connection stays open.
template <class Stream>
asio::awaitable<bool> Session<Stream>::serve_one() {
    if (exchange_)
        exchange_->abandon();  // a wake that is still on its way must not find a later request
    exchange_ = std::make_shared<Exchange>();
    const Got got = co_await read_request();
    if (got == Got::nothing || closed_)
        co_return false;
    const auto started = Steady::now();
    if (got == Got::refusal) {
        co_await send_refusal();
        log_access(started);
        co_return false;
    }
    hand_over();
    enter(Phase::waiting, options_.handler_timeout);
    while (!closed_ && !exchange_->is_answered())
        co_await await_news();
    if (closed_)
        co_return false;
    const bool sent = co_await send_answer();
    log_access(started);
    if (sent && exchange_->wire().keep_alive && !last_request_)
        co_return true;
    if (sent)
        co_await part();
    co_return false;
}

template <class Stream>
asio::awaitable<typename Session<Stream>::Got> Session<Stream>::read_request() {
    parser_.emplace(static_cast<std::uint32_t>(options_.max_header_bytes));
    expired_ = false;
    Got got = co_await read_header();
    if (got == Got::request)
        got = judge_header();
    if (got == Got::request && !parser_->is_done())
        got = co_await read_body();
    co_return got;
}

template <class Stream>
asio::awaitable<typename Session<Stream>::Got> Session<Stream>::read_header() {
    namespace beast_http = boost::beast::http;
    enter(Phase::idle, options_.idle_timeout);
    while (true) {
        if (buffer_.size() > 0) {
            if (phase_ == Phase::idle) {
                enter(Phase::reading, options_.request_timeout);
                exchange_->request_id = new_request_id();
            }
            ErrorOfAsio failed;
            buffer_.consume(parser_->put(buffer_.data(), failed));
            if (parser_->is_header_done() && !failed)
                co_return Got::request;
            if (failed == beast_http::error::header_limit || buffer_.size() >= buffer_bytes)
                co_return refuse_header();
            if (failed && failed != beast_http::error::need_more)
                co_return refuse_malformed();
        } else if (last_request_) {
            co_return Got::nothing;
        }
        const bool filled = co_await fill();
        if (filled)
            continue;
        co_return expired_&& phase_ == Phase::reading ? refuse_late() : Got::nothing;
    }
}

// Looks at a complete header: finds the route, and with it the limit of the body.
template <class Stream>
typename Session<Stream>::Got Session<Stream>::judge_header() {
    begin_exchange();
    // Beast leaves a body in an unknown coding unread: it would be taken for the next request.
    if (parser_->has_transfer_encoding && !parser_->chunked())
        return refuse_malformed();
    const auto length = parser_->content_length();
    if (length && *length > body_limit()) {
        const RouteOptions none;
        const auto* route = exchange_->match.route;
        refusal_ = body_too_large(route ? route->options : none, exchange_->request_id);
        return Got::refusal;
    }
    return Got::request;
}

template <class Stream>
void Session<Stream>::begin_exchange() {
    Request& request = exchange_->request;
    request = std::move(parser_->request);
    request.remote = remote_;
    const auto sent_id = request.header("x-request-id");
    if (is_usable_request_id(sent_id))
        exchange_->request_id = sent_id;
    const auto [path, query] = split_target(parser_->target);
    request.path = percent_decode(path);
    exchange_->raw_query = query;
    exchange_->match = dispatcher_.router().match(request.method, path);

    Terms& terms = exchange_->terms;
    terms.head_only = request.method == "HEAD";
    terms.http_1_1 = parser_->is_http_1_1;
    terms.keep_alive = parser_->keep_alive();
    terms.gzip_accepted = accepts_gzip(request.header("accept-encoding"));
    terms.any_origin = is_open_to_any_origin(request.path);
}

template <class Stream>
asio::awaitable<typename Session<Stream>::Got> Session<Stream>::read_body() {
    namespace beast_http = boost::beast::http;
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    const bool asks = equals_ignoring_case(exchange_->request.header("expect"), "100-continue");
    if (asks && buffer_.size() == 0) {
        const bool invited = co_await send(go_on, {});
        if (!invited)
            co_return Got::nothing;
    }

    parser_->body_limit(body_limit());
    parser_->eager(true);
    const auto begin = Steady::now();
    while (!parser_->is_done()) {
        ErrorOfAsio failed;
        if (buffer_.size() > 0)
            buffer_.consume(parser_->put(buffer_.data(), failed));
        if (failed == beast_http::error::body_limit) {
            const auto* route = exchange_->match.route;
            const RouteOptions none;
            refusal_ = body_too_large(route ? route->options : none, exchange_->request_id);
            co_return Got::refusal;
        }
        const bool no_room = buffer_.size() >= buffer_bytes;  // a chunk's header without an end
        if (no_room || (failed && failed != beast_http::error::need_more))
            co_return refuse_malformed();
        if (parser_->is_done())
            break;
        enter(Phase::reading, options_.request_timeout, parser_->request.body.size());
        deadline_ -= Steady::now() - begin;
        const bool filled = co_await fill();
        if (!filled)
            co_return expired_ ? refuse_late() : Got::nothing;
    }
    exchange_->request.body = std::move(parser_->request.body);
    co_return Got::request;
}

// Reads once, as much as has arrived. False at the end of the connection and at its deadline.
template <class Stream>
asio::awaitable<bool> Session<Stream>::fill() {
    if (closed_ || expired_)
        co_return false;
    const auto room = buffer_.prepare(buffer_bytes - buffer_.size());
    ErrorOfAsio failed;
    const std::size_t read =
        co_await stream_.async_read_some(room, asio::redirect_error(asio::use_awaitable, failed));
    buffer_.commit(read);
    co_return !failed && !closed_;
}

template <class Stream>
asio::awaitable<bool> Session<Stream>::send(std::string_view head, std::string_view body) {
    const std::array<asio::const_buffer, 2> parts{asio::buffer(head.data(), head.size()),
                                                  asio::buffer(body.data(), body.size())};
    ErrorOfAsio failed;
    co_await asio::async_write(stream_, parts, asio::redirect_error(asio::use_awaitable, failed));
    co_return !failed && !closed_;
}

template <class Stream>
void Session<Stream>::hand_over() {
    exchange_->wake = [this] {
        asio::post(context_, [self = this->shared_from_this()] { self->wake_timer_.cancel(); });
    };
    if (last_request_)
        exchange_->terms.keep_alive = false;
    dispatcher_.dispatch(exchange_);
}

template <class Stream>
asio::awaitable<void> Session<Stream>::await_news() {
    ErrorOfAsio woken;
    wake_timer_.expires_at(Steady::time_point::max());
    co_await wake_timer_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

template <class Stream>
asio::awaitable<bool> Session<Stream>::send_answer() {
    Wire& wire = exchange_->wire();
    enter(Phase::writing, options_.request_timeout, wire.body.size());
    const bool has_stream = wire.streamed;
    bool sent = co_await send(wire.head, wire.body);
    if (sent && has_stream)
        sent = co_await send_stream(wire.chunked);
    co_return sent;
}

// An answer that streams. Every co_await here is a statement of its own: g++ 12 runs the right side
// of `a || co_await b` also where a is true.
template <class Stream>
asio::awaitable<bool> Session<Stream>::send_stream(bool chunked) {
    std::string piece, head;
    auto state = Exchange::Stream::open;
    while (true) {
        state = exchange_->take(piece);
        if (closed_ || expired_)
            co_return false;
        if (!piece.empty()) {
            enter(Phase::writing, options_.request_timeout, piece.size());
            head = chunked ? chunk_size(piece.size()) : std::string();
            if (chunked)
                piece += "\r\n";
            const bool sent = co_await send(head, piece);
            if (!sent)
                co_return false;
        } else if (state == Exchange::Stream::broken) {
            co_return false;
        } else if (state == Exchange::Stream::complete) {
            break;
        } else {
            enter(Phase::streaming, options_.handler_timeout);
            co_await await_news();
        }
    }
    if (!chunked)
        co_return true;
    const bool ended = co_await send("0\r\n\r\n", {});
    co_return ended;
}

// A request that was not read to its end leaves the connection at an unknown place: it ends here.
template <class Stream>
asio::awaitable<void> Session<Stream>::send_refusal() {
    exchange_->terms.keep_alive = false;
    exchange_->wake = [] {};
    exchange_->answer(std::move(refusal_));
    expired_ = false;
    const bool sent = co_await send_answer();
    if (sent)
        co_await part();
}

// Closes so that the peer still reads the answer: bytes that arrive at a closed socket would reset
// the connection and take the answer with it.
template <class Stream>
asio::awaitable<void> Session<Stream>::part() {
    constexpr auto patience = std::chrono::seconds(2);
    enter(Phase::closing, patience);
    expired_ = false;
    ErrorOfAsio failed;
    if constexpr (is_tls) {
        co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, failed));
    } else {
        stream_.shutdown(tcp::socket::shutdown_send, failed);
        bool more = !failed;
        while (more) {
            buffer_.consume(buffer_.size());
            more = co_await fill();
        }
    }
}

template <class Stream>
void Session<Stream>::log_access(Steady::time_point started) {
    const int status = exchange_->wire().status;
    dispatcher_.count(status);
    if (!options_.access_log)
        return;
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - started);
    const auto* route = exchange_->match.route;
    log::info("request " + exchange_->request_id + " " +
              (route ? route->method + " " + route->pattern : std::string("without a route")) +
              " " + std::to_string(status) + " " + std::to_string(us.count()) + "us");
}

}  // namespace qiao::http::detail
