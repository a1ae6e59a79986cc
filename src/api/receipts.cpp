#include "api/receipts.hpp"

#include "api/endpoint.hpp"
#include "channel/channels.hpp"
#include "engage/receipts.hpp"

namespace qiao::api {

void add_receipts(http::Router& router, const channel::Channels& channels,
                  engage::Receipts& receipts) {
    router.on(
        "POST", "/receipts/{channel}",
        [&](const http::Request& request) {
            const auto reported = channels.receipts_of(
                request.path_param("channel"), request.header("x-qiao-signature"), request.body);
            if (!reported)
                return problem(reported.error(), request.request_id);
            const auto counted = receipts.take(*reported);
            return http::Response::json(200, R"({"counted":)" + std::to_string(counted) + "}");
        },
        {512 << 10, "receipts.max_body"});
}

}  // namespace qiao::api
