#include <gtest/gtest.h>

#include "app/pacing_rules.hpp"

namespace qiao::app {
namespace {

TEST(CommitPause, IsNothingUpToTheFreeLagAndGrowsEvenlyToTheLongest) {
    EXPECT_EQ(commit_pause(0), Duration(0));
    EXPECT_EQ(commit_pause(free_lag), Duration(0));
    EXPECT_EQ(commit_pause(free_lag + free_lag / 10), longest_commit_pause / 10);
    EXPECT_EQ(commit_pause(2 * free_lag - 1), longest_commit_pause - Duration(1));
    EXPECT_EQ(commit_pause(2 * free_lag), longest_commit_pause);
    EXPECT_EQ(commit_pause(~std::uint64_t{0}), longest_commit_pause);
}

}  // namespace
}  // namespace qiao::app
