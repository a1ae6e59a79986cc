#include "index/row_walk.hpp"

#include <algorithm>

namespace qiao::index {

RowWalk::RowWalk(const State& state, const rule::Interval& interval) {
    for (const auto& segment : state.segments) {
        if (segment->last_ms() < interval.from_ms || segment->first_ms() >= interval.until_ms)
            continue;
        parts_.push_back({&segment->order(), static_cast<std::uint32_t>(lanes_.size())});
        for (const auto& rows : segment->events())
            lanes_.push_back(segment->find(rows.event));
    }
}

void RowWalk::begin(Scratch& scratch, Dense block) const {
    scratch.next.assign(lanes_.size(), nullptr);
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
        const auto& rows = *lanes_[lane];
        if (const auto [first, last] = rows.runs_of(block); first < last)
            scratch.next[lane] = rows.time + rows.run_start[first];
    }
    scratch.at.assign(parts_.size(), {});
    for (std::size_t i = 0; i < parts_.size(); ++i)
        if (const auto& order = *parts_[i].order; block < order.blocks)
            scratch.at[i] = {order.block_customer[block], order.block_customer[block + 1],
                             order.block_row[block]};
}

std::size_t RowWalk::seek(Scratch& scratch, Dense customer) const {
    std::size_t rows = 0;
    for (std::size_t part = 0; part < parts_.size(); ++part) {
        auto& at = scratch.at[part];
        const auto& order = *parts_[part].order;
        auto* next = scratch.next.data() + parts_[part].first_lane;
        while (at.customer < at.last && order.customer[at.customer] < customer) {
            const auto count = order.count[at.customer++];
            order.with_events([&](const auto* events) {
                for (const auto end = at.row + count; at.row < end; ++at.row)
                    ++next[events[at.row]];
            });
        }
        if (at.customer < at.last && order.customer[at.customer] == customer)
            rows += order.count[at.customer];
    }
    return rows;
}

std::span<const RowWalk::Row> RowWalk::Rows::by_time() const {
    auto& rows = scratch_.rows;
    rows.clear();
    bool is_sorted = true;
    each([&](std::uint32_t lane, const std::int64_t* time) {
        is_sorted = is_sorted && (rows.empty() || rows.back().time_ms <= *time);
        const auto row = static_cast<std::uint32_t>(time - walk_.lanes_[lane]->time);
        rows.push_back({*time, row, lane});
    });
    if (!is_sorted)
        std::stable_sort(rows.begin(), rows.end(),
                         [](const Row& a, const Row& b) { return a.time_ms < b.time_ms; });
    return rows;
}

}  // namespace qiao::index
