#include "history/history.hpp"

#include <gtest/gtest.h>

#include <filesystem>

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
        history_ = std::move(*History::open(directory_ / "history.duckdb", {}));
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
    history_->write({.splits = {visitor}});
    EXPECT_EQ(timeline_of(customer), (std::vector<std::string>{"login"}));
    EXPECT_EQ(timeline_of(visitor), (std::vector<std::string>{"view"}));
}

TEST_F(HistoryTest, ErasureForgetsTheWholeFamily) {
    history_->write({.rows = {row(visitor, 1, "view"), row(customer, 2, "login")},
                     .merges = {{visitor, customer}}});
    history_->write({.erased = {customer}});
    EXPECT_EQ(history_->row_count(), 0u);
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

TEST_F(HistoryTest, ACopyHoldsEverything) {
    history_->write({.rows = {row(customer, 1, "login")}, .positions = {{3, 17}}});
    history_->copy_to(directory_ / "copy.duckdb");
    auto copy = std::move(*History::open(directory_ / "copy.duckdb", {}));
    EXPECT_EQ(copy->row_count(), 1u);
    EXPECT_EQ(copy->positions()[3], 17u);
}

TEST_F(HistoryTest, ACopyCanBeCopiedAndKeepsItsKeys) {
    history_->write({.rows = {row(customer, 1, "login")},
                     .merges = {{visitor, customer}},
                     .positions = {{3, 17}}});
    history_->copy_to(directory_ / "nightly backup-1.duckdb");
    EXPECT_FALSE(std::filesystem::exists(directory_ / "nightly backup-1.duckdb.wal"));
    auto copy = std::move(*History::open(directory_ / "nightly backup-1.duckdb", {}));
    copy->copy_to(directory_ / "again.duckdb");
    copy = std::move(*History::open(directory_ / "again.duckdb", {}));
    copy->write({.rows = {row(visitor, 2, "view")},
                 .merges = {{visitor, customer}},
                 .positions = {{3, 18}}});
    EXPECT_EQ(copy->timeline({customer, time_from_ms(10), "", 10}).size(), 2u);
    EXPECT_EQ(copy->positions()[3], 18u);
}

TEST_F(HistoryTest, RetentionDropsOldRows) {
    history_->write({.rows = {row(customer, 1, "old"), row(customer, 9, "new")}});
    EXPECT_EQ(history_->drop_before(time_from_ms(5)), 1u);
    EXPECT_EQ(timeline_of(customer), (std::vector<std::string>{"new"}));
}

}  // namespace qiao::history
