#include "insight/league_rules.hpp"

#include <algorithm>
#include <functional>

#include "base/check.hpp"

namespace qiao::insight {
namespace {

std::optional<long double> ratio(std::uint64_t part, std::uint64_t base) {
    if (base == 0)
        return std::nullopt;
    return static_cast<long double>(part) / static_cast<long double>(base);
}

}  // namespace

std::optional<LeagueMeasure> league_measure_of_name(std::string_view name) {
    const auto at = std::find(league_measures.begin(), league_measures.end(), name);
    if (at == league_measures.end())
        return std::nullopt;
    return static_cast<LeagueMeasure>(at - league_measures.begin());
}

std::optional<long double> measured(LeagueMeasure measure, const Activity& activity, Day days) {
    switch (measure) {
        case LeagueMeasure::customers:
            return activity.customers;
        case LeagueMeasure::active:
            return activity.active;
        case LeagueMeasure::stickiness:
            return ratio(activity.active_days, activity.active * static_cast<std::uint64_t>(days));
        case LeagueMeasure::transacting:
            return activity.transacting;
        case LeagueMeasure::effective:
            return activity.effective;
        case LeagueMeasure::conversion:
            return ratio(activity.transacting, activity.active);
        case LeagueMeasure::transactions:
            return activity.transactions;
        case LeagueMeasure::value:
            return static_cast<long double>(activity.value) / Decimal::scale;
    }
    check(false);
    return std::nullopt;
}

std::vector<UnitActivity> by_unit(const ActivityByOrg& activity, const access::OrgTree& tree,
                                  std::string_view kind) {
    std::vector<UnitActivity> made;
    std::map<std::string_view, std::size_t> places;
    for (const auto& org : tree.orgs())
        if (org.kind == kind) {
            places.emplace(org.code, made.size());
            made.push_back({&org, {}});
        }
    for (const auto& [code, own] : activity)
        for (const auto& above : tree.path_up(code))
            if (const auto at = places.find(above); at != places.end())
                made[at->second].activity += own;
    return made;
}

Activity total_of(const ActivityByOrg& activity, const access::OrgTree& tree,
                  std::string_view code) {
    Activity total;
    for (const auto& [own_code, own] : activity)
        if (code.empty() || tree.is_within(code, own_code))
            total += own;
    return total;
}

std::vector<std::optional<std::size_t>> ranks(
    const std::vector<std::optional<long double>>& values) {
    std::vector<long double> sorted;
    for (const auto& value : values)
        if (value)
            sorted.push_back(*value);
    std::sort(sorted.begin(), sorted.end(), std::greater<>());
    std::vector<std::optional<std::size_t>> made;
    for (const auto& value : values) {
        if (!value) {
            made.push_back(std::nullopt);
            continue;
        }
        const auto first = std::lower_bound(sorted.begin(), sorted.end(), *value, std::greater<>());
        made.push_back(static_cast<std::size_t>(first - sorted.begin()) + 1);
    }
    return made;
}

}  // namespace qiao::insight
