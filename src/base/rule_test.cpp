#include "base/rule.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <map>

namespace qiao::rule {
namespace {

class Names final : public Vocabulary {
public:
    std::optional<ValueType> tag(std::string_view name) const override {
        if (name == "level")
            return ValueType::string;
        if (name == "age")
            return ValueType::number;
        if (name == "since")
            return ValueType::time;
        if (name == "held")
            return ValueType::string_set;
        if (name == "phone_no")
            return ValueType::sealed;
        return std::nullopt;
    }
    bool has_event(std::string_view name) const override { return name == "pay" || name == "view"; }
    std::optional<ValueType> property(std::string_view, std::string_view name) const override {
        if (name == "amount")
            return ValueType::number;
        if (name == "channel")
            return ValueType::string;
        return std::nullopt;
    }
    bool has_score(std::string_view name) const override { return name == "churn"; }
    bool has_identity(std::string_view kind) const override { return kind == "user_id"; }
    bool has_consent(std::string_view name) const override { return name == "marketing.sms"; }
    std::optional<std::vector<std::string>> org(std::string_view code) const override {
        if (code != "33")
            return std::nullopt;
        return std::vector<std::string>{"33", "3301"};
    }
    const Node* audience(std::string_view id) const override {
        const auto found = audiences.find(std::string(id));
        return found == audiences.end() ? nullptr : &found->second;
    }
    std::optional<std::string> sealed_hash(std::string_view, std::string_view text) const override {
        return "hash:" + std::string(text);
    }
    std::map<std::string, Node> audiences;
};

Result<Node> parsed(std::string_view text) { return parse(boost::json::parse(text)); }

TEST(RuleParse, ReadsTheExampleOfTheDesign) {
    const auto tree = parsed(R"({"all": [
      {"tag": "level", "op": "in", "value": ["gold", "diamond"]},
      {"event": "view", "within": "30d", "op": "gte", "value": 3,
       "where": [{"property": "channel", "op": "eq", "value": "app"}]},
      {"not": {"event": "pay", "within": "7d"}},
      {"event": "pay", "within": "90d", "measure": "sum:amount", "op": "gte", "value": 100000},
      {"any": [{"sequence": [{"event": "view"}, {"event": "pay"}],
                "within": "30d", "window": "1h", "reached": 1, "op": "eq"},
               {"score": "churn", "op": "top", "value": 0.1}]},
      {"org": "33"}, {"consent": "marketing.sms"}]})");
    ASSERT_TRUE(tree) << tree.error().detail;
    Names names;
    const auto resolved = resolve(*tree, names);
    ASSERT_TRUE(resolved) << resolved.error().detail << resolved.error().pointer;
    const auto& all = std::get<All>(resolved->what);
    EXPECT_EQ(all.nodes[2].pointer, "/all/2");
    EXPECT_EQ(std::get<OrgTest>(all.nodes[5].what).codes.size(), 2u);
    EXPECT_EQ(look_back(*resolved), Duration(std::chrono::hours(24 * 90)));
    EXPECT_EQ(references_of(*resolved).events, (std::vector<std::string>{"pay", "view"}));
}

struct Refusal {
    std::string_view rule, reason, pointer;
};

TEST(RuleParse, RefusesWithThePointerOfTheFault) {
    const Refusal refusals[] = {
        {R"({"all":[{"tag":"level","op":"is","value":1}]})", "rule.invalid", "/all/0/op"},
        {R"({"all":[{"tag":"level","op":"eq"}]})", "rule.invalid", "/all/0"},
        {R"({"all":[],"any":[]})", "rule.invalid", "/any"},
        {R"([])", "rule.invalid", ""},
        {R"({"not":{"event":"pay","within":"0d"}})", "rule.invalid", "/not/within"},
        {R"({"event":"pay","within":"7d","to":"2026-01-01"})", "rule.invalid", ""},
        {R"({"event":"pay","measure":"sum","op":"gt","value":1})", "rule.invalid", "/measure"},
        {R"({"event":"pay","measure":"last","op":"lt","value":7})", "rule.invalid", "/value"},
        {R"({"tag":"age","op":"between","value":[1]})", "rule.invalid", "/value"},
        {R"({"tag":"age","op":"in","value":[1,[2]]})", "rule.invalid", "/value/1"},
        {R"({"sequence":[]})", "rule.invalid", "/sequence"},
        {R"({"score":"churn","op":"top","value":1.5})", "rule.invalid", "/value"},
    };
    for (const auto& refusal : refusals) {
        const auto tree = parsed(refusal.rule);
        ASSERT_FALSE(tree) << refusal.rule;
        EXPECT_EQ(tree.error().reason, refusal.reason) << refusal.rule;
        EXPECT_EQ(tree.error().pointer, refusal.pointer) << refusal.rule;
    }
}

TEST(RuleParse, NamesItsLimits) {
    std::string deep;
    for (int i = 0; i < 20; ++i)
        deep += R"({"not":)";
    deep += R"({"all":[]})" + std::string(20, '}');
    EXPECT_EQ(parsed(deep).error().reason, "rule.too_large");
    std::string wide = R"({"any":[)";
    for (int i = 0; i < 600; ++i)
        wide += R"({"org":"33"},)";
    wide.back() = ']';
    EXPECT_EQ(parsed(wide + "}").error().reason, "rule.too_large");
}

