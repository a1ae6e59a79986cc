#include "runtime/jobs.hpp"

#include <gtest/gtest.h>

#include <future>

namespace qiao {
namespace {

using namespace std::chrono_literals;

struct JobsTest : testing::Test {
    TestClock clock{time_from_ms(1'000'000)};
};

TEST_F(JobsTest, AJobEndsDoneWithItsResult) {
    Jobs jobs(clock, 1);
    auto started = jobs.start("import", [](Job& job) -> Result<std::string> {
        job.count(3, 4);
        return std::string("{\"rows\":3}");
    });
    ASSERT_TRUE(started);
    ASSERT_TRUE(jobs.wait_idle(10s));
    const auto state = jobs.find(started->id);
    ASSERT_TRUE(state);
    EXPECT_EQ(state->status, JobStatus::done);
    EXPECT_EQ(state->result_json, "{\"rows\":3}");
    EXPECT_EQ(state->progress(), 1.0);
    EXPECT_EQ(state->finished_at, clock.now());
}

TEST_F(JobsTest, FailuresAndFaultsEndFailed) {
    Jobs jobs(clock, 1);
    auto refused = jobs.start("a", [](Job&) -> Result<std::string> {
        return fail(ErrorCode::invalid, "x.y", "the file is empty");
    });
    auto broken =
        jobs.start("b", [](Job&) -> Result<std::string> { throw std::runtime_error("disk"); });
    ASSERT_TRUE(jobs.wait_idle(10s));
    EXPECT_EQ(jobs.find(refused->id)->status, JobStatus::failed);
    EXPECT_EQ(jobs.find(refused->id)->message, "the file is empty");
    EXPECT_EQ(jobs.find(broken->id)->status, JobStatus::failed);
}

TEST_F(JobsTest, ACancelledJobSeesItAndEndsCancelled) {
    Jobs jobs(clock, 1);
    std::promise<void> running;
    auto started = jobs.start("a", [&](Job& job) -> Result<std::string> {
        running.set_value();
        while (!job.is_cancelled())
            std::this_thread::sleep_for(1ms);
        return std::string("{}");
    });
    auto waiting = jobs.start("b", [](Job&) -> Result<std::string> {
        ADD_FAILURE() << "a job that was cancelled before its turn ran";
        return std::string();
    });
    running.get_future().wait();
    EXPECT_TRUE(jobs.cancel(waiting->id));
    EXPECT_TRUE(jobs.cancel(started->id));
    ASSERT_TRUE(jobs.wait_idle(10s));
    EXPECT_EQ(jobs.find(started->id)->status, JobStatus::cancelled);
    EXPECT_EQ(jobs.find(waiting->id)->status, JobStatus::cancelled);
    EXPECT_FALSE(jobs.cancel(started->id));
    EXPECT_FALSE(jobs.cancel("job_none"));
}

TEST_F(JobsTest, TheQueueHasALimit) {
    Jobs jobs(clock, 1, 1);
    std::promise<void> go, running;
    auto wait = go.get_future().share();
    ASSERT_TRUE(jobs.start("a", [&, wait](Job&) -> Result<std::string> {
        running.set_value();
        wait.wait();
        return std::string();
    }));
    running.get_future().wait();
    EXPECT_TRUE(jobs.start("b", [](Job&) -> Result<std::string> { return std::string(); }));
    auto third = jobs.start("c", [](Job&) -> Result<std::string> { return std::string(); });
    ASSERT_FALSE(third);
    EXPECT_EQ(third.error().reason, "jobs.too_many");
    go.set_value();
}

}  // namespace
}  // namespace qiao
