#include "engage/breaker_rules.hpp"

#include <gtest/gtest.h>

#include "engage/detail/outcomes.hpp"

namespace qiao::engage {
namespace {

using namespace std::chrono_literals;
constexpr SteadyTime start{1000s};

Breaker failed_times(int times) {
    Breaker breaker;
    for (int i = 0; i < times; ++i)
        breaker.failed(start);
    return breaker;
}

TEST(Breaker, OpensAtTheFifthFailureInARow) {
    EXPECT_EQ(failed_times(4).state(start), Breaker::State::closed);
    EXPECT_EQ(failed_times(5).state(start), Breaker::State::open);
    auto breaker = failed_times(4);
    breaker.succeeded();
    breaker.failed(start);
    EXPECT_EQ(breaker.state(start), Breaker::State::closed);
}

TEST(Breaker, LetsOneTrialThroughWhenHalfOpen) {
    auto breaker = failed_times(5);
    EXPECT_EQ(breaker.admits(start + 9s, 16), 0u);
    EXPECT_EQ(breaker.admits(start + 10s, 16), 1u);
    breaker.started(start + 10s);
    EXPECT_EQ(breaker.admits(start + 10s, 16), 0u);
    breaker.succeeded();
    EXPECT_EQ(breaker.admits(start + 10s, 16), 16u);
}

TEST(Breaker, WaitsTwiceAsLongAfterAFailedTrial) {
    auto breaker = failed_times(5);
    breaker.started(start + 10s);
    breaker.failed(start + 10s);
    EXPECT_EQ(breaker.state(start + 29s), Breaker::State::open);
    EXPECT_EQ(breaker.state(start + 30s), Breaker::State::half_open);
}

TEST(TokenBucket, GivesItsRateAndNoMore) {
    TokenBucket bucket;
    EXPECT_EQ(bucket.take(start, 10, 100), 10u);
    EXPECT_EQ(bucket.take(start + 100ms, 10, 100), 1u);
    EXPECT_EQ(bucket.take(start + 100ms, 10, 100), 0u);
    EXPECT_EQ(bucket.take(start + 1h, 10, 100), 10u);
    EXPECT_EQ(bucket.take(start + 1h, 0, 100), 100u);
}

TEST(TryAgain, EndsAfterEightTriesOrADay) {
    const Time created = time_from_ms(0);
    EXPECT_TRUE(may_try_again(7, created, created + 1h));
    EXPECT_FALSE(may_try_again(8, created, created + 1h));
    EXPECT_FALSE(may_try_again(1, created, created + 24h));
    EXPECT_EQ(pause_after(1), 2s);
    EXPECT_EQ(pause_after(3), 8s);
    EXPECT_EQ(pause_after(20), 5min);
}

TEST(JudgeAnswer, RepeatsTheUnknownOnlyWhereTheProviderKnowsTheKey) {
    const action::Submitted unknown{action::Outcome::unknown, {}, {}, false};
    EXPECT_EQ(detail::judge_answer(unknown, {true, true}).state, "queued");
    EXPECT_EQ(detail::judge_answer(unknown, {false, true}).state, "unknown");
    EXPECT_EQ(detail::judge_answer(unknown, {true, false}).state, "unknown");
    const action::Submitted refused{action::Outcome::refused, {}, {}, false};
    EXPECT_EQ(detail::judge_answer(refused, {true, true}).state, "failed");
}

TEST(JudgeAnswer, AnUnansweredAttemptStaysUnknownWhenTheLastOneDidNotLeave) {
    const action::Submitted not_sent{action::Outcome::not_sent, {}, {}, false};
    EXPECT_EQ(detail::judge_answer(not_sent, {true, true, true}).state, "queued");
    EXPECT_EQ(detail::judge_answer(not_sent, {true, false, false}).state, "failed");
    EXPECT_EQ(detail::judge_answer(not_sent, {true, false, true}).state, "unknown");
    // Who knows the key refuses only what it does not have.
    const action::Submitted refused{action::Outcome::refused, {}, {}, false};
    EXPECT_EQ(detail::judge_answer(refused, {true, false, true}).state, "failed");
}

}  // namespace
}  // namespace qiao::engage
