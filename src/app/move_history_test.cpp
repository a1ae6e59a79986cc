// What a move refuses, and what a server refuses to start on.
#include "app/move_history.hpp"

#include <gtest/gtest.h>

#include "app/server.hpp"
#include "history/duckdb_history.hpp"

namespace qiao::app {

namespace {

namespace fs = std::filesystem;
using history::HistoryRow;

constexpr auto visitor = ProfileId{64}, customer = ProfileId{128};
const auto later = time_from_ms(1'790'000'000'000);

class MoveHistoryTest : public testing::Test {
protected:
    MoveHistoryTest() : directory_(fs::temp_directory_path() / ("qiao-move-" + random_token(6))) {
        fs::create_directories(directory_);
        from_ = open("from");
        to_ = open("to");
        from_->write({.rows = {row(visitor, 1), row(customer, 2), row(visitor, 90'000'000)},
                      .merges = {{visitor, customer}},
                      .positions = {{1, 5}}});
    }
    ~MoveHistoryTest() override {
        from_.reset();
        to_.reset();
        fs::remove_all(directory_);
    }
    std::unique_ptr<history::History> open(const std::string& name) const {
        return std::move(*history::DuckdbHistory::open(directory_ / name, {}));
    }
    static HistoryRow row(ProfileId profile, std::int64_t at_ms) {
        HistoryRow made;
        made.profile = profile;
        made.time = made.received_at = time_from_ms(at_ms);
        made.event = "view";
        made.source = "key_1";
        made.message_id = "m" + std::to_string(at_ms);
        made.shard = 1;
        made.offset = 1;
        made.properties = "{}";
        return made;
    }
    Result<Moved> move() {
        return move_history(*from_, *to_, [](std::string_view) {});
    }
    std::string refused() {
        const auto moved = move();
        return moved ? "moved" : moved.error().reason;
    }

    fs::path directory_;
    std::unique_ptr<history::History> from_, to_;
};

}  // namespace

TEST_F(MoveHistoryTest, ACopyThatBrokeOffGoesOnAndEnds) {
    to_->begin_move();  // as kill -9 leaves it after a day
    to_->write({.rows = {row(visitor, 1), row(customer, 2)}});
    const auto moved = move();
    ASSERT_TRUE(moved) << moved.error().detail;
    EXPECT_EQ(moved->days, 2u);
    EXPECT_EQ(moved->copied_days, 1u);
    EXPECT_FALSE(to_->is_half_moved());
    EXPECT_EQ(to_->positions()[1], 5u);
    EXPECT_EQ(to_->timeline({customer, later, "", 10}).size(), 3u);
}

// A merge that was undone where the target was not in use.
TEST_F(MoveHistoryTest, MergesThatAreOverDoNotStay) {
    ASSERT_TRUE(move());
    from_->write({.merges = {{visitor, ProfileId::none}}, .positions = {{1, 6}}});
    ASSERT_TRUE(move());
    EXPECT_TRUE(to_->cut(1)->aliases().empty());
    EXPECT_EQ(to_->positions()[1], 6u);
}

TEST_F(MoveHistoryTest, ATargetThatKnowsMoreIsRefusedAndStaysWhole) {
    to_->write({.positions = {{1, 6}}});
    EXPECT_EQ(refused(), "history.not_empty");
    EXPECT_FALSE(to_->is_half_moved());
    to_ = open("another");
    to_->drop_before(time_from_ms(1));
    EXPECT_EQ(refused(), "history.not_empty");
    EXPECT_FALSE(to_->is_half_moved());
}

TEST_F(MoveHistoryTest, HalfACopyIsNoSource) {
    from_->begin_move();
    EXPECT_EQ(refused(), "history.unfinished_move");
    from_->end_move();
    EXPECT_TRUE(move());
    const auto place = (directory_ / "from").string();
    EXPECT_EQ(move_history(place, place, {}).error().reason, "history.same_place");
}

TEST_F(MoveHistoryTest, NoServerStartsOnHalfACopy) {
    ServeOptions options;
    options.data_dir = directory_ / "data";
    options.port = 0;
    options.is_port_given = true;
    options.has_demo = false;
    options.has_test_clock = true;
    for (const bool is_half : {true, false}) {
        auto stores = Stores::open(options);
        ASSERT_TRUE(stores) << stores.error().detail;
        if (is_half)
            stores->history->begin_move();
        else
            stores->history->end_move();
        Server server(options, std::move(*stores));
        const auto started = server.start();
        EXPECT_EQ(started.has_value(), !is_half);
        if (is_half)
            EXPECT_EQ(started.error().reason, "history.unfinished_move");
    }
}

}  // namespace qiao::app
