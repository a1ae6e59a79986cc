#include "http/url.hpp"

#include <gtest/gtest.h>

namespace qiao::http {
namespace {

TEST(SplitTarget, CutsPathAndQuery) {
    const auto [path, query] = split_target("/a%20b/c?x=1&y=2#part");
    EXPECT_EQ(path, "/a%20b/c");
    EXPECT_EQ(query, "x=1&y=2");
}

TEST(SplitTarget, TakesTheAbsoluteForm) {
    EXPECT_EQ(split_target("http://bank.example/v1/t?a=b").path, "/v1/t");
    EXPECT_EQ(split_target("http://bank.example/v1/t?a=b").query, "a=b");
    EXPECT_EQ(split_target("http://bank.example").path, "/");
    EXPECT_EQ(split_target("http://bank.example?a").path, "/");
}

TEST(SplitTarget, HasNoPathForStarAndAuthority) {
    EXPECT_EQ(split_target("*").path, "");
    EXPECT_EQ(split_target("bank.example:443").path, "");
    EXPECT_EQ(split_target("").path, "");
}

TEST(PercentDecode, TurnsEscapesIntoBytesAndLeavesBrokenOnes) {
    EXPECT_EQ(percent_decode("%E6%A1%A5"), "桥");
    EXPECT_EQ(percent_decode("100%"), "100%");
    EXPECT_EQ(percent_decode("%4"), "%4");
    EXPECT_EQ(percent_decode("%zz%41"), "%zzA");
    EXPECT_EQ(percent_decode("a+b"), "a+b");
}

TEST(ParseQuery, KeepsOrderAndDecodesBothSides) {
    const Headers expected{{"a", "1"}, {"b c", "x y"}, {"a", ""}, {"", "z"}, {"k", "v=w"}};
    EXPECT_EQ(parse_query("a=1&b%20c=x+y&a&=z&&k=v=w"), expected);
    EXPECT_TRUE(parse_query("").empty());
}

TEST(AcceptsGzip, FollowsTheWeights) {
    EXPECT_TRUE(accepts_gzip("gzip, deflate, br"));
    EXPECT_TRUE(accepts_gzip("br;q=1.0, GZIP;q=0.5"));
    EXPECT_TRUE(accepts_gzip("*"));
    EXPECT_TRUE(accepts_gzip("*;q=0, gzip"));
    EXPECT_FALSE(accepts_gzip(""));
    EXPECT_FALSE(accepts_gzip("br"));
    EXPECT_FALSE(accepts_gzip("gzip;q=0"));
    EXPECT_FALSE(accepts_gzip("gzip; q=0.000, *"));
    EXPECT_TRUE(accepts_gzip("gzip;q=0.001"));
}

}  // namespace
}  // namespace qiao::http
