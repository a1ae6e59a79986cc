#include "index/detail/bulk_rows.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>

namespace qiao::index::detail {

namespace {

constexpr unsigned digit_bits = 11;
constexpr std::size_t digits = std::size_t{1} << digit_bits;

// One stable pass of a radix sort by a digit of the customer.
void pass(std::span<const Dense> customer, unsigned shift, std::vector<std::uint32_t>& order,
          std::vector<std::uint32_t>& scratch) {
    std::array<std::uint32_t, digits> place{};
    const auto digit_of = [&](std::uint32_t row) { return customer[row] >> shift & (digits - 1); };
    for (const auto row : order)
        ++place[digit_of(row)];
    std::uint32_t start = 0;
    for (auto& count : place)
        start += std::exchange(count, start);
    for (const auto row : order)
        scratch[place[digit_of(row)]++] = row;
    order.swap(scratch);
}

template <class Item>
void reorder(std::vector<Item>& items, const std::vector<std::uint32_t>& order) {
    if (order.empty())
        return;
    std::vector<Item> made;
    made.reserve(items.size());
    for (const auto row : order)
        made.push_back(items[row]);
    items = std::move(made);
}

}  // namespace

std::vector<std::uint32_t> sorted_order(std::span<const Dense> customer,
                                        std::span<const std::int64_t> time_ms) {
    const auto size = static_cast<std::uint32_t>(customer.size());
    bool is_sorted = true;
    for (std::uint32_t row = 1; row < size && is_sorted; ++row)
        is_sorted =
            std::tie(customer[row - 1], time_ms[row - 1]) <= std::tie(customer[row], time_ms[row]);
    if (is_sorted)
        return {};
    std::vector<std::uint32_t> order(size), scratch(size);
    std::iota(order.begin(), order.end(), 0u);
    const auto bits =
        static_cast<unsigned>(std::bit_width(*std::max_element(customer.begin(), customer.end())));
    for (unsigned shift = 0; shift < bits; shift += digit_bits)
        pass(customer, shift, order, scratch);
    // Facts come nearly in the order of their times, so that most runs stand right by now.
    const auto earlier = [&](auto a, auto b) { return time_ms[a] < time_ms[b]; };
    for (std::uint32_t begin = 0, end = 0; begin < size; begin = end) {
        while (end < size && customer[order[end]] == customer[order[begin]])
            ++end;
        if (!std::is_sorted(order.begin() + begin, order.begin() + end, earlier))
            std::stable_sort(order.begin() + begin, order.begin() + end, earlier);
    }
    return order;
}

void add_rows(SegmentWriter& writer, BulkRows& rows) {
    const auto order = sorted_order(rows.customer, rows.time_ms);
    reorder(rows.customer, order);
    reorder(rows.time_ms, order);
    std::sort(rows.columns.begin(), rows.columns.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<ColumnKey> keys;
    for (const auto& column : rows.columns)
        keys.push_back(column.first);
    std::size_t next = 0;
    writer.add(rows.event, rows.customer, rows.time_ms, keys,
               [&](ColumnKey, std::vector<Cell>& cells) {
                   const auto& from = rows.columns[next++].second;
                   if (order.empty())
                       cells = from;
                   for (std::size_t row = 0; row < order.size(); ++row)
                       cells[row] = from[order[row]];
               });
}

}  // namespace qiao::index::detail
