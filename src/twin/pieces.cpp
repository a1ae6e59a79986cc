#include "twin/pieces.hpp"

#include <boost/json.hpp>

#include "base/check.hpp"

namespace qiao::twin {

using clickhouse::Row;
using clickhouse::Select;
using clickhouse::text_literal;

Select facts(const Ground& ground, std::vector<std::string> columns) {
    Select made(std::move(columns));
    made.from("facts");
    if (!ground.people.empty())
        made.where("person IN " + within(people(ground, {"person"})));
    return made;
}

Select people(const Ground& ground, std::vector<std::string> columns) {
    Select made(std::move(columns));
    made.from("people");
    if (!ground.people.empty())
        made.where(ground.people);
    return made;
}

namespace {

std::string borders_of(const std::vector<insight::Unit>& units) {
    std::vector<std::int64_t> borders;
    for (const auto& unit : units)
        borders.push_back(unit.from_ms);
    return clickhouse::numbers_literal(borders);
}

// Arrays are never null in ClickHouse, and no two of them are less or more alike than their texts.
std::string comparable(const std::string& value, ValueType type) {
    return type == ValueType::string_set ? "toJSONString(" + value + ")" : value;
}

}  // namespace

std::string unit_of(const std::string& time_ms, const std::vector<insight::Unit>& units) {
    return "roundDown(" + time_ms + ", " + borders_of(units) + ")";
}

std::string unit_number(const std::string& time_ms, const std::vector<insight::Unit>& units) {
    std::vector<std::int64_t> numbers;
    for (std::size_t i = 0; i < units.size(); ++i)
        numbers.push_back(static_cast<std::int64_t>(i));
    return "transform(" + unit_of(time_ms, units) + ", " + borders_of(units) + ", " +
           clickhouse::numbers_literal(numbers) + ", toInt64(-1))";
}

GroupColumn group_column(const insight::By& by, ValueType type, const std::string& alias) {
    using Kind = insight::By::Kind;
    if (by.kind == Kind::event)
        return {"toNullable(toString(event))", {}};
    if (by.kind == Kind::property) {
        auto cell = property_cell(by.name, type);
        cell.value = comparable(cell.value, type);
        return {cell.or_null(), {}};
    }
    Select tags(
        {"person", "toNullable(" + comparable(trait_cell(type).value, type) + ") AS value"});
    tags.from("traits").where("space = 'tag'").where("name = " + text_literal(by.name));
    return {alias + ".value", "LEFT JOIN " + within(tags) + " AS " + alias + " USING (person)"};
}

std::string groups_of(const insight::AudienceSplit& split, const Moment& moment) {
    std::vector<std::string> audiences, groups;
    for (const auto& rule : split.rules)
        audiences.push_back(members(*rule, moment));
    for (std::size_t i = 0; i < audiences.size(); ++i)
        groups.push_back("if(" + audiences[i] + ", [" + std::to_string(i) + "], [])");
    groups.push_back("if(" + clickhouse::any_of(audiences) + ", [], [" +
                     std::to_string(audiences.size()) + "])");
    return "arrayConcat(" + clickhouse::joined(groups, ", ") + ")";
}

Select first_events(const Ground& ground, const std::vector<GroupColumn>& groups,
                    const rule::Interval& interval) {
    auto first = facts(ground, {"person", "min(time_ms) AS first_ms"});
    for (std::size_t i = 0; i < groups.size(); ++i)
        if (groups[i].join.empty())
            first.column("argMin(tuple(" + groups[i].value + "), (time_ms, event)).1 AS own_" +
                         std::to_string(i));
    first.where(is_behaviour()).group_by("person");
    Select rows({"person", "first_ms"});
    rows.from(first, "beginnings");
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const auto number = std::to_string(i);
        const auto& group = groups[i];
        rows.column((group.join.empty() ? "own_" + number : group.value) + " AS group_" + number);
        if (!group.join.empty())
            rows.join(group.join);
    }
    rows.where("first_ms >= " + std::to_string(interval.from_ms));
    rows.where("first_ms < " + std::to_string(interval.until_ms));
    return rows;
}

