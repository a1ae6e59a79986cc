// Intervals: how long it takes from one event to the next one of another kind.
//
// Each first event counts with the next `then` of the same person: a later one, or one of the same
// moment that is not a first event itself.
#pragma once

#include "insight/asking.hpp"

namespace qiao::insight {

struct IntervalQuestion {
    rule::EventMatch first, then;
    Duration window{};  // at most most_interval_window
    Frame frame;        // both events lie in the period
};
inline constexpr Duration most_interval_window = std::chrono::hours(24 * 45);

Result<IntervalQuestion> parse_interval(const boost::json::value& json, std::string_view at = "");
Result<IntervalQuestion> resolve(IntervalQuestion question, const rule::Vocabulary& vocabulary);

struct Intervals {
    struct Within {
        std::int64_t until_ms = 0;
        std::uint64_t count = 0;
    };
    std::vector<Within> buckets;  // each from the end of the one before
    std::uint64_t pairs = 0, people = 0;
    std::optional<std::int64_t> median_ms, p90_ms;  // nearest rank
    rule::Interval interval;
};

// Errors: index.too_slow.
Result<Intervals> compute(const IntervalQuestion& question, const index::State& state,
                          const index::People& people, const rule::Interval& interval,
                          const index::Execution& how);

// The people with a pair whose length lies in a bucket of that answer, or with any pair. Error
// also: insight.no_such_point.
Result<index::People> people_behind(const IntervalQuestion& question,
                                    std::optional<std::size_t> bucket, const index::State& state,
                                    const index::People& people, const rule::Interval& interval,
                                    const index::Execution& how);

// The rule tree of the people with any pair; null where one event may be both, so that no rule says
// the same. `json` is the question.
boost::json::value interval_rule(const boost::json::value& json, const IntervalQuestion& question,
                                 const rule::Interval& interval);

Result<Answered<Intervals>> ask(const Asking& asking, const IntervalQuestion& question,
                                std::string_view at, const access::Principal& who);
Result<audience::Evaluated> people(const Asking& asking, const IntervalQuestion& question,
                                   std::optional<std::size_t> bucket, std::string_view at,
                                   const access::Principal& who);

}  // namespace qiao::insight
