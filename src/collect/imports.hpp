// Imports: a file of customers' tags or of events, taken row by row into the journal by a job.
//
// A row that cannot be taken is reported (line, column, reason) and the others pass. A row's
// message id is made from the content of the whole file, the mapping and the row's number, so that
// the same import again, also after a crash in its middle, takes nothing twice; where the earlier
// one was completed, it is answered without reading the file at all.
#pragma once

#include <boost/json/fwd.hpp>

#include "collect/import_mapping.hpp"
#include "collect/intake.hpp"
#include "runtime/jobs.hpp"

namespace qiao::collect {

struct Import {
    std::string id;  // "imp_…"
    std::string name, kind, format;
    Time at{};
    std::string by_id, by_name;
    std::string status;  // waiting, running, done, failed, cancelled
    std::string message;
    std::int64_t total = 0, accepted = 0, rejected = 0;  // rows
    std::string job_id;
    std::string mapping_json;
};

struct ImportError {
    std::int64_t seq = 0;
    std::int64_t line = 0;
    std::string column, reason;
};

struct ImportPreview {
    OpenedFile file;
    std::vector<ColumnSketch> columns;
    ImportMapping mapping;
};

class Imports {
public:
    static constexpr std::size_t max_file_bytes = 256u << 20;
    static constexpr std::int64_t max_errors = 1'000'000;  // then the import stops

    Imports(sql::Database& database, Intake& intake, dictionary::Dictionary& dictionary, Jobs& jobs,
            const Clock& clock, const Calendar& calendar, std::string scratch_directory);

    // The first rows of a file (its beginning is enough, but for Parquet).
    Result<ImportPreview> preview(std::string bytes, std::string_view format_hint, bool is_whole,
                                  std::string_view file_name) const;

    struct Request {
        std::string bytes;
        std::string name;                         // of the file
        std::string format_hint;                  // "", "csv", "ndjson", "parquet"
        std::optional<std::string> mapping_json;  // else as suggested
        std::string by_id, by_name;
    };
    // Starts the job. Errors: those of opening, of the mapping, imports.type_conflict (with the
    // column's pointer), jobs.too_many.
    Result<Import> start(Request request);

    // Newest first. `cursor` is the last id of the page before.
    std::vector<Import> list(std::string_view cursor, std::size_t limit) const;
    Result<Import> get(std::string_view id) const;  // error: imports.not_found
    // Up to `limit` errors after `after`, by line.
    std::vector<ImportError> errors(std::string_view id, std::int64_t after,
                                    std::size_t limit) const;

private:
    struct Run;
    Result<std::string> carry_out(Run& run, Job& job);
    Result<void> check_types(const ImportMapping& mapping) const;
    void save(const Import& import) const;
    void save_errors(const std::string& id, std::vector<ImportError>& errors) const;

    sql::Database& database_;
    Intake& intake_;
    dictionary::Dictionary& dictionary_;
    Jobs& jobs_;
    const Clock& clock_;
    const Calendar& calendar_;
    std::string scratch_directory_;
};

}  // namespace qiao::collect
