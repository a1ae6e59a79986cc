// Follows the shards' feed and the journal, and writes history behind them, on one thread.
#pragma once

#include "history/history.hpp"
#include "runtime/metrics.hpp"
#include "shard/feed_follower.hpp"

namespace qiao::history {

class Feeder {
public:
    Feeder(History& history, const journal::Journal& journal, shard::Shards& shards,
           Metrics& metrics);
    void start() { follower_.start(); }
    void stop() { follower_.stop(); }

    // True when all that the shards had fed at the call has landed in history.
    bool wait_caught_up(Duration timeout) { return follower_.wait_caught_up(timeout); }
    // The next feed record that history needs, by shard: what lies before may be trimmed.
    shard::FeedPositions positions() const { return follower_.positions(); }
    std::uint64_t lag() const { return follower_.lag(); }
    // Runs `change` between two batches; the next one waits for it.
    void between_batches(const std::function<void()>& change) {
        follower_.between_steps([&](shard::FeedPositions&) { change(); });
    }

private:
    void write_some(shard::FeedPositions& next);
    void gather(ShardId shard, shard::FeedSeq from, HistoryBatch& batch);

    History& history_;
    const journal::Journal& journal_;
    shard::Shards& shards_;
    Counter& rows_;
    shard::FeedFollower follower_;  // last: its thread uses the others
};

}  // namespace qiao::history
