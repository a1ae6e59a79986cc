#include "shard/detail/worker.hpp"

#include <cxxabi.h>

#include <algorithm>
#include <cstdlib>
#include <typeinfo>

#include "base/check.hpp"
#include "runtime/log.hpp"
#include "runtime/thread_priority.hpp"
#include "shard/detail/keys.hpp"
#include "shard/detail/parked.hpp"

namespace qiao::shard::detail {

namespace {

constexpr std::size_t max_run_entries = 64;
constexpr std::size_t max_run_facts = 2'000;
constexpr std::size_t max_batch_facts = 8'000;
constexpr std::size_t max_timers_at_once = 1'024;
constexpr int max_timer_rounds = 256;
constexpr auto block_time = std::chrono::seconds(1);
constexpr Duration longest_idle = std::chrono::seconds(1);  // the clock may be moved by hand

std::string type_name(const std::type_info& type) {
    int failed = 0;
    const std::unique_ptr<char, void (*)(void*)> readable(
        abi::__cxa_demangle(type.name(), nullptr, nullptr, &failed), std::free);
    return failed == 0 ? readable.get() : type.name();
}

}  // namespace

Worker::Worker(Core& core, Forwarder& forwarder, std::vector<ShardId> shards)
    : core_(core), forwarder_(forwarder), lanes_(shards.size()) {
    for (std::size_t i = 0; i < shards.size(); ++i) {
        lanes_[i].state = core_.states[shards[i]].get();
        lane_of_[shards[i]] = &lanes_[i];
    }
}

Worker::~Worker() { stop(); }

void Worker::start() {
    thread_ = std::thread([this] { run(); });
}

void Worker::poke() {
    if (poked_.exchange(true))
        return;
    { const std::lock_guard lock(mutex_); }
    wake_.notify_one();
}

void Worker::wake() {
    { const std::lock_guard lock(mutex_); }
    wake_.notify_all();
    poke();
}

void Worker::run() {
    yield_to_others(10);
    while (!core_.stopping.load()) {
        if (core_.is_paused()) {
            rest();
            continue;
        }
        poked_.store(false);
        if (!round())
            idle();
    }
}

void Worker::rest() {
    std::unique_lock lock(mutex_);
    ++core_.resting;
    core_.tell_progress();
    wake_.wait(lock, [this] { return core_.stopping.load() || !core_.is_paused(); });
    --core_.resting;
}

void Worker::idle() {
    auto wait = longest_idle;
    const auto now = core_.clock.now();
    for (const auto& lane : lanes_)
        if (const auto due = lane.state->next_due(); due < now + wait)
            wait = std::max(due - now, Duration(1));
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, wait, [this] { return poked_.load() || core_.stopping.load(); });
}

bool Worker::round() {
    bool worked = asked_.load();
    answer_asks();
    const auto first = first_lane_++;
    for (std::size_t i = 0; i < lanes_.size() && !core_.stopping.load(); ++i) {
        auto& lane = lanes_[(first + i) % lanes_.size()];
        if (asked_.load()) {
            land(false);
            answer_asks();
        }
        if (core_.is_paused())
            break;
        if (!has_work(lane))
            continue;
        run_lane(lane);
        worked = true;
        if (batch_facts_ >= max_batch_facts)
            land(false);
    }
    land(false);
    return worked;
}

bool Worker::has_work(Lane& lane) const {
    if (lane.blocked_until > std::chrono::steady_clock::now())
        return false;
    const auto& state = *lane.state;
    return state.progress().applied + 1 < core_.journal.end(state.shard()) ||
           state.next_due() <= core_.clock.now();
}

// A fault of the database blocks the shard for a while; a poisoned fact is parked and the run done
// again from its start, because projections may hold half of what the fact did.
void Worker::run_lane(Lane& lane) {
    bool again = true;
    while (again) {
        try {
            batch_facts_ += apply_run(lane);
            if (lane.state->moved()) {
                lane.in_batch = true;
                batch_.push_back(&lane);
            } else {
                // A timer that was cancelled is found gone when it would be due: nothing lands, but
                // whoever waits for the shard to settle must see that nothing is due any more.
                core_.publish(*lane.state);
                core_.tell_progress();
            }
            return;
        } catch (const Poison& poison) {
            again = absorb(lane, poison);
        } catch (const journal::StoreFault& fault) {
            block(lane, fault.what());
            return;
        }
    }
}

