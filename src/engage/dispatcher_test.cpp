#include "engage/dispatcher.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "engage/receipts.hpp"
#include "shard/shard_fixture.hpp"
#include "sql/migrations.hpp"
#include "sql/testing/test_databases.hpp"

namespace qiao::engage {
namespace {

using namespace std::chrono_literals;
using action::Outcome;

class FakeProvider final : public action::Provider {
public:
    action::Submitted submit(const action::Outgoing& message, Duration) override {
        std::lock_guard lock(mutex);
        ++submitted[message.send_key];
        if (answers.empty())
            return {Outcome::accepted, "id-" + message.send_key, {}, false};
        auto answer = answers.front();
        if (answers.size() > 1)
            answers.erase(answers.begin());
        return answer;
    }
    std::size_t batch_size() const override { return batch; }
    bool is_idempotent() const override { return idempotent; }

    std::mutex mutex;
    std::map<std::string, int> submitted;
    std::vector<action::Submitted> answers;  // the last one stays
    std::size_t batch = 1;
    bool idempotent = false;
};

struct FakeProviders final : action::Providers {
    Result<action::ReadyChannel> open(std::string_view id) override {
        const auto found = channels.find(std::string(id));
        if (found == channels.end())
            return fail(ErrorCode::not_found, "channel.not_found", "there is no such channel");
        return action::ReadyChannel{found->second, action::ChannelKind::sms, 0};
    }
    std::map<std::string, std::shared_ptr<FakeProvider>> channels;
};

// The channel is the campaign's name; a campaign in `paused` waits.
struct FakeRenderer final : Renderer {
    Result<Rendered> render(const PlannedSend& send, std::string_view) override {
        if (paused.contains(send.campaign))
            return fail(ErrorCode::unavailable, "campaign.paused", "paused");
        if (send.campaign == "broken")
            return fail(ErrorCode::unprocessable, "message.missing_tag", "a tag is missing");
        Rendered rendered;
        rendered.outgoing.body = "text";
        rendered.channel_id = send.campaign;
        return rendered;
    }
    std::set<std::string> paused;
};

struct FakeBox final : channel::SecretBox {
    std::string seal(std::string_view plain, std::string_view) const override {
        return std::string(plain);
    }
    Result<std::string> open(std::string_view sealed, std::string_view) const override {
        return std::string(sealed);
    }
    std::string mac(std::string_view text) const override {
        std::string bytes;
        for (std::uint64_t i = 0; i < 4; ++i) {
            const auto hash = hash64(text, i);
            bytes.append(reinterpret_cast<const char*>(&hash), 8);
        }
        return bytes;
    }
};

class DispatcherTest : public ::testing::Test {
protected:
    DispatcherTest() {
        const auto migrated = sql::migrate(*database, sql::all_migrations(), world.clock.now());
        EXPECT_TRUE(migrated);
        outbox = std::make_unique<sql::Outbox>(*database);
        tracking = std::make_unique<Tracking>(*database, box, world.clock,
                                              [] { return std::string("https://bank.example"); });
        receipts = std::make_unique<Receipts>(*database, *outbox, world.clock);
        world.open({});
        providers.channels["a"] = a;
        providers.channels["b"] = b;
        make();
    }
    ~DispatcherTest() override {
        world.shards->stop();
        dispatcher.reset();
    }
    void make() {
        dispatcher = std::make_unique<Dispatcher>(
            DispatcherParts{*world.shards, *database, *outbox, *world.journal, providers, renderer,
                            *tracking, prices, world.clock, world.metrics});
    }
    void plan(const std::string& campaign, int count, int from = 1) {
        for (int i = from; i < from + count; ++i) {
            const ProfileId profile{static_cast<std::uint64_t>(i)};
            const auto key = campaign + ":1:" + std::to_string(i);
            world.shards
                ->ask<void>(
                    shard_of(profile),
                    [&](shard::ShardContext& context) {
                        context.hand_out(sends_queue, key, encode(PlannedSend{campaign, profile}));
                    })
                .get();
        }
    }
    void drain() {
        while (dispatcher->drain_once()) {
        }
    }
    // How many facts of a name the journal holds.
    int facts(const std::string& name) {
        int count = 0;
        for (ShardId shard = 0; shard < shard_count; ++shard)
            world.journal->read(shard, 1, [&](journal::Offset, std::vector<Fact>&& facts) {
                for (const auto& fact : facts)
                    count += fact.name == name;
                return true;
            });
        return count;
    }
    Fact first_fact(const std::string& name) {
        Fact found;
        for (ShardId shard = 0; shard < shard_count; ++shard)
            world.journal->read(shard, 1, [&](journal::Offset, std::vector<Fact>&& facts) {
                for (const auto& fact : facts)
                    if (fact.name == name && found.name.empty())
                        found = fact;
                return true;
            });
        return found;
    }
    std::string state(const std::string& key) {
        const auto send = sends::find(*database->read(), key);
        return send ? send->state : "none";
    }

