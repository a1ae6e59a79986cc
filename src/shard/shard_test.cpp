#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unistd.h>

#include <map>
#include <set>
#include <thread>

#include "journal/bytes.hpp"
#include "journal/full_disk.hpp"
#include "shard/shard_fixture.hpp"
#include "shard/shards.hpp"

// RocksDB is not built with TSan, which therefore cannot see how its threads agree.
extern "C" const char* __tsan_default_suppressions() {
    return "called_from_lib:librocksdb\nrace:librocksdb\nrace:rocksdb::\n";
}

namespace qiao::shard {

namespace {

using namespace std::chrono_literals;

// Counts the facts of each user and remembers their order; what else it does, facts ask it to.
class Counting final : public Projection {
public:
    std::string_view name() const override { return "counting"; }

    void apply(Applied& applied, ShardContext& context) override {
        const auto& fact = applied.fact;
        if (fact.kind == FactKind::control) {
            context.put("control", fact.name);
            return;
        }
        const auto user = fact.identities.empty() ? fact.payload : fact.identities.front().value;
        ++cached(context, user);
        const auto* word = find(fact.properties, "word");
        context.put("log/" + user, context.get("log/" + user).value_or("") +
                                       (word ? std::get<std::string>(*word) : ""));
        context.feed({FeedItem::Kind::row, ProfileId{1}, {}, applied.at.ordinal, "", {}});
        react(fact, user, context);
        if (fact.name == "poison")
            throw std::runtime_error("cannot take this");
    }

    void on_timer(std::string_view key, Time due, ShardContext& context) override {
        if (key.starts_with("bad"))
            throw std::runtime_error("cannot take this");
        const auto fired = std::string("fired/") + std::string(key);
        context.put(fired, context.get(fired).value_or("") + std::to_string(to_ms(due)) + ";");
        context.feed({FeedItem::Kind::tag, ProfileId{2}, {}, 0, "timer", std::string(key)});
        if (key.starts_with("again"))
            context.set_timer(0, key, due + 1h);
    }

    void flush(ShardContext& context) override {
        auto& counts = cache_[context.shard()];
        for (const auto& [user, count] : counts) {
            if (user == "unflushable")
                throw std::logic_error("cannot keep this");
            context.put("count/" + user, std::to_string(count));
        }
        counts.clear();
    }

    void discard(ShardId shard) override { cache_[shard].clear(); }

private:
    void react(const Fact& fact, const std::string& user, ShardContext& context) {
        if (fact.name == "wait")
            context.set_timer(0, user, fact.time + 1h);
        if (fact.name == "wait_bad")
            context.set_timer(0, "bad" + user, fact.time + 1h);
        if (fact.name == "wait_again")
            context.set_timer(0, "again" + user, fact.time + 1h);
        if (fact.name == "done")
            context.cancel_timer(0, user);
        if (fact.name == "send")
            context.hand_out("mail", user, "hello " + user);
        if (fact.name == "pass_on")
            context.emit(passed_on(fact, user));
        if (fact.name == "tell_all")
            context.emit(told_to_all(fact));
    }
    // "ana" → "ana+" → "ana++", until three are there: a chain over several shards.
    static Fact passed_on(const Fact& fact, const std::string& user) {
        Fact next;
        next.name = user.ends_with("+++") ? "seen" : "pass_on";
        next.identities = {{"user_id", user + "+", ""}};
        next.properties = fact.properties;
        return next;
    }
    static Fact told_to_all(const Fact& fact) {
        Fact next;
        next.kind = FactKind::control;
        next.name = fact.message_id;
        return next;
    }
    int& cached(ShardContext& context, const std::string& user) {
        auto& counts = cache_[context.shard()];
        if (const auto found = counts.find(user); found != counts.end())
            return found->second;
        const auto stored = context.get("count/" + user);
        return counts[user] = stored ? std::stoi(*stored) : 0;
    }

    std::array<std::map<std::string, int>, shard_count> cache_;
};

struct ShardTest : testing::Test, ShardFixture {
    ShardTest() { open({&counting}); }
    void reopen() {
        close();
        open({&counting});
    }

