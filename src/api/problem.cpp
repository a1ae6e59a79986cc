#include "http/problem.hpp"

#include <boost/json.hpp>

#include "api/endpoint.hpp"

namespace qiao::api {

namespace {

// The one place where an outcome becomes an HTTP status. No default: a new code must choose here.
int status_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::invalid:
            return 400;
        case ErrorCode::unauthenticated:
            return 401;
        case ErrorCode::forbidden:
            return 403;
        case ErrorCode::not_found:
            return 404;
        case ErrorCode::conflict:
            return 409;
        case ErrorCode::stale:
            return 412;
        case ErrorCode::too_large:
            return 413;
        case ErrorCode::unprocessable:
            return 422;
        case ErrorCode::too_many_requests:
            return 429;
        case ErrorCode::unavailable:
            return 503;
        case ErrorCode::unsupported:
            return 501;
    }
    return 500;
}

}  // namespace

http::Response problem(const Error& error, std::string_view request_id) {
    const int status = status_of(error.code);
    boost::json::object body{{"type", "about:blank"},  {"title", http::reason_phrase(status)},
                             {"status", status},       {"code", error.reason},
                             {"detail", error.detail}, {"request_id", request_id}};
    if (!error.pointer.empty())
        body["pointer"] = error.pointer;
    auto response = http::Response::json(status, boost::json::serialize(body));
    response.headers = {{"Content-Type", "application/problem+json"},
                        {"Cache-Control", "no-store"}};
    if (error.retry_after_s > 0 || error.code == ErrorCode::unavailable)
        response.headers.emplace_back("Retry-After",
                                      std::to_string(std::max(1, error.retry_after_s)));
    return response;
}

}  // namespace qiao::api
