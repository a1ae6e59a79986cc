#include "engage/campaign_rules.hpp"

#include <gtest/gtest.h>

namespace qiao::engage {

using State = CampaignState;
using Verb = CampaignVerb;

namespace {
constexpr CampaignHands hands{"ana", "ben"};
}

TEST(JudgeVerb, FollowsTheWholeLife) {
    EXPECT_EQ(*judge_verb(State::draft, Verb::submit, hands, "ana"), State::in_approval);
    EXPECT_EQ(*judge_verb(State::in_approval, Verb::approve, hands, "carl"), State::approved);
    EXPECT_EQ(*judge_verb(State::approved, Verb::launch, hands, "ana"), State::running);
    EXPECT_EQ(*judge_verb(State::approved, Verb::launch, hands, "ana", true), State::scheduled);
    EXPECT_EQ(*judge_verb(State::scheduled, Verb::launch, hands, "qiao"), State::running);
    EXPECT_EQ(*judge_verb(State::running, Verb::pause, hands, "ana"), State::paused);
    EXPECT_EQ(*judge_verb(State::paused, Verb::resume, hands, "ana"), State::running);
    EXPECT_EQ(*judge_verb(State::running, Verb::complete, hands, "qiao"), State::completed);
}

TEST(JudgeVerb, NobodyApprovesWhatItWroteOrChanged) {
    EXPECT_EQ(judge_verb(State::in_approval, Verb::approve, hands, "ana").error().reason,
              "campaign.own_approval");
    EXPECT_EQ(judge_verb(State::in_approval, Verb::approve, hands, "ben").error().reason,
              "campaign.own_approval");
    EXPECT_EQ(judge_verb(State::in_approval, Verb::reject, hands, "ana").error().reason,
              "campaign.own_approval");
}

TEST(JudgeVerb, AnEditTakesTheApprovalBack) {
    EXPECT_EQ(*judge_verb(State::approved, Verb::edit, hands, "ana"), State::draft);
    EXPECT_EQ(*judge_verb(State::in_approval, Verb::edit, hands, "ana"), State::draft);
}

TEST(JudgeVerb, WhatIsOverStaysOver) {
    for (const auto state : {State::completed, State::stopped})
        for (const auto verb :
             {Verb::edit, Verb::submit, Verb::approve, Verb::launch, Verb::resume, Verb::stop})
            EXPECT_EQ(judge_verb(state, verb, hands, "carl").error().reason,
                      "campaign.wrong_state");
    EXPECT_FALSE(judge_verb(State::running, Verb::edit, hands, "ana"));
    EXPECT_FALSE(judge_verb(State::draft, Verb::launch, hands, "ana"));
}

}  // namespace qiao::engage
