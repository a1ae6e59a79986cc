#include "shard/detail/forwarder.hpp"

#include "base/check.hpp"
#include "journal/range.hpp"
#include "runtime/log.hpp"
#include "shard/detail/keys.hpp"

namespace qiao::shard::detail {

namespace {

constexpr std::size_t max_forward_facts = 2'000;
constexpr std::size_t max_forward_bytes = 1 << 20;
constexpr auto retry_after = std::chrono::milliseconds(500);

}  // namespace

Forwarder::Forwarder(Core& core) : core_(core) {
    for (ShardId shard = 0; shard < shard_count; ++shard) {
        journal::Range outbox(core_.store, &journal::Store::state, part_key(shard, Part::outbox));
        outbox.first();
        auto& published = core_.published[shard];
        published.sent.store(outbox.valid() ? seq_of(outbox.key()) - 1 : published.emitted.load());
    }
}

Forwarder::~Forwarder() { stop(); }

void Forwarder::start() {
    thread_ = std::thread([this] { run(); });
}

void Forwarder::stop() {
    poke();
    if (thread_.joinable())
        thread_.join();
}

void Forwarder::poke() {
    { const std::lock_guard lock(mutex_); }
    wake_.notify_one();
}

bool Forwarder::anything_to_send() const {
    for (const auto& shard : core_.published)
        if (shard.sent.load() < shard.emitted.load())
            return true;
    return false;
}

void Forwarder::run() {
    while (!core_.stopping.load()) {
        {
            std::unique_lock lock(mutex_);
            if (core_.is_paused()) {
                ++core_.resting;
                core_.tell_progress();
                wake_.wait(lock, [this] { return core_.stopping.load() || !core_.is_paused(); });
                --core_.resting;
            }
            wake_.wait(lock, [this] {
                return core_.stopping.load() || core_.is_paused() || anything_to_send();
            });
        }
        if (core_.stopping.load() || core_.is_paused())
            continue;
        bool sent = false;
        try {
            sent = forward_some();
        } catch (const journal::StoreFault& fault) {
            log::error(std::string("facts between shards cannot be read now: ") + fault.what());
        }
        if (sent)
            continue;
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, retry_after, [this] { return core_.stopping.load(); });
    }
}

void Forwarder::collect(ShardId shard, std::vector<journal::Forwarded>& batch,
                        std::array<std::uint64_t, shard_count>& sent, std::size_t& bytes) {
    const auto emitted = core_.published[shard].emitted.load();
    if (sent[shard] >= emitted)
        return;
    journal::Range outbox(core_.store, &journal::Store::state, part_key(shard, Part::outbox));
    for (outbox.seek(outbox_key(shard, sent[shard] + 1)); outbox.valid(); outbox.next()) {
        const auto seq = seq_of(outbox.key());
        if (outbox.value().size() < sizeof(ShardId))
            throw journal::StoreFault("an entry of the outbox cannot be read");
        if (seq > emitted || batch.size() >= max_forward_facts || bytes >= max_forward_bytes)
            return;
        auto& forwarded = batch.emplace_back();
        forwarded.to = big_endian<ShardId>(outbox.value());
        forwarded.fact = outbox.value().substr(sizeof(ShardId));
        forwarded.consumed = outbox.key();
        bytes += forwarded.fact.size();
        sent[shard] = seq;
    }
}

bool Forwarder::forward_some() {
    std::vector<journal::Forwarded> batch;
    std::array<std::uint64_t, shard_count> sent{};
    std::size_t bytes = 0;
    for (ShardId shard = 0; shard < shard_count; ++shard)
        sent[shard] = core_.published[shard].sent.load();
    // A busy shard must not keep the others waiting: each round begins at another one.
    const auto first = first_shard_++ % shard_count;
    for (ShardId i = 0; i < shard_count; ++i)
        collect(static_cast<ShardId>((first + i) % shard_count), batch, sent, bytes);
    check(!batch.empty());
    if (!core_.journal.forward(std::move(batch)))
        return false;
    for (ShardId shard = 0; shard < shard_count; ++shard)
        core_.published[shard].sent.store(sent[shard]);
    core_.tell_progress();
    return true;
}

}  // namespace qiao::shard::detail
