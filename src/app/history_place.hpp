// Where history is: a DuckDB file, or a database of a ClickHouse server.
#pragma once

#include <memory>
#include <string>

#include "history/history.hpp"

namespace qiao::app {

// `place` is a path or clickhouse://… (clickhouse/address.hpp). Errors: those of the two.
Result<std::unique_ptr<history::History>> open_history(const std::string& place,
                                                       int duckdb_memory_mb);

}  // namespace qiao::app
