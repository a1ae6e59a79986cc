#include "collect/segment.hpp"

#include <gtest/gtest.h>

namespace qiao::collect {
namespace {

const Time received = parse_time("2026-10-01T08:00:00Z").value();
const Envelope envelope{{"key_1", "app"}, received, "10.0.0.7"};

Batch parse(std::string body, SegmentCall call = SegmentCall::batch) {
    auto batch = parse_segment(body, call, envelope);
    EXPECT_TRUE(batch) << (batch ? "" : batch.error().detail);
    return batch ? std::move(*batch) : Batch{};
}

std::string text(const Fact& fact, std::string_view name) {
    const auto* value = find(fact.properties, name);
    return value && type_of(*value) == ValueType::string ? std::get<std::string>(*value) : "(none)";
}

// As @segment/analytics-node 3.1.0 sends it.
TEST(Segment, ReadsABatchOfTheNodeSdk) {
    auto batch = parse(R"({"batch":[{"userId":"u-1","type":"track","event":"fund_view",
        "properties":{"amount":12.34567,"fund":{"code":"0001","tags":["a","b","a"]},"ok":true,"none":null},
        "integrations":{},"messageId":"node-1","timestamp":"2026-10-01T07:59:00.000Z","_metadata":{"nodeVersion":"20"},
        "context":{"library":{"name":"@segment/analytics-node","version":"3.1.0"}}}],
        "writeKey":"k","sentAt":"2026-10-01T08:00:00.000Z"})");
    ASSERT_EQ(batch.facts.size(), 1u);
    const auto& fact = batch.facts[0];
    EXPECT_EQ(fact.name, "fund_view");
    EXPECT_EQ(fact.source, "key_1");
    EXPECT_EQ(fact.message_id, "node-1");
    EXPECT_EQ(format_time(fact.time), "2026-10-01T07:59:00Z");
    ASSERT_EQ(fact.identities.size(), 1u);
    EXPECT_EQ(fact.identities[0], (Identity{"user_id", "u-1", ""}));
    EXPECT_EQ(*find(fact.properties, "amount"), Value{Decimal::from_scaled(123'457)});
    EXPECT_EQ(*find(fact.properties, "fund.tags"), (Value{StringSet{"a", "b"}}));
    EXPECT_EQ(text(fact, "fund.code"), "0001");
    EXPECT_EQ(text(fact, "context.library.name"), "@segment/analytics-node");
    EXPECT_EQ(find(fact.properties, "none"), nullptr);
}

TEST(Segment, TheClientsClockCancelsOut) {
    // The client's clock is an hour fast; the event was ten minutes before it was sent.
    auto batch = parse(R"({"sentAt":"2026-10-01T09:00:00Z","batch":[
        {"type":"track","event":"e","userId":"u","originalTimestamp":"2026-10-01T08:50:00Z"}]})");
    EXPECT_EQ(format_time(batch.facts.at(0).time), "2026-10-01T07:50:00Z");
}

TEST(Segment, WithoutSentAtTheTimestampHolds) {
    auto batch = parse(
        R"({"batch":[{"type":"track","event":"e","userId":"u","timestamp":"2026-01-01T00:00:00+08:00"}]})");
    EXPECT_EQ(format_time(batch.facts.at(0).time), "2025-12-31T16:00:00Z");
}

TEST(Segment, TheBatchsContextMergesIntoEachRecordAndTheRecordsWins) {
    auto batch = parse(R"({"context":{"app":{"name":"bank","version":"1"},"direct":true},"batch":[
        {"type":"track","event":"e","anonymousId":"a","context":{"app":{"version":"2"},"device":{"id":"d-1"}}}]})");
    const auto& fact = batch.facts.at(0);
    EXPECT_EQ(text(fact, "context.app.name"), "bank");
    EXPECT_EQ(text(fact, "context.app.version"), "2");
    EXPECT_EQ(text(fact, "context.ip"), "10.0.0.7");
    ASSERT_EQ(fact.identities.size(), 2u);
    EXPECT_EQ(fact.identities[1], (Identity{"device_id", "d-1", ""}));
}

