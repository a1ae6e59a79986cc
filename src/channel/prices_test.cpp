#include "channel/prices.hpp"

#include <gtest/gtest.h>

namespace qiao::channel {
namespace {

Price from(const char* day, std::int64_t scaled) {
    Price price;
    price.valid_from = *parse_day(day);
    price.amount = Decimal::from_scaled(scaled);
    return price;
}
std::optional<std::int64_t> on(const std::vector<Price>& prices, const char* day) {
    const auto price = price_on(prices, *parse_day(day));
    return price ? std::optional(price->scaled()) : std::nullopt;
}

TEST(PriceOn, HoldsFromItsDayUntilTheNextEntry) {
    const std::vector<Price> prices = {from("2026-10-01", 450), from("2026-11-01", 500)};
    EXPECT_EQ(on(prices, "2026-10-01"), 450);
    EXPECT_EQ(on(prices, "2026-10-31"), 450);
    EXPECT_EQ(on(prices, "2026-11-01"), 500);
    EXPECT_EQ(on(prices, "2030-01-01"), 500);
}

TEST(PriceOn, KnowsNoneBeforeTheFirstDay) {
    EXPECT_EQ(on({from("2026-10-01", 450)}, "2026-09-30"), std::nullopt);
    EXPECT_EQ(on({}, "2026-10-01"), std::nullopt);
}

TEST(PriceOn, DoesNotDependOnTheOrderOfEntries) {
    const std::vector<Price> prices = {from("2026-11-01", 500), from("2026-10-15", 0),
                                       from("2026-10-01", 450)};
    EXPECT_EQ(on(prices, "2026-10-14"), 450);
    EXPECT_EQ(on(prices, "2026-10-15"), 0);
    EXPECT_EQ(on(prices, "2026-10-31"), 0);
    EXPECT_EQ(on(prices, "2026-11-02"), 500);
}

}  // namespace
}  // namespace qiao::channel
