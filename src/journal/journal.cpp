#include "journal/journal.hpp"

#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

#include "base/check.hpp"
#include "journal/detail/append.hpp"
#include "journal/detail/commit_group.hpp"
#include "journal/detail/keys.hpp"
#include "journal/range.hpp"
#include "runtime/log.hpp"

namespace qiao::journal {

namespace {

using detail::Append;

// What one commit takes: about the point where a larger group no longer makes a sync cheaper.
constexpr std::size_t max_group_facts = 8'000;
constexpr std::size_t max_group_bytes = 4 << 20;

tl::unexpected<Error> refuse(std::string reason, std::string detail) {
    Error error{ErrorCode::unavailable, std::move(reason), std::move(detail), {}, 1};
    return fail(std::move(error));
}

}  // namespace

CorruptEntry::CorruptEntry(ShardId shard, Offset offset)
    : std::runtime_error("journal entry " + std::to_string(shard) + "/" + std::to_string(offset) +
                         " cannot be read"),
      offset(offset) {}

struct Journal::Impl {
    Impl(Store& store, const Clock& clock, Metrics& metrics, const JournalOptions& options);
    ~Impl();

    void load_ends();
    rocksdb::Status write(std::vector<Append>& appends);
    void publish_ends();
    bool enqueue(Append&& append, bool bounded);
    void run();
    std::vector<Append> take_group();
    void commit(std::vector<Append> appends);
    void answer(std::vector<Append>& appends, const rocksdb::Status& status);

    Store& store;
    const Clock& clock;
    const JournalOptions options;
    Counter& facts;
    Counter& repeats;
    Counter& commits;
    Counter& refused;

    detail::CommitGroup group{store, options};
    std::array<Offset, shard_count> next{};  // the committer's own
    bool failed = false;                     // was the last write
    std::array<std::atomic<Offset>, shard_count> ends{};

    std::mutex mutex;
    std::condition_variable wake;
    std::deque<Append> queue;
    std::size_t queued_facts = 0;
    std::size_t queued_bytes = 0;
    bool stopping = false;
    std::atomic<std::int64_t> pause_ms{0};

    std::mutex listener_mutex;
    std::function<void(ShardId)> listener;

