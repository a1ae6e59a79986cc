#include "journal/journal.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <future>
#include <map>
#include <set>
#include <thread>

#include "journal/bytes.hpp"
#include "journal/full_disk.hpp"
#include "journal/range.hpp"

// RocksDB is not built with TSan, which therefore cannot see how its threads agree.
extern "C" const char* __tsan_default_suppressions() {
    return "called_from_lib:librocksdb\nrace:librocksdb\nrace:rocksdb::\n";
}

namespace qiao::journal {

namespace {

namespace fs = std::filesystem;

struct JournalTest : testing::Test {
    JournalTest() {
        static std::atomic<int> next{0};
        directory = fs::temp_directory_path() /
                    ("qiao-journal-" + std::to_string(getpid()) + "-" + std::to_string(next++));
        open();
    }
    ~JournalTest() override {
        close();
        fs::remove_all(directory);
    }
    void open() {
        auto opened = Store::open(directory, options, clock);
        ASSERT_TRUE(opened) << opened.error().detail;
        store = std::move(*opened);
        journal = std::make_unique<Journal>(*store, clock, metrics, journal_options);
    }
    void close() {
        journal.reset();
        store.reset();
    }
    void reopen() {
        close();
        open();
    }

    std::vector<std::string> ids_in(ShardId shard) {
        std::vector<std::string> ids;
        Offset expected = journal->begin(shard);
        journal->read(shard, 1, [&](Offset offset, std::vector<Fact>&& facts) {
            EXPECT_EQ(offset, expected++);
            for (auto& fact : facts)
                ids.push_back(fact.message_id);
            return true;
        });
        EXPECT_EQ(expected, journal->end(shard));
        return ids;
    }
    std::multiset<std::string> all_ids() {
        std::multiset<std::string> ids;
        for (ShardId shard = 0; shard < shard_count; ++shard)
            for (auto& id : ids_in(shard))
                ids.insert(std::move(id));
        return ids;
    }

