#include "base/decimal.hpp"

#include <cmath>

namespace qiao {

namespace {

tl::unexpected<Error> out_of_range() {
    return fail(ErrorCode::unprocessable, "number.out_of_range",
                "a number must lie within about plus or minus 922 trillion");
}

tl::unexpected<Error> malformed() {
    return fail(ErrorCode::invalid, "number.malformed", "a number must be decimal, such as 12.5");
}

constexpr __int128 int64_max = INT64_MAX;

}  // namespace

Result<Decimal> Decimal::from_int(std::int64_t whole) {
    const auto scaled = static_cast<__int128>(whole) * scale;
    if (scaled > int64_max || scaled < -int64_max)
        return out_of_range();
    return from_scaled(static_cast<std::int64_t>(scaled));
}

Result<Decimal> Decimal::from_double(double number) {
    if (!std::isfinite(number))
        return malformed();
    const auto scaled = std::nearbyint(number * static_cast<double>(scale));  // half to even
    if (std::abs(scaled) >= 9.2233720368547e18)
        return out_of_range();
    return from_scaled(static_cast<std::int64_t>(scaled));
}

Result<Decimal> Decimal::parse(std::string_view text) {
    const bool is_negative = !text.empty() && text.front() == '-';
    if (is_negative || (!text.empty() && text.front() == '+'))
        text.remove_prefix(1);

    std::string digits;  // without the point; `point` digits stand before it
    long point = -1;
    std::size_t at = 0;
    for (; at < text.size(); ++at) {
        if (text[at] == '.' && point < 0)
            point = static_cast<long>(digits.size());
        else if (text[at] >= '0' && text[at] <= '9')
            digits.push_back(text[at]);
        else
            break;
        if (digits.size() > 400)
            return malformed();
    }
    if (digits.empty())
        return malformed();
    if (point < 0)
        point = static_cast<long>(digits.size());
    if (at < text.size()) {
        if (text[at] != 'e' && text[at] != 'E')
            return malformed();
        ++at;
        const bool is_small = at < text.size() && text[at] == '-';
        if (at < text.size() && (text[at] == '-' || text[at] == '+'))
            ++at;
        long exponent = 0;
        if (at == text.size())
            return malformed();
        for (; at < text.size(); ++at) {
            if (text[at] < '0' || text[at] > '9' || exponent > 1000)
                return malformed();
            exponent = exponent * 10 + (text[at] - '0');
        }
        point += is_small ? -exponent : exponent;
    }

    __int128 scaled = 0;
    const long wanted = point + 4;  // digits that remain after scaling
    for (long i = 0; i < wanted; ++i) {
        const int digit =
            i < static_cast<long>(digits.size()) ? digits[static_cast<std::size_t>(i)] - '0' : 0;
        scaled = scaled * 10 + digit;
        if (scaled > int64_max)
            return out_of_range();
    }
    if (wanted >= 0 && wanted < static_cast<long>(digits.size())) {
        const auto rest = std::string_view(digits).substr(static_cast<std::size_t>(wanted));
        const bool is_above =
            rest[0] > '5' || (rest[0] == '5' && rest.find_first_not_of('0', 1) != rest.npos);
        const bool is_half = rest[0] == '5' && !is_above;
        if (is_above || (is_half && scaled % 2 != 0))
            ++scaled;
    }
    if (scaled > int64_max)
        return out_of_range();
    const auto value = static_cast<std::int64_t>(scaled);
    return from_scaled(is_negative ? -value : value);
}

std::string Decimal::text() const {
    const bool is_negative = scaled_ < 0;
    const auto magnitude =
        is_negative ? 0 - static_cast<std::uint64_t>(scaled_) : static_cast<std::uint64_t>(scaled_);
    auto out = std::to_string(magnitude / scale);
    if (auto fraction = magnitude % scale; fraction != 0) {
        auto places = std::to_string(fraction + scale).substr(1);
        places.erase(places.find_last_not_of('0') + 1);
        out += "." + places;
    }
    return is_negative ? "-" + out : out;
}

}  // namespace qiao
