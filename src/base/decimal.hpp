// Exact decimals with up to four places: an int64 scaled by 10^4.
//
// Numbers of facts and rules are Decimals, so that sums do not depend on their order. More places
// are rounded half to even at intake. The range is about ±922 trillion; beyond it is an error.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace qiao {

class Decimal {
public:
    static constexpr std::int64_t scale = 10'000;

    constexpr Decimal() = default;
    static constexpr Decimal from_scaled(std::int64_t scaled) {
        Decimal decimal;
        decimal.scaled_ = scaled;
        return decimal;
    }
    // Error where the whole number does not fit.
    static Result<Decimal> from_int(std::int64_t whole);
    // Half-even to four places. Errors: not finite, out of range.
    static Result<Decimal> from_double(double number);
    // "-12.34567", "1e3"; half-even to four places. Errors: not a number, out of range.
    static Result<Decimal> parse(std::string_view text);

    constexpr std::int64_t scaled() const { return scaled_; }
    double to_double() const { return static_cast<double>(scaled_) / scale; }
    // Shortest exact text: "12.5", "-3", "0.0001".
    std::string text() const;

    friend constexpr auto operator<=>(Decimal, Decimal) = default;

private:
    std::int64_t scaled_ = 0;
};

}  // namespace qiao
