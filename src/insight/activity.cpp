#include "insight/activity.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <unordered_map>

#include "base/check.hpp"
#include "index/scan.hpp"
#include "insight/detail/unit_table.hpp"

namespace qiao::insight {
namespace {

using index::BlockBits;
using index::Cell;
using index::Dense;
using index::Scan;

// What one customer did in the period.
struct Doings {
    std::uint32_t days = 0;  // a bit for each civil day
    std::uint64_t transactions = 0;
    __int128 value = 0;
};
using BlockDoings = std::array<Doings, index::block_size>;

class DoingsScan {
public:
    DoingsScan(const ProductUse& use, const index::State& state, const rule::Interval& interval,
               const Calendar& calendar)
        : use_(use), days_(calendar, interval.from_ms, std::max(interval.from_ms,
                                                                interval.until_ms - 1)) {
        for (const auto& match : use.uses)
            uses_.emplace_back(match, interval, state);
        const auto value = state.strings->find(use.value);
        for (const auto& match : use.transactions) {
            auto& scan = transactions_.emplace_back(match, interval, state);
            if (!use.value.empty() && value)
                scan.measure({*value, ValueType::number});
        }
    }

    void block(Dense block, const BlockBits& people, BlockDoings& doings) const {
        doings.fill({});
        for (const auto& scan : uses_)
            for (const auto& source : scan.sources)
                scan.each_row(source, block, people, [&](std::uint32_t local, std::uint32_t row) {
                    doings[local].days |= day_of(source, row);
                });
        for (const auto& scan : transactions_)
            for (const auto& source : scan.sources)
                scan.each_row(source, block, people, [&](std::uint32_t local, std::uint32_t row) {
                    auto& own = doings[local];
                    own.days |= day_of(source, row);
                    own.transactions += 1;
                    const Cell cell = source.measured ? source.measured->at(row) : index::missing;
                    own.value += cell == index::missing ? 0 : cell;
                });
    }
    bool is_effective(const Doings& doings) const {
        return doings.transactions >= static_cast<std::uint64_t>(use_.effective_transactions) &&
               doings.value >= use_.effective_value;
    }

private:
    std::uint32_t day_of(const index::Source& source, std::uint32_t row) const {
        return 1u << days_.of(source.rows->time[row]);
    }

