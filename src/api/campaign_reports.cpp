#include "api/campaign_reports.hpp"

#include "access/audit.hpp"
#include "api/people_page.hpp"
#include "engage/campaigns.hpp"
#include "engage/report.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;

json::object arm_json(const engage::Arm& arm) {
    return {{"people", arm.people}, {"converted", arm.converted}, {"rate", arm.rate()}};
}

json::value lift_json(const std::optional<engage::Lift>& lift) {
    if (!lift)
        return nullptr;
    return json::object{{"treated", arm_json(lift->treated)},
                        {"control", arm_json(lift->control)},
                        {"difference", lift->difference},
                        {"interval", json::array{lift->interval.low, lift->interval.high}},
                        {"p_value", lift->p_value},
                        {"enough_data", lift->has_enough_data},
                        {"sentence", {{"zh", sentence_zh(*lift)}, {"en", sentence_en(*lift)}}}};
}

json::object report_json(const engage::Report& report) {
    json::array suppressed, days;
    for (const auto& [reason, count] : report.suppressed)
        suppressed.push_back(json::object{{"reason", reason}, {"count", count}});
    for (const auto& day : report.by_day)
        days.push_back(json::object{{"at", format_day(day.day)},
                                    {"sent", day.sent},
                                    {"delivered", day.delivered},
                                    {"opened", day.opened},
                                    {"converted", day.converted}});
    return {{"eligible", report.eligible},
            {"held_out", report.held_out},
            {"treated", report.treated},
            {"suppressed", std::move(suppressed)},
            {"sent", report.sent},
            {"delivered", report.delivered},
            {"failed", report.failed},
            {"unknown", report.unknown},
            {"opened", report.opened},
            {"clicked", report.clicked},
            {"complained", report.complained},
            {"converted", report.converted},
            {"acquired", won_json(report.lifts.acquired)},
            {"activated", won_json(report.lifts.activated)},
            {"by_day", std::move(days)},
            {"lift", lift_json(report.lifts.converted)},
            {"holdout", arm_json(report.holdout)},
            {"returns", returns_json(report.returns)}};
}

}  // namespace

json::value won_json(const std::optional<engage::Lift>& lift) {
    return lift ? json::value(lift->treated.converted) : json::value(nullptr);
}

json::object returns_json(const engage::Returns& returns) {
    const auto amount = [](const std::optional<Decimal>& given) {
        return given ? to_json(Value(*given)) : json::value(nullptr);
    };
    const auto people = [](const std::optional<double>& given) {
        return given ? json::value(*given) : json::value(nullptr);
    };
    return {{"cost", to_json(Value(returns.cost))},
            {"per_delivered", amount(returns.per_delivered)},
            {"per_clicked", amount(returns.per_clicked)},
            {"per_converted", amount(returns.per_converted)},
            {"per_acquired", amount(returns.per_acquired)},
            {"per_activated", amount(returns.per_activated)},
            {"incremental", people(returns.incremental)},
            {"incremental_acquired", people(returns.incremental_acquired)},
            {"incremental_activated", people(returns.incremental_activated)},
            {"per_incremental", amount(returns.per_incremental)},
            {"income", amount(returns.income)},
            {"incremental_income", amount(returns.incremental_income)},
            {"gain", amount(returns.gain)}};
}

Result<Answer> campaign_report(const CampaignParts& parts, Call& call) {
    const auto campaign = parts.campaigns.get(call.id(), call.who);
    if (!campaign)
        return fail(campaign.error());
    const auto report = parts.reports.report(*campaign, call.who);
    if (!report)
        return fail(report.error());
    return Answer{200, report_json(*report)};
}

Result<Answer> campaign_report_csv(const CampaignParts& parts, Call& call) {
    const auto campaign = parts.campaigns.get(call.id(), call.who);
    if (!campaign)
        return fail(campaign.error());
    const auto report = parts.reports.report(*campaign, call.who);
    if (!report)
        return fail(report.error());
    call.response_headers.emplace_back("Content-Disposition",
                                       "attachment; filename=\"" + campaign->id + ".csv\"");
    Answer answer{200, json::string(report_csv(*campaign, *report))};
    answer.content_type = "text/csv; charset=utf-8";
    return answer;
}

Result<Answer> campaign_people(const CampaignParts& parts, Call& call) {
    const auto campaign = parts.campaigns.get(call.id(), call.who);
    if (!campaign)
        return fail(campaign.error());
    const auto set = engage::people_set(call.query("set"));
    if (!set)
        return fail(set.error());
    const auto page = page_of(call);
    if (!page)
        return fail(page.error());
    const auto found = parts.reports.people(*campaign, *set, call.query("reason"), call.who);
    if (!found)
        return fail(found.error());

    auto made = people_page(parts.cards, *found, *page, call.who);
    if (!made)
        return fail(made.error());
    parts.audit.add(call.who,
                    {"campaign.people_read", campaign->id, "people behind a number of the report"});
    return Answer{200, std::move(*made)};
}

}  // namespace qiao::api
