#include "sql/migrations.hpp"
#include "sql/testing/both_engines.hpp"

namespace qiao::sql {
namespace {

class MigrateTest : public testing::BothEngines {};
QIAO_ON_BOTH_ENGINES(MigrateTest);

const Migration first{9001, "9001_test_first",
                      "CREATE TABLE one (n BIGINT); INSERT INTO one VALUES (1);"};
const Migration second{9002, "9002_test_second", "UPDATE one SET n = n + 1;"};
const Migration broken{9003, "9003_test_broken", "UPDATE one SET n = 9; UPDATE nowhere SET n = 1;"};

std::vector<Migration> all_and(std::vector<Migration> more) {
    auto migrations = all_migrations();
    migrations.insert(migrations.end(), more.begin(), more.end());
    return migrations;
}

TEST_P(MigrateTest, AppliesEachOnceWhateverTheOrderGiven) {
    ASSERT_TRUE(migrate(database(), all_and({second, first}), time_from_ms(5)));
    ASSERT_TRUE(migrate(database(), all_and({second, first}), time_from_ms(6)));
    EXPECT_EQ(database().query_one("SELECT n FROM one")->integer(0), 2);
    EXPECT_EQ(database()
                  .query_one("SELECT applied_at FROM sql_migrations WHERE number = 9002")
                  ->integer(0),
              5);
}

TEST_P(MigrateTest, RefusesADatabaseOfANewerVersion) {
    ASSERT_TRUE(migrate(database(), all_and({first}), time_from_ms(5)));
    EXPECT_EQ(migrate(database(), all_migrations(), time_from_ms(6)).error().reason,
              "sql.newer_schema");
}

TEST_P(MigrateTest, ABrokenOneLeavesNothingBehind) {
    EXPECT_THROW((void)migrate(database(), all_and({first, second, broken}), time_from_ms(5)),
                 Fault);
    EXPECT_EQ(database().query_one("SELECT n FROM one")->integer(0), 2);
    ASSERT_TRUE(migrate(database(), all_and({first, second}), time_from_ms(6)));
}

TEST(AllMigrations, AreSortedAndNamedByTheirNumber) {
    ASSERT_FALSE(all_migrations().empty());
    int last = 0;
    for (const auto& migration : all_migrations()) {
        EXPECT_LT(last, migration.number);
        EXPECT_EQ(std::stoi(std::string(migration.name.substr(0, 4))), migration.number);
        last = migration.number;
    }
}

}  // namespace
}  // namespace qiao::sql
