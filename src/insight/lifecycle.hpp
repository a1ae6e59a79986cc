// Lifecycle: how the people who do something divide, unit by unit, into new, current and
// resurrected ones, and how many fell dormant.
//
// Units are whole: the period begins with the unit that holds its beginning and ends where it ends.
#pragma once

#include "insight/asking.hpp"

namespace qiao::insight {

struct LifecycleQuestion {
    Doing doing;  // an event or any
    Per unit = Per::week;
    Frame frame;
};
Result<LifecycleQuestion> parse_lifecycle(const boost::json::value& json, std::string_view at = "");
Result<LifecycleQuestion> resolve(LifecycleQuestion question, const rule::Vocabulary& vocabulary);

enum class Stage : std::uint8_t {
    fresh,        // "new": did it for the first time ever in this unit
    current,      // also in the unit before
    resurrected,  // before, but not in the unit before
    dormant,      // in the unit before, not in this one
};
inline constexpr std::size_t stage_count = 4;

struct Lifecycle {
    struct Point {
        Day at = 0;
        std::uint64_t people[stage_count] = {};
    };
    std::vector<Point> points;
};

// The unit before the period, and those of the period. Error: insight.too_many_units.
Result<std::vector<Unit>> lifecycle_units(const LifecycleQuestion& question,
                                          const rule::Interval& interval, const Calendar& calendar);

// `units` are those of lifecycle_units(). Errors: index.too_slow.
Result<Lifecycle> compute(const LifecycleQuestion& question, const index::State& state,
                          const index::People& people, const std::vector<Unit>& units,
                          const index::Execution& how);

struct LifecyclePeople {
    Day at = 0;
    Stage stage = Stage::fresh;
};
// Error also: insight.no_such_point.
Result<index::People> people_behind(const LifecycleQuestion& question, const LifecyclePeople& which,
                                    const index::State& state, const index::People& people,
                                    const std::vector<Unit>& units, const index::Execution& how);

Result<Answered<Lifecycle>> ask(const Asking& asking, const LifecycleQuestion& question,
                                std::string_view at, const access::Principal& who);
Result<audience::Evaluated> people(const Asking& asking, const LifecycleQuestion& question,
                                   const LifecyclePeople& which, std::string_view at,
                                   const access::Principal& who);

}  // namespace qiao::insight
