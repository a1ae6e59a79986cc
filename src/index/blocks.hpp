// Work over all customers, a block at a time, on several threads.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>

#include "base/error.hpp"
#include "index/people.hpp"
#include "runtime/executor.hpp"

namespace qiao::index {

// How a query may run: the caller's thread works too, with up to `threads` - 1 of the pool's.
struct Execution {
    WorkerPool* pool = nullptr;
    unsigned threads = 1;
    const std::atomic<bool>* cancelled = nullptr;
    std::optional<std::chrono::steady_clock::time_point> deadline;

    unsigned workers() const { return threads > 1 ? threads : 1; }
};

// Runs `task(worker, block)` once for every block; a worker (from 0, below how.workers()) is on one
// thread, so that what is kept by worker needs no lock. The first error ends it. Errors also:
// index.cancelled, index.too_slow; index.too_large, of the caller's budget (memory_budget.hpp).
Result<void> each_block(Dense blocks, const Execution& how,
                        const std::function<Result<void>(unsigned worker, Dense block)>& task);

BlockBits block_of(const People& people, Dense block);
void put_block(People& people, Dense block, const BlockBits& bits);

}  // namespace qiao::index
