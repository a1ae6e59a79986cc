#include "access/tries.hpp"

#include <gtest/gtest.h>

namespace qiao::access {
namespace {

constexpr Time start = time_from_ms(1'800'000'000'000);
constexpr Duration one_minute = std::chrono::minutes(1);

Tries after(Tries tries, int times, Time now) {
    for (int time = 0; time < times; ++time)
        tries = after_wrong_try(tries, now);
    return tries;
}

TEST(WrongTries, NineDoNotLockTheTenthDoes) {
    EXPECT_FALSE(is_locked(after({}, 9, start), start));
    EXPECT_TRUE(is_locked(after({}, 10, start), start));
}

TEST(WrongTries, OldOnesDoNotCount) {
    const auto nine = after({}, 9, start);
    EXPECT_TRUE(
        is_locked(after(nine, 1, start + 15 * one_minute - Duration(1)), start + 14 * one_minute));
    EXPECT_FALSE(is_locked(after(nine, 1, start + 15 * one_minute), start + 15 * one_minute));
}

TEST(WrongTries, EachLockIsTwiceAsLongUpToFourHours) {
    Tries tries;
    auto now = start;
    for (const int minutes : {5, 10, 20, 40, 80, 160, 240, 240, 240, 240, 240, 240, 240}) {
        tries = after(tries, 10, now);
        EXPECT_EQ(tries.locked_until, now + minutes * one_minute);
        EXPECT_TRUE(is_locked(tries, tries.locked_until - Duration(1)));
        EXPECT_FALSE(is_locked(tries, tries.locked_until));
        now = tries.locked_until;
    }
}

TEST(WrongTries, ADayWithoutOneStartsAfresh) {
    const auto tries = after(after({}, 10, start), 10, start + tries_forgotten);
    EXPECT_EQ(tries.locked_until, start + tries_forgotten + first_lock);
}

}  // namespace
}  // namespace qiao::access
