// What an index cannot answer truthfully: it is being rebuilt, or the rows asked about are not
// kept.
#pragma once

#include "base/rule.hpp"
#include "index/snapshot.hpp"

namespace qiao::index {

// The refusal of a lost index (unavailable `index.rebuilding`).
Error rebuilding(int retry_after_s = 30);

// Errors: index.rebuilding; unprocessable `index.not_kept` where a period begins before
// State::kept_from. Without a period an event counts as far back as it is kept, which the answer
// says by its "kept_from".
Result<void> check_kept(const State& state, const rule::Period& period, std::string_view pointer,
                        Time as_of, const Calendar& calendar);
Result<void> check_kept(const State& state, rule::Interval interval, std::string_view pointer);
Result<void> check_kept(const std::optional<Time>& kept_from, rule::Interval interval,
                        std::string_view pointer);
// Of every condition of a resolved rule.
Result<void> check_kept(const State& state, const rule::Node& rule, Time as_of,
                        const Calendar& calendar);
Result<void> check_kept(const std::optional<Time>& kept_from, const rule::Node& rule, Time as_of,
                        const Calendar& calendar);

}  // namespace qiao::index
