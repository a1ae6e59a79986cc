#include "insight/spending.hpp"

#include <gtest/gtest.h>

namespace qiao::insight {
namespace {

const Calendar& calendar() {
    static const Calendar made = *Calendar::of_zone("Asia/Shanghai");
    return made;
}
Spending thirty_days(std::int64_t scaled) {
    Spending made;
    made.from = *parse_day("2026-09-01");
    made.to = *parse_day("2026-09-30");
    made.amount = Decimal::from_scaled(scaled);
    return made;
}
rule::Interval between(const char* from, const char* until) {
    return {to_ms(*parse_time(from)), to_ms(*parse_time(until))};
}

TEST(SpentIn, IsSpreadEvenlyOverItsDays) {
    const auto entry = thirty_days(30'000'0000);
    const auto in = [&](const char* from, const char* until) {
        return spent_in(entry, between(from, until), calendar());
    };
    EXPECT_EQ(in("2026-09-01T00:00:00+08:00", "2026-09-02T00:00:00+08:00"), 1'000'0000);
    EXPECT_EQ(in("2026-08-01T00:00:00+08:00", "2026-12-01T00:00:00+08:00"), 30'000'0000);
    EXPECT_EQ(in("2026-09-30T12:00:00+08:00", "2026-12-01T00:00:00+08:00"), 500'0000);
    EXPECT_EQ(in("2026-08-01T00:00:00+08:00", "2026-09-01T00:00:00+08:00"), 0);
    EXPECT_EQ(in("2026-10-01T00:00:00+08:00", "2026-11-01T00:00:00+08:00"), 0);
}

TEST(SpentIn, PartsOfPeriodsThatMeetAddUp) {
    const auto entry = thirty_days(1'0001);
    std::int64_t sum = 0;
    auto at = to_ms(*parse_time("2026-08-30T00:00:00Z"));
    while (at < to_ms(*parse_time("2026-10-03T00:00:00Z"))) {
        const auto next = at + 7'919'003;
        sum += spent_in(entry, {at, next}, calendar());
        at = next;
    }
    EXPECT_EQ(sum, 1'0001);
}

}  // namespace
}  // namespace qiao::insight
