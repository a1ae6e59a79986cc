// History in a ClickHouse server. Tables: schema.hpp.
//
// There are no transactions over tables: a batch writes its positions last, and rows that lie
// beyond them, of a batch that broke off, are deleted before the next batch. State (merges, traits)
// is written again with the same outcome. Tags, identities and consents are kept too, so that rule
// trees and questions can be asked there (module twin). What is said of the whole of it are marks:
// numbers by name in `meta`, of which the largest counts.
#pragma once

#include <mutex>
#include <unordered_set>

#include "clickhouse/connection.hpp"
#include "clickhouse/schema.hpp"
#include "history/history.hpp"

namespace qiao::clickhouse {

class ClickHouseHistory final : public history::History, public history::Traits {
public:
    // Makes what is missing. Errors: clickhouse.*, history.version (made by a newer Qiao).
    static Result<std::unique_ptr<history::History>> open(std::unique_ptr<Connection> connection,
                                                          const SchemaOptions& options);

    std::size_t write(const history::HistoryBatch& batch) override;
    // Every insert makes a part, which ClickHouse merges later.
    Duration gather_pause() const override { return std::chrono::milliseconds(500); }
    shard::FeedPositions positions() override;
    // Of who is no one's loser; of others their own rows alone.
    std::vector<history::HistoryRow> timeline(const TimelineQuery& query) override;
    std::vector<history::HistoryRow> recorded_for(ProfileId profile) override;
    std::uint64_t row_count() override;
    std::uint64_t drop_before(Time until) override;
    std::optional<Time> kept_from() override;
    std::unique_ptr<history::Cut> cut(unsigned parts) override;
    Result<void> copy_to(const std::filesystem::path& file) override;
    bool belongs_to(std::int64_t directory) override;

    history::Traits* traits() override { return this; }
    bool are_whole() override;
    void set_whole() override;
    ShardId shards_told() override;
    void set_shards_told(ShardId count) override;

    bool is_half_moved() override;
    void begin_move() override;
    void end_move() override;
    std::vector<history::DayTotals> days() override;
    void read_day(Day day,
                  const std::function<void(std::vector<history::HistoryRow>)>& visit) override;
    void delete_day(Day day) override;

private:
    ClickHouseHistory(std::unique_ptr<Connection> connection, const SchemaOptions& options)
        : connection_(std::move(connection)), options_(options) {}
    Result<void> prepare();
    Rows ask(const std::string& select);
    std::uint64_t number(const std::string& select);
    void execute(const std::string& statement);
    void insert(std::string_view table, const std::string& lines);
    std::int64_t mark(std::string_view name);
    void set_mark(std::string_view name, std::int64_t value);
    void truncate(const std::string& table);
    void delete_events(const std::string& condition);
    void delete_unfinished();
    std::size_t insert_rows(const std::vector<history::HistoryRow>& rows);
    void insert_newcomers(const history::HistoryBatch& batch);
    void change_standing(const history::HistoryBatch& batch);
    void insert_traits(const std::vector<history::TraitChange>& traits);

    std::unique_ptr<Connection> connection_;
    SchemaOptions options_;
    std::mutex write_mutex_;
    bool is_torn_ = true;                  // the last batch may have broken off
    std::uint64_t version_ = 0;            // of the last change of state
    std::unordered_set<ProfileId> known_;  // some profiles that the server knows
};

}  // namespace qiao::clickhouse
