#include "app/backup.hpp"

#include <fcntl.h>
#include <openssl/evp.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <map>
#include <set>
#include <system_error>

#include "app/file.hpp"
#include "app/history_place.hpp"
#include "app/server.hpp"
#include "base/check.hpp"
#include "sql/migrations.hpp"

namespace qiao::app {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

// The newest; 1 where no place of a history is in it.
constexpr std::int64_t format_version = 2;
constexpr const char* manifest_name = "manifest.json";
constexpr const char* index_manifest = "MANIFEST";
constexpr int copy_attempts = 20;
constexpr auto rest_timeout = std::chrono::seconds(30);
// What a backup holds, by its name in the data directory.
constexpr const char* parts[] = {"journal", "history.duckdb", place_file,
                                 "index",   "members",        "registry.sqlite"};

class Digest {
public:
    Digest() { check(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1); }
    void add(std::string_view bytes) {
        check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
    }
    std::string hex() {
        unsigned char bytes[32];
        unsigned size = 0;
        check(EVP_DigestFinal_ex(context_.get(), bytes, &size) == 1);
        std::string text;
        for (const auto byte : bytes) {
            text.push_back("0123456789abcdef"[byte >> 4]);
            text.push_back("0123456789abcdef"[byte & 15]);
        }
        return text;
    }

private:
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_{EVP_MD_CTX_new(),
                                                                     EVP_MD_CTX_free};
};

// Reads a file to its end, gives every piece to `take`, and answers its SHA-256.
std::string digest_of(const File& file, const std::function<void(std::string_view)>& take = {}) {
    Digest digest;
    std::string chunk(256 << 10, '\0');
    while (const auto n = file.read(chunk)) {
        const std::string_view piece(chunk.data(), n);
        digest.add(piece);
        if (take)
            take(piece);
    }
    return digest.hex();
}

// Copies to a new file, durably; answers the SHA-256.
std::string copy_durably(const fs::path& from, const fs::path& to) {
    const File source(from, O_RDONLY);
    const File target(to, O_WRONLY | O_CREAT | O_EXCL);
    auto digest = digest_of(source, [&](std::string_view piece) { target.write(piece); });
    target.sync();
    return digest;
}

bool holds_nothing(const fs::path& directory, std::string_view but_for = {}) {
    if (!fs::exists(directory))
        return true;
    if (!fs::is_directory(directory))
        return false;
    for (const auto& entry : fs::directory_iterator(directory))
        if (entry.path().filename() != but_for)
            return false;
    return true;
}

// Takes away what was begun, unless it is kept.
class Begun {
public:
    explicit Begun(fs::path directory)
        : directory_(std::move(directory)), existed_(fs::exists(directory_)) {
        fs::create_directories(directory_);
        fs::permissions(directory_, fs::perms::owner_all);
    }
    Begun(const Begun&) = delete;
    Begun& operator=(const Begun&) = delete;
    ~Begun() {
        if (kept_)
            return;
        std::error_code ignored;
        for (const auto* part : parts)
            fs::remove_all(directory_ / part, ignored);
        fs::remove(directory_ / manifest_name, ignored);
        if (!existed_)
            fs::remove(directory_, ignored);
    }
    void keep() { kept_ = true; }

private:
    fs::path directory_;
    bool existed_;
    bool kept_ = false;
};

std::string bytes_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// The names and times of the files: equal before and after a copy, so that it saw one state.
std::map<fs::path, fs::file_time_type> listing(const fs::path& directory) {
    std::map<fs::path, fs::file_time_type> files;
    if (!fs::exists(directory))
        return files;
    for (const auto& entry : fs::directory_iterator(directory)) {
        std::error_code gone;
        if (const auto time = entry.last_write_time(gone); !gone)
            files[entry.path().filename()] = time;
    }
    return files;
}

// Copies the files that `wants`; a state that changed meanwhile (`state` differs) is copied again.
template <class State, class Wants>
Result<void> copy_settled(const fs::path& from, const fs::path& to, State state, Wants wants) {
    for (int attempt = 0; attempt < copy_attempts; ++attempt) {
        fs::remove_all(to);
        fs::create_directory(to);
        const auto before = state();
        bool is_whole = true;
        for (const auto& [name, time] : listing(from)) {
            if (!wants(name.string()))
                continue;
            try {
                copy_durably(from / name, to / name);
            } catch (const std::system_error& fault) {
                if (fault.code() != std::errc::no_such_file_or_directory)
                    throw;
                is_whole = false;
            }
        }
        if (is_whole && before == state())
            return {};
    }
    return fail(ErrorCode::unavailable, "backup.busy",
                from.filename().string() + " changed all the time while it was copied; try again");
}

// An index is complete while its manifest stands: files that it does not name go, others never
// change.
Result<void> copy_index(index::Index& index, const fs::path& from, const fs::path& to) {
    index.flush();
    return copy_settled(
        from, to, [&] { return bytes_of(from / index_manifest); },
        [](const std::string& name) {
            return name == index_manifest || name.starts_with("segment-") ||
                   name.starts_with("state-");
        });
}

Result<void> checkpoint(const BackupSources& sources, const fs::path& to) {
    if (sources.shards && !sources.shards->pause(rest_timeout))
        return fail(
            ErrorCode::unavailable, "backup.busy",
            "the shards did not come to rest within 30 seconds; try again when less is going on");
    const auto made = sources.stores.store->checkpoint(to);
    if (sources.shards)
        sources.shards->resume();
    return made;
}

// Of a history elsewhere only its place, for who restores. The file and a place are both there
// where history has been moved and no server has started since.
Result<void> copy_history(const BackupSources& sources, const fs::path& to,
                          const Progress& progress) {
    auto* history = sources.stores.history.get();
    if (fs::exists(sources.data_dir / place_file))
        copy_durably(sources.data_dir / place_file, to / place_file);
    if (!history)
        return {};
    progress("Copying history");
    return history->copy_to(to / "history.duckdb");
}

Result<void> copy_stores(const BackupSources& sources, const fs::path& to,
                         const Progress& progress) {
    auto& stores = sources.stores;
    const std::lock_guard trimming(sources.trimming);
    if (auto copied = copy_history(sources, to, progress); !copied)
        return copied;
    progress("Copying the index");
    if (auto copied = copy_index(*stores.index, sources.data_dir / "index", to / "index"); !copied)
        return copied;

    progress("Copying the journal and the registry");
    const auto writers_wait = stores.database->begin();
    const auto members = sources.data_dir / "members";
    if (auto copied = copy_settled(
            members, to / "members", [&] { return listing(members); },
            [](const std::string&) { return true; });
        !copied)
        return copied;
    if (auto made = checkpoint(sources, to / "journal"); !made)
        return made;
    return stores.database->copy_to((to / "registry.sqlite").string());
}

// Every file of the backup with its size and digest; syncs them all.
json::array files_of(const fs::path& directory) {
    std::set<fs::path> paths;
    for (const auto& entry : fs::recursive_directory_iterator(directory))
        if (entry.is_regular_file())
            paths.insert(entry.path());
        else
            sync_directory(entry.path());
    json::array files;
    for (const auto& path : paths) {
        const File file(path, O_RDONLY);
        file.sync();
        files.push_back({{"path", fs::relative(path, directory).string()},
                         {"bytes", fs::file_size(path)},
                         {"sha256", digest_of(file)}});
    }
    return files;
}

std::string size_text(std::uint64_t bytes) {
    return std::to_string((bytes + (1 << 20) - 1) >> 20) + " MiB";
}

struct ListedFile {
    fs::path path;
    std::uint64_t bytes = 0;
    std::string sha256;
};

// Stays inside the directory: a manifest is a file from outside.
bool is_inside(const fs::path& path) {
    if (path.empty() || path.is_absolute() || path.begin()->empty())
        return false;
    const auto& top = *path.begin();
    return std::none_of(path.begin(), path.end(),
                        [](const fs::path& step) { return step == ".." || step == "."; }) &&
           std::any_of(std::begin(parts), std::end(parts),
                       [&](const char* part) { return top == part; });
}

tl::unexpected<Error> damaged(const std::string& what) {
    return fail(ErrorCode::unprocessable, "backup.damaged",
                "the backup is damaged: " + what + "; take another one");
}

Result<std::vector<ListedFile>> read_manifest(const fs::path& directory) {
    if (!fs::exists(directory / manifest_name))
        return fail(ErrorCode::not_found, "backup.incomplete",
                    directory.string() + " holds no complete backup: manifest.json is missing");
    json::error_code error;
    const auto manifest = json::parse(bytes_of(directory / manifest_name), error);
    if (error || !manifest.is_object())
        return damaged("manifest.json cannot be read");
    try {
        const auto& object = manifest.get_object();
        if (object.at("format").to_number<std::int64_t>() > format_version ||
            object.at("migration").to_number<std::int64_t>() > sql::all_migrations().back().number)
            return fail(
                ErrorCode::unsupported, "backup.version",
                "a newer Qiao made this backup; restore it with that version or a later one");
        std::vector<ListedFile> files;
        for (const auto& item : object.at("files").as_array()) {
            const auto& file = item.as_object();
            files.push_back({std::string(file.at("path").as_string()),
                             file.at("bytes").to_number<std::uint64_t>(),
                             std::string(file.at("sha256").as_string())});
            if (!is_inside(files.back().path))
                return damaged("manifest.json names a file outside it");
        }
        return files;
    } catch (const std::exception&) {
        return damaged("manifest.json is not as it should be");
    }
}

bool holds_history(const fs::path& directory) { return fs::exists(directory / "history.duckdb"); }

std::string told_of_history(const fs::path& directory) {
    const auto place = place_used(directory);
    if (place.empty())
        return {};
    const auto what = holds_history(directory)
                          ? "It holds history.duckdb, which is whole, but not what is in " + place +
                                ", which the server used last: if it is to go on there, then "
                          : "It does not hold history, which is in " + place + ": ";
    return what +
           "before you start the server again, back it up there by ClickHouse's own BACKUP "
           "DATABASE, so that both are of one moment. ";
}

std::string put_back_history(const fs::path& directory) {
    const auto place = place_used(directory);
    if (place.empty())
        return {};
    const auto what = holds_history(directory)
                          ? "Start without --history to go on with history.duckdb; or else, "
                          : "History is not in this backup: ";
    return what + std::string("before the first start, put ") + place +
           " back to the same moment by ClickHouse's RESTORE DATABASE, then start with --history. ";
}

}  // namespace

