// The HTTP/1.1 server: Beast coroutines on I/O threads, handlers on a bounded worker pool.
//
// A full pool answers 503 with Retry-After. Routes that work long may have a pool of their own, so
// that no other request waits behind them. Limits of header, body and time have a problem answer.
// Requests of one connection are answered in order, one at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "http/router.hpp"
#include "runtime/executor.hpp"
#include "runtime/metrics.hpp"

namespace qiao::http {

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  // 0 takes a free one
    unsigned io_threads = 1;
    std::size_t max_connections = 10'000;
    std::size_t max_header_bytes = 32 << 10;
    Duration idle_timeout = std::chrono::seconds(75);
    // To receive a request; a body adds a second for each 64 KiB of it. Also for a peer to take
    // what it is sent, by the same measure.
    Duration request_timeout = std::chrono::seconds(60);
    std::string certificate_file, key_file;                // TLS 1.3 where both are set
    Duration handler_timeout = std::chrono::seconds(120);  // for an answer, and between its pieces
    bool access_log = false;  // one line per request: the route's pattern, never path nor query
    // Routes that compute or wait for seconds, and the workers that they have of their own (null:
    // they share the others).
    std::function<bool(const Router::Route&)> works_long;
    WorkerPool* long_workers = nullptr;
};

class Server {
public:
    // Errors: http.address_in_use, http.certificate.
    static Result<std::unique_ptr<Server>> start(const Router& router, WorkerPool& workers,
                                                 Metrics& metrics, const ServerOptions& options);
    // Stops accepting, gives what runs 5 s to be answered, closes, and waits for handlers that run
    // yet. A Reply may be called later still, and does nothing then. Router, all workers and
    // metrics outlive it.
    virtual ~Server() = default;
    virtual std::uint16_t port() const = 0;
};

}  // namespace qiao::http