// True when the run can be tried again.
bool Worker::absorb(Lane& lane, const Poison& poison) {
    if (!poison.key.empty()) {
        undo(lane);
        lane.state->park(poison.key, poison.record);
        return true;
    }
    if (lane.one_by_one) {
        block(lane, "a projection cannot write back what it holds");
        return false;
    }
    undo(lane);
    lane.one_by_one = true;
    return true;
}

void Worker::block(Lane& lane, std::string_view reason) {
    log::error("shard " + std::to_string(lane.state->shard()) +
               " stands still and tries again: " + std::string(reason));
    undo(lane);
    core_.store.recover();
    lane.blocked_until = std::chrono::steady_clock::now() + block_time;
}

void Worker::undo(Lane& lane) {
    lane.state->discard();
    for (auto* projection : core_.projections)
        projection->discard(lane.state->shard());
}

std::size_t Worker::apply_run(Lane& lane) {
    auto& state = *lane.state;
    const auto end = core_.journal.end(state.shard());
    const auto facts = read_run(lane, end);
    // Behind the present, only the facts' own times may fire timers: a timer must see what was
    // already in the journal when it came due.
    if (state.progress().applied + 1 == end)
        fire_due(lane, core_.clock.now());
    state.not_before(Time::min());
    flush(state);
    state.end_record(0);
    return facts;
}

std::size_t Worker::read_run(Lane& lane, journal::Offset end) {
    auto& state = *lane.state;
    std::size_t entries = 0;
    std::size_t facts = 0;
    const auto more = [&] {
        return state.progress().applied + 1 < end && entries < max_run_entries &&
               facts < max_run_facts;
    };
    bool waits = false;
    while (more() && !waits) {
        const auto from = state.progress().applied + 1;
        try {
            core_.journal.read(state.shard(), from, [&](journal::Offset offset, auto&& entry) {
                if (offset != state.progress().applied + 1)
                    throw journal::StoreFault("the journal lacks entries that were not applied");
                waits = timers_come_first(lane, entry);
                if (waits)
                    return false;
                apply_entry(lane, offset, entry);
                ++entries;
                facts += entry.size();
                return more();
            });
            if (!waits && state.progress().applied + 1 == from)
                throw journal::StoreFault("the journal lacks its last entries");
        } catch (const journal::CorruptEntry& corrupt) {
            state.park(parked_fact_key(corrupt.offset, Parked::whole_entry),
                       parked_record("journal", type_name(typeid(corrupt))));
            state.set_applied(corrupt.offset);
            ++entries;
        }
    }
    return facts;
}

// Fires what was due before the entry came. Where that is more than one batch should hold, the
// entry waits for the next round; but not for ever, lest a timer that sets itself again stops the
// shard.
bool Worker::timers_come_first(Lane& lane, const std::vector<Fact>& facts) {
    auto& state = *lane.state;
    if (facts.empty() || state.next_due() > facts.front().received_at)
        return false;
    fire_due(lane, facts.front().received_at);
    const bool more = state.next_due() <= facts.front().received_at;
    lane.timer_rounds = more ? lane.timer_rounds + 1 : 0;
    return more && lane.timer_rounds < max_timer_rounds;
}

void Worker::apply_entry(Lane& lane, journal::Offset offset, const std::vector<Fact>& facts) {
    auto& state = *lane.state;
    Position at{state.shard(), offset, 0};
    for (const auto& fact : facts) {
        if (state.next_due() <= fact.received_at)
            fire_due(lane, fact.received_at);
        if (!state.has_parked() || !state.is_parked(parked_fact_key(at.offset, at.ordinal)))
            apply_fact(lane, fact, at);
        ++at.ordinal;
    }
    state.end_record(offset);
    state.set_applied(offset);
}

