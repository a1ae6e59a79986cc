#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <limits>
#include <stdexcept>
#include <thread>

#include "runtime/clock.hpp"
#include "runtime/executor.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"

namespace qiao {
namespace {

using namespace std::chrono_literals;

TEST(TestClock, StandsStillUntilSet) {
    TestClock clock(time_from_ms(1'000));
    EXPECT_EQ(clock.now(), time_from_ms(1'000));
    clock.set(time_from_ms(5'000));
    EXPECT_EQ(clock.now(), time_from_ms(5'000));
}

TEST(WorkerPool, RunsTasksInOrder) {
    std::vector<int> seen;
    {
        WorkerPool pool(1, 100);
        for (int i = 0; i < 50; ++i)
            ASSERT_TRUE(pool.submit([&seen, i] { seen.push_back(i); }));
    }
    ASSERT_EQ(seen.size(), 50u);
    for (int i = 0; i < 50; ++i)
        EXPECT_EQ(seen[static_cast<std::size_t>(i)], i);
}

TEST(WorkerPool, RefusesTheTaskBeyondItsCapacityAndFinishesTheRest) {
    std::promise<void> started, go;
    std::atomic<int> ran{0};
    {
        WorkerPool pool(1, 2);
        ASSERT_TRUE(pool.submit([&] {
            started.set_value();
            go.get_future().wait();
        }));
        started.get_future().wait();
        EXPECT_TRUE(pool.submit([&] { ++ran; }));
        EXPECT_TRUE(pool.submit([&] { ++ran; }));
        EXPECT_FALSE(pool.submit([&] { ++ran; }));
        EXPECT_EQ(pool.waiting(), 2u);
        go.set_value();
    }
    EXPECT_EQ(ran, 2);
}

// Whether the threads look out for tasks, sleep again, or never slept.
TEST(WorkerPool, RunsWhatComesWhenItWasExpectedAndWhenNot) {
    std::atomic<int> ran{0};
    WorkerPool pool(3, 100);
    for (int round = 1; round <= 20; ++round) {
        pool.expect(round % 5);
        if (round % 3 == 0)
            std::this_thread::sleep_for(1ms);  // nothing comes: they sleep again
        for (int i = 0; i < 10; ++i)
            ASSERT_TRUE(pool.submit([&] {
                ++ran;
                ran.notify_one();
            }));
        for (int now = ran; now < round * 10; now = ran)
            ran.wait(now);
    }
    EXPECT_EQ(ran, 200);
    EXPECT_EQ(pool.waiting(), 0u);
}

TEST(Scheduler, RunsAJobWhenItsPeriodIsOverNotBefore) {
    TestClock clock(time_from_ms(0));
    Scheduler scheduler(clock);
    int runs = 0;
    scheduler.every(10s, "count", [&] { ++runs; });
    clock.set(time_from_ms(9'999));
    scheduler.run_due();
    EXPECT_EQ(runs, 0);
    clock.set(time_from_ms(10'000));
    scheduler.run_due();
    scheduler.run_due();
    EXPECT_EQ(runs, 1);
    clock.set(time_from_ms(100'000));
    scheduler.run_due();
    EXPECT_EQ(runs, 2);
}

TEST(Scheduler, GoesOnAfterAJobThatThrows) {
    TestClock clock(time_from_ms(0));
    Scheduler scheduler(clock);
    int bad = 0, good = 0;
    scheduler.every(1s, "bad", [&] {
        ++bad;
        throw std::runtime_error("the disk is gone");
    });
    scheduler.every(1s, "good", [&] { ++good; });
    clock.set(time_from_ms(1'000));
    scheduler.run_due();
    clock.set(time_from_ms(2'000));
    scheduler.run_due();
    EXPECT_EQ(bad, 2);
    EXPECT_EQ(good, 2);
}

TEST(Scheduler, RunsByItselfOnTheSystemClock) {
    SystemClock clock;
    Scheduler scheduler(clock);
    std::atomic<int> runs{0};
    scheduler.every(5ms, "tick", [&] { ++runs; });
    scheduler.start();
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (runs < 3 && std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(1ms);
    scheduler.stop();
    EXPECT_GE(runs, 3);
}

TEST(Metrics, GroupsSamplesOfOneFamilyUnderOneHeading) {
    Metrics metrics;
    metrics.counter("qiao_facts_total{source=\"segment\"}", "Facts taken in.").add(3);
    metrics.gauge("qiao_open", "Open\nthings.", [] { return 1.5; });
    metrics.counter("qiao_facts_total{source=\"sensors\"}", "Facts taken in.").add();
    EXPECT_EQ(metrics.text(),
              "# HELP qiao_facts_total Facts taken in.\n"
              "# TYPE qiao_facts_total counter\n"
              "qiao_facts_total{source=\"segment\"} 3\n"
              "qiao_facts_total{source=\"sensors\"} 1\n"
              "# HELP qiao_open Open\\nthings.\n"
              "# TYPE qiao_open gauge\n"
              "qiao_open 1.5\n");
}

TEST(Metrics, GivesTheSameCounterForTheSameName) {
    Metrics metrics;
    auto& first = metrics.counter("qiao_sends_total", "Sends.");
    EXPECT_EQ(&first, &metrics.counter("qiao_sends_total", "Sends."));
}

TEST(Metrics, WritesInfinityAsPrometheusReadsIt) {
    Metrics metrics;
    metrics.gauge("g", "G.", [] { return std::numeric_limits<double>::infinity(); });
    EXPECT_NE(metrics.text().find("g +Inf\n"), std::string::npos);
}

TEST(Log, KeepsOneMessageOnOneLine) {
    testing::internal::CaptureStderr();
    log::warn("a peer sent\n2026-01-01T00:00:00.000Z error forged");
    const auto written = testing::internal::GetCapturedStderr();
    EXPECT_EQ(std::count(written.begin(), written.end(), '\n'), 1);
    EXPECT_NE(written.find(" warning a peer sent 2026"), std::string::npos);
}

}  // namespace
}  // namespace qiao
