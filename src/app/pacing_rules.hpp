// How much intake slows down for what follows it.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/time.hpp"

namespace qiao::app {

// A lag of this many journal entries (a minute or two of full intake) costs intake nothing: shards,
// history and index use what intake leaves, and catch up when it is calmer.
inline constexpr std::uint64_t free_lag = 1'000'000;
inline constexpr Duration longest_commit_pause = std::chrono::milliseconds(100);

// How long a commit waits at this lag. It grows evenly up to the longest at twice the free lag, at
// which a few dozen senders get a tenth of the usual rate: so the lag ends, and nobody starves.
inline Duration commit_pause(std::uint64_t lag_entries) {
    const auto over = std::min(lag_entries, 2 * free_lag) - std::min(lag_entries, free_lag);
    return Duration(longest_commit_pause.count() * static_cast<std::int64_t>(over) /
                    static_cast<std::int64_t>(free_lag));
}

}  // namespace qiao::app
