// Personalisation: a small subset of Liquid (https://shopify.github.io/liquid).
//
//   {{ tag | default: "friend" | truncate: 10 }}   {% if tier == "gold" %}…{% else %}…{% endif %}
//
// Filters: default, upcase, downcase, truncate, number (1,234.5), date ("%Y-%m-%d"; also %m %d %H
// %M), append. Comparisons: == != with a text or number; a name alone asks whether it is there and
// not false. A missing value without `default` is an error at save and at rendering: never a silent
// gap. Pure; a Template is immutable and thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/value.hpp"

namespace qiao::engage {

inline constexpr std::size_t max_template_bytes = 64 << 10;
inline constexpr int max_if_depth = 8;

// How values are written into the text.
enum class Escape : std::uint8_t { none, html };

struct LiquidNode;

class Template {
public:
    // Errors: invalid `liquid.syntax` (says where, as line and column), `liquid.unknown_filter`,
    // too_large `liquid.too_long`.
    static Result<Template> parse(std::string_view text);

    // The names that appear, sorted, and those of them that are printed without a `default`.
    const std::vector<std::string>& names() const { return names_; }
    const std::vector<std::string>& names_without_default() const { return bare_names_; }

    // `lookup` gives the value of a name, null where the customer has none. Error: unprocessable
    // `liquid.missing` (a printed value is missing and has no default).
    using Lookup = std::function<const Value*(std::string_view name)>;
    Result<std::string> render(const Lookup& lookup, Escape escape, const Calendar& calendar) const;

private:
    std::vector<std::shared_ptr<const LiquidNode>> nodes_;
    std::vector<std::string> names_, bare_names_;
};

}  // namespace qiao::engage
