// The promises of history, kept by ClickHouse's own engine in this process.
#include "clickhouse/clickhouse_history.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "clickhouse/testing/chdb_of_tests.hpp"

namespace qiao::clickhouse {
namespace {

using history::HistoryBatch;
using history::HistoryRow;
using history::TraitChange;
using testing::Chdb;

constexpr auto visitor = ProfileId{64};
constexpr auto customer = ProfileId{128};
constexpr auto third = ProfileId{192};

// Passes all on to the one engine of the process, until it is told to break.
class Breaking final : public Connection {
public:
    explicit Breaking(Chdb& engine) : engine_(engine) {}
    Result<Rows> ask(const std::string& select) override { return engine_.ask(select); }
    Result<void> execute(const std::string& statement) override {
        return engine_.execute(statement);
    }
    Result<void> insert(std::string_view table, const std::string& lines,
                        std::string_view token) override {
        if (table == breaks_at)
            return fail(ErrorCode::unavailable, "clickhouse.unreachable", "gone");
        return engine_.insert(table, lines, token);
    }
    std::string breaks_at;

private:
    Chdb& engine_;
};

class ClickHouseHistoryTest : public ::testing::Test {
protected:
    void SetUp() override {
        std::string why;
        engine_ = testing::chdb_of_tests(why);
        if (!engine_)
            GTEST_SKIP() << why;
        static int databases = 0;
        const auto name = "history_" + std::to_string(++databases);
        ASSERT_TRUE(engine_->execute("CREATE DATABASE " + name));
        ASSERT_TRUE(engine_->execute("USE " + name));
        open();
    }
    void open() {
        history_.reset();
        auto connection = std::make_unique<Breaking>(*engine_);
        connection_ = connection.get();
        auto opened = ClickHouseHistory::open(std::move(connection), {});
        ASSERT_TRUE(opened) << opened.error().detail;
        history_ = std::move(*opened);
    }
    static HistoryRow row(ProfileId profile, int at_ms, std::string event, shard::FeedSeq seq = 1) {
        HistoryRow made;
        made.profile = profile;
        made.time = made.received_at = time_from_ms(at_ms);
        made.event = std::move(event);
        made.source = "key_1";
        made.message_id = "m" + std::to_string(at_ms);
        made.shard = 1;
        made.offset = 1;
        made.properties = R"({"channel":"app's \\ \"web\""})";
        made.feed_seq = seq;
        return made;
    }
    std::vector<std::string> timeline_of(ProfileId profile) {
        std::vector<std::string> events;
        for (const auto& one : history_->timeline({profile, time_from_ms(1'000'000), "", 10}))
            events.push_back(one.event);
        return events;
    }
    std::uint64_t count(const std::string& select) {
        return engine_->ask(select)->at(0).at(0).to_number<std::uint64_t>();
    }
    static TraitChange tag(ProfileId profile, std::string name, Value value) {
        return {TraitChange::Space::tag, profile, std::move(name), std::move(value)};
    }

