#include "index/row_order.hpp"

#include <algorithm>

#include "index/segment.hpp"

namespace qiao::index {

namespace {

struct Placed {
    std::uint32_t local;  // customer
    std::uint32_t event;
    std::int64_t time_ms;
};

bool is_earlier(const Placed& a, const Placed& b) {
    return a.time_ms != b.time_ms ? a.time_ms < b.time_ms : a.event < b.event;
}

// The rows of one block of customers: by customer, each one's by time.
class BlockOrder {
public:
    void read(std::span<const EventRows> events, Dense block) {
        rows_.clear();
        for (std::uint32_t event = 0; event < events.size(); ++event) {
            const auto& rows = events[event];
            const auto [first, last] = rows.runs_of(block);
            for (auto run = first; run < last; ++run)
                for (auto row = rows.run_start[run]; row < rows.run_start[run + 1]; ++row)
                    rows_.push_back({rows.run_customer[run] % block_size, event, rows.time[row]});
        }
        // The few rows of a small change do not pay for counting a whole block of customers.
        if (rows_.size() < block_size)
            std::sort(rows_.begin(), rows_.end(), [](const Placed& a, const Placed& b) {
                return a.local != b.local ? a.local < b.local : is_earlier(a, b);
            });
        else
            sort_by_counting();
    }
    const std::vector<Placed>& rows() const { return rows_; }

private:
    void sort_by_counting() {
        first_.assign(block_size + 1, 0);
        for (const auto& row : rows_)
            ++first_[row.local + 1];
        for (std::size_t local = 0; local < block_size; ++local)
            first_[local + 1] += first_[local];
        next_ = first_;
        sorted_.resize(rows_.size());
        for (const auto& row : rows_)
            sorted_[next_[row.local]++] = row;
        rows_.swap(sorted_);
        for (std::size_t local = 0; local < block_size; ++local)
            std::sort(rows_.begin() + first_[local], rows_.begin() + first_[local + 1], is_earlier);
    }
    std::vector<std::uint32_t> first_, next_;
    std::vector<Placed> rows_, sorted_;
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
        for (const auto& placed : order.rows()) {
            const Dense customer = block * block_size + placed.local;
            if (made.customer.empty() || made.customer.back() != customer) {
                made.customer.push_back(customer);
                made.count.push_back(0);
            }
            ++made.count.back();
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
