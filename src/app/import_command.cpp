#include "app/import_command.hpp"

#include <boost/json.hpp>
#include <fstream>
#include <sstream>
#include <thread>

#include "access/roles.hpp"
#include "app/server.hpp"

namespace qiao::app {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr auto look_pause = std::chrono::milliseconds(200);
constexpr int looks_per_line = 5;
constexpr std::size_t errors_shown = 5;

std::string text_of(const json::object& call, std::string_view name) {
    const auto* value = call.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string{};
}

Result<std::string> read_whole(const fs::path& path) {
    std::error_code error;
    if (const auto size = fs::file_size(path, error);
        !error && size > collect::Imports::max_file_bytes)
        return fail(ErrorCode::too_large, "imports.too_large",
                    "a file may be at most 256 MiB long; split it");
    std::ifstream in(path, std::ios::binary);
    std::ostringstream bytes;
    if (!error && in && bytes << in.rdbuf())
        return std::move(bytes).str();
    return fail(ErrorCode::unprocessable, "imports.unreadable",
                "the server cannot read " + path.string() +
                    ", or it is empty; check that the server's user may read it");
}

// The mapping that the call gives, with its prefix for numbered rows in it; nothing where it gives
// none.
Result<std::optional<std::string>> mapping_of(const json::object& call) {
    const auto text = text_of(call, "mapping"), prefix = text_of(call, "id_prefix");
    if (prefix.empty())
        return text.empty() ? std::nullopt : std::optional(text);
    json::error_code error;
    auto mapping = text.empty() ? json::value(json::object{}) : json::parse(text, error);
    if (error || !mapping.is_object())
        return fail(ErrorCode::invalid, "imports.mapping", "--mapping is not a JSON object");
    mapping.get_object()["id"] = {{"row_prefix", prefix}};
    return json::serialize(mapping);
}

// Tells how far the job is until it has ended.
void follow(Server& server, const std::string& job_id, const Progress& progress) {
    std::uint64_t told = 0;
    for (int look = 1;; ++look) {
        const auto job = server.jobs.find(job_id);
        if (!job || job->status > JobStatus::running)
            return;
        if (look % looks_per_line == 0 && job->done != told) {
            told = job->done;
            progress(std::to_string(job->done) +
                     (job->total > 0 ? " of " + std::to_string(job->total) : std::string{}) +
                     " rows");
        } else {
            progress({});
        }
        std::this_thread::sleep_for(look_pause);
    }
}

std::string sentence_of(const collect::Import& import) {
    auto text = import.name + ": " + std::to_string(import.total) + " rows, " +
                std::to_string(import.accepted) + " accepted, " + std::to_string(import.rejected) +
                " rejected.";
    if (import.rejected > 0)
        text +=
            " The report of the rejected rows: Imports in the console, or GET /api/v1/imports/" +
            import.id + "/errors";
    return text;
}

void tell_errors(Server& server, const collect::Import& import, const Progress& progress) {
    for (const auto& error : server.imports.errors(import.id, 0, errors_shown))
        progress("Line " + std::to_string(error.line) +
                 (error.column.empty() ? "" : ", " + error.column) + ": " + error.reason);
    if (import.rejected > static_cast<std::int64_t>(errors_shown))
        progress("…");
}

}  // namespace

Result<std::string> import_file(Server& server, const json::object& call,
                                const Progress& progress) {
    const fs::path path = text_of(call, "file");
    auto bytes = read_whole(path);
    if (!bytes)
        return fail(bytes.error());
    auto mapping = mapping_of(call);
    if (!mapping)
        return fail(mapping.error());

    const auto who = access::system_principal();
    collect::Imports::Request request;
    request.bytes = std::move(*bytes);
    request.name = path.filename().string();
    request.mapping_json = std::move(*mapping);
    request.by_id = who.id;
    request.by_name = who.name;
    const auto started = server.imports.start(std::move(request));
    if (!started) {
        const auto& error = started.error();
        return fail(error.code, error.reason,
                    error.pointer.empty()
                        ? error.detail
                        : error.detail + " (at " + error.pointer + " of the mapping)");
    }
    if (started->status == "done")
        return sentence_of(*started) +
               " The same file was imported before; nothing was taken twice.";
    server.audit.add(who, {"import.started", started->id, "import of " + started->name});

    follow(server, started->job_id, progress);
    const auto import = server.imports.get(started->id);
    if (!import)
        return fail(import.error());
    tell_errors(server, *import, progress);
    if (import->status != "done")
        return fail(ErrorCode::unprocessable, "imports.failed",
                    sentence_of(*import) + " It ended early: " + import->message);
    return sentence_of(*import) + (server.wait_fresh(std::chrono::seconds(60))
                                       ? ""
                                       : " They will show in counts within moments.");
}

}  // namespace qiao::app
