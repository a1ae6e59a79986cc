// Values as texts of an answer's table.
#pragma once

#include <array>
#include <boost/json.hpp>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

#include "base/value.hpp"

namespace qiao::insight::detail {

inline std::string text_of(const Value& value) {
    if (type_of(value) == ValueType::null)
        return "–";
    if (const auto* number = std::get_if<Decimal>(&value))
        return number->text();
    const auto made = to_json(value);
    return made.is_string() ? std::string(made.get_string()) : boost::json::serialize(made);
}

inline std::string text_of(const std::optional<Decimal>& number) {
    return number ? text_of(Value(*number)) : std::string();
}

inline std::string percent(double share) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f%%", 100.0 * share);
    return text.data();
}

// Nothing where there is no whole.
inline std::string share_of(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? std::string()
                      : percent(static_cast<double>(part) / static_cast<double>(whole));
}

}  // namespace qiao::insight::detail
