// insight's questions answered by a ClickHouse history, for a server that computes them there.
//
// Thread-safe as its connection is.
#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "clickhouse/connection.hpp"
#include "insight/history_engine.hpp"
#include "runtime/clock.hpp"

namespace qiao::twin {

class HistoryAnswers final : public insight::HistoryEngine {
public:
    struct Parts {
        clickhouse::Connection& connection;
        std::function<std::optional<Time>()> kept_from;  // may throw
        const Clock& clock;
        std::function<bool(Duration)> wait_fresh;
        // Whether the history is whole: no question is asked before. Empty: it always is.
        std::function<Result<void>()> usable;
    };
    explicit HistoryAnswers(Parts parts) : parts_(std::move(parts)) {}

    bool wait_fresh(Duration timeout) override { return parts_.wait_fresh(timeout); }
    Result<std::optional<Time>> kept_from() override;

    Result<insight::Funnel> answer(const insight::Ground& ground,
                                   const insight::FunnelQuestion& question) override;
    Result<insight::Retention> answer(const insight::Ground& ground,
                                      const insight::RetentionQuestion& question) override;
    Result<insight::Lifecycle> answer(const insight::Ground& ground,
                                      const insight::LifecycleQuestion& question) override;
    Result<insight::Paths> answer(const insight::Ground& ground,
                                  const insight::PathQuestion& question) override;
    Result<insight::Distribution> answer(const insight::Ground& ground,
                                         const insight::DistributionQuestion& question) override;
    Result<insight::Intervals> answer(const insight::Ground& ground,
                                      const insight::IntervalQuestion& question) override;
    Result<insight::Attribution> answer(const insight::Ground& ground,
                                        const insight::AttributionQuestion& question) override;
    Result<insight::Computed> answer(const insight::Ground& ground,
                                     const insight::ResolvedMetric& metric,
                                     const std::vector<insight::Unit>& units) override;
    Result<insight::Series> answer_rest(const insight::Ground& ground,
                                        const insight::ResolvedMetric& metric,
                                        const std::vector<insight::Unit>& units,
                                        std::span<const insight::Group> but) override;
    Result<insight::Entries> answer(const insight::Ground& ground,
                                    const insight::EntriesPlan& plan) override;
    Result<insight::Acquisition> answer(const insight::Ground& ground,
                                        const insight::AcquisitionQuestion& question,
                                        std::span<const rule::Node> steps) override;
    Result<insight::ActivityByOrg> answer(const insight::Ground& ground,
                                          const insight::ProductUse& use,
                                          const rule::Interval& interval) override;
    Result<std::vector<insight::ActivityPoint>> answer(
        const insight::Ground& ground, const insight::ProductUse& use,
        const std::vector<insight::Unit>& days) override;
    Result<insight::Screen> answer(const insight::Ground& ground,
                                   const insight::ScreenQuestion& question) override;
    Result<insight::StagesTogether> answer(const insight::Ground& ground,
                                           std::span<const rule::Node> stages,
                                           std::span<const Time> moments) override;
    Result<insight::Effort> answer(const insight::Ground& ground,
                                   const insight::EffortQuestion& question,
                                   std::span<const insight::ProductUse> functions) override;

private:
    Parts parts_;
    std::mutex mutex_;
    struct Kept {
        Time at{};
        std::optional<Time> from;
    };
    std::optional<Kept> kept_;  // as it was last told
};

}  // namespace qiao::twin
