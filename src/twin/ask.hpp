// Questions asked of ClickHouse: the same questions and answers as insight's, computed there.
//
// One file per question. `question` is resolved. Errors: those of the question's own engine that
// belong to its form (insight.too_many_units, insight.too_many_groups, insight.too_many_paths), and
// clickhouse.*.
#pragma once

#include "clickhouse/connection.hpp"
#include "insight/acquisition.hpp"
#include "insight/activity.hpp"
#include "insight/attribution.hpp"
#include "insight/distribution.hpp"
#include "insight/effort.hpp"
#include "insight/entries.hpp"
#include "insight/funnel.hpp"
#include "insight/history_engine.hpp"
#include "insight/interval.hpp"
#include "insight/lifecycle.hpp"
#include "insight/metric_engine.hpp"
#include "insight/paths.hpp"
#include "insight/retention.hpp"
#include "insight/screen.hpp"
#include "twin/rule_sql.hpp"

namespace qiao::twin {

// What a question is asked of.
struct Ground {
    clickhouse::Connection& connection;
    std::string people;       // a condition on `person` (members()); empty: everyone
    rule::Interval interval;  // of the question's period
    Moment moment;
};

Result<insight::Funnel> ask(const Ground& ground, const insight::FunnelQuestion& question);
Result<insight::Retention> ask(const Ground& ground, const insight::RetentionQuestion& question);
Result<insight::Lifecycle> ask(const Ground& ground, const insight::LifecycleQuestion& question);
Result<insight::Paths> ask(const Ground& ground, const insight::PathQuestion& question);
Result<insight::Distribution> ask(const Ground& ground,
                                  const insight::DistributionQuestion& question);
Result<insight::Intervals> ask(const Ground& ground, const insight::IntervalQuestion& question);
// Conversions and values are sums of Float64: equal to the index's to nine digits.
Result<insight::Attribution> ask(const Ground& ground,
                                 const insight::AttributionQuestion& question);
// One part of a metric: formulas, averages and the rest are put together from such parts by insight
// alone. Where a customer's first events are several of one moment, the group is that of any.
Result<insight::Computed> ask(const Ground& ground, const insight::ResolvedMetric& metric,
                              const std::vector<insight::Unit>& units);
// All its groups but these together, people counted once.
Result<insight::Series> ask_rest(const Ground& ground, const insight::ResolvedMetric& metric,
                                 const std::vector<insight::Unit>& units,
                                 std::span<const insight::Group> but);
Result<insight::Entries> ask(const Ground& ground, const insight::EntriesPlan& plan);
// Without spending; `steps` are the rules of the steps after the visitor. Where a customer's first
// events are several of one moment, their property as origin is that of any.
Result<insight::Acquisition> ask(const Ground& ground, const insight::AcquisitionQuestion& question,
                                 std::span<const rule::Node> steps);
// What a league is made of. The interval covers at most 31 civil days.
Result<insight::ActivityByOrg> ask(const Ground& ground, const insight::ProductUse& use);
// … and a product day by day; the days are those of activity_curve().
Result<std::vector<insight::ActivityPoint>> ask(const Ground& ground,
                                                const insight::ProductUse& use,
                                                const std::vector<insight::Unit>& days);
Result<insight::Screen> ask(const Ground& ground, const insight::ScreenQuestion& question);
// What a stage flow is made of, by the rules of the stages.
Result<insight::StagesTogether> ask(const Ground& ground, std::span<const rule::Node> stages,
                                    std::span<const Time> moments);
Result<insight::Effort> ask(const Ground& ground, const insight::EffortQuestion& question,
                            std::span<const insight::ProductUse> functions);

}  // namespace qiao::twin
