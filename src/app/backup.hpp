// Backups: one consistent copy of all stores in a directory, and a data directory made from it.
//
// The cut is the journal store's checkpoint. History and index are copied before it, so that their
// feed positions are never ahead of it, and nothing is trimmed meanwhile, so that they find all
// they lack in it. SQL writers wait from just before the checkpoint until SQL is copied, so that
// both show one moment; intake never waits. The master key is not part of a backup, nor is a
// history in ClickHouse: such a backup is made while no server runs (`stores.history` is null, or
// the file's where it is whole, too), and says so. Format: docs/formats/backup.md.
#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <string>

#include "app/control.hpp"
#include "base/error.hpp"
#include "shard/shards.hpp"

namespace qiao::app {

struct Stores;

struct BackupSources {
    Stores& stores;
    std::filesystem::path data_dir;
    std::mutex& trimming;             // who holds it may trim the feed and the journal
    shard::Shards* shards = nullptr;  // null where no server runs
};

// Answers the sentence that the command prints. `directory` must be absent or empty; where the
// backup fails, nothing of it stays. Errors: backup.not_empty, backup.postgresql, those of the
// stores (history.no_file_copy: a server runs whose history is in ClickHouse). Throws
// std::exception on a full disk.
Result<std::string> back_up(const BackupSources& sources, const std::filesystem::path& directory,
                            const Progress& progress);

// Verifies every file. `data_dir` must be absent, empty, or hold nothing but `keys`. Where it
// fails, nothing of it stays. Errors: backup.incomplete, backup.version, backup.damaged,
// backup.not_empty.
Result<std::string> restore(const std::filesystem::path& directory,
                            const std::filesystem::path& data_dir, const Progress& progress);

}  // namespace qiao::app
