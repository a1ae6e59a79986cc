// Which people stand behind each number of a campaign's report, as rule trees over what happened.
// Pure.
//
// Every number counts people, not messages, so that it opens to the same people. Lift compares the
// arms as they were assigned (intention to treat): a treated customer whose message was suppressed
// or failed still counts as treated, or the comparison would no longer be between alike groups.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engage/campaign.hpp"

namespace qiao::engage {

enum class PeopleSet : std::uint8_t {
    eligible,    // entered, any arm
    treated,     // entered to be contacted
    control,     // entered, left out for comparison
    holdout,     // entered, left out of every campaign
    held_out,    // control and holdout
    suppressed,  // a message was not sent, by one or any reason
    sent,        // accepted by a provider, delivered, or perhaps sent
    delivered,
    failed,
    unknown,
    opened,
    clicked,
    complained,
    converted,          // treated, and then the goal within its window
    control_converted,  // the same of the control arm
    holdout_converted,
};
// Error: invalid `campaign.set`, pointer "/set".
Result<PeopleSet> people_set(std::string_view name);

// JSON text of a rule tree; nothing for conversions of a campaign without a goal. `first_day`: the
// institution's day on which the campaign was launched. `reason` is of `suppressed`; empty: any.
std::optional<std::string> rule_of_set(const Campaign& campaign, PeopleSet set, Day first_day,
                                       std::string_view reason = {});

}  // namespace qiao::engage
