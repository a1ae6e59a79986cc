// Follows the shards' feed and the journal, and brings every change into the index, on one thread.
#pragma once

#include "index/index.hpp"
#include "runtime/metrics.hpp"
#include "shard/feed_follower.hpp"

namespace qiao::index {

// Applies what the feed holds from the positions of the index on, at most some 50,000 changes.
// Answers how many; 0: there was nothing new.
std::size_t follow(Index& index, const shard::Shards& shards, const journal::Journal& journal);

class Feeder {
public:
    Feeder(Index& index, const journal::Journal& journal, shard::Shards& shards, Metrics& metrics);
    void start() { follower_.start(); }
    void stop() { follower_.stop(); }

    // True when all that the shards had fed at the call is in the index.
    bool wait_caught_up(Duration timeout) { return follower_.wait_caught_up(timeout); }
    std::uint64_t lag() const { return follower_.lag(); }

    // Puts a rebuilt index in the place of the one that was fed so far; goes on from its positions.
    void adopt(std::unique_ptr<Index> fresh);

private:
    void apply_some(Positions& next);

    Index& index_;
    const journal::Journal& journal_;
    shard::Shards& shards_;
    Counter& changes_;
    shard::FeedFollower follower_;  // last: its thread uses the others
};

}  // namespace qiao::index
