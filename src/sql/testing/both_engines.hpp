// Makes a GoogleTest fixture run each of its tests on SQLite and on PostgreSQL:
//
//     class OrgsTest : public sql::testing::BothEngines {};
//     QIAO_ON_BOTH_ENGINES(OrgsTest);
//     TEST_P(OrgsTest, RefusesACycle) { database().execute(…); }
//
// The database is empty but for the migrations. Without PostgreSQL its half is skipped, saying why.
#pragma once

#include <gtest/gtest.h>

#include "sql/migrations.hpp"
#include "sql/testing/test_databases.hpp"

namespace qiao::sql::testing {

class BothEngines : public ::testing::TestWithParam<Engine> {
protected:
    void SetUp() override {
        if (GetParam() == Engine::postgresql)
            if (const auto why_not = why_no_postgresql(); !why_not.empty())
                GTEST_SKIP() << why_not;
        database_ = std::make_unique<TestDatabase>(GetParam());
        const auto migrated = migrate(**database_, all_migrations(), time_from_ms(0));
        ASSERT_TRUE(migrated) << migrated.error().detail;
    }

    Database& database() { return **database_; }
    TestDatabase& test_database() { return *database_; }

private:
    std::unique_ptr<TestDatabase> database_;
};

}  // namespace qiao::sql::testing

#define QIAO_ON_BOTH_ENGINES(Fixture)                              \
    INSTANTIATE_TEST_SUITE_P(                                      \
        Sql, Fixture,                                              \
        ::testing::Values(qiao::sql::testing::Engine::sqlite,      \
                          qiao::sql::testing::Engine::postgresql), \
        [](const auto& info) { return qiao::sql::testing::name_of(info.param); })
