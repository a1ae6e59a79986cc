// The metric question as people ask it: what is counted, of whom, by what, over which time.
#pragma once

#include "insight/audience_split.hpp"
#include "insight/metric_formula.hpp"

namespace qiao::insight {

enum class MeasureKind : std::uint8_t { count, unique, sum, avg, min, max, per_person };
struct Measure {
    MeasureKind kind = MeasureKind::count;
    std::string property;  // of sum, avg, min, max
};
struct MetricPart {
    Doing doing;
    Measure measure;
    std::string at;  // its pointer within the question, "" where the question is its only part
};

// With what a period is compared: the stretch of the same length before it, or the same dates a
// week or a year earlier (29 February: 28 February).
enum class Comparison : std::uint8_t { none, period, week, year };
rule::Interval compared(const rule::Interval& interval, Comparison with, const Calendar& calendar);

struct MetricQuestion {
    std::vector<MetricPart> parts;
    Formula formula;
    Per per = Per::day;
    std::vector<By> by;
    AudienceSplit split;                 // instead of `by`
    std::optional<std::size_t> top;      // the largest groups; the others are one, the rest
    std::optional<std::size_t> average;  // how many units a moving average looks at
    Comparison compare = Comparison::none;
    Frame frame;
};

inline constexpr std::size_t most_by = 3;
inline constexpr std::size_t most_series = 100;

// Checks the form; names are checked when it is asked. `at` is the pointer of `json` in its
// document. Errors: insight.invalid, insight.formula, rule.invalid, with pointers.
Result<MetricQuestion> parse_metric(const boost::json::value& json, std::string_view at = "");

}  // namespace qiao::insight
