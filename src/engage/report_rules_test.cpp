// The rules of the report, answered by a real index over a small world.
#include "engage/report_rules.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <set>

#include "index/index.hpp"
#include "index/plan.hpp"

namespace qiao::engage {

namespace {

const Calendar& calendar() {
    static const auto shanghai = *Calendar::of_zone("Asia/Shanghai");
    return shanghai;
}
Time at(std::string_view text) { return *parse_time(std::string(text) + "+08:00"); }

class Words final : public rule::Vocabulary {
public:
    std::optional<ValueType> tag(std::string_view) const override { return std::nullopt; }
    bool has_event(std::string_view) const override { return true; }
    std::optional<ValueType> property(std::string_view, std::string_view name) const override {
        return name == "amount"         ? ValueType::number
               : name == "was_customer" ? ValueType::boolean
                                        : ValueType::string;
    }
    bool has_score(std::string_view) const override { return false; }
    bool has_identity(std::string_view) const override { return false; }
    bool has_consent(std::string_view) const override { return false; }
    std::optional<std::vector<std::string>> org(std::string_view) const override {
        return std::nullopt;
    }
    const rule::Node* audience(std::string_view) const override { return nullptr; }
};

class World {
public:
    void happens(std::uint64_t who, std::string name, std::string_view when,
                 Properties properties) {
        index::IndexChange change;
        change.kind = index::IndexChange::Kind::create;
        change.profile = ProfileId{who};
        if (seen_.insert(who).second)
            changes_.push_back(change);
        change.kind = index::IndexChange::Kind::row;
        change.name = std::move(name);
        change.time = at(when);
        change.properties = std::move(properties);
        changes_.push_back(std::move(change));
    }
    void enters(std::uint64_t who, std::string arm, std::string campaign = "cmp_1") {
        happens(who, "$campaign_entered", "2026-10-01T10:00:00",
                {{"campaign", std::move(campaign)}, {"arm", std::move(arm)}});
    }
    void enters_as(std::uint64_t who, bool was_customer, std::string arm = "treated") {
        happens(who, "$campaign_entered", "2026-10-01T10:00:00",
                {{"campaign", std::string("cmp_1")},
                 {"arm", std::move(arm)},
                 {"was_customer", was_customer}});
    }
    void gets(std::uint64_t who, std::string event, std::string reason = "") {
        happens(who, std::move(event), "2026-10-01T10:01:00",
                {{"campaign", std::string("cmp_1")}, {"reason", std::move(reason)}});
    }
    void buys(std::uint64_t who, std::string_view when, std::int64_t amount) {
        happens(who, "fund_purchase", when, {{"amount", *Decimal::from_int(amount)}});
    }

