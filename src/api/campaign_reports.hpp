// The report of a campaign, and the people behind its numbers.
#pragma once

#include <optional>

#include "api/campaigns.hpp"

namespace qiao::engage {
struct Lift;
struct Returns;
}  // namespace qiao::engage

namespace qiao::api {

Result<Answer> campaign_report(const CampaignParts& parts, Call& call);
Result<Answer> campaign_report_csv(const CampaignParts& parts, Call& call);
Result<Answer> campaign_people(const CampaignParts& parts, Call& call);

boost::json::object returns_json(const engage::Returns& returns);
// How many of the treated were won; null where it is not known.
boost::json::value won_json(const std::optional<engage::Lift>& lift);

}  // namespace qiao::api
