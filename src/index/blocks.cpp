#include "index/blocks.hpp"

#include <algorithm>
#include <exception>
#include <memory>
#include <mutex>
#include <utility>

#include "runtime/memory_budget.hpp"
#include "runtime/processor.hpp"
#include "runtime/progress.hpp"

namespace qiao::index {
namespace {

// Shared by the threads of one query. Threads of the pool that come late find no block left.
struct Work {
    Dense blocks;
    const Execution how;
    std::function<Result<void>(unsigned, Dense)> task;
    MemoryBudget* const memory = MemoryScope::current();
    Progress* const progress = Progress::current();
    std::atomic<Dense> next{0};
    std::atomic<bool> failed{false};
    std::mutex mutex;
    std::optional<Error> error;  // the first
    std::exception_ptr fault;    // the first
    // How many of the pool's threads are at work, and whether more may begin.
    static constexpr unsigned closed = 1u << 31;
    std::atomic<unsigned> helpers{0};

    bool enter() {
        auto now = helpers.load();
        while (!(now & closed))
            if (helpers.compare_exchange_weak(now, now + 1))
                return true;
        return false;
    }
    void leave() {
        if (helpers.fetch_sub(1) == closed + 1)
            helpers.notify_one();
    }
    // The last blocks take microseconds, and so does going to sleep and being woken: looks a while.
    void close() {
        auto now = helpers.fetch_or(closed) | closed;
        for (int i = 0; i < 2000 && now != closed; ++i, now = helpers.load())
            relax_processor();
        for (; now != closed; now = helpers.load())
            helpers.wait(now);
    }

    void give_up(Error why) {
        std::lock_guard lock(mutex);
        if (!error)
            error = std::move(why);
        failed = true;
    }
    // Some blocks that follow each other, as these are quicker to read than any others: many at
    // first, one by one in the end. [first, second); empty where none is left.
    std::pair<Dense, Dense> take() {
        Dense first = next.load(), last = 0;
        do {
            if (first >= blocks)
                return {0, 0};
            last = first + std::max<Dense>(1, (blocks - first) / (how.workers() * 16));
        } while (!next.compare_exchange_weak(first, last));
        return {first, last};
    }
    // Where something throws, whoever asked hears of it.
    void run(unsigned worker) noexcept {
        try {
            take_and_run(worker);
        } catch (...) {
            std::lock_guard lock(mutex);
            if (!fault)
                fault = std::current_exception();
            failed = true;
        }
    }
    void take_and_run(unsigned worker) {
        while (true) {
            const auto [first, last] = take();
            if (first == last)
                return;
            for (Dense block = first; block < last; ++block) {
                if (failed)
                    return;
                if (auto done = run(worker, block); !done)
                    return give_up(std::move(done.error()));
            }
        }
    }
    Result<void> run(unsigned worker, Dense block) {
        if (how.cancelled && *how.cancelled)
            return fail(ErrorCode::unavailable, "index.cancelled", "The question was cancelled.");
        if (how.deadline && std::chrono::steady_clock::now() > *how.deadline)
            return fail(Error{ErrorCode::unavailable,
                              "index.too_slow",
                              "The question took longer than it may; narrow its period or try "
                              "again later.",
                              {},
                              5});
        auto done = task(worker, block);
        if (done && memory && memory->is_exceeded())
            return fail(ErrorCode::too_large, "index.too_large",
                        "The question needs more than the " +
                            std::to_string(memory->limit() >> 20) +
                            " MiB of memory that one may take; ask about a shorter period, fewer "
                            "groups or fewer people.");
        if (progress)
            progress->advance();
        return done;
    }
};

}  // namespace

Result<void> each_block(Dense blocks, const Execution& how,
                        const std::function<Result<void>(unsigned, Dense)>& task) {
    auto work = std::make_shared<Work>(blocks, how, task);
    if (work->progress)
        work->progress->expect(blocks);
    for (unsigned worker = 1; worker < how.threads && how.pool && worker < blocks; ++worker) {
        how.pool->submit([work, worker] {
            if (!work->enter())
                return;
            {
                const MemoryScope counted(work->memory);
                work->run(worker);
            }
            work->leave();
        });
    }
    work->run(0);
    work->close();
    if (work->fault)
        std::rethrow_exception(work->fault);
    if (work->error)
        return fail(*work->error);
    return {};
}

namespace {

// The words of a block that there are, of a set that may end within it.
std::size_t words_in(const People& people, Dense block) {
    const std::size_t first = static_cast<std::size_t>(block) * block_words;
    return std::min(block_words, people.words().size() - std::min(people.words().size(), first));
}

}  // namespace

BlockBits block_of(const People& people, Dense block) {
    BlockBits bits;
    std::copy_n(people.words().begin() + static_cast<std::ptrdiff_t>(block) * block_words,
                words_in(people, block), bits.words);
    return bits;
}

void put_block(People& people, Dense block, const BlockBits& bits) {
    std::copy_n(bits.words, words_in(people, block),
                people.words().begin() + static_cast<std::ptrdiff_t>(block) * block_words);
}

}  // namespace qiao::index
