// One moment of a DuckDB file: a transaction for each part.
#include "base/check.hpp"
#include "history/detail/query.hpp"
#include "history/duckdb_history.hpp"

namespace qiao::history {

using namespace detail;

namespace {

void read_texts(void* column, idx_t count, std::vector<std::string_view>& texts) {
    auto* text = static_cast<duckdb_string_t*>(column);
    texts.resize(count);
    for (idx_t row = 0; row < count; ++row, ++text)
        texts[row] = {duckdb_string_t_data(text), duckdb_string_t_length(*text)};
}

struct Destroy {
    using pointer = duckdb_data_chunk;
    void operator()(duckdb_data_chunk chunk) const { duckdb_destroy_data_chunk(&chunk); }
};
using Chunk = std::unique_ptr<void, Destroy>;

// A query whose rows are made as they are fetched: nothing is gathered.
class Stream {
public:
    Stream(duckdb_connection connection, const std::string& sql) {
        if (duckdb_prepare(connection, sql.c_str(), &statement_) == DuckDBError)
            refuse(duckdb_prepare_error(statement_));
        if (duckdb_pending_prepared_streaming(statement_, &pending_) == DuckDBError)
            refuse(duckdb_pending_error(pending_));
        if (duckdb_execute_pending(pending_, &result_) == DuckDBError)
            refuse(duckdb_result_error(&result_));
    }
    ~Stream() { close(); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    // Null at the end.
    Chunk next() {
        Chunk chunk(duckdb_fetch_chunk(result_));
        if (const char* why = chunk ? nullptr : duckdb_result_error(&result_))
            throw std::runtime_error(std::string("history: ") + why);
        return chunk;
    }

private:
    // A constructor that throws runs no destructor.
    void refuse(const char* why) {
        const std::string message = std::string("history: ") + (why ? why : "query failed");
        close();
        throw std::runtime_error(message);
    }
    void close() {
        duckdb_destroy_result(&result_);
        duckdb_destroy_pending(&pending_);
        duckdb_destroy_prepare(&statement_);
    }
    duckdb_prepared_statement statement_ = nullptr;
    duckdb_pending_result pending_ = nullptr;
    duckdb_result result_{};
};

}  // namespace

class DuckdbCut final : public Cut {
public:
    DuckdbCut(DuckdbHistory& history, unsigned parts);
    ~DuckdbCut() override;

    const shard::FeedPositions& positions() const override { return positions_; }
    const std::vector<HistoryBatch::Alias>& aliases() const override { return aliases_; }
    std::uint64_t rows() const override { return rows_; }
    void read(unsigned part, Time from,
              const std::function<bool(const RowColumns&)>& visit) override;

private:
    std::vector<duckdb_connection> connections_;  // a transaction each, of the same moment
    shard::FeedPositions positions_{};
    std::vector<HistoryBatch::Alias> aliases_;
    std::uint64_t rows_ = 0, first_row_ = 0, last_row_ = 0;
};

std::unique_ptr<Cut> DuckdbHistory::cut(unsigned parts) {
    return std::make_unique<DuckdbCut>(*this, parts);
}

// A transaction sees what was committed before its first query; no write comes between them.
DuckdbCut::DuckdbCut(DuckdbHistory& history, unsigned parts) {
    const std::lock_guard no_write(history.write_mutex_);
    for (unsigned part = 0; part < parts; ++part) {
        duckdb_connection connection = nullptr;
        duckdb_connect(history.database_, &connection);
        connections_.push_back(connection);
        history.run(connection, "BEGIN");
        history.run(connection, "SELECT count(*) FROM positions");
    }
    auto* first = connections_.front();
    positions_.fill(1);
    Answer positions, aliases, rows;
    query(first, "SELECT shard, next_seq FROM positions", positions);
    for_each_chunk(positions, [&](const ChunkReader& chunk, idx_t count) {
        for (idx_t at = 0; at < count; ++at)
            positions_.at(chunk.fixed<std::uint16_t>(0, at)) = chunk.fixed<std::uint64_t>(1, at);
        return true;
    });
    query(first, "SELECT loser, winner FROM aliases", aliases);
    for_each_chunk(aliases, [&](const ChunkReader& chunk, idx_t count) {
        for (idx_t at = 0; at < count; ++at)
            aliases_.push_back({ProfileId{chunk.fixed<std::uint64_t>(0, at)},
                                ProfileId{chunk.fixed<std::uint64_t>(1, at)}});
        return true;
    });
    query(first,
          "SELECT count(*)::UBIGINT, coalesce(min(rowid), 0)::UBIGINT, "
          "coalesce(max(rowid) + 1, 0)::UBIGINT FROM events",
          rows);
    for_each_chunk(rows, [&](const ChunkReader& chunk, idx_t) {
        rows_ = chunk.fixed<std::uint64_t>(0, 0);
        first_row_ = chunk.fixed<std::uint64_t>(1, 0);
        last_row_ = chunk.fixed<std::uint64_t>(2, 0);
        return false;
    });
}

DuckdbCut::~DuckdbCut() {
    for (auto& connection : connections_) {
        Answer ignored;
        duckdb_query(connection, "ROLLBACK", &ignored.result);
        duckdb_disconnect(&connection);
    }
}

void DuckdbCut::read(unsigned part, Time from,
                     const std::function<bool(const RowColumns&)>& visit) {
    check(part < connections_.size());
    const auto size = last_row_ - first_row_;
    const auto begin = first_row_ + size * part / connections_.size();
    const auto end = first_row_ + size * (part + 1) / connections_.size();
    auto sql = "SELECT profile, time, event, properties FROM events WHERE rowid >= " +
               std::to_string(begin) + " AND rowid < " + std::to_string(end);
    if (from > Time::min())
        sql += " AND time >= make_timestamp(" + std::to_string(to_ms(from)) + " * 1000)";
    Stream stream(connections_[part], sql);
    std::vector<std::string_view> events, properties;
    while (const auto chunk = stream.next()) {
        const auto count = duckdb_data_chunk_get_size(chunk.get());
        const auto column = [&](idx_t number) {
            return duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk.get(), number));
        };
        RowColumns rows;
        rows.profile = {static_cast<const ProfileId*>(column(0)), count};
        rows.time_ms = {static_cast<const std::int64_t*>(column(1)), count};
        read_texts(column(2), count, events);
        read_texts(column(3), count, properties);
        rows.event = events;
        rows.properties = properties;
        if (count > 0 && !visit(rows))
            return;
    }
}

}  // namespace qiao::history
