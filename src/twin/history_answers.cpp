#include "twin/history_answers.hpp"

#include "insight/asking.hpp"
#include "twin/ask.hpp"

namespace qiao::twin {
namespace {

Ground ground_of(clickhouse::Connection& connection, const insight::Ground& asked) {
    const Moment moment{asked.as_of, asked.calendar};
    return {connection, asked.limit ? members(*asked.limit, moment) : std::string(), asked.interval,
            moment};
}

}  // namespace

Result<std::optional<Time>> HistoryAnswers::kept_from() {
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
    return ask(ground_of(parts_.connection, ground), question);
}

Result<insight::Retention> HistoryAnswers::answer(const insight::Ground& ground,
                                                  const insight::RetentionQuestion& question) {
    return ask(ground_of(parts_.connection, ground), question);
}

Result<insight::Lifecycle> HistoryAnswers::answer(const insight::Ground& ground,
                                                  const insight::LifecycleQuestion& question) {
    return ask(ground_of(parts_.connection, ground), question);
}

Result<insight::Paths> HistoryAnswers::answer(const insight::Ground& ground,
                                              const insight::PathQuestion& question) {
    return ask(ground_of(parts_.connection, ground), question);
}

Result<insight::Distribution> HistoryAnswers::answer(
    const insight::Ground& ground, const insight::DistributionQuestion& question) {
    return ask(ground_of(parts_.connection, ground), question);
}

Result<insight::Intervals> HistoryAnswers::answer(const insight::Ground& ground,
                                                  const insight::IntervalQuestion& question) {
    return ask(ground_of(parts_.connection, ground), question);
}

Result<insight::Attribution> HistoryAnswers::answer(const insight::Ground& ground,
                                                    const insight::AttributionQuestion& question) {
    return ask(ground_of(parts_.connection, ground), question);
}

Result<insight::Computed> HistoryAnswers::answer(const insight::Ground& ground,
                                                 const insight::ResolvedMetric& metric,
                                                 const std::vector<insight::Unit>& units) {
    return ask(ground_of(parts_.connection, ground), metric, units);
}

Result<insight::Series> HistoryAnswers::answer_rest(const insight::Ground& ground,
                                                    const insight::ResolvedMetric& metric,
                                                    const std::vector<insight::Unit>& units,
                                                    std::span<const insight::Group> but) {
    return ask_rest(ground_of(parts_.connection, ground), metric, units, but);
}

Result<insight::Entries> HistoryAnswers::answer(const insight::Ground& ground,
                                                const insight::EntriesPlan& plan) {
    return ask(ground_of(parts_.connection, ground), plan);
}

Result<insight::Acquisition> HistoryAnswers::answer(const insight::Ground& ground,
                                                    const insight::AcquisitionQuestion& question,
                                                    std::span<const rule::Node> steps) {
    return ask(ground_of(parts_.connection, ground), question, steps);
}

Result<insight::ActivityByOrg> HistoryAnswers::answer(const insight::Ground& ground,
                                                      const insight::ProductUse& use,
                                                      const rule::Interval& interval) {
    auto asked = ground_of(parts_.connection, ground);
    asked.interval = interval;
    return ask(asked, use);
}

Result<std::vector<insight::ActivityPoint>> HistoryAnswers::answer(
    const insight::Ground& ground, const insight::ProductUse& use,
    const std::vector<insight::Unit>& days) {
    return ask(ground_of(parts_.connection, ground), use, days);
}

Result<insight::Screen> HistoryAnswers::answer(const insight::Ground& ground,
                                               const insight::ScreenQuestion& question) {
    return ask(ground_of(parts_.connection, ground), question);
}

Result<insight::StagesTogether> HistoryAnswers::answer(const insight::Ground& ground,
                                                       std::span<const rule::Node> stages,
                                                       std::span<const Time> moments) {
    return ask(ground_of(parts_.connection, ground), stages, moments);
}

Result<insight::Effort> HistoryAnswers::answer(const insight::Ground& ground,
                                               const insight::EffortQuestion& question,
                                               std::span<const insight::ProductUse> functions) {
    return ask(ground_of(parts_.connection, ground), question, functions);
}

}  // namespace qiao::twin
