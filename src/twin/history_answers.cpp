#include "twin/history_answers.hpp"

#include <algorithm>
#include <chrono>

#include "insight/asking.hpp"
#include "insight/history_steps.hpp"
#include "runtime/memory_budget.hpp"
#include "runtime/progress.hpp"
#include "twin/ask.hpp"

namespace qiao::twin {
namespace {

// ClickHouse holds in memory the rows of people that the index reads from its files.
constexpr std::size_t rows_for_columns = 16;
// At most, of one part. Who asks for a metric expects them (insight/history_steps.hpp).
constexpr std::size_t statements_of_metric = 2;
static_assert(clickhouse::statement_steps == insight::history_steps);

// Asks until the deadline of the question, each time for no longer than is left, and with no more
// memory than it may take.
class Timed final : public clickhouse::Connection {
public:
    // `expected`: so many statements are expected already.
    Timed(clickhouse::Connection& connection, const insight::Ground& asked, std::size_t expected)
        : connection_(connection), asked_(asked), expected_(expected) {}

    Result<clickhouse::Rows> ask(const std::string& select) override {
        if (auto timely = insight::in_time(asked_); !timely)
            return fail(timely.error());
        if (expected_ == 0)
            expect(1);
        --expected_;
        return connection_.ask(select + limits());
    }
    void expect(std::size_t statements) override {
        if (auto* progress = Progress::current())
            progress->expect(statements * clickhouse::statement_steps);
        expected_ += statements;
    }
    Result<void> execute(const std::string& statement) override {
        return connection_.execute(statement);
    }
    Result<void> insert(std::string_view table, const std::string& lines,
                        std::string_view token) override {
        return connection_.insert(table, lines, token);
    }

private:
    std::string limits() const {
        std::string made;
        const auto add = [&](const char* name, auto value) {
            made += (made.empty() ? " SETTINGS " : ", ") + std::string(name) + " = " +
                    std::to_string(value);
        };
        if (asked_.how.deadline) {
            const auto left = std::chrono::ceil<std::chrono::seconds>(
                *asked_.how.deadline - std::chrono::steady_clock::now());
            add("max_execution_time", std::max<std::int64_t>(1, left.count()));
        }
        if (const auto* memory = MemoryScope::current())
            add("max_memory_usage", memory->limit() * rows_for_columns);
        return made;
    }
    clickhouse::Connection& connection_;
    const insight::Ground& asked_;
    std::size_t expected_;  // statements that are still to come
};

struct Asked {
    Asked(clickhouse::Connection& to, const insight::Ground& asked, std::size_t expected = 0)
        : connection(to, asked, expected),
          ground{connection, {}, asked.interval, {asked.as_of, asked.calendar}} {
        if (asked.limit)
            ground.people = members(*asked.limit, ground.moment);
    }
    Asked(const Asked&) = delete;
    Asked& operator=(const Asked&) = delete;

