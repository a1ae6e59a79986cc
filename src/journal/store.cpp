#include "journal/store.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/compaction_filter.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>

#include <algorithm>
#include <thread>

#include "journal/bytes.hpp"
#include "runtime/log.hpp"

namespace qiao::journal {

namespace {

constexpr std::uint32_t format_version = 1;
constexpr std::string_view format_key = "format";

// Forgets message ids once their window is over; `never_expires` has the greatest time.
class WindowFilter final : public rocksdb::CompactionFilter {
public:
    explicit WindowFilter(Time oldest) : oldest_ms_(to_ms(oldest)) {}
    const char* Name() const override { return "qiao.dedupe.window"; }
    bool Filter(int, const rocksdb::Slice&, const rocksdb::Slice& value, std::string*,
                bool*) const override {
        if (value.size() != sizeof(std::uint64_t))
            return false;
        const auto ms = big_endian<std::uint64_t>({value.data(), value.size()});
        return static_cast<std::int64_t>(ms) < oldest_ms_;
    }

private:
    std::int64_t oldest_ms_;
};

class WindowFilterFactory final : public rocksdb::CompactionFilterFactory {
public:
    WindowFilterFactory(const Clock& clock, Duration window) : clock_(clock), window_(window) {}
    const char* Name() const override { return "qiao.dedupe.window"; }
    std::unique_ptr<rocksdb::CompactionFilter> CreateCompactionFilter(
        const rocksdb::CompactionFilter::Context&) override {
        return std::make_unique<WindowFilter>(clock_.now() - window_);
    }

private:
    const Clock& clock_;
    Duration window_;
};

#ifdef __SANITIZE_THREAD__
// Writers that meet in RocksDB read each other's batches, and a flush reads what they wrote, by
// agreements of atomics that TSan cannot see because the library is not built with it. Under TSan
// writers take turns, and every flush takes one before it begins.
std::mutex& write_turn() {
    static std::mutex turn;
    return turn;
}

class FlushTakesATurn final : public rocksdb::EventListener {
    void OnFlushBegin(rocksdb::DB*, const rocksdb::FlushJobInfo&) override {
        const std::lock_guard turn(write_turn());
    }
};
#endif

rocksdb::DBOptions database_options(const StoreOptions& options) {
    rocksdb::DBOptions database;
#ifdef __SANITIZE_THREAD__
    database.listeners.push_back(std::make_shared<FlushTakesATurn>());
#endif
    if (options.env)
        database.env = options.env;
    database.create_if_missing = true;
    database.create_missing_column_families = true;
    database.max_background_jobs = 2;
    database.db_write_buffer_size = 2 * options.write_buffer_bytes;
    // Bounds the time of a start after a crash: the log is replayed at about 100 MB/s.
    database.max_total_wal_size = 256 << 20;
    database.enable_pipelined_write = true;
    database.max_open_files = 512;
    database.max_bgerror_resume_count = 0;  // recover() does it, and more
    database.bytes_per_sync = 1 << 20;
    database.stats_dump_period_sec = 0;
    database.stats_persist_period_sec = 0;
    database.keep_log_file_num = 2;
    database.max_log_file_size = 4 << 20;
    database.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
    return database;
}

rocksdb::BlockBasedTableOptions table_options(const std::shared_ptr<rocksdb::Cache>& cache) {
    rocksdb::BlockBasedTableOptions table;
    table.block_cache = cache;
    // Indexes and filters come and go in blocks of a few KB. In one piece they are larger than a
    // shard of the cache (512 KB), which then never holds them: every look-up would read a
    // megabyte.
    table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
    table.partition_filters = true;
    table.cache_index_and_filter_blocks = true;
    table.cache_index_and_filter_blocks_with_high_priority = true;
    table.pin_l0_filter_and_index_blocks_in_cache = true;
    table.format_version = 5;
    return table;
}

rocksdb::ColumnFamilyOptions family_options(const rocksdb::BlockBasedTableOptions& table,
                                            std::size_t write_buffer_bytes) {
    rocksdb::ColumnFamilyOptions family;
    family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    family.write_buffer_size = write_buffer_bytes;
#ifdef __SANITIZE_THREAD__
    family.max_write_buffer_number = 16;  // no writer waits for a flush that waits for its turn
#endif
    family.compression = rocksdb::kLZ4Compression;
    family.level_compaction_dynamic_level_bytes = true;
    return family;
}

// Facts are written once and read in order: the values go to blob files, which compactions of the
// keys leave alone. Without, the bytes of 64 interleaved shards would be rewritten at each level.
rocksdb::ColumnFamilyOptions journal_options(const StoreOptions& options,
                                             const rocksdb::BlockBasedTableOptions& table) {
    auto family = family_options(table, options.write_buffer_bytes);
    family.enable_blob_files = true;
    family.min_blob_size = 512;
    family.blob_file_size = 64 << 20;
    family.blob_compression_type = rocksdb::kLZ4Compression;
    family.enable_blob_garbage_collection = true;
    return family;
}

rocksdb::ColumnFamilyOptions state_options(const StoreOptions& options,
                                           rocksdb::BlockBasedTableOptions table) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    auto family = family_options(table, options.write_buffer_bytes / 2);
    family.memtable_prefix_bloom_size_ratio = 0.02;
    family.memtable_whole_key_filtering = true;
    return family;
}

// Keys are hashes: nearly every look-up is for one that is not there, and ends at a filter.
rocksdb::ColumnFamilyOptions dedupe_options(const StoreOptions& options,
                                            rocksdb::BlockBasedTableOptions table,
                                            const Clock& clock) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    // Written only by taking in finished files (see SeenMessages), so it needs no memory to write.
    auto family = family_options(table, 64 << 10);
    family.compression = rocksdb::kNoCompression;  // hashes do not compress
    // Every file spans all keys. Levels would rewrite a level for each few of them.
    family.compaction_style = rocksdb::kCompactionStyleUniversal;
    family.level0_file_num_compaction_trigger = 6;
    family.ttl = static_cast<std::uint64_t>(
        std::max<std::int64_t>(60, options.dedupe_window.count() / 1000));
    family.compaction_filter_factory =
        std::make_shared<WindowFilterFactory>(clock, options.dedupe_window);
    return family;
}

