// What the questions' SQL is put together from, and how their answers are read.
#pragma once

#include <boost/json/value.hpp>
#include <optional>

#include "clickhouse/sql.hpp"
#include "insight/question.hpp"
#include "twin/ask.hpp"
#include "twin/predicate.hpp"

namespace qiao::twin {

// SELECT columns FROM facts, of the people asked about.
clickhouse::Select facts(const Ground& ground, std::vector<std::string> columns);
// SELECT columns FROM people, of those asked about.
clickhouse::Select people(const Ground& ground, std::vector<std::string> columns);

// The unit of a moment by its first millisecond; moments of before the first are in the first.
std::string unit_of(const std::string& time_ms, const std::vector<insight::Unit>& units);
// … and by its number, from 0.
std::string unit_number(const std::string& time_ms, const std::vector<insight::Unit>& units);

// A column that tells the groups of a question apart: null where the value is missing. Tags are
// joined under `alias`; sets are their JSON text.
struct GroupColumn {
    std::string value;
    std::string join;  // empty for properties
};
GroupColumn group_column(const insight::By& by, ValueType type, const std::string& alias);
// An array of the numbers of a split's groups that `person` is in: never empty.
std::string groups_of(const insight::AudienceSplit& split, const Moment& moment);
// person, first_ms, group_0, group_1, …: one row for everyone whose first behaviour ever lies in
// the interval. Groups by property are those of that event; where it is several events of one
// moment, of any of them.
clickhouse::Select first_events(const Ground& ground, const std::vector<GroupColumn>& groups,
                                const rule::Interval& interval);
// The value of a group that is there, as its column holds it.
std::string group_literal(const Value& value);
Value group_value(const boost::json::value& read, ValueType type);

// Whether a row is of a side of a comparison, by its own version; or by the array of all that it
// has.
std::string is_of(const insight::Versions& versions, insight::Release release, const Cell& version);
std::string is_of(const insight::Versions& versions, insight::Release release,
                  const std::string& all_versions);

// Aggregates: the number at rank ⌈share · n⌉ of those whose rows fulfil the condition; NULL of
// none.
std::string nearest_rank(const std::string& number, const std::string& condition, double share);
// Columns that count the rows whose chain `reached` each step, or more.
std::vector<std::string> counts_by_step(std::size_t steps);
// Columns that count how many numbers lie up to each border and above the one before.
std::vector<std::string> counts_between(const std::string& number, const std::string& condition,
                                        const std::vector<std::int64_t>& borders);

// ---- reading ----

std::int64_t number_at(const clickhouse::Row& row, std::size_t column);
std::uint64_t count_at(const clickhouse::Row& row, std::size_t column);
std::optional<std::int64_t> maybe_number_at(const clickhouse::Row& row, std::size_t column);
std::vector<std::uint64_t> counts_at(const clickhouse::Row& row, std::size_t column);
std::vector<std::uint64_t> counts_from(const clickhouse::Row& row, std::size_t first,
                                       std::size_t columns);
__int128 wide_at(const clickhouse::Row& row, std::size_t column);  // selected as a text

}  // namespace qiao::twin
