#include "audience/audiences.hpp"

#include <gtest/gtest.h>

#include "audience/frozen.hpp"
#include "audience/member_sets.hpp"
#include "audience/publications_sql.hpp"
#include "audience/refresher.hpp"
#include "audience/tag_definition.hpp"
#include "sql/testing/both_engines.hpp"

namespace qiao::audience {
namespace {

const access::Principal operator_person{"usr_1", "Li", "operator", ~0u, "", false};

class AudiencesTest : public sql::testing::BothEngines {
protected:
    void SetUp() override {
        BothEngines::SetUp();
        if (IsSkipped())
            return;
        audit.emplace(database(), clock);
        orgs.emplace(database(), clock, *audit);
        words.emplace(database(), clock, calendar);
        dictionary::Definition buy, age, amount;
        buy.kind = dictionary::Kind::event;
        buy.name = "buy";
        age.kind = dictionary::Kind::tag;
        age.name = "age";
        age.type = ValueType::number;
        amount.kind = dictionary::Kind::property;
        amount.name = "amount";
        amount.type = ValueType::number;
        words->declare({buy, age, amount});
        vocabularies.emplace(*words, *orgs, nullptr);
        audiences.emplace(database(), *vocabularies, *audit, clock);
    }

    Result<Audience> make(const std::string& rule, Refresh refresh = Refresh::manual,
                          const std::string& name = "buyers") {
        return audiences->create({name, "", rule, refresh}, operator_person);
    }

    TestClock clock{parse_time("2026-10-01T00:00:00+08:00").value()};
    Calendar calendar = Calendar::of_zone("Asia/Shanghai").value();
    std::optional<access::AuditLog> audit;
    std::optional<access::Orgs> orgs;
    std::optional<dictionary::Dictionary> words;
    std::optional<Vocabularies> vocabularies;
    std::optional<Audiences> audiences;
};
QIAO_ON_BOTH_ENGINES(AudiencesTest);

const std::string buyers = R"({"event":"buy","within":"7d"})";

TEST_P(AudiencesTest, KeepsEveryVersionWithWhoChangedWhat) {
    const auto made = make(buyers);
    ASSERT_TRUE(made) << made.error().detail;
    Change change;
    change.name = "fresh buyers";
    change.refresh = Refresh::hourly;
    const auto changed = audiences->change(made->id, change, 1, operator_person);
    ASSERT_TRUE(changed);
    EXPECT_EQ(changed->version, 2);
    EXPECT_EQ(audiences->change(made->id, change, 1, operator_person).error().reason,
              "audience.stale");
    const auto versions = audiences->versions(made->id).value();
    ASSERT_EQ(versions.size(), 2u);
    EXPECT_EQ(versions[0].change, "name, refresh");
    EXPECT_EQ(versions[0].by_name, "Li");
    EXPECT_EQ(versions[1].name, "buyers");
}

TEST_P(AudiencesTest, AChangeThatSaysNothingMakesNoVersion) {
    const auto made = make(buyers);
    Change change;
    change.name = "buyers";
    EXPECT_EQ(audiences->change(made->id, change, 0, operator_person)->version, 1);
}

TEST_P(AudiencesTest, NamesTheWrongFieldOfARule) {
    const auto unknown = make(R"({"all":[{"tag":"agee","op":"eq","value":1}]})");
    EXPECT_EQ(unknown.error().reason, "rule.unknown");
    EXPECT_EQ(unknown.error().pointer, "/rule/all/0/tag");
    EXPECT_EQ(make(R"({"event":"buy","within":"91d"})", Refresh::realtime).error().reason,
              "audience.not_realtime");
    EXPECT_TRUE(make(R"({"event":"buy","within":"91d"})", Refresh::hourly));
}

TEST_P(AudiencesTest, RefusesACircleAtTheReferenceThatClosesIt) {
    const auto first = make(buyers);
    const auto second = make(R"({"any":[{"audience":")" + first->id + R"("}]})");
    Change change;
    change.rule = R"({"all":[)" + buyers + R"(,{"audience":")" + second->id + R"("}]})";
    const auto circle = audiences->change(first->id, change, 0, operator_person);
    EXPECT_EQ(circle.error().reason, "rule.cycle");
    EXPECT_EQ(circle.error().pointer, "/rule/all/1/audience");
    change.rule = R"({"audience":")" + first->id + R"("})";
    EXPECT_EQ(audiences->change(first->id, change, 0, operator_person).error().reason,
              "rule.cycle");
}

TEST_P(AudiencesTest, ArchivesOnlyWhatNobodyUses) {
    const auto first = make(buyers);
    const auto second = make(R"({"audience":")" + first->id + R"("})", Refresh::manual, "users");
    ASSERT_EQ(audiences->used_by(first->id).size(), 1u);
    EXPECT_EQ(audiences->used_by(first->id)[0].name, "users");
    Change archive;
    archive.state = State::archived;
    EXPECT_EQ(audiences->change(first->id, archive, 0, operator_person).error().reason,
              "audience.in_use");
    EXPECT_TRUE(audiences->change(second->id, archive, 0, operator_person));
    EXPECT_TRUE(audiences->change(first->id, archive, 0, operator_person));
}

TEST_P(AudiencesTest, AChangeMayNotBreakARealTimeAudienceThatUsesIt) {
    const auto first = make(buyers);
    ASSERT_TRUE(make(R"({"audience":")" + first->id + R"("})", Refresh::realtime, "live"));
    Change change;
    change.rule = R"({"event":"buy"})";
    EXPECT_EQ(audiences->change(first->id, change, 0, operator_person).error().reason,
              "audience.not_realtime");
}

TEST_P(AudiencesTest, ACopyHasNoMembers) {
    const auto made = make(buyers);
    audiences->record_count(made->id, {clock.now(), 5, 10});
    EXPECT_EQ(audiences->get(made->id)->latest->count, 5);
    const auto copy = audiences->clone(made->id, "", operator_person);
    ASSERT_TRUE(copy);
    EXPECT_EQ(copy->name, "buyers (copy)");
    EXPECT_FALSE(audiences->get(copy->id)->latest);
}

TEST_P(AudiencesTest, HistoryLeavesOutWhatStaysTheSame) {
    const auto made = make(buyers);
    for (int hour = 0; hour < 5; ++hour)
        audiences->record_count(made->id, {clock.now() + std::chrono::hours(hour), 5, 10});
    const auto points = audiences->history(made->id, 100).value();
    ASSERT_EQ(points.size(), 2u);
    EXPECT_EQ(points[1].at, clock.now() + std::chrono::hours(4));
}

TEST_P(AudiencesTest, AFrozenRuleNeedsNobodyToBeResolved) {
    const auto first = make(buyers);
    const auto frozen =
        freeze(R"({"all":[{"audience":")" + first->id + R"("},{"tag":"age","op":"gt","value":3}]})",
               vocabularies->current());
    ASSERT_TRUE(frozen) << frozen.error().detail;
    const auto thawed = thaw(*frozen);
    ASSERT_TRUE(thawed) << thawed.error().detail;
    EXPECT_EQ(rule::references_of(*thawed).events, std::vector<std::string>{"buy"});
    EXPECT_FALSE(thaw("{}"));
}

TEST_P(AudiencesTest, TagDefinitionsAreChecked) {
    const auto check = [&](const char* definition, const char* refresh) {
        const auto type = check_tag_definition("vip", definition, refresh, vocabularies->current());
        return type ? std::string(name_of(*type)) : type.error().reason + type.error().pointer;
    };
    EXPECT_EQ(check(R"({"event":"buy","within":"7d"})", "realtime"), "boolean");
    EXPECT_EQ(check(R"({"event":"buy","measure":"sum:amount"})", "daily"), "number");
    EXPECT_EQ(check(R"({"event":"buy","measure":"last"})", "hourly"), "time");
    EXPECT_EQ(check(R"({"event":"buy","measure":"sum:price"})", "daily"),
              "rule.unknown/definition/measure");
    EXPECT_EQ(check(R"({"event":"buy","measure":"count"})", "realtime"),
              "audience.not_realtime/refresh");
    EXPECT_EQ(check(R"({"event":"buy"})", "realtime"), "audience.not_realtime/definition");
}

TEST_P(AudiencesTest, PublicationsAndRunsSurvive) {
    auto transaction = database().begin();
    const auto config = queries::next_config(*transaction);
    queries::put_publication(*transaction,
                             {{"aud_1", SubjectKind::audience, "n", 1, config, "{}"}, false});
    queries::put_run(*transaction, "aud_1", {3, 2, clock.now()});
    transaction->commit();
    auto read = database().read();
    const auto found = queries::publications(*read);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].definition.config, config);
    EXPECT_FALSE(found[0].live);
    EXPECT_EQ(queries::last_run(*read, "aud_1")->run, 3);
}

