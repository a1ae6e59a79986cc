#include "channel/receipt_hook.hpp"

#include <gtest/gtest.h>

#include "channel/webhook.hpp"

namespace qiao::channel {
namespace {

using namespace std::chrono_literals;

const Time now = parse_time("2026-10-01T09:00:00Z").value();

std::string signed_at(Time time, std::string_view body = "{}") {
    return webhook_signature("secret", to_ms(time) / 1000, body);
}

std::string refusal(std::string_view header, std::string_view body = "{}") {
    const auto judged = judge_signature("secret", header, body, now);
    return judged ? "" : judged.error().reason;
}

TEST(JudgeSignature, TakesWhatTheSecretHasSigned) {
    EXPECT_EQ(refusal(signed_at(now)), "");
    EXPECT_EQ(refusal("v2=later," + signed_at(now)), "");
    EXPECT_EQ(refusal(signed_at(now), "{} "), "receipt.signature");
    EXPECT_FALSE(judge_signature("another", signed_at(now), "{}", now));
    EXPECT_FALSE(judge_signature("", webhook_signature("", to_ms(now) / 1000, "{}"), "{}", now));
}

TEST(JudgeSignature, HoldsTheReplayWindowOnBothSides) {
    EXPECT_EQ(refusal(signed_at(now - 5min)), "");
    EXPECT_EQ(refusal(signed_at(now - 5min - 1s)), "receipt.expired");
    EXPECT_EQ(refusal(signed_at(now + 5min)), "");
    EXPECT_EQ(refusal(signed_at(now + 5min + 1s)), "receipt.expired");
}

TEST(JudgeSignature, RefusesWhatIsNoSignature) {
    const auto whole = signed_at(now);
    const auto time = whole.substr(0, whole.find(',')), digest = whole.substr(whole.find("v1="));
    for (const auto& header :
         {std::string{}, std::string(","), time, digest, time + ",v1=", "t=," + digest,
          "t=1x," + digest, "t=-1," + digest, "t=99999999999999999999," + digest,
          time + "," + time + "," + digest, whole + "," + digest, whole + "0",
          whole.substr(0, whole.size() - 1)})
        EXPECT_EQ(refusal(header), "receipt.signature") << header;
}

std::string problem(std::string_view body) {
    const auto parsed = parse_receipts("chn_1", body, now);
    return parsed ? "" : parsed.error().reason + " " + parsed.error().pointer;
}

TEST(ParseReceipts, ReadsWhatIsThere) {
    const auto parsed =
        parse_receipts("chn_1",
                       R"({"receipts":[{"send_key":"k","what":"failed","reason":"mailbox_full",
            "at":"2026-10-01T16:00:00+08:00","to":"left out"},
            {"message_id":"<a@b>","what":"opened","at":"2026-10-02T00:00:00Z"}],"more":1})",
                       now);
    ASSERT_TRUE(parsed);
    ASSERT_EQ(parsed->size(), 2u);
    const auto& first = parsed->at(0);
    EXPECT_EQ(first.provider + first.send_key + first.what + first.reason,
              "chn_1kfailedmailbox_full");
    EXPECT_EQ(first.at, now - 1h);
    EXPECT_EQ(parsed->at(1).provider_message_id, "<a@b>");
    EXPECT_EQ(parsed->at(1).at, now);  // nothing has happened tomorrow
    EXPECT_EQ(problem(R"({"receipts":[]})"), "");
}

TEST(ParseReceipts, RefusesWithAPointer) {
    for (const auto* body : {"", "[]", "{", "1", R"({"receipts":{}})", R"({"receipt":[]})"})
        EXPECT_EQ(problem(body), "receipt.body /receipts") << body;
    EXPECT_EQ(problem(R"({"receipts":[1]})"), "receipt.body /receipts/0");
    EXPECT_EQ(problem(R"({"receipts":[{"send_key":1,"what":"opened"}]})"),
              "receipt.body /receipts/0/send_key");
    EXPECT_EQ(problem(R"({"receipts":[{"send_key":"k","what":"opened"},{"what":"opened"}]})"),
              "receipt.send /receipts/1");
    EXPECT_EQ(problem(R"({"receipts":[{"send_key":"k","what":"sent"}]})"),
              "receipt.what /receipts/0/what");
    EXPECT_EQ(problem(R"({"receipts":[{"send_key":"k","what":"opened","at":"today"}]})"),
              "receipt.at /receipts/0/at");
    EXPECT_EQ(
        problem(R"({"receipts":[{"send_key":"k","what":"failed","reason":"<ana@x> is full"}]})"),
        "receipt.reason /receipts/0/reason");
}

TEST(ParseReceipts, HoldsItsLimits) {
    const auto of = [](std::size_t count) {
        std::string body = R"({"receipts":[)";
        for (std::size_t i = 0; i < count; ++i)
            body += std::string(i ? "," : "") + R"({"send_key":"k","what":"opened"})";
        return body + "]}";
    };
    EXPECT_EQ(problem(of(most_receipts)), "");
    EXPECT_EQ(problem(of(most_receipts + 1)), "receipt.too_many /receipts");
    const auto named = [](std::size_t bytes) {
        return R"({"receipts":[{"send_key":")" + std::string(bytes, 'k') +
               R"(","what":"opened"}]})";
    };
    EXPECT_EQ(problem(named(400)), "");
    EXPECT_EQ(problem(named(401)), "receipt.send /receipts/0");
    EXPECT_EQ(problem(std::string(100, '[')), "receipt.body /receipts");
}

}  // namespace
}  // namespace qiao::channel