    const ProductUse& use_;
    index::Days days_;
    std::vector<Scan> uses_, transactions_;
};

void count(Activity& activity, const Doings& doings, const DoingsScan& scan) {
    activity.customers += 1;
    activity.active += doings.days != 0;
    activity.active_days += static_cast<unsigned>(std::popcount(doings.days));
    activity.transacting += doings.transactions > 0;
    activity.effective += scan.is_effective(doings);
    activity.transactions += doings.transactions;
    activity.value += doings.value;
}

bool is_in(Part part, const Doings& doings, const DoingsScan& scan) {
    switch (part) {
        case Part::customers:
            return true;
        case Part::active:
            return doings.days != 0;
        case Part::inactive:
            return doings.days == 0;
        case Part::transacting:
            return doings.transactions > 0;
        case Part::effective:
            return scan.is_effective(doings);
    }
    check(false);
    return false;
}

// The unit of each customer, as the cell of a text.
class OrgColumn {
public:
    explicit OrgColumn(const index::State& state)
        : strings_(state.strings),
          attribute_(state.attribute(index::Space::tag, "org", ValueType::string)) {}
    Cell of(Dense customer) const { return attribute_ ? attribute_->at(customer) : index::missing; }
    std::string code(Cell cell) const {
        return cell == index::missing ? std::string()
                                      : strings_->text(static_cast<index::Code>(cell));
    }

private:
    std::shared_ptr<index::Strings> strings_;
    std::shared_ptr<const index::Attribute> attribute_;
};

}  // namespace

Activity& Activity::operator+=(const Activity& other) {
    customers += other.customers;
    active += other.active;
    active_days += other.active_days;
    transacting += other.transacting;
    effective += other.effective;
    transactions += other.transactions;
    value += other.value;
    return *this;
}

Result<ActivityByOrg> activity_by_org(const ProductUse& use, const index::State& state,
                                      const index::People& people, const rule::Interval& interval,
                                      const Calendar& calendar, const index::Execution& how) {
    const DoingsScan scan(use, state, interval, calendar);
    const OrgColumn orgs(state);
    struct Worker {
        std::unordered_map<Cell, Activity> by_org;
        BlockDoings doings;
    };
    std::vector<Worker> workers(how.workers());
    const auto task = [&](unsigned number, Dense block) -> Result<void> {
        auto& worker = workers[number];
        const auto bits = index::block_of(people, block);
        scan.block(block, bits, worker.doings);
        bits.each([&](std::uint32_t local) {
            count(worker.by_org[orgs.of(block * index::block_size + local)], worker.doings[local],
                  scan);
        });
        return {};
    };
    if (auto done = index::each_block(index::block_count(state.customers), how, task); !done)
        return fail(done.error());
    ActivityByOrg made;
    for (const auto& worker : workers)
        for (const auto& [cell, activity] : worker.by_org)
            made[orgs.code(cell)] += activity;
    return made;
}

Result<index::People> people_behind(const ProductUse& use, Part part,
                                    const std::optional<std::vector<std::string>>& codes,
                                    const index::State& state, const index::People& people,
                                    const rule::Interval& interval, const Calendar& calendar,
                                    const index::Execution& how) {
    const DoingsScan scan(use, state, interval, calendar);
    const OrgColumn orgs(state);
    struct Worker {
        std::unordered_map<Cell, bool> wanted;
        BlockDoings doings;
    };
    std::vector<Worker> workers(how.workers());
    index::People found(state.customers);
    const auto task = [&](unsigned number, Dense block) -> Result<void> {
        auto& worker = workers[number];
        const auto is_wanted = [&](Cell cell) {
            const auto [at, is_new] = worker.wanted.try_emplace(cell, false);
            if (is_new)
                at->second = std::binary_search(codes->begin(), codes->end(), orgs.code(cell));
            return at->second;
        };
        const auto bits = index::block_of(people, block);
        scan.block(block, bits, worker.doings);
        bits.each([&](std::uint32_t local) {
            const Dense customer = block * index::block_size + local;
            if (is_in(part, worker.doings[local], scan) && (!codes || is_wanted(orgs.of(customer))))
                found.add(customer);
        });
        return {};
    };
    if (auto done = index::each_block(index::block_count(state.customers), how, task); !done)
        return fail(done.error());
    return found;
}

namespace {

// How many of a block were active in the last `length` days of each day.
void add_rolling(const std::vector<BlockBits>& active, std::size_t length,
                 std::uint64_t ActivityPoint::*count, std::vector<ActivityPoint>& points) {
    const std::size_t first = active.size() - points.size();
    for (std::size_t i = 0; i < points.size(); ++i) {
        BlockBits together = active[first + i];
        for (std::size_t back = 1; back < length; ++back)
            together |= active[first + i - back];
        points[i].*count += together.count();
    }
}

}  // namespace

Result<std::vector<ActivityPoint>> activity_curve(const ProductUse& use, const index::State& state,
                                                  const index::People& people,
                                                  const std::vector<Unit>& days,
                                                  const index::Execution& how) {
    constexpr std::size_t before = month_days - 1;
    std::vector<ActivityPoint> points;
    for (std::size_t i = before; i < days.size(); ++i)
        points.push_back({days[i].day});
    if (points.empty())
        return points;
    const detail::UnitTable table(days);
    const rule::Interval interval{days.front().from_ms, days.back().until_ms};
    std::vector<Scan> scans;
    for (const auto* list : {&use.uses, &use.transactions})
        for (const auto& match : *list)
            scans.emplace_back(match, interval, state);
    std::vector<std::vector<ActivityPoint>> tallies(how.workers(), points);
    std::vector<std::vector<BlockBits>> actives(how.workers());
    const auto task = [&](unsigned worker, Dense block) -> Result<void> {
        auto& active = actives[worker];
        active.assign(days.size(), {});
        const auto bits = index::block_of(people, block);
        for (const auto& scan : scans)
            for (const auto& source : scan.sources)
                scan.each_row(source, block, bits, [&](std::uint32_t local, std::uint32_t row) {
                    active[table.of(source.rows->time[row])].set(local);
                });
        add_rolling(active, 1, &ActivityPoint::day, tallies[worker]);
        add_rolling(active, week_days, &ActivityPoint::week, tallies[worker]);
        add_rolling(active, month_days, &ActivityPoint::month, tallies[worker]);
        return {};
    };
    if (auto done = index::each_block(index::block_count(state.customers), how, task); !done)
        return fail(done.error());
    for (const auto& tally : tallies)
        for (std::size_t i = 0; i < points.size(); ++i) {
            points[i].day += tally[i].day;
            points[i].week += tally[i].week;
            points[i].month += tally[i].month;
        }
    return points;
}

}  // namespace qiao::insight
