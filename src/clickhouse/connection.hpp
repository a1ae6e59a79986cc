// A database of ClickHouse, wherever it runs.
#pragma once

#include <boost/json/array.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace qiao::clickhouse {

// In so many steps a statement advances the progress of its thread (runtime/progress.hpp), where a
// connection tells how far it is; who asks expects them.
inline constexpr std::uint64_t statement_steps = 1000;

// One row: its columns in order. Whole numbers of 64 bits and less are JSON numbers, wider ones are
// selected as texts.
using Row = boost::json::array;
using Rows = std::vector<Row>;

// Thread-safe.
class Connection {
public:
    virtual ~Connection() = default;

    // Errors: clickhouse.unreachable, clickhouse.refused, clickhouse.too_slow (unavailable),
    // clickhouse.too_large where a limit of the query's is reached, and what a query itself
    // says by throwIf('module.reason').
    virtual Result<Rows> ask(const std::string& select) = 0;
    // For those who watch: so many statements follow for one answer, with the next one.
    virtual void expect(std::size_t /*statements*/) {}
    // A statement without an answer: DDL, ALTER, DELETE.
    virtual Result<void> execute(const std::string& statement) = 0;
    // Rows as lines of JSON objects. A server drops what comes with a token that it has seen.
    virtual Result<void> insert(std::string_view table, const std::string& lines,
                                std::string_view token) = 0;
};

// What the modules above can do with ClickHouse's own error, of which only the code is told on.
Error error_of(std::string_view text);
// Lines of arrays (JSONCompactEachRow).
Rows read_rows(std::string_view lines);

// How statements are to be run, as "name=value" pairs of settings.
std::vector<std::pair<std::string, std::string>> settings();

}  // namespace qiao::clickhouse
