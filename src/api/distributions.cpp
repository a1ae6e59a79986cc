// POST /api/v1/insights/distribution
#include "insight/distribution.hpp"

#include "api/insights.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;

json::value decimal_json(const std::optional<Decimal>& number) {
    return number ? to_json(Value(*number)) : json::value(nullptr);
}

json::object distribution_json(const insight::Distribution& found,
                               const insight::DistributionQuestion&) {
    json::array buckets;
    for (const auto& bucket : found.buckets)
        buckets.push_back(json::object{{"from", decimal_json(bucket.from)},
                                       {"to", decimal_json(bucket.to)},
                                       {"people", bucket.people},
                                       {"rows", bucket.rows}});
    return {{"buckets", std::move(buckets)},
            {"people", found.people},
            {"mean", decimal_json(found.mean)},
            {"median", decimal_json(found.median)},
            {"p90", decimal_json(found.p90)}};
}

Result<std::size_t> bucket_of(Body& body, const insight::DistributionQuestion&) {
    const auto bucket = body.maybe_integer("bucket").value_or(0);
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (bucket < 0 || bucket > 1000)
        return fail(ErrorCode::invalid, "api.body", "Buckets are counted from 0.", "/bucket");
    return static_cast<std::size_t>(bucket);
}

}  // namespace

const InsightKind distribution_kind{"distribution",
                                    "How often or how much people do something",
                                    "DistributionQuestion",
                                    "DistributionAnswer",
                                    answered<insight::parse_distribution, distribution_json>,
                                    people_of<insight::parse_distribution, bucket_of>};

}  // namespace qiao::api
