// Points in time (UTC, milliseconds), durations, and the institution's calendar.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace qiao {

using Duration = std::chrono::milliseconds;
using Time = std::chrono::time_point<std::chrono::system_clock, Duration>;

inline constexpr Time time_from_ms(std::int64_t ms) { return Time{Duration{ms}}; }
inline constexpr std::int64_t to_ms(Time time) { return time.time_since_epoch().count(); }

// "2026-11-22T04:20:00.123Z". Always UTC; milliseconds only where they are not zero.
std::string format_time(Time time);
// RFC 3339 with offset ("…Z", "…+08:00"; space or T; fraction of any length is cut to ms).
Result<Time> parse_time(std::string_view text);
// "30d", "12h", "15m", "2w": a positive whole number and one of m h d w. Error: invalid.
Result<Duration> parse_duration(std::string_view text);
std::string format_duration(Duration duration);

// Days since 1970-01-01 in a calendar; a civil day has no time zone of its own.
using Day = std::int32_t;
std::string format_day(Day day);  // "2026-11-22"
Result<Day> parse_day(std::string_view text);

// The institution's calendar: which civil day a time falls on, and when a day starts. Weeks start
// on Monday. Thread-safe after construction. Zones are IANA names of the system's tz database.
class Calendar {
public:
    static Result<Calendar> of_zone(std::string_view iana_name);

    Day day_of(Time time) const;
    Time start_of(Day day) const;
    static Day week_start(Day day);
    static Day month_start(Day day);
    static Day quarter_start(Day day);
    static Day year_start(Day day);
    static Day add_months(Day month_start, int months);
    std::string_view zone_name() const;

private:
    explicit Calendar(const void* zone) : zone_(zone) {}
    const void* zone_;  // const date::time_zone*, owned by the tz database for the process
};

}  // namespace qiao
