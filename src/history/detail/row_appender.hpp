// Rows into DuckDB, a vector of each column at a time.
#pragma once

#include <duckdb.h>

#include <span>

#include "history/history.hpp"

namespace qiao::history::detail {

// Appends to `events` within the connection's transaction. Throws std::runtime_error.
void append_rows(duckdb_connection connection, std::span<const HistoryRow> rows);

}  // namespace qiao::history::detail
