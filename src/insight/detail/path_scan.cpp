#include "insight/detail/path_scan.hpp"

#include <algorithm>
#include <bit>
#include <set>

namespace qiao::insight::detail {

using index::Dense;
using index::Scan;

PathScan::PathScan(const PathQuestion& question, const index::State& state,
                   const rule::Interval& interval)
    : question_(question),
      interval_(interval),
      gap_ms_(question.gap.count()),
      window_ms_(question.window.value_or(Duration{}).count()),
      starts_(question.from.match, interval, state),
      walk_(state, interval_) {
    number_lanes(state);
    // Nothing is known of after the last row; who asks from before a thousand years ago, asks from
    // then.
    std::int64_t last_ms = interval_.from_ms;
    for (const auto* rows : walk_.lanes())
        last_ms = std::max(last_ms, rows->last_ms);
    interval_.until_ms = std::min(interval_.until_ms, last_ms + 1);
    interval_.from_ms = std::max(interval_.from_ms, interval_.until_ms - PathRow::most_ms);
    for (std::size_t i = 0; i < lanes_.size(); ++i)
        reads_all_ = reads_all_ && lanes_[i].is_read && !lanes_[i].tests &&
                     walk_.lanes()[i]->first_ms >= interval_.from_ms &&
                     walk_.lanes()[i]->last_ms < interval_.until_ms;
}

PathForm PathScan::form() const {
    return {static_cast<unsigned>(std::bit_width(names_.size())), question_.steps};
}

// What is no behaviour is no step, but paths may start there.
void PathScan::number_lanes(const index::State& state) {
    const std::set<std::string> only(question_.only.begin(), question_.only.end()),
        passed_over(question_.leave_out.begin(), question_.leave_out.end());
    const auto& lanes = walk_.lanes();
    lanes_.resize(lanes.size());
    std::vector<bool> is_start(lanes.size()), is_step(lanes.size());
    std::set<std::string> names;
    const auto hold = state.strings->find(question_.hold);
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        const auto name = state.strings->text(lanes[i]->event);
        for (const auto& start : starts_.sources)
            if (start.rows == lanes[i]) {
                is_start[i] = true;
                lanes_[i].tests = start.tests.empty() ? nullptr : &start;
            }
        if (!question_.hold.empty() && hold)
            lanes_[i].hold = lanes[i]->find({*hold, question_.hold_type});
        is_step[i] = is_behaviour(name) && !passed_over.contains(name) &&
                     (only.empty() || only.contains(name));
        const bool is_in_period =
            lanes[i]->last_ms >= interval_.from_ms && lanes[i]->first_ms < interval_.until_ms;
        lanes_[i].is_read = (is_step[i] && is_in_period) || is_start[i];
        if (lanes_[i].is_read)
            names.insert(name);
    }
    names_.assign(names.begin(), names.end());
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        const auto name = state.strings->text(lanes[i]->event);
        const auto number = std::lower_bound(names_.begin(), names_.end(), name) - names_.begin();
        lanes_[i].marks =
            PathRow::marks(static_cast<std::uint16_t>(number), is_start[i], is_step[i]);
    }
}

index::BlockBits PathScan::find_starters(Dense block, const index::BlockBits& people) const {
    index::BlockBits starters;
    for (const auto& source : starts_.sources)
        starts_.each_row(source, block, people,
                         [&](std::uint32_t local, std::uint32_t) { starters.set(local); });
    return starters;
}

// Rows come by time; only those of one moment, or of several segments, may have to change places.
std::span<const PathRow> PathScan::read(std::vector<PathRow>& to,
                                        const index::RowWalk::Rows& rows) const {
    if (to.size() < rows.size())
        to.resize(2 * rows.size());
    const auto [end, is_sorted] =
        reads_all_ ? read_all(to.data(), rows) : read_some(to.data(), rows);
    if (!is_sorted)
        std::sort(to.data(), end);
    return {to.data(), end};
}

PathScan::Read PathScan::read_all(PathRow* out, const index::RowWalk::Rows& rows) const {
    bool is_sorted = true;
    PathRow last;
    const auto* lanes = lanes_.data();
    const auto from_ms = interval_.from_ms;
    rows.each([&](std::uint32_t lane, const std::int64_t* time) {
        const PathRow made(static_cast<std::uint64_t>(*time - from_ms), lanes[lane].marks);
        is_sorted = is_sorted & (last <= made);
        last = *out++ = made;
    });
    return {out, is_sorted};
}

PathScan::Read PathScan::read_some(PathRow* out, const index::RowWalk::Rows& rows) const {
    bool is_sorted = true;
    PathRow last;
    const auto* lanes = lanes_.data();
    const auto from_ms = interval_.from_ms;
    const auto length_ms = static_cast<std::uint64_t>(interval_.until_ms - from_ms);
    rows.each([&](std::uint32_t number, const std::int64_t* time) {
        const auto& lane = lanes[number];
        const auto since_ms = static_cast<std::uint64_t>(*time - from_ms);
        if (!lane.is_read || since_ms >= length_ms)
            return;
        auto marks = lane.marks;
        if (lane.tests &&
            !Scan::passes(*lane.tests, static_cast<std::uint32_t>(time - lane.tests->rows->time)))
            marks |= PathRow::no_start;
        const PathRow made(since_ms, marks);
        is_sorted = is_sorted & (last <= made);
        last = *out++ = made;
    });
    return {out, is_sorted};
}

void PathScan::read_held(std::vector<HeldRow>& to, const index::RowWalk::Rows& rows) const {
    to.clear();
    const auto length_ms = static_cast<std::uint64_t>(interval_.until_ms - interval_.from_ms);
    rows.each([&](std::uint32_t number, const std::int64_t* time) {
        const auto& lane = lanes_[number];
        const auto since_ms = static_cast<std::uint64_t>(*time - interval_.from_ms);
        if (!lane.is_read || !lane.hold || since_ms >= length_ms)
            return;
        const auto row = static_cast<std::uint32_t>(time - walk_.lanes()[number]->time);
        const auto hold = lane.hold->at(row);
        if (hold == index::missing)
            return;
        auto marks = lane.marks;
        if (lane.tests && !Scan::passes(*lane.tests, row))
            marks |= PathRow::no_start;
        to.push_back({hold, PathRow(since_ms, marks)});
    });
    std::sort(to.begin(), to.end());
}

}  // namespace qiao::insight::detail
