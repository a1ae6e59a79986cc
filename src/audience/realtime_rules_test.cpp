#include "audience/realtime_rules.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <boost/json.hpp>
#include <map>
#include <set>

#include "index/oracle.hpp"

namespace qiao::audience {
namespace {

using namespace std::chrono_literals;

class Everything : public rule::Vocabulary {
public:
    std::optional<ValueType> tag(std::string_view name) const override {
        return name == "level" ? ValueType::string : ValueType::number;
    }
    bool has_event(std::string_view) const override { return true; }
    std::optional<ValueType> property(std::string_view, std::string_view name) const override {
        return name == "channel" ? ValueType::string : ValueType::number;
    }
    bool has_score(std::string_view) const override { return true; }
    bool has_identity(std::string_view) const override { return true; }
    bool has_consent(std::string_view) const override { return true; }
    std::optional<std::vector<std::string>> org(std::string_view code) const override {
        return std::vector<std::string>{std::string(code), std::string(code) + "01"};
    }
    const rule::Node* audience(std::string_view) const override { return nullptr; }
};

rule::Node rule_of(std::string_view text) {
    const auto parsed = rule::parse(boost::json::parse(boost::json::string_view(text)));
    EXPECT_TRUE(parsed) << parsed.error().detail << parsed.error().pointer;
    auto resolved = rule::resolve(*parsed, Everything());
    EXPECT_TRUE(resolved) << resolved.error().detail;
    return std::move(*resolved);
}

class FakePerson final : public Person {
public:
    std::map<std::string, Value, std::less<>> tags;
    std::set<std::string, std::less<>> identities, consents;
    std::string unit;

    const Value* tag(std::string_view name) const override {
        const auto at = tags.find(name);
        return at == tags.end() ? nullptr : &at->second;
    }
    const Value* score(std::string_view name) const override { return tag(name); }
    bool has_identity(std::string_view kind) const override { return identities.contains(kind); }
    bool granted(std::string_view consent) const override { return consents.contains(consent); }
    std::string_view org() const override { return unit; }
};

const Calendar& shanghai() {
    static const auto calendar = Calendar::of_zone("Asia/Shanghai").value();
    return calendar;
}

Time at(std::string_view text) { return parse_time(text).value(); }

struct Scene {
    Names names;
    FakePerson person;
    std::vector<KeptEvent> events;

