// Sees to it that a history which keeps tags, identities and consents has all of them before it
// answers questions.
//
// After a move from a file, which keeps none, it has those alone that the feed tells from then on.
// So every shard is asked once what it knows of its customers now, between two batches of the
// feeder: that is never earlier than what the history has been fed, so that what is told now wins
// over it, and what the feed tells later wins over this. Traits are whole once the feed has passed
// where the shards stood then. How many shards have told theirs is kept in the history: after a
// crash it goes on there.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "customer/customers.hpp"
#include "history/feeder.hpp"

namespace qiao::app {

class TraitSeeder {
public:
    struct Parts {
        history::History& history;
        history::Feeder& feeder;
        shard::Shards& shards;
        customer::Customers& customers;
        std::size_t customers_at_a_time = 50'000;  // held in memory
    };
    explicit TraitSeeder(Parts parts) : parts_(parts) {}
    ~TraitSeeder() { stop(); }

    // Before the first question, and after the shards have started. Throws as History does.
    void start();
    // Before the shards stop.
    void stop();
    // Any thread. Error: insight.history_incomplete, until all is told.
    Result<void> usable() const;

private:
    void run();
    void seed(history::Traits& traits);
    void tell(ShardId shard);
    std::size_t count(ShardId shard);
    void tell_part(ShardId shard, std::size_t part, std::size_t parts);
    void wait_for_feed();
    bool wait(Duration pause);  // false: stop
    bool is_stopping() const;

    const Parts parts_;
    std::atomic<bool> is_whole_{false};
    std::atomic<ShardId> told_{0};
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace qiao::app
