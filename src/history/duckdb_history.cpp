#include "history/duckdb_history.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "history/detail/query.hpp"
#include "history/detail/row_appender.hpp"

namespace qiao::history {

using namespace detail;

namespace {

constexpr std::int64_t format_version = 1;
constexpr std::size_t rows_at_a_time = 20'000;

constexpr const char* schema = R"(
CREATE TABLE IF NOT EXISTS meta (key VARCHAR PRIMARY KEY, value BIGINT);
CREATE TABLE IF NOT EXISTS events (
    profile UBIGINT NOT NULL, time TIMESTAMP_MS NOT NULL, received_at TIMESTAMP_MS NOT NULL,
    event VARCHAR NOT NULL, source VARCHAR NOT NULL, message_id VARCHAR NOT NULL,
    shard USMALLINT NOT NULL, journal_offset UBIGINT NOT NULL, ordinal UINTEGER NOT NULL,
    properties VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS aliases (loser UBIGINT PRIMARY KEY, winner UBIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS positions (shard USMALLINT PRIMARY KEY, next_seq UBIGINT NOT NULL);
)";

HistoryRow row_of(const ChunkReader& chunk, idx_t at) {
    HistoryRow row;
    row.profile = ProfileId{chunk.fixed<std::uint64_t>(0, at)};
    row.time = time_from_ms(chunk.fixed<std::int64_t>(1, at));
    row.received_at = time_from_ms(chunk.fixed<std::int64_t>(2, at));
    row.event = chunk.text(3, at);
    row.source = chunk.text(4, at);
    row.message_id = chunk.text(5, at);
    row.shard = chunk.fixed<std::uint16_t>(6, at);
    row.offset = chunk.fixed<std::uint64_t>(7, at);
    row.ordinal = chunk.fixed<std::uint32_t>(8, at);
    row.properties = chunk.text(9, at);
    return row;
}

std::vector<HistoryRow> read_rows(duckdb_connection connection, const std::string& sql) {
    Answer answer;
    query(connection, sql, answer);
    std::vector<HistoryRow> rows;
    for_each_chunk(answer, [&](const ChunkReader& chunk, idx_t count) {
        for (idx_t at = 0; at < count; ++at)
            rows.push_back(row_of(chunk, at));
        return true;
    });
    return rows;
}

std::uint64_t read_number(duckdb_connection connection, const std::string& sql) {
    Answer answer;
    query(connection, sql, answer);
    std::uint64_t number = 0;
    for_each_chunk(answer, [&](const ChunkReader& chunk, idx_t) {
        number = chunk.fixed<std::uint64_t>(0, 0);
        return false;
    });
    return number;
}

std::string read_text(duckdb_connection connection, const std::string& sql) {
    Answer answer;
    query(connection, sql, answer);
    std::string text;
    for_each_chunk(answer, [&](const ChunkReader& chunk, idx_t) {
        text = chunk.text(0, 0);
        return false;
    });
    return text;
}

std::optional<Time> read_kept_from(duckdb_connection connection) {
    Answer answer;
    query(connection, "SELECT value FROM meta WHERE key = 'kept_from'", answer);
    std::optional<Time> from;
    for_each_chunk(answer, [&](const ChunkReader& chunk, idx_t) {
        from = time_from_ms(chunk.fixed<std::int64_t>(0, 0));
        return false;
    });
    return from;
}

// Doubles single quotes: for names that come from facts. Names of tables are never built from
// outside text.
std::string sql_text(std::string_view text) {
    std::string out = "'";
    for (const char letter : text) {
        if (letter == '\'')
            out.push_back('\'');
        out.push_back(letter);
    }
    return out + "'";
}

// Also to another file system, which a rename does not reach.
void move_file(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::error_code elsewhere;
    std::filesystem::rename(from, to, elsewhere);
    if (!elsewhere)
        return;
    std::filesystem::copy_file(from, to);
    std::filesystem::remove(from);
}

constexpr const char* select_columns =
    "SELECT profile, time, received_at, event, source, message_id, shard, journal_offset, ordinal, "
    "properties FROM events ";

std::string of_day(Day day) {
    const auto moment = [](std::int64_t at) {
        return "make_timestamp(" + std::to_string(at * 86'400'000'000) + ")";
    };
    return "WHERE time >= " + moment(day) + " AND time < " + moment(std::int64_t{day} + 1);
}

// The profile itself and all that were merged into it, at any depth.
std::string family_of(ProfileId profile) {
    return "WITH RECURSIVE family(id) AS (SELECT " + number(profile) +
           "::UBIGINT UNION SELECT a.loser FROM aliases a JOIN family f ON a.winner = f.id) ";
}

// One statement for all shards: DuckDB plans a statement more slowly than it writes the row. Of two
// rows with the same key DuckDB would keep the first, so only a shard's last position goes in.
std::string save_positions(const std::vector<std::pair<ShardId, shard::FeedSeq>>& positions) {
    std::map<ShardId, shard::FeedSeq> last;
    for (const auto& [shard, next] : positions)
        last[shard] = next;
    std::string rows;
    for (const auto& [shard, next] : last)
        rows += (rows.empty() ? "(" : ", (") + std::to_string(shard) + ", " + std::to_string(next) +
                ")";
    return "INSERT INTO positions VALUES " + rows +
           " ON CONFLICT (shard) DO UPDATE SET next_seq = excluded.next_seq";
}

}  // namespace

Result<std::unique_ptr<DuckdbHistory>> DuckdbHistory::open(const std::filesystem::path& file,
                                                           const DuckdbOptions& options) {
    duckdb_config config = nullptr;
    duckdb_create_config(&config);
    duckdb_set_config(config, "memory_limit",
                      (std::to_string(options.memory_limit_mb) + "MB").c_str());
    duckdb_set_config(config, "threads", std::to_string(options.threads).c_str());
    // What a statement leaves behind goes back to the system at once, not from 128 MB on.
    for (const auto* threshold :
         {"allocator_flush_threshold", "allocator_bulk_deallocation_flush_threshold"})
        duckdb_set_config(config, threshold, "8MB");
    duckdb_set_config(config, "autoinstall_known_extensions", "false");
    duckdb_set_config(config, "autoload_known_extensions", "false");
    duckdb_set_config(config, "temp_directory", (file.string() + ".tmp").c_str());
    std::unique_ptr<DuckdbHistory> history(new DuckdbHistory);
    char* why = nullptr;
    const auto state = duckdb_open_ext(file.c_str(), &history->database_, config, &why);
    duckdb_destroy_config(&config);
    if (state == DuckDBError) {
        std::string detail =
            "the history database cannot be opened: " + std::string(why ? why : "unknown");
        duckdb_free(why);
        return fail(ErrorCode::unavailable, "history.open", std::move(detail));
    }
    duckdb_connect(history->database_, &history->writer_);
    duckdb_connect(history->database_, &history->reader_);
    history->outbox_ = std::filesystem::absolute(file.string() + ".out");
    std::error_code ignored;
    std::filesystem::remove_all(history->outbox_, ignored);
    std::filesystem::create_directories(history->outbox_, ignored);
    // From here on no statement, whoever wrote it, reaches another file or changes a setting.
    history->run(history->writer_,
                 "SET allowed_directories = [" + sql_text(history->outbox_.string()) + "]");
    history->run(history->writer_, "SET max_temp_directory_size = '8GB'");
    history->run(history->writer_, "SET enable_external_access = false");
    history->run(history->writer_, "SET lock_configuration = true");
    history->run(history->writer_, schema);
    const auto version = read_number(
        history->writer_, "SELECT coalesce(max(value), 0)::UBIGINT FROM meta WHERE key = 'format'");
    if (version > format_version)
        return fail(ErrorCode::unsupported, "history.version",
                    "this history was written by a newer Qiao; start that version instead");
    history->run(history->writer_, "INSERT INTO meta VALUES ('format', " +
                                       std::to_string(format_version) + ") ON CONFLICT DO NOTHING");
    return history;
}

DuckdbHistory::~DuckdbHistory() {
    if (reader_)
        duckdb_disconnect(&reader_);
    if (writer_)
        duckdb_disconnect(&writer_);
    if (database_)
        duckdb_close(&database_);
}

void DuckdbHistory::run(duckdb_connection connection, const std::string& sql) {
    Answer answer;
    query(connection, sql, answer);
}

std::size_t DuckdbHistory::write(const HistoryBatch& batch) {
    std::lock_guard lock(write_mutex_);
    run(writer_, "BEGIN");
    try {
        const auto rows = append(batch.rows);
        for (const auto& [loser, winner] : batch.merges)
            if (winner == ProfileId::none)
                run(writer_, "DELETE FROM aliases WHERE loser = " + number(loser));
            else
                run(writer_, "INSERT INTO aliases VALUES (" + number(loser) + ", " +
                                 number(winner) +
                                 ") ON CONFLICT (loser) DO UPDATE SET winner = excluded.winner");
        for (const auto profile : batch.erased) {
            run(writer_, "DELETE FROM events WHERE profile = " + number(profile));
            run(writer_, "DELETE FROM aliases WHERE loser = " + number(profile));
        }
        if (!batch.positions.empty())
            run(writer_, save_positions(batch.positions));
        run(writer_, "COMMIT");
        return rows;
    } catch (...) {
        Answer ignored;
        duckdb_query(writer_, "ROLLBACK", &ignored.result);
        throw;
    }
}

std::size_t DuckdbHistory::append(const std::vector<HistoryRow>& rows) {
    if (rows.empty())
        return 0;
    const auto from = read_kept_from(writer_).value_or(Time::min());
    const auto is_late = [&](const HistoryRow& row) { return row.time < from; };
    const auto late = std::count_if(rows.begin(), rows.end(), is_late);
    if (late == 0) {
        detail::append_rows(writer_, rows);
        return rows.size();
    }
    auto kept = rows;
    std::erase_if(kept, is_late);
    if (!kept.empty())
        detail::append_rows(writer_, kept);
    return kept.size();
}

shard::FeedPositions DuckdbHistory::positions() {
    std::lock_guard lock(read_mutex_);
    shard::FeedPositions positions;
    positions.fill(1);
    Answer answer;
    query(reader_, "SELECT shard, next_seq FROM positions", answer);
    for_each_chunk(answer, [&](const ChunkReader& chunk, idx_t count) {
        for (idx_t at = 0; at < count; ++at)
            positions.at(chunk.fixed<std::uint16_t>(0, at)) = chunk.fixed<std::uint64_t>(1, at);
        return true;
    });
    return positions;
}

std::vector<HistoryRow> DuckdbHistory::timeline(const TimelineQuery& wanted) {
    std::lock_guard lock(read_mutex_);
    auto sql = family_of(wanted.profile) + select_columns +
               "WHERE profile IN (SELECT id FROM family) AND time < make_timestamp(" +
               std::to_string(to_ms(wanted.before)) + " * 1000)";
    if (!wanted.event.empty())
        sql += " AND event = " + sql_text(wanted.event);
    sql += " ORDER BY time DESC, received_at DESC, journal_offset DESC, ordinal DESC LIMIT " +
           std::to_string(wanted.limit);
    return read_rows(reader_, sql);
}

std::vector<HistoryRow> DuckdbHistory::recorded_for(ProfileId profile) {
    std::lock_guard lock(read_mutex_);
    return read_rows(reader_, std::string(select_columns) + "WHERE profile = " + number(profile) +
                                  " ORDER BY time, journal_offset, ordinal");
}

std::uint64_t DuckdbHistory::row_count() {
    std::lock_guard lock(read_mutex_);
    return read_number(reader_, "SELECT count(*)::UBIGINT FROM events");
}

Result<void> DuckdbHistory::copy_to(const std::filesystem::path& file) {
    std::lock_guard lock(write_mutex_);
    // The catalog is called like its file, and could be called like the copy: hence a name of its
    // own.
    const auto catalog = read_text(writer_, "SELECT current_database()");
    const auto made = outbox_ / ("copy-" + random_token(8) + ".duckdb");
    run(writer_, "ATTACH " + sql_text(made.string()) + " AS qiao_copy");
    try {
        run(writer_, "COPY FROM DATABASE " + quoted_name(catalog) + " TO qiao_copy");
        run(writer_, "CHECKPOINT qiao_copy");  // leaves one file without a log beside it
    } catch (...) {
        run(writer_, "DETACH qiao_copy");
        std::error_code ignored;
        std::filesystem::remove(made, ignored);
        throw;
    }
    run(writer_, "DETACH qiao_copy");
    move_file(made, file);
    return {};
}

// The mark is set first: a crash in between leaves rows that are not promised.
std::uint64_t DuckdbHistory::drop_before(Time until) {
    std::lock_guard lock(write_mutex_);
    run(writer_, "INSERT INTO meta VALUES ('kept_from', " + std::to_string(to_ms(until)) +
                     ") ON CONFLICT (key) DO UPDATE SET value = greatest(value, excluded.value)");
    const auto condition =
        "WHERE time < make_timestamp(" + std::to_string(to_ms(until)) + " * 1000)";
    const auto dropped = read_number(writer_, "SELECT count(*)::UBIGINT FROM events " + condition);
    if (dropped > 0)
        run(writer_, "DELETE FROM events " + condition);
    return dropped;
}

std::optional<Time> DuckdbHistory::kept_from() {
    std::lock_guard lock(read_mutex_);
    return read_kept_from(reader_);
}

bool DuckdbHistory::is_half_moved() {
    std::lock_guard lock(read_mutex_);
    return read_number(reader_, "SELECT count(*)::UBIGINT FROM meta WHERE key = 'moving'") > 0;
}

void DuckdbHistory::begin_move() {
    std::lock_guard lock(write_mutex_);
    run(writer_, "INSERT INTO meta VALUES ('moving', 1) ON CONFLICT DO NOTHING");
    run(writer_, "DELETE FROM aliases");
}

void DuckdbHistory::end_move() {
    std::lock_guard lock(write_mutex_);
    run(writer_, "DELETE FROM meta WHERE key = 'moving'");
}

std::vector<DayTotals> DuckdbHistory::days() {
    std::lock_guard lock(read_mutex_);
    Answer answer;
    query(reader_,
          "SELECT floor(ms / 86400000)::INTEGER AS day, count(*)::UBIGINT, "
          "sum(ms - floor(ms / 86400000)::BIGINT * 86400000)::UBIGINT, "
          "sum(profile % 1000003)::UBIGINT, sum(strlen(properties))::UBIGINT "
          "FROM (SELECT *, epoch_ms(time) AS ms FROM events) GROUP BY day ORDER BY day",
          answer);
    std::vector<DayTotals> days;
    for_each_chunk(answer, [&](const ChunkReader& chunk, idx_t count) {
        for (idx_t at = 0; at < count; ++at)
            days.push_back({chunk.fixed<std::int32_t>(0, at), chunk.fixed<std::uint64_t>(1, at),
                            chunk.fixed<std::uint64_t>(2, at), chunk.fixed<std::uint64_t>(3, at),
                            chunk.fixed<std::uint64_t>(4, at)});
        return true;
    });
    return days;
}

void DuckdbHistory::read_day(Day day, const std::function<void(std::vector<HistoryRow>)>& visit) {
    std::lock_guard lock(read_mutex_);
    Answer answer;
    query(reader_, select_columns + of_day(day), answer);
    std::vector<HistoryRow> rows;
    const auto pass_on = [&] {
        if (!rows.empty())
            visit(std::exchange(rows, {}));
    };
    for_each_chunk(answer, [&](const ChunkReader& chunk, idx_t count) {
        for (idx_t at = 0; at < count; ++at)
            rows.push_back(row_of(chunk, at));
        if (rows.size() >= rows_at_a_time)
            pass_on();
        return true;
    });
    pass_on();
}

void DuckdbHistory::delete_day(Day day) {
    std::lock_guard lock(write_mutex_);
    run(writer_, "DELETE FROM events " + of_day(day));
}

}  // namespace qiao::history
