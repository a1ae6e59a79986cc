#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "index/blocks.hpp"
#include "index/kept.hpp"
#include "insight/attribution.hpp"
#include "insight/detail/rows.hpp"

namespace qiao::insight {
namespace {

using index::Cell;
using index::Dense;
using index::Scan;

struct Touch {
    std::int64_t time_ms = 0;
    Cell group = index::missing;
    const index::EventRows* rows = nullptr;
    std::uint32_t row = 0;
};
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
    std::vector<Cell> groups;  // that the present person has touched
    std::unordered_map<Cell, Sum> sums;
    std::uint64_t conversions = 0, unattributed = 0;
    __int128 value = 0;  // scaled
};

// The part of a goal that each of its touches (ascending by time, at least one) gets.
class Shares {
public:
    Shares(Model model, std::int64_t half_life_ms, const std::vector<Touch>& touches,
           std::vector<double>& shares)
        : touches_(touches), shares_(shares), count_(touches.size()) {
        shares_.assign(count_, 0);
        while (first_ < count_ && touches[first_].time_ms == touches.front().time_ms)
            ++first_;
        while (last_ < count_ && touches[count_ - 1 - last_].time_ms == touches.back().time_ms)
            ++last_;
        if (model == Model::first)
            even(0, first_, 1);
        else if (model == Model::last)
            even(count_ - last_, count_, 1);
        else if (model == Model::decay)
            decay(static_cast<double>(half_life_ms));
        else if (model == Model::position && first_ < count_)
            position();
        else
            even(0, count_, 1);
    }

private:
    void even(std::size_t begin, std::size_t end, double part) {
        for (auto i = begin; i < end; ++i)
            shares_[i] = part / static_cast<double>(end - begin);
    }
    void position() {
        const auto between = count_ - first_ - last_;
        even(0, first_, between > 0 ? 0.4 : 0.5);
        even(first_, first_ + between, 0.2);
        even(count_ - last_, count_, between > 0 ? 0.4 : 0.5);
    }
    // Ages count from the last touch: the ratios are the same, and nothing vanishes.
    void decay(double half_life_ms) {
        double sum = 0;
        for (std::size_t i = 0; i < count_; ++i) {
            const auto age = touches_.back().time_ms - touches_[i].time_ms;
            shares_[i] = std::exp2(-static_cast<double>(age) / half_life_ms);
            sum += shares_[i];
        }
        for (auto& share : shares_)
            share /= sum;
    }

    const std::vector<Touch>& touches_;
    std::vector<double>& shares_;
    std::size_t count_, first_ = 0, last_ = 0;
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

    void block(Tally& tally, Dense block, const index::BlockBits& people) const {
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
            give(tally);
        });
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
    void give(Tally& tally) const {
        tally.groups.clear();
        auto first = tally.touches.begin();
        for (const auto& goal : tally.goals) {
            ++tally.conversions;
            if (goal.value != index::missing)
                tally.value += goal.value;
            while (first != tally.touches.end() &&
                   first->time_ms < goal.time_ms - question_.window.count())
                ++first;
            tally.chosen.clear();
            for (auto touch = first; touch != tally.touches.end() && touch->time_ms <= goal.time_ms;
                 ++touch)
                if (touch->rows != goal.rows || touch->row != goal.row)
                    tally.chosen.push_back(*touch);
            if (tally.chosen.empty())
                ++tally.unattributed;
            else
                share_out(tally, goal);
        }
        for (const auto group : tally.groups)
            ++tally.sums[group].people;
    }
    void share_out(Tally& tally, const Goal& goal) const {
        Shares(question_.model, question_.half_life.count(), tally.chosen, tally.shares);
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
        scan.block(tally, block, index::block_of(people, block));
        if (tally.sums.size() > most_groups)
            return fail(ErrorCode::too_large, "insight.too_many_groups",
                        "The touches split into too many groups; choose a property with fewer "
                        "values.",
                        "/by");
        return {};
    };
    if (auto done = index::each_block(index::block_count(state.customers), how, task); !done)
        return fail(done.error());
    return summed(question, scan, tallies);
}

Result<Answered<Attribution>> ask(const Asking& asking, const AttributionQuestion& question,
                                  std::string_view at, const access::Principal& who) {
    const auto resolved = resolve(question, asking.vocabulary(), at);
    if (!resolved)
        return fail(resolved.error());
    return asking.answer<Attribution>(
        "attribution", question.frame, at, who,
        [&](const Ground& ground) -> Result<Attribution> {
            // Touches count before the period too.
            if (auto kept = index::check_kept(
                    ground.kept_from,
                    {ground.interval.from_ms - resolved->window.count(), ground.interval.until_ms},
                    at);
                !kept)
                return fail(kept.error());
            if (ground.history)
                return ground.history->answer(ground, *resolved);
            return compute(*resolved, *ground.snapshot, ground.people, ground.interval, ground.how);
        },
        asking.history());
}

}  // namespace qiao::insight
