// The RocksDB database that holds the journal and the shards' state.
//
// Column families: `journal` (facts), `state` (of shards), `feed` (resolved facts and state changes
// for history and index), `dedupe` (message ids of the window), `meta` (RocksDB's default family:
// format version, watermarks). Formats: docs/formats/journal.md.
#pragma once

#include <rocksdb/db.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>

#include "base/error.hpp"
#include "base/time.hpp"
#include "runtime/clock.hpp"

namespace qiao::journal {

struct StoreOptions {
    std::size_t block_cache_bytes = 32 << 20;
    std::size_t write_buffer_bytes = 32
                                     << 20;  // of the journal; all families together get twice that
    Duration dedupe_window = std::chrono::hours(24 * 7);
    std::uint64_t min_free_bytes = 64 << 20;  // of the disk, before a failed write is tried again
    rocksdb::Env* env = nullptr;  // for tests that break the disk; must outlive the store
};

// The database cannot be read or written now: a full disk, an I/O error, damage.
class StoreFault : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Thread-safe.
//
// After a failed write RocksDB cannot go on reliably (its log has a torn end, which Resume() does
// not always leave behind), so recover() closes and opens it again. Hence db() and the families may
// be used only while an Access is held; Range, get() and write() hold one themselves.
class Store {
public:
    // Errors: journal.locked (another process), journal.version (made by a newer Qiao),
    // journal.open.
    static Result<std::unique_ptr<Store>> open(const std::filesystem::path& directory,
                                               const StoreOptions& options, const Clock& clock);
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    // Keeps the database open. May be held twice by one thread. Waits while recover() is at work;
    // throws StoreFault where the database could not be opened again yet.
    class Access {
    public:
        explicit Access(const Store& store) : store_(store) { store.enter(); }
        ~Access() { store_.leave(); }
        Access(const Access&) = delete;
        Access& operator=(const Access&) = delete;

    private:
        const Store& store_;
    };

    rocksdb::DB& db() { return *db_; }
    rocksdb::ColumnFamilyHandle* journal() const { return families_[0]; }
    rocksdb::ColumnFamilyHandle* state() const { return families_[1]; }
    rocksdb::ColumnFamilyHandle* feed() const { return families_[2]; }
    rocksdb::ColumnFamilyHandle* dedupe() const { return families_[3]; }
    rocksdb::ColumnFamilyHandle* meta() const { return families_[4]; }

    // Where to make a file that the database then takes over; one that was left there is deleted.
    std::string scratch_file(std::string_view name) const;
    Duration dedupe_window() const { return options_.dedupe_window; }

    // Every write goes through here. `durable`: returns after the disk has it, and all written
    // before. When it fails, nothing of the batch can be seen, but after recover() all of it may be
    // there. From then on it fails until recover() has succeeded.
    rocksdb::Status write(rocksdb::WriteBatch& batch, bool durable);

    // True when the database takes writes. After a failed write, tries to make it so: where the
    // disk has space again, and nobody holds an Access; at most one attempt per 200 ms.
    bool recover();

    // Writes a consistent copy into `directory`, which must not exist; most of it are hard links
    // where both lie in one file system. Error: journal.checkpoint.
    Result<void> checkpoint(const std::filesystem::path& directory);

private:
    Store(std::filesystem::path directory, const StoreOptions& options, const Clock& clock);
    void enter() const;
    void leave() const;
    bool shut_out_others();
    rocksdb::Status open_database();
    void close_database();
    bool has_space() const;

    const std::filesystem::path directory_;
    const StoreOptions options_;
    const Clock& clock_;
    std::atomic<bool> broken_{false};
    std::mutex recovery_;
    std::chrono::steady_clock::time_point last_attempt_{};
    mutable std::atomic<int> users_{0};  // who hold an Access; -1: recovery does
    std::unique_ptr<rocksdb::DB> db_;
    rocksdb::ColumnFamilyHandle* families_[5] = {};
};

}  // namespace qiao::journal
