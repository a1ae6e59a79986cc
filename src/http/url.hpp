// The parts of a request target (RFC 3986, and application/x-www-form-urlencoded for the query).
#pragma once

#include <string>
#include <string_view>

#include "http/message.hpp"

namespace qiao::http {

// Views into the target: the path still percent-encoded, the query without its question mark. The
// absolute form ("http://host/path") loses scheme and host. The path of a target that names none
// ("*", "host:443", "") is empty.
struct Target {
    std::string_view path;
    std::string_view query;
};
Target split_target(std::string_view target);

// Turns %XX into its byte. A percent sign without two hex digits stays as it is.
std::string percent_decode(std::string_view text);

// "a=1&b=x+y" → {a,1},{b,"x y"}, in order; a name without "=" has an empty value.
Headers parse_query(std::string_view query);

// Whether an Accept-Encoding value allows gzip (RFC 9110, 12.5.3): named, or by "*", with q above
// 0.
bool accepts_gzip(std::string_view accept_encoding);

bool equals_ignoring_case(std::string_view a, std::string_view b);

}  // namespace qiao::http
