#include <algorithm>
#include <bit>

#include "index/blocks.hpp"
#include "insight/detail/ranks.hpp"
#include "insight/detail/rows.hpp"
#include "insight/detail/unit_table.hpp"
#include "insight/distribution.hpp"

namespace qiao::insight {
namespace {

using index::BlockBits;
using index::Dense;
using index::Scan;
using Kind = DistributionQuestion::Kind;

constexpr std::size_t hours = 24;

// What a block's people did.
struct Scratch {
    std::vector<std::uint32_t> rows;  // by local customer
    std::vector<__int128> sums;
    std::vector<std::uint64_t> days;  // bits by local customer
    BlockBits seen;
    BlockBits in_hour[hours];
    std::uint64_t rows_in_hour[hours];
};

class DistributionScan {
public:
    DistributionScan(const DistributionQuestion& question, const index::State& state,
                     const rule::Interval& interval, const std::vector<Unit>& days)
        : kind_(question.kind),
          interval_(interval),
          days_(days),
          table_(days),
          words_((days.size() + 63) / 64),
          sources_(detail::sources_of(question.doing, interval, state)) {
        const auto name = state.strings->find(question.property);
        for (auto& source : sources_)
            if (kind_ == Kind::sum && name)
                source.measured = source.rows->find({*name, ValueType::number});
    }
    void block(Scratch& scratch, Dense block, const BlockBits& people) const {
        clear(scratch);
        for (const auto& source : sources_) {
            const auto [first, last] = source.rows->runs_of(block);
            for (auto run = first; run < last; ++run) {
                const auto local = source.rows->run_customer[run] % index::block_size;
                if (!people.has(local))
                    continue;
                const auto [begin, end] = Scan::within(source, interval_, run, source.whole);
                if (begin < end)
                    read(scratch, source, local, begin, end);
            }
        }
    }
    // The value of a person, scaled as a Decimal. Not of hours.
    std::int64_t value(const Scratch& scratch, std::uint32_t local) const {
        if (kind_ == Kind::count)
            return std::int64_t{scratch.rows[local]} * Decimal::scale;
        if (kind_ == Kind::sum)
            return static_cast<std::int64_t>(
                std::clamp<__int128>(scratch.sums[local], INT64_MIN + 1, INT64_MAX));
        std::int64_t days = 0;
        for (std::size_t word = 0; word < words_; ++word)
            days += std::popcount(scratch.days[local * words_ + word]);
        return days * Decimal::scale;
    }

private:
    void clear(Scratch& scratch) const {
        scratch.rows.assign(index::block_size, 0);
        scratch.seen = {};
        if (kind_ == Kind::sum)
            scratch.sums.assign(index::block_size, 0);
        if (kind_ == Kind::days)
            scratch.days.assign(index::block_size * words_, 0);
        std::fill(std::begin(scratch.in_hour), std::end(scratch.in_hour), BlockBits{});
        std::fill(std::begin(scratch.rows_in_hour), std::end(scratch.rows_in_hour), 0);
    }
    void read(Scratch& scratch, const index::Source& source, std::uint32_t local,
              std::uint32_t begin, std::uint32_t end) const {
        if (kind_ == Kind::count && source.tests.empty()) {
            scratch.rows[local] += end - begin;
            scratch.seen.set(local);
            return;
        }
        for (auto row = begin; row < end; ++row) {
            if (!Scan::passes(source, row))
                continue;
            ++scratch.rows[local];
            scratch.seen.set(local);
            if (kind_ == Kind::sum && source.measured) {
                const auto cell = source.measured->at(row);
                scratch.sums[local] += cell == index::missing ? 0 : cell;
            }
            if (kind_ == Kind::days || kind_ == Kind::hour)
                take_time(scratch, local, source.rows->time[row]);
        }
    }
    void take_time(Scratch& scratch, std::uint32_t local, std::int64_t time_ms) const {
        const auto day = table_.of(time_ms);
        if (kind_ == Kind::days) {
            scratch.days[local * words_ + day / 64] |= std::uint64_t{1} << (day % 64);
            return;
        }
        const auto hour = std::min<std::size_t>(
            static_cast<std::size_t>((time_ms - days_[day].from_ms) / 3'600'000), hours - 1);
        scratch.in_hour[hour].set(local);
        ++scratch.rows_in_hour[hour];
    }

