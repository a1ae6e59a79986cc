#include "journal/detail/message_filter.hpp"

#include <gtest/gtest.h>

namespace qiao::journal::detail {
namespace {

MessageHash hash_of(int number) { return hash_message("key_1", "m-" + std::to_string(number)); }

TEST(MessageFilter, HoldsAllThatWasAddedAndFewOthers) {
    MessageFilter filter(16 << 20);
    constexpr int added = 1'000'000;
    for (int i = 0; i < added; ++i)
        filter.add(hash_of(i));
    ASSERT_FALSE(filter.is_full());
    for (int i = 0; i < added; ++i)
        ASSERT_TRUE(filter.may_hold(hash_of(i)));
    int wrong = 0;
    for (int i = added; i < added + 100'000; ++i)
        wrong += filter.may_hold(hash_of(i));
    EXPECT_LT(wrong, 3'000);  // three layers, each wrong about fewer than one in a hundred
}

TEST(MessageFilter, DeniesNothingOnceItsMemoryIsUsed) {
    MessageFilter filter(300 << 10);  // one layer
    for (int i = 0; i < 400'000; ++i)
        filter.add(hash_of(i));
    EXPECT_TRUE(filter.is_full());
    EXPECT_TRUE(filter.may_hold(hash_of(-1)));
    EXPECT_EQ(filter.bytes(), 0u);
    EXPECT_TRUE(MessageFilter::full().may_hold(hash_of(-1)));
}

TEST(MessageFilter, TakesOverAnotherAndGoesOnGrowing) {
    MessageFilter stored(16 << 20), filter(16 << 20);
    for (int i = 0; i < 300'000; ++i)
        stored.add(hash_of(i));
    filter.add(hash_of(-1));
    filter.adopt(std::move(stored));
    for (int i = 300'000; i < 600'000; ++i)
        filter.add(hash_of(i));
    for (int i = -1; i < 600'000; ++i)
        ASSERT_TRUE(filter.may_hold(hash_of(i)));
    EXPECT_FALSE(filter.is_full());
}

TEST(MessageFilter, IsFullWhereTheOtherIs) {
    MessageFilter filter(16 << 20);
    filter.add(hash_of(1));
    filter.adopt(MessageFilter::full());
    EXPECT_TRUE(filter.may_hold(hash_of(2)));
}

}  // namespace
}  // namespace qiao::journal::detail
