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
      starts_(question.from.match, interval, state),
      walk_(state) {
    number_lanes(state);
    // Nothing is known of after the last row; who asks from before a thousand years ago, asks from
    // then.
    std::int64_t last_ms = interval_.from_ms;
    for (const auto& lane : walk_.lanes())
        last_ms = std::max(last_ms, lane.rows->last_ms);
    interval_.until_ms = std::min(interval_.until_ms, last_ms + 1);
    interval_.from_ms = std::max(interval_.from_ms, interval_.until_ms - PathRow::most_ms);
}

// What is no behaviour is no step, but paths may start there.
void PathScan::number_lanes(const index::State& state) {
    const std::set<std::string> only(question_.only.begin(), question_.only.end()),
        passed_over(question_.leave_out.begin(), question_.leave_out.end());
    const auto& lanes = walk_.lanes();
    lanes_.resize(lanes.size());
    std::set<std::string> names;
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        const auto name = state.strings->text(lanes[i].rows->event);
        for (const auto& start : starts_.sources)
            if (start.rows == lanes[i].rows)
                lanes_[i].starts = &start;
        lanes_[i].is_step = is_behaviour(name) && !passed_over.contains(name) &&
                            (only.empty() || only.contains(name));
        const bool is_in_period = lanes[i].rows->last_ms >= interval_.from_ms &&
                                  lanes[i].rows->first_ms < interval_.until_ms;
        const bool is_read = (lanes_[i].is_step && is_in_period) || lanes_[i].starts;
        walk_.read(i, is_read);
        if (is_read)
            names.insert(name);
    }
    names_.assign(names.begin(), names.end());
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        const auto name = state.strings->text(lanes[i].rows->event);
        lanes_[i].event = static_cast<std::uint16_t>(
            std::lower_bound(names_.begin(), names_.end(), name) - names_.begin());
    }
}

index::BlockBits PathScan::find_starters(Dense block, const index::BlockBits& people) const {
    index::BlockBits starters;
    for (const auto& source : starts_.sources)
        starts_.each_row(source, block, people,
                         [&](std::uint32_t local, std::uint32_t) { starters.set(local); });
    return starters;
}

// Rows come by time; only those of one moment may have to change places.
std::span<const PathRow> PathScan::read(std::vector<PathRow>& to,
                                        std::span<const index::RowWalk::Row> rows) const {
    if (to.size() < rows.size())
        to.resize(2 * rows.size());
    auto* out = to.data();
    bool is_sorted = true;
    PathRow last;
    for (const auto& row : rows) {
        if (row.time_ms < interval_.from_ms || row.time_ms >= interval_.until_ms)
            continue;
        const auto& lane = lanes_[row.lane];
        const PathRow made(row.time_ms - interval_.from_ms, lane.event,
                           lane.starts && Scan::passes(*lane.starts, row.row), lane.is_step);
        is_sorted = is_sorted & (last <= made);
        last = *out++ = made;
    }
    if (!is_sorted)
        std::sort(to.data(), out);
    return {to.data(), out};
}

void PathScan::follow(std::span<const PathRow> rows, std::size_t start, PathEvents& path) const {
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
        for (auto row = start; row-- > 0;)
            if (!take(rows[row]))
                return;
    } else {
        for (auto row = start + 1; row < rows.size(); ++row)
            if (!take(rows[row]))
                return;
    }
}

}  // namespace qiao::insight::detail