    Kind kind_;
    rule::Interval interval_;
    const std::vector<Unit>& days_;
    detail::UnitTable table_;
    std::size_t words_;
    std::vector<index::Source> sources_;
};

struct Tally {
    Scratch scratch;
    detail::Numbers values;
    std::vector<std::uint64_t> people, rows;  // by bucket; the first lies below all borders
    __int128 sum = 0;
    std::uint64_t all_people = 0;
};

// 0: below the first border.
std::size_t bucket_of(const std::vector<Decimal>& borders, std::int64_t value) {
    return static_cast<std::size_t>(
        std::upper_bound(borders.begin(), borders.end(), Decimal::from_scaled(value)) -
        borders.begin());
}

void count_block(const DistributionQuestion& question, const DistributionScan& scan, Tally& tally) {
    const auto& scratch = tally.scratch;
    tally.all_people += scratch.seen.count();
    if (question.kind == Kind::hour) {
        for (std::size_t hour = 0; hour < hours; ++hour) {
            tally.people[hour] += scratch.in_hour[hour].count();
            tally.rows[hour] += scratch.rows_in_hour[hour];
        }
        return;
    }
    scratch.seen.each([&](std::uint32_t local) {
        const auto value = scan.value(scratch, local);
        const auto bucket = bucket_of(question.borders, value);
        tally.values.push_back(value);
        tally.sum += value;
        ++tally.people[bucket];
        tally.rows[bucket] += scratch.rows[local];
    });
}

Distribution summed(const DistributionQuestion& question, std::vector<Tally>& tallies) {
    Distribution made;
    for (std::size_t worker = 1; worker < tallies.size(); ++worker) {
        for (std::size_t i = 0; i < tallies[0].people.size(); ++i) {
            tallies[0].people[i] += tallies[worker].people[i];
            tallies[0].rows[i] += tallies[worker].rows[i];
        }
        tallies[0].sum += tallies[worker].sum;
        tallies[0].all_people += tallies[worker].all_people;
    }
    const auto& total = tallies[0];
    made.people = total.all_people;
    if (question.kind == Kind::hour) {
        made.buckets = hours_of(total.people, total.rows);
        return made;
    }
    made.buckets = buckets_of(question.borders, total.people, total.rows);
    made.mean = mean_of(total.sum, made.people);
    std::vector<const detail::Numbers*> lists;
    for (const auto& tally : tallies)
        lists.push_back(&tally.values);
    if (const auto median = detail::rank_of(lists, 0.5))
        made.median = Decimal::from_scaled(*median);
    if (const auto p90 = detail::rank_of(lists, 0.9))
        made.p90 = Decimal::from_scaled(*p90);
    return made;
}

}  // namespace

Result<std::vector<Unit>> days_of(const DistributionQuestion& question,
                                  const rule::Interval& interval, const Calendar& calendar) {
    if (interval.from_ms >= interval.until_ms || question.kind == Kind::count ||
        question.kind == Kind::sum)
        return std::vector<Unit>{};
    const auto midnight = calendar.start_of(calendar.day_of(time_from_ms(interval.from_ms)));
    return limited_units({to_ms(midnight), interval.until_ms}, Per::day, calendar, "/within");
}

std::optional<Decimal> mean_of(__int128 sum, std::uint64_t count) {
    if (count == 0)
        return std::nullopt;
    const auto half = static_cast<__int128>(count / 2);
    const auto mean = (sum < 0 ? sum - half : sum + half) / static_cast<__int128>(count);
    return Decimal::from_scaled(static_cast<std::int64_t>(mean));
}

std::vector<Distribution::Bucket> buckets_of(const std::vector<Decimal>& borders,
                                             const std::vector<std::uint64_t>& people,
                                             const std::vector<std::uint64_t>& rows) {
    std::vector<Distribution::Bucket> made;
    for (std::size_t i = 0; i <= borders.size(); ++i)
        if (i > 0 || people[0] > 0)
            made.push_back({i > 0 ? std::optional(borders[i - 1]) : std::nullopt,
                            i < borders.size() ? std::optional(borders[i]) : std::nullopt,
                            people[i], rows[i]});
    return made;
}

std::vector<Distribution::Bucket> hours_of(const std::vector<std::uint64_t>& people,
                                           const std::vector<std::uint64_t>& rows) {
    std::vector<Distribution::Bucket> made;
    for (std::size_t hour = 0; hour < hours; ++hour)
        made.push_back({*Decimal::from_int(static_cast<std::int64_t>(hour)),
                        *Decimal::from_int(static_cast<std::int64_t>(hour) + 1), people[hour],
                        rows[hour]});
    return made;
}

Result<Distribution> compute(const DistributionQuestion& question, const index::State& state,
                             const index::People& people, const rule::Interval& interval,
                             const Calendar& calendar, const index::Execution& how) {
    const auto days = days_of(question, interval, calendar);
    if (!days)
        return fail(days.error());
    const DistributionScan scan(question, state, interval, *days);
    std::vector<Tally> tallies(how.workers());
    for (auto& tally : tallies) {
        tally.people.resize(std::max(hours, question.borders.size() + 1));
        tally.rows.resize(tally.people.size());
    }
    const auto task = [&](unsigned worker, Dense block) -> Result<void> {
        scan.block(tallies[worker].scratch, block, index::block_of(people, block));
        count_block(question, scan, tallies[worker]);
        return {};
    };
    if (auto done = index::each_block(index::block_count(state.customers), how, task); !done)
        return fail(done.error());
    return summed(question, tallies);
}

Result<index::People> people_behind(const DistributionQuestion& question, std::size_t bucket,
                                    const index::State& state, const index::People& people,
                                    const rule::Interval& interval, const Calendar& calendar,
                                    const index::Execution& how) {
    const auto answer = compute(question, state, people, interval, calendar, how);
    if (!answer)
        return fail(answer.error());
    if (bucket >= answer->buckets.size())
        return fail(ErrorCode::unprocessable, "insight.no_such_point",
                    "The distribution has no such bucket.", "/bucket");
    const auto from = answer->buckets[bucket].from;
    const auto days = days_of(question, interval, calendar);
    const DistributionScan scan(question, state, interval, *days);
    std::vector<Scratch> scratches(how.workers());
    index::People found(state.customers);
    const auto wanted = from ? bucket_of(question.borders, from->scaled()) : std::size_t{0};
    const auto task = [&](unsigned worker, Dense block) -> Result<void> {
        auto& scratch = scratches[worker];
        scan.block(scratch, block, index::block_of(people, block));
        const auto& candidates =
            question.kind == Kind::hour ? scratch.in_hour[bucket] : scratch.seen;
        candidates.each([&](std::uint32_t local) {
            if (question.kind == Kind::hour ||
                bucket_of(question.borders, scan.value(scratch, local)) == wanted)
                found.add(block * index::block_size + local);
        });
        return {};
    };
    if (auto done = index::each_block(index::block_count(state.customers), how, task); !done)
        return fail(done.error());
    return found;
}

Result<Answered<Distribution>> ask(const Asking& asking, const DistributionQuestion& question,
                                   std::string_view at, const access::Principal& who) {
    const auto resolved = resolve(question, asking.vocabulary(), at);
    if (!resolved)
        return fail(resolved.error());
    return asking.answer<Distribution>(
        "distribution", *resolved, at, who, [&](const Ground& ground) {
            return compute(*resolved, *ground.snapshot, ground.people, ground.interval,
                           *ground.calendar, ground.how);
        });
}

Result<audience::Evaluated> people(const Asking& asking, const DistributionQuestion& question,
                                   std::size_t bucket, std::string_view at,
                                   const access::Principal& who) {
    const auto resolved = resolve(question, asking.vocabulary(), at);
    if (!resolved)
        return fail(resolved.error());
    return asking.people(question.frame, at, who, [&](const Ground& ground) {
        return people_behind(*resolved, bucket, *ground.snapshot, ground.people, ground.interval,
                             *ground.calendar, ground.how);
    });
}

}  // namespace qiao::insight
