#include "insight/metric_engine.hpp"

#include <algorithm>
#include <bit>
#include <memory>
#include <utility>

#include "base/check.hpp"
#include "index/blocks.hpp"
#include "insight/detail/metric_scan.hpp"

namespace qiao::insight {
namespace {

using detail::GroupNumbers;
using detail::Key;

std::optional<Exact> ratio(const Exact& sum, std::uint64_t count) {
    if (count == 0)
        return std::nullopt;
    return sum / count;
}

// What every row touches stays in the first cache: rows are counted apart from the points, and the
// bits of 64 neighbours lie together for all units.
struct Tally {
    std::vector<Point> points;        // without `rows`
    std::vector<std::uint64_t> rows;  // by unit
    std::vector<std::uint64_t> seen;  // of the present block: bits of customers, by word and unit
    std::uint64_t people = 0;         // in all units together
    bool touched = false;
};

void put(Point& point, index::Cell cell) {
    point.low = point.values == 0 ? cell : std::min(point.low, cell);
    point.high = point.values == 0 ? cell : std::max(point.high, cell);
    point.sum += cell;
    ++point.values;
}

void join(Point& to, const Point& from) {
    if (from.values > 0) {
        to.low = to.values == 0 ? from.low : std::min(to.low, from.low);
        to.high = to.values == 0 ? from.high : std::max(to.high, from.high);
    }
    to.rows += from.rows;
    to.people += from.people;
    to.values += from.values;
    to.sum += from.sum;
}

// What one thread has counted, by the number of the group.
class Tallies {
public:
    explicit Tallies(std::size_t units) : units_(units), anyone_(units), people_(units) {}

