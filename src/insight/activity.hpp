// What customers do with a product in a period, counted for each unit of the organisation.
//
// A customer counts for the unit that keeps it now (the tag "org"), also in an earlier period: a
// league compares units over the same people. Every customer has one unit, so that the numbers of a
// unit are the sums of those below it, without counting anyone twice.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "index/blocks.hpp"
#include "index/snapshot.hpp"
#include "insight/products.hpp"
#include "insight/question.hpp"

namespace qiao::insight {

struct Activity {
    std::uint64_t customers = 0;     // of the audience
    std::uint64_t active = 0;        // with a use or a transaction in the period
    std::uint64_t active_days = 0;   // sum over them of the civil days on which they were active
    std::uint64_t transacting = 0;   // with a transaction
    std::uint64_t effective = 0;     // with as many and as much as the product asks for
    std::uint64_t transactions = 0;  // rows
    __int128 value = 0;              // of them; scaled by 10^4

    Activity& operator+=(const Activity& other);
    friend bool operator==(const Activity&, const Activity&) = default;
};

// By the customer's own unit; the empty code is of customers without one.
using ActivityByOrg = std::map<std::string, Activity, std::less<>>;

// `interval` covers at most 31 civil days. Errors: index.too_slow, index.cancelled.
Result<ActivityByOrg> activity_by_org(const ProductUse& use, const index::State& state,
                                      const index::People& people, const rule::Interval& interval,
                                      const Calendar& calendar, const index::Execution& how);

enum class Part : std::uint8_t { customers, active, inactive, transacting, effective };
// Whom a number counts. `codes` (sorted): only customers of these units; none: all.
Result<index::People> people_behind(const ProductUse& use, Part part,
                                    const std::optional<std::vector<std::string>>& codes,
                                    const index::State& state, const index::People& people,
                                    const rule::Interval& interval, const Calendar& calendar,
                                    const index::Execution& how);

// Of each day: who was active on it, in the 7 days and in the 30 days that end with it.
struct ActivityPoint {
    Day at = 0;
    std::uint64_t day = 0, week = 0, month = 0;  // DAU, WAU, MAU
};
inline constexpr Day week_days = 7, month_days = 30;
// `days` are units of a day, from month_days - 1 days before the first point on.
Result<std::vector<ActivityPoint>> activity_curve(const ProductUse& use, const index::State& state,
                                                  const index::People& people,
                                                  const std::vector<Unit>& days,
                                                  const index::Execution& how);

}  // namespace qiao::insight
