#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "index/index.hpp"
#include "insight/boards.hpp"
#include "insight/metric_engine.hpp"
#include "insight/ready_made.hpp"
#include "sql/testing/both_engines.hpp"

namespace qiao::insight {
namespace {

namespace json = boost::json;

const Calendar& shanghai() {
    static const auto calendar = Calendar::of_zone("Asia/Shanghai").value();
    return calendar;
}
Time at(std::string_view text) { return parse_time(text).value(); }

TEST(ParseMetric, NamesTheWrongMember) {
    const auto pointer = [](const char* text) {
        const auto parsed = parse_metric(json::parse(text), "/metric");
        return parsed ? std::string("fine") : parsed.error().pointer;
    };
    EXPECT_EQ(pointer(R"({"event":"pay","measure":"sum:amount","per":"week","by":["channel"]})"),
              "fine");
    EXPECT_EQ(pointer(R"({"event":"pay","measure":"sum"})"), "/metric/measure");
    EXPECT_EQ(pointer(R"({"event":"pay","measure":"count:x"})"), "/metric/measure");
    EXPECT_EQ(pointer(R"({"event":"pay","per":"hour"})"), "/metric/per");
    EXPECT_EQ(pointer(R"({"event":"pay","by":["a",1]})"), "/metric/by/1");
    EXPECT_EQ(pointer(R"({"event":"pay","colour":1})"), "/metric/colour");
    EXPECT_EQ(pointer(R"({"measure":"count"})"), "/metric");
    EXPECT_EQ(pointer(R"({"parts":[{"event":"pay"},{"event":"view"}],"formula":"A / B"})"), "fine");
    EXPECT_EQ(pointer(R"({"parts":[{"event":"pay"},{"event":"view"}]})"), "/metric/formula");
    EXPECT_EQ(pointer(R"({"parts":[{"event":"pay"}],"formula":"A / B"})"), "/metric/formula");
    EXPECT_EQ(pointer(R"({"parts":[]})"), "/metric/parts");
    EXPECT_EQ(pointer(R"({"parts":[{"event":"pay","measure":"sum"}]})"), "/metric/parts/0/measure");
    EXPECT_EQ(pointer(R"({"parts":[{"event":"pay"}],"event":"pay"})"), "/metric/event");
    EXPECT_EQ(pointer(R"({"event":"pay","top":0})"), "/metric/top");
    EXPECT_EQ(pointer(R"({"event":"pay","average":1})"), "/metric/average");
    EXPECT_EQ(pointer(R"({"event":"pay","compare":"decade"})"), "/metric/compare");
    EXPECT_EQ(pointer(R"({"event":"$any","where":[{"property":"a","op":"exists"}]})"),
              "/metric/where");
}

TEST(UnitsOf, CutsTheFirstAndTheLastToThePeriod) {
    const rule::Interval interval{to_ms(at("2026-10-01T12:00:00+08:00")),
                                  to_ms(at("2026-10-03T00:00:00+08:00"))};
    const auto days = units_of(interval, Per::day, shanghai());
    ASSERT_EQ(days.size(), 2u);
    EXPECT_EQ(days[0].from_ms, interval.from_ms);
    EXPECT_EQ(days[1].until_ms, interval.until_ms);
    EXPECT_EQ(format_day(days[1].day), "2026-10-02");
    const auto weeks = units_of(interval, Per::week, shanghai());
    ASSERT_EQ(weeks.size(), 1u);
    EXPECT_EQ(format_day(weeks[0].day), "2026-09-28");
    EXPECT_EQ(format_day(units_of(interval, Per::month, shanghai())[0].day), "2026-10-01");
}

TEST(Compared, GoesByTheCalendar) {
    const rule::Interval interval{to_ms(at("2028-02-29T12:00:00+08:00")),
                                  to_ms(at("2028-03-02T00:00:00+08:00"))};
    const auto from = [&](Comparison with) {
        return format_time(time_from_ms(compared(interval, with, shanghai()).from_ms));
    };
    EXPECT_EQ(from(Comparison::period), "2028-02-27T16:00:00Z");
    EXPECT_EQ(from(Comparison::week), "2028-02-22T04:00:00Z");
    EXPECT_EQ(from(Comparison::year), "2027-02-28T04:00:00Z");
    EXPECT_EQ(compared(interval, Comparison::year, shanghai()).until_ms,
              to_ms(at("2027-03-02T00:00:00+08:00")));
    // February to its 28th: the end is the midnight after it, also where that is no 29 February.
    const rule::Interval february{to_ms(at("2028-02-01T00:00:00+08:00")),
                                  to_ms(at("2028-02-29T00:00:00+08:00"))};
    EXPECT_EQ(compared(february, Comparison::year, shanghai()).until_ms,
              to_ms(at("2027-03-01T00:00:00+08:00")));
}

class MetricTest : public ::testing::Test {
protected:
    MetricTest() : index(index::Index::open({}).value()) {
        did(1, "pay", "2026-10-01T10:00:00+08:00", 5, "app");
        did(1, "pay", "2026-10-01T11:00:00+08:00", 7, "web");
        did(2, "pay", "2026-10-01T12:00:00+08:00", 1, "app");
        did(2, "view", "2026-10-03T12:00:00+08:00", 0, "app");
        did(1, "$audience_entered", "2026-10-03T12:00:00+08:00", 0, "app");
    }
    void did(std::uint64_t person, const char* event, const char* time, int amount,
             const char* channel) {
        index::IndexChange create, row;
        create.kind = index::IndexChange::Kind::create;
        create.profile = row.profile = ProfileId{person};
        row.name = event;
        row.time = at(time);
        row.properties = {{"amount", *Decimal::from_int(amount)},
                          {"channel", std::string(channel)}};
        std::vector<index::IndexChange> changes;
        if (!index->find(*index->snapshot(), create.profile))
            changes.push_back(create);
        changes.push_back(row);
        index->apply(changes, {});
    }
    Computed ask(ResolvedMetric metric) {
        const auto snapshot = index->snapshot();
        units = units_of(
            {to_ms(at("2026-10-01T00:00:00+08:00")), to_ms(at("2026-10-04T00:00:00+08:00"))},
            Per::day, shanghai());
        return compute(metric, snapshot, *snapshot->alive, units, {}).value();
    }
    std::vector<std::string> values(const Series& series, MeasureKind kind) {
        std::vector<std::string> texts;
        for (const auto& point : series.points) {
            const auto value = point.value(kind);
            texts.push_back(value ? rounded(*value)->text() : "-");
        }
        return texts;
    }
    static ResolvedMetric pays(MeasureKind kind, std::string property = {}) {
        ResolvedMetric metric;
        metric.doing.match.event = "pay";
        metric.measure = {kind, std::move(property)};
        return metric;
    }
    using Texts = std::vector<std::string>;
    std::unique_ptr<index::Index> index;
    std::vector<Unit> units;
};

TEST_F(MetricTest, EveryUnitOfThePeriodIsThere) {
    const auto found = ask(pays(MeasureKind::count));
    ASSERT_EQ(found.series.size(), 1u);
    EXPECT_EQ(values(found.series[0], MeasureKind::count), (Texts{"3", "0", "0"}));
    EXPECT_EQ(values(found.series[0], MeasureKind::unique), (Texts{"2", "0", "0"}));
    EXPECT_EQ(values(found.series[0], MeasureKind::per_person), (Texts{"1.5", "-", "-"}));
}

TEST_F(MetricTest, MeasuresAProperty) {
    const auto found = ask(pays(MeasureKind::sum, "amount"));
    EXPECT_EQ(values(found.series[0], MeasureKind::sum), (Texts{"13", "0", "0"}));
    EXPECT_EQ(values(found.series[0], MeasureKind::avg), (Texts{"4.3333", "-", "-"}));
    EXPECT_EQ(values(found.series[0], MeasureKind::min), (Texts{"1", "-", "-"}));
    EXPECT_EQ(values(found.series[0], MeasureKind::max), (Texts{"7", "-", "-"}));
}

TEST_F(MetricTest, SplitsByAPropertyAndFindsThePeople) {
    auto metric = pays(MeasureKind::count);
    metric.by = {{By::Kind::property, "channel"}};
    metric.by_types = {ValueType::string};
    const auto found = ask(metric);
    ASSERT_EQ(found.series.size(), 2u);
    EXPECT_EQ(std::get<std::string>(found.series[0].group[0]), "app");
    EXPECT_EQ(values(found.series[0], MeasureKind::count), (Texts{"2", "0", "0"}));
    const auto snapshot = index->snapshot();
    const auto people =
        people_behind(metric, snapshot, *snapshot->alive, units, Group{std::string("web")}, {});
    ASSERT_TRUE(people);
    EXPECT_EQ(people->count(), 1u);
}

TEST_F(MetricTest, AnyEventLeavesOutWhatQiaoDid) {
    ResolvedMetric metric;
    metric.doing.subject = Subject::any;
    EXPECT_EQ(values(ask(metric).series[0], MeasureKind::unique), (Texts{"2", "0", "1"}));
    metric.by = {{By::Kind::event, "$event"}};
    metric.by_types = {ValueType::string};
    const auto found = ask(metric);
    ASSERT_EQ(found.series.size(), 2u);
    EXPECT_EQ(std::get<std::string>(found.series[0].group[0]), "pay");
}

TEST_F(MetricTest, ANewCustomerCountsOnTheDayOfTheFirstEvent) {
    did(3, "view", "2026-10-02T10:00:00+08:00", 0, "app");
    ResolvedMetric metric;
    metric.doing.subject = Subject::new_customer;
    EXPECT_EQ(values(ask(metric).series[0], MeasureKind::unique), (Texts{"2", "1", "0"}));
}

class BoardsTest : public sql::testing::BothEngines {
protected:
    TestClock clock{at("2026-10-01T00:00:00+08:00")};
    const access::Principal analyst{
        "usr_1", "Wu", "analyst", 1u << static_cast<unsigned>(access::Permission::edit_boards),
        "",      false};
    const access::Principal viewer{"usr_2", "He", "viewer", 0, "", false};
};
QIAO_ON_BOTH_ENGINES(BoardsTest);

const std::string tile =
    R"([{"id":"a","title":"t","chart":"line","x":0,"y":0,"w":6,"h":2,)"
    R"("question":{"kind":"metric","metric":{"event":"pay","measure":"count"}}}])";

TEST_P(BoardsTest, BelongToTheirMakerAndToWhomTheyAreSharedWith) {
    access::AuditLog audit(database(), clock);
    Boards boards(database(), audit, clock);
    const auto made = boards.create({"mine", tile, std::nullopt, std::nullopt}, analyst);
    ASSERT_TRUE(made) << made.error().detail;
    EXPECT_EQ(boards.get(made->id, viewer).error().reason, "insight.board_not_found");
    BoardChange shared;
    shared.shared_with = std::vector<std::string>{"viewer"};
    ASSERT_TRUE(boards.change(made->id, shared, 1, analyst));
    EXPECT_TRUE(boards.get(made->id, viewer));
    EXPECT_EQ(boards.remove(made->id, viewer).error().reason, "insight.not_yours");
    BoardChange named;
    named.name = "x";
    EXPECT_EQ(boards.change(made->id, named, 1, analyst).error().reason, "insight.stale");
    EXPECT_TRUE(boards.remove(made->id, analyst));
    EXPECT_TRUE(boards.list(analyst).empty());
}

TEST_P(BoardsTest, ReadyMadeBoardsComeOnce) {
    access::AuditLog audit(database(), clock);
    Boards boards(database(), audit, clock);
    const auto lot = ready_made_lots().front();
    boards.seed(lot.name, lot.boards);
    boards.seed(lot.name, lot.boards);
    EXPECT_EQ(boards.list(viewer).size(), lot.boards.size());
}

TEST(CheckTiles, NamesTheWrongTile) {
    EXPECT_TRUE(check_tiles(tile));
    auto wide = json::parse(tile);
    wide.as_array()[0].as_object()["x"] = 7;
    EXPECT_EQ(check_tiles(json::serialize(wide)).error().pointer, "/tiles/0/w");
    auto twice = json::parse(tile);
    twice.as_array().push_back(twice.as_array()[0]);
    EXPECT_EQ(check_tiles(json::serialize(twice)).error().pointer, "/tiles/1/id");
    auto wrong = json::parse(tile);
    wrong.as_array()[0].at("question").at("metric").as_object()["per"] = "hour";
    EXPECT_EQ(check_tiles(json::serialize(wrong)).error().pointer, "/tiles/0/question/metric/per");
}

}  // namespace
}  // namespace qiao::insight