    void add(std::uint32_t local, std::uint32_t group, std::size_t unit, index::Cell measured) {
        auto* tally = group < tallies_.size() ? tallies_[group].get() : nullptr;
        if (!tally && !(tally = new_tally(group)))
            return;
        if (!tally->touched) {
            tally->touched = true;
            touched_.push_back(tally);
        }
        ++tally->rows[unit];
        if (measured != index::missing)
            put(tally->points[unit], measured);
        tally->seen[local / 64 * units_ + unit] |= std::uint64_t{1} << (local % 64);
    }
    // Counts the different people of a block that has been read: per unit and in all units, per
    // group and of everyone.
    void end_block() {
        if (touched_.empty())
            return;
        for (std::size_t word = 0; word < index::block_words; ++word) {
            std::uint64_t anyone_ever = 0;
            std::fill(anyone_.begin(), anyone_.end(), 0);
            for (auto* tally : touched_)
                anyone_ever |= end_word(*tally, tally->seen.data() + word * units_);
            for (std::size_t unit = 0; unit < units_; ++unit)
                people_[unit] += count_bits(anyone_[unit]);
            people_ever_ += count_bits(anyone_ever);
        }
        for (auto* tally : touched_)
            tally->touched = false;
        touched_.clear();
    }
    // numbers[g]: the number that the other's group g has here.
    void merge(const Tallies& other, std::span<const std::uint32_t> numbers) {
        is_too_large_ = is_too_large_ || other.is_too_large_;
        for (std::size_t group = 0; group < other.tallies_.size(); ++group)
            if (const auto* theirs = other.tallies_[group].get())
                merge(numbers[group], *theirs);
        for (std::size_t unit = 0; unit < units_; ++unit)
            people_[unit] += other.people_[unit];
        people_ever_ += other.people_ever_;
    }
    // keys[g]: what makes group g.
    Computed computed(const detail::MetricScan& scan, std::span<const Key> keys) {
        Computed made;
        made.everyone.points.resize(units_);
        for (std::size_t group = 0; group < tallies_.size(); ++group) {
            if (!tallies_[group])
                continue;
            made.series.push_back(series(group, scan.group_of(keys[group])));
            const auto& own = made.series.back();
            for (std::size_t unit = 0; unit < units_; ++unit)
                join(made.everyone.points[unit], own.points[unit]);
            join(made.everyone.whole, own.whole);
        }
        for (std::size_t unit = 0; unit < units_; ++unit)
            made.everyone.points[unit].people = people_[unit];
        made.everyone.whole.people = people_ever_;
        arrange(made);
        return made;
    }
    // Takes what was counted of a group; nothing but zeros of one that was not met.
    Series series(std::size_t number, Group group) {
        Series made{std::move(group), std::vector<Point>(units_), Point{}};
        auto* tally = number < tallies_.size() ? tallies_[number].get() : nullptr;
        if (!tally)
            return made;
        made.points = std::move(tally->points);
        for (std::size_t unit = 0; unit < units_; ++unit) {
            made.points[unit].rows = tally->rows[unit];
            join(made.whole, made.points[unit]);
        }
        made.whole.people = tally->people;
        return made;
    }
    // What is counted is refused then.
    bool is_too_large() const { return is_too_large_; }

private:
    static std::uint64_t count_bits(std::uint64_t bits) {
        return static_cast<std::uint64_t>(std::popcount(bits));
    }
    // Counts and forgets 64 customers of a group, by unit; answers who of them was seen at all.
    std::uint64_t end_word(Tally& tally, std::uint64_t* seen) {
        std::uint64_t ever = 0;
        for (std::size_t unit = 0; unit < units_; ++unit) {
            const auto bits = std::exchange(seen[unit], 0);
            tally.points[unit].people += count_bits(bits);
            anyone_[unit] |= bits;
            ever |= bits;
        }
        tally.people += count_bits(ever);
        return ever;
    }
    // Null where that would be too many.
    Tally* new_tally(std::uint32_t group) {
        if (is_too_large_ || (is_too_large_ = (made_ + 1) * units_ > most_groups))
            return nullptr;
        ++made_;
        if (tallies_.size() <= group)
            tallies_.resize(group + 1);
        tallies_[group] = std::make_unique<Tally>();
        auto& tally = *tallies_[group];
        tally.points.resize(units_);
        tally.rows.resize(units_);
        tally.seen.resize(index::block_words * units_);
        return &tally;
    }
    void merge(std::uint32_t group, const Tally& theirs) {
        auto* mine = group < tallies_.size() ? tallies_[group].get() : nullptr;
        if (!mine && !(mine = new_tally(group)))
            return;
        mine->people += theirs.people;
        for (std::size_t unit = 0; unit < units_; ++unit) {
            join(mine->points[unit], theirs.points[unit]);
            mine->rows[unit] += theirs.rows[unit];
        }
    }
    std::size_t units_;
    std::vector<std::unique_ptr<Tally>> tallies_;
    std::size_t made_ = 0;
    bool is_too_large_ = false;
    std::vector<Tally*> touched_;
    std::vector<std::uint64_t> anyone_;  // of the present 64 customers, by unit
    std::vector<std::uint64_t> people_;  // of all groups, by unit
    std::uint64_t people_ever_ = 0;
};

// Whether groups are wanted, by their numbers; asks of each group once.
class Wanted {
public:
    template <class Wants>
    bool operator()(std::uint32_t group, Wants&& wants) {
        if (group >= known_.size())
            known_.resize(group + 1, unknown);
        auto& known = known_[group];
        if (known == unknown)
            known = wants() ? 1 : 0;
        return known == 1;
    }

private:
    static constexpr std::int8_t unknown = -1;
    std::vector<std::int8_t> known_;
};

// One thread's: `tallies` are by the numbers of `groups`.
struct Counting {
    GroupNumbers groups;
    Tallies tallies;
    Wanted wanted;
};

// Counts what `count_block(worker, block)` adds, on all threads.
template <class CountBlock>
Result<Counting> count_blocks(const index::State& state, std::size_t units,
                              const index::Execution& how, CountBlock&& count_block) {
    std::vector<Counting> workers;
    for (unsigned i = 0; i < how.workers(); ++i)
        workers.push_back({{}, Tallies(units), {}});
    const auto task = [&](unsigned number, index::Dense block) -> Result<void> {
        auto& worker = workers[number];
        count_block(worker, block);
        worker.tallies.end_block();
        if (worker.tallies.is_too_large())
            return too_many_groups();
        return {};
    };
    if (auto done = index::each_block(index::block_count(state.customers), how, task); !done)
        return fail(done.error());
    auto& all = workers[0];
    for (std::size_t worker = 1; worker < workers.size(); ++worker) {
        std::vector<std::uint32_t> numbers;
        for (const auto& key : workers[worker].groups.keys())
            numbers.push_back(all.groups.of(key));
        all.tallies.merge(workers[worker].tallies, numbers);
    }
    if (all.tallies.is_too_large())
        return too_many_groups();
    return std::move(all);
}

// Counts all groups but these.
Result<Computed> count(const ResolvedMetric& metric, const index::Snapshot& snapshot,
                       const index::People& people, const std::vector<Unit>& units,
                       std::span<const Group> but, const index::Execution& how) {
    const detail::MetricScan scan(metric, snapshot, units);
    const auto count_block = [&](Counting& worker, index::Dense block) {
        const auto counts = [&](std::uint32_t group, const GroupNumbers& groups) {
            return worker.wanted(group, [&] {
                return std::find(but.begin(), but.end(), scan.group_of(groups.key(group))) ==
                       but.end();
            });
        };
        scan.block(
            worker.groups, block, index::block_of(people, block),
            [&](std::uint32_t local, std::uint32_t group, std::size_t unit, index::Cell measured) {
                if (but.empty() || counts(group, worker.groups))
                    worker.tallies.add(local, group, unit, measured);
            });
    };
    auto all = count_blocks(*snapshot, units.size(), how, count_block);
    if (!all)
        return fail(all.error());
    return all->tallies.computed(scan, all->groups.keys());
}

// Numbers the groups of a split as it does, and everyone after them.
void number_groups(GroupNumbers& groups, std::size_t everyone) {
    for (std::size_t group = 0; group <= everyone && groups.keys().size() <= everyone; ++group)
        groups.of(Key{static_cast<index::Cell>(group), index::missing, index::missing});
}

// A row counts in every group of its customer, and once with everyone.
Result<Computed> count_split(const ResolvedMetric& metric, const index::Snapshot& snapshot,
                             const index::People& people, const std::vector<Unit>& units,
                             const SplitPeople& split, const index::Execution& how) {
    const detail::MetricScan scan(metric, snapshot, units);
    const auto everyone = static_cast<std::uint32_t>(split.size());
    const auto count_block = [&](Counting& worker, index::Dense block) {
        number_groups(worker.groups, everyone);
        std::vector<index::BlockBits> members;
        for (const auto& group : split)
            members.push_back(index::block_of(group, block));
        GroupNumbers one;
        scan.block(one, block, index::block_of(people, block),
                   [&](std::uint32_t local, std::uint32_t, std::size_t unit, index::Cell measured) {
                       worker.tallies.add(local, everyone, unit, measured);
                       for (std::uint32_t group = 0; group < everyone; ++group)
                           if (members[group].has(local))
                               worker.tallies.add(local, group, unit, measured);
                   });
    };
    auto all = count_blocks(*snapshot, units.size(), how, count_block);
    if (!all)
        return fail(all.error());
    Computed made;
    for (std::size_t group = 0; group < everyone; ++group)
        made.series.push_back(all->tallies.series(group, metric.split.group(group)));
    made.everyone = all->tallies.series(everyone, {});
    return made;
}

}  // namespace

void arrange(Computed& computed) {
    std::sort(computed.series.begin(), computed.series.end(), [](const Series& a, const Series& b) {
        return a.whole.rows != b.whole.rows ? a.whole.rows > b.whole.rows
                                            : is_before(a.group, b.group);
    });
}

tl::unexpected<Error> too_many_groups() {
    return fail(ErrorCode::too_large, "insight.too_many_groups",
                "The question splits into too many groups; choose a property with fewer values, or "
                "a longer unit of time.",
                "/by");
}

std::optional<Exact> Point::value(MeasureKind kind) const {
    const Exact scale(Decimal::scale);
    switch (kind) {
        case MeasureKind::count:
            return Exact(rows);
        case MeasureKind::unique:
            return Exact(people);
        case MeasureKind::sum:
            return exact(sum) / scale;
        case MeasureKind::avg:
            return ratio(exact(sum) / scale, values);
        case MeasureKind::per_person:
            return ratio(rows, people);
        case MeasureKind::min:
            return values ? std::optional<Exact>(Exact(low) / scale) : std::nullopt;
        case MeasureKind::max:
            return values ? std::optional<Exact>(Exact(high) / scale) : std::nullopt;
    }
    check(false);
    return std::nullopt;
}

std::optional<Exact> mean(std::span<const Point> points, MeasureKind kind) {
    if (kind == MeasureKind::avg || kind == MeasureKind::per_person) {
        Point all;
        for (const auto& point : points)
            join(all, point);
        return all.value(kind);
    }
    Exact sum = 0;
    std::uint64_t count = 0;
    for (const auto& point : points)
        if (const auto value = point.value(kind)) {
            sum += *value;
            ++count;
        }
    return ratio(sum, count);
}

Result<Computed> compute(const ResolvedMetric& metric, const index::Snapshot& snapshot,
                         const index::People& people, const std::vector<Unit>& units,
                         const index::Execution& how, const SplitPeople& split) {
    if (!split.empty())
        return count_split(metric, snapshot, people, units, split, how);
    auto made = count(metric, snapshot, people, units, {}, how);
    if (made && made->series.empty() && metric.by.empty())
        made->series.push_back({{}, std::vector<Point>(units.size()), Point{}});
    return made;
}

Result<Series> compute_rest(const ResolvedMetric& metric, const index::Snapshot& snapshot,
                            const index::People& people, const std::vector<Unit>& units,
                            std::span<const Group> but, const index::Execution& how) {
    auto made = count(metric, snapshot, people, units, but, how);
    if (!made)
        return fail(made.error());
    return std::move(made->everyone);
}

Result<index::People> people_behind(const ResolvedMetric& metric, const index::Snapshot& snapshot,
                                    const index::People& people, const std::vector<Unit>& units,
                                    const std::optional<Group>& group, const index::Execution& how,
                                    const SplitPeople& split) {
    if (group && !split.empty()) {
        const auto number = metric.split.number_of(*group);
        auto found = people;
        found &= number ? split[*number] : index::People(snapshot->customers);
        return people_behind(metric, snapshot, found, units, std::nullopt, how);
    }
    if (!group && !metric.by.empty()) {
        auto whole = metric;
        whole.by.clear();
        whole.by_types.clear();
        return people_behind(whole, snapshot, people, units, group, how);
    }
    index::People found(snapshot->customers);
    struct Worker {
        GroupNumbers groups;
        Wanted wanted;
    };
    std::vector<Worker> workers(how.workers());
    const detail::MetricScan scan(metric, snapshot, units);
    const auto task = [&](unsigned number, index::Dense block) -> Result<void> {
        auto& worker = workers[number];
        scan.block(worker.groups, block, index::block_of(people, block),
                   [&](std::uint32_t local, std::uint32_t row_group, std::size_t, index::Cell) {
                       const auto wants = [&] {
                           return !group ||
                                  is_group(scan.group_of(worker.groups.key(row_group)), *group);
                       };
                       if (worker.wanted(row_group, wants))
                           found.add(block * index::block_size + local);
                   });
        if (worker.groups.keys().size() > most_groups)
            return too_many_groups();
        return {};
    };
    if (auto done = index::each_block(index::block_count(snapshot->customers), how, task); !done)
        return fail(done.error());
    return found;
}

}  // namespace qiao::insight
