// Retention and lifecycle: a customer's units, counted by cohort and by stage.
#include <algorithm>

#include "twin/pieces.hpp"

namespace qiao::twin {

using clickhouse::Select;
using insight::Retention;
using insight::RetentionQuestion;

namespace {

class RetentionSql {
public:
    RetentionSql(const Ground& ground, const RetentionQuestion& question,
                 const insight::RetentionUnits& units)
        : ground_(ground), question_(question), units_(units) {}

    // cohort, value of the group, size, counts of those who came back by unit.
    Select counted() const { return counted(group_of()); }
    // … where the value is the number of a group of the split; a customer may be in several.
    Select counted_by_split() const {
        return counted({"arrayJoin(" + groups_of(question_.split, ground_.moment) + ")", {}});
    }

private:
    Select counted(const GroupColumn& group) const {
        const auto offsets = "range(0, " + std::to_string(question_.periods + 1) + ")";
        // The last `then` of a unit is not before the first event: only in the cohort's own unit
        // can it be.
        const std::string in_unit =
            "mapContains(last_then, cohort + k) AND last_then[cohort + k] >= began.1";
        const std::string came = question_.is_unbounded
                                     ? "arrayExists((unit, at) -> unit >= cohort + k AND at >= "
                                       "began.1, mapKeys(last_then), mapValues(last_then))"
                                     : in_unit;
        Select cohorts({"person", "began", unit_number("began.1", units_.all) + " AS cohort",
                        "arrayMap(k -> toUInt64(" + came + "), " + offsets + ") AS came_back"});
        cohorts.from(people()).where(is_inside_first());
        Select made({"cohort", group.value + " AS value", "count()", "sumForEach(came_back)"});
        made.from(cohorts, "cohorts");
        if (!group.join.empty())
            made.join(group.join);
        made.group_by("cohort, value");
        return made;
    }
    bool has_property() const {
        return !question_.by.empty() && question_.by[0].kind != insight::By::Kind::tag;
    }
    std::string is_inside_first() const {
        return "began.1 >= " + std::to_string(ground_.interval.from_ms) + " AND began.1 < " +
               std::to_string(ground_.interval.until_ms);
    }
    GroupColumn group_of() const {
        if (question_.by.empty())
            return {"toNullable('')", {}};
        if (!has_property())
            return group_column(question_.by[0], question_.by_type, "tags");
        return {"if(began.2, NULL, began.3)", {}};
    }
    // person, first (time, whether its value is missing, the least value), last_then by unit.
    Select people() const {
        std::string is_first = condition(question_.first);
        if (!question_.is_first_ever)
            is_first = "(" + is_first + " AND " + is_inside(ground_.interval) + ")";
        const std::string is_then = "(" + condition(question_.then) + " AND time_ms >= " +
                                    std::to_string(units_.all.front().from_ms) + " AND time_ms < " +
                                    std::to_string(units_.all.back().until_ms) + ")";
        std::string value = "''";
        std::string is_missing = "1";
        if (has_property()) {
            const auto cell = property_cell(question_.by[0].name, question_.by_type);
            is_missing = "NOT " + cell.present;
            value = question_.by_type == ValueType::string_set ? "toJSONString(" + cell.value + ")"
                                                               : cell.value;
        }
        const std::string last_then = "maxMapIf(map(" + unit_number("time_ms", units_.all) +
                                      ", time_ms), " + is_then + ") AS last_then";
        auto rows = facts(ground_, {"person",
                                    "minIf((time_ms, " + is_missing + ", " + value + "), " +
                                        is_first + ") AS began",
                                    last_then});
        rows.where("(" + is_first + " OR " + is_then + ")").group_by("person");
        rows.having("countIf(" + is_first + ") > 0");
        return rows;
    }

    const Ground& ground_;
    const RetentionQuestion& question_;
    const insight::RetentionUnits& units_;
};

// Cohorts side by side, and groups over all cohorts.
class CohortTally {
public:
    CohortTally(const RetentionQuestion& question, const insight::RetentionUnits& units)
        : question_(question),
          units_(units),
          width_(question.periods + 1),
          sizes_(units.cohorts.size()),
          returned_(units.cohorts.size() * width_) {
        for (std::size_t i = 0; i < question.split.groups(); ++i)
            group_of(question.split.group(i)[0]);
    }

