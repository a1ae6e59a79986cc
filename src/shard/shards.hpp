// The shard threads, and the ways to them from outside.
#pragma once

#include <future>
#include <memory>

#include "runtime/clock.hpp"
#include "runtime/metrics.hpp"
#include "shard/projection.hpp"

namespace qiao::shard {

using FeedSeq = std::uint64_t;

// One record of a shard's feed: what one journal entry (or a timer, or an ask) changed.
struct FeedRecord {
    ShardId shard = 0;
    FeedSeq seq = 0;
    journal::Offset offset = 0;  // the entry that rows refer to; 0 where there are none
    std::vector<FeedItem> items;
};

// An entry of an outside queue, oldest first. Acknowledge it in the same commit as its effect, by
// keeping its (shard, seq): after a crash the same entry is handed out again.
struct OutboxEntry {
    ShardId shard = 0;
    std::uint64_t seq = 0;
    std::string key;
    std::string bytes;
};

class Shards {
public:
    // The projections are called in this order, on `threads` threads, each owning its shards.
    Shards(journal::Store& store, journal::Journal& journal, const Clock& clock, Metrics& metrics,
           std::vector<Projection*> projections, unsigned threads);
    ~Shards();
    void start();
    void stop();

    // Runs `task` on the shard's thread between two entries; its writes land in one synced WriteBatch
    // before the future is ready. For reads and for decisions that must be one step.
    template <class T>
    std::future<T> ask(ShardId shard, std::function<T(ShardContext&)> task) {
        auto packaged = std::make_shared<std::packaged_task<T(ShardContext&)>>(std::move(task));
        auto answer = packaged->get_future();
        run_on(shard, [packaged](ShardContext& context) { (*packaged)(context); });
        return answer;
    }

    // True when every fact durable before the call has been applied, also those that shards sent each
    // other because of it. False after `timeout`.
    bool wait_applied(Duration timeout);
    // Fires the timers that are due and waits until all is applied (the test clock's advance).
    bool settle(Duration timeout);
    journal::Offset applied(ShardId shard) const;
    std::uint64_t lag() const;  // entries not yet applied, over all shards

    // Feed. Records [1, end) of a shard; `visit` answers false to stop.
    FeedSeq feed_end(ShardId shard) const;
    void read_feed(ShardId shard, FeedSeq from, const std::function<bool(FeedRecord&&)>& visit) const;
    void trim_feed(ShardId shard, FeedSeq until);
    void on_feed(std::function<void(ShardId)> listener);

    // Outside queues.
    void drain(std::string_view queue, std::size_t limit, const std::function<bool(OutboxEntry&&)>& visit) const;
    void acknowledge(std::string_view queue, const std::vector<OutboxEntry>& done);
    void on_outbox(std::string queue, std::function<void()> listener);

private:
    void run_on(ShardId shard, std::function<void(ShardContext&)> task);
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace qiao::shard
