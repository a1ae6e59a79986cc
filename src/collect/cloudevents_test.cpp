#include "collect/cloudevents.hpp"

#include <gtest/gtest.h>

#include "collect/encoding.hpp"
#include "collect/posthog.hpp"

namespace qiao::collect {
namespace {

const Time received = parse_time("2026-10-01T08:00:00Z").value();
const Envelope envelope{{"key_1", "core"}, received, ""};

Batch parse(std::string body) {
    auto batch = parse_cloudevents(body, envelope);
    EXPECT_TRUE(batch) << (batch ? "" : batch.error().detail);
    return batch ? std::move(*batch) : Batch{};
}

std::string reason_of(const std::string& members) {
    auto batch = parse(R"({"specversion":"1.0","id":"1","source":"/core")" + members + "}");
    return batch.rejected.empty() ? "" : batch.rejected[0].reason + " " + batch.rejected[0].pointer;
}

TEST(CloudEvents, ReadsAStructuredEvent) {
    auto batch = parse(
        R"({"specversion":"1.0","id":"42","source":"/core/payments","type":"payment","time":"2026-10-01T07:00:00+08:00",
        "subject":"pay-7","data":{"user_id":"u-1","amount":100.5,"to":{"bank":"x"}}})");
    ASSERT_EQ(batch.facts.size(), 1u);
    const auto& fact = batch.facts[0];
    EXPECT_EQ(fact.name, "payment");
    EXPECT_EQ(fact.message_id, "/core/payments#42");
    EXPECT_EQ(format_time(fact.time), "2026-09-30T23:00:00Z");
    EXPECT_EQ(fact.identities, (std::vector<Identity>{{"user_id", "u-1", ""}}));
    EXPECT_EQ(fact.properties.size(), 2u);
    EXPECT_EQ(*find(fact.properties, "to.bank"), Value{std::string("x")});
}

TEST(CloudEvents, TheSubjectNamesThePersonWhereNothingElseDoes) {
    auto ids = [](const std::string& members) {
        auto batch =
            parse(R"({"specversion":"1.0","id":"1","source":"s","type":"t",)" + members + "}");
        return batch.facts.empty() ? std::vector<Identity>{} : batch.facts[0].identities;
    };
    EXPECT_EQ(ids(R"("subject":"u-1")"), (std::vector<Identity>{{"user_id", "u-1", ""}}));
    EXPECT_EQ(ids(R"("subject":"phone:13800000000")"),
              (std::vector<Identity>{{"phone", "13800000000", ""}}));
    EXPECT_EQ(
        ids(R"("data":{"identities":{"user_id":"u","device_id":["d1","d2"]},"properties":{"a":1}})"),
        (std::vector<Identity>{
            {"user_id", "u", ""}, {"device_id", "d1", ""}, {"device_id", "d2", ""}}));
    EXPECT_EQ(ids(R"("anonymousid":"a")"), (std::vector<Identity>{{"anonymous_id", "a", ""}}));
}

TEST(CloudEvents, MissingAttributesAreNamed) {
    EXPECT_EQ(reason_of(""), "native.missing_attribute /type");
    EXPECT_EQ(reason_of(R"(,"type":"t")"), "native.no_identity /subject");
    EXPECT_EQ(reason_of(R"(,"type":"t","subject":"u","data":[1])"), "native.bad_data /data");
    EXPECT_EQ(reason_of(R"(,"type":"t","subject":"u","time":"noon")"), "collect.bad_time /time");
    EXPECT_EQ(reason_of(R"(,"type":"$message_sent","subject":"u")"), "collect.reserved_name /type");
    EXPECT_EQ(
        reason_of(
            R"(,"type":"$consent","subject":"u","data":{"purpose":"marketing","channel":"sms"})"),
        "native.bad_consent /data/granted");
    auto batch = parse(R"({"specversion":"0.3","id":"1","source":"s","type":"t","subject":"u"})");
    EXPECT_EQ(batch.rejected.at(0).reason, "native.version");
}

TEST(CloudEvents, OperationsBecomeTheirKinds) {
    auto kind = [](const std::string& type, const std::string& data) {
        auto batch = parse(R"({"specversion":"1.0","id":"1","source":"s","type":")" + type +
                           R"(","data":)" + data + "}");
        return batch.facts.empty() ? FactKind::control : batch.facts[0].kind;
    };
    EXPECT_EQ(kind("$profile_set", R"({"user_id":"u","traits":{"age":1}})"), FactKind::profile_set);
    EXPECT_EQ(kind("$bind", R"({"identities":{"user_id":"u","phone":"138"}})"), FactKind::bind);
    EXPECT_EQ(kind("$bind", R"({"identities":{"user_id":"u"}})"), FactKind::control);
    EXPECT_EQ(
        kind("$consent", R"({"user_id":"u","purpose":"marketing","channel":"sms","granted":true})"),
        FactKind::consent);
    EXPECT_EQ(kind("$item_set", R"({"item_id":"1"})"), FactKind::item);
}

