#include "index/row_order.hpp"

#include <algorithm>

#include "index/segment.hpp"

namespace qiao::index {

namespace {

struct Placed {
    std::int64_t time_ms;
    std::uint32_t event;
    friend auto operator<=>(const Placed&, const Placed&) = default;
};

// The rows of one block of customers: first by customer, by counting; then each customer's by time.
class BlockOrder {
public:
    void read(std::span<const EventRows> events, Dense block) {
        first_.assign(block_size + 1, 0);
        each_run(events, block,
                 [&](std::uint32_t local, const EventRows& rows, std::uint32_t run, std::uint32_t) {
                     first_[local + 1] += rows.run_start[run + 1] - rows.run_start[run];
                 });
        for (std::size_t local = 0; local < block_size; ++local)
            first_[local + 1] += first_[local];
        rows_.resize(first_.back());
        next_ = first_;
        each_run(events, block,
                 [&](std::uint32_t local, const EventRows& rows, std::uint32_t run,
                     std::uint32_t event) {
                     for (auto row = rows.run_start[run]; row < rows.run_start[run + 1]; ++row)
                         rows_[next_[local]++] = {rows.time[row], event};
                 });
        for (std::size_t local = 0; local < block_size; ++local)
            std::sort(rows_.begin() + first_[local], rows_.begin() + first_[local + 1]);
    }
    const std::vector<Placed>& rows() const { return rows_; }
    std::uint32_t count(std::size_t local) const { return first_[local + 1] - first_[local]; }

private:
    template <class Visit>
    static void each_run(std::span<const EventRows> events, Dense block, Visit&& visit) {
        for (std::uint32_t event = 0; event < events.size(); ++event) {
            const auto& rows = events[event];
            const auto [first, last] = rows.runs_of(block);
            for (auto run = first; run < last; ++run)
                visit(rows.run_customer[run] % block_size, rows, run, event);
        }
    }
    std::vector<std::uint32_t> first_, next_;
    std::vector<Placed> rows_;
};

template <class Place>
void append_events(std::vector<char>& out, const std::vector<Placed>& rows) {
    const auto start = out.size();
    out.resize(start + rows.size() * sizeof(Place));
    auto* place = reinterpret_cast<Place*>(out.data() + start);
    for (const auto& row : rows)
        *place++ = static_cast<Place>(row.event);
}

}  // namespace

RowOrderArrays order_rows(std::span<const EventRows> events) {
    RowOrderArrays made;
    made.width = events.size() <= 256 ? 1 : events.size() <= 65'536 ? 2 : 4;
    std::uint32_t blocks = 0;
    for (const auto& rows : events)
        blocks = std::max(blocks, rows.blocks);
    BlockOrder order;
    std::uint64_t row = 0;
    for (Dense block = 0; block < blocks; ++block) {
        order.read(events, block);
        made.block_customer.push_back(static_cast<std::uint32_t>(made.customer.size()));
        made.block_row.push_back(row);
        row += order.rows().size();
        for (std::uint32_t local = 0; local < block_size; ++local) {
            if (order.count(local) == 0)
                continue;
            made.customer.push_back(block * block_size + local);
            made.count.push_back(order.count(local));
        }
        if (made.width == 1)
            append_events<std::uint8_t>(made.event, order.rows());
        else if (made.width == 2)
            append_events<std::uint16_t>(made.event, order.rows());
        else
            append_events<std::uint32_t>(made.event, order.rows());
    }
    made.block_customer.push_back(static_cast<std::uint32_t>(made.customer.size()));
    made.block_row.push_back(row);
    return made;
}

}  // namespace qiao::index
