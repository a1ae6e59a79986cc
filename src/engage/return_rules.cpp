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

}  // namespace

bool is_sure_gain(const Lift& lift) { return lift.has_enough_data && lift.interval.low > 0; }

Returns judge_returns(Decimal cost, const Reached& reached, const std::optional<Lift>& lift,
                      const std::optional<ArmIncomes>& incomes) {
    Returns made;
    made.cost = cost;
    made.per_delivered = shared(cost, static_cast<double>(reached.delivered));
    made.per_clicked = shared(cost, static_cast<double>(reached.clicked));
    made.per_converted = shared(cost, static_cast<double>(reached.converted));
    if (incomes)
        made.income = incomes->treated;
    if (!lift || !is_sure_gain(*lift))
        return made;
    const auto treated = static_cast<double>(lift->treated.people);
    made.incremental = lift->difference * treated;
    made.per_incremental = shared(cost, *made.incremental);
    if (!incomes)
        return made;
    const double expected =
        incomes->control.to_double() * treated / static_cast<double>(lift->control.people);
    made.incremental_income = decimal(incomes->treated.to_double() - expected);
    if (made.incremental_income)
        made.gain = decimal(made.incremental_income->to_double() - cost.to_double());
    return made;
}

}  // namespace qiao::engage
