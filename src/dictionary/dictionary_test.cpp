#include "dictionary/dictionary.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "dictionary/dictionary_sql.hpp"
#include "sql/testing/both_engines.hpp"

namespace qiao::dictionary {
namespace {

class DictionaryTest : public sql::testing::BothEngines {
protected:
    TestClock clock{parse_time("2026-10-01T00:00:00+08:00").value()};
    Calendar calendar = Calendar::of_zone("Asia/Shanghai").value();

    Fact event(std::string name, Properties properties) {
        Fact fact;
        fact.name = std::move(name);
        fact.time = fact.received_at = clock.now();
        fact.properties = std::move(properties);
        return fact;
    }
    Fact traits(Properties properties) {
        auto fact = event("", std::move(properties));
        fact.kind = FactKind::profile_set;
        return fact;
    }
    static Value number(std::int64_t n) { return Decimal::from_int(n).value(); }
};
QIAO_ON_BOTH_ENGINES(DictionaryTest);

TEST_P(DictionaryTest, FirstValueDecidesTheType) {
    Dictionary dictionary(database(), clock, calendar);
    auto session = dictionary.session();
    auto first = event("payment", {{"amount", number(5)}});
    EXPECT_FALSE(session.check(first));
    auto second = event("payment", {{"amount", std::string("five")}});
    auto refusal = session.check(second);
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->reason, "dictionary.type_conflict");
    EXPECT_EQ(refusal->name, "amount");
    EXPECT_TRUE(refusal->in_properties);
}

TEST_P(DictionaryTest, AnUnreviewedTypeIsStrictAndAReviewedOneCoerces) {
    Dictionary dictionary(database(), clock, calendar);
    {
        auto session = dictionary.session();
        auto first = event("payment", {{"amount", number(5)}});
        ASSERT_FALSE(session.check(first));
        auto text = event("payment", {{"amount", std::string("12.5")}});
        EXPECT_TRUE(session.check(text));
    }
    auto definition = *dictionary.snapshot()->property("amount");
    definition.status = Status::reviewed;
    ASSERT_TRUE(dictionary.put(definition, definition.version));
    auto session = dictionary.session();
    auto text = event("payment", {{"amount", std::string("12.5")}});
    EXPECT_FALSE(session.check(text));
    EXPECT_EQ(text.properties[0].second, Value{Decimal::from_scaled(125'000)});
    auto word = event("payment", {{"amount", std::string("much")}});
    EXPECT_TRUE(session.check(word));
}

TEST_P(DictionaryTest, ARefusedFactTeachesNothing) {
    Dictionary dictionary(database(), clock, calendar);
    auto session = dictionary.session();
    auto first = event("a", {{"x", number(1)}});
    ASSERT_FALSE(session.check(first));
    auto bad = event("b", {{"fresh", number(1)}, {"x", true}});
    ASSERT_TRUE(session.check(bad));
    EXPECT_EQ(dictionary.snapshot()->event("b"), nullptr);
    EXPECT_EQ(dictionary.snapshot()->property("fresh"), nullptr);
}

TEST_P(DictionaryTest, UnknownNamesAreRefusedWhereTheSettingSaysSo) {
    Dictionary dictionary(database(), clock, calendar);
    dictionary.set_accepts_unknown(false);
    {
        auto session = dictionary.session();
        auto unknown = event("payment", {});
        auto refusal = session.check(unknown);
        ASSERT_TRUE(refusal);
        EXPECT_EQ(refusal->reason, "dictionary.unknown_event");
        EXPECT_FALSE(refusal->in_properties);
    }
}

TEST_P(DictionaryTest, BlockedNamesAreRefused) {
    Dictionary dictionary(database(), clock, calendar);
    Definition blocked;
    blocked.name = "noise";
    blocked.status = Status::blocked;
    ASSERT_TRUE(dictionary.create(blocked));
    auto session = dictionary.session();
    auto fact = event("noise", {});
    ASSERT_TRUE(session.check(fact));
}

TEST_P(DictionaryTest, TheLastNameWithinTheLimitIsTaken) {
    Dictionary dictionary(database(), clock, calendar, Limits{{2, 2, 2}});
    auto session = dictionary.session();
    for (const auto* name : {"a", "b"}) {
        auto fact = event(name, {});
        EXPECT_FALSE(session.check(fact));
    }
    auto third = event("c", {});
    auto refusal = session.check(third);
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->reason, "dictionary.too_many_names");
}

TEST_P(DictionaryTest, PersonalTraitsAreGuessedByName) {
    Dictionary dictionary(database(), clock, calendar);
    auto session = dictionary.session();
    auto fact = traits(
        {{"phone", number(13800000000)}, {"name", std::string("张三")}, {"age", number(30)}});
    ASSERT_FALSE(session.check(fact));
    EXPECT_EQ(fact.properties[0].second, Value{std::string("13800000000")});
    const auto snapshot = dictionary.snapshot();
    EXPECT_EQ(snapshot->tag("phone")->identity_kind, "phone");
    EXPECT_EQ(snapshot->tag("phone")->data_class, DataClass::c2);
    EXPECT_EQ(snapshot->tag("name")->data_class, DataClass::c2);
    EXPECT_EQ(snapshot->tag("age")->data_class, DataClass::c1);
}

TEST_P(DictionaryTest, AllThreadsAgreeOnTheTypeOfARacedName) {
    Dictionary dictionary(database(), clock, calendar);
    std::atomic<int> numbers{0}, texts{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 200; ++i) {
                auto session = dictionary.session();
                auto fact = event(
                    "e", {{"p" + std::to_string(i), t % 2 ? number(1) : Value{std::string("x")}}});
                if (!session.check(fact))
                    ++(t % 2 ? numbers : texts);
            }
        });
    for (auto& thread : threads)
        thread.join();
    // Of each name exactly one type won, and both threads of that type passed.
    EXPECT_EQ(numbers + texts, 400);
    EXPECT_EQ(dictionary.snapshot()->size(Kind::property), 200u);
}

TEST_P(DictionaryTest, UsageReachesSqlAndSurvivesARestart) {
    {
        Dictionary dictionary(database(), clock, calendar);
        {
            auto session = dictionary.session();
            for (int i = 0; i < 4; ++i) {
                auto fact = event("payment", {{"channel", std::string(i ? "app" : "web")}});
                if (i == 3)
                    fact.properties.clear();
                ASSERT_FALSE(session.check(fact));
            }
        }
        dictionary.flush();
    }
    Dictionary again(database(), clock, calendar);
    ASSERT_NE(again.snapshot()->event("payment"), nullptr);
    EXPECT_EQ(again.snapshot()->property("channel")->type, ValueType::string);
    const auto today = calendar.day_of(clock.now());
    auto usage = load_usage(*database().read(), Kind::event, today);
    EXPECT_EQ(usage["payment"].total, 4u);
    EXPECT_EQ(usage["payment"].last_days[6], 4u);
    EXPECT_EQ(usage["payment"].first_seen_at, clock.now());
    auto properties = load_usage(*database().read(), Kind::property, today);
    EXPECT_DOUBLE_EQ(properties["channel"].null_rate, 0.25);
    EXPECT_EQ(properties["channel"].events, std::vector<std::string>{"payment"});
    ASSERT_EQ(properties["channel"].values.size(), 2u);
    EXPECT_EQ(properties["channel"].values[0].first, "app");
}

TEST_P(DictionaryTest, SealedClassesLeaveNoValuesBehind) {
    Dictionary dictionary(database(), clock, calendar);
    {
        auto session = dictionary.session();
        auto fact = event("call", {{"phone", std::string("13800000000")}});
        ASSERT_FALSE(session.check(fact));
    }
    dictionary.flush();
    auto usage = load_usage(*database().read(), Kind::property, calendar.day_of(clock.now()));
    EXPECT_TRUE(usage["phone"].values.empty());
}

TEST_P(DictionaryTest, AStaleChangeAndATypeWithDataAreRefused) {
    Dictionary dictionary(database(), clock, calendar);
    {
        auto session = dictionary.session();
        auto fact = event("payment", {{"amount", number(5)}});
        ASSERT_FALSE(session.check(fact));
    }
    auto definition = *dictionary.snapshot()->property("amount");
    definition.meaning = "what was paid";
    ASSERT_TRUE(dictionary.put(definition, 1));
    EXPECT_EQ(dictionary.put(definition, 1).error().reason, "dictionary.stale");
    definition.type = ValueType::string;
    EXPECT_EQ(dictionary.put(definition, 0).error().reason, "dictionary.type_in_use");
}

}  // namespace
}  // namespace qiao::dictionary
