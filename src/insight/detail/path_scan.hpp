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

// A row in one word, so that a customer's rows are sorted as numbers: by time, then by the name of
// the event, those that start a path first.
class PathRow {
public:
    PathRow() = default;
    // `since_ms` from the beginning of the period.
    PathRow(std::int64_t since_ms, std::uint16_t event, bool is_start, bool is_step)
        : word_(static_cast<std::uint64_t>(since_ms) << 18 | std::uint64_t{event} << 2 |
                std::uint64_t{!is_start} << 1 | std::uint64_t{is_step}) {}
    static constexpr std::int64_t most_ms = std::int64_t{1} << 45;  // a thousand years

    std::int64_t since_ms() const { return static_cast<std::int64_t>(word_ >> 18); }
    std::uint16_t event() const { return static_cast<std::uint16_t>(word_ >> 2); }
    bool is_start() const { return (word_ & 2) == 0; }
    bool is_step() const { return (word_ & 1) != 0; }
    friend auto operator<=>(const PathRow&, const PathRow&) = default;

private:
    std::uint64_t word_ = 0;
};

struct PathScratch {
    std::vector<std::vector<std::int64_t>> starts;  // by local customer, ascending
    // By local customer a line of bits over time, wrapped around: set where a start is near. Nearly
    // every row of the bank is passed over by looking at one bit of it.
    std::vector<std::uint64_t> near;
    std::vector<std::uint32_t> first_row;  // by local customer, and the end
    std::vector<PathRow> found, rows;      // as they were read; by customer
    std::vector<std::uint16_t> found_for;  // the local customer of each found
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
                if (!scratch.rows[row].is_start())
                    continue;
                walk(scratch.rows, begin, end, row, path);
                visit(local, path);
            }
        });
    }

private:
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
    void sort_rows(PathScratch& scratch) const;
    void walk(const std::vector<PathRow>& rows, std::size_t begin, std::size_t end,
              std::size_t start, PathEvents& path) const;

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
