// The sequence index: all that customers did and are, arranged for questions over all of them.
//
// It is derived: history and the shards' feed can rebuild it. One feeder thread applies changes;
// any thread takes snapshots, which never change. Rows live in immutable segments: tiny ones in
// memory from each apply(), merged behind into larger ones, written to files by flush(), and
// compacted into a file for each period. A file set is complete when its manifest is in place;
// after a crash the feed is read again from the manifest's positions. See
// docs/decisions/0002-sequence-index.md.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/value.hpp"
#include "index/snapshot.hpp"

namespace qiao::index {

struct IndexChange {
    enum class Kind : std::uint8_t {
        row,       // `profile` did `name` at `time` with `properties`
        tag,       // `profile`'s tag `name` is now `value`; null: gone
        identity,  // `profile` has the identity (`name`, `value`); null: none of this kind any more
        consent,   // `name` = "purpose.channel", `value` boolean; null: unknown again
        merge,     // rows of `other` now belong to `profile`; what else it had is told again by
                   // changes
        split,     // rows recorded for `other` belong to it again; what else it has is told again
        create,    // a new profile
        erase,     // forget `profile` for ever; who was merged into it is erased by a change of
                   // its own
    };
    Kind kind = Kind::row;
    ProfileId profile = ProfileId::none;
    ProfileId other = ProfileId::none;
    std::string name;
    Time time{};
    Properties properties;
    Value value;
};

struct IndexOptions {
    std::filesystem::path directory;          // empty: in memory only
    std::uint64_t memory_rows = 1'000'000;    // rows in memory before they are written to files
    Duration period = std::chrono::days(92);  // of what happened, in one file
    double compact_share = 0.2;  // rows of a period in other files that start a compaction
    // After an erasure all files are written anew without the erased, at the latest.
    Duration forget_after = std::chrono::hours(24);
    bool background = true;  // false: merges and writes happen in apply() and flush()
    bool maintains = true;   // false: neither, until the index takes another's place
};

struct MemoryUse {
    std::size_t rows = 0, attributes = 0, strings = 0, profiles = 0;  // bytes on the heap
    std::size_t mapped = 0;                                           // bytes of mapped files
    std::size_t heap() const { return rows + attributes + strings + profiles; }
};

// Rows of one event for the bulk loader: columns of equal length, in any order.
struct BulkEvent {
    std::string event;
    std::vector<Dense> customer;
    std::vector<std::int64_t> time_ms;
    struct Column {
        std::string name;
        ValueType type = ValueType::number;
        std::vector<Cell> cells;
    };
    std::vector<Column> columns;
};
struct BulkTag {
    std::string name;
    ValueType type = ValueType::string;
    std::vector<Cell> cells;  // one per customer
};

class Index {
public:
    // Maps the files and reads the state file; the bytes of an event are verified when it is first
    // asked for, and all of them behind (see segment.hpp). Errors: index.corrupt, index.version
    // (both: reset() and rebuild), index.locked.
    static Result<std::unique_ptr<Index>> open(IndexOptions options);
    // Removes the files of an index; open() makes a new one then.
    static void reset(const std::filesystem::path& directory);
    ~Index();  // does not flush
    Index(const Index&) = delete;
    Index& operator=(const Index&) = delete;

    // Applies the changes in order and publishes them with the positions that they lead to. One
    // thread.
    void apply(std::span<const IndexChange> changes, const Positions& positions);
    Snapshot snapshot() const;
    std::uint64_t data_version() const;
    // A lost index answers no question and takes no changes until replace(): what it holds is
    // damaged or has a gap. Damage that shows while files are read makes it lost, too.
    bool is_lost() const;
    void lose();
    // Error: index.rebuilding, while it is lost.
    Result<void> usable() const;
    // When a lost index will probably be replaced: what usable() tells.
    void expect_in(int seconds) { expected_s_.store(seconds); }
    // Takes over all of `fresh`, and its directory by the name of this one's; what this index had
    // is removed. Versions go on rising. While no apply() runs; all else may.
    void replace(std::unique_ptr<Index> fresh);

    // Rows before `from` leave, and State::kept_from says so from the same moment on: at once where
    // they fill whole files, else when a compaction that begins now has ended. Rows of before are
    // not applied any more. Earlier than before has no effect. Any thread.
    void keep_from(Time from);

    // The dense id of a living profile, through its merges; nothing where the snapshot does not
    // know it.
    std::optional<Dense> find(const State& state, ProfileId profile) const;

    // Writes what is in memory to files; afterwards positions() would survive a crash. Any thread.
    // Throws std::system_error on a full disk; the earlier files stay valid.
    void flush();
    // Writes everything anew, a file for each period; drops the rows and texts of the erased. Any
    // thread.
    void compact();
    // The positions that survive a crash: the feed before them may be trimmed.
    Positions durable_positions() const;
    MemoryUse memory_use() const;

    // Fills an empty index with a base made from these columns, at millions of rows a second. The
    // events come one by one from `next`, in any order, until it answers false. For rebuilds and
    // benchmarks, before the feeder starts. `cell()` of strings() makes the cells.
    void load(std::vector<ProfileId> profiles, std::vector<BulkTag> tags,
              const std::function<bool(BulkEvent&)>& next, const Positions& positions);
    Strings& strings();

private:
    friend class BulkLoader;
    struct Impl;
    explicit Index(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl() const;
    mutable std::mutex mutex_;
    std::shared_ptr<Impl> impl_;  // another one after replace()
    std::atomic<int> expected_s_{30};
};

// Fills an empty index quickly: customers first, then rows as whole segments, which several threads
// may make at a time. For rebuilds and benchmarks.
class BulkLoader {
public:
    explicit BulkLoader(Index& empty);
    ~BulkLoader();

    // One thread.
    Dense add_customer(ProfileId profile);
    void redirect(ProfileId from, ProfileId to);  // a merge
    void forget(ProfileId profile);               // erased, for ever
    void set(Space space, Dense customer, const std::string& name, const Value& value);

    // Any thread.
    Strings& strings();
    // Makes a segment from what `fill` adds to the writer.
    void add_segment(const std::function<void(SegmentWriter&)>& fill);

    // Publishes everything, in files where the index has a directory.
    void finish(const Positions& positions);

private:
    struct Work;
    std::unique_ptr<Work> work_;
};

}  // namespace qiao::index
