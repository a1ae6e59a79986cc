// The rows of a block's customers in the order of time, over all events and segments of a snapshot.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "index/snapshot.hpp"

namespace qiao::index {

class RowWalk {
public:
    // A row of an event in a segment: lanes()[lane].
    struct Row {
        std::int64_t time_ms;
        std::uint32_t row;
        std::uint32_t lane;
    };
    struct Lane {
        const EventRows* rows = nullptr;
        bool is_read = true;  // its rows are passed over where not
    };
    // What a thread keeps between blocks.
    class Scratch {
        friend class RowWalk;
        std::vector<std::uint32_t> next;  // by lane: the first row that has not been met
        struct At {
            std::uint32_t customer = 0, last = 0;  // places in the order's customers
            std::uint64_t row = 0;
        };
        std::vector<At> at;     // by segment
        std::vector<Row> rows;  // of a customer, the first `size`
        std::size_t size = 0;
    };

    // The state outlives the walk. Throws DamagedSegment.
    explicit RowWalk(const State& state);

    const std::vector<Lane>& lanes() const { return lanes_; }
    void read(std::size_t lane, bool is_read) { lanes_[lane].is_read = is_read; }

    // visit(local customer, std::span<const Row>) for each of these people with rows, in ascending
    // order; the rows ascend by time, within a moment those of older segments come first.
    template <class Visit>
    void block(Scratch& scratch, Dense block, const BlockBits& people, Visit&& visit) const {
        begin(scratch, block);
        people.each([&](std::uint32_t local) {
            take(scratch, block * block_size + local);
            if (scratch.size > 0)
                visit(local, std::span<const Row>(scratch.rows.data(), scratch.size));
        });
    }

private:
    struct Part {
        const RowOrder* order = nullptr;
        std::uint32_t first_lane = 0;
    };
    void begin(Scratch& scratch, Dense block) const;
    void take(Scratch& scratch, Dense customer) const;
    template <class Event>
    void take_of(Scratch& scratch, std::size_t part, const Event* events, Dense customer) const;

    std::vector<Lane> lanes_;
    std::vector<Part> parts_;  // by segment
};

}  // namespace qiao::index
