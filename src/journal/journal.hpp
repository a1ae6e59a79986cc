// The journal: append facts durably, read them by shard.
//
// One committer thread takes what all callers append, drops repeats by (source, message id), and
// writes the facts of all shards in one WriteBatch with one sync. Offsets count entries of a shard
// from 1, without gaps. An entry is one value that holds the facts of one append for one shard.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "journal/fact.hpp"
#include "journal/store.hpp"
#include "runtime/metrics.hpp"

namespace qiao::journal {

using Offset = std::uint64_t;

struct Appended {
    std::uint32_t accepted = 0;
    std::uint32_t repeated = 0;
};

class Journal {
public:
    // Called once, on the committer thread, when the facts are durable or refused. Must not block.
    using Done = std::function<void(Result<Appended>)>;

    Journal(Store& store, const Clock& clock, Metrics& metrics);
    ~Journal();  // commits what waits, then stops

    // Thread-safe. The facts' identities are ordered here. Control facts go to every shard.
    // Errors (through `done`): journal.full_queue, journal.disk_full (both unavailable).
    void append(std::vector<Fact> facts, Done done);
    // The same, and waits. Not on a shard thread or the committer.
    Result<Appended> append_and_wait(std::vector<Fact> facts);

    // The next offset that will be given; entries [1, end) exist (those before `begin` are trimmed).
    Offset end(ShardId shard) const;
    // Calls `visit` for entries from `from` on, in order, until it answers false or none is left.
    using Visitor = std::function<bool(Offset, std::vector<Fact>&&)>;
    void read(ShardId shard, Offset from, const Visitor& visit) const;
    // Deletes entries before `until`; the caller has made sure that nobody needs them.
    void trim(ShardId shard, Offset until);

    // `listener(shard)` is called on the committer thread after a commit touched the shard.
    void on_commit(std::function<void(ShardId)> listener);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace qiao::journal
