// What the shards' threads share, and what they tell the world.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>

#include "shard/detail/shard_state.hpp"
#include "shard/shards.hpp"

namespace qiao::shard::detail {

// A shard's landed progress as other threads may read it.
struct Published {
    std::atomic<journal::Offset> applied{0};
    std::atomic<std::uint64_t> emitted{0};
    std::atomic<std::uint64_t> fed{0};
    std::atomic<std::uint64_t> queued{0};
    std::atomic<std::int64_t> next_due_ms{0};
    std::atomic<std::uint64_t> sent{0};  // of the outbox, by the forwarder
};

struct Core {
    Core(journal::Store& store, journal::Journal& journal, const Clock& clock, Metrics& metrics,
         std::vector<Projection*> projections);

    // After a batch of `state` has landed (before ShardState::on_landed forgets what was in it).
    void publish(const ShardState& state);
    void tell_listeners(const ShardState& state, const Progress& before,
                        const std::vector<std::string>& queues);
    // Wakes those who wait for progress.
    void tell_progress();
    // Waits until `holds()`, which is asked again after every progress.
    bool wait_for(Duration timeout, const std::function<bool()>& holds);

    bool is_paused() const { return pauses.load() > 0; }

    journal::Store& store;
    journal::Journal& journal;
    const Clock& clock;
    const std::vector<Projection*> projections;
    Counter& facts;
    Counter& timers;
    Counter& parked;

    std::vector<std::unique_ptr<ShardState>> states;  // each used by its worker alone
    std::array<Published, shard_count> published;

    std::atomic<bool> stopping{false};
    std::atomic<int> pauses{0};
    std::atomic<unsigned> resting{0};  // threads that have seen the pause

    std::mutex progress_mutex;
    std::condition_variable progress;
    std::atomic<int> waiters{0};

    std::mutex listener_mutex;
    std::vector<std::function<void(ShardId)>> feed_listeners;
    std::map<std::string, std::vector<std::function<void()>>, std::less<>> outbox_listeners;
};

}  // namespace qiao::shard::detail
