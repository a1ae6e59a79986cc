#include "engage/campaign_rules.hpp"

#include <algorithm>
#include <array>

namespace qiao::engage {

namespace {

using State = CampaignState;
using Verb = CampaignVerb;

constexpr std::array<std::string_view, 9> state_names = {"draft",     "in_approval", "approved",
                                                         "scheduled", "running",     "paused",
                                                         "completed", "stopped",     "rejected"};
constexpr std::array<std::string_view, 10> verb_names = {"edit",   "submit",  "withdraw", "approve",
                                                         "reject", "launch",  "pause",    "resume",
                                                         "stop",   "complete"};

struct Step {
    State from;
    Verb verb;
    State to;
};

// An edit takes every approval back: what was approved is not what would be sent.
constexpr Step steps[] = {
    {State::draft, Verb::edit, State::draft},
    {State::rejected, Verb::edit, State::draft},
    {State::in_approval, Verb::edit, State::draft},
    {State::approved, Verb::edit, State::draft},
    {State::draft, Verb::submit, State::in_approval},
    {State::in_approval, Verb::withdraw, State::draft},
    {State::approved, Verb::withdraw, State::draft},
    {State::in_approval, Verb::approve, State::approved},
    {State::in_approval, Verb::reject, State::rejected},
    {State::approved, Verb::launch, State::running},
    {State::scheduled, Verb::launch, State::running},
    {State::scheduled, Verb::stop, State::stopped},
    {State::running, Verb::pause, State::paused},
    {State::paused, Verb::resume, State::running},
    {State::running, Verb::stop, State::stopped},
    {State::paused, Verb::stop, State::stopped},
    {State::running, Verb::complete, State::completed},
};

}  // namespace

std::string_view name_of(CampaignState state) {
    return state_names[static_cast<std::size_t>(state)];
}
std::string_view name_of(CampaignVerb verb) { return verb_names[static_cast<std::size_t>(verb)]; }

Result<CampaignState> campaign_state(std::string_view name) {
    const auto at = std::find(state_names.begin(), state_names.end(), name);
    if (at == state_names.end())
        return fail(ErrorCode::unprocessable, "campaign.unknown_state",
                    "there is no such campaign state");
    return static_cast<State>(at - state_names.begin());
}

Result<CampaignState> judge_verb(CampaignState state, CampaignVerb verb, const CampaignHands& hands,
                                 std::string_view who, bool launches_later) {
    const auto step = std::find_if(std::begin(steps), std::end(steps), [&](const Step& step) {
        return step.from == state && step.verb == verb;
    });
    if (step == std::end(steps))
        return fail(ErrorCode::conflict, "campaign.wrong_state",
                    "a campaign that is " + std::string(name_of(state)) + " cannot " +
                        std::string(name_of(verb)));
    const bool decides = verb == Verb::approve || verb == Verb::reject;
    if (decides && (who == hands.author || who == hands.last_editor))
        return fail(ErrorCode::forbidden, "campaign.own_approval",
                    "somebody who did not write this campaign has to approve it");
    if (verb == Verb::launch && state == State::approved && launches_later)
        return State::scheduled;
    return step->to;
}

}  // namespace qiao::engage
