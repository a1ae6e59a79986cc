// The appends that are committed together: finds their repeats and writes what is left in one batch.
//
// Lives as long as the committer and is used again for each group, so that its buffers stay warm.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "journal/detail/append.hpp"

namespace qiao::journal::detail {

class CommitGroup {
public:
    explicit CommitGroup(Store& store) : store_(store) {}

    // Marks the facts that repeat one in the store or an earlier one in the group, then writes the
    // others with one sync. `ends` holds the next offset of each shard and moves on when the write
    // succeeds. `now` is when the facts' window starts. For failures see Store::write; throws StoreFault.
    rocksdb::Status commit(std::span<Append> appends, std::span<Offset, shard_count> ends, Time now);

private:
    struct Candidate {
        MessageHash hash;
        std::uint32_t order;
        EncodedFact* fact;
    };
    struct Entry {
        std::vector<rocksdb::Slice> parts;
        std::size_t bytes = 0;
    };

    rocksdb::Status find_repeats(std::span<Append> appends, Time now);
    rocksdb::Status look_up(Time now);
    void gather(std::span<Append> appends);
    void add_fact(ShardId shard, rocksdb::Slice fact);
    void cut_entry(ShardId shard);
    void remember_messages(Time now);

    Store& store_;
    rocksdb::WriteBatch batch_;
    std::vector<Candidate> candidates_;
    std::vector<std::array<char, 16>> keys_;
    std::vector<rocksdb::Slice> key_slices_;
    std::vector<rocksdb::PinnableSlice> values_;
    std::vector<rocksdb::Status> statuses_;
    std::array<Entry, shard_count> entries_;
    std::array<Offset, shard_count> next_{};
};

}  // namespace qiao::journal::detail