    Fact fact_of(std::string user, std::string name, std::string word) {
        Fact fact;
        fact.source = "web";
        fact.message_id = "m" + std::to_string(next_message++);
        fact.name = std::move(name);
        fact.time = fact.received_at = clock.now();
        fact.identities = {{"user_id", std::move(user), ""}};
        fact.properties = {{"word", std::move(word)}};
        return fact;
    }
    void send(std::string user, std::string name, std::string word = "") {
        std::vector<Fact> facts;
        facts.push_back(fact_of(std::move(user), std::move(name), std::move(word)));
        ASSERT_TRUE(journal->append_and_wait(std::move(facts)));
    }
    static ShardId home(const std::string& user) {
        return shard_of(profile_of_first({"user_id", user, ""}));
    }
    std::string read(ShardId shard, const std::string& key) {
        return shards
            ->ask<std::string>(
                shard, [key](ShardContext& context) { return context.get(key).value_or("none"); })
            .get();
    }
    std::string count(const std::string& user) { return read(home(user), "count/" + user); }
    std::string log(const std::string& user) { return read(home(user), "log/" + user); }
    void settle() { ASSERT_TRUE(shards->settle(20s)); }
    void advance(Duration duration) {
        clock.set(clock.now() + duration);
        settle();
    }
    std::vector<OutboxEntry> drain(std::size_t limit = 1'000) {
        std::vector<OutboxEntry> entries;
        shards->drain("mail", limit, [&](OutboxEntry&& entry) {
            entries.push_back(std::move(entry));
            return true;
        });
        return entries;
    }

