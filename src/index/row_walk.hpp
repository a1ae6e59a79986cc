// The rows of a block's customers in the order of time, over all events of a snapshot and those of
// its segments that have rows in an interval (and others beside them).
#pragma once

#include <span>
#include <vector>

#include "base/rule.hpp"
#include "index/snapshot.hpp"

namespace qiao::index {

class RowWalk {
public:
    struct Row {
        std::int64_t time_ms;
        std::uint32_t row;
        std::uint32_t lane;
    };
    // What a thread keeps between blocks.
    class Scratch {
        friend class RowWalk;
        std::vector<const std::int64_t*> next;  // by lane: the time of the first row not yet met
        struct At {
            std::uint32_t customer = 0, last = 0;  // places in the order's customers
            std::uint64_t row = 0;
        };
        std::vector<At> at;     // by segment
        std::vector<Row> rows;  // room for a customer's
    };
    // The rows of one customer.
    class Rows {
    public:
        std::size_t size() const { return size_; }
        // take(lane, const std::int64_t* time) for each row: segment by segment, older ones first,
        // by time within a segment. The row's number is `time` - lanes()[lane]->time. Either this
        // or by_time() is called, once.
        template <class Take>
        void each(Take&& take) const {
            for (std::size_t part = 0; part < walk_.parts_.size(); ++part)
                walk_.parts_[part].order->with_events([&](const auto* events) {
                    walk_.take(scratch_, part, events, customer_, take);
                });
        }

        // Within a moment those of older segments come first. Stands until the next customer.
        std::span<const Row> by_time() const;

    private:
        friend class RowWalk;
        Rows(const RowWalk& walk, Scratch& scratch, Dense customer)
            : walk_(walk),
              scratch_(scratch),
              customer_(customer),
              size_(walk.seek(scratch, customer)) {}
        const RowWalk& walk_;
        Scratch& scratch_;
        Dense customer_;
        std::size_t size_;
    };

    // The state outlives the walk. Throws DamagedSegment.
    RowWalk(const State& state, const rule::Interval& interval);

    // The events of each segment.
    const std::vector<const EventRows*>& lanes() const { return lanes_; }

    // visit(local customer, const Rows&) for each of these people with rows, in ascending order.
    template <class Visit>
    void block(Scratch& scratch, Dense block, const BlockBits& people, Visit&& visit) const {
        begin(scratch, block);
        people.each([&](std::uint32_t local) {
            const Rows rows(*this, scratch, block * block_size + local);
            if (rows.size() > 0)
                visit(local, rows);
        });
    }

private:
    // Rows: the times of so many events are read at once that no processor sees the order in it.
    static constexpr std::ptrdiff_t ahead = 16;

    struct Part {
        const RowOrder* order = nullptr;
        std::uint32_t first_lane = 0;
    };
    void begin(Scratch& scratch, Dense block) const;
    // Passes over the rows of those before; answers how many the customer has.
    std::size_t seek(Scratch& scratch, Dense customer) const;
    template <class Event, class Take>
    void take(Scratch& scratch, std::size_t part, const Event* events, Dense customer,
              Take& take_row) const {
        auto& at = scratch.at[part];
        const auto& order = *parts_[part].order;
        if (at.customer == at.last || order.customer[at.customer] != customer)
            return;
        const auto lane = parts_[part].first_lane;
        auto* next = scratch.next.data() + lane;
        const auto* event = events + at.row;
        const auto count = order.count[at.customer++];
        at.row += count;
        for (const auto* const end = event + count; event != end; ++event) {
            const auto* time = next[*event]++;
            __builtin_prefetch(time + ahead);
            take_row(lane + *event, time);
        }
    }

    std::vector<const EventRows*> lanes_;
    std::vector<Part> parts_;  // by segment that is walked
};

}  // namespace qiao::index
