#include "insight/lifecycle.hpp"

#include <array>
#include <boost/json.hpp>

#include "index/blocks.hpp"
#include "index/kept.hpp"
#include "insight/detail/rows.hpp"
#include "insight/detail/unit_table.hpp"

namespace qiao::insight {
namespace {

using index::BlockBits;
using index::Dense;
using index::Scan;

// Who of a block did it in each unit, and who did it before them all.
struct ActiveUnits {
    std::vector<BlockBits> in_unit;
    BlockBits earlier;
};

class ActivityScan {
public:
    ActivityScan(const LifecycleQuestion& question, const index::State& state,
                 const std::vector<Unit>& units)
        : table_(units),
          ever_{detail::all_time.from_ms, units.back().until_ms},
          since_{units.front().from_ms, units.back().until_ms},
          sources_(detail::sources_of(question.doing, ever_, state)) {}

    void block(Dense block, const BlockBits& people, ActiveUnits& activity) const {
        activity.in_unit.assign(table_.size(), {});
        activity.earlier = {};
        for (const auto& source : sources_) {
            const auto [first, last] = source.rows->runs_of(block);
            for (auto run = first; run < last; ++run) {
                const auto local = source.rows->run_customer[run] % index::block_size;
                if (people.has(local))
                    read(source, run, local, activity);
            }
        }
    }

private:
    void read(const index::Source& source, std::uint32_t run, std::uint32_t local,
              ActiveUnits& activity) const {
        const auto begin = source.rows->run_start[run];
        const auto [since, end] = Scan::within(source, since_, run, false);
        if (!activity.earlier.has(local))
            for (auto row = begin; row < since; ++row)
                if (Scan::passes(source, row)) {
                    activity.earlier.set(local);
                    break;
                }
        for (auto row = since; row < end; ++row)
            if (Scan::passes(source, row))
                activity.in_unit[table_.of(source.rows->time[row])].set(local);
    }

