// Answers metrics: numbers over time, by groups, and what formulas make of them.
#pragma once

#include <chrono>

#include "insight/asking.hpp"
#include "insight/metric_engine.hpp"

namespace qiao::insight {

// The numbers of one group, rounded for showing; nothing where there is no value.
struct MetricRow {
    Group group;
    std::vector<std::optional<Decimal>> values;    // one per unit
    std::vector<std::optional<Decimal>> averages;  // one per unit, where the question asks for them
    std::optional<Decimal> total;                  // of the whole period: made of the parts' totals
};
struct MetricTable {
    std::vector<Unit> units;
    // The groups with most rows of all parts first; those of a split as it names them.
    std::vector<MetricRow> rows;
    std::optional<MetricRow> rest;      // of `top`: all other groups together
    std::optional<MetricRow> everyone;  // all groups together, where there are groups
    std::size_t left_out = 0;           // groups that have no row of their own
    std::uint64_t base = 0;             // rows that were counted, of all parts
};
struct MetricResult {
    MetricTable now;
    std::optional<MetricTable> before;  // of the period compared with; its rows are those of `now`
};
struct MetricAnswer : MetricResult {
    double elapsed_ms = 0;
    std::uint64_t data_version = 0;
    std::optional<Time> kept_from;  // events before it are not counted any more
};

// The people behind a point: a unit by its first day (none: the whole period) and a group (none:
// all). Of several parts, who stands behind any of them.
struct PeopleQuestion {
    MetricQuestion metric;
    std::optional<Day> at;
    std::optional<Group> group;
};

// Thread-safe.
class Metrics {
public:
    explicit Metrics(const Asking& asking) : asking_(asking) {}

    // `at` is the pointer of the metric in its document. Errors: rule.*, insight.*.
    Result<MetricAnswer> ask(const MetricQuestion& question, std::string_view at,
                             const access::Principal& who) const;
    Result<audience::Evaluated> people(const PeopleQuestion& question, std::string_view at,
                                       const access::Principal& who) const;
    // Whether its names are known, without an answer.
    Result<void> check(const MetricQuestion& question, std::string_view at) const;

private:
    Result<std::vector<ResolvedMetric>> resolve(const MetricQuestion& question,
                                                std::string_view at) const;

    const Asking& asking_;
};

}  // namespace qiao::insight
