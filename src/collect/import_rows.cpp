#include "collect/import_rows.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <set>

#include "collect/csv.hpp"
#include "collect/detail/parquet.hpp"

namespace qiao::collect {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 3> format_names = {"csv", "ndjson", "parquet"};
constexpr std::size_t max_columns = 300;

std::string trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return std::string(text);
}

Result<void> check_header(const std::vector<std::string>& columns) {
    if (columns.size() > max_columns)
        return fail(ErrorCode::unprocessable, "imports.header",
                    "a file may have at most " + std::to_string(max_columns) + " columns");
    std::set<std::string> seen;
    for (const auto& column : columns)
        if (column.empty() || !seen.insert(column).second)
            return fail(ErrorCode::unprocessable, "imports.header",
                        column.empty() ? "a column of the first line has no name"
                                       : "two columns have the same name in the first line");
    return {};
}

class CsvRows final : public ImportRows {
public:
    CsvRows(std::string text, char delimiter, bool is_whole)
        : text_(std::move(text)), reader_(text_, delimiter), is_whole_(is_whole) {}

    Result<void> read_header() {
        std::string problem;
        if (!reader_.next(fields_, problem))
            return fail(ErrorCode::unprocessable, "imports.empty", "the file is empty");
        for (const auto& field : fields_)
            columns_.push_back(trimmed(field));
        if (!problem.empty())
            return fail(ErrorCode::unprocessable, "imports.header", problem);
        const auto newlines = std::count(text_.begin(), text_.end(), '\n');
        const bool is_ended = text_.ends_with('\n');
        total_ = static_cast<std::uint64_t>(newlines) - (is_ended && newlines > 0 ? 1 : 0);
        return check_header(columns_);
    }
    const std::vector<std::string>& columns() const override { return columns_; }
    std::uint64_t total() const override { return total_; }

    bool next(ImportRow& row) override {
        row.cells.clear();
        row.problem_column.clear();
        if (!reader_.next(fields_, row.problem))
            return false;
        // The beginning of a file ends in the middle of a row.
        if (!is_whole_ && reader_.is_open_ended())
            return false;
        row.number = number_++;
        row.line = reader_.line();
        if (row.problem.empty() && fields_.size() != columns_.size())
            row.problem = "the row has " + std::to_string(fields_.size()) + " columns instead of " +
                          std::to_string(columns_.size());
        if (!row.problem.empty())
            return true;
        for (std::size_t i = 0; i < fields_.size(); ++i)
            if (!fields_[i].empty())
                row.cells.emplace_back(columns_[i], Value{std::move(fields_[i])});
        return true;
    }

private:
    std::string text_;
    CsvReader reader_;
    bool is_whole_;
    std::vector<std::string> columns_, fields_;
    std::uint64_t number_ = 0, total_ = 0;
};

class NdjsonRows final : public ImportRows {
public:
    NdjsonRows(std::string text, bool is_whole) : text_(std::move(text)), is_whole_(is_whole) {
        total_ = static_cast<std::uint64_t>(std::count(text_.begin(), text_.end(), '\n')) +
                 (text_.ends_with('\n') ? 0 : 1);
        collect_columns();
    }
    const std::vector<std::string>& columns() const override { return columns_; }
    std::uint64_t total() const override { return total_; }

    bool next(ImportRow& row) override {
        row.cells.clear();
        row.problem.clear();
        row.problem_column.clear();
        std::string_view line;
        do {
            if (at_ >= text_.size())
                return false;
            const auto end = text_.find('\n', at_);
            if (end == std::string::npos && !is_whole_)
                return false;
            line = std::string_view(text_).substr(at_, end - at_);
            at_ = end == std::string::npos ? text_.size() : end + 1;
            ++line_;
        } while (line.find_first_not_of(" \t\r") == std::string_view::npos);
        row.number = number_++;
        row.line = line_;
        read(line, row);
        return true;
    }

private:
    void read(std::string_view line, ImportRow& row) {
        json::error_code error;
        const auto value = json::parse(json::string_view(line.data(), line.size()), error);
        if (error || !value.is_object()) {
            row.problem = error ? "the line is not valid JSON" : "the line is not a JSON object";
            return;
        }
        if (auto added = add_json_object(row.cells, value.get_object()); !added) {
            row.problem = added.error().detail;
            row.problem_column =
                added.error().pointer.empty() ? "" : added.error().pointer.substr(1);
        }
    }
    void collect_columns() {
        ImportRow row;
        for (int i = 0; i < 200 && next(row); ++i)
            for (const auto& [column, value] : row.cells)
                if (columns_.size() < max_columns &&
                    std::find(columns_.begin(), columns_.end(), column) == columns_.end())
                    columns_.push_back(column);
        at_ = 0;
        line_ = number_ = 0;
    }

    std::string text_;
    bool is_whole_;
    std::vector<std::string> columns_;
    std::size_t at_ = 0;
    std::uint64_t line_ = 0, number_ = 0, total_ = 0;
};

Result<OpenedFile> open_text(std::string bytes, ImportFormat format, bool is_whole) {
    OpenedFile file;
    file.format = format;
    file.encoding = encoding_of(bytes, is_whole);
    auto text = to_utf8(std::move(bytes), is_whole);
    if (!text)
        return fail(text.error());
    if (text->find_first_not_of(" \t\r\n") == std::string::npos)
        return fail(ErrorCode::unprocessable, "imports.empty", "the file is empty");
    if (format == ImportFormat::ndjson) {
        file.rows = std::make_unique<NdjsonRows>(std::move(*text), is_whole);
        return file;
    }
    const char delimiter = delimiter_of(*text);
    file.delimiter = std::string(1, delimiter);
    auto rows = std::make_unique<CsvRows>(std::move(*text), delimiter, is_whole);
    if (auto header = rows->read_header(); !header)
        return fail(header.error());
    file.rows = std::move(rows);
    return file;
}

}  // namespace

std::string_view name_of(ImportFormat format) {
    return format_names[static_cast<std::size_t>(format)];
}

Result<ImportFormat> import_format_of(std::string_view hint, std::string_view bytes) {
    if (bytes.starts_with("PAR1"))
        return ImportFormat::parquet;
    if (const auto dot = hint.rfind('.'); dot != std::string_view::npos)
        hint.remove_prefix(dot + 1);
    if (hint == "csv" || hint == "tsv" || hint == "txt")
        return ImportFormat::csv;
    if (hint == "ndjson" || hint == "jsonl")
        return ImportFormat::ndjson;
    const auto first = bytes.find_first_not_of(" \t\r\n\xef\xbb\xbf");
    if (hint == "parquet")
        return fail(ErrorCode::unprocessable, "imports.format", "the file is not a Parquet file");
    if (first != std::string_view::npos && bytes[first] == '{')
        return ImportFormat::ndjson;
    return ImportFormat::csv;
}

Result<OpenedFile> open_import(std::string bytes, std::string_view format_hint, bool is_whole,
                               const std::string& scratch_directory) {
    const auto format = import_format_of(format_hint, bytes);
    if (!format)
        return fail(format.error());
    if (*format != ImportFormat::parquet)
        return open_text(std::move(bytes), *format, is_whole);
    auto rows = detail::open_parquet(bytes, scratch_directory);
    if (!rows)
        return fail(rows.error());
    OpenedFile file;
    file.format = ImportFormat::parquet;
    file.rows = std::move(*rows);
    return file;
}

}  // namespace qiao::collect
