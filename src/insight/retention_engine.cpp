#include <algorithm>
#include <bit>
#include <unordered_map>

#include "index/blocks.hpp"
#include "insight/detail/retention_scan.hpp"
#include "insight/retention.hpp"

namespace qiao::insight {
namespace {

using detail::RetentionScan;
using detail::RetentionScratch;
using index::Dense;
using Counts = Retention::Counts;

// Cohorts side by side, or a group's totals.
struct Totals {
    std::uint64_t size = 0;
    Counts returned, base;
    void add(std::size_t complete, const std::uint64_t* bits, std::size_t units) {
        returned.resize(units);
        base.resize(units);
        ++size;
        for (std::size_t unit = 0; unit < complete; ++unit) {
            ++base[unit];
            returned[unit] += bits[unit / 64] >> (unit % 64) & 1u;
        }
    }
    void add(const Totals& other) {
        returned.resize(std::max(returned.size(), other.returned.size()));
        base.resize(returned.size());
        size += other.size;
        for (std::size_t unit = 0; unit < other.returned.size(); ++unit) {
            returned[unit] += other.returned[unit];
            base[unit] += other.base[unit];
        }
    }
};

struct Tally {
    RetentionScratch scratch;
    std::vector<std::uint64_t> sizes;     // by cohort
    std::vector<std::uint64_t> returned;  // by cohort and unit
    std::unordered_map<index::Cell, Totals> groups;
};

void merge(Tally& into, const Tally& other) {
    for (std::size_t i = 0; i < into.sizes.size(); ++i)
        into.sizes[i] += other.sizes[i];
    for (std::size_t i = 0; i < into.returned.size(); ++i)
        into.returned[i] += other.returned[i];
    for (const auto& [cell, totals] : other.groups)
        into.groups[cell].add(totals);
}

// A group of a split is told by its number.
void add_split(Retention& made, const Tally& tally, const RetentionQuestion& question) {
    for (std::size_t number = 0; number < question.split.groups(); ++number) {
        const auto known = tally.groups.find(static_cast<index::Cell>(number));
        const Counts nobody(question.periods + 1);
        if (known == tally.groups.end())
            made.groups.push_back({question.split.group(number), 0, nobody, nobody});
        else
            made.groups.push_back({question.split.group(number), known->second.size,
                                   known->second.returned, known->second.base});
    }
}

void add_groups(Retention& made, const Tally& tally, const RetentionScan& scan) {
    for (const auto& [cell, totals] : tally.groups)
        made.groups.push_back(
            {{scan.group_value(cell)}, totals.size, totals.returned, totals.base});
    arrange(made);
}

}  // namespace

std::size_t RetentionUnits::complete(std::size_t cohort, unsigned periods) const {
    return std::min<std::size_t>(periods + 1, over > cohort ? over - cohort : 0);
}

Result<RetentionUnits> units_of(const RetentionQuestion& question, const RetentionTime& time) {
    RetentionUnits made;
    auto cohorts = limited_units(time.interval, question.unit, *time.calendar, "/unit");
    if (!cohorts)
        return fail(cohorts.error());
    made.cohorts = std::move(*cohorts);
    if (made.cohorts.empty())
        return made;
    const auto now = to_ms(time.as_of) + 1;
    const auto start = to_ms(time.calendar->start_of(made.cohorts.front().day));
    made.all = units_of({start, now}, question.unit, *time.calendar);
    for (const auto& unit : made.all) {
        const auto end = time.calendar->start_of(next_unit(unit.day, question.unit));
        made.over += to_ms(end) <= now;
    }
    return made;
}

Retention summed(const RetentionQuestion& question, const RetentionUnits& units,
                 const Counts& sizes, const Counts& returned) {
    Retention made;
    const std::size_t width = question.periods + 1;
    made.total.returned.resize(width);
    made.total.base.resize(width);
    for (std::size_t cohort = 0; cohort < units.cohorts.size(); ++cohort) {
        const auto* row = &returned[cohort * width];
        const auto complete = units.complete(cohort, question.periods);
        Retention::Cohort one{units.cohorts[cohort].day, sizes[cohort], Counts(row, row + width),
                              std::nullopt};
        if (complete < width)
            one.incomplete_from = static_cast<std::int64_t>(complete);
        made.total.size += one.size;
        for (std::size_t unit = 0; unit < complete; ++unit) {
            made.total.returned[unit] += row[unit];
            made.total.base[unit] += one.size;
        }
        made.cohorts.push_back(std::move(one));
    }
    return made;
}

void arrange(Retention& retention) {
    auto& groups = retention.groups;
    std::sort(groups.begin(), groups.end(),
              [](const Retention::Total& a, const Retention::Total& b) {
                  return a.size != b.size ? a.size > b.size : is_before(a.group, b.group);
              });
    if (groups.size() > most_retention_groups) {
        retention.left_out = groups.size() - most_retention_groups;
        groups.resize(most_retention_groups);
    }
}

Result<Retention> compute(const RetentionQuestion& question, const index::State& state,
                          const index::People& people, const RetentionTime& time,
                          const index::Execution& how, const SplitPeople& split) {
    const auto times = units_of(question, time);
    if (!times)
        return fail(times.error());
    const std::size_t units = question.periods + 1;
    const RetentionScan scan(question, state, time, times->all);
    std::vector<Tally> tallies(how.workers());
    for (auto& tally : tallies) {
        tally.sizes.resize(times->cohorts.size());
        tally.returned.resize(times->cohorts.size() * units);
    }
    const auto task = [&](unsigned worker, Dense block) -> Result<void> {
        auto& tally = tallies[worker];
        scan.block(tally.scratch, block, index::block_of(people, block),
                   [&](std::uint32_t local, std::uint32_t cohort, const std::uint64_t* bits) {
                       ++tally.sizes[cohort];
                       auto* row = &tally.returned[cohort * units];
                       for (std::size_t word = 0; word < scan.words(); ++word)
                           for (auto left = bits[word]; left != 0; left &= left - 1)
                               ++row[word * 64 + static_cast<std::size_t>(std::countr_zero(left))];
                       const Dense customer = block * index::block_size + local;
                       const auto add = [&](index::Cell group) {
                           tally.groups[group].add(times->complete(cohort, question.periods), bits,
                                                   units);
                       };
                       if (!question.by.empty())
                           add(scan.group_of(customer, tally.scratch.first_ms[local]));
                       for (std::size_t group = 0; group < split.size(); ++group)
                           if (split[group].contains(customer))
                               add(static_cast<index::Cell>(group));
                   });
        return {};
    };
    if (!times->cohorts.empty())
        if (auto done = index::each_block(index::block_count(state.customers), how, task); !done)
            return fail(done.error());
    for (std::size_t worker = 1; worker < tallies.size(); ++worker)
        merge(tallies[0], tallies[worker]);
    auto made = summed(question, *times, tallies[0].sizes, tallies[0].returned);
    if (question.split.empty())
        add_groups(made, tallies[0], scan);
    else
        add_split(made, tallies[0], question);
    return made;
}

Result<index::People> people_behind(const RetentionQuestion& question, const RetentionPeople& which,
                                    const index::State& state, const index::People& people,
                                    const RetentionTime& time, const index::Execution& how,
                                    const SplitPeople& split) {
    const auto times = units_of(question, time);
    if (!times)
        return fail(times.error());
    index::People found(state.customers);
    const RetentionScan scan(question, state, time, times->all);
    std::vector<RetentionScratch> scratches(how.workers());
    const auto in_group = [&](Dense customer, std::int64_t first_ms) {
        if (!which.group)
            return true;
        if (question.split.empty())
            return is_group({scan.group_value(scan.group_of(customer, first_ms))}, *which.group);
        const auto number = question.split.number_of(*which.group);
        return number && split[*number].contains(customer);
    };
    const auto task = [&](unsigned worker, Dense block) -> Result<void> {
        auto& scratch = scratches[worker];
        scan.block(scratch, block, index::block_of(people, block),
                   [&](std::uint32_t local, std::uint32_t cohort, const std::uint64_t* bits) {
                       const bool is_over =
                           which.period < times->complete(cohort, question.periods);
                       if (which.at ? times->cohorts[cohort].day != *which.at : !is_over)
                           return;
                       const bool returned = bits[which.period / 64] >> (which.period % 64) & 1u;
                       if (returned == which.lost)
                           return;
                       const Dense customer = block * index::block_size + local;
                       if (in_group(customer, scratch.first_ms[local]))
                           found.add(customer);
                   });
        return {};
    };
    if (!times->cohorts.empty())
        if (auto done = index::each_block(index::block_count(state.customers), how, task); !done)
            return fail(done.error());
    return found;
}

Result<Answered<Retention>> ask(const Asking& asking, const RetentionQuestion& question,
                                std::string_view at, const access::Principal& who) {
    const auto resolved = resolve(question, asking.vocabulary(), at);
    if (!resolved)
        return fail(resolved.error());
    return asking.answer<Retention>(
        "retention", resolved->frame, at, who,
        [&](const Ground& ground) -> Result<Retention> {
            if (auto kept = check_kept(resolved->split, ground); !kept)
                return fail(kept.error());
            if (ground.history)
                return ground.history->answer(ground, *resolved);
            const auto split = people_by_group(resolved->split, ground);
            if (!split)
                return fail(split.error());
            return compute(*resolved, *ground.snapshot, ground.people,
                           {ground.interval, ground.as_of, ground.calendar}, ground.how, *split);
        },
        asking.history());
}

Result<audience::Evaluated> people(const Asking& asking, const RetentionQuestion& question,
                                   const RetentionPeople& which, std::string_view at,
                                   const access::Principal& who) {
    const auto resolved = resolve(question, asking.vocabulary(), at);
    if (!resolved)
        return fail(resolved.error());
    return asking.people(question.frame, at, who,
                         [&](const Ground& ground) -> Result<index::People> {
                             if (auto kept = check_kept(resolved->split, ground); !kept)
                                 return fail(kept.error());
                             const auto split = people_by_group(resolved->split, ground);
                             if (!split)
                                 return fail(split.error());
                             return people_behind(*resolved, which, *ground.snapshot, ground.people,
                                                  {ground.interval, ground.as_of, ground.calendar},
                                                  ground.how, *split);
                         });
}

}  // namespace qiao::insight
