// The appends that are committed together: finds their repeats and writes what is left in one
// batch.
//
// Lives as long as the committer and is used again for each group, so that its buffers stay warm.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "journal/detail/append.hpp"
#include "journal/detail/seen_messages.hpp"

namespace qiao::journal::detail {

class CommitGroup {
public:
    // Throws StoreFault.
    CommitGroup(Store& store, const JournalOptions& options)
        : store_(store), seen_(store, options) {}

    // After a failed commit, before the next one: what failed may have become durable after all.
    void reload() { seen_.reload(); }

    // Marks the facts that repeat one in the store or an earlier one in the group, then writes the
    // others with one sync. `ends` holds the next offset of each shard and moves on when the write
    // succeeds. `now` is when the facts' window starts. For failures see Store::write; throws
    // StoreFault.
    rocksdb::Status commit(std::span<Append> appends, std::span<Offset, shard_count> ends,
                           Time now);

private:
    struct Entry {
        std::vector<rocksdb::Slice> parts;
        std::size_t bytes = 0;
    };

    rocksdb::Status find_repeats(std::span<Append> appends, Time now);
    void gather(std::span<Append> appends);
    void add_fact(ShardId shard, rocksdb::Slice fact);
    void cut_entry(ShardId shard);

    Store& store_;
    SeenMessages seen_;
    rocksdb::WriteBatch batch_;
    std::vector<EncodedFact*> candidates_;      // those that may repeat
    std::vector<SeenMessages::Query> queries_;  // theirs
    std::array<Entry, shard_count> entries_;
    std::array<Offset, shard_count> next_{};
};

}  // namespace qiao::journal::detail
