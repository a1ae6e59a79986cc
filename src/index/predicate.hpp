// A test of the rule tree, compiled to cells: a range or a list of int64, perhaps turned around.
#pragma once

#include <algorithm>
#include <vector>

#include "base/rule.hpp"
#include "index/strings.hpp"

namespace qiao::index {

struct Predicate {
    Cell low = INT64_MIN + 1;  // both ends included; every cell but `missing`
    Cell high = INT64_MAX;
    bool listed = false;  // then only the cells of `list` pass (or, turned around, all others)
    bool negated = false;
    bool takes_missing = false;  // `missing`: nothing else passes
    std::vector<Cell> list;      // sorted

    bool operator()(Cell cell) const {
        if (takes_missing)
            return cell == missing;
        if (cell == missing)
            return false;
        const bool inside = listed ? std::binary_search(list.begin(), list.end(), cell)
                                   : cell >= low && cell <= high;
        return inside != negated;
    }
};

// The test must have been resolved for values of its type.
Predicate compile(const rule::Test& test, const Strings& strings);

// Whether the exact fraction `numerator / (denominator · 10^4)` passes; the constants are Decimals.
bool passes_fraction(const rule::Test& test, __int128 numerator, std::int64_t denominator);

}  // namespace qiao::index
