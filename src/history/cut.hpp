// One moment of history: rows, merges and feed positions that belong together, for whoever rebuilds
// from it. The feeder writes on meanwhile.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "history/history.hpp"

namespace qiao::history {

// Some rows, column by column. Valid during the visit.
struct RowColumns {
    std::span<const ProfileId> profile;
    std::span<const std::int64_t> time_ms;
    // By row.
    std::string_view event(std::size_t row) const;
    std::string_view properties(std::size_t row) const;  // JSON
    const void* events = nullptr;                        // of DuckDB's texts
    const void* texts = nullptr;
};

class Cut {
public:
    // Reads are split into `parts`, which may run on a thread each. Waits for a write to end.
    // Throws std::runtime_error.
    Cut(History& history, unsigned parts);
    ~Cut();
    Cut(const Cut&) = delete;
    Cut& operator=(const Cut&) = delete;

    const shard::FeedPositions& positions() const { return positions_; }
    const std::vector<HistoryBatch::Alias>& aliases() const { return aliases_; }
    std::uint64_t rows() const { return rows_; }
    // The rows of one part since `from`; `visit` answers false to stop. Throws std::runtime_error.
    void read(unsigned part, Time from, const std::function<bool(const RowColumns&)>& visit);

private:
    std::vector<duckdb_connection> connections_;  // a transaction each, of the same moment
    shard::FeedPositions positions_{};
    std::vector<HistoryBatch::Alias> aliases_;
    std::uint64_t rows_ = 0, first_row_ = 0, last_row_ = 0;
};

}  // namespace qiao::history
