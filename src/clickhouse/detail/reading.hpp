// Rows of the table events, as history shows them.
#pragma once

#include "clickhouse/connection.hpp"
#include "history/history.hpp"

namespace qiao::clickhouse::detail {

std::vector<std::string> row_columns();
std::vector<history::HistoryRow> read_history(const Rows& rows);  // of those columns
ProfileId profile_at(const Row& row, std::size_t column);

// A condition on events: of a record that these positions have not reached.
std::string is_beyond(const shard::FeedPositions& positions);

// Many rows are read in pages that fit into memory.
std::uint64_t pages_of(std::uint64_t rows);
std::string is_on_page(std::uint64_t page, std::uint64_t pages);

}  // namespace qiao::clickhouse::detail
