#include "channel/channels.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>

#include "channel/mime.hpp"
#include "channel/settings.hpp"
#include "channel/smtp.hpp"
#include "channel/webhook.hpp"
#include "sql/migrations.hpp"
#include "sql/testing/test_databases.hpp"

namespace qiao::channel {
namespace {

using action::ChannelKind;
using action::Outcome;

class ChannelsTest : public ::testing::TestWithParam<sql::testing::Engine> {
protected:
    ChannelsTest()
        : folder(std::filesystem::temp_directory_path() /
                 ("qiao-channels-" + std::to_string(getpid()))) {
        EXPECT_TRUE(sql::migrate(*database, sql::all_migrations(), clock.now()));
        std::filesystem::remove_all(folder);
        box = std::move(*FileSecretBox::open_file(folder / "keys" / "secrets.key"));
        inbox = std::make_unique<Inbox>(*database, *box, clock);
    }
    ~ChannelsTest() override { std::filesystem::remove_all(folder); }

    std::filesystem::path folder;
    TestClock clock{time_from_ms(1'790'000'000'000)};
    sql::testing::TestDatabase database{GetParam()};
    access::AuditLog audit{*database, clock};
    std::unique_ptr<FileSecretBox> box;
    std::unique_ptr<Inbox> inbox;
    access::Principal who{"usr_1", "Ana", "administrator", ~0u, "", false};
};

TEST_P(ChannelsTest, FirstStartHasOneInboxWhichMayBeRemoved) {
    {
        Channels channels(*database, clock, audit, *box, *inbox);
        ASSERT_EQ(channels.list().size(), 1u);
        EXPECT_EQ(channels.list()[0].name, "手机银行站内信 / App inbox");
        EXPECT_TRUE(channels.choose(ChannelKind::inbox, ""));
        EXPECT_EQ(channels.choose(ChannelKind::sms, "").error().reason, "channel.none");
        ASSERT_TRUE(channels.remove(who, channels.list()[0].id, {}));
    }
    EXPECT_TRUE(Channels(*database, clock, audit, *box, *inbox).list().empty());
}

TEST_P(ChannelsTest, SecretsAreSealedKeptAndNeverShown) {
    Channels channels(*database, clock, audit, *box, *inbox);
    ChannelChange change;
    change.name = "Mail";
    change.settings = Settings{
        {"host", "127.0.0.1"}, {"from", "Bank <no-reply@bank.example>"}, {"password", "s3cret!"}};
    const auto made = channels.create(who, ChannelKind::email, change);
    ASSERT_TRUE(made) << made.error().detail;
    const auto shown = boost::json::serialize(settings_json(*made));
    EXPECT_EQ(shown.find("s3cret!"), std::string::npos);
    EXPECT_NE(shown.find("\"has_password\":true"), std::string::npos);
    for (const auto& row : database->query("SELECT settings, sealed FROM channel_channels"))
        EXPECT_EQ((row.text(0) + row.text(1)).find("s3cret!"), std::string::npos);

    ChannelChange host;
    host.settings = Settings{{"host", "127.0.0.2"}, {"from", "no-reply@bank.example"}};
    const auto changed = channels.update(who, made->id, host, 1);
    ASSERT_TRUE(changed);
    EXPECT_EQ(changed->secrets, std::vector<std::string>{"password"});
    EXPECT_EQ(channels.update(who, made->id, host, 1).error().code, ErrorCode::stale);
}

TEST_P(ChannelsTest, RefusesWrongSettingsWithTheirPointer) {
    Channels channels(*database, clock, audit, *box, *inbox);
    ChannelChange change;
    change.name = "Hook";
    change.settings = Settings{{"url", "ftp://x"}, {"secret", "s"}};
    EXPECT_EQ(channels.create(who, ChannelKind::webhook, change).error().pointer, "/settings/url");
    change.settings = Settings{{"url", "https://x"}};
    EXPECT_EQ(channels.create(who, ChannelKind::webhook, change).error().pointer,
              "/settings/secret");
    change.settings = Settings{{"url", "https://x"}, {"secret", "s"}, {"port", "1"}};
    EXPECT_EQ(channels.create(who, ChannelKind::webhook, change).error().pointer, "/settings/port");
}

TEST_P(ChannelsTest, InboxDeliversASendKeyOnceAndTellsTheFirstRead) {
    action::Outgoing message;
    message.send_key = "cmp_1:1:x";
    message.profile = ProfileId{65};
    message.subject = "Hello";
    message.body = "王先生";
    EXPECT_EQ(inbox->submit(message, Duration(1)).outcome, Outcome::delivered);
    EXPECT_EQ(inbox->submit(message, Duration(1)).outcome, Outcome::delivered);
    const auto messages = inbox->list({ProfileId{65}}, 10);
    ASSERT_EQ(messages.size(), 1u);
    EXPECT_EQ(messages[0].body, "王先生");
    EXPECT_FALSE(inbox->mark_read(ProfileId{66}, "cmp_1:1:x"));
    EXPECT_TRUE(*inbox->mark_read(ProfileId{65}, "cmp_1:1:x"));
    EXPECT_FALSE(*inbox->mark_read(ProfileId{65}, "cmp_1:1:x"));
    inbox->forget(ProfileId{65});
    EXPECT_TRUE(inbox->list({ProfileId{65}}, 10).empty());
}

INSTANTIATE_TEST_SUITE_P(Engines, ChannelsTest, ::testing::Values(sql::testing::Engine::sqlite),
                         [](const auto& info) {
                             return std::string(sql::testing::name_of(info.param));
                         });

TEST(SecretBox, OpensOnlyInItsPlaceAndWithItsKey) {
    const auto folder =
        std::filesystem::temp_directory_path() / ("qiao-box-" + std::to_string(getpid()));
    std::filesystem::remove_all(folder);
    const auto box = std::move(*FileSecretBox::open_file(folder / "secrets.key"));
    const auto sealed = box->seal("text", "place");
    EXPECT_EQ(*box->open(sealed, "place"), "text");
    EXPECT_FALSE(box->open(sealed, "other"));
    EXPECT_EQ(*std::move(*FileSecretBox::open_file(folder / "secrets.key"))->open(sealed, "place"),
              "text");
    const auto other = std::move(*FileSecretBox::open_file(folder / "other.key"));
    EXPECT_FALSE(other->open(sealed, "place"));
    std::filesystem::permissions(folder / "secrets.key", std::filesystem::perms::others_read,
                                 std::filesystem::perm_options::add);
    EXPECT_EQ(FileSecretBox::open_file(folder / "secrets.key").error().reason,
              "channel.secret_key");
    std::filesystem::remove_all(folder);
}

TEST(JudgeSmtp, TellsWhatLeftFromWhatDidNot) {
    EXPECT_EQ(judge_smtp(354, true).outcome, Outcome::unknown);
    EXPECT_EQ(judge_smtp(354, false).outcome, Outcome::not_sent);
    EXPECT_EQ(judge_smtp(550, false).outcome, Outcome::refused);
    EXPECT_TRUE(judge_smtp(550, false).is_permanent);
    EXPECT_EQ(judge_smtp(554, true).outcome, Outcome::refused);
    EXPECT_EQ(judge_smtp(451, true).outcome, Outcome::not_sent);
    EXPECT_EQ(judge_smtp(535, false).outcome, Outcome::not_sent);
    EXPECT_EQ(judge_smtp(0, false).outcome, Outcome::not_sent);
}

TEST(JudgeWebhook, RefusesOnlyWhatARepeatCannotMend) {
    EXPECT_EQ(judge_webhook_status(204).outcome, Outcome::accepted);
    EXPECT_EQ(judge_webhook_status(400).outcome, Outcome::refused);
    EXPECT_EQ(judge_webhook_status(408).outcome, Outcome::not_sent);
    EXPECT_EQ(judge_webhook_status(429).outcome, Outcome::not_sent);
    EXPECT_EQ(judge_webhook_status(503).outcome, Outcome::not_sent);
    EXPECT_EQ(judge_webhook_status(302).outcome, Outcome::refused);
}

// `printf '%s' '1.{}' | openssl dgst -sha256 -hmac key`
TEST(WebhookSignature, IsHmacOfTimeAndBody) {
    EXPECT_EQ(webhook_signature("key", 1, "{}"),
              "t=1,v1=1ba6b8171186efc613e8bcc0cbdab2748f24984d7c5a84faa2637afa0e40d224");
}

TEST(Mime, NoValueCanAddAHeader) {
    Mail mail;
    mail.from = "Bank\r\nBcc: x@evil.example <no-reply@bank.example>";
    mail.to = "ana@example.com";
    mail.subject = "Hello\r\nBcc: y@evil.example";
    mail.send_key = "cmp:1:x\r\nX: y";
    mail.text = "text";
    const auto bytes = mime_of(mail);
    EXPECT_EQ(bytes.find("\r\nBcc:"), std::string::npos);
    EXPECT_EQ(bytes.find("\r\nX:"), std::string::npos);
    EXPECT_TRUE(address_of("a@b>\r\nRCPT TO:<c@d").empty());
    EXPECT_TRUE(address_of("a@b\r\n").empty());
    EXPECT_EQ(address_of("Bank <a@b>"), "a@b");
}

TEST(Mime, OneClickIsToldOfHttpsAlone) {
    Mail mail;
    mail.from = "a@b";
    mail.to = "c@d";
    const auto has = [&](std::string_view part) {
        return mime_of(mail).find(part) != std::string::npos;
    };
    EXPECT_FALSE(has("List-Unsubscribe"));
    mail.unsubscribe = "mailto:stop@bank.example";
    EXPECT_TRUE(has("\r\nList-Unsubscribe: <mailto:stop@bank.example>\r\n"));
    EXPECT_FALSE(has("List-Unsubscribe-Post"));
    mail.one_click = "https://bank.example/u/x";
    EXPECT_TRUE(
        has("\r\nList-Unsubscribe: <https://bank.example/u/x>,\r\n "
            "<mailto:stop@bank.example>\r\n"
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
    mail.one_click = "http://localhost/u/x";
    EXPECT_FALSE(has("List-Unsubscribe-Post"));
}

TEST(Mime, EncodedWordsKeepCharactersWhole) {
    Mail mail;
    mail.from = "a@b";
    mail.to = "c@d";
    for (int i = 0; i < 60; ++i)
        mail.subject += "桥";
    const auto bytes = mime_of(mail);
    const auto line = bytes.substr(bytes.find("Subject: "));
    EXPECT_EQ(line.substr(0, 19), "Subject: =?UTF-8?B?");
    EXPECT_LE(line.find("\r\n"), 76u + 9u);
    EXPECT_NE(line.find("5qGl"), std::string::npos);
}

}  // namespace
}  // namespace qiao::channel
