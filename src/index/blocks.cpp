#include "index/blocks.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>

namespace qiao::index {
namespace {

// Shared by the threads of one query. Threads of the pool that come late find no block left.
struct Work {
    Dense blocks;
    const Execution how;
    std::function<Result<void>(unsigned, Dense)> task;
    std::atomic<Dense> next{0};
    std::atomic<bool> failed{false};
    std::mutex mutex;
    std::optional<Error> error;  // the first
    std::condition_variable idle;
    unsigned busy = 0;
    bool closed = false;

    void give_up(Error why) {
        std::lock_guard lock(mutex);
        if (!error)
            error = std::move(why);
        failed = true;
    }
    void run(unsigned worker) {
        while (!failed) {
            const Dense block = next.fetch_add(1);
            if (block >= blocks)
                return;
            if (how.cancelled && *how.cancelled)
                return give_up({ErrorCode::unavailable,
                                "index.cancelled",
                                "The question was cancelled.",
                                {},
                                0});
            if (how.deadline && std::chrono::steady_clock::now() > *how.deadline)
                return give_up({ErrorCode::unavailable,
                                "index.too_slow",
                                "The question took longer than it may; narrow its period "
                                "or try again later.",
                                {},
                                5});
            if (auto done = task(worker, block); !done)
                return give_up(std::move(done.error()));
        }
    }
};

}  // namespace

Result<void> each_block(Dense blocks, const Execution& how,
                        const std::function<Result<void>(unsigned, Dense)>& task) {
    auto work = std::make_shared<Work>(blocks, how, task);
    for (unsigned worker = 1; worker < how.threads && how.pool && worker < blocks; ++worker) {
        how.pool->submit([work, worker] {
            {
                std::lock_guard lock(work->mutex);
                if (work->closed)
                    return;
                ++work->busy;
            }
            work->run(worker);
            std::lock_guard lock(work->mutex);
            --work->busy;
            work->idle.notify_all();
        });
    }
    work->run(0);
    std::unique_lock lock(work->mutex);
    work->closed = true;
    work->idle.wait(lock, [&] { return work->busy == 0; });
    if (work->error)
        return fail(*work->error);
    return {};
}

BlockBits block_of(const People& people, Dense block) {
    BlockBits bits;
    const std::size_t first = static_cast<std::size_t>(block) * block_words;
    const auto& words = people.words();
    for (std::size_t i = 0; i < block_words && first + i < words.size(); ++i)
        bits.words[i] = words[first + i];
    return bits;
}

}  // namespace qiao::index
