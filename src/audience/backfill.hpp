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

// Reads the needed events of a snapshot, block by block of customers.
class PastReader {
public:
    PastReader(index::Snapshot snapshot, std::vector<Need> needs, Time now);

    index::Dense blocks() const { return index::block_count(snapshot_->customers); }
    // By place in the block, events of each sorted by time; `names` gives their numbers.
    std::vector<std::vector<KeptEvent>> block(index::Dense block, Names& names) const;
    // The events of some blocks as a backfill, with people that have any. The caller sets the
    // number and what is covered.
    Backfill chunk(index::Dense first, index::Dense last) const;

private:
    void read(index::Dense block, const Need& need, Names& names,
              std::vector<std::vector<KeptEvent>>& people) const;

    index::Snapshot snapshot_;
    std::vector<Need> needs_;
    Time now_;
};

}  // namespace qiao::audience
