#include "channel/prices.hpp"

#include <algorithm>

#include "base/id.hpp"
#include "channel/channels_sql.hpp"
#include "channel/prices_sql.hpp"

namespace qiao::channel {
namespace {

std::string told(const Price& price, const Channel& channel) {
    return channel.name + ": CNY " + price.amount.text() + " a message from " +
           format_day(price.valid_from);
}

}  // namespace

std::optional<Decimal> price_on(std::span<const Price> prices, Day day) {
    const Price* held = nullptr;
    for (const auto& price : prices)
        if (price.valid_from <= day && (!held || price.valid_from > held->valid_from))
            held = &price;
    return held ? std::optional(held->amount) : std::nullopt;
}

std::vector<Price> Prices::list() const { return prices_sql::all(*database_.read()); }

Result<Price> Prices::create(std::string_view channel, Decimal amount, Day valid_from,
                             const access::Principal& who) {
    if (amount.scaled() < 0 || amount.scaled() > highest_price * Decimal::scale)
        return fail(ErrorCode::unprocessable, "channel.price",
                    "the price of a message is an amount in CNY from 0 to 10,000", "/amount");
    auto transaction = database_.begin();
    const auto row = channels_sql::find(*transaction, channel);
    if (!row)
        return fail(ErrorCode::unprocessable, "channel.not_found", "there is no such channel",
                    "/channel");
    const auto known = prices_sql::of_channel(*transaction, channel);
    if (known.size() >= most_prices)
        return fail(ErrorCode::unprocessable, "channel.too_many_prices",
                    "this channel has 200 prices, which is the most; remove an old one first",
                    "/channel");
    const bool is_taken = std::any_of(
        known.begin(), known.end(), [&](const Price& one) { return one.valid_from == valid_from; });
    if (is_taken)
        return fail(ErrorCode::conflict, "channel.price_exists",
                    "this channel has a price from this day already; remove that one first",
                    "/valid_from");
    const Time now = clock_.now();
    Price price{new_id("prc", now), std::string(channel), amount, valid_from, now, who.id};
    prices_sql::insert(*transaction, price);
    audit_.add(*transaction, who, {"price.created", price.id, told(price, row->channel)});
    transaction->commit();
    return price;
}

Result<void> Prices::remove(std::string_view id, const access::Principal& who) {
    auto transaction = database_.begin();
    const auto price = prices_sql::find(*transaction, id);
    if (!price)
        return fail(ErrorCode::not_found, "channel.price_not_found",
                    "there is no such price; somebody may have removed it");
    const auto row = channels_sql::find(*transaction, price->channel);
    prices_sql::remove(*transaction, id);
    audit_.add(*transaction, who,
               {"price.removed", price->id, told(*price, row ? row->channel : Channel{})});
    transaction->commit();
    return {};
}

std::optional<Decimal> Prices::price_at(sql::Transaction& transaction, std::string_view channel,
                                        Time at) const {
    return price_on(prices_sql::of_channel(transaction, channel), calendar_.day_of(at));
}

}  // namespace qiao::channel
