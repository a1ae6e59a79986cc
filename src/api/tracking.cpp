#include "api/tracking.hpp"

#include "engage/receipts.hpp"
#include "engage/tracking.hpp"
#include "runtime/log.hpp"

namespace qiao::api {

namespace {

// The smallest transparent GIF (43 bytes).
constexpr std::string_view pixel(
    "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
    "\x00\x00"
    "\x00\x00\x01\x00\x01\x00\x00\x02\x02"
    "D\x01\x00;",
    43);

// A customer gets to the page also where the click cannot be counted.
void count(engage::Receipts& receipts, std::string send_key, const char* what, Time at) {
    try {
        receipts.take({{}, {}, std::move(send_key), what, {}, at});
    } catch (const std::exception&) {
        log::warn("a click or an opened e-mail could not be counted");
    }
}

http::Response redirect(const engage::Tracking& tracking, engage::Receipts& receipts,
                        const Clock& clock, const http::Request& request) {
    const auto followed = tracking.follow(request.path_param("token"));
    if (!followed)
        return http::Response::text(
            404, "This link is not known here, or no longer valid. 此链接无效。\n");
    count(receipts, followed->send_key, "clicked", clock.now());
    auto response = http::Response::text(302, "");
    response.headers.emplace_back("Location", followed->url);
    response.headers.emplace_back("Cache-Control", "no-store");
    response.headers.emplace_back("Referrer-Policy", "no-referrer");
    return response;
}

}  // namespace

void add_tracking(http::Router& router, const engage::Tracking& tracking,
                  engage::Receipts& receipts, const Clock& clock) {
    for (const auto* method : {"GET", "POST"})
        router.on(method, "/r/{token}", [&](const http::Request& request) {
            return redirect(tracking, receipts, clock, request);
        });
    router.on("GET", "/o/{token}", [&](const http::Request& request) {
        if (auto send_key = tracking.opened(request.path_param("token")))
            count(receipts, std::move(*send_key), "opened", clock.now());
        // The same answer for every token: nobody learns which ones exist.
        auto response = http::Response::text(200, std::string(pixel));
        response.headers = {{"Content-Type", "image/gif"}, {"Cache-Control", "no-store"}};
        return response;
    });
}

}  // namespace qiao::api
