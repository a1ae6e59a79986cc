// Funnels: how many people get how far along a chain of steps, how long it takes them, and who is
// lost where. A chain is the rule tree's sequence (docs/rules.md).
//
// A person counts with the longest chain in the period; of several that long, with the one that
// starts latest. Its times are the earliest at which each step can be reached from that start.
#pragma once

#include "insight/audience_split.hpp"

namespace qiao::insight {

inline constexpr std::size_t most_funnel_steps = 20;
inline constexpr std::size_t most_funnel_groups = 20;

struct FunnelExclude {
    rule::EventMatch match;
    unsigned after = 1;  // breaks a chain of so many steps before it grows
};

struct FunnelQuestion {
    std::vector<rule::EventMatch> steps;
    Duration window{};
    std::string hold;  // a property that all steps of a chain carry with one value; empty: none
    ValueType hold_type = ValueType::null;  // set by resolve()
    std::vector<FunnelExclude> exclude;
    std::vector<By> by;                   // at most one; a property is that of the first step
    ValueType by_type = ValueType::null;  // set by resolve()
    AudienceSplit split;                  // instead of `by`
    std::optional<Per> per;               // a series by the unit of the first step
    Frame frame;
};

// Errors: insight.invalid, rule.invalid, with pointers.
Result<FunnelQuestion> parse_funnel(const boost::json::value& json, std::string_view at = "");
// Errors: rule.unknown, rule.type, with pointers.
Result<FunnelQuestion> resolve(FunnelQuestion question, const rule::Vocabulary& vocabulary,
                               std::string_view at);

struct Funnel {
    using Counts = std::vector<std::uint64_t>;  // people by step
    struct Part {
        Group group;
        Counts steps;
    };
    struct OnUnit {
        Day at = 0;
        Counts steps;
    };
    struct Within {
        std::int64_t until_ms = 0;
        std::uint64_t count = 0;
    };
    std::uint64_t total = 0;  // people in the audience
    Counts steps;
    std::vector<std::optional<std::int64_t>> median_ms;  // by step, from the first; nearest rank
    std::vector<Part> groups;  // the largest first; those of a split as it names them, all of them
    std::uint64_t left_out = 0;  // groups that are not shown
    std::vector<OnUnit> series;
    std::vector<Within> times;  // from the first step to the last
    rule::Interval interval;
};

// `question` is resolved; `units` are those of its series, `split` the people of its split. Errors:
// index.too_slow, index.cancelled.
Result<Funnel> compute(const FunnelQuestion& question, const index::State& state,
                       const index::People& people, const rule::Interval& interval,
                       const std::vector<Unit>& units, const index::Execution& how,
                       const SplitPeople& split = {});

// Puts the groups in order, and leaves out the smallest where they are too many.
void arrange(Funnel& funnel);

// Whom a number counts.
struct FunnelPeople {
    unsigned step = 1;
    bool dropped = false;  // reached it and not the next one
    std::optional<Group> group;
    std::optional<Day> at;  // the unit of the first step
};
Result<index::People> people_behind(const FunnelQuestion& question, const FunnelPeople& which,
                                    const index::State& state, const index::People& people,
                                    const rule::Interval& interval, const std::vector<Unit>& units,
                                    const index::Execution& how, const SplitPeople& split = {});

// The fixed borders of durations that do not pass the window, and the window itself.
std::vector<std::int64_t> duration_borders(std::int64_t window_ms);

// The rule tree of a condition on chains, within the period and the audience of the question
// `asked`. A rule is asked again later; a moment that the question names stays.
boost::json::object chain_rule(boost::json::object chain, const boost::json::object& asked,
                               const Frame& frame, const rule::Interval& interval);

// Rule trees of "reached exactly k steps", k from 1; null where no rule says the same. `json` is
// the question.
boost::json::value funnel_rules(const boost::json::value& json, const FunnelQuestion& question,
                                const rule::Interval& interval);

// ---- asked by a person; errors of the above, of Asking, insight.too_many_units ----

Result<Answered<Funnel>> ask(const Asking& asking, const FunnelQuestion& question,
                             std::string_view at, const access::Principal& who);
Result<audience::Evaluated> people(const Asking& asking, const FunnelQuestion& question,
                                   const FunnelPeople& which, std::string_view at,
                                   const access::Principal& who);

}  // namespace qiao::insight
