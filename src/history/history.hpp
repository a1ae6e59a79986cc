// History: every fact of every customer for years, columnar, in DuckDB.
//
// Rows keep the profile id under which the fact was recorded; merges go to the alias table, so that
// an unbind can undo them. One thread writes (the feeder), many read. A batch of rows lands
// together with the shards' feed positions in one transaction: exactly once. Format:
// docs/formats/history.md.
#pragma once

#include <duckdb.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "journal/fact.hpp"
#include "shard/feed_follower.hpp"

namespace qiao::history {

struct HistoryOptions {
    int memory_limit_mb = 64;
    int threads = 1;
};

// One fact as history shows it. `properties` is JSON text; sealed values are
// {"sealed":hash,"ciphertext":…}.
struct HistoryRow {
    ProfileId profile = ProfileId::none;
    Time time{};
    Time received_at{};
    std::string event;
    std::string source;
    std::string message_id;
    ShardId shard = 0;
    journal::Offset offset = 0;
    std::uint32_t ordinal = 0;
    std::string properties;
};

// What one transaction changes, in this order: rows, merges, splits, erasures, positions. Each of
// them names one profile: who was merged into an erased one is erased by its own shard, or was
// split off there before, which may be read later.
struct HistoryBatch {
    std::vector<HistoryRow> rows;
    struct Alias {
        ProfileId loser, winner;
    };
    std::vector<Alias> merges;
    std::vector<ProfileId> splits;
    std::vector<ProfileId> erased;
    std::vector<std::pair<ShardId, shard::FeedSeq>> positions;  // the next to read
};

class History {
public:
    // Errors: history.open, history.version (made by a newer Qiao).
    static Result<std::unique_ptr<History>> open(const std::filesystem::path& file,
                                                 const HistoryOptions& options);
    ~History();

    // Rows of before kept_from() came too late and are left out; returns how many were not. Throws
    // std::runtime_error when the disk is full or the database is lost; nothing of the batch has
    // landed then.
    std::size_t write(const HistoryBatch& batch);
    shard::FeedPositions positions();  // 1 where nothing was read yet

    struct TimelineQuery {
        ProfileId profile;
        Time before;
        std::string event;  // empty: all
        std::size_t limit = 50;
    };
    // Newest first; also what was recorded for visitors who became this customer.
    std::vector<HistoryRow> timeline(const TimelineQuery& query);
    // All rows of a profile, oldest first (to undo a merge in the index), of exactly this recorded
    // id.
    std::vector<HistoryRow> recorded_for(ProfileId profile);
    std::uint64_t row_count();
    // The one folder beside its own files that the database writes to; emptied when it is opened.
    const std::filesystem::path& outbox() const { return outbox_; }
    // A consistent copy into a new file (for backups), between two writes; writes wait meanwhile.
    void copy_to(const std::filesystem::path& file);
    // Deletes rows before `until`, for good: later ones of before it are not taken. Returns how
    // many.
    std::uint64_t drop_before(Time until);
    // No row lies before it: the latest that drop_before() was told; nothing where everything is
    // kept.
    std::optional<Time> kept_from();

private:
    friend class Cut;       // all rows of one moment (cut.hpp)
    friend class Analysis;  // a question in SQL (analysis.hpp)
    History() = default;
    void run(duckdb_connection connection, const std::string& sql);
    std::size_t append(const std::vector<HistoryRow>& rows);

    std::filesystem::path outbox_;
    duckdb_database database_ = nullptr;
    duckdb_connection writer_ = nullptr;
    std::mutex write_mutex_;
    std::mutex read_mutex_;
    duckdb_connection reader_ = nullptr;
};

// The JSON text of a fact's properties as history keeps it.
std::string properties_json(const Properties& properties);

}  // namespace qiao::history
