#include "clickhouse/schema.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "clickhouse/testing/chdb_of_tests.hpp"

namespace qiao::clickhouse {
namespace {

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(Schema, OfOneServerMayBeMadeAgain) {
    std::string why;
    auto* engine = testing::chdb_of_tests(why);
    if (!engine)
        GTEST_SKIP() << why;
    ASSERT_TRUE(engine->execute("CREATE DATABASE schema_of_one"));
    ASSERT_TRUE(engine->execute("USE schema_of_one"));
    for (int time = 0; time < 2; ++time)
        for (const auto& statement : schema({{}, 84})) {
            const auto done = engine->execute(statement);
            EXPECT_TRUE(done) << done.error().detail << '\n' << statement;
        }
}

// There is no cluster in a test: ClickHouse's parser takes the statements, and they say what they
// should.
TEST(Schema, OfAClusterIsReplicatedAndSpreadByCustomer) {
    const auto statements = schema({"bank", 84});
    const auto of = [&](std::string_view name) {
        return *std::find_if(statements.begin(), statements.end(),
                             [&](const auto& one) { return has(one, name); });
    };
    const auto local = of("events_local ON CLUSTER `bank`");
    EXPECT_TRUE(has(local,
                    "ENGINE = ReplicatedMergeTree('/clickhouse/tables/{database}/events/"
                    "{shard}', '{replica}')"));
    EXPECT_TRUE(has(local, "replicated_deduplication_window = 1000"));
    EXPECT_TRUE(has(local, "TTL toDateTime(intDiv(time_ms, 1000), 'UTC') + toIntervalMonth(84)"));
    EXPECT_TRUE(
        has(of("Distributed"), "Distributed(`bank`, currentDatabase(), events_local, profile)"));
    std::string why;
    auto* engine = testing::chdb_of_tests(why);
    if (!engine)
        GTEST_SKIP() << why;
    for (const auto& statement : statements) {
        const auto parsed = engine->ask("EXPLAIN AST " + statement);
        EXPECT_TRUE(parsed) << parsed.error().detail << '\n' << statement;
    }
}

}  // namespace
}  // namespace qiao::clickhouse