TEST(LastDue, IsTheFullHourOrTwoInTheMorning) {
    const auto calendar = Calendar::of_zone("Asia/Shanghai").value();
    const auto due = [&](Refresh refresh, const char* now) {
        return format_time(*last_due(refresh, parse_time(now).value(), calendar));
    };
    EXPECT_EQ(due(Refresh::hourly, "2026-10-01T10:59:59+08:00"), "2026-10-01T02:00:00Z");
    EXPECT_EQ(due(Refresh::daily, "2026-10-01T01:59:59+08:00"), "2026-09-29T18:00:00Z");
    EXPECT_EQ(due(Refresh::daily, "2026-10-01T02:00:00+08:00"), "2026-09-30T18:00:00Z");
    EXPECT_FALSE(last_due(Refresh::manual, parse_time("2026-10-01T00:00:00Z").value(), calendar));
}

TEST(MemberSet, ComesBackAsItWasAndNoticesDamage) {
    const MemberSet set{
        7, 2, time_from_ms(5), {ProfileId{3}, ProfileId{900}, ProfileId{1ull << 60}}};
    auto bytes = encode(set);
    const auto read = decode_member_set(bytes);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->members, set.members);
    EXPECT_EQ(read->run, 7);
    bytes[12] = static_cast<char>(bytes[12] ^ 1);
    EXPECT_FALSE(decode_member_set(bytes));
}

TEST(MemberSets, AStagedSetIsFinishedAfterACrash) {
    const auto folder = std::filesystem::temp_directory_path() / random_token(8);
    {
        MemberSets sets(folder);
        EXPECT_EQ(sets.find("aud_1"), nullptr);
        sets.stage("aud_1", {1, 1, time_from_ms(5), {ProfileId{3}}});
    }
    MemberSets sets(folder);
    EXPECT_EQ(sets.find("aud_1"), nullptr);
    ASSERT_TRUE(sets.staged("aud_1"));
    sets.commit("aud_1");
    EXPECT_TRUE(sets.find("aud_1")->contains(ProfileId{3}));
    EXPECT_FALSE(sets.staged("aud_1"));
    sets.forget(ProfileId{3});
    EXPECT_TRUE(sets.find("aud_1")->members.empty());
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace qiao::audience
