// The asks of a shard thread.
#include <stdexcept>

#include "shard/detail/worker.hpp"

namespace qiao::shard::detail {

namespace {

constexpr std::size_t max_waiting_asks = 20'000;

std::exception_ptr stopped_fault() {
    return std::make_exception_ptr(std::runtime_error("the shards have stopped"));
}

}  // namespace

bool Worker::ask(Ask&& ask) {
    {
        const std::lock_guard lock(mutex_);
        if (core_.stopping.load() || asks_.size() >= max_waiting_asks)
            return false;
        asks_.push_back(std::move(ask));
        asked_.store(true);
    }
    poke();
    return true;
}

void Worker::stop() {
    wake();
    if (thread_.joinable())
        thread_.join();
    std::deque<Ask> left;
    {
        const std::lock_guard lock(mutex_);
        left.swap(asks_);
    }
    for (auto& ask : left)
        ask.done(stopped_fault());
}

// Nothing of a run is pending here: an ask that throws undoes all that is pending in its shard.
void Worker::answer_asks() {
    if (!asked_.load())
        return;
    std::deque<Ask> asks;
    {
        const std::lock_guard lock(mutex_);
        asks.swap(asks_);
        asked_.store(false);
    }
    while (!asks.empty())
        answer_wave(asks);
}

// One sync pays for a wave, which holds at most one ask that wrote of each shard.
void Worker::answer_wave(std::deque<Ask>& asks) {
    std::vector<Ask> wave;
    std::deque<Ask> later;
    for (auto& ask : asks) {
        auto& lane = *lane_of_[ask.shard];
        if (lane.in_batch)
            later.push_back(std::move(ask));
        else if (run_ask(lane, ask))
            wave.push_back(std::move(ask));
    }
    asks = std::move(later);
    const bool landed = land(true);
    for (auto& ask : wave)
        ask.done(landed ? nullptr : stopped_fault());
}

// False where it threw, and was told so.
bool Worker::run_ask(Lane& lane, Ask& ask) {
    auto& state = *lane.state;
    try {
        ask.task(state);
        for (auto* projection : core_.projections)
            projection->flush(state);
        state.end_record(0);
    } catch (...) {
        undo(lane);
        ask.done(std::current_exception());
        return false;
    }
    if (state.dirty()) {
        lane.in_batch = true;
        batch_.push_back(&lane);
    }
    return true;
}

}  // namespace qiao::shard::detail
