// The past of events for real-time rules, read from the index: a shard keeps events only from the
// moment a rule names them.
#pragma once

#include <vector>

#include "audience/realtime.hpp"
#include "index/index.hpp"
#include "shard/shards.hpp"

namespace qiao::audience {

// Waits until the index holds everything that the shards had applied at the call. False after
// `timeout`.
bool wait_indexed(shard::Shards& shards, const index::Index& index, Duration timeout);

// Per shard: all events up to this journal offset are in the snapshot, and none after it.
std::array<journal::Offset, shard_count> covered_by(const shard::Shards& shards,
                                                    const index::State& state);

// Reads the needed events, chunk by chunk of customers.
class PastReader {
public:
    PastReader(index::Snapshot snapshot, std::vector<Need> needs, Time now, std::uint64_t number,
               std::array<journal::Offset, shard_count> covered);

    // The next chunk; false at the end. Customers without such events are not in it.
    bool next(Backfill& chunk);

private:
    void read_block(index::Dense block, const Need& need, Backfill& chunk,
                    std::vector<std::vector<KeptEvent>>& people) const;

    index::Snapshot snapshot_;
    std::vector<Need> needs_;
    Time now_;
    std::uint64_t number_;
    std::array<journal::Offset, shard_count> covered_;
    index::Dense block_ = 0;
};

}  // namespace qiao::audience
