// A shard thread: owns some shards, applies their facts, fires their timers, answers asks.
//
// It works in rounds. A round takes a bounded run of entries from each of its shards that has some,
// and lands what they did to all of them in one WriteBatch.
#pragma once

#include <deque>
#include <thread>

#include "shard/detail/core.hpp"
#include "shard/detail/forwarder.hpp"

namespace qiao::shard::detail {

struct Ask {
    ShardId shard = 0;
    std::function<void(ShardContext&)> task;
    std::function<void(std::exception_ptr)> done;
};

class Worker {
public:
    Worker(Core& core, Forwarder& forwarder, std::vector<ShardId> shards);
    ~Worker();
    void start();
    void stop();          // Core::stopping is set before; asks that still wait fail
    void poke();          // something may be there to do
    void wake();          // a pause or the end has begun or is over
    bool ask(Ask&& ask);  // false: too many wait, or stopped; then `ask` is untouched

private:
    // A fact or timer that cannot be applied: `key` is where it is parked.
    struct Poison {
        std::string key;
        std::string record;
    };
    struct Lane {  // one shard of this thread
        ShardState* state = nullptr;
        bool one_by_one = false;  // a flush failed: flush after each fact to find the culprit
        bool in_batch = false;
        int timer_rounds = 0;  // in which timers kept the next entry waiting
        std::chrono::steady_clock::time_point blocked_until{};
    };

    void run();
    void rest();
    void idle();
    bool round();
    bool has_work(Lane& lane) const;
    void run_lane(Lane& lane);
    bool absorb(Lane& lane, const Poison& poison);
    void block(Lane& lane, std::string_view reason);
    std::size_t apply_run(Lane& lane);
    std::size_t read_run(Lane& lane, journal::Offset end);
    bool timers_come_first(Lane& lane, const std::vector<Fact>& facts);
    void apply_entry(Lane& lane, journal::Offset offset, const std::vector<Fact>& facts);
    void apply_fact(Lane& lane, const Fact& fact, Position at);
    void fire_due(Lane& lane, Time until);
    void fire(Lane& lane, const Timer& timer);
    void flush(ShardState& state);
    template <class Step>
    void guarded(const std::string& key, std::size_t& projection, Step step);
    void undo(Lane& lane);

    void answer_asks();
    void answer_wave(std::deque<Ask>& asks);
    bool run_ask(Lane& lane, Ask& ask);

    bool land(bool durable);
    bool write_batch(bool durable, bool complained);
    void on_landed();

    Core& core_;
    Forwarder& forwarder_;
    std::vector<Lane> lanes_;
    std::array<Lane*, shard_count> lane_of_{};
    std::vector<Lane*> batch_;  // lanes with something to land
    std::size_t first_lane_ = 0;
    std::size_t batch_facts_ = 0;

    std::mutex mutex_;
    std::condition_variable wake_;
    std::atomic<bool> poked_{false};
    std::atomic<bool> asked_{false};
    std::deque<Ask> asks_;
    std::thread thread_;
};

}  // namespace qiao::shard::detail
