// The paths of every customer of a block.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "insight/detail/rows.hpp"
#include "insight/paths.hpp"

namespace qiao::insight::detail {

// A path as its events' numbers, from the start (or back from the end).
struct PathEvents {
    std::array<std::uint16_t, most_path_steps + 1> event{};
    std::size_t size = 0;
};

struct PathScratch {
    struct Row {
        std::int64_t time_ms = 0;
        std::uint16_t local = 0;
        std::uint16_t event = 0;
        bool is_start = false;
        bool is_step = false;
    };
    std::vector<std::vector<std::int64_t>> starts;  // by local customer, ascending
    // By local customer a line of bits over time, wrapped around: set where a start is near. Nearly
    // every row of the bank is passed over by looking at one bit of it.
    std::vector<std::uint64_t> near;
    std::vector<std::uint32_t> first_row;           // by local customer, and the end
    std::vector<Row> found, rows;
};

class PathScan {
public:
    // The question outlives the scan.
    PathScan(const PathQuestion& question, const index::State& state,
             const rule::Interval& interval);

    const std::vector<std::string>& names() const { return names_; }  // by number, sorted

    // visit(local customer, path) for every start.
    template <class Visit>
    void block(PathScratch& scratch, index::Dense block, const index::BlockBits& people,
               Visit&& visit) const {
        const auto starters = find_starts(scratch, block, people);
        if (starters.none())
            return;
        find_rows(scratch, block, starters);
        PathEvents path;
        starters.each([&](std::uint32_t local) {
            const auto begin = scratch.first_row[local], end = scratch.first_row[local + 1];
            for (auto row = begin; row < end; ++row) {
                if (!scratch.rows[row].is_start)
                    continue;
                walk(scratch.rows, begin, end, row, path);
                visit(local, path);
            }
        });
    }

private:
    using Row = PathScratch::Row;
    struct Lane {
        index::Source source;
        std::uint16_t event = 0;
        bool is_step = true;
        const index::Source* starts = nullptr;  // the tests of a start, where it can be one
    };
    index::BlockBits find_starts(PathScratch& scratch, index::Dense block,
                                 const index::BlockBits& people) const;
    void find_rows(PathScratch& scratch, index::Dense block,
                   const index::BlockBits& starters) const;
    void mark_near(PathScratch& scratch, const index::BlockBits& starters) const;
    void find_in_run(PathScratch& scratch, const Lane& lane, std::uint32_t run,
                     std::uint32_t local) const;
    bool is_near(const std::vector<std::int64_t>& starts, std::int64_t time_ms) const;
    void sort_rows(PathScratch& scratch) const;
    void walk(const std::vector<Row>& rows, std::size_t begin, std::size_t end, std::size_t start,
              PathEvents& path) const;

    const PathQuestion& question_;
    rule::Interval interval_;
    static constexpr std::size_t near_words = 8, near_bits = near_words * 64;

    std::int64_t gap_ms_, span_ms_;
    int near_shift_ = 0;  // a bit stands for 2^near_shift_ ms
    index::Scan starts_;
    std::vector<Lane> lanes_;
    std::vector<std::string> names_;
};

}  // namespace qiao::insight::detail
