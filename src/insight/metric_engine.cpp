#include "insight/metric_engine.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/check.hpp"
#include "index/blocks.hpp"
#include "insight/detail/metric_scan.hpp"

namespace qiao::insight {
namespace {

using detail::Key;
using detail::KeyHash;

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

// What one thread has counted.
class Tallies {
public:
    explicit Tallies(std::size_t units) : units_(units) {}

    void add(std::uint32_t local, const Key& key, std::size_t unit, index::Cell measured) {
        auto& known = known_[KeyHash{}(key) % known_.size()];
        if (!known.tally || known.key != key)
            known = {key, &at(key)};
        auto& tally = *known.tally;
        if (!tally.touched) {
            tally.touched = true;
            touched_.push_back(&tally);
        }
        put(tally.points[unit], measured);
        tally.seen[unit].set(local);
    }
    // Counts the different people of a block that has been read.
    void end_block() {
        for (auto* tally : touched_) {
            tally->touched = false;
            for (std::size_t unit = 0; unit < units_; ++unit) {
                tally->points[unit].people += tally->seen[unit].count();
                tally->seen[unit] = {};
            }
        }
        touched_.clear();
    }
    void merge(const Tallies& other) {
        for (const auto& [key, tally] : other.tallies_) {
            auto& points = at(key).points;
            for (std::size_t unit = 0; unit < units_; ++unit)
                join(points[unit], tally.points[unit]);
        }
    }
    bool is_too_large() const { return tallies_.size() * units_ > most_groups; }
    std::unordered_map<Key, Tally, KeyHash>& tallies() { return tallies_; }

private:
    static void join(Point& to, const Point& from) {
        if (from.values > 0) {
            to.low = to.values == 0 ? from.low : std::min(to.low, from.low);
            to.high = to.values == 0 ? from.high : std::max(to.high, from.high);
        }
        to.rows += from.rows;
        to.people += from.people;
        to.values += from.values;
        to.sum += from.sum;
    }
    Tally& at(const Key& key) {
        auto& tally = tallies_[key];
        if (tally.points.empty()) {
            tally.points.resize(units_);
            tally.seen.resize(units_);
        }
        return tally;
    }
    std::size_t units_;
    std::unordered_map<Key, Tally, KeyHash> tallies_;
    std::vector<Tally*> touched_;
    // The tallies of the last keys: rows of few groups follow each other in any order.
    struct Known {
        Key key{};
        Tally* tally = nullptr;
    };
    std::array<Known, 64> known_;
};

}  // namespace

Computed arranged(std::vector<Series> series) {
    std::sort(series.begin(), series.end(), [](const Series& a, const Series& b) {
        const double left = size_of(a), right = size_of(b);
        return left != right ? left > right : is_before(a.group, b.group);
    });
    Computed computed;
    if (series.size() > most_series) {
        computed.left_out = series.size() - most_series;
        series.resize(most_series);
    }
    computed.series = std::move(series);
    return computed;
}

tl::unexpected<Error> too_many_groups() {
    return fail(ErrorCode::too_large, "insight.too_many_groups",
                "The question splits into too many groups; choose a property with fewer values, or "
                "a longer unit of time.",
                "/by");
}

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

Result<Computed> compute(const ResolvedMetric& metric, const index::Snapshot& snapshot,
                         const index::People& people, const std::vector<Unit>& units,
                         const index::Execution& how) {
    const detail::MetricScan scan(metric, snapshot, units);
    std::vector<Tallies> workers(how.workers(), Tallies(units.size()));
    auto done = index::each_block(
        index::block_count(snapshot->customers), how,
        [&](unsigned worker, index::Dense block) -> Result<void> {
            auto& tallies = workers[worker];
            scan.block(block, index::block_of(people, block),
                       [&](std::uint32_t local, const Key& key, std::size_t unit,
                           index::Cell measured) { tallies.add(local, key, unit, measured); });
            tallies.end_block();
            if (tallies.is_too_large())
                return too_many_groups();
            return {};
        });
    if (!done)
        return fail(done.error());
    for (std::size_t worker = 1; worker < workers.size(); ++worker)
        workers[0].merge(workers[worker]);
    if (workers[0].is_too_large())
        return too_many_groups();
    std::vector<Series> series;
    for (auto& [key, tally] : workers[0].tallies())
        series.push_back({scan.group_of(key), std::move(tally.points)});
    if (series.empty() && metric.by.empty())
        series.push_back({{}, std::vector<Point>(units.size())});
    return arranged(std::move(series));
}

Result<index::People> people_behind(const ResolvedMetric& metric, const index::Snapshot& snapshot,
                                    const index::People& people, const std::vector<Unit>& units,
                                    const std::optional<Group>& group,
                                    const index::Execution& how) {
    index::People found(snapshot->customers);
    std::vector<std::unordered_map<Key, bool, KeyHash>> wanted(how.workers());
    const detail::MetricScan scan(metric, snapshot, units);
    auto done = index::each_block(
        index::block_count(snapshot->customers), how,
        [&](unsigned worker, index::Dense block) -> Result<void> {
            auto& known = wanted[worker];
            scan.block(
                block, index::block_of(people, block),
                [&](std::uint32_t local, const Key& key, std::size_t, index::Cell) {
                    const auto at = known.find(key);
                    const bool wants =
                        at != known.end()
                            ? at->second
                            : known.emplace(key, !group || scan.group_of(key) == *group)
                                  .first->second;
                    if (wants)
                        found.add(block * index::block_size + local);
                });
            return {};
        });
    if (!done)
        return fail(done.error());
    return found;
}

}  // namespace qiao::insight