    void did(std::string_view event, std::string_view when, Properties properties = {}) {
        KeptEvent made{names.give(event), at(when), 0, {}};
        for (auto& [name, value] : properties)
            made.properties.emplace_back(names.give(name), value);
        events.push_back(std::move(made));
    }
    Verdict judge_at(const rule::Node& rule, Time time) const {
        return judge(rule, person, events, names, time, shanghai());
    }
    Verdict judge_at(std::string_view rule, std::string_view when) const {
        return judge_at(rule_of(rule), at(when));
    }
};

TEST(Judge, AnEventLeavesItsWindowAtTheMomentThatItIsOldEnough) {
    Scene scene;
    scene.did("buy", "2026-10-01T10:00:00+08:00");
    const auto rule = rule_of(R"({"event":"buy","within":"7d"})");
    const auto verdict = scene.judge_at(rule, at("2026-10-02T00:00:00+08:00"));
    EXPECT_TRUE(verdict.holds);
    EXPECT_EQ(verdict.flip.at, at("2026-10-08T10:00:00+08:00"));
    EXPECT_FALSE(verdict.flip.midnight);
    EXPECT_FALSE(scene.judge_at(rule, verdict.flip.at).holds);
    EXPECT_EQ(scene.judge_at(rule, verdict.flip.at).flip.at, never);
}

TEST(Judge, NotBoughtTurnsTrueWhileNothingHappens) {
    Scene scene;
    scene.did("buy", "2026-10-01T10:00:00+08:00");
    const auto verdict =
        scene.judge_at(R"({"not":{"event":"buy","within":"7d"}})", "2026-10-02T00:00:00+08:00");
    EXPECT_FALSE(verdict.holds);
    EXPECT_EQ(verdict.flip.at, at("2026-10-08T10:00:00+08:00"));
}

TEST(Judge, AFalseAllWaitsForTheLastFalseCondition) {
    Scene scene;
    scene.did("a", "2026-10-01T00:00:00Z");
    scene.did("b", "2026-10-03T00:00:00Z");
    const auto verdict = scene.judge_at(
        R"({"all":[{"not":{"event":"a","within":"7d"}},{"not":{"event":"b","within":"7d"}}]})",
        "2026-10-04T00:00:00Z");
    EXPECT_FALSE(verdict.holds);
    EXPECT_EQ(verdict.flip.at, at("2026-10-10T00:00:00Z"));
}

TEST(Judge, AFalseTagKeepsAnAllFalseForEver) {
    Scene scene;
    scene.did("a", "2026-10-01T00:00:00Z");
    const auto verdict = scene.judge_at(
        R"({"all":[{"tag":"level","op":"eq","value":"gold"},{"event":"a","within":"7d"}]})",
        "2026-10-04T00:00:00Z");
    EXPECT_EQ(verdict.flip.at, never);
}

TEST(Judge, TodayEndsAtMidnightOfTheInstitution) {
    Scene scene;
    scene.did("login", "2026-10-01T10:00:00+08:00");
    const auto verdict =
        scene.judge_at(R"({"event":"login","within":"today"})", "2026-10-01T23:00:00+08:00");
    EXPECT_TRUE(verdict.holds);
    EXPECT_TRUE(verdict.flip.midnight);
    EXPECT_EQ(verdict.flip.at, at("2026-10-02T00:00:00+08:00"));
}

TEST(Judge, TheAgeOfTheLastEventPassesItsConstant) {
    Scene scene;
    scene.did("login", "2026-10-01T00:00:00Z");
    const auto rule =
        rule_of(R"({"event":"login","within":"90d","measure":"last","op":"gte","value":"30d"})");
    const auto verdict = scene.judge_at(rule, at("2026-10-02T00:00:00Z"));
    EXPECT_FALSE(verdict.holds);
    EXPECT_EQ(verdict.flip.at, at("2026-10-31T00:00:00Z"));
    EXPECT_TRUE(scene.judge_at(rule, verdict.flip.at).holds);
}

TEST(Judge, AnEventThatIsDatedAheadCountsFromItsTime) {
    Scene scene;
    scene.did("login", "2026-10-01T12:00:00Z");
    const auto verdict =
        scene.judge_at(R"({"event":"login","within":"1d"})", "2026-10-01T11:00:00Z");
    EXPECT_FALSE(verdict.holds);
    EXPECT_EQ(verdict.flip.at, at("2026-10-01T12:00:00Z"));
}

TEST(Judge, SumsAreExactAndZeroWithoutEvents) {
    Scene scene;
    EXPECT_TRUE(
        scene
            .judge_at(R"({"event":"pay","within":"1d","measure":"sum:amount","op":"eq","value":0})",
                      "2026-10-01T00:00:00Z")
            .holds);
    scene.did("pay", "2026-10-01T00:00:00Z", {{"amount", Value(*Decimal::parse("0.1"))}});
    scene.did("pay", "2026-10-01T00:00:01Z", {{"amount", Value(*Decimal::parse("0.2"))}});
    EXPECT_TRUE(
        scene
            .judge_at(
                R"({"event":"pay","within":"1d","measure":"sum:amount","op":"eq","value":0.3})",
                "2026-10-01T00:00:02Z")
            .holds);
    EXPECT_FALSE(
        scene
            .judge_at(R"({"event":"pay","within":"1d","measure":"max:fee","op":"lt","value":9})",
                      "2026-10-01T00:00:02Z")
            .holds);
}

TEST(Judge, StateOfTheCustomer) {
    Scene scene;
    scene.person.unit = "330101";
    scene.person.consents = {"marketing.sms"};
    scene.person.identities = {"user_id"};
    const auto now = "2026-10-01T00:00:00Z";
    EXPECT_TRUE(scene.judge_at(R"({"org":"3301"})", now).holds);
    EXPECT_FALSE(scene.judge_at(R"({"org":"33"})", now).holds);
    EXPECT_TRUE(scene.judge_at(R"({"consent":"marketing.sms"})", now).holds);
    EXPECT_FALSE(scene.judge_at(R"({"consent":"marketing.email"})", now).holds);
    EXPECT_TRUE(scene.judge_at(R"({"identity":"phone","op":"missing"})", now).holds);
    EXPECT_TRUE(scene.judge_at(R"({"not":{"tag":"age","op":"gt","value":3}})", now).holds);
    EXPECT_FALSE(scene.judge_at(R"({"tag":"age","op":"ne","value":3})", now).holds);
}

std::string refusal_of(std::string_view rule) {
    const auto verdict = check_realtime(rule_of(rule));
    return verdict ? "" : verdict.error().reason + verdict.error().pointer;
}

TEST(CheckRealtime, RefusesWhatAShardCannotKnow) {
    EXPECT_EQ(refusal_of(R"({"event":"a","within":"90d"})"), "");
    EXPECT_EQ(refusal_of(R"({"event":"a","within":"91d"})"), "audience.not_realtime");
    EXPECT_EQ(refusal_of(R"({"all":[{"event":"a"}]})"), "audience.not_realtime/all/0");
    EXPECT_EQ(refusal_of(R"({"event":"a","within":"this_quarter"})"), "audience.not_realtime");
    EXPECT_EQ(refusal_of(R"({"event":"a","within":"last_month"})"), "");
    EXPECT_EQ(refusal_of(R"({"not":{"score":"s","op":"top","value":0.1}})"),
              "audience.not_realtime/not");
    EXPECT_EQ(refusal_of(R"({"score":"s","op":"gt","value":0.1})"), "");
    EXPECT_EQ(refusal_of(R"({"event":"$audience_entered","within":"1d"})"),
              "audience.not_realtime");
}

TEST(NeedsOf, UnitesWhatSeveralConditionsAskOfAnEvent) {
    const auto needs = needs_of(rule_of(R"({"any":[
        {"event":"a","within":"7d","where":[{"property":"channel","op":"eq","value":"app"}]},
        {"event":"a","within":"30d","measure":"sum:amount","op":"gt","value":1}]})"));
    ASSERT_EQ(needs.size(), 1u);
    EXPECT_EQ(needs[0].properties, (std::vector<std::string>{"amount", "channel"}));
    EXPECT_EQ(needs[0].look_back, Duration(24h * 30));
}

std::string random_window() {
    return *rc::gen::element<std::string>("1h", "5h", "1d", "3d", "1w", "today", "yesterday",
                                          "this_week", "last_week", "this_month");
}

std::string random_leaf() {
    const auto event = *rc::gen::element<std::string>("a", "b");
    const auto op = *rc::gen::element<std::string>("eq", "gte", "lt", "ne");
    const auto n = std::to_string(*rc::gen::inRange(0, 4));
    switch (*rc::gen::inRange(0, 5)) {
        case 0:
            return R"({"tag":"age","op":")" + op + R"(","value":)" + n + "}";
        case 1:
            return R"({"event":")" + event + R"(","within":")" + random_window() +
                   R"(","measure":")" +
                   *rc::gen::element<std::string>("count", "days", "sum:amount", "max:amount",
                                                  "avg:amount", "distinct:amount") +
                   R"(","op":")" + op + R"(","value":)" + n + "}";
        case 2:
            return R"({"event":")" + event + R"(","within":")" + random_window() +
                   R"(","measure":")" + *rc::gen::element<std::string>("first", "last") +
                   R"(","op":")" + op + R"(","value":")" +
                   std::to_string(*rc::gen::inRange(1, 40)) + R"(h"})";
        case 3:
            return R"({"sequence":[{"event":"a"},{"event":"b"},{"event":"a"}],"within":")" +
                   random_window() + R"(","window":"2h","op":")" + op + R"(","reached":)" + n + "}";
        default:
            return R"({"event":")" + event + R"(","within":")" + random_window() +
                   R"(","where":[{"property":"amount","op":")" + op + R"(","value":)" + n + "}]}";
    }
}

