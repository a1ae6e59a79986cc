// POST /api/v1/insights/returns
#include "api/campaign_reports.hpp"
#include "api/insights.hpp"
#include "engage/campaign_returns.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;

json::object figures_json(const engage::CampaignFigures& figures) {
    const auto& [campaign, report] = figures;
    const auto& goal = campaign.draft.goal;
    return {{"campaign", campaign.id},
            {"name", campaign.draft.name},
            {"state", engage::name_of(campaign.state)},
            {"launched_at", campaign.launched_at ? json::value(format_time(*campaign.launched_at))
                                                 : json::value(nullptr)},
            {"goal", goal ? json::value(goal->event) : json::value(nullptr)},
            {"treated", report.treated},
            {"delivered", report.delivered},
            {"converted", report.converted},
            {"acquired", won_json(report.lifts.acquired)},
            {"activated", won_json(report.lifts.activated)},
            {"returns", returns_json(report.returns)}};
}

Result<Answer> answer(const InsightParts& parts, Call& call) {
    const auto question = insight::parse_returns(call.body);
    if (!question)
        return fail(question.error());
    const auto answered = parts.returns.ask(*question, "", call.who);
    if (!answered)
        return fail(answered.error());
    json::array campaigns;
    for (const auto& one : answered->campaigns)
        campaigns.push_back(figures_json(one));
    return Answer{
        200, json::object{{"campaigns", std::move(campaigns)}, {"left_out", answered->left_out}}};
}

Result<audience::Evaluated> people(const InsightParts& parts, const json::value& asked,
                                   std::string_view at, Body& body, const access::Principal& who) {
    const auto question = insight::parse_returns(asked, at);
    if (!question)
        return fail(question.error());
    const auto campaign = body.maybe_text("campaign").value_or("");
    const auto set = engage::people_set(body.maybe_text("set").value_or("treated"));
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (!set)
        return fail(set.error());
    return parts.returns.people(*question, campaign, *set, at, who);
}

}  // namespace

const InsightKind returns_kind{
    "returns", "What campaigns cost and brought in", "ReturnsQuestion", "ReturnsAnswer", answer,
    people};

}  // namespace qiao::api
