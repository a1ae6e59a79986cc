// History in one DuckDB file. A batch and the positions it leads to are one transaction. Format:
// docs/formats/history.md.
#pragma once

#include <duckdb.h>

#include <mutex>

#include "history/history.hpp"

namespace qiao::history {

struct DuckdbOptions {
    int memory_limit_mb = 96;
    int threads = 1;
};

class DuckdbHistory final : public History {
public:
    // Errors: history.open, history.version (made by a newer Qiao).
    static Result<std::unique_ptr<DuckdbHistory>> open(const std::filesystem::path& file,
                                                       const DuckdbOptions& options);
    ~DuckdbHistory() override;
    DuckdbHistory* in_file() override { return this; }

    std::size_t write(const HistoryBatch& batch) override;
    shard::FeedPositions positions() override;
    std::vector<HistoryRow> timeline(const TimelineQuery& query) override;
    std::vector<HistoryRow> recorded_for(ProfileId profile) override;
    std::uint64_t row_count() override;
    std::uint64_t drop_before(Time until) override;
    std::optional<Time> kept_from() override;
    std::unique_ptr<Cut> cut(unsigned parts) override;
    Result<void> copy_to(const std::filesystem::path& file) override;
    bool is_half_moved() override;
    void begin_move() override;
    void end_move() override;
    std::vector<DayTotals> days() override;
    void read_day(Day day, const std::function<void(std::vector<HistoryRow>)>& visit) override;
    void delete_day(Day day) override;
    // The one folder beside its own files that the database writes to; emptied when it is opened.
    const std::filesystem::path& outbox() const { return outbox_; }

private:
    friend class DuckdbCut;
    friend class Analysis;  // a question in SQL (analysis.hpp)
    DuckdbHistory() = default;
    void run(duckdb_connection connection, const std::string& sql);
    std::size_t append(const std::vector<HistoryRow>& rows);

    std::filesystem::path outbox_;
    duckdb_database database_ = nullptr;
    duckdb_connection writer_ = nullptr;
    std::mutex write_mutex_;
    std::mutex read_mutex_;
    duckdb_connection reader_ = nullptr;
};

}  // namespace qiao::history
