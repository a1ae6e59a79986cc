// The shard threads, and the ways to them from outside.
#pragma once

#include <exception>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

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

// What was left out because a projection threw. `ordinal` is whole_entry where the journal's entry
// itself cannot be read; a timer has no offset and its due time instead.
struct Parked {
    static constexpr std::uint32_t whole_entry = ~std::uint32_t{0};
    ShardId shard = 0;
    journal::Offset offset = 0;
    std::uint32_t ordinal = 0;
    std::optional<Time> timer_due;
    std::string projection;  // its name
    std::string fault;       // the type of the exception; its text might hold personal data
};

class Shards {
public:
    // The projections are called in this order, on `threads` threads, each owning its shards.
    Shards(journal::Store& store, journal::Journal& journal, const Clock& clock, Metrics& metrics,
           std::vector<Projection*> projections, unsigned threads);
    ~Shards();
    void start();
    void stop();

    // Runs `task` on the shard's thread between two entries; its writes land in one synced
    // WriteBatch before the future is ready. For reads and for decisions that must be one step. An
    // exception of the task undoes its writes and comes out of the future, as does
    // std::runtime_error where the shard has too many tasks waiting or has stopped.
    template <class T>
    std::future<T> ask(ShardId shard, std::function<T(ShardContext&)> task) {
        struct Answer {
            std::promise<T> promise;
            std::conditional_t<std::is_void_v<T>, std::optional<bool>, std::optional<T>> value;
        };
        auto answer = std::make_shared<Answer>();
        auto future = answer->promise.get_future();
        auto run = [answer, task = std::move(task)](ShardContext& context) {
            if constexpr (std::is_void_v<T>)
                task(context);
            else
                answer->value.emplace(task(context));
        };
        auto done = [answer](std::exception_ptr fault) {
            if (fault)
                answer->promise.set_exception(fault);
            else if constexpr (std::is_void_v<T>)
                answer->promise.set_value();
            else
                answer->promise.set_value(std::move(*answer->value));
        };
        run_on(shard, std::move(run), std::move(done));
        return future;
    }

    // True when every fact durable before the call has been applied, also those that shards sent
    // each other because of it. False after `timeout`.
    bool wait_applied(Duration timeout);
    // Fires the timers that are due and waits until all is applied (the test clock's advance).
    bool settle(Duration timeout);
    // A consistent cut: when pause() returns, no shard applies, answers or sends anything until
    // resume(). Intake goes on. Pairs nest. False where the shards did not come to rest in time;
    // then there is nothing to resume.
    bool pause(Duration timeout);
    void resume();

    journal::Offset applied(ShardId shard) const;  // the last one; 0: none yet
    std::uint64_t lag() const;                     // entries not yet applied, over all shards

    // Feed. Records [1, end) of a shard; `visit` answers false to stop.
    FeedSeq feed_end(ShardId shard) const;
    // The oldest record that is still kept; feed_end() where none is.
    FeedSeq feed_begin(ShardId shard) const;
    void read_feed(ShardId shard, FeedSeq from,
                   const std::function<bool(FeedRecord&&)>& visit) const;
    void trim_feed(ShardId shard, FeedSeq until);
    // Adds a listener, called on the shard's thread after new records have landed; must not block.
    // It must outlive stop().
    void on_feed(std::function<void(ShardId)> listener);

    // Outside queues. drain() visits at most `limit` entries, each shard's in order, the shards in
    // turn; an entry comes again until it is acknowledged. A queue has one consumer.
    void drain(std::string_view queue, std::size_t limit,
               const std::function<bool(OutboxEntry&&)>& visit) const;
    void acknowledge(std::string_view queue, const std::vector<OutboxEntry>& done);
    void on_outbox(std::string queue, std::function<void()> listener);  // as on_feed

    // Facts and timers that no projection could take (see Projection), oldest first in each shard.
    std::vector<Parked> parked(std::size_t limit) const;

private:
    void run_on(ShardId shard, std::function<void(ShardContext&)> task,
                std::function<void(std::exception_ptr)> done);
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace qiao::shard
