// Arithmetic over the parts of a metric: "A / B * 100".
//
// Parts are the letters A, B, C … in the order of the list; between them + − × ÷ (also - * /),
// numbers and parentheses, with the usual precedence. Values are exact fractions, rounded once, for
// showing: nothing depends on the order of operations. What is divided by zero, or made of an empty
// value, is empty. Pure.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "base/decimal.hpp"

namespace qiao::insight {

using Exact = boost::multiprecision::cpp_rational;
Exact exact(__int128 whole);
// Four places, half away from zero. Nothing beyond the range of Decimal.
std::optional<Decimal> rounded(const Exact& value);

class Formula {
public:
    static constexpr std::size_t most_bytes = 400, most_depth = 32, most_parts = 10;

    Formula() = default;  // the first part alone
    // `parts`: how many letters there are. Error: insight.formula, whose detail names the
    // character, counted from 1.
    static Result<Formula> parse(std::string_view text, std::size_t parts);

    // One value for each part; nothing is an empty one.
    std::optional<Exact> value(const std::vector<std::optional<Exact>>& parts) const;
    bool is_plain() const { return steps_.size() == 1; }

private:
    friend class FormulaParser;
    enum class Kind : std::uint8_t { part, number, add, subtract, multiply, divide, negate };
    struct Step {
        Kind kind = Kind::part;
        std::size_t part = 0;
        Exact number = 0;
    };
    std::vector<Step> steps_{Step{}};  // in postfix order
};

}  // namespace qiao::insight
