#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "index/blocks.hpp"
#include "index/kept.hpp"
#include "insight/attribution.hpp"
#include "insight/detail/rows.hpp"
#include "insight/detail/touch_shares.hpp"

namespace qiao::insight {
namespace {

using detail::Touch;
using index::Cell;
using index::Dense;
using index::Scan;

struct Goal {
    std::int64_t time_ms = 0;
    Cell value = index::missing;
    const index::EventRows* rows = nullptr;
    std::uint32_t row = 0;
};
struct Sum {
    std::int64_t conversions = 0;  // in billionths
    __int128 value = 0;            // of scaled values, in billionths
    std::uint64_t touches = 0, people = 0;
};

struct Tally {
    std::vector<detail::Cursor> goal_cursors, touch_cursors;
    std::vector<Goal> goals;
    std::vector<Touch> touches, chosen;
    std::vector<double> shares;
    std::vector<Cell> groups;              // that the present person has touched
    std::unordered_map<Cell, bool> meant;  // whether people of these groups are asked for
    std::unordered_map<Cell, Sum> sums;
    std::uint64_t conversions = 0, unattributed = 0;
    __int128 value = 0;  // scaled
};

class AttributionScan {
public:
    AttributionScan(const AttributionQuestion& question, const index::State& state,
                    const rule::Interval& interval)
        : question_(question),
          interval_(interval),
          before_{interval.from_ms - question.window.count(), interval.until_ms},
          goal_(question.goal, interval, state),
          by_(question.by, question.by_type, state) {
        if (const auto name = state.strings->find(question.value); name && !question.value.empty())
            goal_.measure({*name, ValueType::number});
        for (const auto& touch : question.touches) {
            Scan scan(touch, before_, state);
            for (auto& source : scan.sources)
                use(std::move(source));
        }
    }
    Value group_value(Cell cell) const { return by_.value(cell); }

