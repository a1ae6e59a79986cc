#include "insight/detail/path_scan.hpp"

#include <algorithm>
#include <set>

namespace qiao::insight::detail {

using index::Dense;
using index::Scan;

PathScan::PathScan(const PathQuestion& question, const index::State& state,
                   const rule::Interval& interval)
    : question_(question),
      interval_(interval),
      gap_ms_(question.gap.count()),
      span_ms_(question.gap.count() * static_cast<std::int64_t>(question.steps)),
      starts_(question.from.match, interval, state) {
    // The bits go around once in the period, and a start sets a few of them.
    while ((near_bits << near_shift_) <
               static_cast<std::uint64_t>(interval.until_ms - interval.from_ms) ||
           (std::int64_t{1} << near_shift_) * 64 < span_ms_)
        ++near_shift_;
    const std::set<std::string> only(question.only.begin(), question.only.end()),
        passed_over(question.leave_out.begin(), question.leave_out.end());
    const auto& anchor = question.from.match.event;
    auto sources = own_doing(interval, state);
    // What is no behaviour is no step, but paths may start there.
    if (!is_behaviour(anchor))
        for (auto& source : Scan({anchor, {}, {}}, interval, state).sources)
            sources.push_back(std::move(source));
    std::set<std::string> names;
    for (auto& source : sources) {
        const auto name = state.strings->text(source.rows->event);
        const bool is_step = is_behaviour(name) && !passed_over.contains(name) &&
                             (only.empty() || only.contains(name));
        Lane lane{std::move(source), 0, is_step, nullptr};
        for (const auto& start : starts_.sources)
            if (start.rows == lane.source.rows)
                lane.starts = &start;
        if (!lane.is_step && !lane.starts)
            continue;
        names.insert(name);
        lanes_.push_back(std::move(lane));
    }
    // Nothing is known of after the last row; who asks from before a thousand years ago, asks from
    // then.
    std::int64_t last_ms = interval_.from_ms;
    for (const auto& lane : lanes_)
        last_ms = std::max(last_ms, lane.source.rows->last_ms);
    interval_.until_ms = std::min(interval_.until_ms, last_ms + 1);
    interval_.from_ms = std::max(interval_.from_ms, interval_.until_ms - PathRow::most_ms);
    names_.assign(names.begin(), names.end());
    for (auto& lane : lanes_) {
        const auto name = state.strings->text(lane.source.rows->event);
        lane.event = static_cast<std::uint16_t>(
            std::lower_bound(names_.begin(), names_.end(), name) - names_.begin());
    }
}

index::BlockBits PathScan::find_starts(PathScratch& scratch, Dense block,
                                       const index::BlockBits& people) const {
    scratch.starts.resize(index::block_size);
    for (auto& starts : scratch.starts)
        starts.clear();
    index::BlockBits starters;
    for (const auto& source : starts_.sources) {
        starts_.each_row(source, block, people, [&](std::uint32_t local, std::uint32_t row) {
            auto& starts = scratch.starts[local];
            starts.push_back(source.rows->time[row]);
            if (starts.size() > 1 && starts[starts.size() - 2] > starts.back())
                std::inplace_merge(starts.begin(), starts.end() - 1, starts.end());
            starters.set(local);
        });
    }
    return starters;
}

// Only rows near a start can be part of a path: within as many gaps as it has steps.
void PathScan::mark_near(PathScratch& scratch, const index::BlockBits& starters) const {
    scratch.near.assign(index::block_size * near_words, 0);
    starters.each([&](std::uint32_t local) {
        auto* line = &scratch.near[local * near_words];
        for (const auto start : scratch.starts[local]) {
            const auto from = question_.is_end ? start - span_ms_ : start;
            const auto last = (from + span_ms_) >> near_shift_;
            for (auto at = from >> near_shift_; at <= last; ++at) {
                const auto bit = static_cast<std::uint64_t>(at) % near_bits;
                line[bit / 64] |= std::uint64_t{1} << (bit % 64);
            }
        }
    });
}

// The starts before and after a row are found by walking along with the run: both ascend.
void PathScan::find_in_run(PathScratch& scratch, const Lane& lane, std::uint32_t run,
                           std::uint32_t local) const {
    const auto& rows = *lane.source.rows;
    const auto& starts = scratch.starts[local];
    const auto* line = &scratch.near[local * near_words];
    const auto end = rows.run_start[run + 1];
    std::size_t next = 0;  // the first start after the row, or with it where paths end there
    for (auto row = rows.run_start[run]; row < end; ++row) {
        const auto time = rows.time[row];
        const auto bit = static_cast<std::uint64_t>(time >> near_shift_) % near_bits;
        if ((line[bit / 64] >> (bit % 64) & 1u) == 0)
            continue;
        if (time < interval_.from_ms || time >= interval_.until_ms)
            continue;
        while (next < starts.size() &&
               (question_.is_end ? starts[next] < time : starts[next] <= time))
            ++next;
        const bool is_near = question_.is_end
                                 ? next < starts.size() && starts[next] - time <= span_ms_
                                 : next > 0 && time - starts[next - 1] <= span_ms_;
        if (!is_near)
            continue;
        const bool is_start = lane.starts && Scan::passes(*lane.starts, row);
        scratch.found.emplace_back(time - interval_.from_ms, lane.event, is_start, lane.is_step);
        scratch.found_for.push_back(static_cast<std::uint16_t>(local));
    }
}

// Who has no start has no bits, so that everybody's runs are read alike.
void PathScan::find_rows(PathScratch& scratch, Dense block,
                         const index::BlockBits& starters) const {
    scratch.found.clear();
    scratch.found_for.clear();
    mark_near(scratch, starters);
    for (const auto& lane : lanes_) {
        const auto& rows = *lane.source.rows;
        const auto [first, last] = rows.runs_of(block);
        for (auto run = first; run < last; ++run)
            find_in_run(scratch, lane, run, rows.run_customer[run] % index::block_size);
    }
    sort_rows(scratch);
}

// By customer by counting, then each customer's few as numbers.
void PathScan::sort_rows(PathScratch& scratch) const {
    scratch.first_row.assign(index::block_size + 1, 0);
    for (const auto local : scratch.found_for)
        ++scratch.first_row[local + 1u];
    for (std::size_t local = 0; local < index::block_size; ++local)
        scratch.first_row[local + 1] += scratch.first_row[local];
    scratch.rows.resize(scratch.found.size());
    auto next = scratch.first_row;
    for (std::size_t i = 0; i < scratch.found.size(); ++i)
        scratch.rows[next[scratch.found_for[i]]++] = scratch.found[i];
    for (std::size_t local = 0; local < index::block_size; ++local)
        std::sort(scratch.rows.begin() + scratch.first_row[local],
                  scratch.rows.begin() + scratch.first_row[local + 1]);
}

void PathScan::walk(const std::vector<PathRow>& rows, std::size_t begin, std::size_t end,
                    std::size_t start, PathEvents& path) const {
    path.event[0] = rows[start].event();
    path.size = 1;
    auto last_ms = rows[start].since_ms();
    const auto take = [&](const PathRow& row) {
        if (!row.is_step())
            return true;
        if (std::abs(row.since_ms() - last_ms) > gap_ms_)
            return false;
        path.event[path.size++] = row.event();
        last_ms = row.since_ms();
        return path.size <= question_.steps;
    };
    if (question_.is_end) {
        for (auto row = start; row-- > begin;)
            if (!take(rows[row]))
                return;
    } else {
        for (auto row = start + 1; row < end; ++row)
            if (!take(rows[row]))
                return;
    }
}

}  // namespace qiao::insight::detail
