#include "shard/feed_follower.hpp"

#include <algorithm>

#include "runtime/log.hpp"
#include "runtime/thread_priority.hpp"

namespace qiao::shard {

namespace {

constexpr auto retry_pause = std::chrono::seconds(2);
constexpr int politeness = 15;  // intake goes before those who follow behind

bool has_rows(const FeedRecord& record) {
    return std::any_of(record.items.begin(), record.items.end(),
                       [](const auto& item) { return item.kind == FeedItem::Kind::row; });
}

}  // namespace

FeedFollower::FeedFollower(Shards& shards, Options options, Step step)
    : shards_(shards), options_(std::move(options)), step_(std::move(step)), next_(options_.from) {
    for (auto& next : next_)
        next = std::max<FeedSeq>(next, 1);
    shards_.on_feed([this](ShardId) {
        const std::lock_guard lock(mutex_);
        is_fed_ = true;
        wake_.notify_one();
    });
}

FeedFollower::~FeedFollower() { stop(); }

void FeedFollower::start() {
    thread_ = std::thread([this] { run(); });
}

void FeedFollower::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

void FeedFollower::run() {
    yield_to_others(politeness);
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            wake_.wait_for(lock, std::chrono::seconds(1), [this] { return is_fed_ || stopping_; });
            if (stopping_)
                return;
            is_fed_ = false;
        }
        try {
            while (take_some()) {
                const std::lock_guard lock(mutex_);
                if (stopping_)
                    return;
            }
        } catch (const std::exception& fault) {
            log::error(options_.name + " cannot follow, will try again: " + fault.what());
            std::unique_lock lock(mutex_);
            wake_.wait_for(lock, retry_pause, [this] { return stopping_; });
        }
        std::this_thread::sleep_for(options_.gather_pause);
    }
}

bool FeedFollower::take_some() {
    const std::lock_guard step(step_mutex_);
    const auto before = positions();
    auto next = before;
    step_(next);
    if (next == before)
        return false;
    set(next);
    return true;
}

void FeedFollower::set(const FeedPositions& next) {
    const std::lock_guard lock(mutex_);
    next_ = next;
    progressed_.notify_all();
}

void FeedFollower::between_steps(const std::function<void(FeedPositions&)>& change) {
    const std::lock_guard step(step_mutex_);
    auto next = positions();
    change(next);
    set(next);
    const std::lock_guard lock(mutex_);
    is_fed_ = true;
    wake_.notify_one();
}

bool FeedFollower::wait_caught_up(Duration timeout) {
    FeedPositions wanted;
    for (ShardId shard = 0; shard < shard_count; ++shard)
        wanted[shard] = shards_.feed_end(shard);
    std::unique_lock lock(mutex_);
    is_fed_ = true;
    wake_.notify_one();
    return progressed_.wait_for(lock, timeout, [&] {
        return std::equal(next_.begin(), next_.end(), wanted.begin(), std::greater_equal<>());
    });
}

FeedPositions FeedFollower::positions() const {
    const std::lock_guard lock(mutex_);
    return next_;
}

std::uint64_t FeedFollower::lag() const {
    const auto next = positions();
    std::uint64_t lag = 0;
    for (ShardId shard = 0; shard < shard_count; ++shard)
        lag += shards_.feed_end(shard) - std::min(next[shard], shards_.feed_end(shard));
    return lag;
}

// Both ascend by offset, so that one pass over each suffices.
FeedSeq read_joined(const Shards& shards, const journal::Journal& journal, ShardId shard,
                    FeedSeq from, std::size_t most_items,
                    const std::function<bool(FeedRecord&, const std::vector<Fact>*)>& visit) {
    std::vector<FeedRecord> records;
    std::size_t items = 0;
    shards.read_feed(shard, from, [&](FeedRecord&& record) {
        items += record.items.size();
        records.push_back(std::move(record));
        return items < most_items;
    });
    auto next = from;
    auto record = records.begin();
    const auto take = [&](const std::vector<Fact>* facts) {
        next = record->seq + 1;
        const bool goes_on = visit(*record, facts);
        record = goes_on ? record + 1 : records.end();
    };
    const auto take_rowless = [&] {
        while (record != records.end() && !has_rows(*record))
            take(nullptr);
    };
    take_rowless();
    if (record == records.end())
        return next;
    journal.read(shard, record->offset, [&](journal::Offset offset, std::vector<Fact>&& facts) {
        while (record != records.end() && record->offset == offset) {
            take(&facts);
            take_rowless();
        }
        return record != records.end();
    });
    if (record != records.end())
        throw journal::StoreFault("the journal lacks entries that the feed names");
    return next;
}

}  // namespace qiao::shard
