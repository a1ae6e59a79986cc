#include "collect/detail/parquet.hpp"

#include <duckdb.h>
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "base/id.hpp"

namespace qiao::collect::detail {

namespace {

tl::unexpected<Error> unreadable() {
    return fail(ErrorCode::unprocessable, "imports.parquet",
                "the Parquet file cannot be read; write it again or send CSV");
}

// Only the owner may read what a customer file holds.
bool write_private(const std::string& path, std::string_view bytes) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return false;
    while (!bytes.empty()) {
        const auto written = ::write(file, bytes.data(), bytes.size());
        if (written <= 0)
            break;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    ::close(file);
    return bytes.empty();
}

std::string sql_text(std::string_view text) {
    std::string out = "'";
    for (char c : text)
        out += c == '\'' ? std::string("''") : std::string(1, c);
    return out + "'";
}

class ParquetRows final : public ImportRows {
public:
    explicit ParquetRows(std::string path) : path_(std::move(path)) {}
    ~ParquetRows() override {
        if (chunk_)
            duckdb_destroy_data_chunk(&chunk_);
        if (has_result_)
            duckdb_destroy_result(&result_);
        if (connection_)
            duckdb_disconnect(&connection_);
        if (database_)
            duckdb_close(&database_);
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }

    Result<void> open() {
        duckdb_config config = nullptr;
        duckdb_create_config(&config);
        duckdb_set_config(config, "memory_limit", "256MB");
        duckdb_set_config(config, "threads", "1");
        const auto opened = duckdb_open_ext(nullptr, &database_, config, nullptr);
        duckdb_destroy_config(&config);
        if (opened != DuckDBSuccess || duckdb_connect(database_, &connection_) != DuckDBSuccess)
            return unreadable();
        const auto file = "read_parquet(" + sql_text(path_) + ")";
        if (!count(file))
            return unreadable();
        const auto query = "SELECT COLUMNS(*)::VARCHAR FROM " + file;
        has_result_ = true;
        if (duckdb_query(connection_, query.c_str(), &result_) != DuckDBSuccess)
            return unreadable();
        for (idx_t i = 0; i < duckdb_column_count(&result_); ++i)
            columns_.emplace_back(duckdb_column_name(&result_, i));
        return {};
    }

    const std::vector<std::string>& columns() const override { return columns_; }
    std::uint64_t total() const override { return total_; }

    bool next(ImportRow& row) override {
        row.cells.clear();
        row.problem.clear();
        row.problem_column.clear();
        while (!chunk_ || in_chunk_ >= duckdb_data_chunk_get_size(chunk_)) {
            if (chunk_)
                duckdb_destroy_data_chunk(&chunk_);
            chunk_ = duckdb_fetch_chunk(result_);
            in_chunk_ = 0;
            if (!chunk_)
                return false;
        }
        for (idx_t column = 0; column < columns_.size(); ++column) {
            const auto vector = duckdb_data_chunk_get_vector(chunk_, column);
            auto* validity = duckdb_vector_get_validity(vector);
            if (validity && !duckdb_validity_row_is_valid(validity, in_chunk_))
                continue;
            auto& text = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector))[in_chunk_];
            const auto length = duckdb_string_t_length(text);
            if (length > 0)
                row.cells.emplace_back(columns_[column],
                                       Value{std::string(duckdb_string_t_data(&text), length)});
        }
        ++in_chunk_;
        row.number = number_++;
        row.line = row.number + 1;
        return true;
    }

private:
    bool count(const std::string& file) {
        duckdb_result counted;
        const auto query = "SELECT count(*) FROM " + file;
        const bool good = duckdb_query(connection_, query.c_str(), &counted) == DuckDBSuccess;
        if (good)
            if (auto chunk = duckdb_fetch_chunk(counted)) {
                total_ = static_cast<std::uint64_t>(*static_cast<std::int64_t*>(
                    duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0))));
                duckdb_destroy_data_chunk(&chunk);
            }
        duckdb_destroy_result(&counted);
        return good;
    }

    std::string path_;
    duckdb_database database_ = nullptr;
    duckdb_connection connection_ = nullptr;
    duckdb_result result_{};
    bool has_result_ = false;
    duckdb_data_chunk chunk_ = nullptr;
    idx_t in_chunk_ = 0;
    std::vector<std::string> columns_;
    std::uint64_t number_ = 0, total_ = 0;
};

}  // namespace

Result<std::unique_ptr<ImportRows>> open_parquet(std::string_view bytes,
                                                 const std::string& scratch_directory) {
    std::filesystem::create_directories(scratch_directory);
    auto path = scratch_directory + "/import-" + random_token(12) + ".parquet";
    auto rows = std::make_unique<ParquetRows>(path);
    if (!write_private(path, bytes))
        return fail(ErrorCode::unavailable, "imports.disk",
                    "the file cannot be kept for reading; the disk may be full");
    if (auto opened = rows->open(); !opened)
        return fail(opened.error());
    return std::unique_ptr<ImportRows>(std::move(rows));
}

}  // namespace qiao::collect::detail
