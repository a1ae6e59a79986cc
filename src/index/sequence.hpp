// The longest chain of steps: the one meaning of sequences and funnels.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace qiao::index {

inline constexpr unsigned most_steps = 16;

// One event of a customer: bit k of `steps` says that it matches step k (from 0).
struct StepHit {
    std::int64_t time_ms = 0;
    std::uint32_t steps = 0;
};

// How many of `steps` steps the longest chain reaches: each step after or at the time of the one
// before, all within `window_ms` of the first (inclusive; nothing: no limit), one event for at most one
// step, and events of equal time in whichever order makes the chain longer. `hits` ascend by time.
unsigned longest_chain(std::span<const StepHit> hits, unsigned steps,
                       std::optional<std::int64_t> window_ms);

}  // namespace qiao::index
