// Follows the shards' feed and the journal, and writes history behind them, on one thread.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "history/history.hpp"
#include "runtime/metrics.hpp"

namespace qiao::history {

class Feeder {
public:
    Feeder(History& history, const journal::Journal& journal, shard::Shards& shards,
           Metrics& metrics);
    ~Feeder();
    void start();
    void stop();

    // True when all that the shards had fed at the call has landed in history.
    bool wait_caught_up(Duration timeout);
    // The next feed record that history needs, by shard: what lies before may be trimmed.
    std::vector<shard::FeedSeq> positions() const;
    std::uint64_t lag() const;

private:
    void run();
    bool write_some();
    void gather(ShardId shard, HistoryBatch& batch);
    void add_rows(ShardId shard, const std::vector<shard::FeedRecord>& records,
                  HistoryBatch& batch);

    History& history_;
    const journal::Journal& journal_;
    shard::Shards& shards_;
    Counter& rows_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::condition_variable progressed_;
    std::vector<shard::FeedSeq> next_;  // what is durable in history
    bool is_fed_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace qiao::history
