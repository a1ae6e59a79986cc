#include "shard/shards.hpp"

#include <algorithm>
#include <numeric>

#include "base/check.hpp"
#include "journal/range.hpp"
#include "shard/detail/core.hpp"
#include "shard/detail/feed_record.hpp"
#include "shard/detail/forwarder.hpp"
#include "shard/detail/keys.hpp"
#include "shard/detail/parked.hpp"
#include "shard/detail/worker.hpp"

namespace qiao::shard {

namespace {

using detail::Part;

// Facts may cause facts in other shards; a chain longer than this is not waited for.
constexpr int max_hops = 32;

using Marks = std::array<std::uint64_t, shard_count>;

Marks marks_of(const detail::Core& core, std::atomic<std::uint64_t> detail::Published::*mark) {
    Marks marks;
    for (ShardId shard = 0; shard < shard_count; ++shard)
        marks[shard] = (core.published[shard].*mark).load();
    return marks;
}

bool reached(const Marks& now, const Marks& wanted) {
    return std::equal(now.begin(), now.end(), wanted.begin(), std::greater_equal<>());
}

}  // namespace

struct Shards::Impl {
    Impl(journal::Store& store, journal::Journal& journal, const Clock& clock, Metrics& metrics,
         std::vector<Projection*> projections, unsigned threads);

    void start();
    void stop();
    void wake_all();
    detail::Worker& worker_of(ShardId shard) { return *workers[shard % workers.size()]; }
    bool apply_hop(std::chrono::steady_clock::time_point deadline);
    bool at_rest() const;
    Marks last_entries() const;

    std::shared_ptr<detail::Core> core;
    detail::Forwarder forwarder;
    std::vector<std::unique_ptr<detail::Worker>> workers;
    bool started = false;

