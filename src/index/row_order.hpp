// In which order the rows of a segment happened.
//
// A segment keeps rows event by event. Beside them, for every customer, stand the events of all
// rows in ascending order of time: who reads a block's customers one after the other finds the row
// itself by counting, as the rows of each event are sorted by customer and time, too. A byte a row
// replaces gathering and sorting.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/people.hpp"

namespace qiao::index {

struct EventRows;

struct RowOrder {
    std::uint32_t customers = 0, blocks = 0;
    std::uint32_t width = 1;                        // bytes of a place: 1, 2 or 4
    const Dense* customer = nullptr;                // ascending, each once
    const std::uint32_t* count = nullptr;           // the rows of each
    const std::uint32_t* block_customer = nullptr;  // blocks + 1 places in `customer`
    const std::uint64_t* block_row = nullptr;       // blocks + 1 row numbers, over all events
    // By row: the place of its event in Segment::events(). Ascending by time within a customer, in
    // the order of places within a moment.
    const void* event = nullptr;

    // Calls use(const std::uint8_t* (or 16, 32) events).
    template <class Use>
    void with_events(Use&& use) const {
        if (width == 1)
            use(static_cast<const std::uint8_t*>(event));
        else if (width == 2)
            use(static_cast<const std::uint16_t*>(event));
        else
            use(static_cast<const std::uint32_t*>(event));
    }
};

// The arrays of a RowOrder in the making.
struct RowOrderArrays {
    std::vector<Dense> customer;
    std::vector<std::uint32_t> count, block_customer;
    std::vector<std::uint64_t> block_row;
    std::uint32_t width = 1;
    std::vector<char> event;
};
RowOrderArrays order_rows(std::span<const EventRows> events);

}  // namespace qiao::index