    std::thread committer;
};

Journal::Impl::Impl(Store& store, const Clock& clock, Metrics& metrics,
                    const JournalOptions& options)
    : store(store),
      clock(clock),
      options(options),
      facts(metrics.counter("qiao_journal_facts_total", "Facts appended to the journal.")),
      repeats(metrics.counter("qiao_journal_repeats_total",
                              "Facts dropped because their message id came before.")),
      commits(metrics.counter("qiao_journal_commits_total", "Synced writes of the journal.")),
      refused(metrics.counter("qiao_journal_refused_total",
                              "Appends refused for a full queue or a sick disk.")) {
    load_ends();
    publish_ends();
    committer = std::thread([this] { run(); });
}

Journal::Impl::~Impl() {
    {
        const std::lock_guard lock(mutex);
        stopping = true;
    }
    wake.notify_all();
    committer.join();
}

void Journal::Impl::load_ends() {
    for (ShardId shard = 0; shard < shard_count; ++shard) {
        Offset end = 1;
        std::string kept;
        const Store::Access access(store);
        const auto status = store.db().Get({}, store.meta(), detail::end_key(shard), &kept);
        if (status.ok() && kept.size() == sizeof(Offset))
            end = big_endian<Offset>(kept);
        if (!status.ok() && !status.IsNotFound())
            throw StoreFault(status.ToString());
        Range entries(store, &Store::journal, detail::shard_prefix(shard));
        entries.last();
        if (entries.valid())
            end = std::max(end, detail::offset_of(entries.key()) + 1);
        next[shard] = end;
    }
}

bool Journal::Impl::enqueue(Append&& append, bool bounded) {
    {
        const std::lock_guard lock(mutex);
        // One that is larger than the whole queue still passes when nothing else waits.
        const bool full = queued_facts + append.facts.size() > options.queue_facts ||
                          queued_bytes + append.bytes.size() > options.queue_bytes;
        if (bounded && full && !queue.empty())
            return false;
        queued_facts += append.facts.size();
        queued_bytes += append.bytes.size();
        queue.push_back(std::move(append));
    }
    wake.notify_one();
    return true;
}

void Journal::Impl::run() {
    while (true) {
        {
            std::unique_lock lock(mutex);
            wake.wait(lock, [this] { return stopping || !queue.empty(); });
            if (const Duration pause{pause_ms.load()}; pause > Duration(0))
                wake.wait_for(lock, pause, [this] { return stopping; });
        }
        auto appends = take_group();
        if (appends.empty())
            return;
        commit(std::move(appends));
    }
}

std::vector<Append> Journal::Impl::take_group() {
    const std::lock_guard lock(mutex);
    std::vector<Append> taken;
    std::size_t facts = 0;
    std::size_t bytes = 0;
    while (!queue.empty() && facts < max_group_facts && bytes < max_group_bytes) {
        facts += queue.front().facts.size();
        bytes += queue.front().bytes.size();
        taken.push_back(std::move(queue.front()));
        queue.pop_front();
    }
    queued_facts -= facts;
    queued_bytes -= bytes;
    return taken;
}

void Journal::Impl::commit(std::vector<Append> appends) {
    const auto status = write(appends);
    if (status.ok()) {
        commits.add();
        publish_ends();
    } else if (!failed) {
        log::error("the journal cannot write: " + status.ToString());
    }
    failed = !status.ok();
    answer(appends, status);
}

rocksdb::Status Journal::Impl::write(std::vector<Append>& appends) {
    try {
        if (!store.recover())
            return rocksdb::Status::IOError("the disk does not take writes");
        // What failed may have become durable after all, under offsets that must not be given
        // again.
        if (failed) {
            load_ends();
            group.reload();
        }
        return group.commit(appends, next, clock.now());
    } catch (const StoreFault& fault) {
        return rocksdb::Status::IOError(fault.what());
    }
}

void Journal::Impl::publish_ends() {
    const std::lock_guard lock(listener_mutex);
    for (ShardId shard = 0; shard < shard_count; ++shard) {
        if (ends[shard].load(std::memory_order_relaxed) == next[shard])
            continue;
        ends[shard].store(next[shard], std::memory_order_release);
        if (listener)
            listener(shard);
    }
}

void Journal::Impl::answer(std::vector<Append>& appends, const rocksdb::Status& status) {
    for (auto& append : appends) {
        if (!status.ok()) {
            refused.add();
            append.done(
                refuse("journal.disk_full",
                       "the disk does not take the facts; free some space and send them again"));
            continue;
        }
        Appended appended;
        for (const auto& fact : append.facts)
            ++(fact.repeated ? appended.repeated : appended.accepted);
        facts.add(appended.accepted);
        repeats.add(appended.repeated);
        append.done(appended);
    }
}

Journal::Journal(Store& store, const Clock& clock, Metrics& metrics, const JournalOptions& options)
    : impl_(std::make_unique<Impl>(store, clock, metrics, options)) {}

Journal::~Journal() = default;

void Journal::append(std::vector<Fact> facts, Done done) {
    auto append = detail::encode_append(std::move(facts));
    append.done = std::move(done);
    auto& waiting = append.done;
    if (impl_->enqueue(std::move(append), true))
        return;
    impl_->refused.add();
    waiting(
        refuse("journal.full_queue", "too much is coming in at once; send it again in a second"));
}

Result<Appended> Journal::append_and_wait(std::vector<Fact> facts) {
    std::promise<Result<Appended>> promise;
    append(std::move(facts),
           [&](Result<Appended> appended) { promise.set_value(std::move(appended)); });
    return promise.get_future().get();
}

Result<void> Journal::forward(std::vector<Forwarded> facts) {
    std::promise<Result<Appended>> promise;
    auto append = detail::encode_forwarded(std::move(facts));
    append.done = [&](Result<Appended> appended) { promise.set_value(std::move(appended)); };
    impl_->enqueue(std::move(append), false);
    if (auto appended = promise.get_future().get(); !appended)
        return fail(appended.error());
    return {};
}

void Journal::slow_down(Duration pause) { impl_->pause_ms.store(pause.count()); }

Duration Journal::commit_pause() const { return Duration(impl_->pause_ms.load()); }

Offset Journal::end(ShardId shard) const {
    return impl_->ends[shard].load(std::memory_order_acquire);
}

Offset Journal::begin(ShardId shard) const {
    const auto end_now = end(shard);
    Range entries(impl_->store, &Store::journal, detail::shard_prefix(shard));
    entries.first();
    return entries.valid() ? detail::offset_of(entries.key()) : end_now;
}

namespace {

// False where the value does not read as facts. What `facts` held is overwritten.
bool decode_entry_into(std::string_view value, std::vector<Fact>& facts) {
    if (value.empty() || value.front() != detail::entry_version)
        return false;
    value.remove_prefix(1);
    std::size_t count = 0;
    for (; !value.empty(); ++count) {
        if (count == facts.size())
            facts.emplace_back();
        if (!decode_fact_into(value, facts[count]))
            return false;
    }
    facts.resize(count);
    return true;
}

}  // namespace

void Journal::read(ShardId shard, Offset from, const Visitor& visit) const {
    Range entries(impl_->store, &Store::journal, detail::shard_prefix(shard));
    std::vector<Fact> facts;  // from entry to entry, unless a visitor takes them
    for (entries.seek(detail::entry_key(shard, from)); entries.valid(); entries.next()) {
        const auto offset = detail::offset_of(entries.key());
        if (!decode_entry_into(entries.value(), facts))
            throw CorruptEntry(shard, offset);
        if (!visit(offset, std::move(facts)))
            return;
    }
}

Result<std::vector<Fact>> Journal::decode_entry(std::string_view value) {
    std::vector<Fact> facts;
    if (!decode_entry_into(value, facts))
        return fail(ErrorCode::invalid, "journal.corrupt", "a journal entry cannot be read");
    return facts;
}

void Journal::trim(ShardId shard, Offset until) {
    const auto end_now = end(shard);
    check(until <= end_now);
    std::string kept;
    put_big_endian(kept, end_now);
    const Store::Access access(impl_->store);
    rocksdb::WriteBatch batch;
    batch.DeleteRange(impl_->store.journal(), detail::entry_key(shard, 0),
                      detail::entry_key(shard, until));
    batch.Put(impl_->store.meta(), detail::end_key(shard), kept);
    if (const auto status = impl_->store.write(batch, false); !status.ok())
        throw StoreFault(status.ToString());
}

void Journal::on_commit(std::function<void(ShardId)> listener) {
    const std::lock_guard lock(impl_->listener_mutex);
    impl_->listener = std::move(listener);
}

}  // namespace qiao::journal
