#include "collect/imports.hpp"

#include <boost/json.hpp>

namespace qiao::collect {

namespace json = boost::json;

namespace {

constexpr std::size_t sketch_rows = 5'000;
constexpr std::size_t rows_per_append = 1'000;

constexpr std::string_view select_imports =
    "SELECT id, name, kind, format, at, by_id, by_name, status, message, total, accepted, "
    "rejected, job_id, "
    "mapping FROM collect_imports ";

Import import_of(const sql::Row& row) {
    Import import;
    import.id = row.text(0);
    import.name = row.text(1);
    import.kind = row.text(2);
    import.format = row.text(3);
    import.at = row.time(4);
    import.by_id = row.text(5);
    import.by_name = row.text(6);
    import.status = row.text(7);
    import.message = row.text(8);
    import.total = row.integer(9);
    import.accepted = row.integer(10);
    import.rejected = row.integer(11);
    import.job_id = row.text(12);
    import.mapping_json = row.text(13);
    return import;
}

std::string content_key(std::string_view bytes, std::string_view mapping) {
    const auto seed = hash64(mapping, 31);
    char hex[33];
    std::snprintf(hex, sizeof hex, "%016llx%016llx",
                  static_cast<unsigned long long>(hash64(bytes, seed)),
                  static_cast<unsigned long long>(hash64(bytes, seed ^ 0x5bd1e995)));
    return hex;
}

}  // namespace

// One import under way.
struct Imports::Run {
    Import import;
    ImportMapping mapping;
    std::unique_ptr<ImportRows> rows;
    std::string key;
    std::vector<Fact> facts;
    std::vector<std::uint64_t> lines;  // of the facts
    std::vector<ImportError> errors;
    std::int64_t next_error = 1;

