#include "insight/turns.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace qiao::insight {
namespace {

using std::chrono::steady_clock;
const auto soon = [] { return steady_clock::now() + std::chrono::milliseconds(20); };
const auto late = [] { return steady_clock::now() + std::chrono::minutes(1); };

TEST(Turns, ManyQuestionsOfOnePersonWaitForEachOtherAndForNobodyElse) {
    Turns turns(2);
    const auto first = turns.take("anna", late());
    auto second = turns.take("anna", late());
    ASSERT_TRUE(first && second);
    EXPECT_FALSE(turns.take("anna", soon()));
    EXPECT_TRUE(turns.take("bela", soon()));

    const std::atomic<bool> has_left{true};
    EXPECT_FALSE(turns.take("anna", late(), &has_left));

    std::thread third([&] { EXPECT_TRUE(turns.take("anna", late())); });
    second.reset();
    third.join();
    EXPECT_TRUE(turns.take("anna", soon()));
}

}  // namespace
}  // namespace qiao::insight
