#include "collect/sensors.hpp"

#include <gtest/gtest.h>

#include "collect/encoding.hpp"

namespace qiao::collect {
namespace {

const Time received = parse_time("2026-10-01T08:00:00Z").value();
const Envelope envelope{{"key_1", "mobile"}, received, "10.0.0.7"};
const std::string now_ms = std::to_string(to_ms(received));

Batch parse(std::string json, SensorsPayload payload = {}) {
    payload.json = std::move(json);
    auto batch = parse_sensors(std::move(payload), envelope);
    EXPECT_TRUE(batch) << (batch ? "" : batch.error().detail);
    return batch ? std::move(*batch) : Batch{};
}

std::string reason_of(const std::string& json) {
    auto batch = parse(json);
    return batch.rejected.empty() ? "" : batch.rejected[0].reason + " " + batch.rejected[0].pointer;
}

TEST(Sensors, ReadsATrackOfTheNodeSdk) {
    auto batch = parse(
        R"([{"_track_id":5,"type":"track","event":"Buy","time":)" + now_ms +
        R"(,"distinct_id":"d-1","properties":{"$lib":"Node","price":9.9,"kinds":["a","b"],"ok":true},
                       "lib":{"$lib":"Node","$lib_version":"1.2.6","$lib_method":"code"}}])");
    ASSERT_EQ(batch.facts.size(), 1u);
    const auto& fact = batch.facts[0];
    EXPECT_EQ(fact.name, "Buy");
    EXPECT_EQ(fact.time, received);
    EXPECT_EQ(fact.identities, (std::vector<Identity>{{"anonymous_id", "d-1", ""}}));
    EXPECT_EQ(*find(fact.properties, "kinds"), (Value{StringSet{"a", "b"}}));
    EXPECT_EQ(*find(fact.properties, "$lib_version"), Value{std::string("1.2.6")});
}

TEST(Sensors, KnowsALoginIdWhereTheRecordSaysSo) {
    using Ids = std::vector<Identity>;
    auto ids = [](const std::string& members) {
        auto batch = parse(R"({"type":"track","event":"e",)" + members + "}");
        return batch.facts.empty() ? Ids{} : batch.facts[0].identities;
    };
    EXPECT_EQ(ids(R"("distinct_id":"u","login_id":"u","anonymous_id":"a")"),
              (Ids{{"user_id", "u", ""}, {"anonymous_id", "a", ""}}));
    EXPECT_EQ(ids(R"("distinct_id":"u","properties":{"$is_login_id":true})"),
              (Ids{{"user_id", "u", ""}}));
    EXPECT_EQ(
        ids(R"("distinct_id":"u","identities":{"$identity_login_id":"u","$identity_mobile":"13800000000"})"),
        (Ids{{"user_id", "u", ""}, {"phone", "13800000000", ""}}));
}

TEST(Sensors, ASignUpBindsTheVisitorAndTheIdItself) {
    auto batch =
        parse(R"({"type":"track_signup","event":"$SignUp","distinct_id":"u","original_id":"a"})");
    EXPECT_EQ(batch.facts.at(0).identities,
              (std::vector<Identity>{
                  {"user_id", "u", ""}, {"anonymous_id", "a", ""}, {"anonymous_id", "u", ""}}));
}

TEST(Sensors, BindAndUnbind) {
    auto bind = parse(R"({"type":"track_id_bind","event":"$BindID","distinct_id":"u","login_id":"u",
        "identities":{"$identity_login_id":"u","$identity_mobile":"138"}})");
    EXPECT_EQ(bind.facts.at(0).kind, FactKind::bind);
    EXPECT_EQ(bind.facts[0].identities,
              (std::vector<Identity>{{"user_id", "u", ""}, {"phone", "138", ""}}));
    auto unbind =
        parse(R"({"type":"track_id_unbind","event":"$UnbindID","distinct_id":"u","login_id":"u",
        "identities":{"$identity_mobile":"138"}})");
    EXPECT_EQ(unbind.facts.at(0).kind, FactKind::unbind);
    EXPECT_EQ(unbind.facts[0].identities,
              (std::vector<Identity>{{"user_id", "u", ""}, {"phone", "138", ""}}));
    EXPECT_EQ(reason_of(R"({"type":"track_id_bind","distinct_id":"u"})"),
              "sensors.no_identities /identities");
}

