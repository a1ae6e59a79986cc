#include "insight/metric_engine.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <unordered_map>
#include <utility>

#include "base/check.hpp"
#include "index/blocks.hpp"
#include "insight/detail/metric_scan.hpp"

namespace qiao::insight {
namespace {

using detail::Key;
using detail::KeyHash;

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

// What one thread has counted.
class Tallies {
public:
    explicit Tallies(std::size_t units) : units_(units), anyone_(units), people_(units) {}

    void add(std::uint32_t local, const Key& key, std::size_t unit, index::Cell measured) {
        auto& known = known_[place_of(key)];
        if (!known.tally || known.key != key) {
            auto* found = known_or_new(key);
            if (!found)
                return;
            known = {key, found};
        }
        auto& tally = *known.tally;
        if (!tally.touched) {
            tally.touched = true;
            touched_.push_back(&tally);
        }
        ++tally.rows[unit];
        if (measured != index::missing)
            put(tally.points[unit], measured);
        tally.seen[local / 64 * units_ + unit] |= std::uint64_t{1} << (local % 64);
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
    void merge(const Tallies& other) {
        for (const auto& [key, tally] : other.tallies_) {
            auto& mine = at(key);
            mine.people += tally.people;
            for (std::size_t unit = 0; unit < units_; ++unit) {
                join(mine.points[unit], tally.points[unit]);
                mine.rows[unit] += tally.rows[unit];
            }
        }
        for (std::size_t unit = 0; unit < units_; ++unit)
            people_[unit] += other.people_[unit];
        people_ever_ += other.people_ever_;
    }
    Computed computed(const detail::MetricScan& scan) {
        Computed made;
        made.everyone.points.resize(units_);
        for (auto& [key, tally] : tallies_) {
            for (std::size_t unit = 0; unit < units_; ++unit)
                tally.points[unit].rows = tally.rows[unit];
            made.series.push_back({scan.group_of(key), std::move(tally.points), Point{}});
            auto& series = made.series.back();
            for (std::size_t unit = 0; unit < units_; ++unit) {
                join(series.whole, series.points[unit]);
                join(made.everyone.points[unit], series.points[unit]);
            }
            series.whole.people = tally.people;
            join(made.everyone.whole, series.whole);
        }
        for (std::size_t unit = 0; unit < units_; ++unit)
            made.everyone.points[unit].people = people_[unit];
        made.everyone.whole.people = people_ever_;
        arrange(made);
        return made;
    }
    bool is_too_large() const { return tallies_.size() * units_ > most_groups; }

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
    // Null where that would be too many: what is counted is refused then.
    Tally* known_or_new(const Key& key) {
        const auto found = tallies_.find(key);
        if (found != tallies_.end())
            return &found->second;
        return is_too_large() ? nullptr : &at(key);
    }
    Tally& at(const Key& key) {
        auto& tally = tallies_[key];
        if (tally.points.empty()) {
            tally.points.resize(units_);
            tally.rows.resize(units_);
            tally.seen.resize(index::block_words * units_);
        }
        return tally;
    }
    std::size_t units_;
    std::unordered_map<Key, Tally, KeyHash> tallies_;
    std::vector<Tally*> touched_;
    std::vector<std::uint64_t> anyone_;  // of the present 64 customers, by unit
    std::vector<std::uint64_t> people_;  // of all groups, by unit
    std::uint64_t people_ever_ = 0;
    // The tallies of the last keys: rows of few groups follow each other in any order.
    struct Known {
        Key key{};
        Tally* tally = nullptr;
    };
    static std::size_t place_of(const Key& key) {
        static_assert(std::tuple_size_v<Key> == 3);
        const auto mixed = static_cast<std::uint64_t>(key[0]) * 0x9E3779B97F4A7C15ull ^
                           static_cast<std::uint64_t>(key[1]) * 0xD6E8FEB86659FD93ull ^
                           static_cast<std::uint64_t>(key[2]) * 0xC2B2AE3D27D4EB4Full;
        return mixed >> 58;
    }
    std::array<Known, 64> known_;
};

// Counts the rows of `scan`; folds(worker)(key) points to the key under which a row counts, null
// where it does not.
template <class Folds>
Result<Tallies> count(const detail::MetricScan& scan, const index::State& state,
                      const index::People& people, std::size_t units, const index::Execution& how,
                      Folds&& folds) {
    std::vector<Tallies> workers(how.workers(), Tallies(units));
    auto done = index::each_block(index::block_count(state.customers), how,
                                  [&](unsigned worker, index::Dense block) -> Result<void> {
                                      auto& tallies = workers[worker];
                                      const auto fold = folds(worker);
                                      scan.block(block, index::block_of(people, block),
                                                 [&](std::uint32_t local, const Key& key,
                                                     std::size_t unit, index::Cell measured) {
                                                     if (const Key* under = fold(key))
                                                         tallies.add(local, *under, unit, measured);
                                                 });
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
    return std::move(workers[0]);
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
                         const index::Execution& how) {
    const detail::MetricScan scan(metric, snapshot, units);
    auto counted = count(scan, *snapshot, people, units.size(), how,
                         [](unsigned) { return [](const Key& key) { return &key; }; });
    if (!counted)
        return fail(counted.error());
    auto made = counted->computed(scan);
    if (made.series.empty() && metric.by.empty())
        made.series.push_back({{}, std::vector<Point>(units.size()), Point{}});
    return made;
}

Result<Series> compute_rest(const ResolvedMetric& metric, const index::Snapshot& snapshot,
                            const index::People& people, const std::vector<Unit>& units,
                            std::span<const Group> but, const index::Execution& how) {
    const detail::MetricScan scan(metric, snapshot, units);
    Key together;
    together.fill(index::missing);
    std::vector<std::unordered_map<Key, bool, KeyHash>> known(how.workers());
    const auto is_rest = [&](unsigned worker, const Key& key) {
        const auto at = known[worker].find(key);
        if (at != known[worker].end())
            return at->second;
        const bool rest = std::find(but.begin(), but.end(), scan.group_of(key)) == but.end();
        return known[worker].emplace(key, rest).first->second;
    };
    auto counted = count(scan, *snapshot, people, units.size(), how, [&](unsigned worker) {
        return [&, worker](const Key& key) { return is_rest(worker, key) ? &together : nullptr; };
    });
    if (!counted)
        return fail(counted.error());
    return std::move(counted->computed(scan).everyone);
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
            scan.block(block, index::block_of(people, block),
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
