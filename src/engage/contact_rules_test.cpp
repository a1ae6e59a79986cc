#include "engage/contact_rules.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace qiao::engage {

namespace {

using action::ChannelKind;

const auto calendar = *Calendar::of_zone("Asia/Shanghai");
const auto monday_noon = *parse_time("2026-10-05T12:00:00+08:00");
const Day monday = calendar.day_of(monday_noon);

ContactPolicy policy(const char* text) { return *parse_policy(boost::json::parse(text)); }
ContactRequest sms() { return {ChannelKind::sms, 5, false, true, true}; }
Contact sent(ChannelKind channel, Day day, std::string key = "k") {
    return {std::move(key), channel, day, 5, false};
}

}  // namespace

TEST(JudgeContact, NeedsConsentThenAnAddress) {
    auto request = sms();
    request.has_consent = request.is_reachable = false;
    EXPECT_EQ(judge_contact(request, {}, {}, monday_noon, calendar).suppressed, "no_consent");
    request.has_consent = true;
    EXPECT_EQ(judge_contact(request, {}, {}, monday_noon, calendar).suppressed, "unreachable");
}

TEST(JudgeContact, TheLastOfTheCapPassesTheNextDoesNot) {
    const auto two_a_week = policy(R"({"caps":[{"channel":"sms","per":"week","limit":2}]})");
    EXPECT_EQ(
        judge_contact(sms(), two_a_week, {sent(ChannelKind::sms, monday)}, monday_noon, calendar)
            .suppressed,
        "");
    EXPECT_EQ(judge_contact(sms(), two_a_week,
                            {sent(ChannelKind::sms, monday), sent(ChannelKind::sms, monday + 6)},
                            monday_noon, calendar)
                  .suppressed,
              "cap_sms_week");
    EXPECT_EQ(judge_contact(sms(), two_a_week,
                            {sent(ChannelKind::sms, monday - 1), sent(ChannelKind::sms, monday)},
                            monday_noon, calendar)
                  .suppressed,
              "");
}

TEST(JudgeContact, ACapOverAllChannelsCountsThemTogether) {
    const auto one_a_day = policy(R"({"caps":[{"channel":"any","per":"day","limit":1}]})");
    EXPECT_EQ(
        judge_contact(sms(), one_a_day, {sent(ChannelKind::email, monday)}, monday_noon, calendar)
            .suppressed,
        "cap_any_day");
    const auto other = policy(R"({"caps":[{"channel":"email","per":"day","limit":1}]})");
    EXPECT_EQ(judge_contact(sms(), other, {sent(ChannelKind::email, monday)}, monday_noon, calendar)
                  .suppressed,
              "");
}

TEST(JudgeContact, QuietHoursDeferAndTheContactCountsOnItsPlannedDay) {
    const auto night = policy(
        R"({"caps":[{"channel":"sms","per":"day","limit":1}],"quiet_hours":{"from":"21:00","to":"08:00","action":"defer"}})");
    const auto late = *parse_time("2026-10-05T21:00:00+08:00");
    const auto verdict =
        judge_contact(sms(), night, {sent(ChannelKind::sms, monday)}, late, calendar);
    EXPECT_EQ(verdict.suppressed, "");
    EXPECT_EQ(verdict.due, *parse_time("2026-10-06T08:00:00+08:00"));
    EXPECT_EQ(judge_contact(sms(), night, {sent(ChannelKind::sms, monday + 1)}, late, calendar)
                  .suppressed,
              "cap_sms_day");
    const auto early = *parse_time("2026-10-05T07:59:59+08:00");
    EXPECT_EQ(judge_contact(sms(), night, {}, early, calendar).due,
              *parse_time("2026-10-05T08:00:00+08:00"));
    const auto eight = *parse_time("2026-10-05T08:00:00+08:00");
    EXPECT_EQ(judge_contact(sms(), night, {}, eight, calendar).due, eight);
}

TEST(JudgeContact, QuietHoursMayDrop) {
    const auto noon = policy(R"({"quiet_hours":{"from":"11:00","to":"13:00","action":"drop"}})");
    EXPECT_EQ(judge_contact(sms(), noon, {}, monday_noon, calendar).suppressed, "quiet_hours");
}

TEST(JudgeContact, ExemptMessagesPassCapsAndQuietHoursButNotConsent) {
    const auto strict = policy(
        R"({"caps":[{"channel":"any","per":"day","limit":0}],"quiet_hours":{"from":"00:00","to":"23:59","action":"drop"}})");
    auto request = sms();
    request.is_exempt = true;
    EXPECT_EQ(judge_contact(request, strict, {}, monday_noon, calendar).suppressed, "");
    request.has_consent = false;
    EXPECT_EQ(judge_contact(request, strict, {}, monday_noon, calendar).suppressed, "no_consent");
}

TEST(JudgeContact, AHigherPriorityDisplacesAWaitingContactButNoneThatLeft) {
    const auto one_a_day = policy(R"({"caps":[{"channel":"any","per":"day","limit":1}]})");
    auto request = sms();
    request.priority = 1;
    const Contact waiting{"low", ChannelKind::sms, monday, 7, true};
    EXPECT_EQ(judge_contact(request, one_a_day, {waiting}, monday_noon, calendar).displaced,
              (std::vector<std::string>{"low"}));
    EXPECT_EQ(
        judge_contact(request, one_a_day, {sent(ChannelKind::sms, monday)}, monday_noon, calendar)
            .suppressed,
        "cap_any_day");
    request.priority = 7;
    EXPECT_EQ(judge_contact(request, one_a_day, {waiting}, monday_noon, calendar).suppressed,
              "cap_any_day");
}

TEST(IsPast, KeepsWhatStillCountsForWeekOrMonth) {
    const Day first = *parse_day("2026-10-01");  // a Thursday
    EXPECT_FALSE(is_past(first - 1, first));     // another month, the same week
    EXPECT_FALSE(is_past(first, first + 20));
    EXPECT_TRUE(is_past(first - 4, first));
}

TEST(ParsePolicy, PointsAtWhatIsWrong) {
    const auto pointer = [](const char* text) {
        return parse_policy(boost::json::parse(text)).error().pointer;
    };
    EXPECT_EQ(pointer(R"({"caps":[{"channel":"fax","per":"day","limit":1}]})"), "/caps/0/channel");
    EXPECT_EQ(pointer(R"({"caps":[{"channel":"any","per":"day","limit":-1}]})"), "/caps/0/limit");
    EXPECT_EQ(pointer(R"({"quiet_hours":{"from":"25:00","to":"08:00","action":"defer"}})"),
              "/quiet_hours/from");
    EXPECT_EQ(pointer(R"({"holdout_share":0.9})"), "/holdout_share");
    const auto full = policy(
        R"({"caps":[{"channel":"any","per":"month","limit":8}],"quiet_hours":{"from":"21:00","to":"08:00","action":"defer"},"holdout_share":0.02})");
    EXPECT_EQ(*parse_policy(to_json(full)), full);
}

TEST(FallsIn, IsStableAndOfTheRightShare) {
    int in = 0;
    for (std::uint64_t id = 1; id <= 20'000; ++id)
        in += falls_in("cmp_1", ProfileId{id}, 0.1);
    EXPECT_NEAR(in, 2'000, 150);
    EXPECT_EQ(falls_in("cmp_1", ProfileId{77}, 0.5), falls_in("cmp_1", ProfileId{77}, 0.5));
}

}  // namespace qiao::engage