std::vector<rocksdb::ColumnFamilyDescriptor> families(const StoreOptions& options,
                                                      const Clock& clock) {
    const auto cache = rocksdb::NewLRUCache(options.block_cache_bytes);
    const auto table = table_options(cache);
    return {
        {"journal", journal_options(options, table)},
        {"state", state_options(options, table)},
        {"feed", family_options(table, options.write_buffer_bytes / 2)},
        {"dedupe", dedupe_options(options, table, clock)},
        {rocksdb::kDefaultColumnFamilyName, family_options(table, options.write_buffer_bytes / 4)}};
}

tl::unexpected<Error> open_failure(const rocksdb::Status& status) {
    const auto text = status.ToString();
    if (text.find("lock") != text.npos && status.IsIOError())
        return fail(ErrorCode::conflict, "journal.locked",
                    "another Qiao works on this data directory; stop it or use another directory");
    return fail(ErrorCode::unavailable, "journal.open", "the journal cannot be opened: " + text);
}

Result<void> check_format(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* meta) {
    std::string stored;
    const auto status = db.Get({}, meta, rocksdb::Slice(format_key), &stored);
    if (status.ok()) {
        if (stored.size() != sizeof format_version)
            return fail(ErrorCode::unavailable, "journal.open", "the journal's version is damaged");
        if (big_endian<std::uint32_t>(stored) > format_version)
            return fail(
                ErrorCode::conflict, "journal.version",
                "a newer Qiao wrote this data directory; start that version or a newer one");
        return {};
    }
    if (!status.IsNotFound())
        return open_failure(status);
    put_big_endian(stored, format_version);
    rocksdb::WriteOptions durable;
    durable.sync = true;
    const auto written = db.Put(durable, meta, rocksdb::Slice(format_key), stored);
    if (!written.ok())
        return open_failure(written);
    return {};
}

}  // namespace