    // Takes each of these people of the block who reached a goal, with the goals and touches in the
    // tally.
    template <class Take>
    void each_person(Tally& tally, Dense block, const index::BlockBits& people, Take&& take) const {
        index::BlockBits present;
        tally.goal_cursors.clear();
        tally.touch_cursors.clear();
        for (const auto& source : goal_.sources) {
            tally.goal_cursors.push_back(detail::Cursor::of(*source.rows, block));
            const auto [first, last] = source.rows->runs_of(block);
            for (auto run = first; run < last; ++run)
                present.set(source.rows->run_customer[run] % index::block_size);
        }
        for (const auto& lane : lanes_)
            tally.touch_cursors.push_back(detail::Cursor::of(*lane.rows, block));
        present &= people;
        present.each([&](std::uint32_t local) {
            const Dense customer = block * index::block_size + local;
            if (!find_goals(tally, customer))
                return;
            find_touches(tally, customer);
            take(customer);
        });
    }
    // Counts the goals of the person in the tally.
    void count(Tally& tally) const {
        tally.groups.clear();
        each_goal(tally, [&](const Goal& goal) {
            ++tally.conversions;
            if (goal.value != index::missing)
                tally.value += goal.value;
            if (tally.chosen.empty())
                ++tally.unattributed;
            else
                share_out(tally, goal);
            return true;
        });
        for (const auto group : tally.groups)
            ++tally.sums[group].people;
    }
    // Whether the person in the tally is meant.
    bool fits(Tally& tally, const AttributionPeople& which) const {
        const auto is_meant = [&](const Touch& touch) {
            const auto [known, is_new] = tally.meant.try_emplace(touch.group, false);
            if (is_new)
                known->second = is_group({by_.value(touch.group)}, *which.group);
            return known->second;
        };
        bool any = false;
        each_goal(tally, [&](const Goal&) {
            const auto& chosen = tally.chosen;
            any = which.group ? std::any_of(chosen.begin(), chosen.end(), is_meant)
                              : !which.unattributed || chosen.empty();
            return !any;
        });
        return any;
    }

private:
    // The rows of an event that may be a touch in several ways.
    struct Lane {
        const index::EventRows* rows = nullptr;
        const index::Column* by = nullptr;
        std::vector<index::Source> ways;
    };
    void use(index::Source source) {
        auto lane = std::find_if(lanes_.begin(), lanes_.end(),
                                 [&](const Lane& known) { return known.rows == source.rows; });
        if (lane == lanes_.end())
            lane = lanes_.insert(lane, Lane{source.rows, by_.in(*source.rows), {}});
        lane->ways.push_back(std::move(source));
    }
    bool find_goals(Tally& tally, Dense customer) const {
        tally.goals.clear();
        for (std::size_t i = 0; i < goal_.sources.size(); ++i) {
            const auto& source = goal_.sources[i];
            if (!tally.goal_cursors[i].seek(*source.rows, customer))
                continue;
            const auto [begin, end] =
                Scan::within(source, interval_, tally.goal_cursors[i].run, source.whole);
            for (auto row = begin; row < end; ++row)
                if (Scan::passes(source, row))
                    tally.goals.push_back(
                        {source.rows->time[row],
                         source.measured ? source.measured->at(row) : index::missing, source.rows,
                         row});
        }
        std::sort(tally.goals.begin(), tally.goals.end(),
                  [](const Goal& a, const Goal& b) { return a.time_ms < b.time_ms; });
        return !tally.goals.empty();
    }
    void find_touches(Tally& tally, Dense customer) const {
        tally.touches.clear();
        const rule::Interval near{tally.goals.front().time_ms - question_.window.count(),
                                  tally.goals.back().time_ms + 1};
        for (std::size_t i = 0; i < lanes_.size(); ++i) {
            const auto& lane = lanes_[i];
            if (!tally.touch_cursors[i].seek(*lane.rows, customer))
                continue;
            const auto [begin, end] =
                Scan::within(lane.ways.front(), near, tally.touch_cursors[i].run, false);
            for (auto row = begin; row < end; ++row)
                if (std::any_of(lane.ways.begin(), lane.ways.end(),
                                [row](const auto& way) { return Scan::passes(way, row); }))
                    tally.touches.push_back({lane.rows->time[row],
                                             by_.at(*lane.rows, lane.by, row, customer), lane.rows,
                                             row});
        }
        std::sort(tally.touches.begin(), tally.touches.end(),
                  [](const Touch& a, const Touch& b) { return a.time_ms < b.time_ms; });
    }
    // The goals of the person in order, each with its touches chosen, for as long as `take` says
    // so.
    template <class Take>
    void each_goal(Tally& tally, Take&& take) const {
        auto first = tally.touches.begin();
        for (const auto& goal : tally.goals) {
            while (first != tally.touches.end() &&
                   first->time_ms < goal.time_ms - question_.window.count())
                ++first;
            tally.chosen.clear();
            for (auto touch = first; touch != tally.touches.end() && touch->time_ms <= goal.time_ms;
                 ++touch)
                if (touch->rows != goal.rows || touch->row != goal.row)
                    tally.chosen.push_back(*touch);
            if (!take(goal))
                return;
        }
    }
    void share_out(Tally& tally, const Goal& goal) const {
        detail::TouchShares(question_.model, question_.half_life.count(), tally.chosen,
                            tally.shares);
        if (question_.model == Model::shapley)
            share_by_group(tally);
        for (std::size_t i = 0; i < tally.chosen.size(); ++i) {
            const auto group = tally.chosen[i].group;
            auto& sum = tally.sums[group];
            const auto share = std::llround(tally.shares[i] * whole_conversion);
            sum.conversions += share;
            if (goal.value != index::missing)
                sum.value += static_cast<__int128>(goal.value) * share;
            ++sum.touches;
            if (std::find(tally.groups.begin(), tally.groups.end(), group) == tally.groups.end())
                tally.groups.push_back(group);
        }
    }
    // The first touch of each group stands for it.
    static void share_by_group(Tally& tally) {
        std::vector<Cell> seen;
        for (std::size_t i = 0; i < tally.chosen.size(); ++i) {
            const auto group = tally.chosen[i].group;
            const bool is_new = std::find(seen.begin(), seen.end(), group) == seen.end();
            tally.shares[i] = is_new ? 1 : 0;
            if (is_new)
                seen.push_back(group);
        }
        for (auto& share : tally.shares)
            share /= static_cast<double>(seen.size());
    }

