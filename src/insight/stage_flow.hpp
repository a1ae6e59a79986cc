// How customers stand in the stages of a model over time, and how they moved between two moments.
//
// A stage's people at a moment are found by the rules of the model as it is now, asked of that
// moment: windows of time move with it; tags, consents and units are as they are now
// (docs/rules.md). So the past can be seen from before the model was made, and a corrected rule
// corrects the past.
#pragma once

#include "audience/stage_models.hpp"
#include "insight/asking.hpp"

namespace qiao::insight {

struct StageQuestion {
    std::string model;
    Per per = Per::week;
    Frame frame;
};
// Errors: insight.invalid, rule.invalid, with pointers.
Result<StageQuestion> parse_stages(const boost::json::value& json, std::string_view at = "");

struct StageFlow {
    using Counts = std::vector<std::uint64_t>;  // by stage, and of those in none at the end
    struct Point {
        Day at = 0;     // names the unit
        Time moment{};  // the last of the unit, or now
        Counts people;
    };
    std::vector<Point> points;
    std::vector<Counts> flows;  // [from][to], from the first point to the last; empty: no points
};
inline constexpr std::size_t most_stage_points = 60;

// The rules of the stages, resolved, the lowest first.
using StageRules = std::vector<rule::Node>;
// Who is in each stage at a moment, and in none; apart from each other and together `people`.
// Errors: index.too_slow, index.cancelled, index.not_kept, rule.mixed_currencies.
Result<std::vector<index::People>> people_by_stage(const StageRules& rules,
                                                   const index::Snapshot& snapshot,
                                                   const index::People& people, Time moment,
                                                   const Calendar& calendar,
                                                   const index::Execution& how);
// `units` are those of the period.
Result<StageFlow> compute(const StageRules& rules, const index::Snapshot& snapshot,
                          const index::People& people, const std::vector<Unit>& units,
                          const Calendar& calendar, const index::Execution& how);

// Who is in one stage at the last moment of a unit, and in one at that of another; places among
// people_by_stage(), none: anyone.
struct StageMove {
    Unit first, unit;
    std::optional<std::size_t> from, to;  // `from` in the first unit, `to` in the other
};
Result<index::People> people_behind(const StageRules& rules, const StageMove& move,
                                    const index::Snapshot& snapshot, const index::People& people,
                                    const Calendar& calendar, const index::Execution& how);

// … by the ground's history, where it has one.
Result<StageFlow> compute(const StageRules& rules, const Ground& ground,
                          const std::vector<Unit>& units);

// Errors: of the above, of Asking; audience.stage_model_not_found, insight.too_many_units.
Result<Answered<StageFlow>> ask(const Asking& asking, const audience::StageModels& models,
                                const StageQuestion& question, std::string_view at,
                                const access::Principal& who);

// Whom a number counts; a stage by its key, `no_stage` for those in none, empty for any.
inline constexpr std::string_view no_stage = "$none";
struct StagePeople {
    std::optional<Day> at;  // the unit at whose end they are in `to`; none: the last
    std::string from, to;   // `from`: at the end of the first unit
};
// Errors also: insight.no_such_point, insight.no_such_stage.
Result<audience::Evaluated> people(const Asking& asking, const audience::StageModels& models,
                                   const StageQuestion& question, const StagePeople& which,
                                   std::string_view at, const access::Principal& who);

}  // namespace qiao::insight
