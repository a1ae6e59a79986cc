// Distribution: a number for each customer, counted by its bucket, or rows by their hour.
#include "twin/pieces.hpp"

namespace qiao::twin {

using clickhouse::Select;
using insight::Distribution;
using insight::DistributionQuestion;
using Kind = DistributionQuestion::Kind;

namespace {

struct Counted {
    std::vector<std::uint64_t> people, rows;
    Counted(const clickhouse::Rows& read, std::size_t buckets) : people(buckets), rows(buckets) {
        for (const auto& row : read) {
            people.at(count_at(row, 0)) = count_at(row, 1);
            rows.at(count_at(row, 0)) = count_at(row, 2);
        }
    }
};

Select matching(const Ground& ground, const DistributionQuestion& question,
                std::vector<std::string> columns) {
    auto rows = facts(ground, std::move(columns));
    rows.where(is_inside(ground.interval)).where(condition(question.doing));
    return rows;
}

Result<Distribution> by_hour(const Ground& ground, const DistributionQuestion& question,
                             const std::vector<insight::Unit>& days) {
    constexpr std::size_t hours = 24;
    Distribution made;
    if (days.empty()) {
        made.buckets =
            insight::hours_of(std::vector<std::uint64_t>(hours), std::vector<std::uint64_t>(hours));
        return made;
    }
    auto by_hour =
        matching(ground, question,
                 {"least(intDiv(time_ms - " + unit_of("time_ms", days) + ", 3600000), 23) AS hour",
                  "uniqExact(person)", "count()"});
    by_hour.group_by("hour");
    ground.connection.expect(2);
    const auto rows = ground.connection.ask(by_hour.text());
    if (!rows)
        return fail(rows.error());
    const auto people =
        ground.connection.ask(matching(ground, question, {"uniqExact(person)"}).text());
    if (!people)
        return fail(people.error());
    const Counted counted(*rows, hours);
    made.people = count_at(people->at(0), 0);
    made.buckets = insight::hours_of(counted.people, counted.rows);
    return made;
}

// What a customer's rows come to, scaled, within 64 bits.
std::string value_of(const DistributionQuestion& question, const Calendar& calendar) {
    const auto whole = [](const std::string& count) {
        return "toInt64(" + count + ") * " + std::to_string(Decimal::scale);
    };
    if (question.kind == Kind::count)
        return whole("count()");
    if (question.kind == Kind::days)
        return whole("uniqExact(" + day_of("time_ms", calendar) + ")");
    const auto cell = property_cell(question.property, ValueType::number);
    return "toInt64(least(greatest(sumIf(toInt128(" + cell.value + "), " + cell.present +
           "), toInt128(-9223372036854775807)), toInt128(9223372036854775807)))";
}

}  // namespace

Result<Distribution> ask(const Ground& ground, const DistributionQuestion& question) {
    const auto days = insight::days_of(question, ground.interval, *ground.moment.calendar);
    if (!days)
        return fail(days.error());
    if (question.kind == Kind::hour)
        return by_hour(ground, question, *days);
    auto people =
        matching(ground, question,
                 {value_of(question, *ground.moment.calendar) + " AS value", "count() AS rows"});
    people.group_by("person");

    std::vector<std::int64_t> borders;
    for (const auto border : question.borders)
        borders.push_back(border.scaled());
    // 0: below the first border.
    Select buckets({"arrayCount(border -> border <= value, " +
                        clickhouse::numbers_literal(borders) + ") AS bucket",
                    "count()", "sum(rows)"});
    buckets.from(people).group_by("bucket");
    ground.connection.expect(2);
    const auto rows = ground.connection.ask(buckets.text());
    if (!rows)
        return fail(rows.error());
    Select totals({"count()", "toString(sum(toInt128(value)))", nearest_rank("value", "1", 0.5),
                   nearest_rank("value", "1", 0.9)});
    totals.from(people);
    const auto total = ground.connection.ask(totals.text());
    if (!total)
        return fail(total.error());

    Distribution made;
    const Counted counted(*rows, borders.size() + 1);
    const auto& row = total->at(0);
    made.people = count_at(row, 0);
    made.buckets = insight::buckets_of(question.borders, counted.people, counted.rows);
    made.mean = insight::mean_of(wide_at(row, 1), made.people);
    if (const auto median = maybe_number_at(row, 2))
        made.median = Decimal::from_scaled(*median);
    if (const auto p90 = maybe_number_at(row, 3))
        made.p90 = Decimal::from_scaled(*p90);
    return made;
}

}  // namespace qiao::twin
