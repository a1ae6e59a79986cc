// Problem answers (RFC 9457) of the server itself: limits, overload, faults, unknown paths.
#pragma once

#include <string_view>

#include "http/message.hpp"

namespace qiao::http {

// `code` is stable ("http.body_too_large"); `detail` says in one sentence what happened and what to
// do.
Response problem(int status, std::string_view code, std::string_view detail,
                 std::string_view request_id);

// "Not Found"; empty for a status that RFC 9110 does not name.
std::string_view reason_phrase(int status);

}  // namespace qiao::http
