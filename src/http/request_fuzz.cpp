// Bytes from outside through everything of a request that is parsed here: request line, header and
// body by the parser, target, query, route, Accept-Encoding, gzip.
#include <cstdint>
#include <cstdlib>

#include "http/detail/request_parser.hpp"
#include "http/gzip.hpp"
#include "http/router.hpp"
#include "http/static_files.hpp"
#include "http/url.hpp"

namespace {

using namespace qiao::http;

void demand(bool holds) {
    if (!holds)
        std::abort();
}

const Router& example_router() {
    static const Router router = [] {
        Router made;
        const Handler nothing = [](const Request&) { return Response{}; };
        made.on("GET", "/", nothing);
        made.on("GET", "/a/{x}/b", nothing);
        made.on("POST", "/a/{y}/{z}", nothing);
        made.on("GET", "/a/{rest...}", nothing);
        return made;
    }();
    return router;
}

void parse_target(std::string_view bytes) {
    const auto target = split_target(bytes);
    demand(target.path.empty() || target.path.starts_with('/'));
    for (const auto* method : {"GET", "POST", "HEAD", "PUT"}) {
        const auto match = example_router().match(method, target.path);
        demand(!match.route || match.path_params.size() <= 2);
    }
    const auto pairs = parse_query(target.query);
    demand(pairs.size() <= bytes.size());
    accepts_gzip(bytes);

    static const Handler files = static_files("/proc/self/fd");  // nothing there is a regular page
    Request request;
    request.method = "GET";
    request.path = percent_decode(target.path);
    demand(files(request).status != 500);
}

void parse_request(const char* bytes, std::size_t size) {
    detail::RequestParser parser(4096);
    boost::beast::error_code failed;
    std::size_t used = parser.put(boost::asio::const_buffer(bytes, size), failed);
    if (failed || !parser.is_header_done())
        return;
    parser.body_limit(1000);
    parser.eager(true);
    while (!parser.is_done() && !failed && used < size)
        used += parser.put(boost::asio::const_buffer(bytes + used, size - used), failed);
    demand(used <= size);
    demand(parser.chunked() || parser.request.body.size() <= size);
    demand(!parser.chunked() || parser.request.body.size() <= 1000);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto* bytes = reinterpret_cast<const char*>(data);
    const std::string_view text(bytes, size);
    parse_target(text);
    parse_request(bytes, size);
    constexpr std::size_t limit = 10'000;
    if (const auto inflated = gunzip(text, limit))
        demand(inflated->size() <= limit);
    return 0;
}