Result<std::string> back_up(const BackupSources& sources, const fs::path& directory,
                            const Progress& progress) {
    if (sources.stores.database->is_postgresql())
        return fail(ErrorCode::unsupported, "backup.postgresql",
                    "with PostgreSQL, stop the server, run pg_dump, and copy the data directory "
                    "without keys; then start again");
    if (!holds_nothing(directory))
        return fail(ErrorCode::conflict, "backup.not_empty",
                    directory.string() + " is not empty; name a new directory");
    Begun begun(directory);
    const auto at = sources.stores.clock->now();
    if (auto copied = copy_stores(sources, directory, progress); !copied)
        return fail(copied.error());
    progress("Computing checksums");
    const auto files = files_of(directory);
    std::uint64_t bytes = 0;
    for (const auto& file : files)
        bytes += file.at("bytes").to_number<std::uint64_t>();
    const std::int64_t format = fs::exists(directory / place_file) ? format_version : 1;
    const json::object manifest{{"format", format},
                                {"migration", sql::all_migrations().back().number},
                                {"made_at", format_time(at)},
                                {"files", files}};
    {
        const auto path = directory / manifest_name;
        const File file(path, O_WRONLY | O_CREAT | O_EXCL);
        file.write(json::serialize(manifest) + "\n");
        file.sync();
    }
    sync_directory(directory);
    begun.keep();
    return (holds_history(directory) ? "The backup is complete: "
                                     : "The backup is complete but for history: ") +
           std::to_string(files.size()) + " files, " + size_text(bytes) + " in " +
           directory.string() + ". " + told_of_history(directory) +
           "It does not hold the master key: keep a copy of " +
           (sources.data_dir / "keys").string() + " in another place.";
}

