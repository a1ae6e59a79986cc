// Activity: what each customer did with a product, added up by the unit that keeps it.
#include "insight/activity.hpp"

#include "twin/pieces.hpp"

namespace qiao::twin {

using clickhouse::Select;
using insight::Activity;
using insight::ActivityByOrg;
using insight::ProductUse;

namespace {

// person, days, transactions, value: of everyone with a use or a transaction in the period.
Select doings_of(const Ground& ground, const ProductUse& use) {
    const auto days =
        insight::units_of(ground.interval, insight::Per::day, *ground.moment.calendar);
    std::vector<std::string> ways, transactions = {"toUInt64(0)"};
    for (const auto& match : use.uses)
        ways.push_back(condition(match));
    for (const auto& match : use.transactions) {
        ways.push_back(condition(match));
        transactions.push_back("toUInt64(" + ways.back() + ")");
    }
    const auto amount = property_cell(use.value, ValueType::number);
    auto rows = facts(ground, {"person", unit_number("time_ms", days) + " AS day",
                               clickhouse::joined(transactions, " + ") + " AS done",
                               (use.value.empty() ? "toInt64(0)"
                                                  : "if(" + amount.present + ", " + amount.value +
                                                        ", toInt64(0))") +
                                   " AS amount"});
    rows.where(is_inside(ground.interval)).where(clickhouse::any_of(ways));
    Select made({"person", "uniqExact(day) AS days", "sum(done) AS transactions",
                 "sum(toInt128(amount) * toInt128(done)) AS value"});
    made.from(rows).group_by("person");
    return made;
}

// org, and what its customers come to; those without one have an empty org.
Select activity_of(const Ground& ground, const ProductUse& use) {
    const auto org = group_column({insight::By::Kind::tag, "org"}, ValueType::string, "orgs");
    Select customers({"ifNull(" + org.value + ", '') AS org", "ifNull(did.days, 0) AS active_days",
                      "ifNull(did.transactions, 0) AS done",
                      "ifNull(did.value, toInt128(0)) AS amount"});
    customers.from(people(ground, {"person"}), "customers");
    customers.join("LEFT JOIN " + within(doings_of(ground, use)) + " AS did USING (person)");
    customers.join(org.join);
    const std::string is_effective = "done >= " + std::to_string(use.effective_transactions) +
                                     " AND amount >= " + std::to_string(use.effective_value);
    Select made({"org", "count()", "countIf(active_days > 0)", "sum(active_days)",
                 "countIf(done > 0)", "countIf(" + is_effective + ")", "sum(done)",
                 "toString(sum(amount))"});
    made.from(customers).group_by("org");
    return made;
}

}  // namespace

Result<ActivityByOrg> ask(const Ground& ground, const ProductUse& use) {
    const auto rows = ground.connection.ask(activity_of(ground, use).text());
    if (!rows)
        return fail(rows.error());
    ActivityByOrg made;
    for (const auto& row : *rows) {
        Activity activity;
        activity.customers = count_at(row, 1);
        activity.active = count_at(row, 2);
        activity.active_days = count_at(row, 3);
        activity.transacting = count_at(row, 4);
        activity.effective = count_at(row, 5);
        activity.transactions = count_at(row, 6);
        activity.value = wide_at(row, 7);
        made.emplace(row.at(0).as_string(), activity);
    }
    return made;
}

}  // namespace qiao::twin
