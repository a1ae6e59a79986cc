// The longest chain of every customer of a block.
#pragma once

#include <array>
#include <vector>

#include "index/sequence.hpp"
#include "insight/detail/rows.hpp"
#include "insight/funnel.hpp"

namespace qiao::insight::detail {

// How far a person came.
struct Reached {
    unsigned steps = 0;
    std::int64_t start_ms = 0;
    // The earliest moment of each step from that start; of the steps that were reached.
    std::array<std::int64_t, most_funnel_steps> at_ms{};
};

// A thread's scratch space.
struct FunnelScratch {
    struct Hit {
        std::int64_t time_ms = 0;
        std::uint32_t steps = 0;   // bit k: it matches step k
        std::uint32_t breaks = 0;  // bit k: it breaks a chain of k steps
        index::Cell hold = index::missing;
    };
    struct Times {
        const std::int64_t* begin = nullptr;
        const std::int64_t* end = nullptr;
    };
    // The sources that have rows in the block, step by step.
    struct Place {
        const index::Source* source = nullptr;
        Cursor cursor;
    };
    std::vector<Place> places;
    std::vector<std::uint32_t> first_place;  // by step, and the end
    std::vector<Cursor> cursors;             // by lane
    std::vector<Times> times;                // by step
    std::vector<std::vector<std::int64_t>> buffers;
    std::vector<Hit> hits, chosen, merged;
    bool breaks = false;  // some of the chosen hits do
    std::vector<index::StepHit> together;
    std::vector<index::Cell> values;
};

class FunnelScan {
public:
    // The question outlives the scan.
    FunnelScan(const FunnelQuestion& question, const index::State& state,
               const rule::Interval& interval);

    // visit(local customer, reached) for everyone who did the first step.
    template <class Visit>
    void block(FunnelScratch& scratch, index::Dense block, const index::BlockBits& people,
               Visit&& visit) const {
        auto present = starters(block);
        present &= people;
        if (present.none())
            return;
        begin(scratch, block);
        Reached reached;
        present.each([&](std::uint32_t local) {
            const index::Dense customer = block * index::block_size + local;
            reached.steps = 0;
            if (is_plain_)
                plain(scratch, customer, reached);
            else
                general(scratch, customer, reached);
            if (reached.steps > 0)
                visit(local, reached);
        });
    }
    // The value of the question's `by` for a chain that starts at this moment.
    index::Cell group_of(index::Dense customer, std::int64_t start_ms) const;
    Value group_value(index::Cell cell) const { return by_.value(cell); }

private:
    using Hit = FunnelScratch::Hit;
    using Starts = std::array<std::int64_t, index::most_steps + 1>;  // the latest, by length
    // The rows of one event in one segment, for all that they can be.
    struct Lane {
        struct User {
            std::uint32_t steps = 0, breaks = 0;
            const index::Source* source = nullptr;
        };
        const index::EventRows* rows = nullptr;
        const index::Column* hold = nullptr;
        std::vector<User> users;
    };

    void use(const index::Source& source, std::uint32_t steps, std::uint32_t breaks,
             const index::State& state);
    index::BlockBits starters(index::Dense block) const;
    void begin(FunnelScratch& scratch, index::Dense block) const;
    bool load(FunnelScratch& scratch, unsigned step, index::Dense customer) const;
    bool gather(FunnelScratch& scratch, unsigned step, index::Dense customer) const;
    void plain(FunnelScratch& scratch, index::Dense customer, Reached& reached) const;
    void general(FunnelScratch& scratch, index::Dense customer, Reached& reached) const;
    void find_hits(FunnelScratch& scratch, index::Dense customer) const;
    void choose(FunnelScratch& scratch, index::Cell hold) const;
    void latest_start(FunnelScratch& scratch, Reached& reached) const;
    void earliest_times(FunnelScratch& scratch, Reached& reached) const;
    void take(FunnelScratch& scratch, index::Chain& chain, std::size_t begin, std::size_t end,
              bool may_start, Starts& starts) const;
    void note(const index::Chain& chain, Starts& starts) const;
    bool starts_at(const FunnelScratch& scratch, index::Cell hold, std::int64_t start_ms) const;

    const FunnelQuestion& question_;
    rule::Interval interval_;
    unsigned length_;
    std::int64_t window_ms_;
    bool is_plain_ = true;  // no row can be two steps, and nothing else matters
    std::vector<index::Scan> steps_, excludes_;
    std::vector<Lane> lanes_;
    ByColumn by_;
};

}  // namespace qiao::insight::detail
