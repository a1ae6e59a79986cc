// The longest chain of a sequence, as docs/rules.md defines it.
#pragma once

#include <functional>
#include <optional>
#include <span>

#include "audience/realtime_rules.hpp"

namespace qiao::audience::detail {

using Serves = std::function<bool(std::size_t step, const KeptEvent& event)>;

// `events` are sorted by time. Steps in order, each event serving one step at most, all within
// `window` (≤) of the first step's event; events of equal time in whichever order is longer.
std::size_t longest_chain(std::span<const KeptEvent* const> events, std::size_t steps,
                          const std::optional<Duration>& window, const Serves& serves);

}  // namespace qiao::audience::detail
