// Carries the outboxes of all shards into the journal, on a thread of its own.
#pragma once

#include <thread>

#include "shard/detail/core.hpp"

namespace qiao::shard::detail {

class Forwarder {
public:
    // Finds what the last process left unsent. Throws StoreFault.
    explicit Forwarder(Core& core);
    ~Forwarder();
    void start();
    void stop();  // Core::stopping is set before
    void poke();

private:
    void run();
    bool forward_some();
    void collect(ShardId shard, std::vector<journal::Forwarded>& batch,
                 std::array<std::uint64_t, shard_count>& sent, std::size_t& bytes);
    bool anything_to_send() const;

    Core& core_;
    unsigned first_shard_ = 0;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::thread thread_;
};

}  // namespace qiao::shard::detail
