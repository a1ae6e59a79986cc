#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "base/decimal.hpp"
#include "base/id.hpp"
#include "base/time.hpp"
#include "base/value.hpp"

namespace qiao {

TEST(DecimalParse, RoundsHalfToEven) {
    EXPECT_EQ(Decimal::parse("1.00005")->scaled(), 10'000);
    EXPECT_EQ(Decimal::parse("1.00015")->scaled(), 10'002);
    EXPECT_EQ(Decimal::parse("1.000050001")->scaled(), 10'001);
    EXPECT_EQ(Decimal::parse("-0.00015")->scaled(), -2);
    EXPECT_EQ(Decimal::parse("1e3")->scaled(), 10'000'000);
    EXPECT_EQ(Decimal::parse("12345e-4")->text(), "1.2345");
}

TEST(DecimalParse, RefusesWhatIsNoNumberOrDoesNotFit) {
    for (const auto* text : {"", "-", "1.2.3", "1e", "abc", "0x10", "1 "})
        EXPECT_FALSE(Decimal::parse(text)) << text;
    EXPECT_FALSE(Decimal::parse("922337203685478"));
    EXPECT_TRUE(Decimal::parse("922337203685477"));
    EXPECT_FALSE(Decimal::from_double(1e18));
}

TEST(DecimalText, IsShortestAndExact) {
    EXPECT_EQ(Decimal::from_scaled(125'000).text(), "12.5");
    EXPECT_EQ(Decimal::from_scaled(-1).text(), "-0.0001");
    EXPECT_EQ(Decimal::from_scaled(30'000).text(), "3");
}

TEST(ParseTime, TakesOffsetsAndFractions) {
    EXPECT_EQ(to_ms(*parse_time("1970-01-01T08:00:00+08:00")), 0);
    EXPECT_EQ(to_ms(*parse_time("1970-01-01 00:00:00.1239Z")), 123);
    EXPECT_EQ(format_time(*parse_time("2026-10-01T08:00:00.5+08:00")), "2026-10-01T00:00:00.500Z");
    for (const auto* text :
         {"2026-02-30T00:00:00Z", "2026-10-01", "2026-10-01T00:00:00", "2026-10-01T25:00:00Z"})
        EXPECT_FALSE(parse_time(text)) << text;
}

TEST(ParseDuration, TakesOneUnit) {
    EXPECT_EQ(*parse_duration("30d"), std::chrono::hours(720));
    EXPECT_EQ(*parse_duration("15m"), std::chrono::minutes(15));
    for (const auto* text : {"", "d", "0d", "-1d", "1y", "1d1h", "99999999d"})
        EXPECT_FALSE(parse_duration(text)) << text;
    EXPECT_EQ(format_duration(std::chrono::hours(48)), "2d");
    EXPECT_EQ(format_duration(std::chrono::hours(24 * 7)), "7d");
}

TEST(Calendar, DaysAreTheInstitutions) {
    const auto shanghai = *Calendar::of_zone("Asia/Shanghai");
    const auto late = *parse_time("2026-10-01T16:00:00Z");  // midnight of the 2nd in Shanghai
    EXPECT_EQ(format_day(shanghai.day_of(late)), "2026-10-02");
    EXPECT_EQ(shanghai.start_of(shanghai.day_of(late)), late);
    EXPECT_EQ(format_day(Calendar::week_start(*parse_day("2026-10-01"))), "2026-09-28");
    EXPECT_EQ(format_day(Calendar::add_months(*parse_day("2026-11-01"), 2)), "2027-01-01");
    EXPECT_FALSE(Calendar::of_zone("Mars/Olympus"));
}

TEST(ProfileIds, KeepTheirShardThroughText) {
    const auto profile = ProfileId{0xFEDCBA9876543210ull};
    EXPECT_EQ(*parse_profile(format_profile(profile)), profile);
    EXPECT_FALSE(parse_profile("cus_1"));
}

TEST(NewId, SortsByCreation) {
    EXPECT_LT(new_id("aud", time_from_ms(1'000)), new_id("aud", time_from_ms(2'000)));
    EXPECT_EQ(new_id("aud", time_from_ms(0)).size(), 30u);
}

TEST(NewId, SortsByCreationWithinAMillisecond) {
    auto last = new_id("aud", time_from_ms(7));
    for (int i = 0; i < 1'000; ++i) {
        auto next = new_id("aud", time_from_ms(7));
        EXPECT_LT(last, next);
        last = std::move(next);
    }
}

TEST(AddJsonObject, FlattensAndKeepsNestedLists) {
    Properties properties;
    const auto json =
        boost::json::parse(R"({"a":{"b":1.5},"tags":["y","x","x"],"rows":[{"n":1}],"gone":null})");
    ASSERT_TRUE(add_json_object(properties, json.get_object()));
    EXPECT_EQ(std::get<Decimal>(*find(properties, "a.b")).text(), "1.5");
    EXPECT_EQ(std::get<StringSet>(*find(properties, "tags")), (StringSet{"x", "y"}));
    EXPECT_EQ(std::get<std::string>(*find(properties, "rows")), R"([{"n":1}])");
    EXPECT_EQ(find(properties, "gone"), nullptr);
}

}  // namespace qiao
