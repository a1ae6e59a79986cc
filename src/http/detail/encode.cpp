#include "http/detail/encode.hpp"

#include <algorithm>
#include <array>
#include <ctime>

#include "http/gzip.hpp"
#include "http/problem.hpp"
#include "http/url.hpp"

namespace qiao::http::detail {

namespace {

constexpr std::size_t smallest_worth_compressing = 1024;

std::string_view http_date() {
    thread_local std::time_t formatted = 0;
    thread_local std::array<char, 40> text{};
    thread_local std::size_t length = 0;
    const std::time_t now = std::time(nullptr);
    if (now != formatted) {
        std::tm utc{};
        gmtime_r(&now, &utc);
        length = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
        formatted = now;
    }
    return {text.data(), length};
}

const std::string* header_of(const Headers& headers, std::string_view name) {
    for (const auto& [key, value] : headers)
        if (equals_ignoring_case(key, name))
            return &value;
    return nullptr;
}

// A line break in a value would let whoever supplied it write headers of his own.
void append_header(std::string& head, std::string_view name, std::string_view value) {
    head.append(name).append(": ");
    for (const char c : value)
        head += static_cast<unsigned char>(c) < 0x20 && c != '\t' ? ' ' : c;
    head += "\r\n";
}

bool is_json(std::string_view content_type) {
    return content_type.starts_with("application/json") ||
           content_type.starts_with("application/problem+json");
}

void compress(Response& response, const Terms& terms) {
    if (response.stream || response.body.size() <= smallest_worth_compressing)
        return;
    const auto* type = header_of(response.headers, "Content-Type");
    if (!type || !is_json(*type) || header_of(response.headers, "Content-Encoding"))
        return;
    response.headers.emplace_back("Vary", "Accept-Encoding");
    if (!terms.gzip_accepted)
        return;
    constexpr int fastest = 1;
    response.body = gzip(response.body, fastest);
    response.headers.emplace_back("Content-Encoding", "gzip");
}

void append_defaults(std::string& head, const Response& response, const Terms& terms,
                     std::string_view request_id) {
    head.append("Date: ").append(http_date()).append("\r\nX-Request-Id: ").append(request_id);
    head += "\r\nX-Content-Type-Options: nosniff\r\n";
    if (!header_of(response.headers, "Referrer-Policy"))
        head += "Referrer-Policy: no-referrer\r\n";
    if (!header_of(response.headers, "Content-Security-Policy"))
        head += "Content-Security-Policy: frame-ancestors 'none'\r\n";
    if (!header_of(response.headers, "Cache-Control"))
        head += "Cache-Control: no-store\r\n";
    if (terms.any_origin && !header_of(response.headers, "Access-Control-Allow-Origin"))
        head +=
            "Access-Control-Allow-Origin: *\r\n"
            "Access-Control-Expose-Headers: Retry-After, X-RateLimit-Reset, X-Request-Id\r\n";
    if (!terms.keep_alive)
        head += "Connection: close\r\n";
    else if (!terms.http_1_1)
        head += "Connection: keep-alive\r\n";
}

}  // namespace

Wire encode(Response& response, const Terms& requested, std::string_view request_id) {
    Terms terms = requested;
    const bool has_body = response.status != 204 && response.status != 304;
    const bool streams = has_body && static_cast<bool>(response.stream);
    if (streams && !terms.http_1_1)
        terms.keep_alive = false;  // without chunks, only the end of the connection ends the body
    compress(response, terms);

    Wire wire;
    wire.status = response.status;
    wire.keep_alive = terms.keep_alive;
    wire.streamed = streams && !terms.head_only;
    wire.chunked = streams && terms.http_1_1;
    wire.head.reserve(512);
    wire.head.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
    wire.head.append(reason_phrase(response.status)).append("\r\n");
    for (const auto& [name, value] : response.headers)
        append_header(wire.head, name, value);
    append_defaults(wire.head, response, terms, request_id);
    if (wire.chunked)
        wire.head += "Transfer-Encoding: chunked\r\n";
    else if (has_body && !streams)
        append_header(wire.head, "Content-Length", std::to_string(response.body.size()));
    wire.head += "\r\n";
    if (has_body && !terms.head_only)
        wire.body = std::move(response.body);
    return wire;
}

bool is_open_to_any_origin(std::string_view path) {
    return path.starts_with("/v1/") || path.starts_with("/sa") || path == "/debug" ||
           path.starts_with("/config/") || path.starts_with("/batch") ||
           path.starts_with("/capture") || path.starts_with("/i/v0/");
}

Response preflight(const Request& request) {
    Response response;
    response.status = 204;
    response.headers.emplace_back("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
    // A star would not cover Authorization, so what is asked for is named back.
    const auto asked = request.header("access-control-request-headers");
    if (!asked.empty())
        response.headers.emplace_back("Access-Control-Allow-Headers", asked);
    response.headers.emplace_back("Access-Control-Max-Age", "86400");
    response.headers.emplace_back("Vary", "Access-Control-Request-Headers");
    return response;
}

}  // namespace qiao::http::detail
