#include "index/detail/periods.hpp"

#include <algorithm>

namespace qiao::index::detail {

// Most files hold one period, which their directory tells: their times are not read.
Divider::Counts Divider::count(const Segment& segment) const {
    Counts counts;
    for (const auto& rows : segment.events()) {
        const auto first = periods_.of(rows.first_ms), last = periods_.of(rows.last_ms);
        if (first == last) {
            counts[first] += rows.rows;
            continue;
        }
        const auto* checked = segment.find(rows.event);
        for (std::uint32_t row = 0; row < checked->rows; ++row)
            ++counts[periods_.of(checked->time[row])];
    }
    return counts;
}

Division Divider::divide(const Segments& segments) {
    std::erase_if(known_, [](const auto& item) { return item.second.segment.expired(); });
    std::vector<const Counts*> counts;
    for (const auto& segment : segments) {
        auto& known = known_[segment.get()];
        if (known.segment.expired())
            known = {segment, count(*segment)};
        counts.push_back(&known.counts);
    }
    Division made;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        if (counts[i]->size() != 1)
            continue;
        const auto [period, rows] = *counts[i]->begin();
        auto& part = made.parts[period];
        if (rows >= least_rows_ && rows > part.base_rows) {
            part.base = segments[i];
            part.base_rows = rows;
        }
    }
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const bool is_base =
            counts[i]->size() == 1 && made.parts[counts[i]->begin()->first].base == segments[i];
        if (is_base)
            continue;
        made.loose.push_back(segments[i]);
        for (const auto& [period, rows] : *counts[i])
            made.parts[period].loose_rows += rows;
    }
    return made;
}

}  // namespace qiao::index::detail
