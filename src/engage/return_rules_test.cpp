#include "engage/return_rules.hpp"

#include <gtest/gtest.h>

namespace qiao::engage {
namespace {

Decimal yuan(double amount) { return *Decimal::from_double(amount); }

TEST(JudgeReturns, SharesTheCostAmongThoseItReached) {
    const auto made = judge_returns(yuan(45), {1'000, 0, 30}, {}, std::nullopt);
    EXPECT_EQ(made.per_delivered, yuan(0.045));
    EXPECT_EQ(made.per_clicked, std::nullopt);
    EXPECT_EQ(made.per_converted, yuan(1.5));
    EXPECT_EQ(made.per_acquired, std::nullopt);
    EXPECT_EQ(made.per_activated, std::nullopt);
    EXPECT_EQ(made.incremental, std::nullopt);
    EXPECT_EQ(made.income, std::nullopt);
}

TEST(JudgeReturns, SharesTheCostAmongThoseItWon) {
    Lifts lifts;
    lifts.acquired = judge_lift({1'000, 40}, {500, 20});    // 4 % in both arms
    lifts.activated = judge_lift({1'000, 200}, {500, 50});  // 20 % against 10 %
    const auto made = judge_returns(yuan(200), {900, 400, 300}, lifts, std::nullopt);
    EXPECT_EQ(made.per_acquired, yuan(5));
    EXPECT_EQ(made.per_activated, yuan(1));
    EXPECT_EQ(made.incremental_acquired, std::nullopt);
    EXPECT_NEAR(*made.incremental_activated, 100, 1e-9);
    lifts.acquired = judge_lift({1'000, 0}, {500, 20});
    EXPECT_EQ(judge_returns(yuan(200), {}, lifts, std::nullopt).per_acquired, std::nullopt);
}

TEST(JudgeReturns, OwesTheCampaignWhatTheControlArmDoesNotPredict) {
    const auto lift = judge_lift({1'000, 300}, {500, 100});  // 30 % against 20 %
    ASSERT_TRUE(is_sure_gain(lift));
    const auto made = judge_returns(yuan(200), {900, 400, 300}, {lift, {}, {}},
                                    ArmIncomes{yuan(9'000), yuan(2'000)});
    EXPECT_NEAR(*made.incremental, 100, 1e-9);
    EXPECT_EQ(made.per_incremental, yuan(2));
    EXPECT_EQ(made.income, yuan(9'000));
    EXPECT_EQ(made.incremental_income, yuan(5'000));  // 2,000 among 500 is 4,000 among 1,000
    EXPECT_EQ(made.gain, yuan(4'800));
}

TEST(JudgeReturns, TellsNoIncrementWhereTheLiftIsNotSure) {
    for (const auto& lift :
         {judge_lift({99, 90}, {1'000, 100}), judge_lift({1'000, 200}, {500, 100}),
          judge_lift({1'000, 100}, {500, 200})}) {
        const auto made =
            judge_returns(yuan(10), {10, 10, 10}, {lift, {}, {}}, ArmIncomes{yuan(100), yuan(10)});
        EXPECT_EQ(made.incremental, std::nullopt);
        EXPECT_EQ(made.per_incremental, std::nullopt);
        EXPECT_EQ(made.incremental_income, std::nullopt);
        EXPECT_EQ(made.gain, std::nullopt);
        EXPECT_EQ(made.income, yuan(100));
    }
}

}  // namespace
}  // namespace qiao::engage
