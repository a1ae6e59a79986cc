// Questions to DuckDB, and their answers column by column.
#pragma once

#include <duckdb.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/id.hpp"

namespace qiao::history::detail {

// A result that frees itself.
struct Answer {
    duckdb_result result{};
    ~Answer() { duckdb_destroy_result(&result); }
};

inline void query(duckdb_connection connection, const std::string& sql, Answer& answer) {
    if (duckdb_query(connection, sql.c_str(), &answer.result) == DuckDBError) {
        const char* why = duckdb_result_error(&answer.result);
        throw std::runtime_error(std::string("history: ") + (why ? why : "query failed"));
    }
}

inline std::string number(ProfileId profile) {
    return std::to_string(static_cast<std::uint64_t>(profile));
}

inline std::string quoted_name(std::string_view name) {
    std::string out = "\"";
    for (const char letter : name) {
        if (letter == '"')
            out.push_back('"');
        out.push_back(letter);
    }
    return out + "\"";
}

// The rows of one vector chunk, read column by column as `select_columns` names them.
struct ChunkReader {
    explicit ChunkReader(duckdb_data_chunk chunk) : chunk_(chunk) {}

    template <class T>
    T fixed(idx_t column, idx_t row) const {
        return static_cast<T*>(
            duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk_, column)))[row];
    }
    bool is_null(idx_t column, idx_t row) const {
        auto* valid =
            duckdb_vector_get_validity(duckdb_data_chunk_get_vector(chunk_, column));
        return valid && !duckdb_validity_row_is_valid(valid, row);
    }
    std::string text(idx_t column, idx_t row) const {
        auto* strings = static_cast<duckdb_string_t*>(
            duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk_, column)));
        return {duckdb_string_t_data(&strings[row]), duckdb_string_t_length(strings[row])};
    }

private:
    duckdb_data_chunk chunk_;
};

inline void for_each_chunk(Answer& answer,
                           const std::function<bool(const ChunkReader&, idx_t)>& visit) {
    while (auto chunk = duckdb_fetch_chunk(answer.result)) {
        const auto rows = duckdb_data_chunk_get_size(chunk);
        const bool goes_on = rows > 0 && visit(ChunkReader(chunk), rows);
        duckdb_destroy_data_chunk(&chunk);
        if (!goes_on)
            return;
    }
}

}  // namespace qiao::history::detail
