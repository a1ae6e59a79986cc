#include "engage/lift_rules.hpp"

#include <gtest/gtest.h>

namespace qiao::engage {

// Newcombe 1998, table II, row (a): 56/70 against 48/80; method 10 gives 0.0524 to 0.3339.
TEST(JudgeLift, MatchesNewcombesFirstExample) {
    const auto lift = judge_lift({70, 56}, {80, 48});
    EXPECT_NEAR(lift.difference, 0.2, 1e-12);
    EXPECT_NEAR(lift.interval.low, 0.0524, 5e-5);
    EXPECT_NEAR(lift.interval.high, 0.3339, 5e-5);
}

// Row (b): 9/10 against 3/10; method 10 gives 0.1705 to 0.8090.
TEST(JudgeLift, MatchesNewcombesSmallExample) {
    const auto lift = judge_lift({10, 9}, {10, 3});
    EXPECT_NEAR(lift.interval.low, 0.1705, 5e-5);
    EXPECT_NEAR(lift.interval.high, 0.8090, 5e-5);
    EXPECT_FALSE(lift.has_enough_data);
}

TEST(JudgeLift, NeedsAHundredPeopleAndFiveExpectedConversionsInEachArm) {
    EXPECT_FALSE(judge_lift({99, 50}, {1000, 500}).has_enough_data);
    EXPECT_TRUE(judge_lift({100, 50}, {1000, 500}).has_enough_data);
    EXPECT_FALSE(judge_lift({100, 4}, {1000, 44}).has_enough_data);
}

TEST(JudgeLift, SaysNothingOfEmptyArms) {
    const auto lift = judge_lift({0, 0}, {100, 10});
    EXPECT_FALSE(lift.has_enough_data);
    EXPECT_EQ(lift.p_value, 1);
    EXPECT_EQ(judge_lift({200, 0}, {200, 0}).p_value, 1);
}

TEST(Sentences, FollowTheInterval) {
    EXPECT_NE(sentence_en(judge_lift({1000, 120}, {1000, 60})).find("works"), std::string::npos);
    EXPECT_NE(sentence_en(judge_lift({1000, 60}, {1000, 120})).find("harm"), std::string::npos);
    EXPECT_NE(sentence_zh(judge_lift({1000, 60}, {1000, 62})).find("看不出"), std::string::npos);
    EXPECT_NE(sentence_zh(judge_lift({10, 6}, {10, 6})).find("数据还不够"), std::string::npos);
}

}  // namespace qiao::engage
