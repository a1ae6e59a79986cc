// Rule trees as SQL over the views facts, people and traits.
#pragma once

#include <string>

#include "base/rule.hpp"
#include "clickhouse/sql.hpp"

namespace qiao::twin {

struct Moment {
    Time as_of{};
    const Calendar* calendar = nullptr;
};

// A condition on the column `person`: the customer belongs to the group. `rule` is resolved.
std::string members(const rule::Node& rule, const Moment& moment);
// Everyone for whom it holds: SELECT person ….
clickhouse::Select people_of(const rule::Node& rule, const Moment& moment);

// The civil day of a row.
std::string day_of(const std::string& time_ms, const Calendar& calendar);

}  // namespace qiao::twin
