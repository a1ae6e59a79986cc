// History: every fact of every customer for years, columnar.
//
// Rows keep the profile id under which the fact was recorded; merges are kept beside them, so that
// an unbind can undo them. One thread writes (the feeder), many read. A batch lands together with
// the shards' feed positions, each row exactly once. There are two: in a file beside the server
// (duckdb_history.hpp), and in a ClickHouse server (clickhouse/history.hpp).
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "journal/fact.hpp"
#include "shard/feed_follower.hpp"

namespace qiao::history {

class DuckdbHistory;

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
    shard::FeedSeq feed_seq = 0;  // of the feed's record; 0 where it was read from history
};

// A tag, an identity kind or a consent of a profile is now `value`; null: gone.
struct TraitChange {
    enum class Space : std::uint8_t { tag, identity, consent } space = Space::tag;
    ProfileId profile = ProfileId::none;
    std::string name;
    Value value;
};

// What one batch changes, in this order: rows, merges, erasures, traits, positions. Each of
// the former names one profile: who was merged into an erased one is erased by its own shard, or
// was split off there before, which may be read later.
struct HistoryBatch {
    std::vector<HistoryRow> rows;
    struct Alias {
        ProfileId loser, winner;
    };
    // One after the other: who is split off may be merged into another at once. A winner `none` is
    // a split: the loser stands for itself again.
    std::vector<Alias> merges;
    std::vector<ProfileId> erased;
    std::vector<ProfileId> created;
    std::vector<TraitChange> traits;  // left out where History::traits() is null
    std::vector<std::pair<ShardId, shard::FeedSeq>> positions;  // the next to read
};

// Some rows, column by column. Valid during the visit.
struct RowColumns {
    std::span<const ProfileId> profile;
    std::span<const std::int64_t> time_ms;
    std::span<const std::string_view> event, properties;  // the latter JSON
};

// One moment of history: rows, merges and feed positions that belong together, for whoever rebuilds
// from it. The feeder writes on meanwhile.
class Cut {
public:
    virtual ~Cut() = default;

    virtual const shard::FeedPositions& positions() const = 0;
    virtual const std::vector<HistoryBatch::Alias>& aliases() const = 0;
    virtual std::uint64_t rows() const = 0;
    // The rows of one part since `from`; `visit` answers false to stop. Each part may have a thread
    // of its own. Throws std::runtime_error.
    virtual void read(unsigned part, Time from,
                      const std::function<bool(const RowColumns&)>& visit) = 0;
};

// What a day (of UTC) holds, to compare two histories without reading rows.
struct DayTotals {
    Day day = 0;
    std::uint64_t rows = 0;
    std::uint64_t times = 0;       // milliseconds since its midnight, summed
    std::uint64_t profiles = 0;    // ids modulo 1,000,003, summed
    std::uint64_t properties = 0;  // bytes of properties
    friend bool operator==(const DayTotals&, const DayTotals&) = default;
};

// The tags, identities and consents of all customers, of a store that keeps them. What the feed
// said of them before the store followed it has to be told once, shard by shard. Throws as History
// does.
class Traits {
public:
    virtual ~Traits() = default;
    // Whether all are there: the store has followed the feed from its first record on, or was told.
    virtual bool are_whole() = 0;
    virtual void set_whole() = 0;
    // How many shards, the first ones, have told theirs since the last move to here.
    virtual ShardId shards_told() = 0;
    virtual void set_shards_told(ShardId count) = 0;
};

// Every call throws std::runtime_error where the store is lost, full or does not answer.
class History {
public:
    virtual ~History() = default;

    // Itself where it is a file of DuckDB, which analysts ask in SQL; otherwise null.
    virtual DuckdbHistory* in_file() { return nullptr; }
    // Where it keeps tags, identities and consents, too; otherwise null: the index has them.
    virtual Traits* traits() { return nullptr; }
    // Whether this is the history of that data directory (a number above 0). A store outside of any
    // becomes the history of the first that asks.
    virtual bool belongs_to(std::int64_t /*directory*/) { return true; }

    // Rows of before kept_from() came too late and are left out; returns how many were not. After
    // an exception the same batch is to be written again, or the store opened anew.
    virtual std::size_t write(const HistoryBatch& batch) = 0;
    // How long to gather for a batch: some stores want fewer and larger ones.
    virtual Duration gather_pause() const { return std::chrono::milliseconds(50); }
    virtual shard::FeedPositions positions() = 0;  // 1 where nothing was read yet

    struct TimelineQuery {
        ProfileId profile;
        Time before;
        std::string event;  // empty: all
        std::size_t limit = 50;
    };
    // Newest first; also what was recorded for visitors who became this customer.
    virtual std::vector<HistoryRow> timeline(const TimelineQuery& query) = 0;
    // All rows of a profile, oldest first, of exactly this recorded id.
    virtual std::vector<HistoryRow> recorded_for(ProfileId profile) = 0;
    virtual std::uint64_t row_count() = 0;
    // Deletes rows before `until`, for good: later ones of before it are not taken. Returns how
    // many.
    virtual std::uint64_t drop_before(Time until) = 0;
    // No row lies before it: the latest that drop_before() was told; nothing where everything is
    // kept.
    virtual std::optional<Time> kept_from() = 0;
    // Reads are split into `parts`. Waits for a write to end.
    virtual std::unique_ptr<Cut> cut(unsigned parts) = 0;
    // A consistent copy into a new file (for backups), between two writes. Error:
    // history.no_file_copy where the store has a backup of its own.
    virtual Result<void> copy_to(const std::filesystem::path& file) = 0;

    // ---- for moving to another store, while nobody writes ----

    // Whether a move to here has begun and not ended: only a part of it is here.
    virtual bool is_half_moved() = 0;
    // Forgets merges and traits, and what a batch left that broke off. Rows and positions stay.
    virtual void begin_move() = 0;
    // After the last write of the move.
    virtual void end_move() = 0;
    virtual std::vector<DayTotals> days() = 0;  // those with rows, ascending
    // Some rows at a time, in no order.
    virtual void read_day(Day day, const std::function<void(std::vector<HistoryRow>)>& visit) = 0;
    virtual void delete_day(Day day) = 0;
};

// The JSON text of a fact's properties as history keeps it.
std::string properties_json(const Properties& properties);

}  // namespace qiao::history
