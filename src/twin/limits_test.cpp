// The limits of a question travel to ClickHouse.
#include <gtest/gtest.h>

#include "insight/asking.hpp"
#include "insight/history_steps.hpp"
#include "insight/interval.hpp"
#include "insight/metric_engine.hpp"
#include "insight/paths.hpp"
#include "runtime/progress.hpp"
#include "twin/history_answers.hpp"
#include "twin/twin_world.hpp"

namespace qiao::twin {
namespace {

// Answers every question alike and keeps what it was asked.
class Scripted final : public clickhouse::Connection {
public:
    std::string asked;
    std::function<Result<clickhouse::Rows>()> answer;

    Result<clickhouse::Rows> ask(const std::string& select) override {
        asked = select;
        return answer();
    }
    Result<void> execute(const std::string&) override { return {}; }
    Result<void> insert(std::string_view, const std::string&, std::string_view) override {
        return {};
    }
};

class LimitsTest : public testing::Test {
protected:
    std::string outcome() {
        insight::Ground ground;
        ground.interval = {0, 86'400'000};
        ground.how.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        insight::IntervalQuestion question;
        question.first.event = "a";
        question.then.event = "b";
        question.window = std::chrono::hours(1);
        const MemoryScope scope(&memory_);
        const auto found = answers_.answer(ground, question);
        return found ? std::string("fine") : found.error().reason;
    }

    MemoryBudget memory_{std::size_t{1} << 20};
    Scripted connection_;
    SystemClock clock_;
    HistoryAnswers answers_{HistoryAnswers::Parts{connection_, [] { return std::nullopt; }, clock_,
                                                  [](Duration) { return true; }}};
};

TEST_F(LimitsTest, AQuestionCarriesThem) {
    constexpr std::size_t columns = 60;
    connection_.answer = [] { return clickhouse::Rows{clickhouse::Row(columns, 0)}; };
    EXPECT_EQ(outcome(), "fine");
    EXPECT_NE(connection_.asked.find("max_execution_time = 20"), std::string::npos);
    EXPECT_NE(connection_.asked.find("max_memory_usage = 16777216"), std::string::npos);
}

// Each of its statements is a part of the whole.
TEST_F(LimitsTest, AWatchedQuestionExpectsItsStatements) {
    Progress progress;
    std::vector<double> shares;
    connection_.answer = [&] {
        shares.push_back(progress.share());
        for (std::uint64_t step = 0; step < clickhouse::statement_steps; ++step)
            progress.advance();
        return shares.size() == 1 ? clickhouse::Rows{} : clickhouse::Rows{clickhouse::Row(1, 0)};
    };
    insight::Ground ground;
    ground.interval = {0, 86'400'000};
    insight::PathQuestion paths;
    paths.from.match.event = "a";
    paths.gap = std::chrono::minutes(30);
    const ProgressScope watched(progress);
    EXPECT_TRUE(answers_.answer(ground, paths));
    EXPECT_EQ(shares, (std::vector<double>{0, 0.5}));
    EXPECT_EQ(progress.share(), 1);
}

// A metric of two parts stands at a half after the first one.
TEST_F(LimitsTest, WhoAsksForAMetricExpectsItsStatements) {
    Progress progress;
    connection_.answer = [&] {
        for (std::uint64_t step = 0; step < clickhouse::statement_steps; ++step)
            progress.advance();
        return clickhouse::Rows{};
    };
    insight::Ground ground;
    ground.interval = {0, 86'400'000};
    insight::ResolvedMetric part;
    part.doing.match.event = "a";
    const std::vector<insight::Unit> units = {{Day{0}, 0, 86'400'000}};
    const ProgressScope watched(progress);
    progress.expect(2 * insight::history_steps);
    EXPECT_TRUE(answers_.answer(ground, part, units));
    EXPECT_EQ(progress.share(), 0.5);
    EXPECT_TRUE(answers_.answer_rest(ground, part, units, {}));
    EXPECT_EQ(progress.share(), 1);
}

TEST(ClickhouseLimits, TheEngineKeepsThem) {
    std::string why;
    auto* engine = property::open_bare_engine(why);
    if (!engine)
        GTEST_SKIP() << why;
    const std::string all = "SELECT length(groupArray(number)) FROM numbers(20000000)";
    EXPECT_TRUE(engine->ask(all));
    const auto refused = engine->ask(all + " SETTINGS max_memory_usage = 20000000");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, "clickhouse.too_large") << refused.error().detail;
}

}  // namespace
}  // namespace qiao::twin
