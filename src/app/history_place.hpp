// Where history is: a DuckDB file, or a database of a ClickHouse server.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "clickhouse/connection.hpp"
#include "customer/vault.hpp"
#include "history/history.hpp"
#include "shard/shards.hpp"

namespace qiao::app {

// `place` is a path or clickhouse://… (clickhouse/address.hpp). Errors: those of the two.
Result<std::unique_ptr<history::History>> open_history(const std::string& place,
                                                       int duckdb_memory_mb);

// A connection of its own for questions about such a history: short, and given up by ClickHouse
// when they take too long. Error: app.questions_from (unprocessable) of a file.
Result<std::unique_ptr<clickhouse::Connection>> open_questions(const std::string& place);

// Whether a server of the data directory can go on with this history. Errors (conflict):
// history.unfinished_move, history.other_directory, history.outside_feed.
Result<void> check_history(history::History& history, const customer::Vault& vault,
                           const shard::Shards& shards);

// ---- the place that a data directory's server used last, for who works on it while none runs ----

// A file of the data directory, there while history is elsewhere.
inline constexpr const char* place_file = "history.place";
// "clickhouse://host:8123/database", without user and password; empty: history is in the data
// directory's own file, or no server has started there yet.
std::string place_used(const std::filesystem::path& data_dir);
// `place` as --history takes it; empty: the own file. Throws std::exception on a full disk.
void keep_place(const std::filesystem::path& data_dir, const std::string& place);

}  // namespace qiao::app
