// Funnels: chains by customer (and held value), folded twice: for the longest chain and its latest
// start, then from that start for the earliest moment of each step.
#include "twin/pieces.hpp"
#include "twin/sequence.hpp"

namespace qiao::twin {

using clickhouse::Select;
using insight::Funnel;
using insight::FunnelQuestion;

namespace {

class FunnelSql {
public:
    FunnelSql(const Ground& ground, const FunnelQuestion& question)
        : ground_(ground),
          question_(question),
          shape_(shape_of(question.steps, std::to_string(question.window.count()))) {}

    // One row for everyone who did the first step: person, reached, start_ms, and times[k], the
    // milliseconds from there to step k.
    Select people() const {
        const auto starts = fold_chains(shape_, "moments", Keep::latest_start);
        Select chains({"person", "moments", starts + " AS starts"});
        chains.from(moments_of(hits(), "person, held", shape_));
        // The longest chain of all held values; of several, the latest.
        const std::string best = "arrayReverseSort(groupArray((" + reached_of("starts") +
                                 " AS length, starts[length])))";
        Select longest({"person", best + "[1] AS best", "groupArray(moments) AS by_held"});
        longest.from(chains).where("starts[1] != " + std::string(no_time)).group_by("person");
        const auto again = fold_chains(shape_, "moments", Keep::first_moment, "moment.1 = best.2");
        Select firsts({"person", "best",
                       "arrayMap(at -> if(at = " + std::string(no_time) + ", -(" + no_time +
                           "), at), " + again + ") AS firsts"});
        firsts.from(longest).join("ARRAY JOIN by_held AS moments");
        Select made({"person", "any(best).1 AS reached", "any(best).2 AS start_ms",
                     "arrayMap(at -> at - start_ms, minForEach(firsts)) AS times"});
        made.from(firsts).group_by("person");
        return made;
    }

    // Columns of an aggregate over people().
    std::vector<std::string> reached_counts() const { return counts_by_step(shape_.steps); }
    std::string last_time() const { return "times[" + std::to_string(shape_.steps) + "]"; }
    std::string is_complete() const { return "reached = " + std::to_string(shape_.steps); }

    // What the first step carried at its moment: of several rows the least.
    std::string join_of_property(const std::string& value) const {
        auto rows = facts(ground_, {"person", "time_ms", "min(" + value + ") AS value"});
        rows.where(is_inside(ground_.interval)).where(condition(question_.steps[0]));
        rows.group_by("person, time_ms");
        return "LEFT JOIN " + within(rows) +
               " AS carried ON chains.person = carried.person AND chains.start_ms = "
               "carried.time_ms";
    }

private:
    // person, held, time_ms, steps, breaks.
    Select hits() const {
        std::string breaks = "toUInt32(0)";
        for (const auto& exclude : question_.exclude)
            breaks = "bitOr(" + breaks + ", " + bit_of(exclude.match, exclude.after) + ")";
        const auto held = question_.hold.empty()
                              ? std::string("toNullable('')")
                              : group_column({insight::By::Kind::property, question_.hold},
                                             question_.hold_type, "")
                                    .value;
        auto rows = facts(ground_, {"person", "time_ms", bits_of(question_.steps) + " AS steps",
                                    breaks + " AS breaks", held + " AS held"});
        rows.where(is_inside(ground_.interval)).where("(steps != 0 OR breaks != 0)");
        if (question_.hold.empty())
            return rows;
        return with_held_values(rows);
    }
    // A row that lacks the held property is no step, but breaks chains of every value.
    static Select with_held_values(const Select& rows) {
        Select values({"DISTINCT person", "held AS value"});
        values.from(rows).where("bitTest(steps, 0)").where("held IS NOT NULL");
        Select made({"person", "known.value AS held", "time_ms",
                     "if(hits.held IS NULL, toUInt32(0), steps) AS steps", "breaks"});
        made.from(rows, "hits").join("INNER JOIN " + within(values) + " AS known USING (person)");
        made.where("(hits.held IS NULL OR hits.held = known.value)");
        return made;
    }

