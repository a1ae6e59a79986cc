// The compiled conditions of a plan, evaluated block by block.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "index/plan.hpp"
#include "index/scan.hpp"
#include "index/sequence.hpp"

namespace qiao::index::detail {

// What all threads of one evaluation share.
struct Evaluation {
    std::atomic<bool> failed{false};
    std::mutex mutex;
    std::optional<Error> error;  // the first

    void fail(Error why);
};

// A thread's scratch space; reused from block to block.
struct Scratch {
    explicit Scratch(Evaluation& shared, unsigned of = 0) : evaluation(shared), worker(of) {}
    Evaluation& evaluation;
    unsigned worker;  // whose it is, as each_block() counts them
    std::array<std::uint32_t, block_size> counts;
    std::array<std::int64_t, block_size> lows;
    std::vector<__int128> sums;
    std::vector<std::pair<std::uint32_t, std::int64_t>> keys;
    std::vector<StepHit> hits;
    struct Lane {
        std::uint32_t run, last_run;  // the next run and the end of the block's runs
        std::uint32_t row, end;       // what is left of the customer's rows
    };
    std::vector<Lane> lanes;
    std::vector<Cell> cells;
    // Set while one customer is explained.
    std::optional<Value>* found = nullptr;
};

class Step {
public:
    explicit Step(std::string pointer) : pointer_(std::move(pointer)) {}
    virtual ~Step() = default;
    // The members among `candidates`.
    virtual void block(Scratch& scratch, Dense block, const BlockBits& candidates,
                       BlockBits& out) const = 0;
    // Rough nanoseconds per block: the cheap conditions go first and leave less for the others.
    virtual double cost() const = 0;
    virtual std::vector<const Step*> parts() const { return {}; }
    // Bytes of the columns that it may read.
    virtual std::uint64_t bytes() const = 0;
    // In the order of the rule, whatever the order of work.
    const std::string& pointer() const { return pointer_; }

private:
    std::string pointer_;
};
using StepPtr = std::unique_ptr<Step>;

StepPtr make_event_step(const rule::EventTest& test, std::string pointer, const State& state,
                        Time as_of, const Calendar& calendar);
StepPtr make_sequence_step(const rule::SequenceTest& test, std::string pointer, const State& state,
                           Time as_of, const Calendar& calendar);

// Runs `task(scratch, block)` for every block, on the threads that `how` allows.
Result<void> each_block(Dense blocks, const Execution& how,
                        const std::function<void(Scratch&, Dense)>& task);

}  // namespace qiao::index::detail
