// Metrics computed on one snapshot of the index.
//
// Rows are read block by block of customers, so that counting different people costs a bit each and
// no hash table grows with the bank. One thread per question.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <vector>

#include "index/plan.hpp"
#include "insight/metric_question.hpp"

namespace qiao::insight {

// A unit of the period, [from_ms, until_ms); `day` is the civil day that names it.
struct Unit {
    Day day = 0;
    std::int64_t from_ms = 0;
    std::int64_t until_ms = 0;
};
// Every unit that the period touches, in order; the first and last are cut to the period.
std::vector<Unit> units_of(const rule::Interval& interval, Per per, const Calendar& calendar);

// A question whose names are known.
struct ResolvedMetric {
    Subject subject = Subject::event;
    rule::EventMatch match;
    Measure measure;
    std::vector<By> by;
    std::vector<ValueType> by_types;  // of each `by`
};

struct Point {
    std::uint64_t rows = 0;
    std::uint64_t people = 0;
    std::uint64_t values = 0;  // rows that carry the measured property
    __int128 sum = 0;          // scaled by 10^4
    std::int64_t low = 0, high = 0;
    // Nothing where there is no value: an average of no rows.
    std::optional<Decimal> value(MeasureKind kind) const;
};

using Group = std::vector<Value>;  // null: the property or tag is missing
struct Series {
    Group group;
    std::vector<Point> points;  // one per unit
};

struct Computed {
    std::vector<Series> series;  // the largest first
    std::size_t left_out = 0;    // series beyond `most_series`
};

inline constexpr std::size_t most_series = 100;
inline constexpr std::size_t most_groups = 20'000;

using Deadline = std::chrono::steady_clock::time_point;

// `people` limits whose rows count. Errors: insight.too_slow (unavailable),
// insight.too_many_groups.
Result<Computed> compute(const ResolvedMetric& metric, const index::Snapshot& snapshot,
                         const index::People& people, const std::vector<Unit>& units,
                         Deadline deadline);

// Who stands behind a group, in all units together. A group of another length is everyone's.
Result<index::People> people_behind(const ResolvedMetric& metric, const index::Snapshot& snapshot,
                                    const index::People& people, const std::vector<Unit>& units,
                                    const std::optional<Group>& group, Deadline deadline);

// What Qiao itself does is no behaviour of a customer: left out of any event and of first events.
bool is_own_event(std::string_view name);

}  // namespace qiao::insight
