// All SQL of the campaigns, one function per question.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engage/campaign.hpp"
#include "sql/database.hpp"

namespace qiao::engage::queries {

struct CampaignPage {
    std::string_view text, state, after;  // `after`: id of the last item of the page before
    std::string_view org;                 // only of this unit; empty: all
    std::size_t limit = 50;
};

std::optional<Campaign> find_campaign(sql::Transaction& transaction, std::string_view id);
std::vector<Campaign> campaigns(sql::Transaction& transaction,
                                const CampaignPage& page);  // newest first
std::vector<Campaign> campaigns_in_state(sql::Transaction& transaction, CampaignState state);
void insert_campaign(sql::Transaction& transaction, const Campaign& campaign);
void update_campaign(sql::Transaction& transaction, const Campaign& campaign);
// Counters of a launch alone: they do not make a new version.
void update_run(sql::Transaction& transaction, std::string_view id, std::string_view run,
                std::int64_t planned);

}  // namespace qiao::engage::queries