    std::vector<std::uint64_t> people(const Campaign& campaign, PeopleSet set,
                                      std::string_view reason = {}) const {
        index::IndexOptions options;
        options.background = false;
        const auto index = *index::Index::open(std::move(options));
        index->apply(changes_, {});
        const auto text = rule_of_set(campaign, set, calendar().day_of(at("2026-10-01T00:00:00")),
                                      {reason, R"({"event":"account_opened"})"});
        if (!text)
            return {};
        const auto rule = rule::resolve(*rule::parse(boost::json::parse(*text)), Words());
        EXPECT_TRUE(rule) << *text;
        const auto snapshot = index->snapshot();
        const auto found =
            index::Plan(*rule, snapshot, at("2026-10-20T00:00:00"), calendar()).evaluate({});
        std::vector<std::uint64_t> who;
        found->each([&](index::Dense member) {
            who.push_back(static_cast<std::uint64_t>(snapshot->profile(member)));
            return true;
        });
        return who;
    }

private:
    std::vector<index::IndexChange> changes_;
    std::set<std::uint64_t> seen_;
};

using Who = std::vector<std::uint64_t>;

Campaign campaign_with_goal() {
    Campaign campaign;
    campaign.id = "cmp_1";
    campaign.draft.goal = Goal{"fund_purchase", R"([{"property":"amount","op":"gte","value":100}])",
                               std::chrono::days(7)};
    return campaign;
}

}  // namespace

TEST(ReportRules, ArmsArePeopleOfThisCampaign) {
    World world;
    world.enters(1, "treated");
    world.enters(2, "control");
    world.enters(3, "holdout");
    world.enters(4, "treated", "cmp_2");
    const auto campaign = campaign_with_goal();
    EXPECT_EQ(world.people(campaign, PeopleSet::eligible), (Who{1, 2, 3}));
    EXPECT_EQ(world.people(campaign, PeopleSet::treated), (Who{1}));
    EXPECT_EQ(world.people(campaign, PeopleSet::control), (Who{2}));
    EXPECT_EQ(world.people(campaign, PeopleSet::held_out), (Who{2, 3}));
}

TEST(ReportRules, MessagesByWhatBecameOfThem) {
    World world;
    world.gets(1, "$message_accepted");
    world.gets(1, "$message_delivered");
    world.gets(2, "$message_unknown");
    world.gets(3, "$message_failed", "smpp.rejected");
    world.gets(4, "$message_suppressed", "no_consent");
    world.gets(5, "$message_suppressed", "cap_any_day");
    world.gets(1, "$message_opened");
    const auto campaign = campaign_with_goal();
    EXPECT_EQ(world.people(campaign, PeopleSet::sent), (Who{1, 2}));
    EXPECT_EQ(world.people(campaign, PeopleSet::delivered), (Who{1}));
    EXPECT_EQ(world.people(campaign, PeopleSet::failed), (Who{3}));
    EXPECT_EQ(world.people(campaign, PeopleSet::suppressed), (Who{4, 5}));
    EXPECT_EQ(world.people(campaign, PeopleSet::suppressed, "no_consent"), (Who{4}));
    EXPECT_EQ(world.people(campaign, PeopleSet::opened), (Who{1}));
    EXPECT_EQ(world.people(campaign, PeopleSet::clicked), Who{});
}

TEST(ReportRules, AConversionFollowsTheEntryWithinTheWindow) {
    World world;
    for (std::uint64_t who = 1; who <= 5; ++who)
        world.enters(who, "treated");
    world.enters(6, "control");
    world.buys(1, "2026-10-02T09:00:00", 500);
    world.buys(2, "2026-10-02T09:00:00", 99);   // too little
    world.buys(3, "2026-10-01T09:59:59", 500);  // before it entered
    world.buys(4, "2026-10-08T10:00:00", 500);  // at the very end of the window
    world.buys(5, "2026-10-08T10:00:01", 500);  // too late
    world.buys(6, "2026-10-03T09:00:00", 500);
    auto campaign = campaign_with_goal();
    EXPECT_EQ(world.people(campaign, PeopleSet::converted), (Who{1, 4}));
    EXPECT_EQ(world.people(campaign, PeopleSet::control_converted), (Who{6}));
    EXPECT_EQ(world.people(campaign, PeopleSet::holdout_converted), Who{});
    campaign.draft.goal.reset();
    EXPECT_FALSE(rule_of_set(campaign, PeopleSet::converted, 0));
}

TEST(ReportRules, TheAcquiredEnteredAsNoCustomersAndAreCustomersNow) {
    World world;
    world.enters_as(1, false);
    world.enters_as(2, true);
    world.enters_as(3, false);
    world.enters_as(4, false, "control");
    world.enters(5, "treated");  // nobody could tell
    for (const std::uint64_t who : {1, 2, 4, 5, 6})
        world.happens(who, "account_opened", "2026-10-05T09:00:00", {});
    auto campaign = campaign_with_goal();
    EXPECT_EQ(world.people(campaign, PeopleSet::acquired), (Who{1}));
    EXPECT_EQ(world.people(campaign, PeopleSet::control_acquired), (Who{4}));
    campaign.draft.goal.reset();
    EXPECT_FALSE(has_set(campaign, PeopleSet::acquired));
    EXPECT_FALSE(has_set(campaign, PeopleSet::control_activated));
    EXPECT_TRUE(has_set(campaign, PeopleSet::treated));
}

TEST(SettledAt, AStoppedCampaignWaitsForTheWindowOfTheLastEntry) {
    auto campaign = campaign_with_goal();
    EXPECT_EQ(settled_at(campaign), std::nullopt);
    campaign.ended_at = at("2026-10-08T10:00:00");
    campaign.state = CampaignState::completed;
    EXPECT_EQ(settled_at(campaign), at("2026-10-08T10:00:00"));
    campaign.state = CampaignState::stopped;
    EXPECT_EQ(settled_at(campaign), at("2026-10-15T10:00:00"));
}

TEST(PeopleSets, HaveNames) {
    EXPECT_EQ(*people_set("held_out"), PeopleSet::held_out);
    EXPECT_EQ(*people_set("holdout_converted"), PeopleSet::holdout_converted);
    EXPECT_EQ(*people_set("control_activated"), PeopleSet::control_activated);
    EXPECT_EQ(people_set("everyone").error().pointer, "/set");
}

}  // namespace qiao::engage
