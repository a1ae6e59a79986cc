// What a campaign cost for each that it reached, and what it brought in. Pure; money is CNY.
//
// What is owed to the campaign is what its treated people did beyond what the control arm predicts
// for as many people. It is told only where the lift is sure: enough data, and its whole 95 %
// interval above zero.
#pragma once

#include <cstdint>
#include <optional>

#include "base/decimal.hpp"
#include "engage/lift_rules.hpp"

namespace qiao::engage {

struct Reached {
    std::int64_t delivered = 0, clicked = 0, converted = 0;  // people
};
// What the goals of each arm's people are worth to the bank.
struct ArmIncomes {
    Decimal treated, control;
};

struct Returns {
    Decimal cost;                                                      // of the messages, as booked
    std::optional<Decimal> per_delivered, per_clicked, per_converted;  // nothing for nobody
    std::optional<double> incremental;  // people who converted because of the campaign
    std::optional<Decimal> per_incremental;
    std::optional<Decimal> income;              // of the treated
    std::optional<Decimal> incremental_income;  // because of the campaign
    std::optional<Decimal> gain;                // incremental income less cost
    friend bool operator==(const Returns&, const Returns&) = default;
};
Returns judge_returns(Decimal cost, const Reached& reached, const std::optional<Lift>& lift,
                      const std::optional<ArmIncomes>& incomes);

bool is_sure_gain(const Lift& lift);

}  // namespace qiao::engage
