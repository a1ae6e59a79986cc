// The pieces that the questions share, at their boundaries.
#include <gtest/gtest.h>

#include <array>
#include <boost/json.hpp>
#include <random>

#include "index/index.hpp"
#include "insight/detail/ranks.hpp"
#include "insight/detail/unit_table.hpp"
#include "insight/funnel.hpp"
#include "insight/paths.hpp"

namespace qiao::insight {
namespace {

TEST(RankOf, IsTheNearestRankOfAllLists) {
    const std::vector<std::int64_t> a = {5, -1, 3}, b = {3}, none;
    const std::vector<const std::vector<std::int64_t>*> lists = {&a, &b, &none};
    EXPECT_EQ(detail::rank_of(lists, 0.5), 3);    // -1 3 3 5
    EXPECT_EQ(detail::rank_of(lists, 0.25), -1);  // exactly the first quarter
    EXPECT_EQ(detail::rank_of(lists, 0.26), 3);
    EXPECT_EQ(detail::rank_of(lists, 1), 5);
    EXPECT_EQ(detail::rank_of(std::vector<const std::vector<std::int64_t>*>{&none}, 0.5),
              std::nullopt);
}

TEST(RankOf, FindsTheRankAmongNumbersOfAnySize) {
    std::mt19937_64 random(7);
    for (const std::int64_t span : std::array<std::int64_t, 4>{1, 100, 5'000, INT64_MAX / 2}) {
        std::vector<std::int64_t> numbers(1'001);
        for (auto& number : numbers)
            number = std::uniform_int_distribution<std::int64_t>(-span, span)(random);
        auto sorted = numbers;
        std::sort(sorted.begin(), sorted.end());
        const std::vector<const std::vector<std::int64_t>*> lists = {&numbers};
        EXPECT_EQ(detail::rank_of(lists, 0.5), sorted[500]);
        EXPECT_EQ(detail::rank_of(lists, 0.9), sorted[900]);
    }
}

// Every border of every unit, also in a zone whose days have 23 and 25 hours.
TEST(UnitTable, FindsTheUnitOfEveryBorder) {
    for (const char* zone : {"Asia/Shanghai", "Europe/Berlin"}) {
        const auto calendar = Calendar::of_zone(zone).value();
        const rule::Interval interval{to_ms(parse_time("2025-03-01T07:13:05Z").value()),
                                      to_ms(parse_time("2026-12-01T11:00:00Z").value())};
        for (const auto per : {Per::day, Per::week, Per::month, Per::total}) {
            const auto units = units_of(interval, per, calendar);
            const detail::UnitTable table(units);
            for (std::size_t i = 0; i < units.size(); ++i) {
                EXPECT_EQ(table.of(units[i].from_ms), i);
                EXPECT_EQ(table.of(units[i].until_ms - 1), i);
            }
            EXPECT_FALSE(table.holds(interval.from_ms - 1));
            EXPECT_TRUE(table.holds(interval.from_ms));
            EXPECT_FALSE(table.holds(interval.until_ms));
        }
    }
    EXPECT_FALSE(detail::UnitTable({}).holds(0));
}

TEST(ParseFunnel, NamesTheWrongMember) {
    const auto pointer = [](const std::string& rest) {
        const auto parsed = parse_funnel(
            boost::json::parse(R"({"steps":[{"event":"a"},{"event":"b"}])" + rest + "}"),
            "/funnel");
        return parsed ? std::string("fine") : parsed.error().pointer;
    };
    EXPECT_EQ(pointer(R"(,"window":"7d","per":"week","by":["tag:level"])"), "fine");
    EXPECT_EQ(pointer(R"(,"window":"0d")"), "/funnel/window");
    EXPECT_EQ(pointer(R"(,"by":["a","b"])"), "/funnel/by");
    EXPECT_EQ(pointer(R"(,"by":["$event"])"), "/funnel/by/0");
    EXPECT_EQ(pointer(R"(,"exclude":[{"event":"c"}])"), "/funnel/exclude/0/after");
    EXPECT_EQ(pointer(R"(,"exclude":[{"event":"c","after":1}])"), "fine");
    EXPECT_EQ(pointer(R"(,"exclude":[{"after":1}])"), "/funnel/exclude/0");
    EXPECT_EQ(pointer(R"(,"per":"total")"), "/funnel/per");
    EXPECT_EQ(pointer(R"(,"audience":{"tag":"x"})"), "/funnel/audience");
    EXPECT_EQ(pointer(R"(,"colour":1)"), "/funnel/colour");
    EXPECT_EQ(pointer(R"(,"to":"2026-10-01")"), "/funnel/from");
}

TEST(Questions, EndWhenTheyAreCancelledOrTooSlow) {
    auto index = index::Index::open({}).value();
    index::IndexChange row;
    row.profile = ProfileId{1};
    row.name = "a";
    row.time = time_from_ms(1'000);
    index->apply(std::span(&row, 1), {});
    const auto state = index->snapshot();
    FunnelQuestion question;
    question.steps.resize(2);
    question.steps[0].event = "a";
    question.steps[1].event = "b";
    const rule::Interval interval{0, 10'000};
    const auto reason = [&](const index::Execution& how) {
        const auto found = compute(question, *state, *state->alive, interval, {}, how);
        return found ? std::string("fine") : found.error().reason;
    };
    EXPECT_EQ(reason({}), "fine");
    const std::atomic<bool> cancelled{true};
    index::Execution how;
    how.cancelled = &cancelled;
    EXPECT_EQ(reason(how), "index.cancelled");
    how.cancelled = nullptr;
    how.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
    EXPECT_EQ(reason(how), "index.too_slow");
}

TEST(IsGroup, ReadsATimeFromItsText) {
    const Value moment(time_from_ms(1'700'000'000'000));
    const Group group = {moment, Value(std::string("web")), Value()};
    EXPECT_TRUE(is_group(group, {Value(format_time(std::get<Time>(moment))), group[1], Value()}));
    EXPECT_TRUE(is_group(group, group));
    EXPECT_FALSE(is_group(group, {moment, group[1]}));
    EXPECT_FALSE(is_group(group, {Value(std::string("yesterday")), group[1], Value()}));
    EXPECT_FALSE(is_group({Value(std::string("web"))}, {Value()}));
}

}  // namespace
}  // namespace qiao::insight
