// Reads the rows of a metric, a block of customers at a time.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "index/predicate.hpp"
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
    // The metric and the units outlive the scan.
    MetricScan(const ResolvedMetric& metric, index::Snapshot snapshot,
               const std::vector<Unit>& units);

    using Visit = std::function<void(std::uint32_t local, const Key& key, std::size_t unit,
                                     index::Cell measured)>;
    // For new customers the one row of a customer is its first event.
    void block(index::Dense block, const index::People& people, const Visit& visit) const;

private:
    // The rows of one event in one segment, with the columns that matter.
    struct Source {
        const index::EventRows* rows = nullptr;
        std::vector<index::BoundTest> tests;
        const index::Column* measured = nullptr;
        std::array<const index::Column*, most_by> by{};
    };
    void add(const index::EventRows& rows);
    bool bind_tests(const index::EventRows& rows, Source& source) const;
    void rows_of(const Source& source, index::Dense block, const index::People& people,
                 const Visit& visit) const;
    void first_events(index::Dense block, const index::People& people, const Visit& visit) const;
    Key key_of(const Source& source, std::uint32_t row, index::Dense customer) const;
    std::optional<std::size_t> unit_of(std::int64_t time_ms) const;

    const ResolvedMetric& metric_;
    index::Snapshot snapshot_;
    const std::vector<Unit>& units_;
    std::vector<Source> sources_;
    std::array<std::shared_ptr<const index::Attribute>, most_by> tags_;
};

}  // namespace qiao::insight::detail
