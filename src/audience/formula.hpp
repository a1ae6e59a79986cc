// The value of a formula tag for one customer. Pure.
#pragma once

#include <span>

#include "audience/realtime_rules.hpp"
#include "audience/tag_definition.hpp"

namespace qiao::audience {

// `match` is the formula's, resolved; `events` are sorted by time. Null where the customer has no
// matching event or no value. Averages are rounded half-even to four places; sums stop at the
// limits.
Value value_of(const Formula& formula, const rule::EventMatch& match,
               std::span<const KeptEvent> events, const Names& names, Time as_of,
               const Calendar& calendar);

// What the formula reads.
Need need_of(const Formula& formula, Time as_of, const Calendar& calendar);

// Whether a kept event fits a resolved match.
bool fits(const rule::EventMatch& match, const KeptEvent& event, const Names& names);

}  // namespace qiao::audience
