// Ranks of many numbers, exact, without sorting them.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>
#include <vector>

namespace qiao::insight::detail {

using Numbers = std::vector<std::int64_t>;

// The ⌈share · n⌉-th smallest of all the lists together (nearest rank); nothing of nothing. A pass
// counts by leading bits, a second one gathers the numbers that share those of the wanted one.
template <class Number>
std::optional<std::int64_t> rank_of(const std::vector<const std::vector<Number>*>& lists,
                                    double share) {
    std::uint64_t count = 0;
    std::int64_t low = INT64_MAX, high = INT64_MIN;
    for (const auto* list : lists) {
        count += list->size();
        for (const std::int64_t number : *list) {
            low = std::min(low, number);
            high = std::max(high, number);
        }
    }
    if (count == 0)
        return std::nullopt;
    auto rank = static_cast<std::uint64_t>(share * static_cast<double>(count));
    if (static_cast<double>(rank) < share * static_cast<double>(count))
        ++rank;
    rank = rank == 0 ? 0 : std::min(rank, count) - 1;
    const auto above = [low](std::int64_t number) {
        return static_cast<std::uint64_t>(number) - static_cast<std::uint64_t>(low);
    };
    constexpr int bits = 12;
    const int shift = std::max(0, static_cast<int>(std::bit_width(above(high))) - bits);
    std::vector<std::uint64_t> bins(std::size_t{1} << bits);
    for (const auto* list : lists)
        for (const std::int64_t number : *list)
            ++bins[above(number) >> shift];
    std::size_t bin = 0;
    while (rank >= bins[bin])
        rank -= bins[bin++];
    Numbers near;
    near.reserve(bins[bin]);
    for (const auto* list : lists)
        for (const std::int64_t number : *list)
            if (above(number) >> shift == bin)
                near.push_back(number);
    std::nth_element(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(rank), near.end());
    return near[rank];
}

}  // namespace qiao::insight::detail
