// Parquet by DuckDB, in memory with a limit; every column is read as text.
#pragma once

#include "collect/import_rows.hpp"

namespace qiao::collect::detail {

Result<std::unique_ptr<ImportRows>> open_parquet(std::string_view bytes,
                                                 const std::string& scratch_directory);

}  // namespace qiao::collect::detail
