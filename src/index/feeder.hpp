// Follows the shards' feed and the journal, and brings every change into the index, on one thread.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "index/index.hpp"
#include "runtime/metrics.hpp"
#include "shard/shards.hpp"

namespace qiao::index {

class Feeder {
public:
    Feeder(Index& index, const journal::Journal& journal, shard::Shards& shards, Metrics& metrics);
    ~Feeder();
    void start();
    void stop();

    // True when all that the shards had fed at the call is in the index.
    bool wait_caught_up(Duration timeout);
    std::uint64_t lag() const;

private:
    void run();
    bool apply_some();
    void gather(ShardId shard, Positions& next, std::vector<IndexChange>& changes);
    void add_rows(ShardId shard, const std::vector<shard::FeedRecord>& records,
                  std::vector<IndexChange>& changes);

    Index& index_;
    const journal::Journal& journal_;
    shard::Shards& shards_;
    Counter& rows_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::condition_variable progressed_;
    Positions next_{};  // what the index has
    bool is_fed_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace qiao::index
