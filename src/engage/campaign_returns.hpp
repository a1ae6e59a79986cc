// The campaigns of a period beside each other: what each cost and brought in, as its report tells
// it. For boards, their mails and the page of returns. Thread-safe.
#pragma once

#include "engage/campaigns.hpp"
#include "engage/report.hpp"
#include "insight/returns.hpp"

namespace qiao::engage {

struct CampaignFigures {
    Campaign campaign;
    Report report;  // without days and reasons
};
struct ReturnsAnswer {
    std::vector<CampaignFigures> campaigns;  // the latest launch first
    std::size_t left_out = 0;                // launched in the period, too
};

class CampaignReturns final : public insight::ReturnTables {
public:
    CampaignReturns(const Campaigns& campaigns, const Reports& reports,
                    const audience::Evaluation& evaluation)
        : campaigns_(campaigns), reports_(reports), evaluation_(evaluation) {}

    // Errors: campaign.not_found (unprocessable), those of Reports.
    Result<ReturnsAnswer> ask(const insight::ReturnsQuestion& question, std::string_view at,
                              const access::Principal& who) const;
    // The people behind a number of one campaign of the answer. Errors also: campaign.no_goal.
    Result<audience::Evaluated> people(const insight::ReturnsQuestion& question,
                                       std::string_view campaign, PeopleSet set,
                                       std::string_view at, const access::Principal& who) const;
    Result<insight::AnswerTable> table(const insight::ReturnsQuestion& question,
                                       std::string_view at,
                                       const access::Principal& who) const override;

private:
    Result<Campaign> named(std::string_view id, std::string pointer,
                           const access::Principal& who) const;
    std::vector<Campaign> launched(const insight::ReturnsQuestion& question,
                                   const access::Principal& who) const;

    const Campaigns& campaigns_;
    const Reports& reports_;
    const audience::Evaluation& evaluation_;
};

}  // namespace qiao::engage