    void add(std::size_t cohort, const Value& value, std::uint64_t size,
             const std::vector<std::uint64_t>& came_back) {
        sizes_.at(cohort) += size;
        for (std::size_t unit = 0; unit < width_; ++unit)
            returned_[cohort * width_ + unit] += came_back[unit];
        if (!question_.by.empty())
            add_to_group(cohort, value, size, came_back);
    }
    void add_to_group(std::size_t cohort, const Value& value, std::uint64_t size,
                      const std::vector<std::uint64_t>& came_back) {
        auto& group = group_of(value);
        group.size += size;
        for (std::size_t unit = 0; unit < units_.complete(cohort, question_.periods); ++unit) {
            group.base[unit] += size;
            group.returned[unit] += came_back[unit];
        }
    }
    Retention result() const {
        auto made = insight::summed(question_, units_, sizes_, returned_);
        made.groups = groups_;
        if (question_.split.empty())
            insight::arrange(made);
        return made;
    }

private:
    Retention::Total& group_of(const Value& value) {
        const auto known = std::find_if(groups_.begin(), groups_.end(),
                                        [&](const auto& group) { return group.group[0] == value; });
        if (known != groups_.end())
            return *known;
        groups_.push_back({{value}, 0, Retention::Counts(width_), Retention::Counts(width_)});
        return groups_.back();
    }

    const RetentionQuestion& question_;
    const insight::RetentionUnits& units_;
    std::size_t width_;
    Retention::Counts sizes_, returned_;
    std::vector<Retention::Total> groups_;
};

}  // namespace

Result<Retention> ask(const Ground& ground, const RetentionQuestion& question) {
    const insight::RetentionTime time{ground.interval, ground.moment.as_of, ground.moment.calendar};
    const auto units = insight::units_of(question, time);
    if (!units)
        return fail(units.error());
    CohortTally tally(question, *units);
    if (units->cohorts.empty())
        return tally.result();
    const RetentionSql sql(ground, question, *units);
    ground.connection.expect(question.split.empty() ? 1 : 2);
    const auto rows = ground.connection.ask(sql.counted().text());
    if (!rows)
        return fail(rows.error());
    for (const auto& row : *rows)
        tally.add(count_at(row, 0), group_value(row[1], question.by_type), count_at(row, 2),
                  counts_at(row, 3));
    if (question.split.empty())
        return tally.result();
    const auto split = ground.connection.ask(sql.counted_by_split().text());
    if (!split)
        return fail(split.error());
    for (const auto& row : *split)
        tally.add_to_group(count_at(row, 0), question.split.group(count_at(row, 1))[0],
                           count_at(row, 2), counts_at(row, 3));
    return tally.result();
}

Result<insight::Lifecycle> ask(const Ground& ground, const insight::LifecycleQuestion& question) {
    insight::Lifecycle made;
    const auto units = insight::lifecycle_units(question, ground.interval, *ground.moment.calendar);
    if (!units)
        return fail(units.error());
    if (units->empty())
        return made;
    const auto begin = std::to_string(units->front().from_ms);
    auto people = facts(ground, {"groupUniqArrayIf(" + unit_number("time_ms", *units) +
                                     ", time_ms >= " + begin + ") AS active",
                                 "min(time_ms) AS first_ms"});
    people.where(condition(question.doing));
    people.where("time_ms < " + std::to_string(units->back().until_ms)).group_by("person");
    const std::string now = "has(active, unit)", before = "has(active, unit - 1)";
    const std::string ever = "(first_ms < " + begin + " OR arrayExists(at -> at < unit, active))";
    Select counted(std::vector<std::string>{});
    for (const auto& stage :
         {now + " AND NOT " + ever, now + " AND " + before,
          now + " AND " + ever + " AND NOT " + before, before + " AND NOT " + now})
        counted.column("sumForEach(arrayMap(unit -> toUInt64(" + stage + "), range(1, " +
                       std::to_string(units->size()) + ")))");
    counted.from(people);
    const auto rows = ground.connection.ask(counted.text());
    if (!rows)
        return fail(rows.error());
    std::vector<std::vector<std::uint64_t>> stages;
    for (std::size_t stage = 0; stage < insight::stage_count; ++stage) {
        stages.push_back(counts_at(rows->at(0), stage));
        stages.back().resize(units->size());
    }
    for (std::size_t unit = 1; unit < units->size(); ++unit) {
        insight::Lifecycle::Point point{(*units)[unit].day, {}};
        for (std::size_t stage = 0; stage < insight::stage_count; ++stage)
            point.people[stage] = stages[stage][unit - 1];
        made.points.push_back(point);
    }
    return made;
}

}  // namespace qiao::twin
