// Who follows the shards' feed: one thread that takes what is new, again and again.
//
// History and the sequence index are such followers. What a step does with the records, and how its
// positions are kept, is its owner's matter.
#pragma once

#include <array>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "journal/journal.hpp"
#include "shard/shards.hpp"

namespace qiao::shard {

// The next feed record to read, by shard.
using FeedPositions = std::array<FeedSeq, shard_count>;

class FeedFollower {
public:
    struct Options {
        std::string name;         // in log lines: "history", "the index"
        Duration gather_pause{};  // between two rounds: one publication for all that came
        FeedPositions from{};     // 0 counts as 1
    };
    // Takes some records from `next` on and moves it past them; leaves it alone where there are
    // none. An exception is logged, and the step tried again two seconds later.
    using Step = std::function<void(FeedPositions& next)>;

    FeedFollower(Shards& shards, Options options, Step step);
    ~FeedFollower();
    void start();
    void stop();  // within a step's time

    // True when all that the shards had fed at the call has been taken.
    bool wait_caught_up(Duration timeout);
    FeedPositions positions() const;  // what has been taken
    std::uint64_t lag() const;        // records that have not
    // Runs `change` between two steps, which wait meanwhile; it may move the positions.
    void between_steps(const std::function<void(FeedPositions& next)>& change);

private:
    void run();
    bool take_some();
    void set(const FeedPositions& next);

    Shards& shards_;
    const Options options_;
    const Step step_;
    std::mutex step_mutex_;  // held during a step
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::condition_variable progressed_;
    FeedPositions next_;
    bool is_fed_ = true;
    bool stopping_ = false;
    std::thread thread_;
};

// Reads the feed of a shard from `from`, joined with the journal: each record with the facts of its
// entry, or null where it names no rows. Ends after `most_items` items, or when `visit` answers
// false. Answers the next record to read.
FeedSeq read_joined(const Shards& shards, const journal::Journal& journal, ShardId shard,
                    FeedSeq from, std::size_t most_items,
                    const std::function<bool(FeedRecord&, const std::vector<Fact>*)>& visit);

}  // namespace qiao::shard
