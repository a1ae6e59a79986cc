// Reads the rows of a metric, a block of customers at a time.
#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "insight/detail/rows.hpp"
#include "insight/detail/unit_table.hpp"
#include "insight/metric_engine.hpp"

namespace qiao::insight::detail {

// The cells of the `by`s, in their order; unused ones are `missing`.
using Key = std::array<index::Cell, most_by>;
struct KeyHash {
    std::size_t operator()(const Key& key) const {
        std::uint64_t hash = 0;
        for (const auto cell : key)
            hash = (hash ^ static_cast<std::uint64_t>(cell)) * 0x9E3779B97F4A7C15ull;
        return static_cast<std::size_t>(hash ^ hash >> 32);
    }
};

class MetricScan {
public:
    // The metric outlives the scan.
    MetricScan(const ResolvedMetric& metric, const index::Snapshot& snapshot,
               const std::vector<Unit>& units);

    // For new customers the one row of a customer is its first event.
    // visit(local customer, key, unit, measured cell).
    template <class Visit>
    void block(index::Dense block, const index::BlockBits& people, Visit&& visit) const {
        if (metric_.doing.subject == Subject::new_customer)
            return first_events(block, people, visit);
        for (const auto& source : sources_)
            rows_of(source, block, people, visit);
    }
    Group group_of(const Key& key) const;

private:
    // The rows of one event in one segment, with the columns that matter.
    struct Rows {
        index::Source source;
        std::array<const index::Column*, most_by> by{};
    };
    struct First {
        std::int64_t time_ms = INT64_MAX;
        const Rows* rows = nullptr;
        std::uint32_t row = 0;
    };
    std::vector<First> firsts_of(index::Dense block, const index::BlockBits& people) const;

    Key customer_key(const Rows& rows, index::Dense customer) const {
        Key key;
        key.fill(index::missing);
        for (std::size_t i = 0; i < metric_.by.size(); ++i)
            if (!by_[i].is_property())
                key[i] = by_[i].at(*rows.source.rows, nullptr, 0, customer);
        return key;
    }
    void add_row(const Rows& rows, std::uint32_t row, Key& key) const {
        for (std::size_t i = 0; i < metric_.by.size(); ++i)
            if (by_[i].is_property())
                key[i] = rows.by[i] ? rows.by[i]->at(row) : index::missing;
    }

    template <class Visit>
    void rows_of(const Rows& rows, index::Dense block, const index::BlockBits& people,
                 Visit&& visit) const {
        const auto& source = rows.source;
        const auto [first, last] = source.rows->runs_of(block);
        for (auto run = first; run < last; ++run) {
            const index::Dense customer = source.rows->run_customer[run];
            const auto local = customer % index::block_size;
            if (!people.has(local))
                continue;
            const auto [begin, end] = index::Scan::within(source, interval_, run, source.whole);
            if (begin == end)
                continue;
            Key key = customer_key(rows, customer);
            for (auto row = begin; row < end; ++row) {
                if (!index::Scan::passes(source, row))
                    continue;
                add_row(rows, row, key);
                visit(local, key, units_.of(source.rows->time[row]),
                      source.measured ? source.measured->at(row) : index::missing);
            }
        }
    }

    template <class Visit>
    void first_events(index::Dense block, const index::BlockBits& people, Visit&& visit) const {
        const auto firsts = firsts_of(block, people);
        for (std::uint32_t local = 0; local < index::block_size; ++local) {
            const auto& known = firsts[local];
            if (!known.rows || !units_.holds(known.time_ms))
                continue;
            Key key = customer_key(*known.rows, block * index::block_size + local);
            add_row(*known.rows, known.row, key);
            visit(local, key, units_.of(known.time_ms), index::missing);
        }
    }

    const ResolvedMetric& metric_;
    UnitTable units_;
    rule::Interval interval_;
    std::vector<Rows> sources_;
    std::array<ByColumn, most_by> by_;
};

}  // namespace qiao::insight::detail
