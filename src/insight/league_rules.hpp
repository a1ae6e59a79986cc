// League tables as pure rules: measures of an activity, sums along the organisation, ranks.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "access/org_tree.hpp"
#include "insight/activity.hpp"

namespace qiao::insight {

enum class LeagueMeasure : std::uint8_t {
    customers,
    active,       // MAU, WAU or DAU, by the unit of time
    stickiness,   // active days per active customer and day of the period: mean DAU / MAU
    transacting,
    effective,
    conversion,   // transacting / active
    transactions,
    value,
};
inline constexpr std::array<std::string_view, 8> league_measures = {
    "customers",  "active",       "stickiness", "transacting", "effective",
    "conversion", "transactions", "value"};

std::optional<LeagueMeasure> league_measure_of_name(std::string_view name);

// Nothing where a rate has no base. `days` are those of the period.
std::optional<long double> measured(LeagueMeasure measure, const Activity& activity, Day days);

// Of each unit of `kind` in the organisation's order: its own and all below it.
struct UnitActivity {
    const access::Org* org = nullptr;  // of the tree
    Activity activity;
};
std::vector<UnitActivity> by_unit(const ActivityByOrg& activity, const access::OrgTree& tree,
                                  std::string_view kind);
// Of everyone below `code`; an empty code is the whole bank.
Activity total_of(const ActivityByOrg& activity, const access::OrgTree& tree,
                  std::string_view code);

// From 1; equal values share a rank and the next one is left out (1, 2, 2, 4); nothing has none.
std::vector<std::optional<std::size_t>> ranks(
    const std::vector<std::optional<long double>>& values);

}  // namespace qiao::insight