TEST(CloudEvents, ABatchKeepsItsGoodEvents) {
    auto batch =
        parse(R"([{"specversion":"1.0","id":"1","source":"s","type":"t","subject":"u"},{"id":"2"},
        {"specversion":"1.0","id":"3","source":"s","type":"t","data_base64":"eyJ1c2VyX2lkIjoidSJ9"}])");
    EXPECT_EQ(batch.record_of, (std::vector<std::uint32_t>{0, 2}));
    EXPECT_EQ(batch.rejected.size(), 1u);
}

TEST(CloudEvents, BinaryModeTakesItsAttributesFromHeaders) {
    auto batch = parse_binary_cloudevent(
        {{"specversion", "1.0"}, {"id", "1"}, {"source", "/a%20b+c"}, {"type", "t"}},
        "application/json", R"({"user_id":"u","n":1})", envelope);
    ASSERT_TRUE(batch);
    ASSERT_EQ(batch->facts.size(), 1u);
    EXPECT_EQ(batch->facts[0].message_id, "/a b+c#1");
    EXPECT_EQ(
        parse_binary_cloudevent({{"id", "1"}}, "text/plain", "hello", envelope).error().reason,
        "native.data_not_json");
}

Batch parse_ph(std::string body) { return std::move(parse_posthog(body, envelope).value()); }

// As posthog-node 5.70.0 sends it.
TEST(PostHog, ReadsABatch) {
    auto batch = parse_ph(R"({"api_key":"k","batch":[
        {"distinct_id":"u-1","event":"buy","properties":{"price":3,"$lib":"posthog-node","$set":{"age":30}},"type":"capture",
         "library":"posthog-node","timestamp":"2026-10-01T07:59:59.000Z","uuid":"0199"},
        {"distinct_id":"u-1","event":"$identify","properties":{"$set":{"level":"gold"},"$anon_distinct_id":"a-1"},"uuid":"0200"},
        {"event":"$create_alias","distinct_id":"u-1","properties":{"distinct_id":"u-1","alias":"u-0"},"uuid":"0201"},
        {"event":"lost"}],"sent_at":"2026-10-01T08:00:00Z"})");
    ASSERT_EQ(batch.facts.size(), 4u);
    EXPECT_EQ(batch.facts[0].kind, FactKind::profile_set);
    EXPECT_EQ(batch.facts[0].message_id, "0199+set");
    EXPECT_EQ(batch.facts[1].name, "buy");
    EXPECT_EQ(batch.facts[2].kind, FactKind::profile_set);
    EXPECT_EQ(batch.facts[2].identities,
              (std::vector<Identity>{{"user_id", "u-1", ""}, {"anonymous_id", "a-1", ""}}));
    EXPECT_EQ(batch.facts[3].kind, FactKind::alias);
    EXPECT_EQ(batch.facts[3].identities[1].value, "u-0");
    EXPECT_EQ(batch.rejected.at(0).reason, "posthog.no_distinct_id");
    std::string one = R"({"api_key":"k1","event":"e","distinct_id":"d"})";
    EXPECT_EQ(posthog_key(one), "k1");
    EXPECT_EQ(parse_ph(one).facts.size(), 1u);
}

TEST(Encoding, FormsAndBase64) {
    EXPECT_EQ(parse_form("a=1&b=%E6%A1%A5+x&c&=&d=%zz"),
              (std::vector<std::pair<std::string, std::string>>{
                  {"a", "1"}, {"b", "桥 x"}, {"c", ""}, {"", ""}, {"d", "%zz"}}));
    EXPECT_EQ(decode_base64("YQ"), "a");
    EXPECT_EQ(decode_base64("YQ=="), "a");
    EXPECT_EQ(decode_base64("Y"), std::nullopt);
    EXPECT_EQ(decode_base64("Y*"), std::nullopt);
    EXPECT_EQ(java_hash("hello"), 99162322);
    EXPECT_EQ(java_hash("polygenelubricants"), INT32_MIN);
}

TEST(Encoding, InflateStopsAtItsLimit) {
    EXPECT_EQ(inflate("\x1f\x8bnonsense", 100).error().reason, "collect.bad_gzip");
    const auto zipped = *decode_base64("H4sIAAAAAAACA6tWSlSyMqwFAK+sG1YHAAAA");
    EXPECT_TRUE(inflate(zipped, 7));
    EXPECT_EQ(inflate(zipped, 6).error().reason, "collect.too_large");
    EXPECT_EQ(inflate(zipped.substr(0, 15), 100).error().reason, "collect.bad_gzip");
}

}  // namespace
}  // namespace qiao::collect
