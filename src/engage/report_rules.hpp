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
    acquired,   // treated as no customer, and a customer now (return_rules.hpp)
    activated,  // treated as a customer who was quiet, and active within the goal's window
    control_acquired,
    control_activated,
};
// Error: invalid `campaign.set`, pointer "/set".
Result<PeopleSet> people_set(std::string_view name);

// Whether a campaign has such people: those that it won need a goal, whose window is theirs, too.
bool has_set(const Campaign& campaign, PeopleSet set);

struct SetWords {
    std::string_view reason = {};  // of `suppressed`; empty: any
    std::string customer = {};     // of `acquired`: who is a customer, JSON text of a rule tree
};
// JSON text of a rule tree; nothing for sets that the campaign has not, and for those who were
// activated, whom no rule describes. `first_day`: the institution's day on which the campaign was
// launched.
std::optional<std::string> rule_of_set(const Campaign& campaign, PeopleSet set, Day first_day,
                                       const SetWords& words = {});

// JSON text of the event by which a customer enters to be contacted, or to be left out for
// comparison: those who were activated came to life after it.
std::string entry_of_customer(const Campaign& campaign, PeopleSet set);
// The rule of all who entered to be contacted and of whom the entry says whether they were
// customers.
std::string entry_that_tells(const Campaign& campaign, Day first_day);

// When it is settled who was acquired: at the end of the goal's window of the last entry. Nothing
// while more may enter.
std::optional<Time> settled_at(const Campaign& campaign);

}  // namespace qiao::engage
