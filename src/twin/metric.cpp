// Metrics: rows counted by group and unit.
#include <map>
#include <optional>

#include "twin/pieces.hpp"

namespace qiao::twin {

using clickhouse::Select;
using insight::Computed;
using insight::Group;
using insight::Point;
using insight::ResolvedMetric;
using insight::Series;
using insight::Subject;
using insight::Unit;

namespace {

// More have more groups in the units than an answer may have.
std::size_t most_rows(const std::vector<Unit>& units) {
    return 2 * insight::most_groups + units.size() + 1;
}

class MetricSql {
public:
    // `but`: all groups but these are counted together.
    MetricSql(const Ground& ground, const ResolvedMetric& metric, const std::vector<Unit>& units,
              std::optional<std::span<const Group>> but = {})
        : ground_(ground),
          metric_(metric),
          units_(units),
          but_(but),
          interval_{units.front().from_ms, units.back().until_ms} {
        for (std::size_t i = 0; i < metric.by.size(); ++i)
            groups_.push_back(
                group_column(metric.by[i], metric.by_types[i], "tags_" + std::to_string(i)));
    }

    // The values of the groups, the unit's number, whether all units and all groups are together,
    // rows, people, values, sum, low, high.
    Select counted() const {
        auto made = numbers(is_together() ? std::vector<std::string>() : names());
        made.from(measured_rows()).group_by("GROUPING SETS (" + grouped() + ")");
        for (const auto& group : but_.value_or(std::span<const Group>()))
            made.where("NOT (" + is_group(group) + ")");
        made.limit(most_rows(units_) + 1);
        return made;
    }

    // … where the value is the number of a group of the split; a customer may be in several.
    Select counted_by_split() const {
        Select people({"person", "unit", "has_value", "value",
                       "arrayJoin(" + groups_of(metric_.split, ground_.moment) + ") AS group_0"});
        people.from(measured_rows());
        auto made = numbers({"group_0"});
        made.from(people).group_by("GROUPING SETS ((group_0, unit), (group_0))");
        return made;
    }

private:
    static Select numbers(std::vector<std::string> columns) {
        const auto all_groups = columns.empty() ? std::string("0") : "grouping(" + columns[0] + ")";
        columns.insert(columns.end(), {"unit", "grouping(unit)", all_groups});
        for (const char* column : {"count()", "uniqExact(person)", "countIf(has_value)",
                                   "toString(sumIf(toInt128(value), has_value))",
                                   "minIf(value, has_value)", "maxIf(value, has_value)"})
            columns.emplace_back(column);
        return Select(std::move(columns));
    }
    // person, unit, has_value, value, and the values of the groups.
    Select measured_rows() const {
        const auto measured = property_cell(metric_.measure.property, ValueType::number);
        const bool measures = !metric_.measure.property.empty();
        auto made = is_new() ? firsts() : all_rows();
        made.column((measures ? measured.present : "0") + std::string(" AS has_value"));
        made.column((measures ? measured.value : "toInt64(0)") + std::string(" AS value"));
        return made;
    }
    std::string is_group(const Group& group) const {
        std::vector<std::string> parts;
        for (std::size_t i = 0; i < group.size(); ++i) {
            const auto name = "group_" + std::to_string(i);
            parts.push_back(type_of(group[i]) == ValueType::null
                                ? name + " IS NULL"
                                : "ifNull(" + name + " = " + group_literal(group[i]) + ", 0)");
        }
        return clickhouse::all_of(parts);
    }
    // Each group and all of them, in each unit and in all of them.
    std::string grouped() const {
        if (is_together())
            return "(unit), ()";
        const auto of_group = clickhouse::joined(names(), ", ");
        return "(" + of_group + ", unit), (" + of_group + "), (unit), ()";
    }
    bool is_together() const { return groups_.empty() || but_.has_value(); }
    bool is_new() const { return metric_.doing.subject == Subject::new_customer; }
    std::vector<std::string> names() const {
        std::vector<std::string> made;
        for (std::size_t i = 0; i < groups_.size(); ++i)
            made.push_back("group_" + std::to_string(i));
        return made;
    }
    Select all_rows() const {
        auto rows = facts(ground_, {"person", unit_number("time_ms", units_) + " AS unit"});
        for (std::size_t i = 0; i < groups_.size(); ++i) {
            rows.column(groups_[i].value + " AS group_" + std::to_string(i));
            if (!groups_[i].join.empty())
                rows.join(groups_[i].join);
        }
        rows.where(is_inside(interval_)).where(condition(metric_.doing));
        return rows;
    }
    // The first event ever of each customer. The measured value is never asked for with it.
    Select firsts() const {
        auto rows = first_events(ground_, groups_, interval_);
        rows.column(unit_number("first_ms", units_) + " AS unit");
        rows.column("map('', toInt64(0)) AS numbers");
        return rows;
    }