    const Ground& ground_;
    const FunnelQuestion& question_;
    ChainShape shape_;
};

Result<void> add_totals(Funnel& made, const Ground& ground, const FunnelQuestion& question,
                        const FunnelSql& sql) {
    const auto steps = question.steps.size();
    Select totals(sql.reached_counts());
    for (std::size_t step = 2; step <= steps; ++step) {
        const auto number = std::to_string(step);
        totals.column(nearest_rank("times[" + number + "]", "reached >= " + number, 0.5));
    }
    const auto borders = insight::duration_borders(question.window.count());
    for (auto& column : counts_between(sql.last_time(), sql.is_complete(), borders))
        totals.column(std::move(column));
    totals.from(sql.people());
    const auto rows = ground.connection.ask(totals.text());
    if (!rows)
        return fail(rows.error());
    const auto& row = rows->at(0);
    made.steps = counts_from(row, 0, steps);
    made.median_ms.emplace_back();
    for (std::size_t step = 1; step < steps; ++step)
        made.median_ms.push_back(maybe_number_at(row, steps + step - 1));
    for (std::size_t i = 0; i < borders.size(); ++i)
        made.times.push_back({borders[i], count_at(row, steps + (steps - 1) + i)});
    return {};
}

Result<void> add_groups(Funnel& made, const Ground& ground, const FunnelQuestion& question,
                        const FunnelSql& sql) {
    auto group = group_column(question.by[0], question.by_type, "carried");
    if (group.join.empty()) {
        group.join = sql.join_of_property(group.value);
        group.value = "carried.value";
    }
    Select groups({group.value + " AS value"});
    for (auto& column : sql.reached_counts())
        groups.column(std::move(column));
    groups.from(sql.people(), "chains").join(group.join).group_by("value");
    const auto rows = ground.connection.ask(groups.text());
    if (!rows)
        return fail(rows.error());
    for (const auto& row : *rows)
        made.groups.push_back(
            {{group_value(row[0], question.by_type)}, counts_from(row, 1, question.steps.size())});
    insight::arrange(made);
    return {};
}

// A customer may be in several groups of a split: each has its own columns.
Result<void> add_split(Funnel& made, const Ground& ground, const FunnelQuestion& question,
                       const FunnelSql& sql) {
    Select people({"reached"});
    std::vector<std::string> groups;
    for (const auto& rule : question.split.rules) {
        groups.push_back("in_" + std::to_string(groups.size()));
        people.column(members(*rule, ground.moment) + " AS " + groups.back());
    }
    groups.push_back("NOT (" + clickhouse::any_of(groups) + ")");
    people.from(sql.people());
    const auto steps = question.steps.size();
    Select counts(std::vector<std::string>{});
    for (const auto& group : groups)
        for (std::size_t step = 1; step <= steps; ++step)
            counts.column("countIf(reached >= " + std::to_string(step) + " AND " + group + ")");
    counts.from(people);
    const auto rows = ground.connection.ask(counts.text());
    if (!rows)
        return fail(rows.error());
    for (std::size_t i = 0; i < groups.size(); ++i)
        made.groups.push_back(
            {question.split.group(i), counts_from(rows->at(0), i * steps, steps)});
    return {};
}

Result<void> add_series(Funnel& made, const Ground& ground, const FunnelQuestion& question,
                        const FunnelSql& sql) {
    const auto units =
        insight::limited_units(ground.interval, *question.per, *ground.moment.calendar, "/per");
    if (!units)
        return fail(units.error());
    const auto steps = question.steps.size();
    for (const auto& unit : *units)
        made.series.push_back({unit.day, Funnel::Counts(steps)});
    if (units->empty())
        return {};
    Select series({unit_number("start_ms", *units) + " AS unit"});
    for (auto& column : sql.reached_counts())
        series.column(std::move(column));
    series.from(sql.people()).group_by("unit");
    const auto rows = ground.connection.ask(series.text());
    if (!rows)
        return fail(rows.error());
    for (const auto& row : *rows)
        made.series.at(count_at(row, 0)).steps = counts_from(row, 1, steps);
    return {};
}

}  // namespace

Result<Funnel> ask(const Ground& ground, const FunnelQuestion& question) {
    const FunnelSql sql(ground, question);
    Funnel made;
    made.interval = ground.interval;
    ground.connection.expect(2 + std::size_t(!question.by.empty()) +
                             std::size_t(!question.split.empty()) +
                             std::size_t(question.per.has_value()));
    const auto rows = ground.connection.ask(people(ground, {"count()"}).text());
    if (!rows)
        return fail(rows.error());
    made.total = count_at(rows->at(0), 0);
    auto done = add_totals(made, ground, question, sql);
    if (done && !question.by.empty())
        done = add_groups(made, ground, question, sql);
    if (done && !question.split.empty())
        done = add_split(made, ground, question, sql);
    if (done && question.per)
        done = add_series(made, ground, question, sql);
    if (!done)
        return fail(done.error());
    return made;
}

}  // namespace qiao::twin
