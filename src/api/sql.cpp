#include "api/sql.hpp"

#include <fstream>

#include "api/resource.hpp"
#include "insight/sql_desk.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;
using access::Permission;
using insight::SqlDesk;

// A quick query is answered at once; a slower one is asked after again.
constexpr Duration patience{800};
constexpr std::size_t piece_bytes = 64 * 1024;

json::value error_json(const std::optional<history::SelectError>& error) {
    if (!error)
        return nullptr;
    json::object made{{"code", error->error.reason},
                      {"detail", error->error.detail},
                      {"line", nullptr},
                      {"column", nullptr}};
    if (error->place) {
        made["line"] = error->place->line;
        made["column"] = error->place->column;
    }
    return made;
}

json::value table_json(const std::shared_ptr<const history::AnalysisTable>& table) {
    if (!table)
        return nullptr;
    json::array columns, rows;
    for (const auto& column : table->columns)
        columns.push_back(json::object{{"name", column.name}, {"type", column.type}});
    for (const auto& row : table->rows) {
        json::array cells;
        for (const auto& cell : row)
            cells.push_back(cell ? json::value(*cell) : json::value(nullptr));
        rows.push_back(std::move(cells));
    }
    return json::object{
        {"columns", std::move(columns)}, {"rows", std::move(rows)}, {"is_cut", table->is_cut}};
}

json::object past_json(const insight::SqlRun& run) {
    return {{"id", run.id},
            {"text", run.text},
            {"state", insight::name_of(run.state)},
            {"started_at", format_time(run.started_at)},
            {"elapsed_ms", run.elapsed_ms},
            {"row_count", run.row_count},
            {"reason", run.error ? json::value(run.error->error.reason) : json::value(nullptr)}};
}

json::object run_json(const insight::SqlRun& run) {
    auto made = past_json(run);
    made.erase("reason");
    made["limit_ms"] = run.limit_ms;
    made["error"] = error_json(run.error);
    made["answer"] = table_json(run.table);
    return made;
}

json::object kept_json(const insight::KeptQuery& query) {
    return {{"id", query.id},
            {"name", query.name},
            {"text", query.text},
            {"version", query.version},
            {"created_at", format_time(query.created_at)},
            {"updated_at", format_time(query.updated_at)}};
}

// ---- runs ----

Result<Answer> start(SqlDesk& desk, Call& call) {
    Body body(call.body);
    insight::SqlAsk ask;
    ask.text = body.text("text");
    const auto rows = body.maybe_integer("rows").value_or(1'000);
    const auto seconds = body.maybe_integer("seconds").value_or(30);
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    ask.rows = static_cast<std::size_t>(std::max<std::int64_t>(rows, 0));
    ask.limit = std::chrono::seconds(seconds);
    const auto run = desk.start(ask, call.who, patience);
    if (!run)
        return fail(run.error());
    return Answer{201, run_json(*run)};
}

Result<Answer> get(SqlDesk& desk, Call& call) {
    const auto run = desk.get(call.id(), call.who, patience);
    if (!run)
        return fail(run.error());
    return Answer{200, run_json(*run)};
}

Result<Answer> list(const SqlDesk& desk, Call& call) {
    json::array items;
    for (const auto& run : desk.runs(call.who))
        items.push_back(past_json(run));
    return Answer{200, page_json(std::move(items), {})};
}

// Removes the file when the answer has gone, or never went.
struct OwnFile {
    std::filesystem::path path;
    explicit OwnFile(std::filesystem::path given) : path(std::move(given)) {}
    OwnFile(const OwnFile&) = delete;
    OwnFile& operator=(const OwnFile&) = delete;
    ~OwnFile() {
        std::error_code ignored;
        std::filesystem::remove(path, ignored);
    }
};

Result<Answer> file(SqlDesk& desk, Call& call) {
    const bool is_csv = call.query("format") != "parquet";
    auto made = desk.file(
        call.id(), is_csv ? history::AnalysisFormat::csv : history::AnalysisFormat::parquet,
        call.who);
    if (!made)
        return fail(made.error());
    const auto held = std::make_shared<const OwnFile>(std::move(*made));
    call.response_headers.emplace_back(
        "Content-Disposition",
        std::string("attachment; filename=\"query.") + (is_csv ? "csv\"" : "parquet\""));
    Answer answer;
    answer.content_type = is_csv ? "text/csv; charset=utf-8" : "application/vnd.apache.parquet";
    answer.stream = [held](const http::BodyWriter& write) {
        std::ifstream in(held->path, std::ios::binary);
        std::string piece(piece_bytes, '\0');
        while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())),
               in.gcount() > 0 &&
                   write({piece.data(), static_cast<std::size_t>(in.gcount())})) {
        }
    };
    return answer;
}

// ---- kept queries ----

Result<Answer> queries(const SqlDesk& desk, Call& call) {
    json::array items;
    for (const auto& query : desk.queries(call.who))
        items.push_back(kept_json(query));
    return Answer{200, page_json(std::move(items), {})};
}

Result<Answer> keep(SqlDesk& desk, Call& call) {
    Body body(call.body);
    auto name = body.text("name");
    auto text = body.text("text");
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    const auto made = desk.keep(std::move(name), std::move(text), call.who);
    if (!made)
        return fail(made.error());
    return Answer{201, kept_json(*made)};
}

Result<Answer> change(SqlDesk& desk, Call& call) {
    Body body(call.body);
    auto name = body.maybe_text("name");
    auto text = body.maybe_text("text");
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    const auto made = desk.change(call.id(), std::move(name), std::move(text), call.who);
    if (!made)
        return fail(made.error());
    return Answer{200, kept_json(*made)};
}