std::string random_rule(int depth) {
    const int kind = depth == 0 ? 3 : *rc::gen::inRange(0, 6);
    if (kind > 2)
        return random_leaf();
    if (kind == 2)
        return R"({"not":)" + random_rule(depth - 1) + "}";
    std::string list;
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
        list += random_rule(depth - 1) + (i > 1 ? "," : "");
    return std::string(kind == 0 ? R"({"all":[)" : R"({"any":[)") + list + "]}";
}

Scene random_scene() {
    Scene scene;
    if (*rc::gen::arbitrary<bool>())
        scene.person.tags["age"] = Value(*Decimal::from_int(*rc::gen::inRange(0, 4)));
    const Time start = at("2026-10-01T00:00:00+08:00");
    for (int i = *rc::gen::inRange(0, 12); i > 0; --i) {
        KeptEvent event{scene.names.give(*rc::gen::element<std::string>("a", "b")),
                        start + std::chrono::minutes(30 * *rc::gen::inRange(0, 400)),
                        0,
                        {}};
        if (*rc::gen::inRange(0, 4) != 0)
            event.properties.emplace_back(scene.names.give("amount"),
                                          *Decimal::from_int(*rc::gen::inRange(0, 4)));
        scene.events.push_back(std::move(event));
    }
    std::stable_sort(scene.events.begin(), scene.events.end(),
                     [](const auto& a, const auto& b) { return a.time < b.time; });
    return scene;
}

