// Who came to life after something happened to them: nothing done in the month before it, and
// something within a window after it.
//
// With an event at e: no behaviour in (e − 30 d, e], so that the person was not among the monthly
// actives at that moment, and one in (e, e + window]. Behaviour is what `$any` counts. Of several
// events any may be the one. Pure; nothing after `as_of` counts.
#pragma once

#include "base/rule.hpp"
#include "index/blocks.hpp"
#include "index/snapshot.hpp"

namespace qiao::insight {

inline constexpr Duration quiet_before = std::chrono::days(30);

// `event` is resolved. Errors: index.too_slow, index.cancelled.
Result<index::People> activated_after(const rule::EventMatch& event, Duration window, Time as_of,
                                      const index::State& state, const index::People& people,
                                      const index::Execution& how);

}  // namespace qiao::insight
