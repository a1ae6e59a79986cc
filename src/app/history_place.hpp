// Where history is: a DuckDB file, or a database of a ClickHouse server.
#pragma once

#include <memory>
#include <string>

#include "clickhouse/connection.hpp"
#include "history/history.hpp"

namespace qiao::app {

// `place` is a path or clickhouse://… (clickhouse/address.hpp). Errors: those of the two.
Result<std::unique_ptr<history::History>> open_history(const std::string& place,
                                                       int duckdb_memory_mb);

// A connection of its own for questions about such a history: short, and given up by ClickHouse
// when they take too long. Error: app.questions_from (unprocessable) of a file.
Result<std::unique_ptr<clickhouse::Connection>> open_questions(const std::string& place);

}  // namespace qiao::app
