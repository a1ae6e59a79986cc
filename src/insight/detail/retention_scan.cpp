#include "insight/detail/retention_scan.hpp"

namespace qiao::insight::detail {

using index::Dense;
using index::Scan;

RetentionScan::RetentionScan(const RetentionQuestion& question, const index::State& state,
                             const RetentionTime& time, const std::vector<Unit>& units)
    : question_(question),
      joining_(time.interval),
      returning_{time.interval.from_ms, to_ms(time.as_of) + 1},
      first_period_(question.is_first_ever ? all_time : time.interval),
      table_(units),
      words_((question.periods + 64) / 64),
      first_(sources_of(question.first, first_period_, state)),
      then_(sources_of(question.then, returning_, state)) {
    if (!question.by.empty())
        by_ = ByColumn(question.by[0], question.by_type, state);
}

index::BlockBits RetentionScan::find_cohorts(RetentionScratch& scratch, Dense block,
                                             const index::BlockBits& people) const {
    scratch.first_ms.assign(index::block_size, INT64_MAX);
    scratch.cohort.resize(index::block_size);
    index::BlockBits joined;
    for (const auto& source : first_) {
        const auto& rows = *source.rows;
        const auto [first, last] = rows.runs_of(block);
        for (auto run = first; run < last; ++run) {
            const auto local = rows.run_customer[run] % index::block_size;
            if (!people.has(local))
                continue;
            auto [row, end] = Scan::within(source, first_period_, run, source.whole);
            while (row < end && !Scan::passes(source, row))
                ++row;
            if (row == end)
                continue;
            joined.set(local);
            scratch.first_ms[local] = std::min(scratch.first_ms[local], rows.time[row]);
        }
    }
    joined.each([&](std::uint32_t local) {
        const auto first = scratch.first_ms[local];
        if (first >= joining_.from_ms && first < joining_.until_ms)
            scratch.cohort[local] = static_cast<std::uint32_t>(table_.of(first));
        else
            joined.put(local, false);
    });
    return joined;
}

void RetentionScan::find_returns(RetentionScratch& scratch, Dense block,
                                 const index::BlockBits& joined) const {
    scratch.came_back.assign(index::block_size * words_, 0);
    const std::size_t last_unit = question_.periods;
    for (const auto& source : then_) {
        const auto& rows = *source.rows;
        const auto [first, last] = rows.runs_of(block);
        for (auto run = first; run < last; ++run) {
            const auto local = rows.run_customer[run] % index::block_size;
            if (!joined.has(local))
                continue;
            const auto since = scratch.first_ms[local];
            const auto cohort = scratch.cohort[local];
            auto* words = &scratch.came_back[local * words_];
            const auto [begin, end] = Scan::within(source, returning_, run, source.whole);
            for (auto row = end; row > begin && rows.time[row - 1] >= since; --row) {
                if (!Scan::passes(source, row - 1))
                    continue;
                auto unit = table_.of(rows.time[row - 1]) - cohort;
                if (unit > last_unit) {
                    if (!question_.is_unbounded)
                        continue;
                    unit = last_unit;
                }
                words[unit / 64] |= std::uint64_t{1} << (unit % 64);
            }
        }
    }
    if (!question_.is_unbounded)
        return;
    // Who came back in a unit came back "in it or later" for all units before it.
    joined.each([&](std::uint32_t local) {
        bool later = false;
        for (auto word = words_; word-- > 0;) {
            auto& bits = scratch.came_back[local * words_ + word];
            if (later)
                bits = ~std::uint64_t{0};
            else if (bits != 0)
                bits = ~std::uint64_t{0} >> std::countl_zero(bits);
            later = later || bits != 0;
        }
    });
}

}  // namespace qiao::insight::detail
