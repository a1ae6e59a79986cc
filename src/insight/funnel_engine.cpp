#include <algorithm>
#include <unordered_map>

#include "index/blocks.hpp"
#include "insight/detail/funnel_scan.hpp"
#include "insight/detail/ranks.hpp"
#include "insight/detail/unit_table.hpp"
#include "insight/funnel.hpp"

namespace qiao::insight {
namespace {

using detail::FunnelScan;
using detail::FunnelScratch;
using detail::Reached;
using index::Dense;
using Counts = Funnel::Counts;

// People by the exact number of steps that they reached.
void add_to(Counts& exact, const Counts& other) {
    exact.resize(std::max(exact.size(), other.size()));
    for (std::size_t i = 0; i < other.size(); ++i)
        exact[i] += other[i];
}

// At least so many steps, from exactly so many.
Counts at_least(const Counts& exact, std::size_t steps) {
    Counts made(steps);
    std::uint64_t sum = 0;
    for (auto step = steps; step-- > 0;) {
        sum += step + 1 < exact.size() ? exact[step + 1] : 0;
        made[step] = sum;
    }
    return made;
}

// What one thread has counted.
struct Tally {
    FunnelScratch scratch;
    Counts exact;
    std::vector<detail::Numbers> spent;  // by step: from the first step to it
    std::unordered_map<index::Cell, Counts> groups;
    std::vector<Counts> units;
};

class Count {
public:
    Count(const FunnelQuestion& question, const index::State& state, const rule::Interval& interval,
          const std::vector<Unit>& units, const SplitPeople& split, unsigned workers)
        : question_(question),
          scan_(question, state, interval),
          units_(units),
          split_(split),
          table_(units),
          tallies_(workers) {
        for (auto& tally : tallies_) {
            tally.exact.resize(length() + 1);
            tally.spent.resize(length());
            tally.units.assign(units.size(), Counts(length() + 1));
        }
    }
    void block(unsigned worker, Dense block, const index::BlockBits& people) {
        auto& tally = tallies_[worker];
        scan_.block(tally.scratch, block, people, [&](std::uint32_t local, const Reached& reached) {
            ++tally.exact[reached.steps];
            for (unsigned step = 1; step < reached.steps; ++step)
                tally.spent[step].push_back(reached.at_ms[step] - reached.start_ms);
            add_to_groups(tally, block * index::block_size + local, reached);
            if (!units_.empty())
                ++tally.units[table_.of(reached.start_ms)][reached.steps];
        });
    }
    Funnel result() const {
        Funnel made;
        Counts exact;
        for (const auto& tally : tallies_)
            add_to(exact, tally.exact);
        made.steps = at_least(exact, length());
        for (std::size_t step = 0; step < length(); ++step)
            made.median_ms.push_back(step == 0 ? std::nullopt
                                               : detail::rank_of(spent_until(step), 0.5));
        add_times(made);
        add_groups(made);
        for (std::size_t unit = 0; unit < units_.size(); ++unit) {
            Counts of_unit;
            for (const auto& tally : tallies_)
                add_to(of_unit, tally.units[unit]);
            made.series.push_back({units_[unit].day, at_least(of_unit, length())});
        }
        return made;
    }

private:
    std::size_t length() const { return question_.steps.size(); }
    // A group of a split is told by its number.
    void add_to_groups(Tally& tally, Dense customer, const Reached& reached) const {
        const auto add = [&](index::Cell group) {
            auto& exact = tally.groups[group];
            exact.resize(length() + 1);
            ++exact[reached.steps];
        };
        if (!question_.by.empty())
            add(scan_.group_of(customer, reached.start_ms));
        for (std::size_t group = 0; group < split_.size(); ++group)
            if (split_[group].contains(customer))
                add(static_cast<index::Cell>(group));
    }
    std::vector<const detail::Numbers*> spent_until(std::size_t step) const {
        std::vector<const detail::Numbers*> lists;
        for (const auto& tally : tallies_)
            lists.push_back(&tally.spent[step]);
        return lists;
    }
    void add_times(Funnel& made) const {
        const auto borders = duration_borders(question_.window.count());
        for (const auto border : borders)
            made.times.push_back({border, 0});
        for (const auto* list : spent_until(length() - 1))
            for (const auto spent : *list)
                ++made.times[static_cast<std::size_t>(
                                 std::lower_bound(borders.begin(), borders.end(), spent) -
                                 borders.begin())]
                      .count;
    }
    void add_groups(Funnel& made) const {
        std::unordered_map<index::Cell, Counts> all;
        for (const auto& tally : tallies_)
            for (const auto& [cell, exact] : tally.groups)
                add_to(all[cell], exact);
        for (std::size_t group = 0; group < split_.size(); ++group)
            made.groups.push_back({question_.split.group(group),
                                   at_least(all[static_cast<index::Cell>(group)], length())});
        if (question_.by.empty())
            return;
        for (const auto& [cell, exact] : all)
            made.groups.push_back({{scan_.group_value(cell)}, at_least(exact, length())});
        arrange(made);
    }

