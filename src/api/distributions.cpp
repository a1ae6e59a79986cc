// POST /api/v1/insights/distribution
#include "insight/distribution.hpp"

#include "api/insights.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;

json::value decimal_json(const std::optional<Decimal>& number) {
    return number ? to_json(Value(*number)) : json::value(nullptr);
}

Result<Answer> answer(const InsightParts& parts, Call& call) {
    const auto question = insight::parse_distribution(call.body);
    if (!question)
        return fail(question.error());
    const auto answered = insight::ask(parts.asking, *question, "", call.who);
    if (!answered)
        return fail(answered.error());
    const auto& found = *answered->result;
    json::array buckets;
    for (const auto& bucket : found.buckets)
        buckets.push_back(json::object{{"from", decimal_json(bucket.from)},
                                       {"to", decimal_json(bucket.to)},
                                       {"people", bucket.people},
                                       {"rows", bucket.rows}});
    json::object made{{"buckets", std::move(buckets)},
                      {"people", found.people},
                      {"mean", decimal_json(found.mean)},
                      {"median", decimal_json(found.median)},
                      {"p90", decimal_json(found.p90)}};
    tell_source(made, *answered);
    return Answer{200, std::move(made)};
}

Result<audience::Evaluated> people(const InsightParts& parts, const json::value& asked, Body& body,
                                   const access::Principal& who) {
    const auto question = insight::parse_distribution(asked, "/distribution");
    if (!question)
        return fail(question.error());
    const auto bucket = body.maybe_integer("bucket").value_or(0);
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (bucket < 0 || bucket > 1000)
        return fail(ErrorCode::invalid, "api.body", "Buckets are counted from 0.", "/bucket");
    return insight::people(parts.asking, *question, static_cast<std::size_t>(bucket),
                           "/distribution", who);
}

}  // namespace

const InsightKind distribution_kind{"distribution",
                                    "How often or how much people do something",
                                    "DistributionQuestion",
                                    "DistributionAnswer",
                                    answer,
                                    people};

}  // namespace qiao::api
