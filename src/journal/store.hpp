// The RocksDB database that holds the journal and the shards' state.
//
// Column families: `journal` (facts), `state` (of shards), `feed` (resolved facts and state changes for
// history and index), `dedupe` (message ids of the window), `meta` (RocksDB's default family: format
// version, watermarks). Formats: docs/formats/journal.md.
#pragma once

#include <rocksdb/db.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <shared_mutex>
#include <stdexcept>
#include <string>

#include "base/error.hpp"
#include "base/time.hpp"
#include "runtime/clock.hpp"

namespace qiao::journal {

struct StoreOptions {
    std::size_t block_cache_bytes = 32 << 20;
    std::size_t write_buffer_bytes = 32 << 20;  // of the journal; all families together get twice that
    Duration dedupe_window = std::chrono::hours(24 * 7);
    rocksdb::Env* env = nullptr;  // for tests that break the disk; must outlive the store
};

// The database cannot be read or written now: a full disk, an I/O error, damage.
class StoreFault : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Thread-safe.
class Store {
public:
    // Errors: journal.locked (another process), journal.version (made by a newer Qiao), journal.open.
    static Result<std::unique_ptr<Store>> open(const std::filesystem::path& directory,
                                               const StoreOptions& options, const Clock& clock);
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    rocksdb::DB& db() { return *db_; }
    rocksdb::ColumnFamilyHandle* journal() const { return families_[0]; }
    rocksdb::ColumnFamilyHandle* state() const { return families_[1]; }
    rocksdb::ColumnFamilyHandle* feed() const { return families_[2]; }
    rocksdb::ColumnFamilyHandle* dedupe() const { return families_[3]; }
    rocksdb::ColumnFamilyHandle* meta() const { return families_[4]; }

    Duration dedupe_window() const { return dedupe_window_; }

    // Writes a consistent copy into `directory`, which must not exist; most of it are hard links where
    // both lie in one file system. Error: journal.checkpoint.
    Result<void> checkpoint(const std::filesystem::path& directory);

    // Every write goes through here. `durable`: returns after the disk has it, and all written before.
    // After a failure the database refuses writes until recover() has succeeded, which each further
    // write tries first.
    rocksdb::Status write(rocksdb::WriteBatch& batch, bool durable);

    // After a failed write: makes the database writable again, if the disk allows it. What the failed
    // write left in the log is gone for good afterwards, so it can never come back under offsets that
    // were given to other facts. At most one attempt per 200 ms. True when writable.
    bool recover();

private:
    Store() = default;
    std::atomic<bool> broken_{false};
    std::shared_mutex gate_;  // writes share it; recovery excludes them
    std::chrono::steady_clock::time_point last_attempt_{};
    Duration dedupe_window_{};
    std::unique_ptr<rocksdb::DB> db_;
    rocksdb::ColumnFamilyHandle* families_[5] = {};
};

}  // namespace qiao::journal
