#include "insight/detail/metric_scan.hpp"

namespace qiao::insight::detail {

std::uint32_t GroupNumbers::of(const Key& key) {
    const auto next = static_cast<std::uint32_t>(keys_.size());
    const auto [at, is_new] = numbers_.try_emplace(key, next);
    if (is_new)
        keys_.push_back(key);
    return at->second;
}

MetricScan::MetricScan(const ResolvedMetric& metric, const index::Snapshot& snapshot,
                       const std::vector<Unit>& units)
    : metric_(metric), units_(units) {
    if (units.empty())
        return;
    interval_ = {units.front().from_ms, units.back().until_ms};
    for (std::size_t i = 0; i < metric_.by.size(); ++i)
        by_[i] = ByColumn(metric_.by[i], metric_.by_types[i], *snapshot);
    const bool reads_all_time = metric_.doing.subject == Subject::new_customer;
    const auto measured = snapshot->strings->find(metric_.measure.property);
    for (auto& source :
         sources_of(metric_.doing, reads_all_time ? all_time : interval_, *snapshot)) {
        Rows rows{std::move(source), {}};
        if (!metric_.measure.property.empty() && measured)
            rows.source.measured = rows.source.rows->find({*measured, ValueType::number});
        for (std::size_t i = 0; i < metric_.by.size(); ++i)
            rows.by[i] = by_[i].in(*rows.source.rows);
        sources_.push_back(std::move(rows));
    }
}

Group MetricScan::group_of(const Key& key) const {
    Group group;
    for (std::size_t i = 0; i < metric_.by.size(); ++i)
        group.push_back(by_[i].value(key[i]));
    return group;
}

// Rows of a run ascend by time, so that its first row is enough.
std::vector<MetricScan::First> MetricScan::firsts_of(index::Dense block,
                                                     const index::BlockBits& people) const {
    std::vector<First> firsts(index::block_size);
    for (const auto& rows : sources_) {
        const auto& source = *rows.source.rows;
        const auto [first, last] = source.runs_of(block);
        for (auto run = first; run < last; ++run) {
            const auto local = source.run_customer[run] % index::block_size;
            const auto row = source.run_start[run];
            if (people.has(local) && source.time[row] < firsts[local].time_ms)
                firsts[local] = {source.time[row], &rows, row};
        }
    }
    return firsts;
}

}  // namespace qiao::insight::detail