    Chdb* engine_ = nullptr;
    Breaking* connection_ = nullptr;
    std::unique_ptr<history::History> history_;
};

TEST_F(ClickHouseHistoryTest, AMergedVisitorsRowsAreInTheCustomersTimelineUntilSplit) {
    history_->write({.rows = {row(visitor, 1, "view"), row(customer, 2, "login")},
                     .merges = {{visitor, customer}}});
    EXPECT_EQ(timeline_of(customer), (std::vector<std::string>{"login", "view"}));
    EXPECT_EQ(count("SELECT count() FROM facts WHERE person = 128"), 2u);
    history_->write({.merges = {{visitor, ProfileId::none}}});
    EXPECT_EQ(timeline_of(customer), (std::vector<std::string>{"login"}));
    EXPECT_EQ(timeline_of(visitor), (std::vector<std::string>{"view"}));
}

// One fact may end a merge and make another: both are in one record, in this order.
TEST_F(ClickHouseHistoryTest, WhoIsSplitOffMayBeMergedIntoAnotherAtOnce) {
    history_->write({.rows = {row(visitor, 1, "view"), row(third, 2, "login")},
                     .merges = {{visitor, customer}}});
    history_->write({.merges = {{visitor, ProfileId::none}, {visitor, third}}});
    EXPECT_EQ(timeline_of(third), (std::vector<std::string>{"login", "view"}));
    EXPECT_TRUE(timeline_of(customer).empty());
}

TEST_F(ClickHouseHistoryTest, MergesAreFollowedToTheirEnd) {
    history_->write(
        {.rows = {row(visitor, 1, "view"), row(customer, 2, "login"), row(third, 3, "x")},
         .merges = {{visitor, customer}}});
    history_->write({.merges = {{customer, third}}});
    EXPECT_EQ(timeline_of(third), (std::vector<std::string>{"x", "login", "view"}));
    EXPECT_EQ(count("SELECT count() FROM people"), 1u);
    history_->write({.merges = {{customer, ProfileId::none}}});
    EXPECT_EQ(timeline_of(customer), (std::vector<std::string>{"login", "view"}));
}

TEST_F(ClickHouseHistoryTest, ErasureForgetsEachProfileByItself) {
    history_->write({.rows = {row(visitor, 1, "view"), row(customer, 2, "login")},
                     .merges = {{visitor, customer}}});
    history_->write({.erased = {customer}});
    EXPECT_EQ(timeline_of(visitor), (std::vector<std::string>{"view"}));
    EXPECT_EQ(count("SELECT person FROM people"), 64u);
    history_->write({.erased = {visitor}});
    EXPECT_EQ(history_->row_count(), 0u);
    history_->write({.merges = {{visitor, third}}, .created = {visitor}});
    EXPECT_EQ(count("SELECT count() FROM people"), 1u) << "who was erased stays erased";
}

TEST_F(ClickHouseHistoryTest, TraitsOfBeforeAMergeAreVoid) {
    history_->write({.created = {visitor, customer},
                     .traits = {tag(visitor, "level", Value(std::string("gold"))),
                                tag(customer, "age", *Decimal::parse("31.5"))}});
    EXPECT_EQ(count("SELECT number FROM traits WHERE name = 'age'"), 315000u);
    history_->write({.merges = {{visitor, customer}}});
    EXPECT_EQ(count("SELECT count() FROM traits"), 1u);
    history_->write({.merges = {{visitor, ProfileId::none}}});
    EXPECT_EQ(count("SELECT count() FROM traits WHERE person = 64"), 0u);
    history_->write({.traits = {tag(customer, "age", Value{})}});
    EXPECT_EQ(count("SELECT count() FROM traits"), 0u);
}

TEST_F(ClickHouseHistoryTest, WhatABrokenBatchLeftIsGoneBeforeTheNext) {
    history_->write({.rows = {row(customer, 1, "a", 1)}, .positions = {{1, 2}}});
    const HistoryBatch batch{.rows = {row(customer, 2, "b", 2)}, .positions = {{1, 3}}};
    connection_->breaks_at = "positions";
    EXPECT_THROW(history_->write(batch), std::runtime_error);
    EXPECT_EQ(history_->row_count(), 2u);
    connection_->breaks_at.clear();
    history_->write(batch);
    EXPECT_EQ(history_->row_count(), 2u);

    connection_->breaks_at = "positions";
    EXPECT_THROW(history_->write({.rows = {row(customer, 3, "c", 3)}, .positions = {{1, 4}}}),
                 std::runtime_error);
    open();
    EXPECT_EQ(history_->positions()[1], 3u);
    history_->write(
        {.rows = {row(customer, 3, "c", 3), row(customer, 4, "d", 4)}, .positions = {{1, 5}}});
    EXPECT_EQ(timeline_of(customer), (std::vector<std::string>{"d", "c", "b", "a"}));
}

TEST_F(ClickHouseHistoryTest, ARepeatedBlockIsTakenOnce) {
    const std::string line = R"({"profile":1,"time_ms":5,"event":"a"})";
    ASSERT_TRUE(engine_->insert("events", line, "token-1"));
    ASSERT_TRUE(engine_->insert("events", line, "token-1"));
    ASSERT_TRUE(engine_->insert("events", line, "token-2"));
    EXPECT_EQ(history_->row_count(), 2u);
}

TEST_F(ClickHouseHistoryTest, DroppedRowsStayAway) {
    history_->write({.rows = {row(customer, 1'000, "old"), row(customer, 5'000, "new")}});
    EXPECT_FALSE(history_->kept_from());
    EXPECT_EQ(history_->drop_before(time_from_ms(3'000)), 1u);
    EXPECT_EQ(history_->write({.rows = {row(customer, 2'000, "late")}}), 0u);
    EXPECT_EQ(timeline_of(customer), (std::vector<std::string>{"new"}));
    EXPECT_EQ(history_->kept_from(), time_from_ms(3'000));
}

// ---- marks ----

TEST_F(ClickHouseHistoryTest, TraitsAreWholeWhereNothingWasBefore) {
    EXPECT_TRUE(history_->traits()->are_whole());
    open();
    EXPECT_TRUE(history_->traits()->are_whole());
    ASSERT_TRUE(engine_->execute("TRUNCATE TABLE meta"));
    ASSERT_TRUE(engine_->insert("meta", R"({"key":"format","value":1})", {}));
    open();
    EXPECT_FALSE(history_->traits()->are_whole()) << "of before there was the mark";
}

TEST_F(ClickHouseHistoryTest, AMoveMakesTraitsIncompleteUntilTheyAreTold) {
    auto* traits = history_->traits();
    for (int turn = 0; turn < 2; ++turn) {
        history_->begin_move();
        EXPECT_TRUE(history_->is_half_moved());
        open();  // as after kill -9
        history_->begin_move();
        EXPECT_TRUE(history_->is_half_moved());
        history_->end_move();
        EXPECT_FALSE(history_->is_half_moved());
        traits = history_->traits();
        EXPECT_FALSE(traits->are_whole());
        EXPECT_EQ(traits->shards_told(), 0) << "what was told before an earlier move is void";
        traits->set_shards_told(5);
        open();
        traits = history_->traits();
        EXPECT_EQ(traits->shards_told(), 5);
        EXPECT_FALSE(traits->are_whole());
        traits->set_shards_told(shard_count);
        traits->set_whole();
        EXPECT_TRUE(traits->are_whole());
    }
}

TEST_F(ClickHouseHistoryTest, AMoveForgetsMergesAndTraitsAndKeepsRowsAndPositions) {
    history_->write({.rows = {row(visitor, 1, "view"), row(customer, 2, "login")},
                     .merges = {{visitor, customer}},
                     .traits = {tag(customer, "level", Value(std::string("gold")))},
                     .positions = {{1, 2}}});
    connection_->breaks_at = "positions";
    EXPECT_THROW(history_->write({.rows = {row(third, 3, "torn", 2)}, .positions = {{1, 3}}}),
                 std::runtime_error);
    connection_->breaks_at.clear();
    open();
    std::uint64_t moved = 0;
    for (const auto& day : history_->days())
        moved += day.rows;
    EXPECT_EQ(moved, 2u) << "the feed tells again what a broken batch left";
    history_->begin_move();
    EXPECT_EQ(history_->row_count(), 2u);
    EXPECT_EQ(history_->positions()[1], 2u);
    history_->end_move();
    EXPECT_EQ(count("SELECT count() FROM traits"), 0u);
    EXPECT_EQ(count("SELECT count() FROM people"), 2u) << "who has rows is somebody";
    EXPECT_EQ(timeline_of(visitor), (std::vector<std::string>{"view"}));
    history_->write({.traits = {tag(customer, "level", Value(std::string("silver")))}});
    EXPECT_EQ(count("SELECT count() FROM traits WHERE text = 'silver'"), 1u);
}

TEST_F(ClickHouseHistoryTest, BelongsToTheFirstDataDirectoryThatAsks) {
    EXPECT_TRUE(history_->belongs_to(7));
    EXPECT_TRUE(history_->belongs_to(7));
    open();
    EXPECT_FALSE(history_->belongs_to(6));
    EXPECT_FALSE(history_->belongs_to(8));
    EXPECT_TRUE(history_->belongs_to(7));
}

TEST_F(ClickHouseHistoryTest, RowsComeBackAsTheyWere) {
    const auto wanted = row(customer, 7, "it's \"this\"");
    history_->write({.rows = {wanted}});
    const auto read = history_->timeline({customer, time_from_ms(100), wanted.event, 5});
    ASSERT_EQ(read.size(), 1u);
    EXPECT_EQ(read[0].properties, wanted.properties);
    EXPECT_EQ(read[0].message_id, wanted.message_id);
    EXPECT_EQ(history_->recorded_for(customer).size(), 1u);
    EXPECT_EQ(history_->recorded_for(visitor).size(), 0u);
}

TEST_F(ClickHouseHistoryTest, ACutEndsAtItsPositions) {
    history_->write({.rows = {row(customer, 1, "a", 1), row(visitor, 2, "b", 2)},
                     .merges = {{visitor, customer}},
                     .positions = {{1, 3}}});
    const auto cut = history_->cut(2);
    history_->write({.rows = {row(customer, 3, "c", 3)}, .positions = {{1, 4}}});
    std::vector<std::string> events;
    for (unsigned part = 0; part < 2; ++part)
        cut->read(part, Time::min(), [&](const history::RowColumns& rows) {
            events.insert(events.end(), rows.event.begin(), rows.event.end());
            return true;
        });
    std::sort(events.begin(), events.end());
    EXPECT_EQ(events, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(cut->positions()[1], 3u);
    ASSERT_EQ(cut->aliases().size(), 1u);
    EXPECT_EQ(cut->aliases()[0].loser, visitor);
}

}  // namespace
}  // namespace qiao::clickhouse
