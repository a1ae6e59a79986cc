// The customer module on real shards and a real journal: two threads, messages through the journal.
#include "customer/directory.hpp"

#include <gtest/gtest.h>

#include "customer/erasure.hpp"

namespace qiao::customer {

namespace {

using namespace std::chrono_literals;

class DirectoryTest : public testing::Test {
protected:
    void SetUp() override {
        char pattern[] = "/tmp/qiao_customers_XXXXXX";
        folder = mkdtemp(pattern);
        start();
    }
    void TearDown() override {
        stop();
        std::filesystem::remove_all(folder);
    }
    void start() {
        metrics = std::make_unique<Metrics>();
        store = journal::Store::open(folder / "journal", {}, clock).value();
        vault = Vault::open(folder / "keys", *store).value();
        journal = std::make_unique<journal::Journal>(*store, clock, *metrics);
        customers = std::make_unique<Customers>();
        shards = std::make_unique<shard::Shards>(
            *store, *journal, clock, *metrics, std::vector<shard::Projection*>{customers.get()}, 2);
        shards->start();
        directory = std::make_unique<Directory>(*shards, *customers, *vault);
    }
    void stop() {
        directory.reset();
        shards.reset();
        customers.reset();
        journal.reset();
        vault.reset();
        store.reset();
    }

    void send(FactKind kind, std::vector<Identity> identities, Properties properties = {}) {
        Fact fact;
        fact.kind = kind;
        fact.time = fact.received_at = clock.now();
        fact.source = "test";
        fact.message_id = "m" + std::to_string(++sent);
        fact.name = kind == FactKind::event ? "tap" : "";
        fact.identities = std::move(identities);
        fact.properties = std::move(properties);
        ASSERT_TRUE(journal->append_and_wait({fact}).has_value());
    }
    void settle() { ASSERT_TRUE(shards->wait_applied(20s)); }

    std::filesystem::path folder;
    SystemClock clock;
    int sent = 0;
    std::unique_ptr<Metrics> metrics;
    std::unique_ptr<journal::Store> store;
    std::unique_ptr<Vault> vault;
    std::unique_ptr<journal::Journal> journal;
    std::unique_ptr<Customers> customers;
    std::unique_ptr<shard::Shards> shards;
    std::unique_ptr<Directory> directory;
};

TEST_F(DirectoryTest, VisitorsOfAllShardsBecomeTheirUsersAndSurviveARestart) {
    for (int n = 0; n < 40; ++n) {
        const Identity user{"user_id", "u" + std::to_string(n), {}};
        const Identity visitor{"anonymous_id", "a" + std::to_string(n), {}};
        send(FactKind::event, {visitor});
        send(FactKind::event, {user, visitor});
        send(FactKind::event, {visitor});
    }
    settle();
    for (int restart = 0; restart < 2; ++restart) {
        for (int n = 0; n < 40; ++n) {
            const auto found = directory->find("anonymous_id", "a" + std::to_string(n));
            ASSERT_EQ(found.size(), 1u);
            EXPECT_EQ(found[0].event_count, 3u);
            EXPECT_EQ(found[0].first.value, "u" + std::to_string(n));
        }
        stop();
        start();
    }
}

TEST_F(DirectoryTest, FindsByPhoneHoweverItIsTypedAndForgetsWithTheKey) {
    const Identity user{"user_id", "ann", {}};
    const auto phone = vault->seal_identity(user, "phone", "13812345678");
    send(FactKind::event, {user, phone});
    send(FactKind::profile_set, {user}, {{"remark", vault->seal(user, "remark", "secret")}});
    settle();
    const auto found = directory->find("phone", "+86 138 1234 5678");
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(directory->plain(found[0].newest_identity("phone")->identity), "13812345678");
    EXPECT_EQ(directory->find_any("13812345678").size(), 1u);
    EXPECT_EQ(directory->find_any(format_profile(found[0].id)).size(), 1u);
    const auto remark = std::get<Sealed>(*found[0].value_of("remark"));
    EXPECT_EQ(directory->plain(remark), "secret");

    send(FactKind::erase, {user});
    settle();
    Erasure erasure(*shards, *vault);
    EXPECT_EQ(erasure.run(), 1u);
    EXPECT_EQ(erasure.run(), 0u);
    EXPECT_EQ(directory->plain(remark), "");
    EXPECT_EQ(directory->get(found[0].id).error().reason, "customer.erased");
    EXPECT_TRUE(directory->find("phone", "13812345678").empty());
}

TEST_F(DirectoryTest, OldIdLeadsToTheMergedCustomer) {
    const Identity u{"user_id", "u", {}}, w{"user_id", "w", {}};
    send(FactKind::event, {u});
    send(FactKind::event, {w});
    send(FactKind::alias, {u, w});
    settle();
    const auto one = directory->get(profile_of_first(u)),
               other = directory->get(profile_of_first(w));
    EXPECT_EQ(one->id, other->id);
    EXPECT_EQ(directory->merge_log(one->id).size(), 1u);
}

}  // namespace

}  // namespace qiao::customer