// Runs a step over the projections; `projection` tells where it stands when it throws.
template <class Step>
void Worker::guarded(const std::string& key, std::size_t& projection, Step step) {
    try {
        step();
    } catch (const journal::StoreFault&) {
        throw;
    } catch (const Poison&) {
        throw;
    } catch (const std::exception& fault) {
        const auto name = core_.projections[projection]->name();
        throw Poison{key, parked_record(name, type_name(typeid(fault)))};
    } catch (...) {
        throw Poison{key, parked_record(core_.projections[projection]->name(), "unknown")};
    }
}

void Worker::apply_fact(Lane& lane, const Fact& fact, Position at) {
    auto& state = *lane.state;
    Applied applied{fact, at};
    state.not_before(fact.received_at);
    std::size_t projection = 0;
    const auto apply_all = [&] {
        for (projection = 0; projection < core_.projections.size(); ++projection)
            core_.projections[projection]->apply(applied, state);
        for (projection = 0; lane.one_by_one && projection < core_.projections.size(); ++projection)
            core_.projections[projection]->flush(state);
    };
    try {
        guarded({}, projection, apply_all);
    } catch (Poison& poison) {
        poison.key = parked_fact_key(at.offset, at.ordinal);
        throw;
    }
}

void Worker::fire_due(Lane& lane, Time until) {
    auto& state = *lane.state;
    if (state.next_due() > until)
        return;
    state.not_before(until);
    for (const auto& timer : state.due_timers(until, max_timers_at_once))
        fire(lane, timer);
    state.find_next_due();
}

void Worker::fire(Lane& lane, const Timer& timer) {
    auto& state = *lane.state;
    if (!state.take(timer))
        return;
    const auto key = parked_timer_key(timer);
    if (state.is_parked(key))
        return;
    if (timer.projection >= core_.projections.size()) {
        state.park(key, parked_record("unknown", "no such projection"));
        return;
    }
    std::size_t projection = timer.projection;
    guarded(key, projection, [&] {
        core_.projections[projection]->on_timer(timer.key, timer.due, state);
        for (projection = 0; lane.one_by_one && projection < core_.projections.size(); ++projection)
            core_.projections[projection]->flush(state);
    });
    core_.timers.add();
}

void Worker::flush(ShardState& state) {
    std::size_t projection = 0;
    guarded({}, projection, [&] {
        for (; projection < core_.projections.size(); ++projection)
            core_.projections[projection]->flush(state);
    });
}

bool Worker::write_batch(bool durable, bool complained) {
    auto status = rocksdb::Status::IOError("the disk does not take writes");
    try {
        if (core_.store.recover()) {
            const journal::Store::Access access(core_.store);
            rocksdb::WriteBatch batch;
            for (const auto* lane : batch_)
                lane->state->add_to(batch);
            status = core_.store.write(batch, durable);
        }
    } catch (const journal::StoreFault& fault) {
        status = rocksdb::Status::IOError(fault.what());
    }
    if (!status.ok() && !complained)
        log::error("shards cannot write their state: " + status.ToString());
    return status.ok();
}

bool Worker::land(bool durable) {
    if (batch_.empty())
        return true;
    bool complained = false;
    while (!write_batch(durable, complained)) {
        complained = true;
        std::unique_lock lock(mutex_);
        const auto stopping = [this] { return core_.stopping.load(); };
        if (!wake_.wait_for(lock, block_time, stopping))
            continue;
        for (auto* lane : batch_) {
            undo(*lane);
            lane->in_batch = false;
        }
        batch_.clear();
        return false;
    }
    on_landed();
    return true;
}

void Worker::on_landed() {
    bool emitted = false;
    for (auto* lane : batch_) {
        auto& state = *lane->state;
        const auto before = state.landed();
        const auto queues = state.queues();
        report_parked(state, core_.parked);
        core_.publish(state);
        state.on_landed();
        core_.tell_listeners(state, before, queues);
        emitted = emitted || state.progress().emitted != before.emitted;
        lane->in_batch = false;
        lane->one_by_one = false;
    }
    batch_.clear();
    core_.facts.add(batch_facts_);
    batch_facts_ = 0;
    if (emitted)
        forwarder_.poke();
    core_.tell_progress();
}

}  // namespace qiao::shard::detail
