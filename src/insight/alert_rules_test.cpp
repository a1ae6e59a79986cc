#include "insight/alert_rules.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace qiao::insight {
namespace {

std::optional<Decimal> number(double value) { return *Decimal::from_double(value); }
AlertRule rule(const char* text) {
    return parse_alert_rule(boost::json::parse(text), "/rule").value();
}
bool is_out(const AlertRule& rule, double value, const Numbers& earlier = {}) {
    return judge(rule, number(value), earlier).is_out;
}
Numbers numbers(std::initializer_list<double> values) {
    Numbers made;
    for (const auto value : values)
        made.push_back(number(value));
    return made;
}

TEST(JudgeAlert, AThresholdIsLeftBeyondItNotAtIt) {
    const auto above = rule(R"({"kind":"above","threshold":10})");
    EXPECT_FALSE(is_out(above, 10));
    EXPECT_TRUE(is_out(above, 10.0001));
    const auto below = rule(R"({"kind":"below","threshold":-1.5})");
    EXPECT_FALSE(is_out(below, -1.5));
    EXPECT_TRUE(is_out(below, -1.5001));
    EXPECT_FALSE(judge(above, std::nullopt, {}).is_known);
}

TEST(JudgeAlert, ASeasonIsItsMedianAndAPercentage) {
    const auto season = rule(R"({"kind":"season","seasons":4,"spread":"percent","tolerance":20})");
    const auto earlier = numbers({100, 90, 1000, 110});  // median 105, bounds 84 and 126
    const auto verdict = judge(season, number(126), earlier);
    EXPECT_EQ(verdict.low->text(), "84");
    EXPECT_EQ(verdict.high->text(), "126");
    EXPECT_FALSE(verdict.is_out);
    EXPECT_TRUE(is_out(season, 126.0001, earlier));
    EXPECT_TRUE(is_out(season, 83.9999, earlier));
    EXPECT_FALSE(judge(season, number(500), numbers({1, 2})).is_known);
    Numbers holes = earlier;
    holes[0] = holes[1] = std::nullopt;
    EXPECT_FALSE(judge(season, number(500), holes).is_known);
}

TEST(JudgeAlert, ASeasonIsItsMedianAndDeviations) {
    const auto season =
        rule(R"({"kind":"season","spread":"deviations","tolerance":3,"side":"below"})");
    const auto earlier = numbers({10, 12, 14, 30});  // median 13, deviations 1 1 3 17: 2
    const auto verdict = judge(season, number(6.9), earlier);
    EXPECT_EQ(verdict.low->text(), "7");
    EXPECT_FALSE(verdict.high);
    EXPECT_TRUE(verdict.is_out);
    EXPECT_FALSE(is_out(season, 7, earlier));
    EXPECT_FALSE(is_out(season, 100, earlier));
}

TEST(JudgeAll, ComparesDaysWithTheSameWeekday) {
    const auto season = rule(R"({"kind":"season","seasons":3,"tolerance":10})");
    Numbers line;
    for (int day = 0; day < 28; ++day)
        line.push_back(number(day % 7 < 5 ? 100 : 10));
    line[24] = number(50);
    const auto verdicts = judge_all(season, Per::day, line, look_back(season, Per::day));
    ASSERT_EQ(verdicts.size(), 7u);
    EXPECT_TRUE(verdicts[3].is_out);
    EXPECT_EQ(episodes(verdicts), 1u);
    EXPECT_FALSE(verdicts[5].is_out);
}

TEST(AfterAlert, AnEpisodeIsToldOnce) {
    const Verdict out{true, true, {}, {}}, fine{true, false, {}, {}}, unknown;
    EXPECT_EQ(after(AlertState::ok, out), AlertState::firing);
    EXPECT_EQ(after(AlertState::firing, out), AlertState::firing);
    EXPECT_EQ(after(AlertState::acknowledged, out), AlertState::acknowledged);
    EXPECT_EQ(after(AlertState::acknowledged, fine), AlertState::ok);
    EXPECT_EQ(after(AlertState::firing, unknown), AlertState::firing);
    const Verdict line[] = {out, out, unknown, out, fine, out};
    EXPECT_EQ(episodes(line), 2u);
}

TEST(LastDueUnit, WaitsForItsTimeOfTheInstitution) {
    const auto calendar = *Calendar::of_zone("Asia/Shanghai");
    const auto due = [&](const char* now, Per per) {
        return format_day(last_due_unit(*parse_time(now), 8 * 60, per, calendar));
    };
    EXPECT_EQ(due("2026-10-05T07:59:00+08:00", Per::day), "2026-10-03");
    EXPECT_EQ(due("2026-10-05T08:00:00+08:00", Per::day), "2026-10-04");
    EXPECT_EQ(due("2026-10-05T07:59:00+08:00", Per::week), "2026-09-21");  // a Monday
    EXPECT_EQ(due("2026-10-05T08:00:00+08:00", Per::week), "2026-09-28");
    EXPECT_EQ(due("2026-10-01T08:00:00+08:00", Per::month), "2026-09-01");
    EXPECT_EQ(due("2026-10-01T07:00:00+08:00", Per::month), "2026-08-01");
}

TEST(ParseAlertRule, NamesTheWrongMember) {
    const auto pointer = [](const char* text) {
        const auto parsed = parse_alert_rule(boost::json::parse(text), "/rule");
        return parsed ? std::string("fine") : parsed.error().reason + " " + parsed.error().pointer;
    };
    EXPECT_EQ(pointer(R"({"kind":"above","threshold":0})"), "fine");
    EXPECT_EQ(pointer(R"({"kind":"above"})"), "insight.alert /rule/threshold");
    EXPECT_EQ(pointer(R"({})"), "insight.alert /rule/kind");
    EXPECT_EQ(pointer(R"({"kind":"season","tolerance":0})"), "insight.alert /rule/tolerance");
    EXPECT_EQ(pointer(R"({"kind":"season","tolerance":1,"seasons":2})"),
              "insight.alert /rule/seasons");
    EXPECT_EQ(pointer(R"({"kind":"above","threshold":1,"side":"both"})"),
              "insight.alert /rule/side");
}

}  // namespace
}  // namespace qiao::insight
