// Attribution: each goal with the touches before it, and what each of them gets.
#include <algorithm>

#include "twin/pieces.hpp"

namespace qiao::twin {

using clickhouse::Select;
using insight::Attribution;
using insight::AttributionQuestion;
using insight::Model;

namespace {

constexpr std::size_t most_groups = 100'000;

// The part of a goal that the touch at `at` (its place is `i`) of `touches` gets; a touch is (time,
// group), and they ascend by time.
std::string share(const AttributionQuestion& question) {
    const std::string count = "length(touches)", first = "touches[1].1", last = "touches[-1].1";
    const std::string firsts = "arrayCount(other -> other.1 = " + first + ", touches)";
    const std::string lasts = "arrayCount(other -> other.1 = " + last + ", touches)";
    const std::string evenly = "1 / " + count;
    const std::string weight_of =
        "exp2(-(" + last + " - other.1) / " + std::to_string(question.half_life.count()) + ")";
    switch (question.model) {
        case Model::first:
            return "if(touch.1 = " + first + ", 1 / " + firsts + ", 0)";
        case Model::last:
            return "if(touch.1 = " + last + ", 1 / " + lasts + ", 0)";
        case Model::linear:
            return evenly;
        case Model::position: {
            const std::string rest = "(" + count + " - " + firsts + " - " + lasts + ")";
            const std::string end = "if(" + rest + " > 0, 0.4, 0.5)";
            return "multiIf(" + first + " = " + last + ", " + evenly + ", touch.1 = " + first +
                   ", " + end + " / " + firsts + ", touch.1 = " + last + ", " + end + " / " +
                   lasts + ", 0.2 / " + rest + ")";
        }
        case Model::decay:
            return "exp2(-(" + last + " - touch.1) / " +
                   std::to_string(question.half_life.count()) + ") / arraySum(other -> " +
                   weight_of + ", touches)";
        case Model::shapley:
            // Evenly to the groups; within a group it does not matter how.
            return "1 / arrayUniq(arrayMap(other -> (isNull(other.2), ifNull(other.2, " +
                   std::string(question.by_type == ValueType::number ||
                                       question.by_type == ValueType::boolean ||
                                       question.by_type == ValueType::time
                                   ? "0"
                                   : "''") +
                   ")), touches)) / arrayCount(other -> other.2 IS NOT DISTINCT FROM touch.2, "
                   "touches)";
    }
    return evenly;
}

std::string is_touch(const AttributionQuestion& question) {
    std::vector<std::string> ways;
    for (const auto& touch : question.touches)
        ways.push_back(condition(touch));
    return clickhouse::any_of(ways);
}

// person, value of the goal (null: none), touches: one row for every goal.
Select goals_of(const Ground& ground, const AttributionQuestion& question) {
    const auto window = std::to_string(question.window.count());
    const auto is_goal =
        "(" + condition(question.goal) + " AND " + is_inside(ground.interval) + ")";
    const auto group = group_column(question.by, question.by_type, "tags").value;
    const auto value = question.value.empty()
                           ? std::string("CAST(NULL, 'Nullable(Int64)')")
                           : property_cell(question.value, ValueType::number).or_null();
    const rule::Interval near{ground.interval.from_ms - question.window.count(),
                              ground.interval.until_ms};
    auto rows = facts(ground, {"person", "arraySort(row -> row.1, groupArray((time_ms, " + group +
                                             ", toUInt8(" + is_goal + "), toUInt8(" +
                                             is_touch(question) + "), " + value + "))) AS rows"});
    rows.where(is_inside(near)).where("(" + is_goal + " OR " + is_touch(question) + ")");
    rows.group_by("person").having("countIf(" + is_goal + ") > 0");
    // A row is no touch of itself.
    Select goals({"person", "rows[i].5 AS value",
                  "arrayMap(row -> (row.1, row.2), arrayFilter((row, at) -> row.4 = 1 AND at "
                  "!= i AND row.1 <= rows[i].1 AND row.1 >= rows[i].1 - " +
                      window + ", rows, arrayEnumerate(rows))) AS touches"});
    goals.from(rows).join("ARRAY JOIN arrayFilter(i -> rows[i].3 = 1, arrayEnumerate(rows)) AS i");
    return goals;
}

}  // namespace

Result<Attribution> ask(const Ground& ground, const AttributionQuestion& question) {
    const auto goals = goals_of(ground, question);
    Select totals({"count()", "countIf(empty(touches))", "sum(toFloat64(ifNull(value, 0)))"});
    totals.from(goals);
    ground.connection.expect(2);
    const auto total = ground.connection.ask(totals.text());
    if (!total)
        return fail(total.error());
    Select touched({"person", "value", "touches", "touch"});
    touched.from(goals).join("ARRAY JOIN touches AS touch");
    Select shared({"person", "value", "touch.2 AS grp", share(question) + " AS part"});
    shared.from(touched);
    Select groups(
        {"grp", "sum(part)", "sum(part * ifNull(value, 0))", "count()", "uniqExact(person)"});
    groups.from(shared).group_by("grp").limit(most_groups + 1);
    const auto rows = ground.connection.ask(groups.text());
    if (!rows)
        return fail(rows.error());
    if (rows->size() > most_groups)
        return insight::too_many_groups();

    Attribution made;
    const bool has_value = !question.value.empty();
    const auto real = [](const boost::json::value& number) { return number.to_number<double>(); };
    made.conversions = count_at(total->at(0), 0);
    made.unattributed = count_at(total->at(0), 1);
    if (has_value)
        made.value = real(total->at(0)[2]) / Decimal::scale;
    const auto type =
        question.by.kind == insight::By::Kind::event ? ValueType::string : question.by_type;
    for (const auto& row : *rows) {
        Attribution::Row one{{group_value(row[0], type)},
                             real(row[1]),
                             std::nullopt,
                             count_at(row, 3),
                             count_at(row, 4)};
        if (has_value)
            one.value = real(row[2]) / Decimal::scale;
        made.rows.push_back(std::move(one));
    }
    insight::arrange(made);
    return made;
}

}  // namespace qiao::twin
