// How far a history is with a metric, for those who watch (runtime/progress.hpp).
//
// One question about a metric has many answers of a history, one after the other: it expects the
// statements of all of them beforehand, so that none looks like the whole. All else that a history
// answers expects its own.
#pragma once

#include <cstdint>

namespace qiao::insight {

// By so many steps each statement of a metric advances the progress: one for a part or a rest, two
// for a part that is split by audiences.
inline constexpr std::uint64_t history_steps = 1000;

}  // namespace qiao::insight
