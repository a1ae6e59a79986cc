// An HTTP request and response as the modules above see them: no Beast, no Asio.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace qiao::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
    std::string method;   // "GET"
    std::string path;     // decoded, without the query
    Headers query;        // decoded, in order
    Headers headers;      // names in lower case
    std::string body;     // already inflated where the body is gzip, whatever the label says
    std::string remote;   // address of the peer
    Headers path_params;  // {id} of the route
    std::string request_id;

    std::string_view header(std::string_view lower_case_name) const;  // empty where absent
    std::string_view query_value(std::string_view name) const;
    bool has_query(std::string_view name) const;
    std::string_view path_param(std::string_view name) const;
};

// Writes one piece of a streamed body; false when the peer has gone.
using BodyWriter = std::function<bool(std::string_view)>;

struct Response {
    int status = 200;
    Headers headers;
    std::string body;
    std::function<void(const BodyWriter&)> stream;  // instead of body, sent chunked

    static Response json(int status, std::string body);
    static Response text(int status, std::string body);
};

}  // namespace qiao::http
