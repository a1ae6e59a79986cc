// Outbound HTTP by libcurl: blocking, with a deadline. For webhooks and tests, on worker threads.
//
// Only http and https. Every call makes its own connection: libcurl sends a request a second time
// where a kept connection turns out to be dead, and a message must not go out twice.
#pragma once

#include <atomic>

#include "base/time.hpp"
#include "http/message.hpp"

namespace qiao::http {

struct ClientRequest {
    std::string method = "POST";
    std::string url;
    Headers headers;
    std::string body;
    Duration timeout = std::chrono::seconds(10);
    std::size_t max_response_bytes = 1 << 20;
    // Given up, and the connection closed, within a second of its becoming true; null: never.
    const std::atomic<bool>* cancelled = nullptr;
    int max_redirects = 0;  // a redirect is an answer like any other, unless this says more
};

// What is known when it failed: whether a byte may have reached the peer decides if a retry is
// safe.
struct ClientFailure {
    bool maybe_submitted = false;
    std::string detail;
};

// Names of the answer's headers are in lower case. An answer of any status is no failure.
tl::expected<Response, ClientFailure> send(const ClientRequest& request);

}  // namespace qiao::http
