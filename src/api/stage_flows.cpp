// POST /api/v1/insights/stages
#include "api/insights.hpp"
#include "insight/stage_flow.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;

json::array counts_json(const insight::StageFlow::Counts& counts) {
    return json::array(counts.begin(), counts.end());
}

Result<Answer> answer(const InsightParts& parts, Call& call) {
    const auto question = insight::parse_stages(call.body);
    if (!question)
        return fail(question.error());
    const auto answered = insight::ask(parts.asking, parts.stage_models, *question, "", call.who);
    if (!answered)
        return fail(answered.error());
    json::array points, flows;
    for (const auto& point : answered->result->points)
        points.push_back(json::object{{"at", format_day(point.at)},
                                      {"moment", format_time(point.moment)},
                                      {"people", counts_json(point.people)}});
    for (const auto& from : answered->result->flows)
        flows.push_back(counts_json(from));
    json::object made{{"points", std::move(points)}, {"flows", std::move(flows)}};
    tell_source(made, *answered);
    return Answer{200, std::move(made)};
}

Result<audience::Evaluated> people(const InsightParts& parts, const json::value& asked,
                                   std::string_view at, Body& body, const access::Principal& who) {
    const auto question = insight::parse_stages(asked, at);
    if (!question)
        return fail(question.error());
    insight::StagePeople which;
    which.from = body.maybe_text("from_stage").value_or("");
    which.to = body.maybe_text("to_stage").value_or("");
    const auto day = day_of(body, "at");
    if (!day)
        return fail(day.error());
    which.at = *day;
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    return insight::people(parts.asking, parts.stage_models, *question, which, at, who);
}

}  // namespace

const InsightKind stages_kind{"stages",        "Customers by stage over time, and their moves",
                              "StageQuestion", "StageAnswer",
                              answer,          people};

}  // namespace qiao::api
