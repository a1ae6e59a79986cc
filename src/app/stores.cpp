#include <filesystem>

#include "app/history_place.hpp"
#include "app/server.hpp"
#include "runtime/log.hpp"
#include "sql/migrations.hpp"

namespace qiao::app {

namespace {

namespace fs = std::filesystem;

// 2026-10-01 in the institution's zone: where the test clock stands at the start.
constexpr auto test_clock_start = "2026-10-01T00:00:00+08:00";

// Rows that the index keeps on the heap before it writes them to files.
constexpr std::uint64_t rows_in_memory = 100'000;

// A bank of some ten thousand customers fits; a larger one reads more from the page cache.
journal::StoreOptions small_store() {
    journal::StoreOptions options;
    options.block_cache_bytes = 16 << 20;
    options.write_buffer_bytes = 16 << 20;
    return options;
}

std::string database_url(const ServeOptions& options) {
    return options.database.empty() ? "sqlite:" + (options.data_dir / "registry.sqlite").string()
                                    : options.database;
}

std::string place_of(const ServeOptions& options) {
    return options.history.empty() ? (options.data_dir / "history.duckdb").string()
                                   : options.history;
}

std::unique_ptr<Clock> make_clock(const ServeOptions& options) {
    if (options.has_test_clock)
        return std::make_unique<TestClock>(*parse_time(test_clock_start));
    return std::make_unique<SystemClock>();
}

// An index that cannot be read is made anew: empty and lost, until it has been rebuilt.
Result<std::unique_ptr<index::Index>> open_index(index::IndexOptions options) {
    std::error_code gone;
    fs::remove_all(options.directory.string() + ".new", gone);  // of a rebuild that broke off
    auto opened = index::Index::open(options);
    if (opened ||
        (opened.error().reason != "index.corrupt" && opened.error().reason != "index.version"))
        return opened;
    log::warn(opened.error().detail);
    index::Index::reset(options.directory);
    opened = index::Index::open(std::move(options));
    if (opened)
        (*opened)->lose();
    return opened;
}

// Moves a value out of a Result into its place, or keeps the error.
template <class T>
bool take(Result<T>&& result, T& place, Error& error) {
    if (!result) {
        error = std::move(result.error());
        return false;
    }
    place = std::move(*result);
    return true;
}

}  // namespace

Result<Stores> Stores::open(const ServeOptions& options, bool with_history) {
    std::error_code unwritable;
    fs::create_directories(options.data_dir, unwritable);
    if (unwritable)
        return fail(ErrorCode::unavailable, "app.data_dir",
                    "the data directory " + options.data_dir.string() +
                        " cannot be made; choose another with --data-dir");
    fs::permissions(options.data_dir, fs::perms::owner_all, unwritable);

    Stores stores;
    Error error;
    stores.clock = make_clock(options);
    index::IndexOptions index_options;
    index_options.directory = options.data_dir / "index";
    index_options.memory_rows = rows_in_memory;
    // The journal store goes first: its lock tells whether another server owns the directory.
    if (!take(journal::Store::open(options.data_dir / "journal", small_store(), *stores.clock),
              stores.store, error) ||
        !take(sql::Database::open(database_url(options)), stores.database, error))
        return fail(error);
    if (auto migrated = sql::migrate(*stores.database, sql::all_migrations(), stores.clock->now());
        !migrated)
        return fail(migrated.error());
    if (!take(customer::Vault::open(options.data_dir / "keys", *stores.store), stores.vault,
              error) ||
        !take(channel::FileSecretBox::open_file(options.data_dir / "keys" / "secrets.key"),
              stores.secrets, error) ||
        (with_history && !take(open_history(place_of(options), options.history_memory_mb),
                               stores.history, error)) ||
        (options.asks_history && !take(open_questions(options.history), stores.questions, error)) ||
        !take(open_index(std::move(index_options)), stores.index, error))
        return fail(error);
    return stores;
}

}  // namespace qiao::app