    shard::ShardFixture world;
    sql::testing::TestDatabase database{sql::testing::Engine::sqlite};
    FakeBox box;
    std::unique_ptr<sql::Outbox> outbox;
    std::unique_ptr<Tracking> tracking;
    std::unique_ptr<Receipts> receipts;
    access::AuditLog audit{*database, world.clock};
    Calendar calendar = *Calendar::of_zone("Asia/Shanghai");
    channel::Prices prices{*database, audit, calendar, world.clock};
    FakeProviders providers;
    FakeRenderer renderer;
    std::shared_ptr<FakeProvider> a = std::make_shared<FakeProvider>(),
                                  b = std::make_shared<FakeProvider>();
    std::unique_ptr<Dispatcher> dispatcher;
};

TEST_F(DispatcherTest, SendsOnceAndTellsTheJournal) {
    plan("a", 40);
    EXPECT_FALSE(dispatcher->idle());
    drain();
    EXPECT_TRUE(dispatcher->idle());
    EXPECT_EQ(a->submitted.size(), 40u);
    EXPECT_EQ(facts("$message_accepted"), 40);
    plan("a", 40);  // handed out again, as after a crash of the shards
    drain();
    for (const auto& [key, times] : a->submitted)
        EXPECT_EQ(times, 1) << key;
    EXPECT_EQ(facts("$message_accepted"), 40);
}

TEST_F(DispatcherTest, BooksThePriceOnceWithWhatMayHaveLeft) {
    const auto price = [&](const char* id, Day day, std::int64_t scaled) {
        database->execute(
            "INSERT INTO channel_prices (id, channel, amount, valid_from, "
            "created_at, created_by) VALUES ($1, 'a', $2, $3, 0, 'test')",
            {std::string(id), scaled, std::int64_t{day}});
    };
    const auto cost = [&](const std::string& name) {
        const auto fact = first_fact(name);
        const auto* value = find(fact.properties, "cost");
        return value ? std::get<Decimal>(*value).scaled() : -1;
    };
    price("prc_1", 0, 450);
    price("prc_2", calendar.day_of(world.clock.now()) + 1, 9'999);
    a->answers = {{Outcome::accepted, "id-1", {}, false},
                  {Outcome::unknown, {}, "y", false},
                  {Outcome::refused, {}, "z", false}};
    plan("a", 3);
    drain();
    EXPECT_TRUE(receipts->take({"a", "id-1", {}, "delivered", {}, world.clock.now()}));
    drain();
    EXPECT_EQ(cost("$message_accepted"), 450);
    EXPECT_EQ(cost("$message_unknown"), 450);
    EXPECT_EQ(cost("$message_failed"), -1);
    EXPECT_EQ(cost("$message_delivered"), -1);  // a receipt of what is booked
}

TEST_F(DispatcherTest, ReceiptBeforeTheAnswerIsCountedOnce) {
    EXPECT_FALSE(receipts->take({"a", "id-a:1:1", {}, "delivered", {}, world.clock.now()}));
    plan("a", 1);
    drain();
    EXPECT_EQ(state("a:1:1"), "delivered");
    EXPECT_FALSE(receipts->take({"a", "id-a:1:1", {}, "failed", "late", world.clock.now()}));
    EXPECT_TRUE(receipts->take({{}, {}, "a:1:1", "opened", {}, world.clock.now()}));
    EXPECT_FALSE(receipts->take({{}, {}, "a:1:1", "opened", {}, world.clock.now()}));
    drain();
    EXPECT_EQ(facts("$message_delivered"), 1);
    EXPECT_EQ(facts("$message_opened"), 1);
    EXPECT_EQ(facts("$message_failed"), 0);
}

TEST_F(DispatcherTest, TriesAgainOnlyWhatDidNotLeave) {
    a->answers = {{Outcome::not_sent, {}, "x", false},
                  {Outcome::unknown, {}, "y", false},
                  {Outcome::refused, {}, "z", false}};
    plan("a", 3);
    drain();
    EXPECT_EQ(facts("$message_unknown"), 1);
    EXPECT_EQ(facts("$message_failed"), 1);
    EXPECT_TRUE(dispatcher->idle());
    a->answers.clear();
    world.clock.set(world.clock.now() + 3s);
    EXPECT_FALSE(dispatcher->idle());
    drain();
    EXPECT_EQ(facts("$message_accepted"), 1);
    int total = 0;
    for (const auto& [key, times] : a->submitted)
        total += times;
    EXPECT_EQ(total, 4);
}

TEST_F(DispatcherTest, SickProviderAndPausedCampaignHoldUpNobody) {
    a->answers = {{Outcome::not_sent, {}, "down", false}};
    renderer.paused = {"c"};
    plan("c", 600);
    plan("a", 20);
    plan("b", 50);
    plan("broken", 2);
    drain();
    EXPECT_EQ(b->submitted.size(), 50u);
    EXPECT_EQ(a->submitted.size(), 5u) << "the breaker opens after five failures";
    EXPECT_EQ(dispatcher->health("a").state, Breaker::State::open);
    EXPECT_EQ(dispatcher->health("b").sent_1h, 50);
    EXPECT_EQ(facts("$message_failed"), 2);
    EXPECT_TRUE(dispatcher->idle());
}

TEST_F(DispatcherTest, WhatWasUnderWayAtACrashIsUnknownOrRepeatedByKey) {
    a->answers = b->answers = {{Outcome::not_sent, {}, "x", false}};
    b->idempotent = true;
    plan("a", 1);
    plan("b", 1);
    drain();
    for (const auto* key : {"a:1:1", "b:1:1"})
        database->execute("UPDATE engage_sends SET state = 'attempting' WHERE send_key = $1",
                          {std::string(key)});
    a->answers.clear();
    b->answers.clear();
    dispatcher->start();
    EXPECT_TRUE(dispatcher->wait_idle(20s));
    dispatcher->stop();
    EXPECT_EQ(state("a:1:1"), "unknown");
    EXPECT_EQ(state("b:1:1"), "accepted");
    EXPECT_EQ(a->submitted["a:1:1"], 1);
    EXPECT_EQ(facts("$message_unknown"), 1);
}

TEST_F(DispatcherTest, AReceiptByKeyWaitsForTheAnswerAndIsOfItsChannelAlone) {
    a->answers = {{Outcome::not_sent, {}, "x", false}};
    plan("a", 1);
    drain();
    const auto take = [&](const char* channel, const char* what) {
        return receipts->take({channel, {}, "a:1:1", what, {}, time_from_ms(0)});
    };
    EXPECT_FALSE(take("b", "complained")) << "another channel speaks of it";
    EXPECT_FALSE(take("a", "delivered"));
    EXPECT_EQ(state("a:1:1"), "queued") << "it may still be sent";
    EXPECT_FALSE(receipts->take({"a", {}, "a:1:unknown", "delivered", {}, world.clock.now()}));
    a->answers.clear();
    world.clock.set(world.clock.now() + 3s);
    drain();
    EXPECT_EQ(state("a:1:1"), "delivered");
    EXPECT_FALSE(take("a", "failed"));
    EXPECT_TRUE(take("a", "complained"));
    EXPECT_FALSE(take("a", "complained"));
    drain();
    EXPECT_EQ(facts("$message_accepted"), 1);
    EXPECT_EQ(facts("$message_delivered"), 1);
    EXPECT_EQ(facts("$message_failed"), 0);
    EXPECT_EQ(facts("$message_complained"), 1);
    EXPECT_GE(first_fact("$message_complained").time, first_fact("$message_accepted").time - 3s)
        << "not dated before the message was made";
    EXPECT_TRUE(database->read()->query("SELECT 1 FROM engage_early_receipts").empty());
}

TEST_F(DispatcherTest, GivingUpAfterAnUnansweredAttemptIsUnknown) {
    b->idempotent = true;
    b->answers = {{Outcome::unknown, {}, "no_answer", false},
                  {Outcome::not_sent, {}, "down", false}};
    plan("b", 1);
    drain();
    EXPECT_EQ(state("b:1:1"), "queued");
    world.clock.set(world.clock.now() + 25h);
    drain();
    EXPECT_EQ(state("b:1:1"), "unknown");
    // The same where the campaign ends meanwhile.
    b->answers = {{Outcome::unknown, {}, "no_answer", false}};
    plan("b", 1, 2);
    drain();
    providers.channels.erase("b");
    world.clock.set(world.clock.now() + 25h);
    drain();
    EXPECT_EQ(state("b:1:2"), "unknown");
    EXPECT_EQ(facts("$message_failed"), 0);
    EXPECT_EQ(facts("$message_unknown"), 2);
}

TEST_F(DispatcherTest, AnUnsubscribeLinkCannotBeMadeFromTheOthers) {
    plan("a", 2);
    drain();
    const auto link = tracking->unsubscribe_link("a:1:1");
    const auto token = link.substr(link.find("/u/") + 3);
    EXPECT_EQ(tracking->unsubscribed(token), "a:1:1");
    EXPECT_EQ(link.find("a:1:1"), std::string::npos);
    const auto shown = tracking->token_of("a:1:1");
    EXPECT_EQ(token.substr(0, shown.size()), shown);
    EXPECT_FALSE(tracking->unsubscribed(shown));
    EXPECT_FALSE(tracking->unsubscribed(shown + shown));
    const auto other = tracking->unsubscribe_link("a:1:2");
    EXPECT_FALSE(tracking->unsubscribed(shown + other.substr(other.size() - shown.size())));
}

TEST_F(DispatcherTest, ThreadsSendManyInBatches) {
    b->batch = 500;
    plan("b", 2000);
    dispatcher->start();
    EXPECT_TRUE(dispatcher->wait_idle(60s));
    dispatcher->stop();
    EXPECT_EQ(b->submitted.size(), 2000u);
    for (const auto& [key, times] : b->submitted)
        ASSERT_EQ(times, 1) << key;
    EXPECT_EQ(facts("$message_accepted"), 2000);
}

TEST_F(DispatcherTest, LinksLeadOnlyWhereACampaignPointed) {
    plan("a", 1);
    drain();
    const auto link = tracking->link("a", "a:1:1", "https://bank.example/gold?x=1");
    ASSERT_TRUE(link);
    const auto token = link->substr(link->find("/r/") + 3);
    const auto followed = tracking->follow(token);
    ASSERT_TRUE(followed);
    EXPECT_EQ(followed->url, "https://bank.example/gold?x=1");
    EXPECT_EQ(followed->send_key, "a:1:1");
    auto other = token;
    other.back() = other.back() == 'A' ? 'B' : 'A';
    EXPECT_FALSE(tracking->follow(other));
    EXPECT_FALSE(tracking->follow("https://evil.example"));
    EXPECT_FALSE(tracking->link("a", "a:1:1", "javascript:alert(1)"));
    EXPECT_FALSE(tracking->link("a", "a:1:1", "https://x\r\nSet-Cookie: a"));
    EXPECT_EQ(tracking->opened(tracking->token_of("a:1:1") + ".gif"), "a:1:1");
}

}  // namespace
}  // namespace qiao::engage
