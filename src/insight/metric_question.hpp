// The metric question as people ask it: what is counted, of whom, by what, over which time.
#pragma once

#include "insight/question.hpp"

namespace qiao::insight {

enum class MeasureKind : std::uint8_t { count, unique, sum, avg, min, max, per_person };
struct Measure {
    MeasureKind kind = MeasureKind::count;
    std::string property;  // of sum, avg, min, max
};

struct MetricQuestion {
    Doing doing;
    Measure measure;
    Per per = Per::day;
    std::vector<By> by;
    Frame frame;
    bool compare = false;  // also the period of the same length before
};

inline constexpr std::size_t most_by = 3;

// Checks the form; names are checked when it is asked. `at` is the pointer of `json` in its
// document. Errors: insight.invalid, rule.invalid, with pointers.
Result<MetricQuestion> parse_metric(const boost::json::value& json, std::string_view at = "");

}  // namespace qiao::insight