TEST(Segment, AnIdentifysTraitsAreTheTagsAndBothIdsBind) {
    auto batch = parse(
        R"({"type":"identify","userId":"u-1","anonymousId":"a-1","traits":{"age":30,"level":"gold"}})",
        SegmentCall::identify);
    const auto& fact = batch.facts.at(0);
    EXPECT_EQ(fact.kind, FactKind::profile_set);
    EXPECT_EQ(fact.properties.size(), 2u);
    EXPECT_EQ(fact.identities.size(), 2u);
}

TEST(Segment, AnAliasNamesTheNewIdFirst) {
    auto batch = parse(R"({"userId":"new","previousId":"old"})", SegmentCall::alias);
    const auto& fact = batch.facts.at(0);
    EXPECT_EQ(fact.kind, FactKind::alias);
    EXPECT_EQ(fact.identities[0].value, "new");
    EXPECT_EQ(fact.identities[1], (Identity{"user_id", "old", ""}));
    auto visitor =
        parse(R"({"userId":"new","previousId":"a","anonymousId":"a"})", SegmentCall::alias);
    EXPECT_EQ(visitor.facts.at(0).kind, FactKind::bind);
    EXPECT_EQ(visitor.facts.at(0).identities[1].kind, "anonymous_id");
}

TEST(Segment, PagesScreensAndGroupsAreEvents) {
    auto batch = parse(
        R"({"batch":[{"type":"page","anonymousId":"a","name":"Home","properties":{"path":"/"}},
        {"type":"screen","anonymousId":"a","name":"Main"},
        {"type":"group","userId":"u","groupId":"g-1","traits":{"plan":"pro"}}]})");
    ASSERT_EQ(batch.facts.size(), 3u);
    EXPECT_EQ(batch.facts[0].name, "page");
    EXPECT_EQ(text(batch.facts[0], "name"), "Home");
    EXPECT_EQ(batch.facts[1].name, "screen");
    EXPECT_EQ(text(batch.facts[2], "group_id"), "g-1");
    EXPECT_EQ(text(batch.facts[2], "traits.plan"), "pro");
}

TEST(Segment, OneBadRecordDoesNotSpoilTheOthers) {
    auto batch = parse(
        R"({"sentAt":"2026-10-01T08:00:00Z","batch":[{"type":"track","event":"good","userId":"u"},
        {"type":"track","userId":"u","messageId":"m-2"},
        {"type":"track","event":"x"},
        {"type":"dance","userId":"u"},
        17,
        {"type":"track","event":"x","userId":"u","properties":{"a":{"b":1e300}}},
        {"type":"track","event":"x","userId":"u","timestamp":"yesterday"},
        {"type":"track","event":"$message_delivered","userId":"u"},
        {"type":"track","event":"good","userId":"u"}]})");
    EXPECT_EQ(batch.facts.size(), 2u);
    EXPECT_EQ(batch.record_of, (std::vector<std::uint32_t>{0, 8}));
    std::vector<std::pair<std::string, std::string>> why;
    for (const auto& rejected : batch.rejected)
        why.emplace_back(rejected.reason, rejected.pointer);
    EXPECT_EQ(why, (std::vector<std::pair<std::string, std::string>>{
                       {"segment.no_event", "/event"},
                       {"segment.no_user_anon_id", ""},
                       {"segment.unknown_type", "/type"},
                       {"segment.not_an_object", ""},
                       {"number.out_of_range", "/properties/a/b"},
                       {"collect.bad_time", "/timestamp"},
                       {"collect.reserved_name", "/event"}}));
    EXPECT_EQ(batch.rejected[0].message_id, "m-2");
    EXPECT_EQ(batch.rejected[0].subject, (Identity{"user_id", "u", ""}));
    EXPECT_EQ(batch.rejected[0].record, R"({"type":"track","userId":"u","messageId":"m-2"})");
}