bool oracle_says(const Scene& scene, const rule::Node& rule, Time time) {
    index::oracle::Person person;
    for (const auto& event : scene.events) {
        Properties properties;
        for (const auto& [name, value] : event.properties)
            properties.emplace_back(scene.names.text(name), value);
        person.events.push_back(
            {scene.names.text(event.name), to_ms(event.time), std::move(properties)});
    }
    for (const auto& [name, value] : scene.person.tags)
        person.tags[name] = value;
    return index::oracle::holds(rule, person, {{}, time, &shanghai()});
}

// The truth stays as it is until the announced moment, whatever moment between one looks at.
RC_GTEST_PROP(JudgeProperty, NothingFlipsBeforeItsAnnouncement, ()) {
    const auto text = random_rule(3);
    RC_LOG() << text << std::endl;
    const auto rule = rule_of(text);
    const auto scene = random_scene();
    Time now =
        at("2026-10-01T00:00:00+08:00") + std::chrono::minutes(15 * *rc::gen::inRange(0, 900));
    for (int round = 0; round < 4; ++round) {
        const auto verdict = scene.judge_at(rule, now);
        RC_ASSERT(verdict.flip.at > now);
        RC_ASSERT(verdict.holds == oracle_says(scene, rule, now));
        const Time until = std::min(verdict.flip.at, now + std::chrono::hours(24 * 40));
        for (Time probe = now; probe < until; probe += std::chrono::minutes(30)) {
            RC_ASSERT(oracle_says(scene, rule, probe) == verdict.holds);
            if (probe + 1ms < until)
                RC_ASSERT(oracle_says(scene, rule, probe + 1ms) == verdict.holds);
        }
        RC_ASSERT(oracle_says(scene, rule, until - 1ms) == verdict.holds);
        if (verdict.flip.at == never)
            break;
        now = verdict.flip.at;
    }
}

}  // namespace
}  // namespace qiao::audience