    void keep_few_messages_in_memory() {
        close();
        journal_options.recent_messages = 2;
        open();
    }
    int stored_messages() {
        Range stored(*store, &Store::dedupe, "");
        int count = 0;
        for (stored.first(); stored.valid(); stored.next())
            ++count;
        return count;
    }
    void wait_until_stored(int messages) {
        for (int i = 0; i < 500 && stored_messages() < messages; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        ASSERT_GE(stored_messages(), messages);
    }

    TestClock clock{time_from_ms(1'790'000'000'000)};
    Metrics metrics;
    StoreOptions options;
    JournalOptions journal_options;
    fs::path directory;
    std::unique_ptr<Store> store;
    std::unique_ptr<Journal> journal;
};

Fact fact_of(std::string user, std::string id, std::string source = "web") {
    Fact fact;
    fact.source = std::move(source);
    fact.message_id = std::move(id);
    fact.name = "viewed";
    fact.identities = {{"user_id", std::move(user), ""}};
    fact.properties = {{"page", std::string("home")}, {"amount", Decimal::from_scaled(12'500)}};
    return fact;
}

std::vector<Fact> one(Fact fact) {
    std::vector<Fact> facts;
    facts.push_back(std::move(fact));
    return facts;
}

TEST_F(JournalTest, KeepsFactsOfAShardInOrderAcrossARestart) {
    std::vector<std::string> expected;
    for (int i = 0; i < 20; ++i) {
        expected.push_back("m" + std::to_string(i));
        ASSERT_TRUE(journal->append_and_wait(one(fact_of("ana", expected.back()))));
    }
    const auto shard = route(fact_of("ana", "x"));
    EXPECT_EQ(ids_in(shard), expected);
    EXPECT_EQ(journal->end(shard), 21u);
    reopen();
    EXPECT_EQ(ids_in(shard), expected);
    EXPECT_EQ(journal->end(shard), 21u);
}

TEST_F(JournalTest, DropsRepeatsInOneAppendAndAcrossARestart) {
    auto first =
        journal->append_and_wait({fact_of("ana", "a"), fact_of("bo", "b"), fact_of("ana", "a")});
    ASSERT_TRUE(first);
    EXPECT_EQ(first->accepted, 2u);
    EXPECT_EQ(first->repeated, 1u);
    reopen();
    // The same message for another customer is still the same message.
    auto second = journal->append_and_wait({fact_of("cyn", "a"), fact_of("ana", "c")});
    ASSERT_TRUE(second);
    EXPECT_EQ(second->accepted, 1u);
    EXPECT_EQ(second->repeated, 1u);
    EXPECT_EQ(all_ids(), (std::multiset<std::string>{"a", "b", "c"}));
}

TEST_F(JournalTest, TellsSourcesApart) {
    auto appended =
        journal->append_and_wait({fact_of("ana", "a", "web"), fact_of("ana", "a", "app")});
    ASSERT_TRUE(appended);
    EXPECT_EQ(appended->accepted, 2u);
}

TEST_F(JournalTest, ForgetsAMessageJustAfterTheWindow) {
    ASSERT_TRUE(journal->append_and_wait({fact_of("ana", "a"), fact_of("ana", "q", "qiao")}));
    clock.set(clock.now() + options.dedupe_window);
    EXPECT_EQ(journal->append_and_wait(one(fact_of("ana", "a")))->repeated, 1u);
    clock.set(clock.now() + Duration(1));
    EXPECT_EQ(journal->append_and_wait(one(fact_of("ana", "a")))->accepted, 1u);
    EXPECT_EQ(journal->append_and_wait(one(fact_of("ana", "q", "qiao")))->repeated, 1u);
}

TEST_F(JournalTest, CompactionForgetsWhatTheWindowForgets) {
    keep_few_messages_in_memory();
    ASSERT_TRUE(journal->append_and_wait({fact_of("ana", "a"), fact_of("ana", "q", "qiao")}));
    wait_until_stored(2);
    clock.set(clock.now() + options.dedupe_window + Duration(1));
    rocksdb::CompactRangeOptions all;
    all.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
    ASSERT_TRUE(store->db().CompactRange(all, store->dedupe(), nullptr, nullptr).ok());
    EXPECT_EQ(stored_messages(), 1);  // that of "qiao"
}

TEST_F(JournalTest, KnowsRepeatsInMemoryInTheLogAndStored) {
    keep_few_messages_in_memory();
    for (int i = 0; i < 20; ++i)
        ASSERT_TRUE(journal->append_and_wait(one(fact_of("ana", "m" + std::to_string(i)))));
    wait_until_stored(2);
    for (int pass = 0; pass < 2; ++pass, reopen())
        for (int i = 0; i < 20; ++i)
            EXPECT_EQ(
                journal->append_and_wait(one(fact_of("ana", "m" + std::to_string(i))))->repeated,
                1u);
    EXPECT_EQ(all_ids().size(), 20u);
}

TEST_F(JournalTest, SendsControlFactsToEveryShard) {
    Fact control;
    control.kind = FactKind::control;
    control.source = "qiao";
    control.message_id = "config-7";
    control.name = "config";
    control.payload = std::string("\0\1", 2);
    ASSERT_TRUE(journal->append_and_wait(one(control)));
    for (ShardId shard = 0; shard < shard_count; ++shard)
        EXPECT_EQ(ids_in(shard), std::vector<std::string>{"config-7"});
}

TEST_F(JournalTest, OrdersIdentitiesSoThatTheUserRoutes) {
    auto fact = fact_of("ana", "a");
    fact.identities.insert(fact.identities.begin(), Identity{"anonymous_id", "device-1", ""});
    ASSERT_TRUE(journal->append_and_wait(one(fact)));
    EXPECT_EQ(ids_in(route(fact_of("ana", "x"))), std::vector<std::string>{"a"});
}

TEST_F(JournalTest, CutsALargeAppendIntoSeveralEntries) {
    std::vector<Fact> facts;
    std::vector<std::string> expected;
    for (int i = 0; i < 3'000; ++i) {
        expected.push_back("m" + std::to_string(i));
        facts.push_back(fact_of("ana", expected.back()));
    }
    const auto shard = route(facts.front());
    ASSERT_TRUE(journal->append_and_wait(std::move(facts)));
    EXPECT_EQ(ids_in(shard), expected);
    EXPECT_EQ(journal->end(shard), 4u);
}

TEST_F(JournalTest, KeepsItsEndWhenAllIsTrimmed) {
    for (int i = 0; i < 5; ++i)
        ASSERT_TRUE(journal->append_and_wait(one(fact_of("ana", "m" + std::to_string(i)))));
    const auto shard = route(fact_of("ana", "x"));
    journal->trim(shard, 4);
    EXPECT_EQ(journal->begin(shard), 4u);
    EXPECT_EQ(ids_in(shard), (std::vector<std::string>{"m3", "m4"}));
    journal->trim(shard, 6);
    reopen();
    EXPECT_EQ(journal->begin(shard), 6u);
    EXPECT_EQ(journal->end(shard), 6u);
    ASSERT_TRUE(journal->append_and_wait(one(fact_of("ana", "m5"))));
    EXPECT_EQ(ids_in(shard), std::vector<std::string>{"m5"});
}

TEST_F(JournalTest, TellsWhichShardsACommitTouched) {
    std::set<ShardId> touched;
    journal->on_commit([&](ShardId shard) { touched.insert(shard); });
    ASSERT_TRUE(journal->append_and_wait({fact_of("ana", "a"), fact_of("bo", "b")}));
    journal->on_commit({});
    EXPECT_EQ(touched, (std::set<ShardId>{route(fact_of("ana", "")), route(fact_of("bo", ""))}));
}

TEST_F(JournalTest, RefusesWhatTheQueueCannotHold) {
    close();
    journal_options.queue_facts = 10;
    open();
    // The committer stands in a listener while the queue fills.
    std::promise<void> blocked;
    std::promise<void> go;
    auto may_go = go.get_future().share();
    journal->on_commit([&, first = true](ShardId) mutable {
        if (first)
            blocked.set_value();
        first = false;
        may_go.wait();
    });
    journal->append(one(fact_of("ana", "first")), [](auto) {});
    blocked.get_future().wait();
    std::promise<Result<Appended>> waiting, refused, late;
    std::vector<Fact> ten;
    for (int i = 0; i < 10; ++i)
        ten.push_back(fact_of("ana", "m" + std::to_string(i)));
    journal->append(std::move(ten), [&](auto appended) { waiting.set_value(appended); });
    journal->append(one(fact_of("ana", "late")),
                    [&](auto appended) { refused.set_value(appended); });
    auto answer = refused.get_future().get();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().reason, "journal.full_queue");
    EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
    EXPECT_GT(answer.error().retry_after_s, 0);
    go.set_value();
    EXPECT_EQ(waiting.get_future().get()->accepted, 10u);
    EXPECT_TRUE(journal->append_and_wait(one(fact_of("ana", "late"))));
    journal->on_commit({});
}

TEST_F(JournalTest, CommitsWhatWaitsWhenItStops) {
    std::atomic<int> accepted{0};
    for (int i = 0; i < 500; ++i)
        journal->append(one(fact_of("u" + std::to_string(i), "m" + std::to_string(i))),
                        [&](auto appended) { accepted += static_cast<int>(appended->accepted); });
    reopen();
    EXPECT_EQ(accepted.load(), 500);
    EXPECT_EQ(all_ids().size(), 500u);
}

TEST_F(JournalTest, ConcurrentCallersLoseAndDoubleNothing) {
    constexpr int callers = 8, appends = 50;
    std::atomic<std::uint32_t> accepted{0}, repeated{0};
    std::vector<std::thread> threads;
    for (int caller = 0; caller < callers; ++caller)
        threads.emplace_back([&, caller] {
            for (int i = 0; i < appends; ++i) {
                // Neighbours send the same messages.
                const auto id = "m" + std::to_string(caller / 2) + "-" + std::to_string(i);
                auto appended = journal->append_and_wait(one(fact_of("u" + id, id)));
                accepted += appended->accepted;
                repeated += appended->repeated;
            }
        });
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(accepted.load(), callers / 2 * appends);
    EXPECT_EQ(repeated.load(), callers / 2 * appends);
    const auto ids = all_ids();
    EXPECT_EQ(ids.size(), static_cast<std::size_t>(callers / 2 * appends));
    EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), ids.size());
}

TEST_F(JournalTest, ForwardsAndDeletesInOneCommit) {
    rocksdb::WriteBatch batch;
    batch.Put(store->state(), "outbox-1", "x");
    ASSERT_TRUE(store->write(batch, false).ok());
    Forwarded forwarded;
    forwarded.to = 9;
    forwarded.consumed = "outbox-1";
    encode(fact_of("ana", "f1"), forwarded.fact);
    auto again = forwarded;
    ASSERT_TRUE(journal->forward({forwarded}));
    std::string value;
    EXPECT_TRUE(store->db().Get({}, store->state(), "outbox-1", &value).IsNotFound());
    // Not looked up among repeats: a shard may pass a fact on under its own message id.
    ASSERT_TRUE(journal->forward({again}));
    EXPECT_EQ(ids_in(9), (std::vector<std::string>{"f1", "f1"}));
}

TEST_F(JournalTest, RefusesASecondProcessAndANewerFormat) {
    auto second = Store::open(directory, options, clock);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().reason, "journal.locked");
    std::string newer;
    put_big_endian(newer, std::uint32_t{2});
    ASSERT_TRUE(store->db().Put({}, store->meta(), "format", newer).ok());
    close();
    auto opened = Store::open(directory, options, clock);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().reason, "journal.version");
}

TEST_F(JournalTest, CopiesItselfWhileFactsArrive) {
    ASSERT_TRUE(journal->append_and_wait({fact_of("ana", "a"), fact_of("bo", "b")}));
    const auto copy = directory.string() + "-copy";
    ASSERT_TRUE(store->checkpoint(copy));
    EXPECT_EQ(store->checkpoint(copy).error().reason, "journal.checkpoint");
    ASSERT_TRUE(journal->append_and_wait(one(fact_of("cyn", "c"))));
    close();
    fs::remove_all(directory);
    directory = copy;
    open();
    EXPECT_EQ(all_ids(), (std::multiset<std::string>{"a", "b"}));
    EXPECT_EQ(journal->append_and_wait(one(fact_of("ana", "a")))->repeated, 1u);
}

TEST_F(JournalTest, FindsDamagedEntries) {
    ASSERT_TRUE(journal->append_and_wait(one(fact_of("ana", "a"))));
    const auto shard = route(fact_of("ana", "x"));
    std::string key;
    put_big_endian(key, shard);
    put_big_endian(key, Offset{1});
    ASSERT_TRUE(store->db().Put({}, store->journal(), key, "\1damaged").ok());
    EXPECT_THROW(journal->read(shard, 1, [](Offset, auto&&) { return true; }), CorruptEntry);
}

struct FullDiskTest : JournalTest {
    FullDiskTest() {
        close();
        options.env = env.get();
        open();
    }
    ~FullDiskTest() override { close(); }
    void wait_until_writable() {
        for (int i = 0; i < 100; ++i) {
            if (journal->append_and_wait(one(fact_of("probe", "probe-" + std::to_string(i)))))
                return;
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        FAIL() << "the journal did not recover";
    }

    std::shared_ptr<FullDisk> disk = std::make_shared<FullDisk>();
    std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(disk);
};

TEST_F(FullDiskTest, RefusesRecoversAndLosesNothing) {
    std::multiset<std::string> acknowledged;
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 10; ++i) {
            const auto id = "r" + std::to_string(round) + "-" + std::to_string(i);
            ASSERT_TRUE(journal->append_and_wait(one(fact_of("u" + id, id))));
            acknowledged.insert(id);
        }
        disk->fill(true);
        const auto lost = "lost-" + std::to_string(round);
        auto refused = journal->append_and_wait(one(fact_of("u" + lost, lost)));
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().reason, "journal.disk_full");
        EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
        disk->fill(false);
        wait_until_writable();
        // Refused or kept in secret: sent again, it is there once.
        ASSERT_TRUE(journal->append_and_wait(one(fact_of("u" + lost, lost))));
        acknowledged.insert(lost);
    }
    for (int pass = 0; pass < 2; ++pass, reopen()) {
        auto ids = all_ids();
        std::erase_if(ids, [](const std::string& id) { return id.starts_with("probe-"); });
        EXPECT_EQ(ids, acknowledged);
    }
}

// The refused write may be whole in the log. Were its offsets given to others, then after a crash
// its message id would be known but its fact gone, and the client's second try would be dropped.
TEST_F(FullDiskTest, ARefusedFactIsThereOnceAfterASecondTryBehindACrash) {
    disk->fill(true);
    ASSERT_FALSE(journal->append_and_wait(one(fact_of("ana", "a"))));
    disk->fill(false);
    wait_until_writable();
    // A crash: a copy of the files as they are now.
    const auto copy = directory.string() + "-crashed";
    fs::copy(directory, copy, fs::copy_options::recursive);
    close();
    fs::remove_all(directory);
    directory = copy;
    open();
    ASSERT_TRUE(journal->append_and_wait(one(fact_of("ana", "a"))));
    EXPECT_EQ(all_ids().count("a"), 1u);
}

}  // namespace

}  // namespace qiao::journal