// ---- what may be read ----

Result<Answer> schema(Call&) {
    json::array tables;
    for (const auto& view : history::analysis_views()) {
        json::array columns;
        for (const auto& column : view.columns)
            columns.push_back(json::object{{"name", column.name},
                                           {"type", column.type},
                                           {"about_zh", column.about_zh},
                                           {"about_en", column.about_en}});
        tables.push_back(json::object{{"name", view.name},
                                      {"about_zh", view.about_zh},
                                      {"about_en", view.about_en},
                                      {"columns", std::move(columns)}});
    }
    return Answer{200, json::object{{"tables", std::move(tables)},
                                    {"most_rows", insight::most_sql_rows},
                                    {"most_seconds", insight::most_sql_time.count()},
                                    {"most_exported_rows", insight::most_exported_rows}}};
}

void define_shapes(Endpoints& endpoints) {
    endpoints.define("SqlState", "'running'|'done'|'failed'|'cancelled'");
    const auto past = object_schema({{"id", "string"},
                                     {"text", "string"},
                                     {"state", "SqlState"},
                                     {"started_at", "time"},
                                     {"elapsed_ms", "integer"},
                                     {"row_count", "integer"}});
    endpoints.define("SqlPastRun", extended(past, {{"reason", "string|null"}}));
    endpoints.define("SqlError", object_schema({{"code", "string"},
                                                {"detail", "string"},
                                                {"line", "integer|null"},
                                                {"column", "integer|null"}}));
    endpoints.define("SqlColumn", object_schema({{"name", "string"}, {"type", "string"}}));
    endpoints.define(
        "SqlTable",
        object_schema({{"columns", "SqlColumn[]"},
                       {"rows", list_schema(list_schema("string|null"))},
                       {"is_cut", "boolean"}}));
    endpoints.define("SqlRun", extended(past, {{"limit_ms", "integer"},
                                               {"error", "SqlError|null"},
                                               {"answer", "SqlTable|null"}}));
    endpoints.define("SqlAsk", body_schema({{"text", "string"},
                                            {"rows?", "integer"},
                                            {"seconds?", "integer"}}));
    endpoints.define("SqlQuery", object_schema({{"id", "string"},
                                                {"name", "string"},
                                                {"text", "string"},
                                                {"version", "integer"},
                                                {"created_at", "time"},
                                                {"updated_at", "time"}}));
    endpoints.define("SqlQueryChange", body_schema({{"name?", "string"}, {"text?", "string"}}));
    const auto described = [](const Schema& more, const char* name) {
        return extended(object_schema({{"name", "string"},
                                       {"about_zh", "string"},
                                       {"about_en", "string"}}),
                        {{name, more}});
    };
    endpoints.define("SqlViewColumn", described("string", "type"));
    endpoints.define("SqlView", described("SqlViewColumn[]", "columns"));
    endpoints.define("SqlSchema", object_schema({{"tables", "SqlView[]"},
                                                 {"most_rows", "integer"},
                                                 {"most_seconds", "integer"},
                                                 {"most_exported_rows", "integer"}}));
}

}  // namespace

void add_sql(Endpoints& endpoints, insight::SqlDesk& desk) {
    const auto right = Permission::run_sql;
    const std::string runs = "/api/v1/sql/runs", kept = "/api/v1/sql/queries";
    define_shapes(endpoints);
    endpoints.add("GET", "/api/v1/sql/schema", right, schema,
                  {"What a query may read", "sql", nullptr, "SqlSchema"});
    endpoints.add("POST", runs, right, [&desk](Call& call) { return start(desk, call); },
                  {"Ask a query", "sql", "SqlAsk", created("SqlRun")});
    endpoints.add("GET", runs, right, [&desk](Call& call) { return list(desk, call); },
                  {"List one's own queries, the newest first", "sql", nullptr,
                   page_schema("SqlPastRun")});
    endpoints.add("GET", runs + "/{id}", right, [&desk](Call& call) { return get(desk, call); },
                  {"How far a query is, and its answer", "sql", nullptr, "SqlRun"});
    endpoints.add("DELETE", runs + "/{id}", right,
                  [&desk](Call& call) -> Result<Answer> {
                      if (auto done = desk.cancel(call.id(), call.who); !done)
                          return fail(done.error());
                      return Answer{204, nullptr};
                  },
                  {"Stop a query", "sql", nullptr, no_content()});
    endpoints.add("GET", runs + "/{id}/file", right,
                  [&desk](Call& call) { return file(desk, call); },
                  {"The whole answer as a file", "sql", nullptr,
                   csv_table() |
                       AnswerShapes({200, "application/vnd.apache.parquet", "string"}),
                   {{"format", "'csv'|'parquet'"}}});
    endpoints.add("GET", kept, right, [&desk](Call& call) { return queries(desk, call); },
                  {"List the queries one keeps", "sql", nullptr, page_schema("SqlQuery")});
    endpoints.add("POST", kept, right, [&desk](Call& call) { return keep(desk, call); },
                  {"Keep a query", "sql", "SqlQueryChange", created("SqlQuery")});
    endpoints.add("PATCH", kept + "/{id}", right,
                  [&desk](Call& call) { return change(desk, call); },
                  {"Change a kept query", "sql", "SqlQueryChange", "SqlQuery"});
    endpoints.add("DELETE", kept + "/{id}", right,
                  [&desk](Call& call) -> Result<Answer> {
                      if (auto done = desk.remove(call.id(), call.who); !done)
                          return fail(done.error());
                      return Answer{204, nullptr};
                  },
                  {"Remove a kept query", "sql", nullptr, no_content()});
}

}  // namespace qiao::api
