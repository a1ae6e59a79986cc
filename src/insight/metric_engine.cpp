#include "insight/metric_engine.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/check.hpp"
#include "insight/detail/metric_scan.hpp"

namespace qiao::insight {
namespace {

using detail::Key;
using detail::KeyHash;

tl::unexpected<Error> too_slow() {
    return fail(ErrorCode::unavailable, "insight.too_slow",
                "The question took too long; ask about a shorter period or fewer people.");
}

std::optional<Decimal> within_limits(__int128 scaled) {
    constexpr __int128 most = INT64_MAX;
    if (scaled > most || scaled < -most)
        return std::nullopt;
    return Decimal::from_scaled(static_cast<std::int64_t>(scaled));
}

// Half away from zero: for showing, not for comparing.
std::optional<Decimal> ratio(__int128 scaled, std::uint64_t count) {
    if (count == 0)
        return std::nullopt;
    const auto half = static_cast<__int128>(count / 2);
    return within_limits((scaled < 0 ? scaled - half : scaled + half) /
                         static_cast<__int128>(count));
}

Value value_of(const index::State& state, const By& by, ValueType type, index::Cell cell) {
    if (cell == index::missing)
        return {};
    if (by.kind == By::Kind::event)
        return state.strings->text(static_cast<index::Code>(cell));
    return state.strings->value(cell, type);
}

Group group_of(const index::State& state, const ResolvedMetric& metric, const Key& key) {
    Group group;
    for (std::size_t i = 0; i < metric.by.size(); ++i)
        group.push_back(value_of(state, metric.by[i], metric.by_types[i], key[i]));
    return group;
}

struct Tally {
    std::vector<Point> points;
    std::vector<index::BlockBits> seen;  // of the present block, by unit
    bool touched = false;
};

double size_of(const Series& series) {
    double size = 0;
    for (const auto& point : series.points)
        size += static_cast<double>(point.rows);
    return size;
}

void put(Point& point, index::Cell cell) {
    ++point.rows;
    if (cell == index::missing)
        return;
    point.low = point.values == 0 ? cell : std::min(point.low, cell);
    point.high = point.values == 0 ? cell : std::max(point.high, cell);
    point.sum += cell;
    ++point.values;
}

Computed sorted(std::vector<Series> series) {
    std::stable_sort(series.begin(), series.end(),
                     [](const Series& a, const Series& b) { return size_of(a) > size_of(b); });
    Computed computed;
    if (series.size() > most_series) {
        computed.left_out = series.size() - most_series;
        series.resize(most_series);
    }
    computed.series = std::move(series);
    return computed;
}

Time unit_start(Day day, Per per, const Calendar& calendar, Day& named) {
    if (per == Per::week)
        named = Calendar::week_start(day);
    if (per == Per::month)
        named = Calendar::month_start(day);
    if (per == Per::day)
        named = day;
    return calendar.start_of(named);
}

Day next_unit(Day named, Per per) {
    if (per == Per::week)
        return named + 7;
    if (per == Per::month)
        return Calendar::add_months(named, 1);
    return named + 1;
}

}  // namespace

std::optional<Decimal> Point::value(MeasureKind kind) const {
    constexpr __int128 unit = Decimal::scale;
    switch (kind) {
        case MeasureKind::count:
            return within_limits(unit * rows);
        case MeasureKind::unique:
            return within_limits(unit * people);
        case MeasureKind::sum:
            return within_limits(sum);
        case MeasureKind::avg:
            return ratio(sum, values);
        case MeasureKind::per_person:
            return ratio(unit * rows, people);
        case MeasureKind::min:
            return values ? std::optional(Decimal::from_scaled(low)) : std::nullopt;
        case MeasureKind::max:
            return values ? std::optional(Decimal::from_scaled(high)) : std::nullopt;
    }
    check(false);
    return std::nullopt;
}

bool is_own_event(std::string_view name) {
    static constexpr std::array<std::string_view, 7> prefixes = {
        "$audience_", "$message_", "$campaign_", "$contact_", "$journey_", "$send_", "$held_"};
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](std::string_view prefix) { return name.starts_with(prefix); });
}

std::vector<Unit> units_of(const rule::Interval& interval, Per per, const Calendar& calendar) {
    std::vector<Unit> units;
    if (interval.from_ms >= interval.until_ms)
        return units;
    const Day first = calendar.day_of(time_from_ms(interval.from_ms));
    if (per == Per::total)
        return {{first, interval.from_ms, interval.until_ms}};
    Day named = first;
    unit_start(first, per, calendar, named);
    while (to_ms(calendar.start_of(named)) < interval.until_ms) {
        const Day next = next_unit(named, per);
        units.push_back({named, std::max(interval.from_ms, to_ms(calendar.start_of(named))),
                         std::min(interval.until_ms, to_ms(calendar.start_of(next)))});
        named = next;
    }
    return units;
}

Result<Computed> compute(const ResolvedMetric& metric, const index::Snapshot& snapshot,
                         const index::People& people, const std::vector<Unit>& units,
                         Deadline deadline) {
    std::unordered_map<Key, Tally, KeyHash> tallies;
    std::vector<Tally*> touched;
    detail::MetricScan scan(metric, snapshot, units);
    for (index::Dense block = 0; block < index::block_count(snapshot->customers); ++block) {
        if (std::chrono::steady_clock::now() > deadline)
            return too_slow();
        scan.block(
            block, people,
            [&](std::uint32_t local, const Key& key, std::size_t unit, index::Cell measured) {
                auto& tally = tallies[key];
                if (tally.points.empty()) {
                    tally.points.resize(units.size());
                    tally.seen.resize(units.size());
                }
                if (!tally.touched) {
                    tally.touched = true;
                    touched.push_back(&tally);
                }
                put(tally.points[unit], measured);
                tally.seen[unit].set(local);
            });
        for (auto* tally : touched) {
            tally->touched = false;
            for (std::size_t unit = 0; unit < units.size(); ++unit) {
                tally->points[unit].people += tally->seen[unit].count();
                tally->seen[unit] = {};
            }
        }
        touched.clear();
        if (tallies.size() * units.size() > most_groups)
            return fail(ErrorCode::too_large, "insight.too_many_groups",
                        "The question splits into too many groups; choose a property with fewer "
                        "values, or a longer unit of time.",
                        "/by");
    }
    std::vector<Series> series;
    for (auto& [key, tally] : tallies)
        series.push_back({group_of(*snapshot, metric, key), std::move(tally.points)});
    if (series.empty() && metric.by.empty())
        series.push_back({{}, std::vector<Point>(units.size())});
    return sorted(std::move(series));
}

Result<index::People> people_behind(const ResolvedMetric& metric, const index::Snapshot& snapshot,
                                    const index::People& people, const std::vector<Unit>& units,
                                    const std::optional<Group>& group, Deadline deadline) {
    index::People found(snapshot->customers);
    std::unordered_map<Key, bool, KeyHash> wanted;
    detail::MetricScan scan(metric, snapshot, units);
    for (index::Dense block = 0; block < index::block_count(snapshot->customers); ++block) {
        if (std::chrono::steady_clock::now() > deadline)
            return too_slow();
        scan.block(
            block, people, [&](std::uint32_t local, const Key& key, std::size_t, index::Cell) {
                const auto known = wanted.find(key);
                const bool wants =
                    known != wanted.end()
                        ? known->second
                        : wanted.emplace(key, !group || group_of(*snapshot, metric, key) == *group)
                              .first->second;
                if (wants)
                    found.add(block * index::block_size + local);
            });
    }
    return found;
}

}  // namespace qiao::insight
