#include "sql/outbox.hpp"

#include "sql/testing/both_engines.hpp"

namespace qiao::sql {
namespace {

class OutboxTest : public testing::BothEngines {
protected:
    bool put(Outbox& outbox, const std::string& queue, const std::string& key,
             const std::string& bytes) {
        auto transaction = database().begin();
        const bool fresh = outbox.put(*transaction, queue, key, bytes);
        transaction->commit();
        return fresh;
    }
};
QIAO_ON_BOTH_ENGINES(OutboxTest);

TEST_P(OutboxTest, HandsOutInOrderUntilAcknowledged) {
    Outbox outbox(database());
    const std::string bytes("\x00\xff桥", 5);
    EXPECT_TRUE(put(outbox, "facts", "a", bytes));
    EXPECT_TRUE(put(outbox, "other", "a", "x"));
    EXPECT_TRUE(put(outbox, "facts", "b", ""));

    const auto entries = outbox.drain("facts", 10);
    ASSERT_EQ(entries.size(), 2u);
    EXPECT_EQ(entries[0].key, "a");
    EXPECT_EQ(entries[0].bytes, bytes);
    EXPECT_EQ(entries[1].key, "b");
    EXPECT_EQ(outbox.drain("facts", 1).size(), 1u);

    outbox.acknowledge("facts", entries[0].seq);
    ASSERT_EQ(outbox.drain("facts", 10).size(), 1u);
    EXPECT_EQ(outbox.drain("facts", 10)[0].key, "b");
    EXPECT_EQ(outbox.drain("other", 10).size(), 1u);
}

TEST_P(OutboxTest, AKeyIsPutOnceForEver) {
    Outbox outbox(database());
    EXPECT_TRUE(put(outbox, "facts", "a", "1"));
    EXPECT_FALSE(put(outbox, "facts", "a", "2"));
    outbox.acknowledge("facts", outbox.drain("facts", 1)[0].seq);
    EXPECT_FALSE(put(outbox, "facts", "a", "3"));
    EXPECT_TRUE(outbox.drain("facts", 10).empty());
}

TEST_P(OutboxTest, WakesTheConsumerAfterTheCommitOnly) {
    Outbox outbox(database());
    int woken = 0;
    outbox.on_put("facts", [&] { ++woken; });
    {
        auto transaction = database().begin();
        outbox.put(*transaction, "facts", "a", "1");
    }
    EXPECT_EQ(woken, 0);
    EXPECT_TRUE(outbox.drain("facts", 10).empty());
    EXPECT_TRUE(put(outbox, "facts", "a", "1"));
    EXPECT_EQ(woken, 1);
    EXPECT_TRUE(put(outbox, "other", "a", "1"));
    EXPECT_EQ(woken, 1);
}

}  // namespace
}  // namespace qiao::sql
