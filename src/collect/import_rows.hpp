// The rows of a file, whatever its format: CSV, NDJSON or Parquet.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/value.hpp"

namespace qiao::collect {

enum class ImportFormat : std::uint8_t { csv, ndjson, parquet };
std::string_view name_of(ImportFormat format);
// By a hint ("csv", a file name, empty) and the first bytes. Error: imports.format.
Result<ImportFormat> import_format_of(std::string_view hint, std::string_view bytes);

struct ImportRow {
    std::uint64_t number = 0;  // of the row, from 0
    std::uint64_t line = 0;    // of the file, from 1 (Parquet: number + 1)
    // Cells that are not empty. Of CSV and Parquet all are strings, of NDJSON what they are.
    std::vector<std::pair<std::string, Value>> cells;
    std::string problem;         // empty where the row could be read
    std::string problem_column;  // where it is about one
};

class ImportRows {
public:
    virtual ~ImportRows() = default;
    // Names that are known beforehand: the header's; of NDJSON those of the first rows.
    virtual const std::vector<std::string>& columns() const = 0;
    virtual bool next(ImportRow& row) = 0;
    // About how many rows there are in all.
    virtual std::uint64_t total() const = 0;
};

struct OpenedFile {
    std::unique_ptr<ImportRows> rows;
    ImportFormat format = ImportFormat::csv;
    std::string encoding;   // of text formats
    std::string delimiter;  // of CSV
};
// Takes the bytes. `is_whole` is false for the beginning of a file (a preview). Parquet is read by
// DuckDB from a file in `scratch_directory` that is gone with the rows. Errors: imports.format,
// imports.encoding, imports.empty, imports.header, imports.parquet.
Result<OpenedFile> open_import(std::string bytes, std::string_view format_hint, bool is_whole,
                               const std::string& scratch_directory);

}  // namespace qiao::collect
