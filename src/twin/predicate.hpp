// Conditions of the rule tree as SQL: on a value, on a row of facts, on what a customer's rows come
// to.
#pragma once

#include <string>

#include "base/rule.hpp"
#include "insight/question.hpp"

namespace qiao::twin {

// A typed value in SQL: numbers, times and booleans as Int64 (scaled, milliseconds, 0 and 1),
// strings and the hashes of sealed values as String, sets as Array(String). `value` means something
// only where `present` holds.
struct Cell {
    std::string present;
    std::string value;
    std::string or_null() const { return "if(" + present + ", " + value + ", NULL)"; }
};
// Of a row of facts.
Cell property_cell(const std::string& name, ValueType type);
// Of a row of traits, each of which is there.
Cell trait_cell(ValueType type);

// Whether the cell passes (rule::holds).
std::string condition(const rule::Test& test, const Cell& cell);
// Whether a row of facts is this event; its columns may be qualified by a table.
std::string condition(const rule::EventMatch& match);
// Of new customers: whether it is behaviour at all.
std::string condition(const insight::Doing& doing);
std::string is_inside(const rule::Interval& interval);
std::string is_behaviour();

// Whether numerator / denominator, both exact and the latter positive, compares so.
std::string compares(const rule::Test& test, const std::string& numerator,
                     const std::string& denominator);

// The value of a constant as its cell holds it.
std::string literal(const Value& value);

}  // namespace qiao::twin
