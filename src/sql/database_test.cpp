#include "sql/database.hpp"

#include <atomic>
#include <filesystem>
#include <limits>
#include <thread>

#include "sql/testing/both_engines.hpp"

namespace qiao::sql {
namespace {

class DatabaseTest : public testing::BothEngines {
protected:
    void SetUp() override {
        BothEngines::SetUp();
        if (IsSkipped() || HasFatalFailure())
            return;
        database().execute(
            "CREATE TABLE thing (id TEXT PRIMARY KEY, n BIGINT, x DOUBLE PRECISION, note TEXT)");
    }
    void insert(const std::string& id, Param n) {
        database().execute("INSERT INTO thing (id, n) VALUES ($1, $2)", {id, std::move(n)});
    }
    std::int64_t count() { return database().query_one("SELECT count(*) FROM thing")->integer(0); }
};
QIAO_ON_BOTH_ENGINES(DatabaseTest);

TEST_P(DatabaseTest, GivesBackWhatItWasGiven) {
    const auto largest = std::numeric_limits<std::int64_t>::max();
    const std::string text = "桥 'quoted' \"twice\" \\ \n $1";
    database().execute("INSERT INTO thing (id, n, x, note) VALUES ($1, $2, $3, $4)",
                       {std::string("a"), largest, 0.1, text});
    const auto row = database().query_one("SELECT id, n, x, note, NULL FROM thing").value();
    EXPECT_EQ(row.text(0), "a");
    EXPECT_EQ(row.integer(1), largest);
    EXPECT_EQ(row.real(2), 0.1);
    EXPECT_EQ(row.text(3), text);
    EXPECT_TRUE(row.is_null(4));
    EXPECT_THROW(row.integer(0), Fault);
    EXPECT_THROW(row.text(1), Fault);
}

TEST_P(DatabaseTest, TakesParametersByTheirNumber) {
    const auto row = database().query_one("SELECT $3 || $1 || $3, 5000000000 - $2",
                                          {std::string("b"), std::int64_t{1}, std::string("a")});
    EXPECT_EQ(row->text(0), "aba");
    EXPECT_EQ(row->integer(1), 4'999'999'999);
}

TEST_P(DatabaseTest, SumsOfIntegersAreIntegers) {
    insert("a", std::int64_t{4'000'000'000'000'000'000});
    insert("b", std::int64_t{2});
    EXPECT_EQ(database().query_one("SELECT sum(n) FROM thing")->integer(0),
              4'000'000'000'000'000'002);
    EXPECT_TRUE(database().query_one("SELECT sum(n) FROM thing WHERE id = 'c'")->is_null(0));
}

TEST_P(DatabaseTest, TheSameTextTakesANullAndANumber) {
    insert("a", std::monostate{});
    insert("b", std::int64_t{7});
    const auto sql = "SELECT count(*) FROM thing WHERE n = $1";
    EXPECT_EQ(database().query_one(sql, {std::monostate{}})->integer(0), 0);
    EXPECT_EQ(database().query_one(sql, {std::int64_t{7}})->integer(0), 1);
}

TEST_P(DatabaseTest, CountsTheRowsItChanged) {
    insert("a", std::int64_t{1});
    insert("b", std::int64_t{1});
    EXPECT_EQ(database().execute("UPDATE thing SET n = 2 WHERE n = 1"), 2);
    EXPECT_EQ(database().execute("UPDATE thing SET n = 2 WHERE n = 1"), 0);
    EXPECT_EQ(database().execute("INSERT INTO thing (id) VALUES ('a') ON CONFLICT (id) DO NOTHING"),
              0);
    EXPECT_EQ(database().execute("DELETE FROM thing"), 2);
}

TEST_P(DatabaseTest, RollsBackWhatWasNotCommitted) {
    {
        auto transaction = database().begin();
        transaction->execute("INSERT INTO thing (id) VALUES ('a')");
        EXPECT_EQ(transaction->query_one("SELECT count(*) FROM thing")->integer(0), 1);
    }
    EXPECT_EQ(count(), 0);
}

TEST_P(DatabaseTest, ARefusedStatementLosesTheTransaction) {
    insert("a", std::int64_t{1});
    auto transaction = database().begin();
    transaction->execute("INSERT INTO thing (id) VALUES ('b')");
    EXPECT_THROW(transaction->execute("INSERT INTO thing (id) VALUES ('a')"), Constraint);
    EXPECT_THROW(transaction->query("SELECT 1"), Fault);
    EXPECT_THROW(transaction->commit(), Fault);
    transaction.reset();
    EXPECT_EQ(count(), 1);
}

TEST_P(DatabaseTest, AWrongStatementIsAFault) {
    EXPECT_THROW(database().query("SELECT nothing FROM nowhere"), Fault);
    EXPECT_THROW(insert(std::string("a\0b", 3), std::int64_t{1}), Fault);
    EXPECT_EQ(count(), 0);
}

TEST_P(DatabaseTest, AReaderSeesOneMomentAndWaitsForNoWriter) {
    insert("a", std::int64_t{1});
    auto reader = database().read();
    EXPECT_EQ(reader->query_one("SELECT count(*) FROM thing")->integer(0), 1);
    auto writer = database().begin();
    writer->execute("INSERT INTO thing (id) VALUES ('b')");
    EXPECT_EQ(count(), 1);
    writer->commit();
    EXPECT_EQ(count(), 2);
    EXPECT_EQ(reader->query_one("SELECT count(*) FROM thing")->integer(0), 1);
}

TEST_P(DatabaseTest, AReaderCannotWrite) {
    EXPECT_THROW(database().read()->execute("DELETE FROM thing"), Fault);
}

TEST_P(DatabaseTest, ASecondWriteOfOneThreadIsRefusedAtOnce) {
    auto first = database().begin();
    EXPECT_THROW(database().begin(), Fault);
}

TEST_P(DatabaseTest, ACommittedTransactionLeavesTheNextOneAlone) {
    auto first = database().begin();
    first->commit();
    auto second = database().begin();
    second->execute("INSERT INTO thing (id) VALUES ('a')");
    first.reset();
    second->commit();
    EXPECT_EQ(count(), 1);
}

TEST_P(DatabaseTest, WritersTakeTurns) {
    insert("a", std::int64_t{0});
    const auto add = [&] {
        for (int turn = 0; turn < 50; ++turn) {
            auto transaction = database().begin();
            const auto n = transaction->query_one("SELECT n FROM thing WHERE id = 'a'")->integer(0);
            transaction->execute("UPDATE thing SET n = $1 WHERE id = 'a'", {n + 1});
            transaction->commit();
        }
    };
    std::vector<std::thread> threads;
    for (int at = 0; at < 4; ++at)
        threads.emplace_back(add);
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(database().query_one("SELECT n FROM thing")->integer(0), 200);
}

TEST_P(DatabaseTest, MoreReadersThanConnectionsAllFinish) {
    insert("a", std::int64_t{1});
    std::atomic<int> seen{0};
    std::vector<std::thread> threads;
    for (int at = 0; at < 20; ++at)
        threads.emplace_back([&] {
            for (int turn = 0; turn < 20; ++turn)
                seen += static_cast<int>(count());
        });
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(seen, 400);
}

TEST_P(DatabaseTest, MoreStatementsThanTheCacheHolds) {
    for (int round = 0; round < 2; ++round)
        for (int at = 0; at < 250; ++at) {
            const auto number = std::to_string(at);
            EXPECT_EQ(database().query_one("SELECT " + number)->integer(0), at);
        }
}

TEST_P(DatabaseTest, CommitHooksRunOnceAndOnlyAfterACommit) {
    int called = 0;
    {
        auto transaction = database().begin();
        transaction->on_commit([&] { ++called; });
    }
    EXPECT_EQ(called, 0);
    auto transaction = database().begin();
    transaction->execute("INSERT INTO thing (id) VALUES ('a')");
    transaction->on_commit([&] { called += static_cast<int>(count()); });
    transaction->commit();
    EXPECT_EQ(called, 1);
}

TEST_P(DatabaseTest, ACompanionCommitsWithTheNextWriteOnly) {
    {
        JoinNextCommit companion([](Transaction& transaction) {
            transaction.execute("INSERT INTO thing (id) VALUES ('companion')");
        });
        database().begin()->execute("INSERT INTO thing (id) VALUES ('rolled back')");
        database().query("SELECT 1");
        EXPECT_FALSE(companion.joined());
        EXPECT_EQ(count(), 0);
        insert("a", std::int64_t{1});
        EXPECT_TRUE(companion.joined());
        EXPECT_EQ(count(), 2);
        insert("b", std::int64_t{1});
        EXPECT_EQ(count(), 3);
    }
    insert("c", std::int64_t{1});
    EXPECT_EQ(count(), 4);
}

TEST_P(DatabaseTest, KeepsItsRowsOverAReopen) {
    insert("a", std::int64_t{1});
    test_database().reopen();
    EXPECT_EQ(count(), 1);
}

TEST_P(DatabaseTest, CopiesItselfWhereItIsAFile) {
    insert("a", std::int64_t{1});
    testing::TestDatabase elsewhere(testing::Engine::sqlite);
    const auto path = elsewhere.url().substr(7) + ".copy";
    const auto copied = database().copy_to(path);
    if (database().is_postgresql()) {
        EXPECT_EQ(copied.error().code, ErrorCode::unsupported);
        return;
    }
    ASSERT_TRUE(copied);
    EXPECT_EQ(database().copy_to(path).error().reason, "sql.copy");
    const auto copy = Database::open("sqlite:" + path).value();
    EXPECT_EQ(copy->query_one("SELECT count(*) FROM thing")->integer(0), 1);
}

TEST_P(DatabaseTest, GoesOnAfterALostConnection) {
    if (!database().is_postgresql())
        GTEST_SKIP() << "a file has no connection to lose";
    insert("a", std::int64_t{1});
    const auto writer = database().begin()->query_one("SELECT pg_backend_pid()")->integer(0);
    database().query("SELECT pg_terminate_backend($1::int)", {writer});
    int faults = 0;
    for (int turn = 0; turn < 3; ++turn) {
        try {
            insert("b" + std::to_string(turn), std::int64_t{1});
        } catch (const Fault&) {
            ++faults;
        }
    }
    EXPECT_LE(faults, 1);
    EXPECT_EQ(count(), 4 - faults);
}

TEST(Open, RefusesOtherAddresses) {
    EXPECT_EQ(Database::open("mysql://x").error().reason, "sql.open");
    EXPECT_EQ(Database::open("sqlite:").error().reason, "sql.open");
    EXPECT_EQ(Database::open("sqlite:/nowhere/at/all.db").error().reason, "sql.open");
    EXPECT_EQ(Database::open("postgresql://127.0.0.1:1/x?connect_timeout=2").error().reason,
              "sql.open");
}

}  // namespace
}  // namespace qiao::sql