TEST(Sensors, AllProfileAndItemOperations) {
    auto batch = parse(R"([
        {"type":"profile_set","distinct_id":"d","properties":{"a":1}},
        {"type":"profile_set_once","distinct_id":"d","properties":{"a":1}},
        {"type":"profile_increment","distinct_id":"d","properties":{"a":1}},
        {"type":"profile_append","distinct_id":"d","properties":{"l":["x"]}},
        {"type":"profile_unset","distinct_id":"d","properties":{"a":true}},
        {"type":"profile_delete","distinct_id":"d","properties":{}},
        {"type":"item_set","item_type":"fund","item_id":"1","properties":{"n":"x"}},
        {"type":"item_delete","item_type":"fund","item_id":"1"}])");
    ASSERT_TRUE(batch.rejected.empty()) << batch.rejected[0].reason;
    std::vector<FactKind> kinds;
    for (const auto& fact : batch.facts)
        kinds.push_back(fact.kind);
    EXPECT_EQ(kinds, (std::vector<FactKind>{FactKind::profile_set, FactKind::profile_set_once,
                                            FactKind::profile_increment, FactKind::profile_append,
                                            FactKind::profile_unset, FactKind::profile_delete,
                                            FactKind::item, FactKind::item}));
    EXPECT_EQ(batch.facts[7].name, "item_delete");
    EXPECT_EQ(reason_of(R"({"type":"profile_increment","distinct_id":"d","properties":{"a":"1"}})"),
              "sensors.bad_type /properties/a");
    EXPECT_EQ(reason_of(R"({"type":"profile_append","distinct_id":"d","properties":{"a":"1"}})"),
              "sensors.bad_type /properties/a");
    EXPECT_EQ(reason_of(R"({"type":"item_set","item_type":"fund"})"),
              "sensors.no_item_id /item_id");
}

TEST(Sensors, NamesFollowTheDocumentedPattern) {
    for (const auto* good : {"a", "$AppStart", "_x9", "userid", "times", "Events2"})
        EXPECT_TRUE(is_sensors_name(good)) << good;
    for (const auto* bad : {"", "9a", "a-b", "a b", "名", "time", "TIME", "Distinct_Id",
                            "user_group_x", "user_tag1", "id"})
        EXPECT_FALSE(is_sensors_name(bad)) << bad;
    EXPECT_TRUE(is_sensors_name(std::string(100, 'a')));
    EXPECT_FALSE(is_sensors_name(std::string(101, 'a')));
    EXPECT_EQ(reason_of(R"({"type":"track","event":"time","distinct_id":"d"})"),
              "sensors.bad_event /event");
    EXPECT_EQ(reason_of(R"({"type":"track","event":"e","distinct_id":"d","properties":{"a-b":1}})"),
              "sensors.bad_name /properties/a-b");
}

TEST(Sensors, IdsAreOneTo255Bytes) {
    EXPECT_EQ(
        reason_of(R"({"type":"track","event":"e","distinct_id":")" + std::string(255, 'x') + "\"}"),
        "");
    EXPECT_EQ(
        reason_of(R"({"type":"track","event":"e","distinct_id":")" + std::string(256, 'x') + "\"}"),
        "sensors.bad_id /distinct_id");
    EXPECT_EQ(reason_of(R"({"type":"track","event":"e","distinct_id":""})"),
              "sensors.bad_id /distinct_id");
    EXPECT_EQ(reason_of(R"({"type":"track","event":"e"})"), "sensors.no_distinct_id /distinct_id");
}

TEST(Sensors, LongTextsAreCutAtACharacter) {
    std::string text = std::string(8191, 'x') + "桥";
    auto batch = parse(R"({"type":"track","event":"e","distinct_id":"d","properties":{"t":")" +
                       text + "\"}}");
    EXPECT_EQ(std::get<std::string>(*find(batch.facts.at(0).properties, "t")),
              std::string(8191, 'x'));
}

