// The report of a campaign, and the people behind its numbers.
#pragma once

#include "api/campaigns.hpp"

namespace qiao::api {

Result<Answer> campaign_report(const CampaignParts& parts, Call& call);
Result<Answer> campaign_report_csv(const CampaignParts& parts, Call& call);
Result<Answer> campaign_people(const CampaignParts& parts, Call& call);

}  // namespace qiao::api
