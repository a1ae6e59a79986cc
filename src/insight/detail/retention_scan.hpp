// Who joined which cohort, and in which units after it each came back.
#pragma once

#include <vector>

#include "insight/detail/rows.hpp"
#include "insight/detail/unit_table.hpp"
#include "insight/retention.hpp"

namespace qiao::insight::detail {

struct RetentionScratch {
    std::vector<std::int64_t> first_ms;   // by local customer
    std::vector<std::uint32_t> cohort;    // by local customer
    std::vector<std::uint64_t> came_back;  // bits by local customer: units after the first
};

class RetentionScan {
public:
    // The question outlives the scan; `units` reach from the first cohort's unit to `as_of`.
    RetentionScan(const RetentionQuestion& question, const index::State& state,
                  const RetentionTime& time, const std::vector<Unit>& units);

    // visit(local customer, cohort, words of bits) for everyone of a cohort.
    template <class Visit>
    void block(RetentionScratch& scratch, index::Dense block, const index::BlockBits& people,
               Visit&& visit) const {
        const auto joined = find_cohorts(scratch, block, people);
        if (joined.none())
            return;
        find_returns(scratch, block, joined);
        joined.each([&](std::uint32_t local) {
            visit(local, scratch.cohort[local], &scratch.came_back[local * words_]);
        });
    }
    std::size_t words() const { return words_; }
    index::Cell group_of(index::Dense customer, std::int64_t first_ms) const {
        return by_.is_property() ? value_at(first_, by_, customer, first_ms)
                                 : by_.of_customer(customer);
    }
    Value group_value(index::Cell cell) const { return by_.value(cell); }

private:
    index::BlockBits find_cohorts(RetentionScratch& scratch, index::Dense block,
                                  const index::BlockBits& people) const;
    void find_returns(RetentionScratch& scratch, index::Dense block,
                      const index::BlockBits& joined) const;

    const RetentionQuestion& question_;
    rule::Interval joining_, returning_, first_period_;
    UnitTable table_;
    std::size_t words_;
    std::vector<index::Source> first_, then_;
    ByColumn by_;
};

}  // namespace qiao::insight::detail