    const FunnelQuestion& question_;
    FunnelScan scan_;
    const std::vector<Unit>& units_;
    const SplitPeople& split_;
    detail::UnitTable table_;
    std::vector<Tally> tallies_;
};

Result<std::vector<Unit>> units_for(const FunnelQuestion& question, const Ground& ground,
                                    std::string_view at) {
    if (!question.per)
        return std::vector<Unit>{};
    return limited_units(ground.interval, *question.per, *ground.calendar,
                         std::string(at) + "/per");
}

}  // namespace

void arrange(Funnel& funnel) {
    auto& groups = funnel.groups;
    std::sort(groups.begin(), groups.end(), [](const Funnel::Part& a, const Funnel::Part& b) {
        return a.steps != b.steps ? a.steps > b.steps : is_before(a.group, b.group);
    });
    if (groups.size() > most_funnel_groups) {
        funnel.left_out = groups.size() - most_funnel_groups;
        groups.resize(most_funnel_groups);
    }
}

Result<Funnel> compute(const FunnelQuestion& question, const index::State& state,
                       const index::People& people, const rule::Interval& interval,
                       const std::vector<Unit>& units, const index::Execution& how,
                       const SplitPeople& split) {
    Count count(question, state, interval, units, split, how.workers());
    auto done = index::each_block(index::block_count(state.customers), how,
                                  [&](unsigned worker, Dense block) -> Result<void> {
                                      count.block(worker, block, index::block_of(people, block));
                                      return {};
                                  });
    if (!done)
        return fail(done.error());
    auto made = count.result();
    made.total = people.count();
    made.interval = interval;
    return made;
}

Result<index::People> people_behind(const FunnelQuestion& question, const FunnelPeople& which,
                                    const index::State& state, const index::People& people,
                                    const rule::Interval& interval, const std::vector<Unit>& units,
                                    const index::Execution& how, const SplitPeople& split) {
    const FunnelScan scan(question, state, interval);
    const detail::UnitTable table(units);
    std::vector<FunnelScratch> scratches(how.workers());
    index::People found(state.customers);
    const auto in_group = [&](Dense customer, const Reached& reached) {
        if (!which.group)
            return true;
        if (question.split.empty())
            return is_group({scan.group_value(scan.group_of(customer, reached.start_ms))},
                            *which.group);
        const auto number = question.split.number_of(*which.group);
        return number && split[*number].contains(customer);
    };
    const auto fits = [&](Dense customer, const Reached& reached) {
        if (which.dropped ? reached.steps != which.step : reached.steps < which.step)
            return false;
        if (which.at && units[table.of(reached.start_ms)].day != *which.at)
            return false;
        return in_group(customer, reached);
    };
    auto done = index::each_block(
        index::block_count(state.customers), how,
        [&](unsigned worker, Dense block) -> Result<void> {
            scan.block(scratches[worker], block, index::block_of(people, block),
                       [&](std::uint32_t local, const Reached& reached) {
                           const Dense customer = block * index::block_size + local;
                           if (fits(customer, reached))
                               found.add(customer);
                       });
            return {};
        });
    if (!done)
        return fail(done.error());
    return found;
}

Result<Answered<Funnel>> ask(const Asking& asking, const FunnelQuestion& question,
                             std::string_view at, const access::Principal& who) {
    const auto resolved = resolve(question, asking.vocabulary(), at);
    if (!resolved)
        return fail(resolved.error());
    return asking.answer<Funnel>(
        "funnel", resolved->frame, at, who,
        [&](const Ground& ground) -> Result<Funnel> {
            if (auto kept = check_kept(resolved->split, ground); !kept)
                return fail(kept.error());
            if (ground.history)
                return ground.history->answer(ground, *resolved);
            const auto units = units_for(*resolved, ground, at);
            if (!units)
                return fail(units.error());
            const auto split = people_by_group(resolved->split, ground);
            if (!split)
                return fail(split.error());
            return compute(*resolved, *ground.snapshot, ground.people, ground.interval, *units,
                           ground.how, *split);
        },
        asking.history());
}

Result<audience::Evaluated> people(const Asking& asking, const FunnelQuestion& question,
                                   const FunnelPeople& which, std::string_view at,
                                   const access::Principal& who) {
    const auto resolved = resolve(question, asking.vocabulary(), at);
    if (!resolved)
        return fail(resolved.error());
    return asking.people(question.frame, at, who,
                         [&](const Ground& ground) -> Result<index::People> {
                             const auto units = units_for(*resolved, ground, at);
                             if (!units)
                                 return fail(units.error());
                             if (auto kept = check_kept(resolved->split, ground); !kept)
                                 return fail(kept.error());
                             const auto split = people_by_group(resolved->split, ground);
                             if (!split)
                                 return fail(split.error());
                             return people_behind(*resolved, which, *ground.snapshot, ground.people,
                                                  ground.interval, *units, ground.how, *split);
                         });
}

}  // namespace qiao::insight