    void refuse(std::uint64_t line, std::string column, std::string reason) {
        errors.push_back(
            {next_error++, static_cast<std::int64_t>(line), std::move(column), std::move(reason)});
        ++import.rejected;
    }
};

Imports::Imports(sql::Database& database, Intake& intake, dictionary::Dictionary& dictionary,
                 Jobs& jobs, const Clock& clock, const Calendar& calendar,
                 std::string scratch_directory)
    : database_(database),
      intake_(intake),
      dictionary_(dictionary),
      jobs_(jobs),
      clock_(clock),
      calendar_(calendar),
      scratch_directory_(std::move(scratch_directory)) {
    // What ran when the server stopped has no job any more.
    database_.execute(
        "UPDATE collect_imports SET status = 'failed', message = $1 WHERE status IN "
        "('waiting', 'running')",
        {std::string("the server stopped meanwhile; import the file again, rows that were "
                     "taken are not taken twice")});
}

Result<ImportPreview> Imports::preview(std::string bytes, std::string_view format_hint,
                                       bool is_whole, std::string_view file_name) const {
    auto file = open_import(std::move(bytes), format_hint.empty() ? file_name : format_hint,
                            is_whole, scratch_directory_);
    if (!file)
        return fail(file.error());
    ImportPreview preview;
    preview.file = std::move(*file);
    preview.columns = sketch_columns(*preview.file.rows, sketch_rows);
    preview.mapping = suggest_mapping(preview.columns, file_name);
    return preview;
}

Result<void> Imports::check_types(const ImportMapping& mapping) const {
    const auto snapshot = dictionary_.snapshot();
    const auto kind = mapping.is_events ? dictionary::Kind::property : dictionary::Kind::tag;
    for (const auto& [name, column] : mapping.columns) {
        if (column.skip || name == mapping.id_column || name == mapping.event_column ||
            name == mapping.time_column)
            continue;
        const auto* known = snapshot->find(kind, column.to);
        // Identities are text whatever they look like.
        if (!known || known->type == ValueType::null || known->type == column.type ||
            !known->identity_kind.empty() ||
            (dictionary::coerces(*known) && column.type == ValueType::string))
            continue;
        return fail(ErrorCode::unprocessable, "imports.type_conflict",
                    "the dictionary holds this name as " + std::string(name_of(known->type)) +
                        ", the mapping says " + std::string(name_of(column.type)),
                    "/columns/" + name + "/type");
    }
    return {};
}

Result<Import> Imports::start(Request request) {
    if (request.bytes.size() > max_file_bytes)
        return fail(ErrorCode::too_large, "imports.too_large",
                    "a file may be at most 256 MiB long; split it");
    auto run = std::make_shared<Run>();
    auto previewed = preview(request.bytes, request.format_hint, true, request.name);
    if (!previewed)
        return fail(previewed.error());
    run->mapping = previewed->mapping;
    if (request.mapping_json) {
        json::error_code error;
        const auto given = json::parse(*request.mapping_json, error);
        if (error)
            return fail(ErrorCode::invalid, "imports.mapping", "the mapping is not valid JSON");
        auto mapping = parse_mapping(given, previewed->columns, request.name);
        if (!mapping)
            return fail(mapping.error());
        run->mapping = std::move(*mapping);
    }
    if (auto fits = check_types(run->mapping); !fits)
        return fail(fits.error());

    auto& import = run->import;
    import.mapping_json = json::serialize(to_json(run->mapping));
    run->key = content_key(request.bytes, import.mapping_json);
    if (auto row = database_.query_one(std::string(select_imports) +
                                           "WHERE content_key = $1 AND status = 'done' "
                                           "ORDER BY id LIMIT 1",
                                       {run->key}))
        return import_of(*row);
    import.id = new_id("imp", clock_.now());
    import.name = request.name;
    import.kind = run->mapping.is_events ? "events" : "tags";
    import.format = std::string(name_of(previewed->file.format));
    import.at = clock_.now();
    import.by_id = request.by_id;
    import.by_name = request.by_name;
    import.status = "waiting";
    auto opened = open_import(std::move(request.bytes), import.format, true, scratch_directory_);
    if (!opened)
        return fail(opened.error());
    run->rows = std::move(opened->rows);
    import.total = static_cast<std::int64_t>(run->rows->total());
    database_.execute(
        "INSERT INTO collect_imports (id, name, kind, format, at, by_id, by_name, status, message, "
        "total, accepted, rejected, job_id, content_key, mapping) VALUES ($1, $2, $3, $4, $5, $6, "
        "$7, "
        "'waiting', '', $8, 0, 0, '', $9, $10)",
        {import.id, import.name, import.kind, import.format, sql::param(import.at), import.by_id,
         import.by_name, import.total, run->key, import.mapping_json});
    auto job = jobs_.start("import", [this, run](Job& job) { return carry_out(*run, job); });
    if (!job) {
        import.status = "failed";
        import.message = job.error().detail;
        save(import);
        return fail(job.error());
    }
    auto answer = import;
    answer.job_id = job->id;
    database_.execute("UPDATE collect_imports SET job_id = $2 WHERE id = $1", {import.id, job->id});
    return answer;
}

void Imports::save(const Import& import) const {
    database_.execute(
        "UPDATE collect_imports SET status = $2, message = $3, total = $4, accepted = $5, "
        "rejected = $6 WHERE id = $1",
        {import.id, import.status, import.message, import.total, import.accepted, import.rejected});
}

void Imports::save_errors(const std::string& id, std::vector<ImportError>& errors) const {
    if (errors.empty())
        return;
    auto transaction = database_.begin();
    for (const auto& error : errors)
        transaction->execute(
            "INSERT INTO collect_import_errors (import, seq, line, field, reason) VALUES ($1, $2, "
            "$3, $4, $5)",
            {id, error.seq, error.line, error.column, error.reason});
    transaction->commit();
    errors.clear();
}

Result<std::string> Imports::carry_out(Run& run, Job& job) {
    auto& import = run.import;
    import.status = "running";
    save(import);
    std::uint64_t read = 0;
    const auto append = [&]() -> Result<void> {
        auto lines = std::move(run.lines);
        run.lines.clear();
        auto facts = std::move(run.facts);
        run.facts.clear();
        for (auto& refused : intake_.prepare(facts))
            run.refuse(lines[refused.index], refused.why.name, refused.why.detail);
        import.accepted += static_cast<std::int64_t>(facts.size());
        if (!facts.empty())
            if (auto appended = intake_.journal().append_and_wait(std::move(facts)); !appended)
                return fail(appended.error());
        save_errors(import.id, run.errors);
        job.count(read, std::max<std::uint64_t>(read, static_cast<std::uint64_t>(import.total)));
        return {};
    };
    const auto finish = [&](std::string status, std::string message) {
        import.status = std::move(status);
        import.message = std::move(message);
        save(import);
    };
    try {
        ImportRow row;
        while (run.rows->next(row)) {
            ++read;
            auto fact = fact_of(row, run.mapping, import.at, calendar_);
            if (fact) {
                fact->received_at = clock_.now();
                fact->source = "import";
                fact->message_id = "imp-" + run.key + "-" + std::to_string(row.number);
                run.facts.push_back(std::move(*fact));
                run.lines.push_back(row.line);
            } else {
                run.refuse(row.line, fact.error().column, fact.error().reason);
            }
            if (run.facts.size() < rows_per_append && run.errors.size() < rows_per_append)
                continue;
            if (auto appended = append(); !appended) {
                finish("failed", appended.error().detail);
                return fail(appended.error());
            }
            if (import.rejected > max_errors) {
                finish("failed", "more than a million rows are bad; mend the file or the mapping");
                return fail(ErrorCode::unprocessable, "imports.too_many_errors", import.message);
            }
            if (job.is_cancelled()) {
                finish("cancelled", "cancelled; the rows before stay imported");
                return fail(ErrorCode::conflict, "imports.cancelled", import.message);
            }
        }
        import.total = static_cast<std::int64_t>(read);
        if (auto appended = append(); !appended) {
            finish("failed", appended.error().detail);
            return fail(appended.error());
        }
    } catch (...) {
        finish("failed",
               "the import broke off because of a fault of the server; import the file again, rows "
               "that were taken are not taken twice");
        throw;
    }
    finish("done", "");
    dictionary_.flush();
    return json::serialize(json::value{{"import", import.id},
                                       {"rows", import.total},
                                       {"accepted", import.accepted},
                                       {"rejected", import.rejected}});
}

std::vector<Import> Imports::list(std::string_view cursor, std::size_t limit) const {
    std::vector<Import> imports;
    for (const auto& row : database_.query(
             std::string(select_imports) + "WHERE ($1 = '' OR id < $1) ORDER BY id DESC LIMIT $2",
             {std::string(cursor), static_cast<std::int64_t>(limit)}))
        imports.push_back(import_of(row));
    return imports;
}

Result<Import> Imports::get(std::string_view id) const {
    auto row =
        database_.query_one(std::string(select_imports) + "WHERE id = $1", {std::string(id)});
    if (!row)
        return fail(ErrorCode::not_found, "imports.not_found", "there is no import of this id");
    return import_of(*row);
}

std::vector<ImportError> Imports::errors(std::string_view id, std::int64_t after,
                                         std::size_t limit) const {
    std::vector<ImportError> errors;
    for (const auto& row :
         database_.query("SELECT seq, line, field, reason FROM collect_import_errors WHERE import "
                         "= $1 AND seq > $2 ORDER BY seq LIMIT $3",
                         {std::string(id), after, static_cast<std::int64_t>(limit)}))
        errors.push_back({row.integer(0), row.integer(1), row.text(2), row.text(3)});
    return errors;
}

}  // namespace qiao::collect
