// What a campaign cost for each that it reached and won, and what it brought in. Pure; money is
// CNY.
//
// Acquired: treated as no customer, and a customer by the steps of acquisition when the goal's
// window of the last entry has ended (until then: now). Activated: treated as a customer who had
// done nothing in the 30 days before, and did something within the goal's window after
// (insight/activation.hpp). Whether somebody was a customer is what the entry's fact says, so that
// nobody is both by one entry.
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

// The arms compared by who converted, who was acquired, who was activated; nothing without a goal,
// or where it is not known.
struct Lifts {
    std::optional<Lift> converted, acquired, activated;
};

struct Returns {
    Decimal cost;                                                      // of the messages, as booked
    std::optional<Decimal> per_delivered, per_clicked, per_converted;  // nothing for nobody
    std::optional<Decimal> per_acquired, per_activated;
    // People who converted, were acquired or activated because of the campaign.
    std::optional<double> incremental, incremental_acquired, incremental_activated;
    std::optional<Decimal> per_incremental;
    std::optional<Decimal> income;              // of the treated
    std::optional<Decimal> incremental_income;  // because of the campaign
    std::optional<Decimal> gain;                // incremental income less cost
    friend bool operator==(const Returns&, const Returns&) = default;
};
Returns judge_returns(Decimal cost, const Reached& reached, const Lifts& lifts,
                      const std::optional<ArmIncomes>& incomes);

bool is_sure_gain(const Lift& lift);

}  // namespace qiao::engage