TEST(RuleResolve, RefusesUnknownNamesAndWrongTypes) {
    const Refusal refusals[] = {
        {R"({"tag":"levle","op":"exists"})", "rule.unknown", "/tag"},
        {R"({"tag":"age","op":"eq","value":"old"})", "rule.type", "/value"},
        {R"({"tag":"level","op":"in","value":["gold",3]})", "rule.type", "/value/1"},
        {R"({"tag":"level","op":"lt","value":"gold"})", "rule.type", "/op"},
        {R"({"tag":"held","op":"eq","value":"fund"})", "rule.type", "/op"},
        {R"({"tag":"phone_no","op":"ne","value":"1"})", "rule.type", "/op"},
        {R"({"not":{"event":"payed"}})", "rule.unknown", "/not/event"},
        {R"({"event":"pay","where":[{"property":"x","op":"exists"}]})", "rule.unknown",
         "/where/0/property"},
        {R"({"event":"pay","measure":"sum:channel","op":"gt","value":1})", "rule.type", "/measure"},
        {R"({"event":"pay","op":"gt","value":"1"})", "rule.type", "/value"},
        {R"({"score":"luck","op":"top","value":0.1})", "rule.unknown", "/score"},
        {R"({"org":"99"})", "rule.unknown", "/org"},
        {R"({"consent":"marketing.fax"})", "rule.unknown", "/consent"},
        {R"({"identity":"passport"})", "rule.unknown", "/identity"},
        {R"({"any":[{"audience":"aud_9"}]})", "rule.unknown", "/any/0/audience"},
    };
    Names names;
    for (const auto& refusal : refusals) {
        const auto tree = parsed(refusal.rule);
        ASSERT_TRUE(tree) << refusal.rule;
        const auto resolved = resolve(*tree, names);
        ASSERT_FALSE(resolved) << refusal.rule;
        EXPECT_EQ(resolved.error().reason, refusal.reason) << refusal.rule;
        EXPECT_EQ(resolved.error().pointer, refusal.pointer) << refusal.rule;
    }
}

TEST(RuleResolve, TurnsTextsIntoTimesAndHashes) {
    Names names;
    const auto tree = parsed(R"({"all":[{"tag":"since","op":"gte","value":"2026-01-01T00:00:00Z"},
                                        {"tag":"phone_no","op":"eq","value":"138"}]})");
    const auto resolved = resolve(*tree, names);
    ASSERT_TRUE(resolved) << resolved.error().detail;
    const auto& nodes = std::get<All>(resolved->what).nodes;
    EXPECT_EQ(type_of(std::get<TagTest>(nodes[0].what).test.values[0]), ValueType::time);
    EXPECT_TRUE(holds(std::get<TagTest>(nodes[1].what).test, Sealed{"hash:138", "x"}));
}

TEST(RuleResolve, RefusesACycleOfAudiences) {
    Names names;
    names.audiences.emplace("aud_1", *parsed(R"({"not":{"audience":"aud_2"}})"));
    names.audiences.emplace("aud_2", *parsed(R"({"any":[{"audience":"aud_1"}]})"));
    names.audiences.emplace("aud_3", *parsed(R"({"tag":"age","op":"gt","value":3})"));
    const auto cycle = resolve(*parsed(R"({"audience":"aud_1"})"), names);
    ASSERT_FALSE(cycle);
    EXPECT_EQ(cycle.error().reason, "rule.cycle");
    EXPECT_EQ(cycle.error().pointer, "/audience");
    EXPECT_TRUE(resolve(*parsed(R"({"all":[{"audience":"aud_3"},{"audience":"aud_3"}]})"), names));
}

TEST(RulePeriod, MatchesTheCalendarOfTheInstitution) {
    const auto calendar = Calendar::of_zone("Asia/Shanghai");
    ASSERT_TRUE(calendar);
    const Time as_of = *parse_time("2026-11-22T09:30:00+08:00");  // a Sunday
    const auto interval = [&](std::string_view within) {
        const auto period = parse_period(boost::json::parse(within).as_object(), "");
        EXPECT_TRUE(period);
        return interval_of(*period, as_of, *calendar);
    };
    const auto ms = [](std::string_view text) { return to_ms(*parse_time(text)); };
    EXPECT_EQ(interval(R"({"within":"30d"})").from_ms, ms("2026-10-23T09:30:00+08:00") + 1);
    EXPECT_EQ(interval(R"({"within":"30d"})").until_ms, to_ms(as_of) + 1);
    EXPECT_EQ(interval(R"({"within":"this_week"})").from_ms, ms("2026-11-16T00:00:00+08:00"));
    EXPECT_EQ(interval(R"({"within":"yesterday"})").until_ms, ms("2026-11-22T00:00:00+08:00"));
    EXPECT_EQ(interval(R"({"within":"last_month"})").from_ms, ms("2026-10-01T00:00:00+08:00"));
    EXPECT_EQ(interval(R"({"from":"2026-10-01","to":"2027-01-01"})"),
              (Interval{ms("2026-10-01T00:00:00+08:00"), to_ms(as_of) + 1}));
}

}  // namespace
}  // namespace qiao::rule
