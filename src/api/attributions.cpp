// POST /api/v1/insights/{attribution,interval}
#include "insight/attribution.hpp"

#include "api/insights.hpp"
#include "insight/interval.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;

// Four places, as numbers of facts have.
json::value rounded(const std::optional<double>& number) {
    if (!number)
        return nullptr;
    const auto decimal = Decimal::from_double(*number);
    return decimal ? to_json(Value(*decimal)) : json::value(*number);
}

json::object attribution_json(const insight::Attribution& found,
                              const insight::AttributionQuestion&) {
    json::array rows;
    for (const auto& row : found.rows)
        rows.push_back(json::object{{"group", group_json(row.group)},
                                    {"conversions", rounded(row.conversions)},
                                    {"value", rounded(row.value)},
                                    {"touches", row.touches},
                                    {"people", row.people}});
    return {{"rows", std::move(rows)},
            {"left_out", found.left_out},
            {"conversions", found.conversions},
            {"unattributed", found.unattributed},
            {"value", rounded(found.value)}};
}

json::object interval_json(const insight::Intervals& found, const insight::IntervalQuestion&) {
    json::array buckets;
    for (const auto& bucket : found.buckets)
        buckets.push_back(json::object{{"until_ms", bucket.until_ms}, {"count", bucket.count}});
    return {{"buckets", std::move(buckets)},
            {"pairs", found.pairs},
            {"people", found.people},
            {"median_ms", maybe_json(found.median_ms)},
            {"p90_ms", maybe_json(found.p90_ms)}};
}

}  // namespace

// The numbers of these count goals and pairs; the people behind them have no question yet.
const InsightKind attribution_kind{"attribution",
                                   "Which touches goals are owed to",
                                   "AttributionQuestion",
                                   "AttributionAnswer",
                                   answered<insight::parse_attribution, attribution_json>,
                                   nullptr};
const InsightKind interval_kind{"interval",
                                "How long from one event to the next",
                                "IntervalQuestion",
                                "IntervalAnswer",
                                answered<insight::parse_interval, interval_json>,
                                nullptr};

}  // namespace qiao::api