    // Of each queue: the number below which all entries are gone, so that a drain need not walk
    // over what RocksDB still remembers of them.
    mutable std::mutex floor_mutex;
    mutable std::map<std::string, Marks, std::less<>> floors;
    mutable std::atomic<unsigned> first_shard{0};
};

Shards::Impl::Impl(journal::Store& store, journal::Journal& journal, const Clock& clock,
                   Metrics& metrics, std::vector<Projection*> projections, unsigned threads)
    : core(std::make_shared<detail::Core>(store, journal, clock, metrics, std::move(projections))),
      forwarder(*core) {
    check(threads > 0);
    std::vector<std::vector<ShardId>> owned(std::min<std::size_t>(threads, shard_count));
    for (ShardId shard = 0; shard < shard_count; ++shard)
        owned[shard % owned.size()].push_back(shard);
    for (auto& shards : owned)
        workers.push_back(std::make_unique<detail::Worker>(*core, forwarder, std::move(shards)));
}

void Shards::Impl::start() {
    check(!started);
    started = true;
    core->journal.on_commit([this](ShardId shard) { worker_of(shard).poke(); });
    forwarder.start();
    for (auto& worker : workers)
        worker->start();
}

void Shards::Impl::stop() {
    if (core->stopping.exchange(true))
        return;
    if (started)
        core->journal.on_commit({});
    for (auto& worker : workers)
        worker->stop();
    forwarder.stop();
    core->tell_progress();
}

void Shards::Impl::wake_all() {
    for (auto& worker : workers)
        worker->wake();
    forwarder.poke();
}

Marks Shards::Impl::last_entries() const {
    Marks last;
    for (ShardId shard = 0; shard < shard_count; ++shard)
        last[shard] = core->journal.end(shard) - 1;
    return last;
}

Shards::Shards(journal::Store& store, journal::Journal& journal, const Clock& clock,
               Metrics& metrics, std::vector<Projection*> projections, unsigned threads)
    : impl_(
          std::make_unique<Impl>(store, journal, clock, metrics, std::move(projections), threads)) {
    std::weak_ptr<detail::Core> core = impl_->core;
    metrics.gauge("qiao_shard_lag_entries", "Journal entries not yet applied.", [core]() -> double {
        const auto shared = core.lock();
        if (!shared || shared->stopping.load())
            return 0;
        std::uint64_t lag = 0;
        for (ShardId shard = 0; shard < shard_count; ++shard)
            lag += shared->journal.end(shard) - 1 - shared->published[shard].applied.load();
        return static_cast<double>(lag);
    });
}

Shards::~Shards() { stop(); }

void Shards::start() { impl_->start(); }

void Shards::stop() { impl_->stop(); }

void Shards::run_on(ShardId shard, std::function<void(ShardContext&)> task,
                    std::function<void(std::exception_ptr)> done) {
    check(shard < shard_count);
    detail::Ask ask{shard, std::move(task), std::move(done)};
    if (impl_->worker_of(shard).ask(std::move(ask)))
        return;
    ask.done(std::make_exception_ptr(
        std::runtime_error("the shard has too many tasks waiting or has stopped")));
}

// Waits until what is durable now is applied, and what shards sent until then is durable, too.
bool Shards::Impl::apply_hop(std::chrono::steady_clock::time_point deadline) {
    const auto left = [&] {
        return std::chrono::duration_cast<Duration>(deadline - std::chrono::steady_clock::now());
    };
    const auto last = last_entries();
    if (!core->wait_for(
            left(), [&] { return reached(marks_of(*core, &detail::Published::applied), last); }))
        return false;
    const auto emitted = marks_of(*core, &detail::Published::emitted);
    return core->wait_for(
        left(), [&] { return reached(marks_of(*core, &detail::Published::sent), emitted); });
}

bool Shards::wait_applied(Duration timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    for (int hop = 0; hop < max_hops; ++hop) {
        const auto sent = marks_of(*impl_->core, &detail::Published::sent);
        if (!impl_->apply_hop(deadline))
            return false;
        // Nothing was sent: nothing new can follow from what was durable at the call.
        if (marks_of(*impl_->core, &detail::Published::sent) == sent)
            return true;
    }
    return true;
}

// True when, at one moment, all was applied, sent and fired. What shards do between reading the
// first mark and the last would show in the marks that are read twice.
bool Shards::Impl::at_rest() const {
    const auto last = last_entries();
    const auto emitted = marks_of(*core, &detail::Published::emitted);
    const auto now = to_ms(core->clock.now());
    for (const auto& shard : core->published)
        if (shard.next_due_ms.load() <= now)
            return false;
    return marks_of(*core, &detail::Published::sent) == emitted &&
           marks_of(*core, &detail::Published::applied) == last && last_entries() == last &&
           marks_of(*core, &detail::Published::emitted) == emitted;
}

bool Shards::settle(Duration timeout) {
    impl_->wake_all();
    return impl_->core->wait_for(timeout, [&] { return impl_->at_rest(); });
}

bool Shards::pause(Duration timeout) {
    auto& core = *impl_->core;
    ++core.pauses;
    impl_->wake_all();
    const auto threads = impl_->started ? impl_->workers.size() + 1 : 0;
    if (core.wait_for(timeout, [&] { return core.resting.load() == threads; }))
        return true;
    resume();
    return false;
}

void Shards::resume() {
    check(impl_->core->pauses.load() > 0);
    --impl_->core->pauses;
    impl_->wake_all();
}

journal::Offset Shards::applied(ShardId shard) const {
    return impl_->core->published[shard].applied.load();
}

std::uint64_t Shards::lag() const {
    const auto last = impl_->last_entries();
    const auto applied = marks_of(*impl_->core, &detail::Published::applied);
    std::uint64_t lag = 0;
    for (ShardId shard = 0; shard < shard_count; ++shard)
        lag += last[shard] - std::min(last[shard], applied[shard]);
    return lag;
}

FeedSeq Shards::feed_end(ShardId shard) const {
    return impl_->core->published[shard].fed.load() + 1;
}

FeedSeq Shards::feed_begin(ShardId shard) const {
    const auto end = feed_end(shard);
    std::string prefix;
    detail::put_big_endian(prefix, shard);
    journal::Range records(impl_->core->store, &journal::Store::feed, std::move(prefix));
    records.first();
    return records.valid() ? std::min(detail::seq_of(records.key()), end) : end;
}

void Shards::read_feed(ShardId shard, FeedSeq from,
                       const std::function<bool(FeedRecord&&)>& visit) const {
    const auto end = feed_end(shard);
    auto& store = impl_->core->store;
    std::string prefix;
    detail::put_big_endian(prefix, shard);
    journal::Range records(store, &journal::Store::feed, std::move(prefix));
    for (records.seek(detail::feed_key(shard, from)); records.valid(); records.next()) {
        const auto seq = detail::seq_of(records.key());
        if (seq >= end)
            return;
        auto record = detail::decode_record(records.value());
        if (!record)
            throw journal::StoreFault(record.error().detail);
        record->shard = shard;
        record->seq = seq;
        if (!visit(std::move(*record)))
            return;
    }
}

void Shards::trim_feed(ShardId shard, FeedSeq until) {
    check(until <= feed_end(shard));
    auto& store = impl_->core->store;
    store.recover();
    const journal::Store::Access access(store);
    rocksdb::WriteBatch batch;
    batch.DeleteRange(store.feed(), detail::feed_key(shard, 0), detail::feed_key(shard, until));
    if (const auto status = store.write(batch, false); !status.ok())
        throw journal::StoreFault(status.ToString());
}

void Shards::on_feed(std::function<void(ShardId)> listener) {
    const std::lock_guard lock(impl_->core->listener_mutex);
    impl_->core->feed_listeners.push_back(std::move(listener));
}

void Shards::on_outbox(std::string queue, std::function<void()> listener) {
    const std::lock_guard lock(impl_->core->listener_mutex);
    impl_->core->outbox_listeners[std::move(queue)].push_back(std::move(listener));
}

void Shards::drain(std::string_view queue, std::size_t limit,
                   const std::function<bool(OutboxEntry&&)>& visit) const {
    auto& store = impl_->core->store;
    const auto first = impl_->first_shard++;
    std::size_t visited = 0;
    for (ShardId i = 0; i < shard_count && visited < limit; ++i) {
        const auto shard = static_cast<ShardId>((first + i) % shard_count);
        const auto last = impl_->core->published[shard].queued.load();
        std::uint64_t floor = 0;
        {
            const std::lock_guard lock(impl_->floor_mutex);
            auto& floors = impl_->floors.try_emplace(std::string(queue)).first->second;
            floor = floors[shard];
        }
        if (floor > last)
            continue;
        journal::Range entries(store, &journal::Store::state, detail::queue_prefix(shard, queue));
        entries.seek(detail::queue_key(shard, queue, floor));
        const auto oldest = entries.valid() ? detail::seq_of(entries.key()) : last + 1;
        {
            const std::lock_guard lock(impl_->floor_mutex);
            impl_->floors.find(queue)->second[shard] = std::min(oldest, last + 1);
        }
        for (; entries.valid() && visited < limit; entries.next(), ++visited) {
            OutboxEntry entry;
            entry.shard = shard;
            entry.seq = detail::seq_of(entries.key());
            auto value = entries.value();
            journal::ByteReader reader{value};
            entry.key = reader.text();
            entry.bytes = value;
            if (!visit(std::move(entry)))
                return;
        }
    }
}

void Shards::acknowledge(std::string_view queue, const std::vector<OutboxEntry>& done) {
    if (done.empty())
        return;
    auto& store = impl_->core->store;
    store.recover();
    const journal::Store::Access access(store);
    rocksdb::WriteBatch batch;
    for (const auto& entry : done)
        batch.Delete(store.state(), detail::queue_key(entry.shard, queue, entry.seq));
    if (const auto status = store.write(batch, false); !status.ok())
        throw journal::StoreFault(status.ToString());
}

std::vector<Parked> Shards::parked(std::size_t limit) const {
    std::vector<Parked> parked;
    auto& store = impl_->core->store;
    for (ShardId shard = 0; shard < shard_count; ++shard) {
        journal::Range records(store, &journal::Store::state,
                               detail::part_key(shard, Part::parked));
        for (records.first(); records.valid() && parked.size() < limit; records.next())
            parked.push_back(detail::decode_parked(shard, records.key().substr(detail::part_size),
                                                   records.value()));
    }
    return parked;
}

}  // namespace qiao::shard
