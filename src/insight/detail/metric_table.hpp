// Puts the parts of a metric together: the same groups side by side, and the formula over them.
#pragma once

#include "insight/metrics.hpp"

namespace qiao::insight::detail {

// What the numbers are computed from, and of which period.
struct MetricGround {
    const MetricQuestion& question;
    const std::vector<ResolvedMetric>& parts;
    const Ground& ground;
    rule::Interval interval;
    std::string_view at;
    SplitPeople split = {};  // the people of the split, where the index answers
};

// `groups`: those of another period, whose rows this one has too; none: the largest of its own.
// Errors: insight.too_many_units, index.*, insight.too_many_groups.
Result<MetricTable> metric_table(const MetricGround& from, const std::vector<MetricRow>* groups);

}  // namespace qiao::insight::detail
