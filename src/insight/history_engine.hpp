// Questions answered by a history that can, instead of by the index: the same answers, computed
// where the facts are (module twin).
#pragma once

#include <map>
#include <span>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "insight/activity.hpp"
#include "insight/question.hpp"

namespace qiao::insight {

struct Ground;
struct Funnel;
struct FunnelQuestion;
struct Retention;
struct RetentionQuestion;
struct Lifecycle;
struct LifecycleQuestion;
struct Paths;
struct PathQuestion;
struct Distribution;
struct DistributionQuestion;
struct Intervals;
struct IntervalQuestion;
struct Attribution;
struct AttributionQuestion;
struct ResolvedMetric;
struct Computed;
struct Series;
struct Entries;
struct EntriesPlan;
struct Acquisition;
struct AcquisitionQuestion;
struct Screen;
struct ScreenQuestion;
struct Effort;
struct EffortQuestion;

// How many people were in these stages at some moments, one stage for each moment: numbers from 0,
// the lowest stage first, and the one after the highest for none.
using StagesTogether = std::map<std::vector<std::size_t>, std::uint64_t>;

// Thread-safe. Questions are resolved; of the ground, `snapshot`, `people` and `how` mean nothing.
// Errors: those of the question's own engine that belong to its form, and the history's.
class HistoryEngine {
public:
    virtual ~HistoryEngine() = default;

    // Whether every fact acknowledged before the call was there before the timeout.
    virtual bool wait_fresh(Duration timeout) = 0;

    // Asked first; a minute old at most: events before it are gone. Error: history_incomplete.
    virtual Result<std::optional<Time>> kept_from() = 0;

    virtual Result<Funnel> answer(const Ground& ground, const FunnelQuestion& question) = 0;
    virtual Result<Retention> answer(const Ground& ground, const RetentionQuestion& question) = 0;
    virtual Result<Lifecycle> answer(const Ground& ground, const LifecycleQuestion& question) = 0;
    virtual Result<Paths> answer(const Ground& ground, const PathQuestion& question) = 0;
    virtual Result<Distribution> answer(const Ground& ground,
                                        const DistributionQuestion& question) = 0;
    virtual Result<Intervals> answer(const Ground& ground, const IntervalQuestion& question) = 0;
    virtual Result<Attribution> answer(const Ground& ground,
                                       const AttributionQuestion& question) = 0;
    // One part of a metric, and all its groups but these together.
    virtual Result<Computed> answer(const Ground& ground, const ResolvedMetric& metric,
                                    const std::vector<Unit>& units) = 0;
    virtual Result<Series> answer_rest(const Ground& ground, const ResolvedMetric& metric,
                                       const std::vector<Unit>& units,
                                       std::span<const Group> but) = 0;
    virtual Result<Entries> answer(const Ground& ground, const EntriesPlan& plan) = 0;
    // Without spending. `steps`: the rules of the steps after the visitor.
    virtual Result<Acquisition> answer(const Ground& ground, const AcquisitionQuestion& question,
                                       std::span<const rule::Node> steps) = 0;
    // In an interval of its own.
    virtual Result<ActivityByOrg> answer(const Ground& ground, const ProductUse& use,
                                         const rule::Interval& interval) = 0;
    // The days are those of activity_curve().
    virtual Result<std::vector<ActivityPoint>> answer(const Ground& ground, const ProductUse& use,
                                                      const std::vector<Unit>& days) = 0;
    virtual Result<Screen> answer(const Ground& ground, const ScreenQuestion& question) = 0;
    // By the rules of the stages.
    virtual Result<StagesTogether> answer(const Ground& ground, std::span<const rule::Node> stages,
                                          std::span<const Time> moments) = 0;
    virtual Result<Effort> answer(const Ground& ground, const EffortQuestion& question,
                                  std::span<const ProductUse> functions) = 0;
};

}  // namespace qiao::insight
