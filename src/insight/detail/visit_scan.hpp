// The visits with clicks of every customer of a block.
#pragma once

#include <unordered_set>
#include <vector>

#include "index/row_walk.hpp"
#include "insight/detail/rows.hpp"
#include "insight/effort.hpp"

namespace qiao::insight::detail {

// A visit as the moments that matter, each list ascending by time.
struct Visit {
    struct Act {
        std::int64_t time_ms = 0;
        std::uint32_t function = 0;
    };
    struct Met {
        index::Cell screen = index::missing;
        std::int64_t first_ms = 0;
    };
    std::vector<std::int64_t> clicks;
    std::vector<index::Cell> versions;  // of its clicks
    std::vector<Act> uses, transactions;
    std::vector<Met> screens;
    std::unordered_set<index::Cell> met;  // the same screens

    void clear();
    // The number of clicks in (after_ms, until_ms].
    std::uint64_t taps(std::int64_t after_ms, std::int64_t until_ms) const;
    // The moment of the last transaction before this moment, else of long ago.
    std::int64_t last_transaction(std::int64_t before_ms) const;
    // The first use of a function in (after_ms, until_ms].
    std::optional<std::int64_t> first_use(std::uint32_t function, std::int64_t after_ms,
                                          std::int64_t until_ms) const;
    std::uint64_t depth(const Met& of) const;
};

class VisitScan {
public:
    struct Scratch {
        index::RowWalk::Scratch walk;
        Visit visit;
    };
    // The question, the functions and the state outlive the scan.
    VisitScan(const EffortQuestion& question, const std::vector<ProductUse>& functions,
              const index::State& state, const rule::Interval& interval);

    // use(local customer, visit) for each visit with a click.
    template <class Use>
    void block(Scratch& scratch, index::Dense block, const index::BlockBits& people,
               Use&& use) const {
        const auto clickers = find_clickers(block, people);
        if (clickers.none())
            return;
        auto& visit = scratch.visit;
        walk_.block(scratch.walk, block, clickers,
                    [&](std::uint32_t local, const index::RowWalk::Rows& rows) {
                        visit.clear();
                        std::int64_t last_ms = INT64_MIN / 2;
                        for (const auto& row : rows.by_time()) {
                            if (!lanes_[row.lane].is_read || row.time_ms < interval_.from_ms ||
                                row.time_ms >= interval_.until_ms)
                                continue;
                            if (row.time_ms - last_ms > visit_pause_ms)
                                end(visit, local, use);
                            last_ms = row.time_ms;
                            add(visit, row);
                        }
                        end(visit, local, use);
                    });
    }

private:
    // An event of a segment: all that its rows can be.
    struct Lane {
        struct User {
            std::uint32_t function = 0;
            const index::Source* source = nullptr;
        };
        bool is_read = false;  // else its rows are passed over
        const index::Source* clicks = nullptr;
        std::vector<User> uses, transactions;
        const index::Column *page = nullptr, *version = nullptr;
    };
    template <class Use>
    static void end(Visit& visit, std::uint32_t local, Use&& use) {
        if (!visit.clicks.empty())
            use(local, std::as_const(visit));
        visit.clear();
    }
    index::BlockBits find_clickers(index::Dense block, const index::BlockBits& people) const;
    void add(Visit& visit, const index::RowWalk::Row& row) const;

    rule::Interval interval_;
    index::Scan clicks_;
    std::vector<std::vector<index::Scan>> uses_, transactions_;  // by function
    index::RowWalk walk_;
    std::vector<Lane> lanes_;  // those of the walk
};

}  // namespace qiao::insight::detail
