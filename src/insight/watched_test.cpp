#include "insight/watched.hpp"

#include <gtest/gtest.h>

#include "index/blocks.hpp"

namespace qiao::insight {
namespace {

TEST(Watched, TellsTheAskerAloneHowFarAQuestionIs) {
    Watched watched;
    {
        const Watched::Watch watch(watched, "anna", "q1");
        ASSERT_NE(Progress::current(), nullptr);
        const auto waiting = watched.how_far("anna", "q1");
        ASSERT_TRUE(waiting);
        EXPECT_EQ(waiting->done, 0);
        EXPECT_FALSE(waiting->left);
        EXPECT_FALSE(watched.how_far("bela", "q1"));
        EXPECT_FALSE(watched.how_far("anna", "q2"));
        const auto done = index::each_block(4, {}, [&](unsigned, index::Dense block) {
            const auto far = watched.how_far("anna", "q1");
            EXPECT_TRUE(far && far->done == block / 4.0);
            EXPECT_EQ(far->left.has_value(), block > 0);
            return Result<void>{};
        });
        EXPECT_TRUE(done);
        EXPECT_EQ(watched.how_far("anna", "q1")->done, 1);
        Progress::current()->expect(4);  // a second look at everybody
        EXPECT_EQ(watched.how_far("anna", "q1")->done, 1);
    }
    EXPECT_FALSE(watched.how_far("anna", "q1"));
    EXPECT_EQ(Progress::current(), nullptr);
}

TEST(Watched, TheLaterOfTheSameIdIsSeen) {
    Watched watched;
    const Watched::Watch first(watched, "anna", "q1");
    auto* const of_first = Progress::current();
    of_first->expect(1);
    of_first->advance();
    {
        const Watched::Watch second(watched, "anna", "q1");
        EXPECT_EQ(watched.how_far("anna", "q1")->done, 0);
    }
    EXPECT_FALSE(watched.how_far("anna", "q1"));
    const Watched::Watch unseen(watched, "anna", "");
    EXPECT_FALSE(watched.how_far("anna", ""));
}

}  // namespace
}  // namespace qiao::insight