    const AttributionQuestion& question_;
    rule::Interval interval_, before_;
    Scan goal_;
    detail::ByColumn by_;
    std::vector<Lane> lanes_;
};

Attribution summed(const AttributionQuestion& question, const AttributionScan& scan,
                   const std::vector<Tally>& tallies) {
    Attribution made;
    std::unordered_map<Cell, Sum> sums;
    __int128 value = 0;
    for (const auto& tally : tallies) {
        made.conversions += tally.conversions;
        made.unattributed += tally.unattributed;
        value += tally.value;
        for (const auto& [cell, sum] : tally.sums) {
            auto& whole = sums[cell];
            whole.conversions += sum.conversions;
            whole.value += sum.value;
            whole.touches += sum.touches;
            whole.people += sum.people;
        }
    }
    const bool has_value = !question.value.empty();
    if (has_value)
        made.value = static_cast<double>(value) / Decimal::scale;
    for (const auto& [cell, sum] : sums) {
        Attribution::Row row{{scan.group_value(cell)},
                             static_cast<double>(sum.conversions) / whole_conversion,
                             std::nullopt,
                             sum.touches,
                             sum.people};
        if (has_value)
            row.value = static_cast<double>(sum.value) / whole_conversion / Decimal::scale;
        made.rows.push_back(std::move(row));
    }
    arrange(made);
    return made;
}

constexpr std::size_t most_groups = 100'000;
Result<void> limited(std::size_t groups) {
    if (groups <= most_groups)
        return {};
    return fail(ErrorCode::too_large, "insight.too_many_groups",
                "The touches split into too many groups; choose a property with fewer values.",
                "/by");
}

// Touches count before the period too.
Result<void> check_touches_kept(const AttributionQuestion& question, const Ground& ground,
                                std::string_view at) {
    return index::check_kept(
        ground.kept_from,
        {ground.interval.from_ms - question.window.count(), ground.interval.until_ms}, at);
}

}  // namespace

void arrange(Attribution& attribution) {
    auto& rows = attribution.rows;
    std::sort(rows.begin(), rows.end(), [](const Attribution::Row& a, const Attribution::Row& b) {
        return a.conversions != b.conversions ? a.conversions > b.conversions
                                              : is_before(a.group, b.group);
    });
    if (rows.size() > most_attribution_rows) {
        attribution.left_out = rows.size() - most_attribution_rows;
        rows.resize(most_attribution_rows);
    }
}

Result<Attribution> compute(const AttributionQuestion& question, const index::State& state,
                            const index::People& people, const rule::Interval& interval,
                            const index::Execution& how) {
    const AttributionScan scan(question, state, interval);
    std::vector<Tally> tallies(how.workers());
    const auto task = [&](unsigned worker, Dense block) -> Result<void> {
        auto& tally = tallies[worker];
        scan.each_person(tally, block, index::block_of(people, block),
                         [&](Dense) { scan.count(tally); });
        return limited(tally.sums.size());
    };
    if (auto done = index::each_block(index::block_count(state.customers), how, task); !done)
        return fail(done.error());
    return summed(question, scan, tallies);
}

Result<index::People> people_behind(const AttributionQuestion& question,
                                    const AttributionPeople& which, const index::State& state,
                                    const index::People& people, const rule::Interval& interval,
                                    const index::Execution& how) {
    const AttributionScan scan(question, state, interval);
    std::vector<Tally> tallies(how.workers());
    index::People found(state.customers);
    const auto task = [&](unsigned worker, Dense block) -> Result<void> {
        auto& tally = tallies[worker];
        scan.each_person(tally, block, index::block_of(people, block), [&](Dense customer) {
            if (scan.fits(tally, which))
                found.add(customer);
        });
        return limited(tally.meant.size());
    };
    if (auto done = index::each_block(index::block_count(state.customers), how, task); !done)
        return fail(done.error());
    return found;
}

Result<Answered<Attribution>> ask(const Asking& asking, const AttributionQuestion& question,
                                  std::string_view at, const access::Principal& who) {
    const auto resolved = resolve(question, asking.vocabulary(), at);
    if (!resolved)
        return fail(resolved.error());
    return asking.answer<Attribution>(
        "attribution", question.frame, at, who,
        [&](const Ground& ground) -> Result<Attribution> {
            if (auto kept = check_touches_kept(*resolved, ground, at); !kept)
                return fail(kept.error());
            if (ground.history)
                return ground.history->answer(ground, *resolved);
            return compute(*resolved, *ground.snapshot, ground.people, ground.interval, ground.how);
        },
        asking.history());
}

Result<audience::Evaluated> people(const Asking& asking, const AttributionQuestion& question,
                                   const AttributionPeople& which, std::string_view at,
                                   const access::Principal& who) {
    const auto resolved = resolve(question, asking.vocabulary(), at);
    if (!resolved)
        return fail(resolved.error());
    return asking.people(question.frame, at, who,
                         [&](const Ground& ground) -> Result<index::People> {
                             if (auto kept = check_touches_kept(*resolved, ground, at); !kept)
                                 return fail(kept.error());
                             return people_behind(*resolved, which, *ground.snapshot, ground.people,
                                                  ground.interval, ground.how);
                         });
}

}  // namespace qiao::insight
