// The RocksDB database that holds the journal and the shards' state.
//
// Column families: `journal` (facts), `state` (of shards), `feed` (resolved facts and state changes for
// history and index), `dedupe` (message ids of the window), `meta`. Formats: docs/formats/journal.md.
#pragma once

#include <rocksdb/db.h>

#include <filesystem>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "base/time.hpp"
#include "runtime/clock.hpp"

namespace qiao::journal {

struct StoreOptions {
    std::size_t block_cache_bytes = 32 << 20;
    std::size_t write_buffer_bytes = 32 << 20;
    Duration dedupe_window = std::chrono::hours(24 * 7);
};

class Store {
public:
    // Errors: journal.locked (another process), journal.version (made by a newer Qiao), journal.open.
    static Result<std::unique_ptr<Store>> open(const std::filesystem::path& directory,
                                               const StoreOptions& options, const Clock& clock);
    ~Store();

    rocksdb::DB& db() { return *db_; }
    rocksdb::ColumnFamilyHandle* journal() const { return families_[0]; }
    rocksdb::ColumnFamilyHandle* state() const { return families_[1]; }
    rocksdb::ColumnFamilyHandle* feed() const { return families_[2]; }
    rocksdb::ColumnFamilyHandle* dedupe() const { return families_[3]; }
    rocksdb::ColumnFamilyHandle* meta() const { return families_[4]; }

private:
    Store() = default;
    std::unique_ptr<rocksdb::DB> db_;
    rocksdb::ColumnFamilyHandle* families_[5] = {};
};

}  // namespace qiao::journal
