// Answers metric questions within what the asker may see.
#pragma once

#include <string>
#include <vector>

#include "insight/asking.hpp"
#include "insight/metric_engine.hpp"

namespace qiao::insight {

struct MetricResult {
    Computed now;
    std::vector<Unit> units;
    std::optional<Computed> before;  // of the period of the same length before
    std::vector<Unit> units_before;
};
struct MetricAnswer : MetricResult {
    MeasureKind measure = MeasureKind::count;
    double elapsed_ms = 0;
    std::uint64_t data_version = 0;
    std::optional<Time> kept_from;  // events before it are not counted any more
};

// The people behind a point: a unit by its first day (none: the whole period) and a group (none:
// all).
struct PeopleQuestion {
    MetricQuestion metric;
    std::optional<Day> at;
    std::optional<Group> group;
};

class Metrics {
public:
    explicit Metrics(const Asking& asking) : asking_(asking) {}

    // `at` is the pointer of the metric in its document. Errors: rule.*, insight.*.
    Result<MetricAnswer> ask(const MetricQuestion& question, std::string_view at,
                             const access::Principal& who) const;
    Result<audience::Evaluated> people(const PeopleQuestion& question, std::string_view at,
                                       const access::Principal& who) const;

private:
    Result<ResolvedMetric> resolve(const MetricQuestion& question, std::string_view at) const;

    const Asking& asking_;
};

}  // namespace qiao::insight