    const Ground& ground_;
    const ResolvedMetric& metric_;
    const std::vector<Unit>& units_;
    std::optional<std::span<const Group>> but_;
    rule::Interval interval_;
    std::vector<GroupColumn> groups_;
};

Point point_of(const clickhouse::Row& row, std::size_t at) {
    Point point;
    point.rows = count_at(row, at);
    point.people = count_at(row, at + 1);
    point.values = count_at(row, at + 2);
    point.sum = wide_at(row, at + 3);
    point.low = number_at(row, at + 4);
    point.high = number_at(row, at + 5);
    return point;
}

// Reads rows of counted() that begin with so many values of a group.
template <class Place>
void read_points(const clickhouse::Rows& rows, std::size_t width, Place&& series_of) {
    for (const auto& row : rows) {
        const bool is_whole = count_at(row, width + 1) != 0;
        Series& series = series_of(row);
        auto& point = is_whole ? series.whole : series.points.at(count_at(row, width));
        point = point_of(row, width + 3);
    }
}

Series none(const Group& group, const std::vector<Unit>& units) {
    return Series{group, std::vector<Point>(units.size()), Point{}};
}

ValueType type_of_group(const ResolvedMetric& metric, std::size_t i) {
    return metric.by[i].kind == insight::By::Kind::event ? ValueType::string : metric.by_types[i];
}

Result<void> add_split(Computed& made, const Ground& ground, const ResolvedMetric& metric,
                       const std::vector<Unit>& units) {
    for (std::size_t group = 0; group < metric.split.groups(); ++group)
        made.series.push_back(none(metric.split.group(group), units));
    if (units.empty())
        return {};
    const auto rows =
        ground.connection.ask(MetricSql(ground, metric, units).counted_by_split().text());
    if (!rows)
        return fail(rows.error());
    read_points(*rows, 1, [&](const clickhouse::Row& row) -> Series& {
        return made.series.at(count_at(row, 0));
    });
    return {};
}

}  // namespace

Result<Computed> ask(const Ground& ground, const ResolvedMetric& metric,
                     const std::vector<Unit>& units) {
    std::map<Group, Series, bool (*)(const Group&, const Group&)> groups(insight::is_before);
    Computed made{{}, none({}, units)};
    if (!units.empty()) {
        const auto rows = ground.connection.ask(MetricSql(ground, metric, units).counted().text());
        if (!rows)
            return fail(rows.error());
        if (rows->size() > most_rows(units))
            return insight::too_many_groups();
        const auto width = metric.by.size();
        read_points(*rows, width, [&](const clickhouse::Row& row) -> Series& {
            if (width == 0 || count_at(row, width + 2) != 0)
                return made.everyone;
            Group group;
            for (std::size_t i = 0; i < width; ++i)
                group.push_back(group_value(row[i], type_of_group(metric, i)));
            return groups.try_emplace(group, none(group, units)).first->second;
        });
    }
    if (!metric.split.empty()) {
        if (auto done = add_split(made, ground, metric, units); !done)
            return fail(done.error());
        return made;
    }
    if (metric.by.empty())
        groups.emplace(Group{}, made.everyone);
    if (groups.size() * units.size() > insight::most_groups)
        return insight::too_many_groups();
    for (auto& [group, series] : groups)
        made.series.push_back(std::move(series));
    insight::arrange(made);
    return made;
}

Result<Series> ask_rest(const Ground& ground, const ResolvedMetric& metric,
                        const std::vector<Unit>& units, std::span<const Group> but) {
    auto made = none({}, units);
    if (units.empty())
        return made;
    const auto rows = ground.connection.ask(MetricSql(ground, metric, units, but).counted().text());
    if (!rows)
        return fail(rows.error());
    read_points(*rows, 0, [&](const clickhouse::Row&) -> Series& { return made; });
    return made;
}

}  // namespace qiao::twin
