#include "shard/detail/core.hpp"

#include "base/check.hpp"

namespace qiao::shard::detail {

Core::Core(journal::Store& store, journal::Journal& journal, const Clock& clock, Metrics& metrics,
           std::vector<Projection*> projections)
    : store(store),
      journal(journal),
      clock(clock),
      projections(std::move(projections)),
      facts(metrics.counter("qiao_shard_facts_total", "Facts applied by the shards.")),
      timers(metrics.counter("qiao_shard_timers_total", "Timers fired by the shards.")),
      parked(metrics.counter("qiao_shard_parked_total",
                             "Facts and timers left out because a projection failed on them.")) {
    for (ShardId shard = 0; shard < shard_count; ++shard) {
        states.push_back(std::make_unique<ShardState>(store, clock, shard));
        publish(*states.back());
    }
}

// `applied` comes last: who sees it sees what applying has sent and set.
void Core::publish(const ShardState& state) {
    auto& shard = published[state.shard()];
    const auto& progress = state.progress();
    shard.next_due_ms.store(to_ms(state.next_due()));
    shard.emitted.store(progress.emitted);
    shard.fed.store(progress.fed);
    shard.queued.store(progress.queued);
    shard.applied.store(progress.applied);
}

void Core::tell_listeners(const ShardState& state, const Progress& before,
                          const std::vector<std::string>& queues) {
    const std::lock_guard lock(listener_mutex);
    if (state.progress().fed != before.fed)
        for (const auto& listener : feed_listeners)
            listener(state.shard());
    for (const auto& queue : queues)
        if (const auto found = outbox_listeners.find(queue); found != outbox_listeners.end())
            for (const auto& listener : found->second)
                listener();
}

void Core::tell_progress() {
    if (waiters.load() == 0)
        return;
    { const std::lock_guard lock(progress_mutex); }
    progress.notify_all();
}

bool Core::wait_for(Duration timeout, const std::function<bool()>& holds) {
    std::unique_lock lock(progress_mutex);
    ++waiters;
    const bool held = progress.wait_for(lock, timeout, holds);
    --waiters;
    return held;
}

}  // namespace qiao::shard::detail
