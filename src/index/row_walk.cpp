#include "index/row_walk.hpp"

namespace qiao::index {

RowWalk::RowWalk(const State& state) {
    for (const auto& segment : state.segments) {
        parts_.push_back({&segment->order(), static_cast<std::uint32_t>(lanes_.size())});
        for (const auto& rows : segment->events())
            lanes_.push_back({segment->find(rows.event)});
    }
}

void RowWalk::begin(Scratch& scratch, Dense block) const {
    scratch.next.assign(lanes_.size(), 0);
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
        const auto& rows = *lanes_[lane].rows;
        if (const auto [first, last] = rows.runs_of(block); first < last)
            scratch.next[lane] = rows.run_start[first];
    }
    scratch.at.assign(parts_.size(), {});
    for (std::size_t i = 0; i < parts_.size(); ++i)
        if (const auto& order = *parts_[i].order; block < order.blocks)
            scratch.at[i] = {order.block_customer[block], order.block_customer[block + 1],
                             order.block_row[block]};
}

void RowWalk::take(Scratch& scratch, Dense customer) const {
    scratch.size = 0;
    bool is_sorted = true;
    for (std::size_t part = 0; part < parts_.size(); ++part) {
        const auto before = scratch.size;
        parts_[part].order->with_events(
            [&](const auto* events) { take_of(scratch, part, events, customer); });
        if (before > 0 && before < scratch.size)
            is_sorted =
                is_sorted && scratch.rows[before - 1].time_ms <= scratch.rows[before].time_ms;
    }
    if (!is_sorted)
        std::stable_sort(scratch.rows.begin(),
                         scratch.rows.begin() + static_cast<std::ptrdiff_t>(scratch.size),
                         [](const Row& a, const Row& b) { return a.time_ms < b.time_ms; });
}

template <class Event>
void RowWalk::take_of(Scratch& scratch, std::size_t part, const Event* events,
                      Dense customer) const {
    const auto& order = *parts_[part].order;
    const auto first_lane = parts_[part].first_lane;
    const auto* lanes = lanes_.data() + first_lane;
    auto* next = scratch.next.data() + first_lane;
    auto at = scratch.at[part];
    for (; at.customer < at.last && order.customer[at.customer] < customer; ++at.customer)
        for (const auto end = at.row + order.count[at.customer]; at.row < end; ++at.row)
            ++next[events[at.row]];
    if (at.customer < at.last && order.customer[at.customer] == customer) {
        const auto count = order.count[at.customer++];
        if (scratch.rows.size() < scratch.size + count)
            scratch.rows.resize(2 * (scratch.size + count));
        auto* out = scratch.rows.data() + scratch.size;
        for (const auto end = at.row + count; at.row < end; ++at.row) {
            const std::uint32_t event = events[at.row];
            const auto row = next[event]++;
            if (lanes[event].is_read)
                *out++ = {lanes[event].rows->time[row], row, first_lane + event};
        }
        scratch.size = static_cast<std::size_t>(out - scratch.rows.data());
    }
    scratch.at[part] = at;
}

}  // namespace qiao::index