    Timed connection;
    Ground ground;
};

}  // namespace

Result<std::optional<Time>> HistoryAnswers::kept_from() {
    if (parts_.usable)
        if (auto usable = parts_.usable(); !usable)
            return fail(usable.error());
    constexpr Duration told_for = std::chrono::minutes(1);
    const std::lock_guard lock(mutex_);
    const Time now = parts_.clock.now();
    if (!kept_ || now - kept_->at >= told_for) {
        try {
            kept_ = {now, parts_.kept_from()};
        } catch (const std::runtime_error&) {
            return fail(ErrorCode::unavailable, "clickhouse.unreachable",
                        "ClickHouse, which keeps the history, cannot be reached; try again later.");
        }
    }
    return kept_->from;
}

Result<insight::Funnel> HistoryAnswers::answer(const insight::Ground& ground,
                                               const insight::FunnelQuestion& question) {
    const Asked asked(parts_.connection, ground);
    return ask(asked.ground, question);
}

Result<insight::Retention> HistoryAnswers::answer(const insight::Ground& ground,
                                                  const insight::RetentionQuestion& question) {
    const Asked asked(parts_.connection, ground);
    return ask(asked.ground, question);
}

Result<insight::Lifecycle> HistoryAnswers::answer(const insight::Ground& ground,
                                                  const insight::LifecycleQuestion& question) {
    const Asked asked(parts_.connection, ground);
    return ask(asked.ground, question);
}

Result<insight::Paths> HistoryAnswers::answer(const insight::Ground& ground,
                                              const insight::PathQuestion& question) {
    const Asked asked(parts_.connection, ground);
    return ask(asked.ground, question);
}

Result<insight::Distribution> HistoryAnswers::answer(
    const insight::Ground& ground, const insight::DistributionQuestion& question) {
    const Asked asked(parts_.connection, ground);
    return ask(asked.ground, question);
}

Result<insight::Intervals> HistoryAnswers::answer(const insight::Ground& ground,
                                                  const insight::IntervalQuestion& question) {
    const Asked asked(parts_.connection, ground);
    return ask(asked.ground, question);
}

Result<insight::Attribution> HistoryAnswers::answer(const insight::Ground& ground,
                                                    const insight::AttributionQuestion& question) {
    const Asked asked(parts_.connection, ground);
    return ask(asked.ground, question);
}

Result<insight::Computed> HistoryAnswers::answer(const insight::Ground& ground,
                                                 const insight::ResolvedMetric& metric,
                                                 const std::vector<insight::Unit>& units) {
    const Asked asked(parts_.connection, ground, statements_of_metric);
    return ask(asked.ground, metric, units);
}

Result<insight::Series> HistoryAnswers::answer_rest(const insight::Ground& ground,
                                                    const insight::ResolvedMetric& metric,
                                                    const std::vector<insight::Unit>& units,
                                                    std::span<const insight::Group> but) {
    const Asked asked(parts_.connection, ground, statements_of_metric);
    return ask_rest(asked.ground, metric, units, but);
}

Result<insight::Entries> HistoryAnswers::answer(const insight::Ground& ground,
                                                const insight::EntriesPlan& plan) {
    const Asked asked(parts_.connection, ground);
    return ask(asked.ground, plan);
}

Result<insight::Acquisition> HistoryAnswers::answer(const insight::Ground& ground,
                                                    const insight::AcquisitionQuestion& question,
                                                    std::span<const rule::Node> steps) {
    const Asked asked(parts_.connection, ground);
    return ask(asked.ground, question, steps);
}

Result<insight::ActivityByOrg> HistoryAnswers::answer(const insight::Ground& ground,
                                                      const insight::ProductUse& use,
                                                      const rule::Interval& interval) {
    Asked asked(parts_.connection, ground);
    asked.ground.interval = interval;
    return ask(asked.ground, use);
}

Result<std::vector<insight::ActivityPoint>> HistoryAnswers::answer(
    const insight::Ground& ground, const insight::ProductUse& use,
    const std::vector<insight::Unit>& days) {
    const Asked asked(parts_.connection, ground);
    return ask(asked.ground, use, days);
}

Result<insight::Screen> HistoryAnswers::answer(const insight::Ground& ground,
                                               const insight::ScreenQuestion& question) {
    const Asked asked(parts_.connection, ground);
    return ask(asked.ground, question);
}

Result<insight::StagesTogether> HistoryAnswers::answer(const insight::Ground& ground,
                                                       std::span<const rule::Node> stages,
                                                       std::span<const Time> moments) {
    const Asked asked(parts_.connection, ground);
    return ask(asked.ground, stages, moments);
}

Result<insight::Effort> HistoryAnswers::answer(const insight::Ground& ground,
                                               const insight::EffortQuestion& question,
                                               std::span<const insight::ProductUse> functions) {
    const Asked asked(parts_.connection, ground);
    return ask(asked.ground, question, functions);
}

}  // namespace qiao::twin
