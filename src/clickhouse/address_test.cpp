#include "clickhouse/address.hpp"

#include <gtest/gtest.h>

namespace qiao::clickhouse {
namespace {

TEST(Address, NamesAServerAnAccountAndADatabase) {
    const auto read =
        parse_address("clickhouse://li:p%40ss@db.bank:9000/history?cluster=all&keep_months=60");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->server, "http://db.bank:9000");
    EXPECT_EQ(read->user, "li");
    EXPECT_EQ(read->password, "p@ss");
    EXPECT_EQ(read->database, "history");
    EXPECT_EQ(read->cluster, "all");
    EXPECT_EQ(read->keep_months, 60);
}

TEST(Address, HasTheUsualPorts) {
    EXPECT_EQ(parse_address("clickhouse://db/q")->server, "http://db:8123");
    EXPECT_EQ(parse_address("clickhouses://[::1]:1/q")->server, "https://[::1]:1");
    EXPECT_EQ(parse_address("clickhouses://db/q")->server, "https://db:8443");
}

TEST(Address, NamesHoldNothingThatStatementsWouldRead) {
    for (const char* wrong :
         {"clickhouse://db", "clickhouse://db/", "clickhouse://db/a`b", "clickhouse://db/a;b",
          "clickhouse:///q", "clickhouse://db/q?cluster=a'b", "clickhouse://db/q?keep_months=0",
          "clickhouse://db/q?unknown=1", "history.duckdb"}) {
        const auto read = parse_address(wrong);
        ASSERT_FALSE(read) << wrong;
        EXPECT_EQ(read.error().reason, "clickhouse.address");
    }
}

}  // namespace
}  // namespace qiao::clickhouse
