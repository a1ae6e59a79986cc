// The paths of every customer of a block.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "index/row_walk.hpp"
#include "insight/detail/rows.hpp"
#include "insight/paths.hpp"

namespace qiao::insight::detail {

// A path as its events' numbers, from the start (or back from the end).
struct PathEvents {
    std::array<std::uint16_t, most_path_steps + 1> event{};
    std::size_t size = 0;
};

// A row in one word, so that a customer's rows are ordered as numbers: by time, then by the name of
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
    index::RowWalk::Scratch walk;
    std::vector<PathRow> rows;  // room for a customer's
};

class PathScan {
public:
    // The question and the state outlive the scan.
    PathScan(const PathQuestion& question, const index::State& state,
             const rule::Interval& interval);

    const std::vector<std::string>& names() const { return names_; }  // by number, sorted

    // visit(local customer, path) for every start.
    template <class Visit>
    void block(PathScratch& scratch, index::Dense block, const index::BlockBits& people,
               Visit&& visit) const {
        const auto starters = find_starters(block, people);
        if (starters.none())
            return;
        PathEvents path;
        walk_.block(scratch.walk, block, starters,
                    [&](std::uint32_t local, std::span<const index::RowWalk::Row> walked) {
                        const auto rows = read(scratch.rows, walked);
                        for (std::size_t row = 0; row < rows.size(); ++row) {
                            if (!rows[row].is_start())
                                continue;
                            follow(rows, row, path);
                            visit(local, path);
                        }
                    });
    }

private:
    struct Lane {
        std::uint16_t event = 0;
        bool is_step = false;
        const index::Source* starts = nullptr;  // the tests of a start, where it can be one
    };
    void number_lanes(const index::State& state);
    index::BlockBits find_starters(index::Dense block, const index::BlockBits& people) const;
    std::span<const PathRow> read(std::vector<PathRow>& to,
                                  std::span<const index::RowWalk::Row> rows) const;
    void follow(std::span<const PathRow> rows, std::size_t start, PathEvents& path) const;

    const PathQuestion& question_;
    rule::Interval interval_;
    std::int64_t gap_ms_;
    index::Scan starts_;
    index::RowWalk walk_;
    std::vector<Lane> lanes_;  // those of the walk
    std::vector<std::string> names_;
};

}  // namespace qiao::insight::detail
