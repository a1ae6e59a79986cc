#include "api/prices.hpp"

#include "api/resource.hpp"
#include "base/value.hpp"
#include "channel/prices.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;
using access::Permission;

json::object price_json(const channel::Price& price) {
    return {{"id", price.id},
            {"channel", price.channel},
            {"amount", to_json(Value(price.amount))},
            {"valid_from", format_day(price.valid_from)},
            {"created_at", format_time(price.created_at)},
            {"created_by", price.created_by}};
}

Result<Answer> create(channel::Prices& prices, Call& call) {
    Body body(call.body);
    const auto channel = body.text("channel");
    const auto amount = body.maybe_decimal("amount");
    const auto day = body.maybe_text("valid_from");
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (!amount)
        return fail(ErrorCode::invalid, "api.body", "Say what a message costs in CNY.", "/amount");
    const auto valid_from = day ? parse_day(*day) : Result<Day>(prices.today());
    if (!valid_from)
        return fail(ErrorCode::invalid, "api.body", "This is a day such as 2026-10-01.",
                    "/valid_from");
    const auto made = prices.create(channel, *amount, *valid_from, call.who);
    if (!made)
        return fail(made.error());
    return Answer{201, price_json(*made)};
}

}  // namespace

void add_prices(Endpoints& endpoints, channel::Prices& prices) {
    endpoints.define("Price", object_schema({{"id", "string"},
                                             {"channel", "string"},
                                             {"amount", "number"},
                                             {"valid_from", "day"},
                                             {"created_at", "time"},
                                             {"created_by", "string"}}));
    endpoints.define(
        "NewPrice",
        body_schema({{"channel", "string"}, {"amount", "number"}, {"valid_from?", "day"}}));
    const std::string path = "/api/v1/prices";
    endpoints.add("GET", path, Permission::view,
                  [&prices](Call&) -> Result<Answer> {
                      json::array items;
                      for (const auto& price : prices.list())
                          items.push_back(price_json(price));
                      return Answer{200, page_json(std::move(items), {})};
                  },
                  {"What a message over each channel costs in CNY, by the day from which it holds",
                   "channels", nullptr, page_schema("Price")});
    endpoints.add("POST", path, Permission::manage_settings,
                  [&prices](Call& call) { return create(prices, call); },
                  {"Set a channel's price from a day on (today); what was booked stays", "channels",
                   "NewPrice", created("Price")});
    endpoints.add(
        "DELETE", path + "/{id}", Permission::manage_settings,
        [&prices](Call& call) -> Result<Answer> {
            if (auto done = prices.remove(call.id(), call.who); !done)
                return fail(done.error());
            return Answer{204, nullptr};
        },
        {"Remove a price; what was booked by it stays", "channels", nullptr, no_content()});
}

}  // namespace qiao::api
