#include "twin/predicate.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "clickhouse/sql.hpp"

namespace qiao::twin {

using clickhouse::all_of;
using clickhouse::any_of;
using clickhouse::text_literal;

namespace {

enum class Column : std::uint8_t { numbers, texts, items };

Column column_of(ValueType type) {
    switch (type) {
        case ValueType::boolean:
        case ValueType::number:
        case ValueType::time:
            return Column::numbers;
        case ValueType::string_set:
            return Column::items;
        case ValueType::string:
        case ValueType::sealed:
        case ValueType::null:
            return Column::texts;
    }
    check(false);
    return Column::texts;
}

std::string list_of(const rule::Test& test) {
    std::vector<std::string> texts;
    for (const auto& value : test.values)
        texts.push_back(literal(value));
    return "(" + clickhouse::joined(texts, ", ") + ")";
}

// On a value that is there.
std::string passes(const rule::Test& test, const std::string& value) {
    const auto with = [&](const char* sign, std::size_t constant) {
        return value + " " + sign + " " + literal(test.values[constant]);
    };
    const bool is_empty = test.values.empty();
    switch (test.op) {
        case rule::Op::exists:
            return "1";
        case rule::Op::missing:
        case rule::Op::top:
            return "0";
        case rule::Op::eq:
        case rule::Op::in:
            return is_empty ? "0" : value + " IN " + list_of(test);
        case rule::Op::ne:
        case rule::Op::not_in:
            return is_empty ? "1" : value + " NOT IN " + list_of(test);
        case rule::Op::lt:
            return with("<", 0);
        case rule::Op::lte:
            return with("<=", 0);
        case rule::Op::gt:
            return with(">", 0);
        case rule::Op::gte:
            return with(">=", 0);
        case rule::Op::between:
            return all_of(std::vector{with(">=", 0), with("<=", 1)});
        case rule::Op::contains:
            return "has(" + value + ", " + literal(test.values[0]) + ")";
    }
    check(false);
    return "0";
}

}  // namespace

std::string literal(const Value& value) {
    if (const auto* flag = std::get_if<bool>(&value))
        return *flag ? "1" : "0";
    if (const auto* number = std::get_if<Decimal>(&value))
        return std::to_string(number->scaled());
    if (const auto* time = std::get_if<Time>(&value))
        return std::to_string(to_ms(*time));
    if (const auto* sealed = std::get_if<Sealed>(&value))
        return text_literal(sealed->hash);
    const auto* text = std::get_if<std::string>(&value);
    check(text != nullptr);
    return text_literal(*text);
}

Cell property_cell(const std::string& name, ValueType type) {
    static constexpr const char* columns[] = {"numbers", "texts", "items"};
    const std::string column = columns[static_cast<std::size_t>(column_of(type))];
    const auto key = text_literal(name);
    return {"mapContains(" + column + ", " + key + ")", column + "[" + key + "]"};
}

Cell trait_cell(ValueType type) {
    static constexpr const char* columns[] = {"number", "text", "items"};
    return {"1", columns[static_cast<std::size_t>(column_of(type))]};
}

std::string condition(const rule::Test& test, const Cell& cell) {
    if (test.op == rule::Op::missing)
        return "NOT " + cell.present;
    if (test.op == rule::Op::exists)
        return cell.present;
    return all_of(std::vector{cell.present, passes(test, cell.value)});
}

std::string condition(const rule::EventMatch& match) {
    std::vector<std::string> parts = {"event = " + text_literal(match.event)};
    for (const auto& where : match.where)
        parts.push_back(condition(where.test, property_cell(where.property, where.test.type)));
    return all_of(parts);
}

std::string condition(const insight::Doing& doing) {
    return doing.subject == insight::Subject::event ? condition(doing.match) : is_behaviour();
}

std::string is_inside(const rule::Interval& interval) {
    constexpr std::int64_t ever = INT64_MIN / 2;
    std::vector<std::string> parts;
    if (interval.from_ms > ever)
        parts.push_back("time_ms >= " + std::to_string(interval.from_ms));
    parts.push_back("time_ms < " + std::to_string(interval.until_ms));
    return all_of(parts);
}

std::string is_behaviour() {
    std::vector<std::string> parts;
    for (const auto prefix : insight::unlike_behaviour())
        parts.push_back("startsWith(event, " + text_literal(prefix) + ")");
    return "NOT " + any_of(parts);
}

std::string compares(const rule::Test& test, const std::string& numerator,
                     const std::string& denominator) {
    std::vector<std::string> equals;
    const auto with = [&](const char* sign, std::size_t constant) {
        return numerator + " " + sign + " toInt128(" + literal(test.values[constant]) + ") * " +
               denominator;
    };
    for (std::size_t i = 0; i < test.values.size(); ++i)
        equals.push_back(with("=", i));
    switch (test.op) {
        case rule::Op::eq:
        case rule::Op::in:
            return any_of(equals);
        case rule::Op::ne:
        case rule::Op::not_in:
            return "NOT " + any_of(equals);
        case rule::Op::lt:
            return with("<", 0);
        case rule::Op::lte:
            return with("<=", 0);
        case rule::Op::gt:
            return with(">", 0);
        case rule::Op::gte:
            return with(">=", 0);
        case rule::Op::between:
            return all_of(std::vector{with(">=", 0), with("<=", 1)});
        case rule::Op::exists:
        case rule::Op::missing:
        case rule::Op::contains:
        case rule::Op::top:
            return "0";
    }
    check(false);
    return "0";
}

}  // namespace qiao::twin
