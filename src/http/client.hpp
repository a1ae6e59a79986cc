// Outbound HTTP by libcurl: blocking, with a deadline. For webhooks and tests, on worker threads.
#pragma once

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
};

// What is known when it failed: whether a byte may have reached the peer decides if a retry is safe.
struct ClientFailure {
    bool maybe_submitted = false;
    std::string detail;
};

tl::expected<Response, ClientFailure> send(const ClientRequest& request);

}  // namespace qiao::http
