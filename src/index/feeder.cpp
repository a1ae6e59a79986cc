#include "index/feeder.hpp"

#include <algorithm>

#include "runtime/log.hpp"
#include "runtime/thread_priority.hpp"

namespace qiao::index {

namespace {

// Large enough that publishing a state costs little per change, small enough to be seen at once.
constexpr std::size_t batch_changes = 50'000;
constexpr auto gather_pause = std::chrono::milliseconds(20);
constexpr auto retry_pause = std::chrono::seconds(2);

IndexChange::Kind kind_of(shard::FeedItem::Kind kind) {
    switch (kind) {
        case shard::FeedItem::Kind::row:
            return IndexChange::Kind::row;
        case shard::FeedItem::Kind::tag:
            return IndexChange::Kind::tag;
        case shard::FeedItem::Kind::identity:
            return IndexChange::Kind::identity;
        case shard::FeedItem::Kind::consent:
            return IndexChange::Kind::consent;
        case shard::FeedItem::Kind::merge:
            return IndexChange::Kind::merge;
        case shard::FeedItem::Kind::split:
            return IndexChange::Kind::split;
        case shard::FeedItem::Kind::create:
            return IndexChange::Kind::create;
        case shard::FeedItem::Kind::erase:
            return IndexChange::Kind::erase;
    }
    return IndexChange::Kind::row;
}

void add_change(shard::FeedItem& item, const std::vector<Fact>* facts,
                std::vector<IndexChange>& changes) {
    IndexChange change;
    change.kind = kind_of(item.kind);
    change.profile = item.profile;
    change.other = item.other;
    if (item.kind == shard::FeedItem::Kind::row) {
        const auto& fact = facts->at(item.ordinal);
        change.name = recorded_name(fact);
        change.time = fact.time;
        change.properties = fact.properties;
    } else {
        change.name = std::move(item.name);
        change.value = std::move(item.value);
    }
    changes.push_back(std::move(change));
}

bool has_rows(const shard::FeedRecord& record) {
    return std::any_of(record.items.begin(), record.items.end(),
                       [](const auto& item) { return item.kind == shard::FeedItem::Kind::row; });
}

}  // namespace

Feeder::Feeder(Index& index, const journal::Journal& journal, shard::Shards& shards,
               Metrics& metrics)
    : index_(index),
      journal_(journal),
      shards_(shards),
      rows_(metrics.counter("qiao_index_changes_total", "Changes applied to the sequence index.")),
      next_(index.snapshot()->positions) {
    for (auto& next : next_)
        next = std::max<std::uint64_t>(next, 1);
    shards_.on_feed([this](ShardId) {
        std::lock_guard lock(mutex_);
        is_fed_ = true;
        wake_.notify_one();
    });
    metrics.gauge("qiao_index_lag", "Feed records that the index has not read yet.",
                  [this] { return static_cast<double>(lag()); });
}

Feeder::~Feeder() { stop(); }

void Feeder::start() {
    is_fed_ = true;
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
            if (stopping_)
                return;
            is_fed_ = false;
        }
        try {
            while (apply_some()) {
                std::lock_guard lock(mutex_);
                if (stopping_)
                    return;
            }
        } catch (const std::exception& fault) {
            log::error(std::string("the index cannot follow, will try again: ") + fault.what());
            std::unique_lock lock(mutex_);
            wake_.wait_for(lock, retry_pause, [this] { return stopping_; });
        }
        // Lets a few more changes gather: one publication for them all.
        std::this_thread::sleep_for(gather_pause);
    }
}

bool Feeder::apply_some() {
    Positions next;
    {
        std::lock_guard lock(mutex_);
        next = next_;
    }
    const auto before = next;
    std::vector<IndexChange> changes;
    for (ShardId shard = 0; shard < shard_count && changes.size() < batch_changes; ++shard)
        gather(shard, next, changes);
    if (next == before)
        return false;
    index_.apply(changes, next);
    rows_.add(changes.size());
    std::lock_guard lock(mutex_);
    next_ = next;
    progressed_.notify_all();
    return true;
}

void Feeder::gather(ShardId shard, Positions& next, std::vector<IndexChange>& changes) {
    std::vector<shard::FeedRecord> records;
    std::size_t items = 0;
    shards_.read_feed(shard, next[shard], [&](shard::FeedRecord&& record) {
        items += record.items.size();
        records.push_back(std::move(record));
        return items < batch_changes;
    });
    if (records.empty())
        return;
    next[shard] = records.back().seq + 1;
    add_rows(shard, records, changes);
}

// Joins the feed with the journal: both ascend by offset, so that one pass over each suffices.
void Feeder::add_rows(ShardId shard, const std::vector<shard::FeedRecord>& records,
                      std::vector<IndexChange>& changes) {
    auto record = records.begin();
    const auto take_rowless = [&] {
        for (; record != records.end() && !has_rows(*record); ++record)
            for (auto item : record->items)
                add_change(item, nullptr, changes);
    };
    take_rowless();
    if (record == records.end())
        return;
    journal_.read(shard, record->offset, [&](journal::Offset offset, std::vector<Fact>&& facts) {
        while (record != records.end() && record->offset == offset) {
            for (auto item : record->items)
                add_change(item, &facts, changes);
            ++record;
            take_rowless();
        }
        return record != records.end();
    });
}

bool Feeder::wait_caught_up(Duration timeout) {
    Positions wanted;
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

std::uint64_t Feeder::lag() const {
    std::uint64_t lag = 0;
    std::lock_guard lock(mutex_);
    for (ShardId shard = 0; shard < shard_count; ++shard)
        lag += shards_.feed_end(shard) - next_[shard];
    return lag;
}

}  // namespace qiao::index
