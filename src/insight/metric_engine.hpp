// Metrics computed on one snapshot of the index.
//
// Rows are read block by block of customers, so that counting different people costs a bit each and
// no hash table grows with the bank.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "index/plan.hpp"
#include "insight/metric_question.hpp"

namespace qiao::insight {

// A question whose names are known.
struct ResolvedMetric {
    Doing doing;
    Measure measure;
    std::vector<By> by;
    std::vector<ValueType> by_types;  // of each `by`
    AudienceSplit split = {};         // instead of `by`
};

struct Point {
    std::uint64_t rows = 0;
    std::uint64_t people = 0;
    std::uint64_t values = 0;  // rows that carry the measured property
    __int128 sum = 0;          // scaled by 10^4
    std::int64_t low = 0, high = 0;
    // Nothing where there is no value: an average of no rows.
    std::optional<Exact> value(MeasureKind kind) const;
};
// The mean of several units. Of averages it is the average of all that they are made of; units
// without a value do not count.
std::optional<Exact> mean(std::span<const Point> points, MeasureKind kind);

struct Series {
    Group group;
    std::vector<Point> points;  // one per unit
    Point whole;                // all units together, people counted once
};

struct Computed {
    std::vector<Series>
        series;       // the largest first; those of a split as it names them, all of them
    Series everyone;  // all groups together, people counted once
};

inline constexpr std::size_t most_groups = 20'000;

// In the order of showing: most rows first.
void arrange(Computed& computed);
tl::unexpected<Error> too_many_groups();

// `people` limits whose rows count; `split` are the people of the metric's split. Errors:
// index.too_slow (unavailable), insight.too_many_groups.
Result<Computed> compute(const ResolvedMetric& metric, const index::Snapshot& snapshot,
                         const index::People& people, const std::vector<Unit>& units,
                         const index::Execution& how, const SplitPeople& split = {});
// All groups but these together, people counted once. Not of a split.
Result<Series> compute_rest(const ResolvedMetric& metric, const index::Snapshot& snapshot,
                            const index::People& people, const std::vector<Unit>& units,
                            std::span<const Group> but, const index::Execution& how);

// Who stands behind a group, in all units together; of none, behind all of them. Errors as above.
Result<index::People> people_behind(const ResolvedMetric& metric, const index::Snapshot& snapshot,
                                    const index::People& people, const std::vector<Unit>& units,
                                    const std::optional<Group>& group, const index::Execution& how,
                                    const SplitPeople& split = {});

}  // namespace qiao::insight
