// POST /api/v1/insights/{attribution,interval}
#include "api/insights.hpp"
#include "insight/attribution.hpp"
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

Result<insight::AttributionPeople> which_of(Body& body, const insight::AttributionQuestion&) {
    insight::AttributionPeople made;
    const auto outcome = body.maybe_text("outcome").value_or("reached");
    auto group = group_of(body, 1);
    if (!group)
        return fail(group.error());
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    made.unattributed = outcome == "unattributed";
    if ((outcome != "reached" && !made.unattributed) || (made.unattributed && *group))
        return fail(ErrorCode::invalid, "api.body",
                    "The outcome is reached, or unattributed without a group.", "/outcome");
    made.group = std::move(*group);
    return made;
}

json::object interval_json(const insight::Intervals& found,
                           const insight::IntervalQuestion& question) {
    json::array buckets;
    for (const auto& bucket : found.buckets)
        buckets.push_back(json::object{{"until_ms", bucket.until_ms}, {"count", bucket.count}});
    return {{"buckets", std::move(buckets)},
            {"pairs", found.pairs},
            {"people", found.people},
            {"median_ms", maybe_json(found.median_ms)},
            {"p90_ms", maybe_json(found.p90_ms)},
            {"rule",
             insight::interval_rule(json::parse(question.frame.text), question, found.interval)}};
}

Result<std::optional<std::size_t>> bucket_of(Body& body, const insight::IntervalQuestion&) {
    const auto bucket = body.maybe_integer("bucket");
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (bucket && (*bucket < 0 || *bucket > 1000))
        return fail(ErrorCode::invalid, "api.body", "Buckets are counted from 0.", "/bucket");
    return bucket ? std::optional(static_cast<std::size_t>(*bucket)) : std::nullopt;
}

}  // namespace

const InsightKind attribution_kind{"attribution",
                                   "Which touches goals are owed to",
                                   "AttributionQuestion",
                                   "AttributionAnswer",
                                   answered<insight::parse_attribution, attribution_json>,
                                   people_of<insight::parse_attribution, which_of>};
const InsightKind interval_kind{"interval",
                                "How long from one event to the next",
                                "IntervalQuestion",
                                "IntervalAnswer",
                                answered<insight::parse_interval, interval_json>,
                                people_of<insight::parse_interval, bucket_of>};

}  // namespace qiao::api
