#include "history/detail/row_appender.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "base/check.hpp"

namespace qiao::history::detail {

namespace {

constexpr idx_t column_count = 10;  // of `events`

// What frees itself, also where the appender could not be made.
struct Handles {
    duckdb_appender appender = nullptr;
    duckdb_data_chunk chunk = nullptr;
    ~Handles() {
        duckdb_destroy_data_chunk(&chunk);
        duckdb_appender_destroy(&appender);
    }
};

class RowAppender {
public:
    explicit RowAppender(duckdb_connection connection) {
        if (duckdb_appender_create(connection, nullptr, "events", &handles_.appender) ==
            DuckDBError)
            fail();
        duckdb_logical_type types[column_count];
        for (idx_t column = 0; column < column_count; ++column)
            types[column] = duckdb_appender_column_type(handles_.appender, column);
        handles_.chunk = duckdb_create_data_chunk(types, column_count);
        for (auto& type : types)
            duckdb_destroy_logical_type(&type);
    }
    RowAppender(const RowAppender&) = delete;
    RowAppender& operator=(const RowAppender&) = delete;

    // At most a vector of rows, which stay where they are until the call returns.
    void append(std::span<const HistoryRow> rows) {
        duckdb_data_chunk_reset(handles_.chunk);
        fill<std::uint64_t>(
            0, rows, [](const HistoryRow& row) { return static_cast<std::uint64_t>(row.profile); });
        fill<std::int64_t>(1, rows, [](const HistoryRow& row) { return to_ms(row.time); });
        fill<std::int64_t>(2, rows, [](const HistoryRow& row) { return to_ms(row.received_at); });
        fill<duckdb_string_t>(3, rows, [](const HistoryRow& row) { return borrow(row.event); });
        fill<duckdb_string_t>(4, rows, [](const HistoryRow& row) { return borrow(row.source); });
        fill<duckdb_string_t>(5, rows,
                              [](const HistoryRow& row) { return borrow(row.message_id); });
        fill<std::uint16_t>(6, rows, [](const HistoryRow& row) { return row.shard; });
        fill<std::uint64_t>(7, rows, [](const HistoryRow& row) { return row.offset; });
        fill<std::uint32_t>(8, rows, [](const HistoryRow& row) { return row.ordinal; });
        fill<duckdb_string_t>(9, rows,
                              [](const HistoryRow& row) { return borrow(row.properties); });
        duckdb_data_chunk_set_size(handles_.chunk, rows.size());
        if (duckdb_append_data_chunk(handles_.appender, handles_.chunk) == DuckDBError)
            fail();
    }

    void flush() {
        if (duckdb_appender_flush(handles_.appender) == DuckDBError)
            fail();
    }

private:
    template <class Cell, class Read>
    void fill(idx_t column, std::span<const HistoryRow> rows, Read read) {
        auto* cells = static_cast<Cell*>(
            duckdb_vector_get_data(duckdb_data_chunk_get_vector(handles_.chunk, column)));
        std::transform(rows.begin(), rows.end(), cells, read);
    }

    // DuckDB's form of a text that stays ours: short ones lie in it, long ones are pointed to. The
    // appender copies them.
    static duckdb_string_t borrow(std::string_view text) {
        check(text.size() <= std::numeric_limits<std::uint32_t>::max());
        duckdb_string_t cell{};
        constexpr std::size_t longest_inlined = sizeof cell.value.inlined.inlined;
        if (text.size() <= longest_inlined) {
            cell.value.inlined.length = static_cast<std::uint32_t>(text.size());
            text.copy(cell.value.inlined.inlined, text.size());
            return cell;
        }
        cell.value.pointer.length = static_cast<std::uint32_t>(text.size());
        std::memcpy(cell.value.pointer.prefix, text.data(), sizeof cell.value.pointer.prefix);
        cell.value.pointer.ptr = const_cast<char*>(text.data());
        return cell;
    }

    [[noreturn]] void fail() {
        const char* why = handles_.appender ? duckdb_appender_error(handles_.appender) : nullptr;
        throw std::runtime_error(std::string("history: ") + (why ? why : "append failed"));
    }

    Handles handles_;
};

}  // namespace

void append_rows(duckdb_connection connection, std::span<const HistoryRow> rows) {
    RowAppender appender(connection);
    const std::size_t most = duckdb_vector_size();
    for (; !rows.empty(); rows = rows.subspan(std::min(most, rows.size())))
        appender.append(rows.first(std::min(most, rows.size())));
    appender.flush();
}

}  // namespace qiao::history::detail
