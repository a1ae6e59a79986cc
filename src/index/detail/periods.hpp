// Which rows belong in one file: those of one period.
//
// A question then reads the files of the periods that it names, a compaction rewrites those that
// much has come to, and old periods go as whole files. What is too little for a file of its own
// (late facts, times from wrong clocks) stays together in a loose one.
#pragma once

#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/value.hpp"
#include "index/segment.hpp"

namespace qiao::index::detail {

using SegmentPtr = std::shared_ptr<const Segment>;
using Segments = std::vector<SegmentPtr>;

// Periods of one length, counted from 1970; files do not say which is theirs.
using Period = std::int64_t;
class Periods {
public:
    explicit Periods(Duration length) : length_ms_(length.count()) {}
    Period of(std::int64_t time_ms) const {
        return time_ms / length_ms_ - (time_ms % length_ms_ < 0 ? 1 : 0);
    }
    std::int64_t begin(Period period) const {
        return period > INT64_MAX / length_ms_ ? INT64_MAX : period * length_ms_;
    }

private:
    std::int64_t length_ms_;
};

// How the rows of some segments divide among periods.
struct Division {
    struct Part {
        SegmentPtr base;  // the largest segment that has enough rows, of this period alone; or none
        std::uint64_t base_rows = 0;
        std::uint64_t loose_rows = 0;  // of this period, in other segments
    };
    std::map<Period, Part> parts;
    Segments loose;  // which are no base, in their order
};

// Counts the rows of each segment once. One thread.
class Divider {
public:
    // `least_rows` are worth a file.
    Divider(Periods periods, std::uint64_t least_rows)
        : periods_(periods), least_rows_(least_rows) {}
    Division divide(const Segments& segments);
    const Periods& periods() const { return periods_; }
    std::uint64_t least_rows() const { return least_rows_; }

private:
    using Counts = std::map<Period, std::uint64_t>;
    Counts count(const Segment& segment) const;

    Periods periods_;
    std::uint64_t least_rows_;
    struct Known {
        std::weak_ptr<const Segment> segment;
        Counts counts;
    };
    std::unordered_map<const Segment*, Known> known_;
};

}  // namespace qiao::index::detail
