// What may be done with a campaign in which state, by whom. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace qiao::engage {

// draft → in_approval → approved → scheduled or running ⇄ paused → completed or stopped. A refused
// one is `rejected` and may be edited into a draft again.
enum class CampaignState : std::uint8_t {
    draft,
    in_approval,
    approved,
    scheduled,
    running,
    paused,
    completed,
    stopped,
    rejected,
};
std::string_view name_of(CampaignState state);
Result<CampaignState> campaign_state(std::string_view name);

enum class CampaignVerb : std::uint8_t {
    edit,
    submit,
    withdraw,
    approve,
    reject,
    launch,
    pause,
    resume,
    stop,
    complete
};
std::string_view name_of(CampaignVerb verb);

// Who has had a hand in the campaign as it stands.
struct CampaignHands {
    std::string_view author;       // who made it
    std::string_view last_editor;  // who changed it last
};

// The state that follows. `launches_later` tells a launch whether its time lies ahead. Errors:
// conflict `campaign.wrong_state`; forbidden `campaign.own_approval` (approve or reject by the
// author or the last editor: a second person decides).
Result<CampaignState> judge_verb(CampaignState state, CampaignVerb verb, const CampaignHands& hands,
                                 std::string_view who, bool launches_later = false);

// Nobody enters or is contacted any more.
inline bool is_over(CampaignState state) {
    return state == CampaignState::completed || state == CampaignState::stopped;
}

}  // namespace qiao::engage