TEST(Segment, ARejectedRecordReadsAgainAsItWasMeant) {
    auto batch =
        parse(R"({"sentAt":"2026-10-01T09:00:00Z","context":{"app":{"name":"bank"}},"batch":[
        {"type":"track","userId":"u","timestamp":"2026-10-01T08:59:00Z"}]})");
    ASSERT_EQ(batch.rejected.size(), 1u);
    auto mended = batch.rejected[0].record;
    mended.insert(1, R"("event":"e",)");
    auto again = parse_segment_again(mended, batch.rejected[0].shared, envelope);
    ASSERT_TRUE(again);
    ASSERT_EQ(again->facts.size(), 1u);
    EXPECT_EQ(format_time(again->facts[0].time), "2026-10-01T07:59:00Z");
    EXPECT_EQ(text(again->facts[0], "context.app.name"), "bank");

    auto single = parse(R"({"userId":"u"})", SegmentCall::track);
    auto again_single = parse_segment_again(R"({"userId":"u","event":"e"})",
                                            single.rejected.at(0).shared, envelope);
    EXPECT_EQ(again_single->facts.size(), 1u);
}

TEST(Segment, ARecordOverTheLimitIsQuarantinedAndOneAtTheLimitPasses) {
    const std::string frame = R"({"type":"track","event":"e","userId":"u","properties":{"x":""}})";
    auto record = [&](std::size_t size) {
        auto text = frame;
        return text.insert(text.size() - 3, std::string(size - frame.size(), 'x'));
    };
    auto batch = parse(R"({"batch":[)" + record(max_record_bytes) + "," +
                       record(max_record_bytes + 1) + "]}");
    EXPECT_EQ(batch.record_of, std::vector<std::uint32_t>{0});
    ASSERT_EQ(batch.rejected.size(), 1u);
    EXPECT_EQ(batch.rejected[0].reason, "collect.record_too_large");
}

TEST(Segment, TheLastRecordWithinTheLimitPasses) {
    std::string body = R"({"batch":[)";
    for (std::size_t i = 0; i <= max_records; ++i)
        body += std::string(i ? "," : "") + R"({"type":"track","event":"e","userId":"u"})";
    auto batch = parse(body + "]}");
    EXPECT_EQ(batch.facts.size(), max_records);
    ASSERT_EQ(batch.rejected.size(), 1u);
    EXPECT_EQ(batch.rejected[0].reason, "collect.too_many_records");
}

TEST(Segment, BrokenBodiesAreRefusedWhole) {
    for (std::string body :
         {"", "{", "[]", "{}", R"({"batch":{}})", R"({"batch":[{"type":"track"},]})", "\xff"}) {
        auto refused = parse_segment(body, SegmentCall::batch, envelope);
        ASSERT_FALSE(refused) << body;
        EXPECT_EQ(refused.error().code, ErrorCode::invalid);
    }
    std::string deep = std::string(300, '[') + std::string(300, ']');
    EXPECT_EQ(parse_segment(deep, SegmentCall::batch, envelope).error().reason, "collect.too_deep");
}

TEST(Segment, FindsTheWriteKeyInEveryForm) {
    EXPECT_EQ(write_key_of_authorization("Basic a2V5LTE6"), "key-1");  // key-1:
    EXPECT_EQ(write_key_of_authorization("Basic a2V5LTE="), "key-1");
    EXPECT_EQ(write_key_of_authorization("Bearer key-1"), "key-1");
    EXPECT_EQ(write_key_of_authorization("Digest x"), "");
    std::string top = R"({"batch":[],"writeKey":"k1"})";
    EXPECT_EQ(SegmentBody(top).write_key(), "k1");
    std::string inner = R"({"batch":[{"writeKey":"k2"},{"writeKey":"k3"}]})";
    EXPECT_EQ(SegmentBody(inner).write_key(), "k2");
    std::string none = R"({"batch":[]})";
    EXPECT_EQ(SegmentBody(none).write_key(), "");
}

}  // namespace
}  // namespace qiao::collect