    detail::UnitTable table_;
    rule::Interval ever_, since_;
    std::vector<index::Source> sources_;
};

// visit(unit, the people of each stage) for the units of the period, in order.
template <class Visit>
void stages_of(const ActiveUnits& activity, Visit&& visit) {
    BlockBits ever = activity.earlier, before = activity.in_unit[0];
    ever |= before;
    for (std::size_t unit = 1; unit < activity.in_unit.size(); ++unit) {
        const auto& active = activity.in_unit[unit];
        std::array<BlockBits, stage_count> stages;
        stages[0] = active;
        stages[0] -= ever;
        stages[1] = active;
        stages[1] &= before;
        stages[2] = active;
        stages[2] &= ever;
        stages[2] -= before;
        stages[3] = before;
        stages[3] -= active;
        visit(unit, stages);
        ever |= active;
        before = active;
    }
}

}  // namespace

Result<LifecycleQuestion> parse_lifecycle(const boost::json::value& value, std::string_view at) {
    Form form(value, at);
    LifecycleQuestion made;
    made.doing = form.doing();
    if (form.is_sound() && made.doing.subject == Subject::new_customer)
        form.refuse(form.pointer("event"),
                    "A first event does not happen again; name another event or $any.");
    made.unit = form.per("unit", false);
    made.frame = form.frame();
    form.member("kind");
    if (auto sound = form.finish(); !sound)
        return fail(sound.error());
    return made;
}

Result<LifecycleQuestion> resolve(LifecycleQuestion question, const rule::Vocabulary& vocabulary) {
    auto doing = resolve(question.doing, vocabulary);
    if (!doing)
        return fail(doing.error());
    question.doing = std::move(*doing);
    return question;
}

Result<std::vector<Unit>> lifecycle_units(const LifecycleQuestion& question,
                                          const rule::Interval& interval,
                                          const Calendar& calendar) {
    if (interval.from_ms >= interval.until_ms)
        return std::vector<Unit>{};
    const Day first = unit_start(calendar.day_of(time_from_ms(interval.from_ms)), question.unit);
    const Day before = unit_start(first - 1, question.unit);
    return limited_units({to_ms(calendar.start_of(before)), interval.until_ms}, question.unit,
                         calendar, "/unit");
}

Result<Lifecycle> compute(const LifecycleQuestion& question, const index::State& state,
                          const index::People& people, const std::vector<Unit>& units,
                          const index::Execution& how) {
    Lifecycle made;
    if (units.empty())
        return made;
    const ActivityScan scan(question, state, units);
    std::vector<ActiveUnits> activities(how.workers());
    std::vector<std::vector<Lifecycle::Point>> tallies(how.workers(),
                                                       std::vector<Lifecycle::Point>(units.size()));
    const auto task = [&](unsigned worker, Dense block) -> Result<void> {
        scan.block(block, index::block_of(people, block), activities[worker]);
        stages_of(activities[worker], [&](std::size_t unit, const auto& stages) {
            for (std::size_t stage = 0; stage < stage_count; ++stage)
                tallies[worker][unit].people[stage] += stages[stage].count();
        });
        return {};
    };
    if (auto done = index::each_block(index::block_count(state.customers), how, task); !done)
        return fail(done.error());
    for (std::size_t unit = 1; unit < units.size(); ++unit) {
        Lifecycle::Point point{units[unit].day, {}};
        for (const auto& tally : tallies)
            for (std::size_t stage = 0; stage < stage_count; ++stage)
                point.people[stage] += tally[unit].people[stage];
        made.points.push_back(point);
    }
    return made;
}

Result<index::People> people_behind(const LifecycleQuestion& question, const LifecyclePeople& which,
                                    const index::State& state, const index::People& people,
                                    const std::vector<Unit>& units, const index::Execution& how) {
    std::size_t wanted = 0;
    for (std::size_t unit = 1; unit < units.size(); ++unit)
        if (units[unit].day == which.at)
            wanted = unit;
    if (wanted == 0)
        return fail(ErrorCode::unprocessable, "insight.no_such_point",
                    "The period has no unit that begins on this day.", "/at");
    const ActivityScan scan(question, state, units);
    std::vector<ActiveUnits> activities(how.workers());
    index::People found(state.customers);
    const auto task = [&](unsigned worker, Dense block) -> Result<void> {
        scan.block(block, index::block_of(people, block), activities[worker]);
        stages_of(activities[worker], [&](std::size_t unit, const auto& stages) {
            if (unit == wanted)
                stages[static_cast<std::size_t>(which.stage)].each(
                    [&](std::uint32_t local) { found.add(block * index::block_size + local); });
        });
        return {};
    };
    if (auto done = index::each_block(index::block_count(state.customers), how, task); !done)
        return fail(done.error());
    return found;
}

namespace {

// The unit before the period counts too.
Result<std::vector<Unit>> kept_units(const LifecycleQuestion& question, const Ground& ground,
                                     std::string_view at) {
    auto units = lifecycle_units(question, ground.interval, *ground.calendar);
    if (!units || units->empty())
        return units;
    if (auto kept = index::check_kept(ground.kept_from,
                                      {units->front().from_ms, units->back().until_ms}, at);
        !kept)
        return fail(kept.error());
    return units;
}

}  // namespace

Result<Answered<Lifecycle>> ask(const Asking& asking, const LifecycleQuestion& question,
                                std::string_view at, const access::Principal& who) {
    const auto resolved = resolve(question, asking.vocabulary());
    if (!resolved)
        return fail(resolved.error());
    return asking.answer<Lifecycle>(
        "lifecycle", question.frame, at, who,
        [&](const Ground& ground) -> Result<Lifecycle> {
            const auto units = kept_units(*resolved, ground, at);
            if (!units)
                return fail(units.error());
            if (ground.history)
                return ground.history->answer(ground, *resolved);
            return compute(*resolved, *ground.snapshot, ground.people, *units, ground.how);
        },
        asking.history());
}

Result<audience::Evaluated> people(const Asking& asking, const LifecycleQuestion& question,
                                   const LifecyclePeople& which, std::string_view at,
                                   const access::Principal& who) {
    const auto resolved = resolve(question, asking.vocabulary());
    if (!resolved)
        return fail(resolved.error());
    return asking.people(question.frame, at, who,
                         [&](const Ground& ground) -> Result<index::People> {
                             const auto units = kept_units(*resolved, ground, at);
                             if (!units)
                                 return fail(units.error());
                             return people_behind(*resolved, which, *ground.snapshot, ground.people,
                                                  *units, ground.how);
                         });
}

}  // namespace qiao::insight
