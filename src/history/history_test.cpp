#include <gtest/gtest.h>

#include <filesystem>

#include "history/duckdb_history.hpp"

namespace qiao::history {

namespace {

constexpr auto visitor = ProfileId{64};
constexpr auto customer = ProfileId{128};

class HistoryTest : public testing::Test {
protected:
    HistoryTest()
        : directory_(std::filesystem::temp_directory_path() / ("qiao-history-" + random_token(6))) {
        std::filesystem::create_directories(directory_);
        open();
    }
    ~HistoryTest() override {
        history_.reset();
        std::filesystem::remove_all(directory_);
    }
    void open() {
        history_.reset();
        history_ = std::move(*DuckdbHistory::open(directory_ / "history.duckdb", {}));
    }
    static HistoryRow row(ProfileId profile, int at_ms, std::string event) {
        return {profile,
                time_from_ms(at_ms),
                time_from_ms(at_ms),
                std::move(event),
                "key_1",
                "m" + std::to_string(at_ms),
                1,
                1,
                0,
                R"({"channel":"app's"})"};
    }
    std::vector<std::string> timeline_of(ProfileId profile) {
        std::vector<std::string> events;
        for (const auto& row : history_->timeline({profile, time_from_ms(1'000'000), "", 10}))
            events.push_back(row.event);
        return events;
    }

    std::filesystem::path directory_;
    std::unique_ptr<History> history_;
};

}  // namespace

TEST_F(HistoryTest, AMergedVisitorsRowsAreInTheCustomersTimelineUntilSplit) {
    history_->write({.rows = {row(visitor, 1, "view"), row(customer, 2, "login")},
                     .merges = {{visitor, customer}}});
    EXPECT_EQ(timeline_of(customer), (std::vector<std::string>{"login", "view"}));
    history_->write({.merges = {{visitor, ProfileId::none}}});
    EXPECT_EQ(timeline_of(customer), (std::vector<std::string>{"login"}));
    EXPECT_EQ(timeline_of(visitor), (std::vector<std::string>{"view"}));
}

// One fact may end a merge and make another: both are in one record, in this order.
TEST_F(HistoryTest, WhoIsSplitOffMayBeMergedIntoAnotherAtOnce) {
    constexpr auto other = static_cast<ProfileId>(77);
    history_->write({.rows = {row(visitor, 1, "view"), row(other, 2, "login")},
                     .merges = {{visitor, customer}}});
    history_->write({.merges = {{visitor, ProfileId::none}, {visitor, other}}});
    EXPECT_EQ(timeline_of(other), (std::vector<std::string>{"login", "view"}));
    EXPECT_TRUE(timeline_of(customer).empty());
}

// As after kill -9: whoever opens it sees that a part is missing.
TEST_F(HistoryTest, AMoveThatBrokeOffIsSeen) {
    history_->write({.rows = {row(visitor, 1, "view")}, .merges = {{visitor, customer}}});
    EXPECT_FALSE(history_->is_half_moved());
    history_->begin_move();
    open();
    EXPECT_TRUE(history_->is_half_moved());
    EXPECT_EQ(timeline_of(visitor), (std::vector<std::string>{"view"}));
    EXPECT_TRUE(timeline_of(customer).empty()) << "merges are told again";
    history_->begin_move();
    history_->end_move();
    open();
    EXPECT_FALSE(history_->is_half_moved());
}

TEST_F(HistoryTest, ErasureForgetsEachProfileByItself) {
    history_->write({.rows = {row(visitor, 1, "view"), row(customer, 2, "login")},
                     .merges = {{visitor, customer}}});
    history_->write({.erased = {customer}});
    EXPECT_EQ(timeline_of(visitor), (std::vector<std::string>{"view"}));
    history_->write({.erased = {visitor}});
    EXPECT_EQ(history_->row_count(), 0u);
}

// The shards of both are read side by side.
TEST_F(HistoryTest, WhoWasSplitOffBeforeTheErasureKeepsItsRows) {
    history_->write({.rows = {row(visitor, 1, "view"), row(customer, 2, "login")},
                     .merges = {{visitor, customer}}});
    history_->write({.erased = {customer}});
    history_->write({.merges = {{visitor, ProfileId::none}}});
    EXPECT_EQ(timeline_of(visitor), (std::vector<std::string>{"view"}));
    EXPECT_EQ(history_->row_count(), 1u);
}

TEST_F(HistoryTest, RowsAndPositionsSurviveTogether) {
    history_->write({.rows = {row(customer, 1, "it's")}, .positions = {{3, 17}}});
    open();
    EXPECT_EQ(history_->positions()[3], 17u);
    EXPECT_EQ(history_->positions()[4], 1u);
    const auto rows = history_->timeline({customer, time_from_ms(10), "it's", 10});
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].properties, R"({"channel":"app's"})");
    EXPECT_EQ(rows[0].time, time_from_ms(1));
}

// DuckDB takes 2,048 rows at a time; texts of up to 12 bytes lie in a vector, others beside it.
TEST_F(HistoryTest, KeepsEveryColumnOfManyRows) {
    HistoryBatch batch;
    for (int i = 0; i < 5'000; ++i) {
        HistoryRow made = row(customer, i, std::string(static_cast<std::size_t>(i % 15), 'e'));
        made.received_at = time_from_ms(i + 1);
        made.source = std::string(static_cast<std::size_t>(12 + i % 2), 's');
        made.message_id = "消息-" + std::to_string(i);
        made.shard = static_cast<ShardId>(i % shard_count);
        made.offset = (std::uint64_t{1} << 40) + static_cast<std::uint64_t>(i);
        made.ordinal = static_cast<std::uint32_t>(i);
        made.properties = R"({"n":)" + std::to_string(i) + "}";
        batch.rows.push_back(std::move(made));
    }
    history_->write(batch);
    open();
    const auto rows = history_->recorded_for(customer);
    ASSERT_EQ(rows.size(), batch.rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto &got = rows[i], &wanted = batch.rows[i];
        EXPECT_EQ(got.time, wanted.time);
        EXPECT_EQ(got.received_at, wanted.received_at);
        EXPECT_EQ(got.event, wanted.event);
        EXPECT_EQ(got.source, wanted.source);
        EXPECT_EQ(got.message_id, wanted.message_id);
        EXPECT_EQ(got.shard, wanted.shard);
        EXPECT_EQ(got.offset, wanted.offset);
        EXPECT_EQ(got.ordinal, wanted.ordinal);
        EXPECT_EQ(got.properties, wanted.properties);
    }
}

TEST_F(HistoryTest, TheLastPositionOfAShardCounts) {
    history_->write({.positions = {{3, 17}, {4, 5}, {3, 18}}});
    history_->write({.positions = {{4, 6}}});
    EXPECT_EQ(history_->positions()[3], 18u);
    EXPECT_EQ(history_->positions()[4], 6u);
}

TEST(PropertiesJson, IsExactAndEscaped) {
    EXPECT_EQ(properties_json({}), "{}");
    EXPECT_EQ(properties_json({{"a\"b", std::string("x\\y\n\x01 中\x7f")}}),
              "{\"a\\\"b\":\"x\\\\y\\n\\u0001 中\x7f\"}");
    EXPECT_EQ(properties_json({{"n", Decimal::from_scaled(1'285'000)},
                               {"whole", Decimal::from_scaled(-30'000)},
                               {"small", Decimal::from_scaled(1)},
                               {"yes", true},
                               {"none", Value{}}}),
              R"({"n":128.5,"whole":-3,"small":0.0001,"yes":true,"none":null})");
    EXPECT_EQ(properties_json({{"set", StringSet{"a", "b\t"}},
                               {"at", time_from_ms(1'790'000'000'123)},
                               {"phone", Sealed{"hash", "cipher"}}}),
              R"({"set":["a","b\t"],"at":")" + format_time(time_from_ms(1'790'000'000'123)) +
                  R"(","phone":{"sealed":"hash","ciphertext":"cipher"}})");
}

TEST_F(HistoryTest, ACopyHoldsEverything) {
    history_->write({.rows = {row(customer, 1, "login")}, .positions = {{3, 17}}});
    history_->copy_to(directory_ / "copy.duckdb");
    auto copy = std::move(*DuckdbHistory::open(directory_ / "copy.duckdb", {}));
    EXPECT_EQ(copy->row_count(), 1u);
    EXPECT_EQ(copy->positions()[3], 17u);
}

TEST_F(HistoryTest, ACopyCanBeCopiedAndKeepsItsKeys) {
    history_->write({.rows = {row(customer, 1, "login")},
                     .merges = {{visitor, customer}},
                     .positions = {{3, 17}}});
    history_->copy_to(directory_ / "nightly backup-1.duckdb");
    EXPECT_FALSE(std::filesystem::exists(directory_ / "nightly backup-1.duckdb.wal"));
    auto copy = std::move(*DuckdbHistory::open(directory_ / "nightly backup-1.duckdb", {}));
    copy->copy_to(directory_ / "again.duckdb");
    copy = std::move(*DuckdbHistory::open(directory_ / "again.duckdb", {}));
    copy->write({.rows = {row(visitor, 2, "view")},
                 .merges = {{visitor, customer}},
                 .positions = {{3, 18}}});
    EXPECT_EQ(copy->timeline({customer, time_from_ms(10), "", 10}).size(), 2u);
    EXPECT_EQ(copy->positions()[3], 18u);
}

TEST_F(HistoryTest, RetentionDropsOldRows) {
    history_->write({.rows = {row(customer, 1, "old"), row(customer, 9, "new")}});
    EXPECT_FALSE(history_->kept_from());
    EXPECT_EQ(history_->drop_before(time_from_ms(5)), 1u);
    EXPECT_EQ(history_->drop_before(time_from_ms(3)), 0u);
    EXPECT_EQ(history_->kept_from(), time_from_ms(5));
    EXPECT_EQ(timeline_of(customer), (std::vector<std::string>{"new"}));
}

TEST_F(HistoryTest, RowsThatComeAfterTheirTimeWasDroppedAreNotTaken) {
    history_->drop_before(time_from_ms(5));
    EXPECT_EQ(history_->write({.rows = {row(customer, 4, "late"), row(customer, 5, "first")}}), 1u);
    EXPECT_EQ(history_->write({.rows = {row(customer, 1, "alone")}}), 0u);
    EXPECT_EQ(timeline_of(customer), (std::vector<std::string>{"first"}));
}

}  // namespace qiao::history