TEST(Sensors, TheTimeWindowHoldsUnlessTimeIsFree) {
    const auto late = std::to_string(to_ms(received) + 3'600'001);
    const auto edge = std::to_string(to_ms(received) + 3'600'000);
    const std::string record = R"({"type":"track","event":"e","distinct_id":"d","time":)";
    EXPECT_EQ(reason_of(record + edge + "}"), "");
    EXPECT_EQ(reason_of(record + late + "}"), "sensors.time_window /time");
    EXPECT_EQ(reason_of(record + late + R"(,"time_free":true})"), "");
}

TEST(Sensors, AClockThatIsFarOffIsSetRightByTheFlushTime) {
    const auto ahead = to_ms(received) + 7'200'000;
    auto batch =
        parse(R"({"type":"track","event":"e","distinct_id":"d","time":)" +
              std::to_string(ahead - 1000) + R"(,"_flush_time":)" + std::to_string(ahead) + "}");
    EXPECT_EQ(to_ms(batch.facts.at(0).time), to_ms(received) - 1000);
}

TEST(Sensors, TheKeyOfARecordIgnoresItsFlushTimeAlone) {
    auto key = [](const std::string& members) {
        return parse(R"({"type":"track","event":"e","distinct_id":"d")" + members + "}")
            .facts.at(0)
            .message_id;
    };
    const auto first = key(R"(,"_track_id":1,"_flush_time":)" + now_ms);
    EXPECT_EQ(first, key(R"(,"_track_id":1)"));
    EXPECT_NE(first, key(R"(,"_track_id":2)"));
}

TEST(Sensors, UnknownProjectsBadChecksumsAndEncryptionGoToQuarantine) {
    const std::string record =
        R"({"type":"track","event":"e","distinct_id":"d","project":"PROJECT"})";
    auto of = [&](std::string project) {
        return reason_of(std::string(record).replace(record.find("PROJECT"), 7, project));
    };
    EXPECT_EQ(of("default"), "");
    EXPECT_EQ(of("mobile"), "");
    EXPECT_EQ(of("other"), "sensors.unknown_project /project");
    SensorsPayload payload;
    payload.is_crc_good = false;
    EXPECT_EQ(parse(record, payload).rejected.at(0).reason, "sensors.bad_crc");
    payload = {};
    payload.is_encrypted = true;
    EXPECT_EQ(parse(R"([{"ekey":"x","pkv":1,"payloads":["y"]}])", payload).rejected.at(0).reason,
              "sensors.encrypted");
}

// Recorded on the wire: sa-sdk-javascript posts data=base64&ext=crc=<signed int>.
TEST(Sensors, DecodesEveryWrapping) {
    const std::string json = R"({"a":"桥>?"})";
    const std::string base64 = "eyJhIjoi5qGlPj8ifQ==";
    const auto crc = std::to_string(java_hash(base64));
    auto web = read_sensors_fields(
        {{"data", base64}, {"ext", "crc=" + crc}, {"project", "p"}, {"token", "t"}});
    ASSERT_TRUE(web);
    EXPECT_EQ(web->json, json);
    EXPECT_TRUE(web->is_crc_good);
    EXPECT_EQ(web->project, "p");
    EXPECT_EQ(web->token, "t");
    EXPECT_FALSE(read_sensors_fields({{"data", base64}, {"ext", "crc=1"}})->is_crc_good);
    // gzip of {"a":1}, whatever the label says
    const std::string zipped = "H4sIAAAAAAACA6tWSlSyMqwFAK+sG1YHAAAA";
    for (const auto* label : {"1", "0", ""})
        if (auto payload = read_sensors_fields({{"data_list", zipped}, {"gzip", label}}))
            EXPECT_EQ(payload->json, R"({"a":1})");
        else
            ADD_FAILURE() << payload.error().reason;
    EXPECT_EQ(read_sensors_fields({}).error().reason, "sensors.no_data");
    EXPECT_EQ(read_sensors_fields({{"data", "*"}}).error().reason, "sensors.bad_encoding");
}

TEST(Sensors, FindsATokenInTheRecord) {
    std::string json = R"([{"token":"t1"}])";
    EXPECT_EQ(sensors_token(json), "t1");
    json = R"({"properties":{"$token":"t2"}})";
    EXPECT_EQ(sensors_token(json), "t2");
}

}  // namespace
}  // namespace qiao::collect