Store::Store(std::filesystem::path directory, const StoreOptions& options, const Clock& clock)
    : directory_(std::move(directory)), options_(options), clock_(clock) {}

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& directory,
                                           const StoreOptions& options, const Clock& clock) {
    std::error_code ignored;  // RocksDB says better what is wrong
    std::filesystem::create_directories(directory, ignored);
    std::unique_ptr<Store> store(new Store(directory, options, clock));
    if (const auto status = store->open_database(); !status.ok())
        return open_failure(status);
    if (auto known = check_format(*store->db_, store->meta()); !known)
        return fail(known.error());
    return store;
}

Store::~Store() { close_database(); }

rocksdb::Status Store::open_database() {
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* db = nullptr;
    auto status = rocksdb::DB::Open(database_options(options_), directory_.string(),
                                    families(options_, clock_), &handles, &db);
    if (!status.ok())
        return status;
    db_.reset(db);
    std::copy(handles.begin(), handles.end(), families_);
    return status;
}

void Store::close_database() {
    if (!db_)
        return;
    for (auto* family : families_)
        db_->DestroyColumnFamilyHandle(family);
    std::fill(std::begin(families_), std::end(families_), nullptr);
    const auto status = db_->Close();
    if (!status.ok())
        log::warn("the journal did not close cleanly: " + status.ToString());
    db_.reset();
}

void Store::enter() const {
    auto users = users_.load();
    while (true) {
        if (users < 0) {
            users_.wait(users);
            users = users_.load();
        } else if (users_.compare_exchange_weak(users, users + 1)) {
            break;
        }
    }
    if (db_)
        return;
    leave();
    throw StoreFault("the database is closed until its disk takes writes again");
}

void Store::leave() const { users_.fetch_sub(1); }

// Never waits for its turn with others locked out: a thread that holds an Access may ask for
// another.
bool Store::shut_out_others() {
    constexpr int tries = 500;
    for (int i = 0; i < tries; ++i) {
        int nobody = 0;
        if (users_.compare_exchange_strong(nobody, -1))
            return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return false;
}

std::string Store::scratch_file(std::string_view name) const {
    const auto scratch = directory_ / "scratch";
    std::error_code ignored;  // making the file will fail, and say why
    std::filesystem::create_directories(scratch, ignored);
    std::filesystem::remove(scratch / name, ignored);
    return (scratch / name).string();
}

bool Store::has_space() const {
    auto* env = options_.env ? options_.env : rocksdb::Env::Default();
    std::uint64_t free = 0;
    return env->GetFreeSpace(directory_.string(), &free).ok() && free >= options_.min_free_bytes;
}

rocksdb::Status Store::write(rocksdb::WriteBatch& batch, bool durable) {
    if (broken_.load())
        return rocksdb::Status::IOError("the disk does not take writes");
    const Access access(*this);
#ifdef __SANITIZE_THREAD__
    const std::lock_guard turn(write_turn());
#endif
    rocksdb::WriteOptions options;
    options.sync = durable;
    auto status = db_->Write(options, &batch);
    if (!status.ok())
        broken_.store(true);
    return status;
}

bool Store::recover() {
    if (!broken_.load())
        return true;
    const std::lock_guard lock(recovery_);
    if (!broken_.load())
        return true;
    const auto now = std::chrono::steady_clock::now();
    if (now - last_attempt_ < std::chrono::milliseconds(200))
        return false;
    last_attempt_ = now;
    if (!has_space() || !shut_out_others())
        return false;
    close_database();
    const auto status = open_database();
    if (status.ok())
        broken_.store(false);
    users_.store(0);
    users_.notify_all();
    if (status.ok())
        log::info("the journal's disk takes writes again");
    else
        log::error("the journal cannot be opened again: " + status.ToString());
    return status.ok();
}

Result<void> Store::checkpoint(const std::filesystem::path& directory) {
    const Access access(*this);
    rocksdb::Checkpoint* made = nullptr;
    auto status = rocksdb::Checkpoint::Create(db_.get(), &made);
    const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
    if (status.ok())
        status = checkpoint->CreateCheckpoint(directory.string());
    if (!status.ok())
        return fail(ErrorCode::unavailable, "journal.checkpoint",
                    "the journal cannot be copied: " + status.ToString());
    return {};
}

}  // namespace qiao::journal
