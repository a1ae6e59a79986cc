#include "http/static_files.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "http/problem.hpp"
#include "http/url.hpp"

namespace qiao::http {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view console_policy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' "
    "blob:; "
    "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

std::string_view content_type_of(std::string_view extension) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 18> types{{
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".mjs", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".map", "application/json"},
        {".webmanifest", "application/manifest+json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
        {".jpeg", "image/jpeg"},
        {".webp", "image/webp"},
        {".gif", "image/gif"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".woff", "font/woff"},
        {".txt", "text/plain; charset=utf-8"},
        {".wasm", "application/wasm"},
    }};
    for (const auto& [known, type] : types)
        if (known == extension)
            return type;
    return "application/octet-stream";
}

// Refuses every segment that is empty, hidden or climbs, and every byte that no file name needs.
bool is_plain_path(std::string_view path) {
    if (!path.starts_with('/'))
        return false;
    for (const char c : path)
        if (static_cast<unsigned char>(c) < 0x20 || c == '\\' || c == 0x7f)
            return false;
    for (std::size_t i = 0; i + 1 < path.size(); ++i)
        if (path[i] == '/' && (path[i + 1] == '.' || path[i + 1] == '/'))
            return false;
    return true;
}

// A program that asks for a wrong address must see 404, not a page with status 200.
bool belongs_to_programs(std::string_view path) {
    static constexpr std::array<std::string_view, 10> prefixes{
        "/api/",  "/assets/", "/v1/",  "/config/", "/app/v1/",
        "/open/", "/ofrep/",  "/sub/", "/health/", "/test/"};
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](std::string_view prefix) { return path.starts_with(prefix); });
}

// The file that a path names, links resolved; nothing where it lies outside the directory.
std::optional<fs::path> file_within(const fs::path& directory, std::string_view path) {
    std::error_code failed;
    const auto root = fs::canonical(directory, failed);
    if (failed)
        return {};
    const auto file = fs::canonical(root / path.substr(1), failed);
    if (failed || !fs::is_regular_file(file, failed) || failed)
        return {};
    const auto inside = std::mismatch(root.begin(), root.end(), file.begin(), file.end());
    if (inside.first != root.end())
        return {};
    return file;
}

std::optional<std::string> etag_of(const fs::path& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0)
        return {};
    std::ostringstream tag;
    tag << std::hex << '"' << status.st_size << '-' << status.st_mtim.tv_sec << '-'
        << status.st_mtim.tv_nsec << '"';
    return tag.str();
}

bool names_etag(std::string_view if_none_match, std::string_view etag) {
    return if_none_match == "*" || if_none_match.find(etag) != std::string_view::npos;
}

Response file_response(const Request& request, const fs::path& file, const fs::path& sent,
                       bool is_gzipped) {
    Response response;
    const bool is_asset = request.path.starts_with("/assets/");
    const auto etag = etag_of(sent);
    auto& headers = response.headers;
    headers.emplace_back("Cache-Control",
                         is_asset ? "public, max-age=31536000, immutable" : "no-cache");
    headers.emplace_back("Vary", "Accept-Encoding");
    headers.emplace_back("Content-Security-Policy", console_policy);
    if (etag)
        headers.emplace_back("ETag", *etag);
    if (etag && names_etag(request.header("if-none-match"), *etag)) {
        response.status = 304;
        return response;
    }
    headers.emplace_back("Content-Type", content_type_of(file.extension().string()));
    if (is_gzipped)
        headers.emplace_back("Content-Encoding", "gzip");
    std::ifstream in(sent, std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    if (!in)
        return problem(500, "http.file_unreadable",
                       "A file of the console cannot be read. Look at its rights on the server.",
                       request.request_id);
    response.body = std::move(bytes).str();
    return response;
}

}  // namespace

Handler static_files(std::string directory) {
    return [root = fs::path(std::move(directory))](const Request& request) {
        const auto missing = [&] {
            return problem(404, "http.not_found", "Nothing is at this address. Check its spelling.",
                           request.request_id);
        };
        if (!is_plain_path(request.path))
            return missing();
        const bool is_page =
            fs::path(request.path).extension().empty() && !belongs_to_programs(request.path);
        const std::string name = is_page ? "/index.html" : request.path;
        const auto file = file_within(root, name);
        if (!file)
            return missing();
        const bool wants_gzip = accepts_gzip(request.header("accept-encoding"));
        const auto packed = wants_gzip ? file_within(root, name + ".gz") : std::nullopt;
        return file_response(request, *file, packed.value_or(*file), packed.has_value());
    };
}

}  // namespace qiao::http
