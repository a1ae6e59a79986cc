// Rows of one event as columns, in any order, on their way into a segment.
#pragma once

#include <span>
#include <vector>

#include "index/segment.hpp"

namespace qiao::index::detail {

struct BulkRows {
    Code event = 0;
    std::vector<Dense> customer;
    std::vector<std::int64_t> time_ms;
    std::vector<std::pair<ColumnKey, std::vector<Cell>>> columns;  // each as long as the rows
};

// Row numbers in order of (customer, time), equals as they stood; empty where the rows stand in
// that order already.
std::vector<std::uint32_t> sorted_order(std::span<const Dense> customer,
                                        std::span<const std::int64_t> time_ms);

// Adds the rows to a segment; sorts `rows` on the way.
void add_rows(SegmentWriter& writer, BulkRows& rows);

}  // namespace qiao::index::detail
