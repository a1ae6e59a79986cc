// Retention: of the people who first did something in a unit of time, how many do something again
// in the units after it.
#pragma once

#include "insight/audience_split.hpp"

namespace qiao::insight {

inline constexpr std::int64_t most_periods = 180;
inline constexpr std::size_t most_retention_groups = 20;

struct RetentionQuestion {
    Doing first;                 // an event, any, or the very first event of a customer
    bool is_first_ever = false;  // who did it before the period is in no cohort
    Doing then;                  // an event or any
    Per unit = Per::day;
    unsigned periods = 30;
    bool is_unbounded = false;            // unit k or any later one
    std::vector<By> by;                   // at most one; a property is that of the first event
    ValueType by_type = ValueType::null;  // set by resolve()
    AudienceSplit split;                  // instead of `by`
    Frame frame;
};
Result<RetentionQuestion> parse_retention(const boost::json::value& json, std::string_view at = "");
Result<RetentionQuestion> resolve(RetentionQuestion question, const rule::Vocabulary& vocabulary,
                                  std::string_view at);

struct Retention {
    using Counts = std::vector<std::uint64_t>;  // by unit after the first, from 0
    struct Cohort {
        Day start = 0;
        std::uint64_t size = 0;
        Counts returned;
        std::optional<std::int64_t> incomplete_from;  // from this unit on it is not over
    };
    // Over the cohorts whose k-th unit is over: base[k] people, of whom returned[k] came back.
    struct Total {
        Group group;
        std::uint64_t size = 0;
        Counts returned, base;
    };
    std::vector<Cohort> cohorts;
    Total total;
    std::vector<Total> groups;  // the largest first; those of a split as it names them, all of them
    std::uint64_t left_out = 0;
};

// The moment that a question is asked for, and the units of its cohorts.
struct RetentionTime {
    rule::Interval interval;
    Time as_of{};
    const Calendar* calendar = nullptr;
};

// The cohorts' units, and all units from the first of them to the present.
struct RetentionUnits {
    std::vector<Unit> cohorts, all;
    std::size_t over = 0;  // units of `all` that are over
    // How many units of a cohort, with its own, are over.
    std::size_t complete(std::size_t cohort, unsigned periods) const;
};
// Error: insight.too_many_units.
Result<RetentionUnits> units_of(const RetentionQuestion& question, const RetentionTime& time);

// From sizes by cohort, and who returned by cohort and unit.
Retention summed(const RetentionQuestion& question, const RetentionUnits& units,
                 const Retention::Counts& sizes, const Retention::Counts& returned);
// Puts the groups in order, and leaves out the smallest where they are too many.
void arrange(Retention& retention);

// A cohort is the unit of a person's first `first` in the period, or of the first ever, if that
// lies in the period: as far back as events are kept. `then` counts from that moment up to `as_of`.
// Errors: index.too_slow, insight.too_many_units.
Result<Retention> compute(const RetentionQuestion& question, const index::State& state,
                          const index::People& people, const RetentionTime& time,
                          const index::Execution& how, const SplitPeople& split = {});

struct RetentionPeople {
    std::optional<Day> at;  // the cohort; none: all whose unit is over
    unsigned period = 0;
    bool lost = false;
    std::optional<Group> group;
};
Result<index::People> people_behind(const RetentionQuestion& question, const RetentionPeople& which,
                                    const index::State& state, const index::People& people,
                                    const RetentionTime& time, const index::Execution& how,
                                    const SplitPeople& split = {});

Result<Answered<Retention>> ask(const Asking& asking, const RetentionQuestion& question,
                                std::string_view at, const access::Principal& who);
Result<audience::Evaluated> people(const Asking& asking, const RetentionQuestion& question,
                                   const RetentionPeople& which, std::string_view at,
                                   const access::Principal& who);

}  // namespace qiao::insight
