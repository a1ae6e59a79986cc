#include "api/imports.hpp"

#include "access/audit.hpp"
#include "api/jobs.hpp"
#include "api/resource.hpp"
#include "collect/imports.hpp"

namespace qiao::api {

namespace json = boost::json;

namespace {

constexpr std::size_t preview_bytes = 64 << 10;
constexpr std::size_t errors_per_page = 1'000;

struct Desk {
    collect::Imports& imports;
    Jobs& jobs;
    access::AuditLog& audit;
};

struct File {
    std::string bytes, name;
};

// The value of name="…" in a Content-Disposition header.
std::string parameter(std::string_view header, std::string_view name) {
    const auto at = header.find(std::string(name) + "=\"");
    if (at == std::string_view::npos)
        return {};
    const auto start = at + name.size() + 2;
    return std::string(header.substr(start, header.find('"', start) - start));
}

// The first part that is a file, or else the first part at all (RFC 7578).
Result<File> file_of_form(std::string_view body, std::string_view content_type) {
    const auto at = content_type.find("boundary=");
    auto boundary = at == std::string_view::npos ? std::string_view() : content_type.substr(at + 9);
    boundary = boundary.substr(0, boundary.find(';'));
    if (boundary.size() > 1 && boundary.front() == '"')
        boundary = boundary.substr(1, boundary.size() - 2);
    const auto line = "--" + std::string(boundary);
    std::optional<File> first;
    for (auto start = boundary.empty() ? std::string_view::npos : body.find(line);
         start != std::string_view::npos;) {
        start += line.size();
        const auto head_end = body.find("\r\n\r\n", start);
        const auto end = body.find("\r\n" + line, start);
        if (head_end == std::string_view::npos || end == std::string_view::npos ||
            head_end + 4 > end)
            break;
        const auto head = body.substr(start, head_end - start);
        File part{std::string(body.substr(head_end + 4, end - head_end - 4)),
                  parameter(head, "filename")};
        if (!part.name.empty())
            return part;
        if (!first)
            first = std::move(part);
        start = end + 2;
    }
    if (first)
        return std::move(*first);
    return fail(ErrorCode::invalid, "imports.form", "the form holds no file");
}

Result<File> file_of(Call& call) {
    const auto type = call.request.header("content-type");
    auto file = type.starts_with("multipart/form-data") ? file_of_form(call.request.body, type)
                                                        : Result<File>(File{call.request.body, {}});
    if (!file)
        return file;
    if (const auto name = call.query("name"); !name.empty())
        file->name = std::string(name);
    if (file->bytes.empty())
        return fail(ErrorCode::invalid, "imports.empty", "the request holds no file");
    return file;
}

json::object import_json(const collect::Import& import) {
    json::error_code error;
    return {{"id", import.id},
            {"name", import.name},
            {"kind", import.kind},
            {"format", import.format},
            {"at", format_time(import.at)},
            {"by", import.by_name},
            {"status", import.status},
            {"message", import.message},
            {"rows", import.total},
            {"accepted", import.accepted},
            {"rejected", import.rejected},
            {"mapping", import.mapping_json.empty() ? json::value(nullptr)
                                                    : json::parse(import.mapping_json, error)},
            {"job_id", import.job_id}};
}

// A job that a restart has forgotten is told from what the import kept.
json::object job_json(const Desk& desk, const collect::Import& import) {
    if (const auto job = desk.jobs.find(import.job_id))
        return to_object(*job);
    const bool is_done = import.status == "done";
    return {{"id", import.job_id},
            {"kind", "import"},
            {"status", import.status},
            {"progress", is_done ? 1.0 : 0.0},
            {"done", import.accepted + import.rejected},
            {"total", import.total},
            {"message", import.message},
            {"result", is_done ? json::value{{"import", import.id},
                                             {"rows", import.total},
                                             {"accepted", import.accepted},
                                             {"rejected", import.rejected}}
                               : json::value(nullptr)},
            {"started_at", format_time(import.at)},
            {"finished_at", nullptr}};
}

Result<Answer> preview(Desk& desk, Call& call) {
    auto file = file_of(call);
    if (!file)
        return fail(file.error());
    // Of text the beginning is enough; Parquet has its index at the end.
    const bool is_text = !file->bytes.starts_with("PAR1");
    const bool is_cut = is_text && file->bytes.size() >= preview_bytes;
    if (is_cut)
        file->bytes.resize(preview_bytes);
    auto preview =
        desk.imports.preview(std::move(file->bytes), call.query("format"), !is_cut, file->name);
    if (!preview)
        return fail(preview.error());
    json::array columns;
    for (const auto& column : preview->columns)
        columns.push_back({{"name", column.name},
                           {"type", name_of(column.type)},
                           {"samples", json::value_from(column.samples)}});
    const auto text_or_null = [](const std::string& text) {
        return text.empty() ? json::value(nullptr) : json::value(text);
    };
    return Answer{200, json::object{{"format", name_of(preview->file.format)},
                                    {"encoding", text_or_null(preview->file.encoding)},
                                    {"delimiter", text_or_null(preview->file.delimiter)},
                                    {"columns", std::move(columns)},
                                    {"mapping", to_json(preview->mapping)}}};
}

Result<Answer> start(Desk& desk, Call& call) {
    auto file = file_of(call);
    if (!file)
        return fail(file.error());
    collect::Imports::Request request;
    request.bytes = std::move(file->bytes);
    request.name = file->name.empty() ? "import" : file->name;
    request.format_hint = std::string(call.query("format"));
    if (const auto mapping = call.query("mapping"); !mapping.empty())
        request.mapping_json = std::string(mapping);
    request.by_id = call.who.id;
    request.by_name = call.who.name;
    const auto import = desk.imports.start(std::move(request));
    if (!import)
        return fail(import.error());
    desk.audit.add(call.who, {"import.started", import->id, "import of " + import->name});
    auto out = import_json(*import);
    out["job"] = job_json(desk, *import);
    return Answer{202, std::move(out)};
}

Result<Answer> list(Desk& desk, Call& call) {
    const auto page = page_of(call);
    if (!page)
        return fail(page.error());
    const auto imports = desk.imports.list(page->cursor, page->limit + 1);
    json::array items;
    std::optional<std::string> next;
    for (const auto& import : imports) {
        if (items.size() == page->limit) {
            next = std::string(items.back().at("id").as_string());
            break;
        }
        items.push_back(import_json(import));
    }
    return Answer{200, page_json(std::move(items), next)};
}

Result<Answer> get(Desk& desk, Call& call) {
    const auto import = desk.imports.get(call.id());
    if (!import)
        return fail(import.error());
    auto out = import_json(*import);
    out["job"] = job_json(desk, *import);
    return Answer{200, std::move(out)};
}

std::string csv_field(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos)
        return std::string(text);
    std::string out = "\"";
    for (char c : text)
        out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

std::string error_line(const collect::ImportError& error, bool is_csv) {
    if (is_csv)
        return std::to_string(error.line) + "," + csv_field(error.column) + "," +
               csv_field(error.reason) + "\r\n";
    return json::serialize(json::value{
               {"line", error.line}, {"column", error.column}, {"reason", error.reason}}) +
           "\n";
}

Result<Answer> errors(Desk& desk, Call& call) {
    const auto import = desk.imports.get(call.id());
    if (!import)
        return fail(import.error());
    const bool is_csv = call.request.header("accept").find("ndjson") == std::string_view::npos;
    Answer answer;
    answer.content_type = is_csv ? "text/csv; charset=utf-8" : "application/x-ndjson";
    if (is_csv)
        call.response_headers.emplace_back(
            "Content-Disposition", "attachment; filename=\"" + import->id + "-errors.csv\"");
    answer.stream = [&imports = desk.imports, id = import->id,
                     is_csv](const http::BodyWriter& write) {
        if (is_csv && !write("line,column,reason\r\n"))
            return;
        std::int64_t after = 0;
        while (true) {
            const auto page = imports.errors(id, after, errors_per_page);
            std::string text;
            for (const auto& error : page)
                text += error_line(error, is_csv);
            if (!text.empty() && !write(text))
                return;
            if (page.size() < errors_per_page)
                return;
            after = page.back().seq;
        }
    };
    return answer;
}

void define_shapes(Endpoints& endpoints) {
    endpoints.define("ImportFormat", "'csv'|'ndjson'|'parquet'");
    endpoints.define("ImportType", "'boolean'|'number'|'string'|'time'|'string_set'");
    endpoints.define("ImportColumn", object_schema({{"to?", "string"},
                                                    {"type?", "ImportType"},
                                                    {"format?", "string"},
                                                    {"skip?", "boolean"}}));
    endpoints.define(
        "ImportMapping",
        object_schema({{"kind", "'tags'|'events'"},
                       {"id", either({object_schema({{"column", "string"}, {"kind?", "string"}}),
                                      object_schema({{"row_prefix", "string"}})})},
                       {"columns", map_schema("ImportColumn")},
                       {"event?", either({object_schema({{"name", "string"}}),
                                          object_schema({{"column", "string"}})})},
                       {"time?", object_schema({{"column", "string"}, {"format?", "string"}})}}));
    endpoints.define(
        "ImportPreview",
        object_schema({{"format", "ImportFormat"},
                       {"encoding", "string|null"},
                       {"delimiter", "string|null"},
                       {"columns", list_schema(object_schema({{"name", "string"},
                                                              {"type", "ImportType"},
                                                              {"samples", "string[]"}}))},
                       {"mapping", "ImportMapping"}}));
    const auto row = object_schema({{"id", "string"},
                                    {"name", "string"},
                                    {"kind", "'tags'|'events'"},
                                    {"format", "ImportFormat"},
                                    {"at", "time"},
                                    {"by", "string"},
                                    {"status", "JobStatus"},
                                    {"message", "string"},
                                    {"rows", "integer"},
                                    {"accepted", "integer"},
                                    {"rejected", "integer"},
                                    {"mapping", "ImportMapping|null"},
                                    {"job_id", "string"}});
    endpoints.define("Import", row);
    endpoints.define("ImportWithJob", extended(row, {{"job", "Job"}}));
    endpoints.define(
        "BadRow", object_schema({{"line", "integer"}, {"column", "string"}, {"reason", "string"}}));
}

RequestShape table_file() {
    return file_body({"text/csv", "application/x-ndjson", "application/vnd.apache.parquet",
                      "application/octet-stream", "multipart/form-data"});
}

}  // namespace

void add_imports(Endpoints& endpoints, collect::Imports& imports, Jobs& jobs,
                 access::AuditLog& audit) {
    const auto desk = std::make_shared<Desk>(Desk{imports, jobs, audit});
    const std::string path = "/api/v1/imports";
    const http::RouteOptions whole_file{collect::Imports::max_file_bytes, "imports.max_file"};
    using enum access::Permission;
    define_shapes(endpoints);
    endpoints.add(
        "POST", path + "/preview", import_data, [desk](Call& call) { return preview(*desk, call); },
        {"What the columns of a file are, and what they would become",
         "imports",
         table_file(),
         "ImportPreview",
         {{"format", "ImportFormat"}, "name"}},
        whole_file);
    endpoints.add(
        "POST", path, import_data, [desk](Call& call) { return start(*desk, call); },
        {"Import a file (the raw body)",
         "imports",
         table_file(),
         accepted("ImportWithJob"),
         {"name", {"format", "ImportFormat"}, "mapping"}},
        whole_file);
    endpoints.add(
        "GET", path, import_data, [desk](Call& call) { return list(*desk, call); },
        {"Imports, newest first", "imports", nullptr, page_schema("Import"), {"limit", "cursor"}});
    endpoints.add("GET", path + "/{id}", import_data,
                  [desk](Call& call) { return get(*desk, call); },
                  {"One import with its job", "imports", nullptr, "ImportWithJob"});
    endpoints.add("GET", path + "/{id}/errors", import_data,
                  [desk](Call& call) { return errors(*desk, call); },
                  {"The bad rows: line, column, reason; CSV or NDJSON by Accept", "imports",
                   nullptr, csv_table() | lines("BadRow")});
}

}  // namespace qiao::api