Result<std::string> restore(const fs::path& directory, const fs::path& data_dir,
                            const Progress& progress) {
    const auto files = read_manifest(directory);
    if (!files)
        return fail(files.error());
    if (!holds_nothing(data_dir, "keys"))
        return fail(ErrorCode::conflict, "backup.not_empty",
                    data_dir.string() + " is not empty; name a new directory with --data-dir");
    Begun begun(data_dir);
    progress("Copying and verifying " + std::to_string(files->size()) + " files");
    std::set<fs::path> directories{data_dir};
    for (const auto& file : *files) {
        const auto from = directory / file.path, to = data_dir / file.path;
        std::error_code missing;
        if (fs::file_size(from, missing) != file.bytes || missing)
            return damaged(file.path.string() + " is missing or has another size");
        fs::create_directories(to.parent_path());
        directories.insert(to.parent_path());
        if (copy_durably(from, to) != file.sha256)
            return damaged(file.path.string() + " has changed since");
    }
    for (const auto& made : directories)
        sync_directory(made);
    begun.keep();
    const auto keys = data_dir / "keys";
    const auto made = "Restored " + std::to_string(files->size()) + " files into " +
                      data_dir.string() + ". " + put_back_history(data_dir);
    if (fs::exists(keys / "master.key"))
        return made + "The master key is in its place. Start the server with --data-dir " +
               data_dir.string() + ".";
    return made + "Before the first start, put all files of the old server's keys directory into " +
           keys.string() +
           " (the directory with mode 0700, the files 0600): without them personal data and the "
           "secrets of channels stay unreadable.";
}

}  // namespace qiao::app
