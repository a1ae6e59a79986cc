#include "history/feeder.hpp"

#include <algorithm>

#include "runtime/log.hpp"
#include "runtime/thread_priority.hpp"

namespace qiao::history {

namespace {

// A commit costs one sync, so that a batch should be large; memory bounds it.
constexpr std::size_t batch_rows = 20'000;
constexpr auto gather_pause = std::chrono::milliseconds(50);
constexpr auto retry_pause = std::chrono::seconds(2);

HistoryRow row_of(const Fact& fact, const shard::FeedRecord& record, const shard::FeedItem& item) {
    HistoryRow row;
    row.profile = item.profile;
    row.time = fact.time;
    row.received_at = fact.received_at;
    row.event = recorded_name(fact);
    row.source = fact.source;
    row.message_id = fact.message_id;
    row.shard = record.shard;
    row.offset = record.offset;
    row.ordinal = item.ordinal;
    row.properties = properties_json(fact.properties);
    return row;
}

bool undoes_rows(const shard::FeedItem& item) {
    return item.kind == shard::FeedItem::Kind::erase || item.kind == shard::FeedItem::Kind::split;
}

// Tags, identities and consents are state: the facts that changed them are rows already.
void add_change(const shard::FeedItem& item, HistoryBatch& batch) {
    switch (item.kind) {
        case shard::FeedItem::Kind::merge:
            batch.merges.push_back({item.other, item.profile});
            return;
        case shard::FeedItem::Kind::split:
            batch.splits.push_back(item.other);
            return;
        case shard::FeedItem::Kind::erase:
            batch.erased.push_back(item.profile);
            return;
        case shard::FeedItem::Kind::row:
        case shard::FeedItem::Kind::tag:
        case shard::FeedItem::Kind::identity:
        case shard::FeedItem::Kind::consent:
        case shard::FeedItem::Kind::create:
            return;
    }
}

}  // namespace

Feeder::Feeder(History& history, const journal::Journal& journal, shard::Shards& shards,
               Metrics& metrics)
    : history_(history),
      journal_(journal),
      shards_(shards),
      rows_(metrics.counter("qiao_history_rows_total", "Rows written to history.")),
      next_(history.positions()) {
    shards_.on_feed([this](ShardId) {
        std::lock_guard lock(mutex_);
        is_fed_ = true;
        wake_.notify_one();
    });
    metrics.gauge("qiao_history_lag", "Feed records that history has not read yet.",
                  [this] { return static_cast<double>(lag()); });
}

Feeder::~Feeder() { stop(); }

void Feeder::start() {
    thread_ = std::thread([this] { run(); });
}

void Feeder::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
        wake_.notify_all();
    }
    if (thread_.joinable())
        thread_.join();
}

void Feeder::run() {
    yield_to_others(15);
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            wake_.wait_for(lock, std::chrono::seconds(1), [this] { return is_fed_ || stopping_; });
            is_fed_ = false;
        }
        try {
            while (write_some()) {
            }
        } catch (const std::exception& fault) {
            log::error(std::string("history cannot be written, will try again: ") + fault.what());
            std::unique_lock lock(mutex_);
            wake_.wait_for(lock, retry_pause, [this] { return stopping_; });
        }
        std::unique_lock lock(mutex_);
        if (stopping_)
            return;
        // Lets a few more facts gather: one commit for them all.
        lock.unlock();
        std::this_thread::sleep_for(gather_pause);
    }
}

bool Feeder::write_some() {
    HistoryBatch batch;
    for (ShardId shard = 0; shard < shard_count && batch.rows.size() < batch_rows; ++shard)
        gather(shard, batch);
    if (batch.positions.empty())
        return false;
    history_.write(batch);
    rows_.add(batch.rows.size());
    std::lock_guard lock(mutex_);
    for (const auto& [shard, next] : batch.positions)
        next_[shard] = next;
    progressed_.notify_all();
    return true;
}

void Feeder::gather(ShardId shard, HistoryBatch& batch) {
    shard::FeedSeq next = 0;
    {
        std::lock_guard lock(mutex_);
        next = next_[shard];
    }
    std::vector<shard::FeedRecord> records;
    std::size_t items = 0;
    shards_.read_feed(shard, next, [&](shard::FeedRecord&& record) {
        items += record.items.size();
        // Rows that follow an erasure or a split belong to the next transaction: they must not be
        // undone.
        const bool is_barrier = std::any_of(record.items.begin(), record.items.end(), undoes_rows);
        records.push_back(std::move(record));
        return items < batch_rows && !is_barrier;
    });
    if (records.empty())
        return;
    add_rows(shard, records, batch);
    for (const auto& record : records)
        for (const auto& item : record.items)
            add_change(item, batch);
    batch.positions.emplace_back(shard, records.back().seq + 1);
}

// Joins the feed with the journal: both ascend by offset, so that one pass over each suffices.
void Feeder::add_rows(ShardId shard, const std::vector<shard::FeedRecord>& records,
                      HistoryBatch& batch) {
    auto record = records.begin();
    const auto skip_rowless = [&] {
        while (record != records.end() && record->offset == 0)
            ++record;
    };
    skip_rowless();
    if (record == records.end())
        return;
    journal_.read(shard, record->offset, [&](journal::Offset offset, std::vector<Fact>&& facts) {
        while (record != records.end() && record->offset == offset) {
            for (const auto& item : record->items)
                if (item.kind == shard::FeedItem::Kind::row)
                    batch.rows.push_back(row_of(facts.at(item.ordinal), *record, item));
            ++record;
            skip_rowless();
        }
        return record != records.end();
    });
}

bool Feeder::wait_caught_up(Duration timeout) {
    std::vector<shard::FeedSeq> wanted(shard_count);
    for (ShardId shard = 0; shard < shard_count; ++shard)
        wanted[shard] = shards_.feed_end(shard);
    std::unique_lock lock(mutex_);
    is_fed_ = true;
    wake_.notify_one();
    return progressed_.wait_for(lock, timeout, [&] {
        for (ShardId shard = 0; shard < shard_count; ++shard)
            if (next_[shard] < wanted[shard])
                return false;
        return true;
    });
}

std::vector<shard::FeedSeq> Feeder::positions() const {
    std::lock_guard lock(mutex_);
    return next_;
}

std::uint64_t Feeder::lag() const {
    std::uint64_t lag = 0;
    std::lock_guard lock(mutex_);
    for (ShardId shard = 0; shard < shard_count; ++shard)
        lag += shards_.feed_end(shard) - next_[shard];
    return lag;
}

}  // namespace qiao::history
