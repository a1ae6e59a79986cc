// Campaigns beside each other: what each cost and brought in. Campaigns are above this module,
// which reads the question and lays its answer on boards; who answers is told by the interface.
#pragma once

#include "insight/answer_table.hpp"

namespace qiao::insight {

struct ReturnsQuestion {
    std::string campaign;    // empty: all that were launched in the period
    std::size_t limit = 10;  // the latest so many
    Frame frame;             // without an audience
};
Result<ReturnsQuestion> parse_returns(const boost::json::value& json, std::string_view at = "");

class ReturnTables {
public:
    virtual ~ReturnTables() = default;

    // Errors: campaign.not_found (unprocessable), those of campaigns' reports.
    virtual Result<AnswerTable> table(const ReturnsQuestion& question, std::string_view at,
                                      const access::Principal& who) const = 0;
};

}  // namespace qiao::insight