std::string group_literal(const Value& value) {
    const auto* set = std::get_if<StringSet>(&value);
    if (!set)
        return literal(value);
    return "toJSONString(" + clickhouse::texts_literal(*set) + ")";
}

Value group_value(const boost::json::value& read, ValueType type) {
    if (read.is_null())
        return {};
    switch (type) {
        case ValueType::boolean:
            return read.to_number<std::int64_t>() != 0;
        case ValueType::number:
            return Decimal::from_scaled(read.to_number<std::int64_t>());
        case ValueType::time:
            return time_from_ms(read.to_number<std::int64_t>());
        case ValueType::string_set:
            return boost::json::value_to<StringSet>(
                boost::json::parse(std::string_view(read.as_string())));
        case ValueType::string:
        case ValueType::sealed:
        case ValueType::null:
            return std::string(read.as_string());
    }
    check(false);
    return {};
}

namespace {

// A condition around the version that a side asks for, where it asks for one.
std::string asked_for(const insight::Versions& versions, insight::Release release,
                      const std::string& before, const std::string& after) {
    const bool is_now = release == insight::Release::now;
    if (is_now && versions.now.empty())
        return "1";
    const auto& wanted = is_now ? versions.now : versions.before;
    return wanted.empty() ? "0" : before + text_literal(wanted) + after;
}

}  // namespace

std::string is_of(const insight::Versions& versions, insight::Release release,
                  const Cell& version) {
    return asked_for(versions, release, "(" + version.present + " AND " + version.value + " = ",
                     ")");
}

std::string is_of(const insight::Versions& versions, insight::Release release,
                  const std::string& all_versions) {
    return asked_for(versions, release, "has(" + all_versions + ", ", ")");
}

std::string nearest_rank(const std::string& number, const std::string& condition, double share) {
    return "arrayElementOrNull(arraySort(groupArrayIf(" + number + ", " + condition +
           ")), greatest(toUInt64(ceil(" + std::to_string(share) + " * countIf(" + condition +
           "))), 1))";
}

std::vector<std::string> counts_by_step(std::size_t steps) {
    std::vector<std::string> columns;
    for (std::size_t step = 1; step <= steps; ++step)
        columns.push_back("countIf(reached >= " + std::to_string(step) + ")");
    return columns;
}

std::vector<std::string> counts_between(const std::string& number, const std::string& condition,
                                        const std::vector<std::int64_t>& borders) {
    std::vector<std::string> columns;
    for (std::size_t i = 0; i < borders.size(); ++i) {
        std::vector<std::string> parts = {condition, number + " <= " + std::to_string(borders[i])};
        if (i > 0)
            parts.push_back(number + " > " + std::to_string(borders[i - 1]));
        columns.push_back("countIf(" + clickhouse::all_of(parts) + ")");
    }
    return columns;
}

std::int64_t number_at(const Row& row, std::size_t column) {
    return row.at(column).to_number<std::int64_t>();
}

std::uint64_t count_at(const Row& row, std::size_t column) {
    return row.at(column).to_number<std::uint64_t>();
}

std::optional<std::int64_t> maybe_number_at(const Row& row, std::size_t column) {
    if (row.at(column).is_null())
        return std::nullopt;
    return number_at(row, column);
}

std::vector<std::uint64_t> counts_at(const Row& row, std::size_t column) {
    return boost::json::value_to<std::vector<std::uint64_t>>(row.at(column));
}

std::vector<std::uint64_t> counts_from(const Row& row, std::size_t first, std::size_t columns) {
    std::vector<std::uint64_t> counts;
    for (std::size_t i = 0; i < columns; ++i)
        counts.push_back(count_at(row, first + i));
    return counts;
}

__int128 wide_at(const Row& row, std::size_t column) {
    const std::string_view text(row.at(column).as_string());
    const bool is_negative = text.starts_with('-');
    __int128 number = 0;
    for (const char digit : text.substr(is_negative ? 1 : 0))
        number = number * 10 + (digit - '0');
    return is_negative ? -number : number;
}

}  // namespace qiao::twin
