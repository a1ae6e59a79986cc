// Outcomes as values: every refusal a caller or a client can act on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace qiao {

// The class of a refusal. api/problem.cpp maps each to one HTTP status in a switch without default.
enum class ErrorCode : std::uint8_t {
    invalid,            // malformed input: 400
    unauthenticated,    // no or wrong credentials: 401
    forbidden,          // known, but not allowed: 403
    not_found,          // 404
    conflict,           // state or a running twin forbids it: 409
    stale,              // If-Match does not hold: 412
    too_large,          // a limit of size: 413
    unprocessable,      // well formed, but breaks a rule: 422
    too_many_requests,  // 429
    unavailable,        // overload or full disk, try later: 503
    unsupported,        // not built or not configured: 501
};

// `reason` is stable ("module.reason"); `detail` is one sentence for a person that holds neither a
// secret nor a value that identifies a customer; `pointer` is a JSON Pointer to the bad field.
struct Error {
    ErrorCode code = ErrorCode::invalid;
    std::string reason;
    std::string detail;
    std::string pointer;
    int retry_after_s = 0;
};

template <class T = void>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string reason, std::string detail,
                                  std::string pointer = {}) {
    return tl::unexpected<Error>(
        Error{code, std::move(reason), std::move(detail), std::move(pointer), 0});
}

inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace qiao
