// Activity: what each customer did with a product, added up by the unit that keeps it, and on which
// days.
#include "insight/activity.hpp"

#include "twin/pieces.hpp"

namespace qiao::twin {

using clickhouse::Select;
using insight::Activity;
using insight::ActivityByOrg;
using insight::ActivityPoint;
using insight::ProductUse;
using insight::Unit;

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

// length, day, people who were active in so many days up to that one; days by their numbers.
Select active_people(const Ground& ground, const ProductUse& use, const std::vector<Unit>& days) {
    std::vector<std::string> ways;
    for (const auto* matches : {&use.uses, &use.transactions})
        for (const auto& match : *matches)
            ways.push_back(condition(match));
    auto active =
        facts(ground, {"person", "groupUniqArray(" + unit_number("time_ms", days) + ") AS active"});
    active.where(is_inside({days.front().from_ms, days.back().until_ms}));
    active.where(clickhouse::any_of(ways)).group_by("person");
    Select counted({"length",
                    "arrayDistinct(arrayFlatten(arrayMap(day -> arrayMap(later -> day + "
                    "later, range(length)), active))) AS days"});
    counted.from(active).join("ARRAY JOIN [1, " + std::to_string(insight::week_days) + ", " +
                              std::to_string(insight::month_days) + "] AS length");
    Select made({"length", "day", "count()"});
    made.from(counted).join("ARRAY JOIN days AS day").group_by("length, day");
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

Result<std::vector<ActivityPoint>> ask(const Ground& ground, const ProductUse& use,
                                       const std::vector<Unit>& days) {
    constexpr std::size_t before = insight::month_days - 1;
    std::vector<ActivityPoint> points;
    for (std::size_t i = before; i < days.size(); ++i)
        points.push_back({days[i].day});
    if (points.empty())
        return points;
    const auto rows = ground.connection.ask(active_people(ground, use, days).text());
    if (!rows)
        return fail(rows.error());
    for (const auto& row : *rows) {
        const auto length = number_at(row, 0);
        const auto day = count_at(row, 1);
        if (day < before || day >= days.size())
            continue;
        auto& point = points[day - before];
        auto& people = length == 1                    ? point.day
                       : length == insight::week_days ? point.week
                                                      : point.month;
        people = count_at(row, 2);
    }
    return points;
}

}  // namespace qiao::twin
