// The files of an index: segments, one state file, and the manifest that names them.
#pragma once

#include "index/detail/intake.hpp"

namespace qiao::index::detail {

struct Manifest {
    std::string state;                         // file names within the directory
    std::vector<std::string> segments;         // older first
    std::uint64_t next_number = 1;             // of the next file
    std::optional<std::int64_t> kept_from_ms;  // rows before it are dropped
    // When somebody was erased of whom segments still hold rows, by the clock on the wall; 0:
    // nobody.
    std::int64_t erased_at_ms = 0;
};

// Nothing where the directory holds no index yet. Errors: index.corrupt, index.version.
Result<std::optional<Manifest>> read_manifest(const std::filesystem::path& directory);
// Durable when it returns: temporary file, sync, rename, sync of the directory. Throws on a full
// disk.
void write_manifest(const std::filesystem::path& directory, const Manifest& manifest);
// Removes segment and state files that the manifest does not name.
void remove_others(const std::filesystem::path& directory, const Manifest& manifest);

void sync_directory(const std::filesystem::path& directory);

void write_state(const std::filesystem::path& path, const State& state,
                 const std::unordered_map<ProfileId, ProfileId>& redirects);
// Fills the dictionary, the intake and the positions.
Result<Positions> read_state(const std::filesystem::path& path, Strings& strings, Intake& intake);

}  // namespace qiao::index::detail
