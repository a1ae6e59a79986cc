// Distribution: how often, how much, on how many days, or at which hour people do something.
#pragma once

#include "insight/asking.hpp"

namespace qiao::insight {

struct DistributionQuestion {
    enum class Kind : std::uint8_t { count, sum, days, hour };
    Doing doing;  // an event or any
    Kind kind = Kind::count;
    std::string property;          // of sum
    std::vector<Decimal> borders;  // ascending; not of hours
    Frame frame;
};
Result<DistributionQuestion> parse_distribution(const boost::json::value& json,
                                                std::string_view at = "");
Result<DistributionQuestion> resolve(DistributionQuestion question,
                                     const rule::Vocabulary& vocabulary, std::string_view at);

struct Distribution {
    // [from, to); `from` is empty below the first border, `to` above the last. Hours are 0 to 24,
    // counted from the institution's midnight.
    struct Bucket {
        std::optional<Decimal> from, to;
        std::uint64_t people = 0, rows = 0;
    };
    std::vector<Bucket> buckets;  // one below the first border only where people are in it
    std::uint64_t people = 0;     // who did it at all
    std::optional<Decimal> mean, median, p90;  // of the people's values, nearest rank; not of hours
};

// The buckets from what lies below the first border (at 0) and from each border on.
std::vector<Distribution::Bucket> buckets_of(const std::vector<Decimal>& borders,
                                             const std::vector<std::uint64_t>& people,
                                             const std::vector<std::uint64_t>& rows);
std::vector<Distribution::Bucket> hours_of(const std::vector<std::uint64_t>& people,
                                           const std::vector<std::uint64_t>& rows);
std::optional<Decimal> mean_of(__int128 sum, std::uint64_t count);
// Whole days, so that hours count from midnight. Error: insight.too_many_units.
Result<std::vector<Unit>> days_of(const DistributionQuestion& question,
                                  const rule::Interval& interval, const Calendar& calendar);

// Errors: index.too_slow, insight.too_many_units.
Result<Distribution> compute(const DistributionQuestion& question, const index::State& state,
                             const index::People& people, const rule::Interval& interval,
                             const Calendar& calendar, const index::Execution& how);

// The people of a bucket of that answer. Error also: insight.no_such_point.
Result<index::People> people_behind(const DistributionQuestion& question, std::size_t bucket,
                                    const index::State& state, const index::People& people,
                                    const rule::Interval& interval, const Calendar& calendar,
                                    const index::Execution& how);

Result<Answered<Distribution>> ask(const Asking& asking, const DistributionQuestion& question,
                                   std::string_view at, const access::Principal& who);
Result<audience::Evaluated> people(const Asking& asking, const DistributionQuestion& question,
                                   std::size_t bucket, std::string_view at,
                                   const access::Principal& who);

}  // namespace qiao::insight
