// /api/v1/campaigns: written, approved by a second person, launched, watched, reported.
#pragma once

#include <functional>
#include <string_view>

#include "api/endpoint.hpp"

namespace qiao::access {
class AuditLog;
}
namespace qiao::audience {
class PeopleCards;
}
namespace qiao::engage {
class Campaigns;
class Launcher;
class Messages;
class Reports;
struct Campaign;
}  // namespace qiao::engage

namespace qiao::api {

struct CampaignParts {
    engage::Campaigns& campaigns;
    const engage::Messages& messages;
    engage::Reports& reports;
    engage::Launcher& launcher;
    const audience::PeopleCards& cards;
    access::AuditLog& audit;
    // Called after each change of a campaign (the renderer forgets what it kept); may be empty.
    std::function<void(std::string_view id)> changed = {};
};

void add_campaigns(Endpoints& endpoints, const CampaignParts& parts);

// The campaign with its progress, as lists show it.
boost::json::object campaign_json(const CampaignParts& parts, const engage::Campaign& campaign,
                                  const access::Principal& who);

}  // namespace qiao::api
