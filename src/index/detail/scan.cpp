#include <algorithm>

#include "index/detail/steps.hpp"

namespace qiao::index::detail {

Scan::Scan(const rule::EventMatch& match, rule::Interval period, const State& state)
    : interval(period) {
    const auto event = state.strings->find(match.event);
    if (!event || period.from_ms >= period.until_ms)
        return;
    for (const auto& segment : state.segments) {
        const EventRows* rows = segment->find(*event);
        if (!rows || rows->last_ms < period.from_ms || rows->first_ms >= period.until_ms)
            continue;
        Source source;
        source.rows = rows;
        source.whole = rows->first_ms >= period.from_ms && rows->last_ms < period.until_ms;
        bool possible = true;
        for (const auto& condition : match.where) {
            const Predicate predicate = compile(condition.test, *state.strings);
            const auto name = state.strings->find(condition.property);
            const Column* column = name ? rows->find({*name, condition.test.type}) : nullptr;
            if (!column) {
                possible = possible && predicate(missing);
                continue;
            }
            BoundTest test(*column, predicate);
            possible = possible && !test.never();
            if (!test.always())
                source.tests.push_back(std::move(test));
        }
        if (possible)
            sources.push_back(std::move(source));
    }
}

std::uint64_t Scan::rows() const {
    std::uint64_t total = 0;
    for (const auto& source : sources)
        total += source.rows->rows;
    return total;
}

std::uint64_t Scan::bytes(bool reads_times) const {
    std::uint64_t total = 0;
    for (const auto& source : sources) {
        const auto& rows = *source.rows;
        std::uint64_t per_row = reads_times || !source.whole ? sizeof(std::int64_t) : 0;
        for (const auto& test : source.tests)
            per_row += test.width();
        for (const Column* column : {source.measured, source.currency})
            per_row += column ? column->width() : 0;
        total += rows.runs * 2ull * sizeof(Dense) + rows.rows * per_row;
    }
    return total;
}

void Scan::measure(const ColumnKey& key) {
    for (auto& source : sources)
        source.measured = source.rows->find(key);
}

// Where all rows have one currency, and dictionaries tell, nothing has to be watched.
void Scan::watch_currency(const ColumnKey& key) {
    std::vector<Cell> seen;
    bool unknown = false;
    for (auto& source : sources) {
        source.currency = source.rows->find(key);
        if (!source.currency)
            continue;
        unknown = unknown || source.currency->encoding > Encoding::dict16;
        for (const Cell cell : source.currency->dictionary)
            if (cell != missing)
                seen.push_back(cell);
    }
    std::sort(seen.begin(), seen.end());
    seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
    if (seen.size() <= 1 && !unknown)
        for (auto& source : sources)
            source.currency = nullptr;
}

std::pair<std::uint32_t, std::uint32_t> Scan::search(const std::int64_t* time, std::uint32_t begin,
                                                     std::uint32_t end,
                                                     const rule::Interval& interval) {
    const auto* first = std::lower_bound(time + begin, time + end, interval.from_ms);
    const auto* last = std::lower_bound(first, time + end, interval.until_ms);
    return {static_cast<std::uint32_t>(first - time), static_cast<std::uint32_t>(last - time)};
}

Days::Days(const Calendar& calendar, std::int64_t first_ms, std::int64_t last_ms) {
    if (first_ms > last_ms)
        return;
    const Day first = calendar.day_of(time_from_ms(first_ms));
    const Day last = calendar.day_of(time_from_ms(last_ms));
    for (Day day = first; day <= last + 1; ++day)
        starts_.push_back(to_ms(calendar.start_of(day)));
    for (std::size_t i = 1; i < starts_.size(); ++i)
        even_ = even_ && starts_[i] - starts_[i - 1] == 86'400'000;
}

std::size_t Days::of(std::int64_t time_ms) const {
    if (even_)
        return static_cast<std::size_t>((time_ms - starts_.front()) / 86'400'000);
    return static_cast<std::size_t>(std::upper_bound(starts_.begin(), starts_.end(), time_ms) -
                                    starts_.begin()) -
           1;
}

void Evaluation::fail(Error why) {
    std::lock_guard lock(mutex);
    if (!error)
        error = std::move(why);
    failed = true;
}

BlockBits block_of(const People& people, Dense block) {
    BlockBits bits;
    const std::size_t first = static_cast<std::size_t>(block) * block_words;
    const auto& words = people.words();
    for (std::size_t i = 0; i < block_words && first + i < words.size(); ++i)
        bits.words[i] = words[first + i];
    return bits;
}

namespace {

// Shared by the threads of one query. Threads of the pool that come late find no block left.
struct Work {
    Dense blocks;
    const Execution how;
    std::function<void(Scratch&, Dense)> task;
    Evaluation evaluation;
    std::atomic<Dense> next{0};
    std::mutex mutex;
    std::condition_variable idle;
    unsigned busy = 0;
    bool closed = false;

    void run() {
        Scratch scratch(evaluation);
        while (!evaluation.failed) {
            const Dense block = next.fetch_add(1);
            if (block >= blocks)
                return;
            if (how.cancelled && *how.cancelled)
                return evaluation.fail({ErrorCode::unavailable,
                                        "index.cancelled",
                                        "The question was cancelled.",
                                        {},
                                        0});
            if (how.deadline && std::chrono::steady_clock::now() > *how.deadline)
                return evaluation.fail({ErrorCode::unavailable,
                                        "index.too_slow",
                                        "The question took longer than it may; narrow its period "
                                        "or try again later.",
                                        {},
                                        5});
            task(scratch, block);
        }
    }
};

}  // namespace

Result<void> each_block(Dense blocks, const Execution& how,
                        const std::function<void(Scratch&, Dense)>& task) {
    auto work = std::make_shared<Work>(blocks, how, task);
    for (unsigned i = 1; i < how.threads && how.pool && i < blocks; ++i) {
        how.pool->submit([work] {
            {
                std::lock_guard lock(work->mutex);
                if (work->closed)
                    return;
                ++work->busy;
            }
            work->run();
            std::lock_guard lock(work->mutex);
            --work->busy;
            work->idle.notify_all();
        });
    }
    work->run();
    std::unique_lock lock(work->mutex);
    work->closed = true;
    work->idle.wait(lock, [&] { return work->busy == 0; });
    if (work->evaluation.error)
        return fail(*work->evaluation.error);
    return {};
}

}  // namespace qiao::index::detail
