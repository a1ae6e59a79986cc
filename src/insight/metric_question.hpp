// The metric question as people ask it: what is counted, of whom, by what, over which time.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/rule.hpp"

namespace qiao::insight {

// Besides an event of the dictionary: any event of a customer, or a customer's very first event.
enum class Subject : std::uint8_t { event, any, new_customer };
inline constexpr std::string_view any_event = "$any";
inline constexpr std::string_view new_customer_event = "$new_customer";

enum class MeasureKind : std::uint8_t { count, unique, sum, avg, min, max, per_person };
struct Measure {
    MeasureKind kind = MeasureKind::count;
    std::string property;  // of sum, avg, min, max
};

enum class Per : std::uint8_t { day, week, month, total };

// A property of the event, a tag of the customer ("tag:t"), or the event's own name ("$event").
struct By {
    enum class Kind : std::uint8_t { property, tag, event } kind = Kind::property;
    std::string name;
};

struct MetricQuestion {
    Subject subject = Subject::event;
    rule::EventMatch match;  // its event is empty for any and new_customer
    Measure measure;
    Per per = Per::day;
    std::vector<By> by;
    std::optional<std::string> audience;  // JSON text of a rule tree; none: everyone
    rule::Period period;                  // never all time
    std::optional<Time> as_of;
    bool fresh = false;
    bool compare = false;  // also the period of the same length before
};

inline constexpr std::size_t most_by = 3;

// Checks the form; names are checked when it is asked. `at` is the pointer of `json` in its
// document. Errors: insight.invalid, rule.invalid, with pointers.
Result<MetricQuestion> parse_metric(const boost::json::value& json, std::string_view at = "");

}  // namespace qiao::insight