    Counting counting;
    int next_message = 0;
};

TEST_F(ShardTest, AppliesInOrderAndGoesOnAfterARestart) {
    for (const char* word : {"a", "b", "c"})
        send("ana", "seen", word);
    ASSERT_TRUE(shards->wait_applied(10s));
    EXPECT_EQ(log("ana"), "abc");
    reopen();
    send("ana", "seen", "d");
    ASSERT_TRUE(shards->wait_applied(10s));
    EXPECT_EQ(log("ana"), "abcd");
    EXPECT_EQ(count("ana"), "4");
    EXPECT_EQ(shards->lag(), 0u);
    EXPECT_EQ(shards->applied(home("ana")), 4u);
}

TEST_F(ShardTest, WaitsForWhatShardsSendEachOther) {
    send("ana", "pass_on", "x");
    ASSERT_TRUE(shards->wait_applied(10s));
    for (const char* user : {"ana", "ana+", "ana++", "ana+++", "ana++++"})
        EXPECT_EQ(count(user), "1") << user;
    EXPECT_EQ(count("ana+++++"), "none");
}

TEST_F(ShardTest, EmittedControlFactsReachEveryShard) {
    send("ana", "tell_all");
    ASSERT_TRUE(shards->wait_applied(10s));
    for (ShardId shard = 0; shard < shard_count; ++shard)
        EXPECT_EQ(read(shard, "control"), "m0");
}

TEST_F(ShardTest, FiresTimersAtTheirTimeAndNotBefore) {
    send("ana", "wait");
    settle();
    advance(1h - 1ms);
    EXPECT_EQ(read(home("ana"), "fired/ana"), "none");
    const auto due = std::to_string(to_ms(clock.now() + 1ms)) + ";";
    advance(1ms);
    EXPECT_EQ(read(home("ana"), "fired/ana"), due);
    advance(10h);
    EXPECT_EQ(read(home("ana"), "fired/ana"), due);
}

TEST_F(ShardTest, TimersSurviveARestartMoveAndCancel) {
    send("ana", "wait");
    send("bo", "wait");
    send("cyn", "wait");
    settle();
    clock.set(clock.now() + 30min);
    send("bo", "done");
    send("cyn", "wait");
    settle();
    reopen();
    advance(30min);
    EXPECT_NE(read(home("ana"), "fired/ana"), "none");
    EXPECT_EQ(read(home("cyn"), "fired/cyn"), "none");
    advance(30min);
    EXPECT_NE(read(home("cyn"), "fired/cyn"), "none");
    EXPECT_EQ(read(home("bo"), "fired/bo"), "none");
}

TEST_F(ShardTest, ACancelledTimerKeepsNobodyWaiting) {
    send("bo", "wait");
    settle();
    send("bo", "done");
    settle();
    advance(2h);
    EXPECT_EQ(read(home("bo"), "fired/bo"), "none");
}

TEST_F(ShardTest, SettleCatchesUpWithTimersThatSetThemselvesAgain) {
    send("ana", "wait_again");
    settle();
    advance(5h);
    const auto fired = read(home("ana"), "fired/againana");
    EXPECT_EQ(std::count(fired.begin(), fired.end(), ';'), 5);
}

// The fact came after the timer was due, so the timer sees the state before it.
TEST_F(ShardTest, TimersComeBeforeFactsReceivedLater) {
    class Order final : public Projection {
    public:
        std::string_view name() const override { return "order"; }
        void apply(Applied& applied, ShardContext& context) override {
            if (applied.fact.name == "set")
                context.set_timer(0, "t", applied.fact.received_at + 1h);
            else
                context.put("order", context.get("order").value_or("") + "fact,");
        }
        void on_timer(std::string_view, Time, ShardContext& context) override {
            context.put("order", context.get("order").value_or("") + "timer,");
        }
    } order;
    close();
    open({&order});
    send("ana", "set");
    settle();
    ASSERT_TRUE(shards->pause(10s));
    send("ana", "early");
    clock.set(clock.now() + 2h);
    send("ana", "late");
    shards->resume();
    settle();
    EXPECT_EQ(read(home("ana"), "order"), "fact,timer,fact,");
}

TEST_F(ShardTest, AskReadsAndWritesInOneStep) {
    const auto answer = shards->ask<int>(7, [](ShardContext& context) {
        context.put("x", "1");
        EXPECT_EQ(context.get("x"), "1");
        context.erase("x");
        EXPECT_EQ(context.get("x"), std::nullopt);
        context.put("y", "2");
        return 5;
    });
    EXPECT_EQ(const_cast<std::future<int>&>(answer).get(), 5);
    reopen();
    EXPECT_EQ(read(7, "x"), "none");
    EXPECT_EQ(read(7, "y"), "2");
}

TEST_F(ShardTest, AskThatThrowsUndoesItsWritesOnly) {
    auto kept = shards->ask<void>(7, [](ShardContext& context) { context.put("kept", "1"); });
    auto failed = shards->ask<void>(7, [](ShardContext& context) {
        context.put("lost", "1");
        throw std::invalid_argument("no");
    });
    EXPECT_NO_THROW(kept.get());
    EXPECT_THROW(failed.get(), std::invalid_argument);
    EXPECT_EQ(read(7, "kept"), "1");
    EXPECT_EQ(read(7, "lost"), "none");
}

TEST_F(ShardTest, AskAfterTheEndFails) {
    shards->stop();
    EXPECT_THROW(shards->ask<int>(1, [](ShardContext&) { return 1; }).get(), std::runtime_error);
}

TEST_F(ShardTest, ScanSeesStoredAndNewWritesAsOne) {
    shards
        ->ask<void>(7,
                    [](ShardContext& context) {
                        for (const char* key : {"a/1", "a/3", "a/5", "b/1"})
                            context.put(key, "old");
                    })
        .get();
    using Pairs = std::vector<std::pair<std::string, std::string>>;
    auto pairs = shards->ask<Pairs>(7, [](ShardContext& context) {
        context.put("a/2", "new");
        context.put("a/3", "new");
        context.erase("a/5");
        context.put("a/6", "new");
        context.erase("a/7");
        Pairs found;
        context.scan("a/", [&](std::string_view key, std::string_view value) {
            found.emplace_back(key, value);
            return true;
        });
        return found;
    });
    EXPECT_EQ(pairs.get(), (Pairs{{"a/1", "old"}, {"a/2", "new"}, {"a/3", "new"}, {"a/6", "new"}}));
}

TEST_F(ShardTest, ParksWhatAProjectionCannotTakeAndGoesOn) {
    ASSERT_TRUE(shards->pause(10s));
    send("ana", "seen", "a");
    send("ana", "poison", "b");
    send("ana", "send", "c");
    shards->resume();
    settle();
    // Neither the count nor the log holds anything of the poisoned fact.
    EXPECT_EQ(log("ana"), "ac");
    EXPECT_EQ(count("ana"), "2");
    EXPECT_EQ(drain().size(), 1u);
    reopen();
    const auto parked = shards->parked(10);
    ASSERT_EQ(parked.size(), 1u);
    EXPECT_EQ(parked[0].shard, home("ana"));
    EXPECT_EQ(parked[0].offset, 2u);
    EXPECT_EQ(parked[0].projection, "counting");
    EXPECT_EQ(parked[0].fault.find("cannot take"), std::string::npos);
    EXPECT_NE(metrics.text().find("qiao_shard_parked_total 1"), std::string::npos);
}

TEST_F(ShardTest, FindsTheFactThatAFlushFailsOn) {
    ASSERT_TRUE(shards->pause(10s));
    std::string neighbour = "n0";
    for (int i = 1; home(neighbour) != home("unflushable"); ++i)
        neighbour = "n" + std::to_string(i);
    send(neighbour, "seen", "a");
    send("unflushable", "seen", "b");
    send(neighbour, "seen", "c");
    shards->resume();
    settle();
    EXPECT_EQ(log(neighbour), "ac");
    EXPECT_EQ(log("unflushable"), "none");
    EXPECT_EQ(shards->parked(10).size(), 1u);
}

TEST_F(ShardTest, ParksTimersToo) {
    send("ana", "wait_bad");
    send("ana", "wait");
    settle();
    advance(1h);
    EXPECT_NE(read(home("ana"), "fired/ana"), "none");
    const auto parked = shards->parked(10);
    ASSERT_EQ(parked.size(), 1u);
    EXPECT_EQ(parked[0].timer_due, clock.now());
}

TEST_F(ShardTest, ParksAnEntryThatCannotBeRead) {
    ASSERT_TRUE(shards->pause(10s));
    send("ana", "seen", "a");
    send("ana", "seen", "b");
    send("ana", "seen", "c");
    std::string key;
    journal::put_big_endian(key, home("ana"));
    journal::put_big_endian(key, journal::Offset{2});
    ASSERT_TRUE(store->db().Put({}, store->journal(), key, "\1damaged").ok());
    shards->resume();
    settle();
    EXPECT_EQ(log("ana"), "ac");
    const auto parked = shards->parked(10);
    ASSERT_EQ(parked.size(), 1u);
    EXPECT_EQ(parked[0].ordinal, Parked::whole_entry);
}

TEST_F(ShardTest, HandsOutUntilAcknowledged) {
    std::atomic<int> told{0};
    shards->on_outbox("mail", [&] { ++told; });
    for (const char* user : {"ana", "bo", "ana"})
        send(user, "send");
    settle();
    EXPECT_GT(told.load(), 0);
    auto entries = drain();
    ASSERT_EQ(entries.size(), 3u);
    EXPECT_EQ(drain(2).size(), 2u);
    shards->acknowledge("mail", {entries[0]});
    reopen();
    auto left = drain();
    ASSERT_EQ(left.size(), 2u);
    for (const auto& entry : left)
        EXPECT_EQ(entry.bytes, "hello " + entry.key);
    shards->acknowledge("mail", left);
    EXPECT_TRUE(drain().empty());
    send("ana", "send");
    settle();
    EXPECT_EQ(drain().size(), 1u);
}

TEST_F(ShardTest, FeedTellsEachEntryOnce) {
    std::atomic<int> told{0};
    shards->on_feed([&](ShardId) { ++told; });
    send("ana", "wait");
    settle();
    advance(1h);
    EXPECT_GE(told.load(), 2);
    const auto shard = home("ana");
    ASSERT_EQ(shards->feed_end(shard), 3u);
    std::vector<FeedRecord> records;
    const auto collect = [&](FeedRecord&& record) {
        records.push_back(std::move(record));
        return true;
    };
    shards->read_feed(shard, 1, collect);
    ASSERT_EQ(records.size(), 2u);
    EXPECT_EQ(records[0].offset, 1u);
    EXPECT_EQ(records[0].items.at(0).kind, FeedItem::Kind::row);
    EXPECT_EQ(records[1].offset, 0u);
    EXPECT_EQ(records[1].items.at(0).value, Value(std::string("ana")));
    shards->trim_feed(shard, 2);
    reopen();
    records.clear();
    shards->read_feed(shard, 1, collect);
    ASSERT_EQ(records.size(), 1u);
    EXPECT_EQ(records[0].seq, 2u);
    EXPECT_EQ(shards->feed_end(shard), 3u);
}

TEST_F(ShardTest, PauseIsACutThatIntakeDoesNotFeel) {
    ASSERT_TRUE(shards->pause(10s));
    for (int i = 0; i < 5; ++i)
        send("ana", "pass_on");
    EXPECT_FALSE(shards->wait_applied(50ms));
    EXPECT_EQ(shards->lag(), 5u);
    const auto copy = directory.string() + "-copy";
    ASSERT_TRUE(store->checkpoint(copy));
    shards->resume();
    ASSERT_TRUE(shards->wait_applied(10s));
    EXPECT_EQ(count("ana++"), "5");
    close();
    std::filesystem::remove_all(directory);
    directory = copy;
    open({&counting});
    ASSERT_TRUE(shards->wait_applied(10s));
    EXPECT_EQ(count("ana++++"), "5");
}

TEST_F(ShardTest, PausesFollowEachOtherQuickly) {
    for (int i = 0; i < 50; ++i) {
        send("ana", "pass_on");
        ASSERT_TRUE(shards->pause(10s));
        shards->resume();
    }
    ASSERT_TRUE(shards->wait_applied(10s));
    EXPECT_EQ(count("ana++++"), "50");
}

TEST_F(ShardTest, FullDiskStopsAndNothingIsLostOrDoubled) {
    auto disk = std::make_shared<journal::FullDisk>();
    const auto env = rocksdb::NewCompositeEnv(disk);
    close();
    options.env = env.get();
    open({&counting});
    for (int i = 0; i < 5; ++i)
        send("ana", "pass_on", "x");
    ASSERT_TRUE(shards->pause(10s));
    for (int i = 0; i < 5; ++i)
        send("ana", "pass_on", "x");
    disk->fill(true);
    shards->resume();
    std::this_thread::sleep_for(300ms);
    EXPECT_FALSE(shards->wait_applied(50ms));
    disk->fill(false);
    ASSERT_TRUE(shards->wait_applied(20s));
    EXPECT_EQ(count("ana"), "10");
    EXPECT_EQ(count("ana++++"), "10");
    EXPECT_EQ(log("ana"), "xxxxxxxxxx");
    close();
    options.env = nullptr;
    open({&counting});
    EXPECT_EQ(count("ana++++"), "10");
}

// Whatever comes, and however often the server stops between, the state is the fold of the facts.
RC_GTEST_FIXTURE_PROP(ShardTest, StateIsTheFoldOfTheFacts, ()) {
    std::map<std::string, std::string> logs;
    const auto runs = *rc::gen::inRange(1, 4);
    close();
    std::filesystem::remove_all(directory);
    open({&counting});
    for (int run = 0; run < runs; ++run) {
        std::vector<Fact> facts;
        const auto count = *rc::gen::inRange(0, 60);
        for (int i = 0; i < count; ++i) {
            std::string user = "u";
            user += std::to_string(*rc::gen::inRange(0, 12));
            const std::string word(1, static_cast<char>('a' + *rc::gen::inRange(0, 26)));
            const auto passes = *rc::gen::inRange(0, 4) == 0;
            facts.push_back(fact_of(user, passes ? "pass_on" : "seen", word));
            logs[user] += word;
            for (int plus = 1; passes && plus <= 4; ++plus)
                logs[user + std::string(static_cast<std::size_t>(plus), '+')] += word;
        }
        RC_ASSERT(journal->append_and_wait(std::move(facts)).has_value());
        reopen();  // in the midst of applying
    }
    RC_ASSERT(shards->wait_applied(20s));
    for (const auto& [user, expected] : logs) {
        auto found = log(user);
        RC_ASSERT(count(user) == std::to_string(expected.size()));
        // Facts of one user that came over several ways keep each way's order only.
        if (user.back() == '+')
            RC_ASSERT(found.size() == expected.size());
        else
            RC_ASSERT(found == expected);
    }
}

}  // namespace

}  // namespace qiao::shard
