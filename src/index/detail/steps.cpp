#include "index/detail/steps.hpp"

namespace qiao::index::detail {

void Evaluation::fail(Error why) {
    std::lock_guard lock(mutex);
    if (!error)
        error = std::move(why);
    failed = true;
}

Result<void> each_block(Dense blocks, const Execution& how,
                        const std::function<void(Scratch&, Dense)>& task) {
    Evaluation evaluation;
    std::vector<std::unique_ptr<Scratch>> scratches(how.workers());
    return index::each_block(blocks, how, [&](unsigned worker, Dense block) -> Result<void> {
        auto& scratch = scratches[worker];
        if (!scratch)
            scratch = std::make_unique<Scratch>(evaluation, worker);
        task(*scratch, block);
        if (!evaluation.failed)
            return {};
        std::lock_guard lock(evaluation.mutex);
        return qiao::fail(*evaluation.error);
    });
}

}  // namespace qiao::index::detail
