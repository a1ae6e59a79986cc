// Intervals: each first event with the next `then` of the same customer.
#include "twin/pieces.hpp"

namespace qiao::twin {

using clickhouse::Select;
using insight::IntervalQuestion;
using insight::Intervals;

namespace {

// person, spent: one row for every pair.
Select pairs_of(const Ground& ground, const IntervalQuestion& question) {
    const auto first = condition(question.first), then = condition(question.then);
    auto moments = facts(ground, {"person", "time_ms", "countIf(" + first + ") AS firsts",
                                  "countIf(" + then + ") > 0 AS has_then",
                                  "countIf(" + then + " AND NOT " + first + ") > 0 AS has_other"});
    moments.where(is_inside(ground.interval)).where("(" + first + " OR " + then + ")");
    moments.group_by("person, time_ms");
    Select sorted({"person",
                   "arraySort(groupArray((time_ms, firsts, has_then, has_other))) AS rows",
                   "arrayMap(row -> row.1, arrayFilter(row -> row.3, rows)) AS thens",
                   "arrayCumSum(row -> row.3, rows) AS thens_until"});
    sorted.from(moments).group_by("person");
    // At the same moment only what is not a first event itself.
    Select nexts({"person", "rows[i].2 AS firsts",
                  "multiIf(rows[i].4, toInt64(0), thens_until[i] < length(thens), "
                  "thens[thens_until[i] + 1] - rows[i].1, toInt64(-1)) AS spent"});
    nexts.from(sorted).join(
        "ARRAY JOIN arrayFilter(i -> rows[i].2 > 0, arrayEnumerate(rows)) AS i");
    Select pairs({"person", "spent"});
    pairs.from(nexts).join("ARRAY JOIN range(firsts) AS each");
    pairs.where("spent >= 0").where("spent <= " + std::to_string(question.window.count()));
    return pairs;
}

}  // namespace

Result<Intervals> ask(const Ground& ground, const IntervalQuestion& question) {
    const auto borders = insight::duration_borders(question.window.count());
    Select totals({"count()", "uniqExact(person)", nearest_rank("spent", "1", 0.5),
                   nearest_rank("spent", "1", 0.9)});
    for (auto& column : counts_between("spent", "1", borders))
        totals.column(std::move(column));
    totals.from(pairs_of(ground, question));
    const auto rows = ground.connection.ask(totals.text());
    if (!rows)
        return fail(rows.error());
    const auto& row = rows->at(0);
    Intervals made;
    made.interval = ground.interval;
    made.pairs = count_at(row, 0);
    made.people = count_at(row, 1);
    made.median_ms = maybe_number_at(row, 2);
    made.p90_ms = maybe_number_at(row, 3);
    for (std::size_t i = 0; i < borders.size(); ++i)
        made.buckets.push_back({borders[i], count_at(row, 4 + i)});
    return made;
}

}  // namespace qiao::twin
