// The price list: what one message over a channel costs, from a day on until the next entry.
//
// A message books the price of the moment at which its provider has it; later entries never change
// what was booked, so an entry for a past day counts for later messages alone. Days are the
// institution's. Thread-safe.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/audit.hpp"
#include "base/decimal.hpp"
#include "base/time.hpp"
#include "sql/database.hpp"

namespace qiao::channel {

struct Price {
    std::string id;       // "prc_…"
    std::string channel;  // "chn_…"
    Decimal amount;       // CNY for one message, from 0
    Day valid_from = 0;
    Time created_at{};
    std::string created_by;
};
inline constexpr std::int64_t highest_price = 10'000;  // CNY
inline constexpr std::size_t most_prices = 200;        // of a channel

// The amount that holds on a day; nothing before the first entry. `prices` are of one channel, in
// any order, each with a day of its own.
std::optional<Decimal> price_on(std::span<const Price> prices, Day day);

class Prices {
public:
    Prices(sql::Database& database, access::AuditLog& audit, const Calendar& calendar,
           const Clock& clock)
        : database_(database), audit_(audit), calendar_(calendar), clock_(clock) {}

    std::vector<Price> list() const;  // by channel, the latest day first
    // Today, in the institution's calendar.
    Day today() const { return calendar_.day_of(clock_.now()); }
    // Errors: unprocessable `channel.not_found`, `channel.price`, `channel.too_many_prices`,
    // conflict `channel.price_exists` (the channel has one from this day), with pointers.
    Result<Price> create(std::string_view channel, Decimal amount, Day valid_from,
                         const access::Principal& who);
    // Error: not_found `channel.price_not_found`.
    Result<void> remove(std::string_view id, const access::Principal& who);

    // What a message that leaves at this moment costs. In the transaction of the caller.
    std::optional<Decimal> price_at(sql::Transaction& transaction, std::string_view channel,
                                    Time at) const;

private:
    sql::Database& database_;
    access::AuditLog& audit_;
    const Calendar& calendar_;
    const Clock& clock_;
};

}  // namespace qiao::channel
