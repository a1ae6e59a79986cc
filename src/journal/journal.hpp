// The journal: append facts durably, read them by shard.
//
// One committer thread takes what all callers append, drops repeats by (source, message id), and
// writes the facts of all shards in one WriteBatch with one sync. Offsets count entries of a shard
// from 1, without gaps. An entry is one value that holds the facts of one commit for one shard (at
// most 1,024 facts or about 1 MiB; more make another entry).
//
// A repeat is a fact whose (source, message id) came within the store's dedupe window before,
// counted from the first one's arrival. Ids of the source "qiao" never expire.
#pragma once

#include <functional>
#include <memory>
#include <string>
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

struct JournalOptions {
    // What the waiting appends may hold together; beyond it they are refused.
    std::size_t queue_facts = 200'000;
    std::size_t queue_bytes = 48 << 20;
    // Message ids kept in memory before they are stored, 24 to 48 bytes each.
    std::size_t recent_messages = 500'000;
    // What the filter that tells new messages from repeats may take, 12 bits a message; beyond it
    // every message is looked up on disk.
    std::size_t message_filter_bytes = 64 << 20;
};

// An entry's bytes do not read as facts.
class CorruptEntry : public std::runtime_error {
public:
    CorruptEntry(ShardId shard, Offset offset);
    Offset offset;
};

inline constexpr ShardId all_shards = shard_count;

// A fact that one shard sends to another, already encoded.
struct Forwarded {
    ShardId to = 0;        // or all_shards
    std::string fact;      // see encode(Fact)
    std::string consumed;  // the key in `state` that is deleted in the same commit
};

class Journal {
public:
    // Called once when the facts are durable or refused: on the committer thread, or at once on the
    // caller's where the queue is full. Must not block nor throw.
    using Done = std::function<void(Result<Appended>)>;

    Journal(Store& store, const Clock& clock, Metrics& metrics, const JournalOptions& options = {});
    ~Journal();  // commits what waits, then stops
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    // Thread-safe. One append lands in one commit, whole or not at all. The facts' identities are
    // ordered here. Control facts go to every shard. An append larger than the whole queue passes
    // when nothing else waits.
    // Errors (through `done`): journal.full_queue, journal.disk_full (both unavailable).
    void append(std::vector<Fact> facts, Done done);
    // The same, and waits. Not on a shard thread or the committer.
    Result<Appended> append_and_wait(std::vector<Fact> facts);
    // Appends what shards sent, and deletes it from their outbox in the same commit: exactly once,
    // so without looking for repeats. Waits. Error: journal.disk_full; then nothing was deleted.
    Result<void> forward(std::vector<Forwarded> facts);

    // From now on each commit waits this long first (zero: not at all). Whoever waits for answers
    // sends less then, and those who follow the journal catch up.
    void slow_down(Duration pause);
    Duration commit_pause() const;

    // The next offset that will be given; entries [1, end) exist (those before `begin` are
    // trimmed).
    Offset end(ShardId shard) const;
    // The first offset that is still there (end where none is).
    Offset begin(ShardId shard) const;
    // Calls `visit` for entries from `from` on, in order, until it answers false or none is left.
    // Throws CorruptEntry and StoreFault.
    using Visitor = std::function<bool(Offset, std::vector<Fact>&&)>;
    void read(ShardId shard, Offset from, const Visitor& visit) const;
    // Deletes entries before `until`; the caller has made sure that nobody needs them.
    // Throws StoreFault.
    void trim(ShardId shard, Offset until);

    // `listener(shard)` is called on the committer thread after a commit touched the shard. An
    // empty one ends that; when on_commit returns, the former listener is not running any more.
    void on_commit(std::function<void(ShardId)> listener);

    // The facts of an entry's value, as the journal stores it. Error: journal.corrupt.
    static Result<std::vector<Fact>> decode_entry(std::string_view value);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace qiao::journal
