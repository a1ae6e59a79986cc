#include "insight/detail/metric_scan.hpp"

#include <algorithm>

namespace qiao::insight::detail {

using index::Cell;
using index::Column;
using index::ColumnKey;
using index::Dense;

MetricScan::MetricScan(const ResolvedMetric& metric, index::Snapshot snapshot,
                       const std::vector<Unit>& units)
    : metric_(metric), snapshot_(std::move(snapshot)), units_(units) {
    for (std::size_t i = 0; i < metric_.by.size(); ++i)
        if (metric_.by[i].kind == By::Kind::tag)
            tags_[i] =
                snapshot_->attribute(index::Space::tag, metric_.by[i].name, metric_.by_types[i]);
    std::map<index::Code, bool> counts;  // events that are the customers' own doing
    const auto wanted = snapshot_->strings->find(metric_.match.event);
    for (const auto& segment : snapshot_->segments) {
        if (metric_.subject == Subject::event) {
            const auto* rows = wanted ? segment->find(*wanted) : nullptr;
            if (rows)
                add(*rows);
            continue;
        }
        for (const auto& rows : segment->events()) {
            const auto [at, fresh] = counts.try_emplace(rows.event, false);
            if (fresh)
                at->second = !is_own_event(snapshot_->strings->text(rows.event));
            if (at->second)
                add(rows);
        }
    }
}

void MetricScan::add(const index::EventRows& rows) {
    Source source{&rows, {}, nullptr, {}};
    if (metric_.subject != Subject::new_customer) {
        if (units_.empty() || rows.last_ms < units_.front().from_ms ||
            rows.first_ms >= units_.back().until_ms)
            return;
        if (!bind_tests(rows, source))
            return;
    }
    const auto column = [&](const std::string& name, ValueType type) -> const Column* {
        const auto code = snapshot_->strings->find(name);
        return code ? rows.find({*code, type}) : nullptr;
    };
    if (!metric_.measure.property.empty())
        source.measured = column(metric_.measure.property, ValueType::number);
    for (std::size_t i = 0; i < metric_.by.size(); ++i)
        if (metric_.by[i].kind == By::Kind::property)
            source.by[i] = column(metric_.by[i].name, metric_.by_types[i]);
    sources_.push_back(std::move(source));
}

// False where no row of the event can pass.
bool MetricScan::bind_tests(const index::EventRows& rows, Source& source) const {
    for (const auto& condition : metric_.match.where) {
        const auto predicate = index::compile(condition.test, *snapshot_->strings);
        const auto code = snapshot_->strings->find(condition.property);
        const auto* column = code ? rows.find({*code, condition.test.type}) : nullptr;
        if (!column) {
            if (!predicate(index::missing))
                return false;
            continue;
        }
        index::BoundTest test(*column, predicate);
        if (test.never())
            return false;
        if (!test.always())
            source.tests.push_back(std::move(test));
    }
    return true;
}

void MetricScan::block(Dense block, const index::People& people, const Visit& visit) const {
    if (metric_.subject == Subject::new_customer)
        return first_events(block, people, visit);
    for (const auto& source : sources_)
        rows_of(source, block, people, visit);
}

Key MetricScan::key_of(const Source& source, std::uint32_t row, Dense customer) const {
    Key key;
    key.fill(index::missing);
    for (std::size_t i = 0; i < metric_.by.size(); ++i) {
        if (metric_.by[i].kind == By::Kind::event)
            key[i] = source.rows->event;
        else if (metric_.by[i].kind == By::Kind::tag)
            key[i] = tags_[i] ? tags_[i]->at(customer) : index::missing;
        else if (source.by[i])
            key[i] = source.by[i]->at(row);
    }
    return key;
}

std::optional<std::size_t> MetricScan::unit_of(std::int64_t time_ms) const {
    const auto at =
        std::upper_bound(units_.begin(), units_.end(), time_ms,
                         [](std::int64_t time, const Unit& unit) { return time < unit.from_ms; });
    if (at == units_.begin())
        return std::nullopt;
    const auto unit = std::prev(at);
    if (time_ms >= unit->until_ms)
        return std::nullopt;
    return static_cast<std::size_t>(unit - units_.begin());
}

void MetricScan::rows_of(const Source& source, Dense block, const index::People& people,
                         const Visit& visit) const {
    const auto& rows = *source.rows;
    const auto [first, last] = rows.runs_of(block);
    for (auto run = first; run < last; ++run) {
        const Dense customer = rows.run_customer[run];
        if (!people.contains(customer))
            continue;
        const auto* begin = rows.time + rows.run_start[run];
        const auto* end = rows.time + rows.run_start[run + 1];
        const auto* at = std::lower_bound(begin, end, units_.front().from_ms);
        std::size_t unit = 0;
        for (; at < end && *at < units_.back().until_ms; ++at) {
            const auto row = static_cast<std::uint32_t>(at - rows.time);
            if (!std::all_of(source.tests.begin(), source.tests.end(),
                             [row](const index::BoundTest& test) { return test(row); }))
                continue;
            while (*at >= units_[unit].until_ms)
                ++unit;
            visit(customer % index::block_size, key_of(source, row, customer), unit,
                  source.measured ? source.measured->at(row) : index::missing);
        }
    }
}

// Rows of a run ascend by time, so that its first row is enough.
void MetricScan::first_events(Dense block, const index::People& people, const Visit& visit) const {
    struct First {
        std::int64_t time_ms = INT64_MAX;
        const Source* source = nullptr;
        std::uint32_t row = 0;
    };
    std::vector<First> firsts(index::block_size);
    for (const auto& source : sources_) {
        const auto [first, last] = source.rows->runs_of(block);
        for (auto run = first; run < last; ++run) {
            auto& known = firsts[source.rows->run_customer[run] % index::block_size];
            const auto row = source.rows->run_start[run];
            if (source.rows->time[row] < known.time_ms)
                known = {source.rows->time[row], &source, row};
        }
    }
    for (std::uint32_t local = 0; local < index::block_size; ++local) {
        const auto& known = firsts[local];
        const Dense customer = block * index::block_size + local;
        if (!known.source || !people.contains(customer))
            continue;
        const auto unit = unit_of(known.time_ms);
        if (unit)
            visit(local, key_of(*known.source, known.row, customer), *unit, index::missing);
    }
}

}  // namespace qiao::insight::detail
