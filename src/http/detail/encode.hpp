// A Response as the bytes that go on the wire.
#pragma once

#include <string>
#include <string_view>

#include "http/message.hpp"

namespace qiao::http::detail {

// What the request says about its answer.
struct Terms {
    bool head_only = false;  // HEAD: the header alone
    bool http_1_1 = true;    // chunks may be sent
    bool keep_alive = true;
    bool gzip_accepted = false;
    bool any_origin = false;  // a browser page of any site may read it
};

struct Wire {
    int status = 0;
    std::string head;  // status line and header, up to and with the empty line
    std::string body;  // empty where it is streamed
    bool streamed = false;
    bool chunked = false;
    bool keep_alive = true;
};

// Adds the headers that every answer carries, and compresses larger JSON where that is accepted.
Wire encode(Response& response, const Terms& terms, std::string_view request_id);

// The paths that SDKs in any web page call: open to every origin, never with credentials.
bool is_open_to_any_origin(std::string_view path);

// The answer to a browser that asks before it calls such a path.
Response preflight(const Request& request);

}  // namespace qiao::http::detail
