// The rows of an event that a question reads: those of a period whose properties match, over all
// segments of a snapshot, block by block of customers.
#pragma once

#include <utility>
#include <vector>

#include "base/rule.hpp"
#include "index/column.hpp"
#include "index/segment.hpp"
#include "index/snapshot.hpp"

namespace qiao::index {

// The rows of an event in a period whose properties match, over all segments.
struct Source {
    const EventRows* rows = nullptr;
    bool whole = false;            // every row lies in the period
    std::vector<BoundTest> tests;  // those that the column does not decide as a whole
    const Column* measured = nullptr;
    const Column* currency = nullptr;
};
class Scan {
public:
    Scan(const rule::EventMatch& match, rule::Interval interval, const State& state);

    std::vector<Source> sources;
    rule::Interval interval;
    std::uint64_t rows() const;
    std::uint64_t bytes(bool reads_times) const;
    void measure(const ColumnKey& key);
    void watch_currency(const ColumnKey& key);

    // Narrows a run to the period. `whole`: the caller knows that it lies within.
    static std::pair<std::uint32_t, std::uint32_t> within(const Source& source,
                                                          const rule::Interval& interval,
                                                          std::uint32_t run, bool whole) {
        std::uint32_t begin = source.rows->run_start[run];
        std::uint32_t end = source.rows->run_start[run + 1];
        if (whole)
            return {begin, end};
        const std::int64_t* time = source.rows->time;
        if (end - begin > 8)
            return search(time, begin, end, interval);
        while (end > begin && time[end - 1] >= interval.until_ms)
            --end;
        std::uint32_t first = end;
        while (first > begin && time[first - 1] >= interval.from_ms)
            --first;
        return {first, end};
    }
    static bool passes(const Source& source, std::uint32_t row) {
        for (const auto& test : source.tests)
            if (!test(row))
                return false;
        return true;
    }
    // visit(local customer, first row, last row) for each run of candidates in the block that has
    // rows in the period.
    template <class Visit>
    void each_run(const Source& source, Dense block, const BlockBits& candidates,
                  Visit&& visit) const {
        const auto [first, last] = source.rows->runs_of(block);
        for (auto run = first; run < last; ++run) {
            const std::uint32_t local = source.rows->run_customer[run] % block_size;
            if (!candidates.has(local))
                continue;
            const auto [begin, end] = within(source, interval, run, source.whole);
            if (begin < end)
                visit(local, begin, end);
        }
    }
    // visit(local customer, row) for each matching row.
    template <class Visit>
    void each_row(const Source& source, Dense block, const BlockBits& candidates,
                  Visit&& visit) const {
        each_run(source, block, candidates,
                 [&](std::uint32_t local, std::uint32_t begin, std::uint32_t end) {
                     for (auto row = begin; row < end; ++row)
                         if (passes(source, row))
                             visit(local, row);
                 });
    }

private:
    static std::pair<std::uint32_t, std::uint32_t> search(const std::int64_t* time,
                                                          std::uint32_t begin, std::uint32_t end,
                                                          const rule::Interval& interval);
};

// Which civil day a time falls on, for a range of times known beforehand.
class Days {
public:
    Days(const Calendar& calendar, std::int64_t first_ms, std::int64_t last_ms);
    std::size_t of(std::int64_t time_ms) const;
    std::int64_t end_of(std::size_t day) const { return starts_[day + 1]; }

private:
    std::vector<std::int64_t> starts_;
    bool even_ = true;  // every day has 24 hours
};

}  // namespace qiao::index
