// Which steps share rows, and chains of many steps of one event.
#include "twin/sequence.hpp"

#include <gtest/gtest.h>

#include <set>

#include "twin/twin_world.hpp"

namespace qiao::twin {
namespace {

using rule::EventMatch;
using Sets = std::vector<std::uint32_t>;

EventMatch match(const char* event) { return {event, {}, {}}; }
EventMatch match(const char* event, rule::Op op, std::vector<Value> values) {
    return {event, {{"page", {op, std::move(values), {}, ValueType::string}}}, {}};
}
EventMatch page(const char* name) { return match("view", rule::Op::eq, {std::string(name)}); }

Sets rivals(const std::vector<EventMatch>& steps) { return shape_of(steps, "").rivals.value(); }

TEST(Rivals, StepsOfUnlikeEventsAreNone) {
    EXPECT_EQ(rivals({match("view"), match("order"), match("pay")}), Sets{});
}

TEST(Rivals, StepsThatAskForTheSameAreOneSet) {
    EXPECT_EQ(rivals({match("view"), match("pay"), match("view"), match("view")}), Sets{0b1101});
}

TEST(Rivals, StepsThatWantUnlikeValuesAreNone) {
    EXPECT_EQ(rivals({page("home"), page("list"), page("detail")}), Sets{});
    EXPECT_EQ(rivals({page("home"), page("home"), page("detail")}), Sets{0b011});
}

TEST(Rivals, ConditionsThatOneRowMayFulfilCountInEveryUnion) {
    const auto any = match("view");
    EXPECT_EQ(rivals({any, page("home")}), Sets{0b11});
    // Home and list have no row in common, but each has with any page.
    const auto found = rivals({page("home"), any, page("list")});
    EXPECT_EQ(std::set<std::uint32_t>(found.begin(), found.end()),
              (std::set<std::uint32_t>{0b011, 0b110, 0b101, 0b111}));
}

TEST(Rivals, TooManyAreNotCounted) {
    std::vector<EventMatch> steps;
    for (std::size_t i = 0; i < most_rival_conditions; ++i)
        steps.push_back(match("view", rule::Op::ne, {std::to_string(i)}));
    EXPECT_TRUE(shape_of(steps, "").rivals);
    steps.push_back(match("view"));
    EXPECT_FALSE(shape_of(steps, "").rivals);
}

class ChainsTest : public testing::Test {
protected:
    void SetUp() override {
        std::string why;
        engine_ = property::open_bare_engine(why);
        if (!engine_)
            GTEST_SKIP() << why;
    }
    // How long a chain the rows of one moment make, by the steps that each can be.
    Result<std::int64_t> reached(const ChainShape& shape, const std::string& steps_of_rows) {
        clickhouse::Select rows(
            {"1 AS person", "toInt64(1000) AS time_ms", "steps", "toUInt32(0) AS breaks"});
        rows.from("(SELECT toUInt32(arrayJoin(" + steps_of_rows + ")) AS steps)");
        clickhouse::Select chains(
            {reached_of(fold_chains(shape, "moments", Keep::latest_start)) + " AS reached"});
        chains.from(moments_of(rows, "person", shape));
        const auto found = engine_->ask(chains.text());
        if (!found)
            return fail(found.error());
        return found->at(0).at(0).to_number<std::int64_t>();
    }

    clickhouse::Connection* engine_ = nullptr;
};

TEST_F(ChainsTest, ManyStepsOfOneEventAreCountedByItsRows) {
    const std::vector<EventMatch> steps(20, match("view"));
    const auto shape = shape_of(steps, "1000");
    const std::string all = std::to_string((1u << 20) - 1);
    for (const int rows : {1, 7, 19, 20, 500})
        EXPECT_EQ(
            reached(shape, "arrayWithConstant(" + std::to_string(rows) + ", " + all + ")").value(),
            std::min(rows, 20));
}

// A row that can be both is the one that the other is not.
TEST_F(ChainsTest, RowsAreGivenToTheStepsThatNeedThem) {
    const auto shape = shape_of_any(3, "1000");
    EXPECT_EQ(reached(shape, "[3, 1]").value(), 2);
    EXPECT_EQ(reached(shape, "[3, 3, 3]").value(), 2);
    EXPECT_EQ(reached(shape, "[3, 7, 2]").value(), 3);
    EXPECT_EQ(reached(shape, "[1, 1, 4]").value(), 1);
    EXPECT_EQ(reached(shape, "[6, 6]").value(), 0);
}

TEST_F(ChainsTest, TooManyConditionsAreRefused) {
    std::vector<EventMatch> steps;
    for (std::size_t i = 0; i <= most_rival_conditions; ++i)
        steps.push_back(match("view", rule::Op::ne, {std::to_string(i)}));
    const auto found = reached(shape_of(steps, "1000"), "[1]");
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().reason, "clickhouse.too_many_conditions") << found.error().detail;
}

}  // namespace
}  // namespace qiao::twin
