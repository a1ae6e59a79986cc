#include "engage/return_rules.hpp"

namespace qiao::engage {
namespace {

std::optional<Decimal> shared(Decimal cost, double among) {
    if (among <= 0)
        return std::nullopt;
    const auto each = Decimal::from_double(cost.to_double() / among);
    return each ? std::optional(*each) : std::nullopt;
}

std::optional<Decimal> decimal(double number) {
    const auto made = Decimal::from_double(number);
    return made ? std::optional(*made) : std::nullopt;
}

// Of as many treated people, those beyond what the control arm predicts.
std::optional<double> beyond(const std::optional<Lift>& lift) {
    if (!lift || !is_sure_gain(*lift))
        return std::nullopt;
    return lift->difference * static_cast<double>(lift->treated.people);
}

std::optional<Decimal> shared(Decimal cost, const std::optional<Lift>& lift) {
    return lift ? shared(cost, static_cast<double>(lift->treated.converted)) : std::nullopt;
}

}  // namespace

bool is_sure_gain(const Lift& lift) { return lift.has_enough_data && lift.interval.low > 0; }

Returns judge_returns(Decimal cost, const Reached& reached, const Lifts& lifts,
                      const std::optional<ArmIncomes>& incomes) {
    Returns made;
    made.cost = cost;
    made.per_delivered = shared(cost, static_cast<double>(reached.delivered));
    made.per_clicked = shared(cost, static_cast<double>(reached.clicked));
    made.per_converted = shared(cost, static_cast<double>(reached.converted));
    made.per_acquired = shared(cost, lifts.acquired);
    made.per_activated = shared(cost, lifts.activated);
    made.incremental_acquired = beyond(lifts.acquired);
    made.incremental_activated = beyond(lifts.activated);
    if (incomes)
        made.income = incomes->treated;
    made.incremental = beyond(lifts.converted);
    if (!made.incremental)
        return made;
    made.per_incremental = shared(cost, *made.incremental);
    if (!incomes)
        return made;
    const auto& lift = *lifts.converted;
    const double expected = incomes->control.to_double() *
                            static_cast<double>(lift.treated.people) /
                            static_cast<double>(lift.control.people);
    made.incremental_income = decimal(incomes->treated.to_double() - expected);
    if (made.incremental_income)
        made.gain = decimal(made.incremental_income->to_double() - cost.to_double());
    return made;
}

}  // namespace qiao::engage
